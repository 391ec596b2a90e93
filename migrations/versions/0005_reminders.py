"""Reminders, the messages they become, plans, and the sealed chat ids of those who asked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_people()
    _create_reminders()
    _create_outbox()
    _create_plans()
    pace = op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("filled_at", sa.Double(), nullable=False),
        sa.Column("paused_until", sa.Double(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pace"),
    )
    op.bulk_insert(pace, [{"id": 1, "tokens": 0.0, "filled_at": 0.0, "paused_until": 0.0, "granted": 0}])
    op.create_table(
        "facts",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
    )


def downgrade() -> None:
    for table in ("facts", "pace", "plans", "outbox", "reminders", "people"):
        op.drop_table(table)


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(12)),
        sa.Column("zone", sa.String(64)),
        sa.Column("keeps_zone", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger()),
        sa.Column("quiet_to", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_mark", "people", ["mark"], unique=True)


def _create_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("meeting", sa.BigInteger()),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("minute", sa.SmallInteger()),
        sa.Column("cell", sa.Integer()),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("lead_s", sa.Integer(), nullable=False),
        sa.Column("jitter_s", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("weekly", "named", "silent", "check_in")),
        sa.Column("form", sa.BigInteger()),
        sa.Column("paused_until", sa.Date()),
        sa.Column("skipped", sa.Date()),
        sa.Column("sent", sa.SmallInteger(), nullable=False),
        sa.Column("pressed_on", sa.Date(), nullable=False),
        sa.Column("next_day", sa.Date()),
        sa.Column("starts_at", sa.BigInteger()),
        sa.Column("fires_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_reminders_person", ondelete="CASCADE"),
    )
    op.create_index("ix_reminders_person_meeting", "reminders", ["person", "meeting"], unique=True)
    op.create_index("ix_reminders_meeting", "reminders", ["meeting"])
    op.create_index("ix_reminders_pressed_on", "reminders", ["pressed_on"])
    _partial("ix_reminders_due", "reminders", ["fires_at"], "fires_at IS NOT NULL")
    _partial("ix_reminders_hour", "reminders", ["person", "weekday", "minute"], "meeting IS NULL", unique=True)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reminder", NUMBER, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("visible_at", sa.BigInteger(), nullable=False),
        sa.Column("dead_after", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.BigInteger()),
        sa.Column("form", sa.BigInteger()),
        sa.Column("lease_by", sa.String(32), nullable=False),
        sa.Column("leases", sa.Integer(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["reminder"], ["reminders.id"], name="fk_outbox_reminder", ondelete="CASCADE"),
    )
    op.create_index("ix_outbox_reminder_kind_day_turn", "outbox", ["reminder", "kind", "day", "turn"], unique=True)
    _partial("ix_outbox_open", "outbox", ["visible_at"], "state <= 2")
    if op.get_bind().dialect.name == "postgresql":
        # Rows come and go by the minute: clean up long before a fifth of them is dead.
        op.execute("ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02)")


def _create_plans() -> None:
    op.create_table(
        "plans",
        sa.Column("person", NUMBER, autoincrement=False, nullable=False),
        sa.Column("meetings", sa.SmallInteger(), nullable=False),
        sa.Column("kinds", sa.SmallInteger()),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_plans"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_plans_person", ondelete="CASCADE"),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=chosen, postgresql_where=chosen)
