"""What the desk looks meetings up by: their words, whether they are old or gone, and what twins share."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BESIDE = ["feed", "fellowship", "country", "region", "vanished_at", "updated"]
SOME = ("vanished_at", "same_street", "same_call")
SPOT = ("ix_meetings_latitude_longitude", "meetings", ["latitude", "longitude"])


def upgrade() -> None:
    # The words themselves are put in afterwards, some rows at a time: nobody waits for the table meanwhile.
    op.add_column("meetings", sa.Column("words", WORDS, nullable=True))
    op.create_index("ix_meetings_words", "meetings", ["words", "id", *BESIDE])
    op.drop_index("ix_meetings_feed", table_name="meetings")
    op.create_index("ix_meetings_feed", "meetings", [*BESIDE, "id"])
    op.create_index(*SPOT)
    for name in SOME:
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_meetings_{name}", "meetings", [name], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    for name in (*SOME, "latitude_longitude", "words", "feed"):
        op.drop_index(f"ix_meetings_{name}", table_name="meetings")
    op.create_index("ix_meetings_feed", "meetings", ["feed"])
    op.drop_column("meetings", "words")
