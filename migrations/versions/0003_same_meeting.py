"""Marks by which rows of several feeds are found to be one meeting."""

import sqlalchemy as sa
from alembic import op

from bot.domain.sameness import call_mark, street_mark

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 1_000


def upgrade() -> None:
    op.add_column("meetings", sa.Column("same_street", sa.BigInteger(), nullable=True))
    op.add_column("meetings", sa.Column("same_call", sa.BigInteger(), nullable=True))
    _mark_what_is_there()


def downgrade() -> None:
    op.drop_column("meetings", "same_call")
    op.drop_column("meetings", "same_street")


def _mark_what_is_there() -> None:
    """Rows that do not change are never written again, so they get their marks here."""
    names = ("id", "address", "join_id", "join_url", "same_street", "same_call")
    meetings = sa.table("meetings", *map(sa.column, names))
    texts = sa.select(meetings.c.id, meetings.c.address, meetings.c.join_id, meetings.c.join_url)
    known = sa.bindparam("known", type_=sa.BigInteger())
    street, call = (sa.bindparam(name, type_=sa.BigInteger()) for name in ("street", "call"))
    marking = meetings.update().where(meetings.c.id == known).values(same_street=street, same_call=call)
    connection, last = op.get_bind(), -1
    while rows := connection.execute(texts.where(meetings.c.id > last).order_by(meetings.c.id).limit(BATCH)).all():
        marks = [
            {"known": row.id, "street": street_mark(row.address), "call": call_mark(row.join_id, row.join_url)}
            for row in rows
        ]
        connection.execute(marking, marks)
        last = rows[-1].id
