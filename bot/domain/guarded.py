"""The two-person rule: meetings where a wrong address or link does the most harm.

Whoever lures women, young people, LGBTQ+ or nonbinary people to another room needs one forged line. So putting up
or altering how such a meeting is reached takes two people; taking it down takes one, at once.
"""

import re
from collections.abc import Collection, Iterable

from bot.domain.fellowship import Fellowship
from bot.domain.meeting import Meeting

TAGS = frozenset({"women", "young", "lgbtq", "nonbinary"})
_NAMED = re.compile(
    r"\b(?:wom[ae]n(?:['’]?s)?|ladies|mujer(?:es)?|lgbt\w*|queer|lesbian\w*|gays?|trans(?:gender)?|non-?binary"
    r"|teens?|teenagers?|youth|young people(?:['’]s)?|j[oó]venes|adolescentes)\b",
    re.IGNORECASE,
)  # many lists say so in the name alone
_FOR_PEOPLE = frozenset({"women", "teens"})  # of a fellowship that is for them by nature
REACHED_BY = (
    "join_url", "join_notes", "join_id", "passcode", "dial_in", "dial_in_notes", "venue", "address", "city",
    "region", "postal_code", "country", "latitude", "longitude", "directions", "contact", "url",
)  # fmt: skip
"""The fields by which people get to a meeting."""
_TEXTS = ("name", "group", "notes")  # where a number or a link may be hidden
_LURE = re.compile(
    r"https?:|www\.|\w@|@\w|\w\.(?:\w{2,6})(?:/|\b)|(?:\d[\s().+-]*){6,}"
    # a house number before a name, but for what groups count: steps, minutes, days
    r"|\b\d{1,5}[a-z]?\s+(?!(?:st|nd|rd|th|step|trad|min|hour|day|week|month|year|people|am\b|pm\b|chip|coin"
    r"|pas|hora|d[ií]a|semana|mes|año|persona))[^\W\d_]{3,}"
    # a place in words
    r"|\b(?:street|road|rd|avenue|ave|lane|ln|drive|square|church|chapel|hall|school|library|cent(?:er|re)|club"
    r"|house|hospital|hotel|caf[eé]|room|floor|building|basement|upstairs|downstairs|door|entrance|gate|corner"
    r"|park|moved?|address|location|venue"
    r"|calle|avenida|avda|plaza|paseo|carretera|iglesia|parroquia|capilla|sala|sal[oó]n|escuela|colegio|biblioteca"
    r"|centro|casa|piso|planta|edificio|s[oó]tano|puerta|entrada|esquina|parque|direcci[oó]n|lugar)s?\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")


def kinds_of(fellowships: Iterable[Fellowship]) -> frozenset[str]:
    """Ids of the fellowships that are by nature for the people whom the rule protects, as their own facts say."""
    return frozenset(one.id for one in fellowships if one.tags & TAGS or one.for_people in _FOR_PEOPLE)


def is_guarded(meeting: Meeting, kinds: Collection[str]) -> bool:
    """Whether the rule holds for a meeting. `kinds`: see kinds_of."""
    return _is_told(meeting) or meeting.fellowship in kinds


def _is_told(meeting: Meeting) -> bool:
    """Whether its tags or its name say whom it is for."""
    return bool(meeting.tags & TAGS) or _NAMED.search(meeting.name) is not None


def tags_beside(others: Iterable[Meeting]) -> frozenset[str]:
    """What guards a meeting because another list that names it says so: people are shown both rows as one."""
    return frozenset[str]().union(*(one.tags & TAGS for one in others))


def puts_up(before: Meeting | None, after: Meeting, kinds: Collection[str]) -> frozenset[str]:
    """Fields for which a change takes two people; none: one will do. `before`: None for what nobody is shown yet."""
    if before is None:
        return frozenset({"name"}) if is_guarded(after, kinds) else frozenset()
    if not is_guarded(before, kinds):
        # To call some meeting one for women is to put one up.
        told = "tags" if after.tags & TAGS or not _is_told(after) else "name"
        return frozenset({told}) if is_guarded(after, kinds) else frozenset()
    found = {name for name in REACHED_BY if _put_up(getattr(before, name), getattr(after, name))}
    found |= {name for name in _TEXTS if _lures(getattr(before, name), getattr(after, name))}
    if before.tags & TAGS - after.tags:
        found.add("tags")  # without them nothing would be guarded any more
    if _NAMED.search(before.name) and not _is_told(after):
        found.add("name")
    if before.fellowship in kinds and after.fellowship not in kinds:
        found.add("fellowship")
    return frozenset(found)


def _put_up(before: object, after: object) -> bool:
    return after not in ("", None) and after != before


def _lures(before: str, after: str) -> bool:
    """Whether a free text has a sentence with an address, a place or a number that it did not have before."""
    had = set(_SENTENCE.split(before))
    return any(_LURE.search(one) is not None for one in _SENTENCE.split(after) if one not in had)
