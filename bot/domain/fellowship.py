"""A fellowship: one kind of mutual-help group, described by the same fields as every other."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Tradition(StrEnum):
    """The family a kind belongs to, so that a list can hold more than one."""

    TWELVE_STEP = "twelve_step"
    SECULAR = "secular"
    OTHER = "other"


COSTS = ("free", "free_donation", "some_paid")
FORMATS = ("in_person", "video", "phone", "chat", "forum", "email", "app", "online", "round_the_clock")
FAMILY_WORDS = ("none", "itself", "welcome", "programs", "some")
"""What `family_branch` may hold beside fellowship ids and proper names: no branch; it is one; families may come;
programs for families; some meetings for them."""
LANGUAGE_WORDS = ("many", "mostly", "others")  # beside language codes
LENGTHS = ("hour", "hour_or_more", "two_hours")  # about 60 minutes; 60 to 90; about 120
PRAYERS = ("may_open", "may_close", "part")
STRENGTHS = ("strong", "evidence", "emerging", "limited", "none")
POPULATIONS = ("guided_alcohol", "drug_groups", "behaviors", "families", "dual", "smart", "indigenous", "this_group")


@dataclass(frozen=True, slots=True)
class Strength:
    """How well it was studied: the strength word, of whom, and by which claims or else sources."""

    word: str = "none"  # one of STRENGTHS
    population: str = "this_group"  # one of POPULATIONS
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be counted off about a kind. Empty means that it is not known, which is said and never hidden."""

    cost: str = ""  # one of COSTS
    formats: tuple[str, ...] = ()  # of FORMATS
    family_branch: tuple[str, ...] = ()  # fellowship ids, proper names, FAMILY_WORDS
    meeting_languages: tuple[str, ...] = ()  # language codes, LANGUAGE_WORDS
    length: str = ""  # how long a meeting lasts, one of LENGTHS
    prayer: str = ""  # one of PRAYERS
    may_listen: bool = False  # one may come and say nothing
    contact: str = ""  # public telephone number or https page of the body; never a person's
    active: bool = False  # no doubt is known that it meets
    strength: Strength = Strength()
    facts_from: tuple[str, ...] = ()  # marks: where all this comes from


@dataclass(frozen=True, slots=True)
class Fellowship:
    """Facts without sentences; what a person reads about it stands in content/<language>/fellowships/."""

    id: str
    number: int  # fixed, never reused: stands in buttons
    name: str  # "Alcoholics Anonymous"
    short: str  # "AA"
    tradition: Tradition
    needs: tuple[str, ...]
    family: bool = False  # for families and friends
    for_people: str = ""  # "women", "trade", "faith", "indigenous", "teens": takes its turns when named
    tags: frozenset[str] = field(default_factory=frozenset)  # what its own sourced text says of all its meetings
    aliases: tuple[str, ...] = ()
    site: str = ""  # official site, https
    finder: str = ""  # official meeting finder, https
    live: bool = True  # False: appears only where live meetings are listed
    facts: Facts = Facts()
    checked_on: date | None = None  # the day somebody read its own pages


def related(fellowship: Fellowship, other: Fellowship) -> bool:
    """Whether two kinds fit somebody alike: both for families or neither, and a need in common."""
    return fellowship.family == other.family and not set(fellowship.needs).isdisjoint(other.needs)


def serves(fellowship: Fellowship, needs: tuple[str, ...]) -> bool:
    """Whether a fellowship fits the stated needs.

    "family" opens the family door: only family fellowships fit, and a substance said with it only chooses among
    them. Without it, family fellowships fit no substance; with no need at all every fellowship fits.
    """
    if not needs:
        return True
    if "family" in needs:
        others = set(needs) - {"family"}
        return fellowship.family and (not others or not set(fellowship.needs).isdisjoint(others))
    if fellowship.family:
        return not {"relationships", "mental_health"}.isdisjoint(needs) and not set(fellowship.needs).isdisjoint(
            set(needs) & {"relationships", "mental_health"}
        )
    return not set(fellowship.needs).isdisjoint(needs)
