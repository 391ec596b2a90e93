"""Hints in a text that a meeting does not take place every week, or not now."""

import re
from functools import lru_cache

from bot.feeds.text import mentions

_ORDINAL = (
    r"(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last"
    r"|1er|1ro|2do|3er|[1-5]º|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|últim[oa])"
)
_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thurs?|fri|sat|sun|week(?:end)?s?|wk"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados?|domingos?)"
)
_NOT_WEEKLY = re.compile(
    rf"\b{_ORDINAL}(?:\s*(?:,|&|and|or|/|\+|y|e)\s*{_ORDINAL})*\.?\s+{_DAY}\b"
    rf"|\bevery\s+(?:other|second|third|2nd|3rd)\s+{_DAY}\b|\bbi-?weekly\b|\bfortnight(?:ly)?\b|\balternat(?:e|ing)\s+{_DAY}\b"
    r"|\bmonthly\b|\bonce (?:a|per|every) month\b"
    r"|\bcada (?:dos|2|15) (?:semanas|días)\b|\bquincenal\b|\bmensual\b|\buna vez al mes\b",
    re.IGNORECASE,
)
# In such a sentence the ordinal tells what is different that week, not when the group meets.
_OTHER_FORMAT = re.compile(
    r"\b(?:open|closed|birthdays?|speakers?|spkr|celebrat\w*|business|conscience|service|potluck|chips?|cake"
    r"|medallions?|weeks?|wks?|grapevine|beginners?|newcomers?|disc|combined|study|anniversar\w*|milestones?|format|trad\w*|steps?|book|literature|reading|topic|discussion|schedule"
    r"|abiert[oa]|cerrad[oa]|cumpleaños|aniversario)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"(?<!men )(?<!ladies )(?<!members )(?<!addicts )\b(?:only|meets|meeting is held|solo|sólo|solamente)\b",
    re.IGNORECASE,
)
_PAUSED = re.compile(
    r"\btemp(?:orar\w+|\.)?\s+(?:closed|closure|suspended|cancell?ed|not meeting|suspendid[oa]|cerrad[oa])"
    r"|\buntil further notice\b|\bno longer meet|\bhasta nuevo aviso\b"
    r"|\bmeeting (?:is )?(?:suspended|cancell?ed)\b(?! if)",
    re.IGNORECASE,
)
# Looking for a word is ten times as fast as a pattern, and most texts hold none of these.
_WEEK_WORDS = tuple(
    "1st 2nd 3rd 4th 5th first second third fourth fifth last every weekly fortnight alternat month "
    "1er 1ro 2do 3er º primer segund tercer cuart últim cada quincenal mensual mes".split()
)
_PAUSE_WORDS = ("temp", "until further", "no longer", "suspend", "cancel", "hasta nuevo")
_ASK_WORDS = ("must", "confirm", "first", "ahead", "before", "antes")
_DOUBTS = frozenset(("special_dates", "says_paused", "ask_first", "name_says_other_time"))
_SENTENCE = re.compile(r"[\n.;!*]+\s*")
_ASK_FIRST = re.compile(
    r"\bmust (?:contact|call|text|e-?mail|register|rsvp|confirm)\b|\bto confirm\b"
    r"|\b(?:call|text|contact) (?:first|ahead|before)\b|\bconfirm (?:the )?(?:date|meeting)\b"
    r"|\bconfirmar antes\b|\bllam[ae] antes\b",
    re.IGNORECASE,
)


def named_for_a_date(name: str) -> bool:
    """Whether a name hints at monthly or special dates; in a name every hint counts."""
    return mentions(name, _WEEK_WORDS) and _NOT_WEEKLY.search(name) is not None


@lru_cache(maxsize=8192)
def not_weekly(text: str) -> bool:
    """Whether a text hints at monthly or special dates."""
    if not (mentions(text, _WEEK_WORDS) and _NOT_WEEKLY.search(text)):
        return False
    return any(
        _NOT_WEEKLY.search(sentence) and (_ONLY.search(sentence) or not _OTHER_FORMAT.search(sentence))
        for sentence in _SENTENCE.split(text)
    )


@lru_cache(maxsize=8192)
def paused(text: str) -> bool:
    """Whether a text says that the meeting does not take place for now."""
    return mentions(text, _PAUSE_WORDS) and _PAUSED.search(text) is not None


@lru_cache(maxsize=8192)
def ask_first(text: str) -> bool:
    """Whether a text asks people to get in touch before they come."""
    return bool(text) and mentions(text, _ASK_WORDS) and _ASK_FIRST.search(text) is not None


def date_in_doubt(name: str, texts: tuple[str, ...], notes: set[str]) -> bool:
    """Whether the date of a meeting should be checked before going; adds the notes that say why."""
    given = [text for text in texts if text]
    if named_for_a_date(name) or any(map(not_weekly, given)):
        notes.add("special_dates")
    if any(map(paused, given)):
        notes.add("says_paused")
    return not notes.isdisjoint(_DOUBTS)
