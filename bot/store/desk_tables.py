"""Tables of the people who help: who they are, what they changed, and what waits for them.

None says anything about people who use the bot.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
)

from bot.store.columns import Instant
from bot.store.metadata import metadata

# People who help: a chat id sealed like those of `people`, and what they were asked to help with. A row stays, with
# its number and name, when its id is gone: the audit speaks of it.
admins = Table(
    "admins",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("mark", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("role", String(20), nullable=False),  # domain.admin.Role
    Column("scope", JSON, nullable=False),  # names by kind
    Column("name", Text, nullable=False),  # what they chose to be called; never taken from Telegram
    Column("by_settings", Boolean, nullable=False),  # an owner only as long as the settings say so
    Column("given_by", BigInteger),  # another row's id; none: by command line or by settings
    Column("given_at", Instant, nullable=False),
    Column("revoked_at", Instant),  # the id is kept for some days more, so that it can be taken back
    Column("digest_minute", SmallInteger),  # local minute at which what waits is told; none: not asked for
    Column(
        "digest_zone", String(64), nullable=False, server_default=text("''")
    ),  # of the digest; "": none was chosen
    Column("digest_sent", Date),  # local day of the last one
    Column(
        "news_language", String(10), nullable=False, server_default=text("''")
    ),  # of digest and alerts; "" without
    Column("alerts", Boolean, nullable=False, server_default=false()),  # a report that concerns today is told at once
    Index(None, "mark", unique=True),
)

# An invitation is used once, and gone. Of its code there is a hash.
invitations = Table(
    "invitations",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("code", LargeBinary, nullable=False),
    Column("role", String(20), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("made_by", BigInteger),  # an admin's id; none: by command line
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index(None, "code", unique=True),
)

# What people who help changed, and who that was then. Never anything about people who use the bot.
admin_changes = Table(
    "admin_changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("admin", BigInteger),  # none: by command line
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("deed", String(40), nullable=False),  # domain.admin.Deed
    Column("kind", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("about", JSON, nullable=False),  # the scope it lies in
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("undone_by", BigInteger),  # the change that took this one back
    Index(None, "kind", "subject"),
)

# What a person set in the place of what a list says, field by field; it outlives the next readings of the list.
meeting_edits = Table(
    "meeting_edits",
    metadata,
    Column("meeting", BigInteger, primary_key=True, autoincrement=False),
    Column("field", String(40), primary_key=True),
    Column("feed", Text, nullable=False),
    Column("value", JSON, nullable=False),
    Column("listed", JSON, nullable=False),  # what the list says now
    Column("based_on", JSON, nullable=False),  # what it said when this was set
    Column("admin", BigInteger),  # none: by command line
    Column("name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("why", Text, nullable=False),
    Column("until", Instant),  # then the list counts again
    Column("derived", Boolean, nullable=False),  # it follows from another field
    Index(None, "feed"),
)

# Days on which a meeting is not as every week: closed from one day to another, or held once elsewhen.
exceptions = Table(
    "exceptions",
    metadata,
    Column("meeting", BigInteger, primary_key=True, autoincrement=False),
    Column("first_day", Date, primary_key=True),  # local to the meeting, as all days here
    Column("last_day", Date),  # none: until further notice
    Column("moved_to", Date),  # none: it is closed
    Column("start", SmallInteger),  # local minute of the moved one; none: as always
    Column("note", Text, nullable=False),  # for everybody
    Index(None, "last_day"),
)

# Changes that one person alone may not make: they wait for a second one.
proposals = Table(
    "proposals",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("meeting", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("about", JSON, nullable=False),  # the scope it lies in
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("admin", BigInteger),
    Column("name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("why", Text, nullable=False),
    Column("until", Instant),
    Column("state", String(20), nullable=False),  # open, accepted, rejected, withdrawn
    Column("reason", Text, nullable=False),  # of a rejection
    Index(None, "meeting"),
)

# Meetings that a person who helps found to be right, and when.
checks = Table(
    "checks",
    metadata,
    Column("meeting", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
)

# What people say is wrong with a meeting. By whom is known to nobody.
reports = Table(
    "reports",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("meeting", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),  # domain.report_kinds
    Column("text", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String(20), nullable=False),  # open, accepted, rejected
    Column("reason", Text, nullable=False),  # of a rejection
    Column("answered_on", Date),
    Column("alert", Boolean, nullable=False),  # takes place that day: whoever asked for it is told at once
    Index(None, "meeting", "state"),
)

# Browsers in which somebody who helps signed in; of the cookie and of the link that was used there is a hash.
desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("link", LargeBinary, nullable=False),
    Column("admin", BigInteger, nullable=False),
    Column("language", String(10), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),  # to the minute
    Column("until", Instant, nullable=False),  # the same as made_at: from here on no older link opens anything
    Index(None, "link", unique=True),
    Index(None, "admin"),
)

# What waits behind /admin and was put off, until when.
put_off = Table(
    "put_off",
    metadata,
    Column("item", Text, primary_key=True),
    Column("until", Instant, nullable=False),
)
