"""Every table. Nothing here is about a person: meetings, where they came from, how that goes, and one counter."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from bot.store.columns import Instant, StatusText, Tags, Words

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)

# The columns have the names and the order of the fields of domain.Meeting: a row is a meeting. The last three are
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
    Index(None, "feed"),
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
