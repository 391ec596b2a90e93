"""Suggested revisions of articles and cards, without a word about who sent them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revision_suggestions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_revision_suggestions"),
    )
    columns = ["kind", "subject", "state"]
    op.create_index("ix_revision_suggestions_kind_subject_state", "revision_suggestions", columns)


def downgrade() -> None:
    op.drop_table("revision_suggestions")
