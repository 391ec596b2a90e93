"""Edits that win over lists, days that are different, changes that wait for a second person, reports, and digests."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _edits()
    _waiting()
    with op.batch_alter_table("admins") as admins:
        admins.add_column(sa.Column("digest_minute", sa.SmallInteger()))
        admins.add_column(sa.Column("digest_zone", sa.String(64), nullable=False, server_default=sa.text("''")))
        admins.add_column(sa.Column("digest_sent", sa.Date()))
        admins.add_column(sa.Column("news_language", sa.String(10), nullable=False, server_default=sa.text("''")))
        admins.add_column(sa.Column("alerts", sa.Boolean(), nullable=False, server_default=sa.false()))


def _edits() -> None:
    op.create_table(
        "meeting_edits",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.JSON(), nullable=False),
        sa.Column("admin", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", "field", name="pk_meeting_edits"),
    )
    op.create_index("ix_meeting_edits_feed", "meeting_edits", ["feed"])
    op.create_table(
        "exceptions",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("moved_to", sa.Date()),
        sa.Column("start", sa.SmallInteger()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", "first_day", name="pk_exceptions"),
    )
    op.create_index("ix_exceptions_last_day", "exceptions", ["last_day"])


def _waiting() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("admin", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", INSTANT),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_meeting", "proposals", ["meeting"])
    op.create_table(
        "checks",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("meeting", name="pk_checks"),
    )
    op.create_table(
        "reports",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    op.create_index("ix_reports_meeting_state", "reports", ["meeting", "state"])
    op.create_table(
        "put_off",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("item", name="pk_put_off"),
    )


def downgrade() -> None:
    with op.batch_alter_table("admins") as admins:
        for column in ("alerts", "news_language", "digest_sent", "digest_zone", "digest_minute"):
            admins.drop_column(column)
    for table in ("put_off", "reports", "checks", "proposals", "exceptions", "meeting_edits"):
        op.drop_table(table)
