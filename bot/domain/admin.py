"""Who may do what: the roles of the people who help, what each looks after, and the one table of permissions.

A scope names fellowships, areas and feeds. Inside one of the three any of the names will do; what is named in
several has to fit all of them; a scope that names nothing is everything. What a deed is done to is a scope too:
a meeting names its fellowship, its area and its feed, and belongs to whoever's scope covers it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from types import MappingProxyType

KEY_BITS = 56
LONGEST_NAME = 40  # characters
_UNSEEN = ("Cf", "Cs", "Co", "Cn")  # what turns or hides text, halves of characters
_AREA = re.compile(r"[A-Z]{2}(/[^/,\n]{1,60})?")


class Role(StrEnum):
    """What somebody was asked to help with; the first may the most."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    REVIEWER = "reviewer"


class Deed(StrEnum):
    """What can be done behind /admin, and what the audit calls it."""

    MANAGE_ADMINS = "manage_admins"
    MANAGE_FEEDS = "manage_feeds"  # turn on and off
    SYNC_FEED = "sync_feed"
    ACCEPT_HELD = "accept_held"
    REFUSE_HELD = "refuse_held"
    EDIT_MEETING = "edit_meeting"
    REVIEW = "review"  # look through what waits
    BULK = "bulk"
    ANSWER_REPORTS = "answer_reports"
    ANSWER_SUGGESTIONS = "answer_suggestions"
    SEE_HISTORY = "see_history"
    EXPORT_AUDIT = "export_audit"


class Reach(Enum):
    """How far a role's permission goes."""

    NEVER = "never"
    SCOPE = "scope"  # inside what the person looks after
    WHOLE = "whole"  # only if that is everything


@dataclass(frozen=True, slots=True)
class Scope:
    """Names of fellowships, areas ("GB", "US/Oregon") and feeds; empty: everything."""

    fellowships: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.fellowships or self.areas or self.feeds)

    def covers(self, other: "Scope") -> bool:
        """Whether all of the other lies inside; what the other does not say may be anything."""
        return (
            _within(other.fellowships, self.fellowships)
            and _within(other.feeds, self.feeds)
            and (not self.areas or (bool(other.areas) and all(map(self._has_area, other.areas))))
        )

    def together(self, other: "Scope") -> "Scope":
        """A scope that covers both."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in ("fellowships", "areas", "feeds"))
        return Scope(*(mine | theirs if mine and theirs else frozenset() for mine, theirs in pairs))

    def inside(self, other: "Scope") -> "Scope":
        """The same, and where it names nothing what the other names: somebody gives no more than they have."""
        return Scope(self.fellowships or other.fellowships, self.areas or other.areas, self.feeds or other.feeds)

    def _has_area(self, area: str) -> bool:
        country, _, region = area.partition("/")
        mine = {one.casefold() for one in self.areas}
        return country.casefold() in mine or (bool(region) and area.casefold() in mine)


EVERYTHING = Scope()


def scope_as_json(scope: Scope) -> dict[str, list[str]]:
    """A scope as it is kept: sorted names by kind, those that are there."""
    names = {"fellowships": scope.fellowships, "areas": scope.areas, "feeds": scope.feeds}
    return {kind: sorted(some) for kind, some in names.items() if some}


def scope_of_json(value: Mapping[str, Sequence[str]]) -> Scope:
    """The reverse of scope_as_json."""
    return Scope(*(frozenset(value.get(kind, ())) for kind in ("fellowships", "areas", "feeds")))


def is_area(text: str) -> bool:
    """Whether a text names a country (ISO alpha-2), or one of its regions behind a stroke."""
    return _AREA.fullmatch(text) is not None and text == text.strip()


def place_scope(*, fellowship: str = "", country: str = "", region: str = "", feed: str = "") -> Scope:
    """What one meeting is: its scope names one of each, as far as they are known."""
    area = f"{country}/{region}" if country and region else country
    names = (frozenset({one}) if one else frozenset() for one in (fellowship, area, feed))
    return Scope(*names)


def _within(names: frozenset[str], mine: frozenset[str]) -> bool:
    return not mine or (bool(names) and names <= mine)


_OF_EDITORS = (
    Deed.SYNC_FEED,
    Deed.ACCEPT_HELD,
    Deed.REFUSE_HELD,
    Deed.EDIT_MEETING,
    Deed.REVIEW,
    Deed.BULK,
    Deed.ANSWER_REPORTS,
    Deed.SEE_HISTORY,
)
_OF_REVIEWERS = (
    Deed.ACCEPT_HELD,
    Deed.REFUSE_HELD,
    Deed.REVIEW,
    Deed.ANSWER_REPORTS,
    Deed.ANSWER_SUGGESTIONS,
    Deed.SEE_HISTORY,
)

# The one table. What is not in it is never permitted.
PERMISSIONS: Mapping[Role, Mapping[Deed, Reach]] = MappingProxyType(
    {
        Role.OWNER: dict.fromkeys(Deed, Reach.SCOPE),
        Role.ADMIN: {**dict.fromkeys(Deed, Reach.SCOPE), Deed.EXPORT_AUDIT: Reach.WHOLE},
        Role.EDITOR: dict.fromkeys(_OF_EDITORS, Reach.SCOPE),
        Role.REVIEWER: dict.fromkeys(_OF_REVIEWERS, Reach.SCOPE),
    }
)

# Whose roles somebody may give, change and take: nobody gives more than they have.
GIVES: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Role),
        Role.ADMIN: frozenset({Role.ADMIN, Role.EDITOR, Role.REVIEWER}),
        Role.EDITOR: frozenset(),
        Role.REVIEWER: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who did something, as the audit keeps it: the number and the name of then. No role: by command line."""

    id: int | None = None
    name: str = ""
    role: Role | None = None


COMMAND_LINE = Author()


@dataclass(frozen=True, slots=True)
class Admin:
    """Somebody who helps. `name` is what they chose to be called here; of Telegram nothing is known."""

    id: int
    role: Role
    scope: Scope = EVERYTHING
    name: str = ""
    since: datetime | None = None
    by_settings: bool = False  # an owner named in the settings: nothing here can take that away

    @property
    def author(self) -> Author:
        """As the audit keeps them."""
        return Author(self.id, self.name, self.role)


def may(admin: Admin, deed: Deed, about: Scope = EVERYTHING, role: Role | None = None) -> bool:
    """Whether somebody may do it to that. `role`: whose, or which, where people are managed."""
    reach = PERMISSIONS[admin.role].get(deed, Reach.NEVER)
    if reach is Reach.NEVER or (role is not None and role not in GIVES[admin.role]):
        return False
    return not admin.scope if reach is Reach.WHOLE else admin.scope.covers(about)


def does(admin: Admin, deed: Deed) -> bool:
    """Whether there is anything that somebody may do it to: for showing a button."""
    reach = PERMISSIONS[admin.role].get(deed, Reach.NEVER)
    return reach is Reach.SCOPE or (reach is Reach.WHOLE and not admin.scope)


def key_of(name: str) -> int:
    """A name as the 56 bits that a button has room for; never 0."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=KEY_BITS // 8).digest(), "big") or 1


def clean_name(text: str) -> str:
    """What somebody wants to be called, on one line, without what a screen would hide or obey; may be empty."""
    kinds = ((unicodedata.category(letter), letter) for letter in text)
    shown = "".join(" " if kind in ("Cc", "Zl", "Zp") else letter for kind, letter in kinds if kind not in _UNSEEN)
    return unicodedata.normalize("NFC", " ".join(shown.split()))[:LONGEST_NAME].strip()
