"""Every table: meetings, where they came from and how that goes; and what people asked to have kept.

Of a person there is a chat id, sealed with a key that is not in here, and what reminders and plans need. No name
and nothing that they wrote. A suggested revision is words about our words: it leads to nobody. The tables of people
who help stand in desk_tables.py and are named here too: `metadata` knows every table once this module is imported.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from bot.store.columns import Epoch, Instant, StatusText, Tags, Words
from bot.store.desk_tables import admin_changes as admin_changes
from bot.store.desk_tables import admins as admins
from bot.store.desk_tables import checks as checks
from bot.store.desk_tables import desk_sessions as desk_sessions
from bot.store.desk_tables import exceptions as exceptions
from bot.store.desk_tables import invitations as invitations
from bot.store.desk_tables import meeting_edits as meeting_edits
from bot.store.desk_tables import proposals as proposals
from bot.store.desk_tables import put_off as put_off
from bot.store.desk_tables import reports as reports
from bot.store.metadata import metadata

# By code points, as SQLite orders, wherever the server stands.
_PLAIN_ORDER = Text().with_variant(Text(collation="C"), "postgresql")


def _where(condition: str) -> dict[str, Any]:
    """Options of an index that holds some of the rows."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# The columns have the names and the order of the fields of domain.Meeting: a row is a meeting. The last four are
