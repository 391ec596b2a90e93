"""The fields of a meeting in words: what they are called, and what a value says to somebody who helps."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.meeting import TAGS, Meeting
from bot.views.formatting import country_name, cut, language_name, listed, weekday_name, zone_name
from bot.views.frame import Frame
from bot.views.moments import hour_of

LONGEST = 300  # characters of one value on a screen


def called(frame: Frame, field: str) -> str:
    """What a field is called; one without words shows its name."""
    key = f"admin.field.{field}"
    return frame.texts.label(key) if key in frame.texts.labels else field


def tag_called(frame: Frame, tag: str) -> str:
    """What a tag is called."""
    for key in (f"admin.tag.{tag}", f"filter.{tag}"):
        if key in frame.texts.labels:
            return frame.texts.label(key)
    return tag


hour = hour_of  # a minute of the day as that country writes it: "19:30", "7:30 PM"


def said(frame: Frame, field: str, value: Any, country: str = "") -> str:
    """A value in words, whole; a dash where there is none. `value` may come from the audit, as JSON knows it."""
    if value is None or value == "" or (isinstance(value, (list, tuple, set, frozenset)) and not value):
        return frame.texts.label("admin.nothing")
    if isinstance(value, bool):
        return frame.texts.label(f"admin.value.{'yes' if value else 'no'}")
    if field in _SPECIAL:
        try:
            return str(_SPECIAL[field](frame, value, country))
        except (KeyError, ValueError, TypeError, IndexError):
            return str(value)  # what the audit holds of an older version
    if isinstance(value, (list, tuple, set, frozenset)):
        return listed(frame.texts, [str(one) for one in value])
    return str(value)


def shown(frame: Frame, field: str, value: Any, country: str = "", longest: int = LONGEST) -> str:
    """The same, cut to what a screen has room for."""
    return cut(said(frame, field, value, country), longest)


def different(before: Meeting | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that the meeting does not have already."""
    return {field: value for field, value in values.items() if before is None or getattr(before, field) != value}


def _tags(frame: Frame, value: Iterable[str], _country: str) -> str:
    wanted = frozenset(value)
    known = [tag_called(frame, tag) for tag in TAGS if tag in wanted]
    return listed(frame.texts, [*known, *sorted(wanted - TAGS.keys())])


def _languages(frame: Frame, value: Iterable[str], _country: str) -> str:
    return listed(frame.texts, [language_name(frame.texts, code) for code in value])


def _minutes(frame: Frame, value: Any, _country: str) -> str:
    return frame.texts.label("admin.minutes", int(value))


def _zone(frame: Frame, value: str, _country: str) -> str:
    return f"{zone_name(frame.texts.language, value)} ({value})"


def _status(frame: Frame, value: str, _country: str) -> str:
    key = f"admin.status.{value}"
    return frame.texts.label(key) if key in frame.texts.labels else str(value)


_SPECIAL: Mapping[str, Any] = {
    "weekday": lambda frame, value, country: weekday_name(frame.texts, int(value)),
    "start": lambda frame, value, country: hour_of(int(value), country),
    "duration": _minutes,
    "tags": _tags,
    "languages": _languages,
    "zone": _zone,
    "status": _status,
    "country": lambda frame, value, country: country_name(frame.texts, value),
    "fellowship": lambda frame, value, country: frame.kind(value).name,
}
