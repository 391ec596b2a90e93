"""Urgent help: the card of a country, and of what a text sounded like."""

from collections.abc import Mapping

from bot.domain.buttons import Action, country_number
from bot.domain.search import Search
from bot.domain.urgent import Line, UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.views import picker
from bot.views.formatting import country_name
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

COPY_BUTTONS = 8
LINES = 5  # of one country
_TOPICS = {
    "self_harm": ("crisis",),
    "medical": ("poison", "health", "crisis"),
    "violence": ("violence", "crisis", "children"),
    "threat": ("crisis",),
}


def card(
    frame: Frame,
    country: UrgentCountry | None,
    nearby: list[UrgentCountry],
    *,
    tier: str = "",
    resume: Search | None = None,
) -> Screen:
    """The card: emergency number and lines of one country, or of three where the country is not known.

    `tier` is what the text sounded like; `resume` the search that was asked along with it.
    """
    countries = [country] if country else nearby[:3]
    text = frame.texts.render(
        "urgent/card",
        tier=tier,
        known=country is not None,
        countries=[_values(frame, entry, tier, brief=country is None) for entry in countries],
    )
    rows = [(button,) for button in _copies(frame, countries, tier)]
    code = country_number(country.country) if country else 0
    last = [
        frame.button("another_country", Action.URGENT_COUNTRIES),
        frame.button("treatment", Action.TREATMENT, number=code),
    ]
    if resume is not None:
        last.append(frame.button("resume", Action.RESUME, resume))
    elif frame.search.says_something:
        last.append(frame.button("back_to_list", Action.LIST))
    else:
        last.append(frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()))
    return Screen(text, (*rows, tuple(last)))


def countries(frame: Frame, known: Mapping[str, UrgentCountry], page: int, *, edits: bool = False) -> Screen:
    """The list of countries, by name, a page at a time."""
    rows = picker.country_rows(
        frame,
        [code for code in known if code != ELSEWHERE],
        page,
        choose=lambda code: frame.data(Action.URGENT_COUNTRY, number=country_number(code)),
        turn=lambda to: frame.data(Action.URGENT_COUNTRIES, number=to + 1),
    )
    return Screen(frame.texts.render("urgent/countries"), (*rows, (frame.urgent(),)), edits=edits)


def _name(frame: Frame, entry: UrgentCountry) -> str:
    """The country's name; the row for all others has words of its own."""
    if entry.country == ELSEWHERE:
        return frame.texts.label("urgent.elsewhere")
    return country_name(frame.texts, entry.country)


def _values(frame: Frame, entry: UrgentCountry, tier: str, *, brief: bool) -> dict[str, object]:
    lines = _fitting(entry, tier)[: 1 if brief else LINES]
    return {
        "name": _name(frame, entry),
        "emergency": entry.emergency,
        "lines": [_line(frame, line) for line in lines],
        "checked_on": entry.checked_on.isoformat(),
        "doubt": entry.confidence == "?",
    }


def _fitting(entry: UrgentCountry, tier: str) -> list[Line]:
    """The lines of a country, those for what the text sounded like first; none where they are in doubt."""
    if entry.confidence == "?":
        return []
    wanted = _TOPICS.get(tier, ("crisis", "health"))

    def rank(line: Line) -> int:
        ranks = [wanted.index(topic) for topic in line.topics if topic in wanted]
        return min(ranks, default=len(wanted))

    return sorted(entry.lines, key=rank)


def _line(frame: Frame, line: Line) -> dict[str, object]:
    ways = [frame.texts.label(f"urgent.{way}") for way in line.ways]
    return {
        "name": line.name,
        "number": line.number,
        "keyword": line.keyword,
        "ways": ", ".join(ways),
        "always": line.hours == "always",
        "children": line.topics == ("children",),
    }


def said_line(frame: Frame, line: Line) -> str:
    """One line of help in words: "Example line: 555-0100 (call, text), day and night"."""
    values = _line(frame, line)
    number = f"{line.keyword} → {line.number}" if line.keyword else line.number
    said = f"{line.name}: {number} ({values['ways']})"
    return frame.texts.label("urgent.always", line=said) if values["always"] else said


def _copies(frame: Frame, entries: list[UrgentCountry], tier: str) -> list[Button]:
    """One button a number that puts it on the clipboard, for telephones that do not make numbers pressable."""
    numbers: list[tuple[str, str]] = []
    for entry in entries:
        numbers += [(number, _name(frame, entry)) for number in entry.emergency]
        lines = _fitting(entry, tier)[: 1 if len(entries) > 1 else LINES]
        numbers += [(line.number, line.name) for line in lines if "web" not in line.ways]
    names: dict[str, list[str]] = {}
    for number, name in numbers:
        names.setdefault(number, []).append(name)
    return [
        Button(frame.texts.label("copy_number", number=number, name=", ".join(dict.fromkeys(named))), copy=number)
        for number, named in names.items()
    ][:COPY_BUTTONS]
