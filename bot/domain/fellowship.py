"""A fellowship: one kind of mutual-help group, described by the same fields as every other."""

from dataclasses import dataclass, field
from enum import StrEnum


class Tradition(StrEnum):
    """The family a kind belongs to, so that a list can hold more than one."""

    TWELVE_STEP = "twelve_step"
    SECULAR = "secular"
    OTHER = "other"


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