# no fields.
meetings = Table(
    "meetings",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("feed", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("fellowship", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("weekday", SmallInteger),
    Column("start", SmallInteger),
    Column("duration", Integer),
    Column("zone", String(64), nullable=False),
    Column("in_person", Boolean, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("status", StatusText, nullable=False),
    Column("duration_assumed", Boolean, nullable=False),
    Column("check_date", Boolean, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("venue", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("postal_code", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("directions", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("tags", Tags, nullable=False),
    Column("languages", Words, nullable=False),
    Column("join_url", Text, nullable=False),
    Column("join_notes", Text, nullable=False),
    Column("join_id", Text, nullable=False),
    Column("passcode", Text, nullable=False),
    Column("dial_in", Text, nullable=False),
    Column("dial_in_notes", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_phone", Text, nullable=False),
    Column("entity_url", Text, nullable=False),
    Column("updated", Instant),
    Column("vanished_at", Instant),  # since when it is no longer listed
    Column("same_street", BigInteger),  # marks of domain.sameness: what rows about one meeting share
    Column("same_call", BigInteger),
    Column("words", _PLAIN_ORDER),  # domain.desk_words; none: written by a version that did not know it
    # The desk's table walks along the first, whatever is left out: all that it asks of a row stands in the entry.
    Index("ix_meetings_words", "words", "id", "feed", "fellowship", "country", "region", "vanished_at", "updated"),
    Index("ix_meetings_feed", "feed", "fellowship", "country", "region", "vanished_at", "updated", "id"),
    Index("ix_meetings_vanished_at", "vanished_at", **_where("vanished_at IS NOT NULL")),
    Index("ix_meetings_same_street", "same_street", **_where("same_street IS NOT NULL")),
    Index("ix_meetings_same_call", "same_call", **_where("same_call IS NOT NULL")),
    # Of all rows: SQLite would read all that have a place by way of an index that held only those.
    Index("ix_meetings_latitude_longitude", "latitude", "longitude"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("formats", Words, nullable=False),
    Column("fellowships", Words, nullable=False),
    Column("zone", String(64), nullable=False),  # "" where each row says its own
    Column("imported_at", Instant, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("meetings", Integer, nullable=False),
    Column("complaints", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the bytes that were read
)

# Feeds that are read again and again: a row here is what turns a card on.
feed_syncs = Table(
    "feed_syncs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("attempted_at", Instant),
    Column("succeeded_at", Instant),
    Column("failures", Integer, nullable=False),  # in a row
    Column("trouble", Text, nullable=False),  # the sentence of the last failure
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("card", LargeBinary, nullable=False),  # digest of the card that the last answer was asked and read by
)

# What a feed sent last and nobody would believe unseen.
held_snapshots = Table(
    "held_snapshots",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("fetched_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the bytes as they came
    Column("data", LargeBinary, nullable=False),  # packed; empty once refused
)

# Join links whose host is not the one of the reading before; the meeting keeps the old one meanwhile.
held_links = Table(
    "held_links",
    metadata,
    Column("meeting", BigInteger, primary_key=True, autoincrement=False),
    Column("feed", Text, nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("join_url", Text, nullable=False),
    Column("join_notes", Text, nullable=False),
    Column("join_id", Text, nullable=False),
    Column("passcode", Text, nullable=False),
    Index(None, "feed"),
)

# What each reading changed, for a while.
changes = Table(
    "changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("feed", Text, nullable=False),
    Column("meeting", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),  # added, changed, vanished, returned
    Column("fields", JSON, nullable=False),  # name -> [before, after]
    Index(None, "at"),
    Index(None, "meeting"),
)

# What an operator's file says of postal codes; the code comes first, since it is asked for without a country.
postal_codes = Table(
    "postal_codes",
    metadata,
    Column("code", String(20), primary_key=True),  # capitals and digits, without spaces
    Column("country", String(2), primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("latitude", Double, nullable=False),
    Column("longitude", Double, nullable=False),
    Column("places", Integer, nullable=False),  # rows of the file that the point is the middle of
)

# One row, made by the migration: every change of meetings adds one, so that other processes notice.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# Somebody who asked for something to be kept. Whoever has nothing left is erased.
people = Table(
    "people",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("mark", LargeBinary, nullable=False),  # keyed HMAC of the chat id: how a person is found again
    Column("sealed", LargeBinary, nullable=False),  # the chat id, encrypted
    Column("key", BigInteger, nullable=False),  # which key both were made with
    Column("language", String(12)),
    Column("zone", String(64)),
    Column("keeps_zone", Boolean, nullable=False),  # asked for by itself: it outlives the reminders
    Column("quiet_from", SmallInteger),  # local minutes
    Column("quiet_to", SmallInteger),
    Index(None, "mark", unique=True),
)

# A reminder of a meeting, or (without meeting) of an hour that tends to be hard.
reminders = Table(
    "reminders",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("meeting", BigInteger),
    Column("weekday", SmallInteger),  # of a hard hour, as minute and cell
    Column("minute", SmallInteger),
    Column("cell", Integer),  # the area to look in
    Column("language", String(12), nullable=False),
    Column("lead_s", Integer, nullable=False),
    Column("jitter_s", Integer, nullable=False),
    Column("weekly", Boolean, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("check_in", Boolean, nullable=False),
    Column("form", BigInteger),  # where and how the meeting took place when the person was last told
    Column("paused_until", Date),
    Column("skipped", Date),
    Column("sent", SmallInteger, nullable=False),  # since the last press
    Column("pressed_on", Date, nullable=False),  # day of the last press
    Column("next_day", Date),  # the next three follow from the rule and are computed anew when it changes
    Column("starts_at", Epoch),
    Column("fires_at", Epoch),
    Index(None, "person", "meeting", unique=True),
    Index(None, "meeting"),
    Index(None, "pressed_on"),
    Index(
        "ix_reminders_due", "fires_at",
        sqlite_where=text("fires_at IS NOT NULL"), postgresql_where=text("fires_at IS NOT NULL"),
    ),
    Index(
        "ix_reminders_hour", "person", "weekday", "minute",
        unique=True, sqlite_where=text("meeting IS NULL"), postgresql_where=text("meeting IS NULL"),
    ),
)  # fmt: skip

# Messages that the bot starts: one row for each, from the moment it is due. State: domain.reminder.State.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("reminder", ForeignKey("reminders.id", ondelete="CASCADE"), nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("day", Date, nullable=False),  # local date of the occurrence
    Column("turn", Integer, nullable=False),  # tells messages of one kind about one day apart
    Column("state", SmallInteger, nullable=False),
    Column("visible_at", Epoch, nullable=False),  # nobody takes it before; a lease moves it
    Column("dead_after", Epoch, nullable=False),
    Column("starts_at", Epoch),
    Column("form", BigInteger),  # of a notice: what the person knew before
    Column("lease_by", String(32), nullable=False),
    Column("leases", Integer, nullable=False),
    Column("tries", SmallInteger, nullable=False),  # how often it may have arrived
    Column("sent_at", Epoch),
    Index(None, "reminder", "kind", "day", "turn", unique=True),
    Index(
        "ix_outbox_open", "visible_at",
        sqlite_where=text("state <= 2"), postgresql_where=text("state <= 2"),
    ),
)  # fmt: skip

plans = Table(
    "plans",
    metadata,
    Column("person", ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("meetings", SmallInteger, nullable=False),
    Column("kinds", SmallInteger),
    Column("until", Date, nullable=False),
)

# One row, made by the migration: how fast all processes together may send. Seconds since 1970, database's clock.
pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("tokens", Double, nullable=False),
    Column("filled_at", Double, nullable=False),
    Column("paused_until", Double, nullable=False),
    Column("granted", Integer, nullable=False),  # by the last call
)

# Small things to remember between runs, such as the version of the zone rules.
facts = Table(
    "facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# Suggested revisions of articles and cards, until people have read them. By whom is known to nobody.
revision_suggestions = Table(
    "revision_suggestions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String(20), nullable=False),  # domain.suggestion.Kind
    Column("subject", Text, nullable=False),  # an article's slug, a fellowship's id
    Column("language", String(12), nullable=False),
    Column("version", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("state", String(20), nullable=False),  # domain.suggestion.State
    Column("answered_on", Date),
    Index(None, "kind", "subject", "state"),
)
