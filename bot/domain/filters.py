"""Filters with three values: the list says yes, says no, or does not say.

What a meeting says is its own tags, then the sourced text of its fellowship (`Fellowship.tags`), and how one
takes part. A row whose list does not say is never dropped: it follows after all that say yes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache

from bot.domain.fellowship import Fellowship
from bot.domain.meeting import TAGS, Meeting, Status, tags_to_bits
from bot.domain.search import FILTERS, LANGUAGES


class Verdict(Enum):
    """What the list says about one filter."""

    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"


# Bits after the tags: how one takes part. Together with the tags they stay below 63, an index's integers.
_IN_PERSON, _NOT_IN_PERSON, _HYBRID, _NOT_HYBRID, _PHONE, _NO_PHONE = (1 << bit for bit in range(56, 62))
_LANGUAGES_GIVEN = 1  # bit 0 of the language bits, see language_bits()


@dataclass(frozen=True, slots=True)
class Rule:
    """One filter as bits: any of `yes` is a yes; else any of `no` is a no; else the list does not say."""

    name: str
    yes: int
    no: int = 0
    of_languages: bool = False  # the bits are those of language_bits(), else those of fact_bits()

    def verdict(self, facts: int, languages: int) -> Verdict:
        """What the list says of a meeting with these fact_bits() and language_bits()."""
        said = languages if self.of_languages else facts
        if said & self.yes:
            return Verdict.YES
        return Verdict.NO if said & self.no else Verdict.UNSAID


def _bits(tags: str) -> int:
    return tags_to_bits(frozenset(tags.split()))


# Tags whose presence answers yes, and those that answer no. A tag that is only absent answers nothing.
_BY_TAGS: dict[str, tuple[str, str]] = {
    **{name: (name, "") for name in FILTERS if name in TAGS},
    "women": ("women", "men"),
    "men": ("men", "women"),
    "open": ("open", "closed"),
    # Where people choose their own aim, stopping and using less are both among them.
    "goal_stop": ("goal_stop goal_own", "goal_less"),
    "goal_less": ("goal_less goal_own", "goal_stop"),
    "goal_own": ("goal_own", "goal_stop goal_less"),
}
_RULES: dict[str, Rule] = {name: Rule(name, _bits(yes), _bits(no)) for name, (yes, no) in _BY_TAGS.items()} | {
    "in_person": Rule("in_person", _IN_PERSON, _NOT_IN_PERSON),
    "hybrid": Rule("hybrid", _HYBRID, _NOT_HYBRID),
    "phone": Rule("phone", _PHONE, _NO_PHONE),
}


def rules(filters: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these filters, by name. KeyError for a filter that is none."""
    return tuple(rule(name) for name in sorted(filters))


@cache
def rule(name: str) -> Rule:
    """The rule of one filter, `lang_xx` included. KeyError for a name that is none."""
    if name.startswith("lang_"):
        return Rule(name, 1 << LANGUAGES[name.removeprefix("lang_")], _LANGUAGES_GIVEN, of_languages=True)
    return _RULES[name]


def fact_bits(tags: int, fellowship_tags: int, in_person: bool, online: bool, has_dial_in: bool) -> int:
    """What is known of a meeting. A meeting's own tag goes before what its fellowship says of all of them."""
    facts = tags
    for one in _opposites():
        if tags & (one.yes | one.no):
            fellowship_tags &= ~(one.yes | one.no)
    facts |= fellowship_tags
    facts |= _IN_PERSON if in_person else _NOT_IN_PERSON
    facts |= _HYBRID if in_person and online else _NOT_HYBRID
    return facts | (_PHONE if has_dial_in else _NO_PHONE)


@cache
def _opposites() -> tuple[Rule, ...]:
    return tuple(_RULES[name] for name, (_, no) in _BY_TAGS.items() if no)


def language_bits(languages: Iterable[str]) -> int:
    """ISO 639-1 codes as bits; a language without a number of its own still says that others are not spoken."""
    bits = 0
    for language in languages:
        bits |= _LANGUAGES_GIVEN | (1 << LANGUAGES[language] if language in LANGUAGES else 0)
    return bits


def room_open(in_person: bool, status: Status) -> bool:
    """Whether one can walk in: not while the list says that a meeting is online for now."""
    return in_person and status != Status.ONLINE_FOR_NOW


def joins_online(online: bool, status: Status) -> bool:
    """Whether one can join from anywhere."""
    return online or status == Status.ONLINE_FOR_NOW


def verdicts(filters: Iterable[str], meeting: Meeting, fellowship: Fellowship) -> dict[str, Verdict]:
    """What the list says of one meeting, for each of these filters."""
    facts = fact_bits(
        tags_to_bits(meeting.tags),
        tags_to_bits(fellowship.tags),
        room_open(meeting.in_person, meeting.status),
        joins_online(meeting.online, meeting.status),
        bool(meeting.dial_in),
    )
    languages = language_bits(meeting.languages)
    return {one.name: one.verdict(facts, languages) for one in rules(filters)}


def unsaid(filters: Collection[str], meeting: Meeting, fellowship: Fellowship) -> frozenset[str]:
    """Those of the filters on which the list is silent."""
    said = verdicts(filters, meeting, fellowship) if filters else {}
    return frozenset(name for name, verdict in said.items() if verdict is Verdict.UNSAID)
