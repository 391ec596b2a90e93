"""Cells of a workbook: the value that a spreadsheet program made of what somebody typed, as the text of a sheet.

What is not sure is not guessed: a date in place of a text ("1-2" became the second of January) is refused by name.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.bulk import LONGEST_CELL
from bot.domain.fields import FIELDS, BadField, Kind
from bot.domain.meeting import MINUTES_A_DAY

MOST_DIGITS = 15  # programs keep no more of a number
_DAYS_OF_TIMES = 1904  # the years in which programs put hours without a day
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x(00[01][0-9A-Fa-f]|FFF[EF])_")
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def text_of(column: str, value: Any, *, is_error: bool = False) -> str:
    """The text of a cell. Raises BadField: cell_error, is_date."""
    if is_error:
        raise BadField(column, "cell_error", str(value))
    kind = FIELDS[column].kind if column in FIELDS else None
    match value:
        case None:
            return ""
        case str():
            return unescaped(value[: LONGEST_CELL + 1])
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(column, kind, value)
        case datetime():
            return _moment(column, kind, value)
        case time():
            return _length(kind, value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
        case timedelta():
            return _length(kind, value.total_seconds())
    raise BadField(column, "is_date", value.isoformat() if isinstance(value, date) else str(value))


def _number(column: str, kind: Kind | None, value: float) -> str:
    if not math.isfinite(value):
        raise BadField(column, "cell_error", str(value))
    if kind in (Kind.TIME, Kind.MINUTES) and 0 < value < 1:  # a part of a day, that lost its looks
        return _length(kind, value * MINUTES_A_DAY * 60)
    if kind is Kind.DEGREES:
        return repr(float(value))
    if abs(value) >= 10**MOST_DIGITS:
        return f"{value:.{MOST_DIGITS - 1}E}"  # its last digits are gone
    return str(int(value)) if value == int(value) else repr(value)


def _moment(column: str, kind: Kind | None, value: datetime) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if kind is Kind.TIME and seconds:
        return _length(kind, seconds)
    if kind is Kind.TIME and value.year <= _DAYS_OF_TIMES:
        return "24:00"
    day = value.date().isoformat()
    raise BadField(column, "is_date", f"{day} {value:%H:%M}" if seconds else day)


def _length(kind: Kind | None, seconds: float) -> str:
    """Hours and minutes; a fraction of a second is the reckoning of a program."""
    minutes = round(seconds / 60)
    if abs(seconds - minutes * 60) > 1:
        return f"{seconds // 3600:02.0f}:{seconds // 60 % 60:02.0f}:{seconds % 60:02.0f}"
    return str(minutes) if kind is Kind.MINUTES else f"{minutes // 60:02d}:{minutes % 60:02d}"


def unescaped(text: str) -> str:
    """The letters for which Office Open XML writes _x000D_ (ST_Xstring); others of that look are somebody's own."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else "_", text) if "_x" in text else text


def escaped(text: str) -> str:
    """The reverse; with it every text can stand in a workbook."""
    known = text.encode(errors="replace").decode()
    return _NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", _LIKE_ESCAPED.sub("_x005F_", known))
