"""Feeds that are read again and again: their state, what is held, what changed, what vanished."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meetings", _instant("vanished_at", nullable=True))
    _create_syncs()
    _create_held()
    _create_changes()


def downgrade() -> None:
    op.drop_index("ix_changes_meeting", table_name="changes")
    op.drop_index("ix_changes_at", table_name="changes")
    op.drop_table("changes")
    op.drop_index("ix_held_links_feed", table_name="held_links")
    op.drop_table("held_links")
    op.drop_table("held_snapshots")
    op.drop_table("feed_syncs")
    # An older version would offer them as if they were listed.
    op.execute("DELETE FROM meetings WHERE vanished_at IS NOT NULL")
    op.drop_column("meetings", "vanished_at")


def _create_syncs() -> None:
    op.create_table(
        "feed_syncs",
        _text("id"),
        _instant("due_at"),
        _instant("attempted_at", nullable=True),
        _instant("succeeded_at", nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        *map(_text, ("trouble", "etag", "last_modified")),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed_syncs"),
    )


def _create_held() -> None:
    op.create_table(
        "held_snapshots",
        _text("feed"),
        _instant("fetched_at"),
        _text("reason"),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_held_snapshots"),
    )
    op.create_table(
        "held_links",
        sa.Column("meeting", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("feed"),
        _instant("held_at"),
        sa.Column("refused", sa.Boolean(), nullable=False),
        *map(_text, ("join_url", "join_notes", "join_id", "passcode")),
        sa.PrimaryKeyConstraint("meeting", name="pk_held_links"),
    )
    op.create_index("ix_held_links_feed", "held_links", ["feed"])


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _instant("at"),
        _text("feed"),
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_index("ix_changes_meeting", "changes", ["meeting"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
