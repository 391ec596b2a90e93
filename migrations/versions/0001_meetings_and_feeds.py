"""Meetings, the feeds they came from, and the counter of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_meetings()
    _create_feeds()
    counter = op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.bulk_insert(counter, [{"id": 1, "number": 0}])


def downgrade() -> None:
    op.drop_table("revision")
    op.drop_table("feeds")
    op.drop_index("ix_meetings_feed", table_name="meetings")
    op.drop_table("meetings")


def _create_meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("feed"),
        _text("key"),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("fellowship", sa.String(40), nullable=False),
        _text("name"),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("start", sa.SmallInteger()),
        sa.Column("duration", sa.Integer()),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("in_person", sa.Boolean(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("duration_assumed", sa.Boolean(), nullable=False),
        sa.Column("check_date", sa.Boolean(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        *map(_text, ("venue", "address", "city", "region", "postal_code", "country")),
        *map(_text, ("directions", "notes", "group")),
        sa.Column("tags", sa.BigInteger(), nullable=False),
        _text("languages"),
        *map(_text, ("join_url", "join_notes", "join_id", "passcode", "dial_in", "dial_in_notes")),
        *map(_text, ("url", "contact", "entity", "entity_phone", "entity_url")),
        sa.Column("updated", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    op.create_index("ix_meetings_feed", "meetings", ["feed"])


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        _text("id"),
        _text("formats"),
        _text("fellowships"),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "taken", "refused", "meetings")),
        sa.Column("complaints", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
