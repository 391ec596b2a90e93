"""Says back in one line what a search asks for."""

from bot.domain.meeting import MINUTES_A_DAY
from bot.domain.search import Search
from bot.domain.when import ANY_TIME, Day, When
from bot.views.formatting import TWELVE_HOUR, language_name, listed, weekday_name
from bot.views.frame import Frame


def said(frame: Frame, search: Search) -> str:
    """What is searched for: topic, kinds, place, way, time, filters; at least the time is always said."""
    texts = frame.texts
    parts = [texts.label(f"need.{need}") for need in search.needs]
    parts += [frame.kind(kind).short for kind in search.fellowships]
    if not parts:
        parts.append(texts.label("need.any"))
    if search.place:
        parts.append(texts.label("said.near", place=place_name(search)))
    if search.online is not None:
        parts.append(texts.label("said.online" if search.online else "said.in_person"))
    parts.append(time_said(frame, search.when, search.place.country if search.place else frame.operator.country))
    parts += [filter_name(frame, name) for name in sorted(search.filters)]
    line = texts.label("said.separator").join(parts)
    return line[:1].upper() + line[1:]


def place_name(search: Search) -> str:
    """The place as a person would say it: "Leeds", with its region where the name alone is small."""
    place = search.place
    if place is None:
        return ""
    if not place.name:
        return f"{place.latitude:.2f}, {place.longitude:.2f}"
    return f"{place.name}, {place.region}" if place.region and place.region != place.name else place.name


def filter_name(frame: Frame, name: str) -> str:
    """A filter in words; `lang_pl` as "in Polish"."""
    if name.startswith("lang_"):
        return frame.texts.label("said.language", language=language_name(frame.texts, name[5:]))
    return frame.texts.label(f"filter.{name}")


def time_said(frame: Frame, when: When, country: str) -> str:
    """The stated time in words; the default is the next seven days."""
    texts = frame.texts
    if when == ANY_TIME:
        return texts.label("when.any")
    words = _day_said(frame, when.day)
    if when.start is not None and when.end is not None:
        span = texts.label("when.between", start=_minute(when.start, country), end=_minute(when.end, country))
    elif when.start is not None:
        span = texts.label("when.after", start=_minute(when.start, country))
    elif when.end is not None:
        span = texts.label("when.before", end=_minute(when.end, country))
    else:
        return words
    return f"{words} {span}".strip()


def _day_said(frame: Frame, day: Day) -> str:
    if Day.MONDAY <= day <= Day.SUNDAY:
        return frame.texts.label("when.weekday", day=weekday_name(frame.texts, int(day)))
    return "" if day == Day.ANY else frame.texts.label(f"when.{day.name.lower()}")


def _minute(minute: int, country: str) -> str:
    hour, rest = divmod(minute % MINUTES_A_DAY, 60)
    if country in TWELVE_HOUR:
        return f"{hour % 12 or 12}:{rest:02d} {'AM' if hour < 12 else 'PM'}"
    return f"{hour:02d}:{rest:02d}"


def kinds_said(frame: Frame, kinds: tuple[str, ...], most: int = 4) -> str:
    """The short names of some kinds, and how many more."""
    names = [frame.kind(kind).short for kind in kinds[:most]]
    if len(kinds) > most:
        names.append(frame.texts.label("said.more_kinds", count=len(kinds) - most))
    return listed(frame.texts, names)
