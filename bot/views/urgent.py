"""Urgent help: the card of a country, and of what a text sounded like."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.buttons import Action, country_number
from bot.domain.search import Search
from bot.domain.urgent import Line, UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.views import picker
from bot.views.formatting import country_name
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

COPY_BUTTONS = 8
LINES = 5  # of one country
_TOPICS = {
    "self_harm": ("crisis",),
    "self_harm_other": ("crisis",),
    "self_harm_past": ("crisis",),
    "grief": ("crisis",),
    "medical": ("health", "poison"),
    "overdose": ("poison", "health"),
    "withdrawal": ("health", "drugs"),
    "violence": ("violence", "crisis", "children"),
    "child": ("children", "violence", "crisis"),
    "threat": ("crisis",),
}
"""Which lines a card names, the most fitting first; a card that is not here names all."""
CARDS = tuple(_TOPICS)
_MEDICAL = frozenset({"medical", "overdose", "withdrawal"})


def card(
    frame: Frame,
    country: UrgentCountry | None,
    nearby: list[UrgentCountry],
    *,
    kind: str = "",
    resume: Search | None = None,
) -> Screen:
    """The card: emergency number and lines of one country, or of three where the country is not known.

    `kind` is one of CARDS, what the text sounded like, or empty for the plain card; `resume` the search that was
    asked along with it.
    """
    countries = [country] if country else nearby[:3]
    text = frame.texts.render(
        "urgent/card",
        card=kind,
        known=country is not None,
        countries=[_values(frame, entry, kind, brief=country is None) for entry in countries],
        words_of=frame.texts.label("urgent.words_of"),
        young=kind == "child" and not any("children" in line.topics for one in countries for line in one.lines),
    )
    copies = _copies(frame, countries, kind)
    rows = list(pairs(copies) if country else ((button,) for button in copies))
    code = country_number(country.country) if country else 0
    last = [frame.button("another_country", Action.URGENT_COUNTRIES)]
    if page := web_page(frame, country):
        last.append(Button(frame.texts.label("urgent.page"), url=page))
    if kind not in ("violence", "child", "threat", "grief"):
        last.append(frame.button("treatment", Action.TREATMENT, number=code))
    if resume is not None:
        last.append(frame.button("resume", Action.RESUME, resume))
    elif frame.search.says_something:
        last.append(frame.button("back_to_list", Action.LIST))
    else:
        last.append(frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()))
    return Screen(text, (*rows, *pairs(last)))


def with_line(frame: Frame, screen: Screen) -> Screen:
    """The screen with one line on urgent help below, where it does not name it yet."""
    if "/urgent" in screen.text:
        return screen
    return replace(screen, text=f"{screen.text}\n\n{frame.texts.label('urgent.line')}")


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


def web_page(frame: Frame, country: UrgentCountry | None) -> str:
    """Where the same numbers stand as a web page whose links call and text; empty without web pages."""
    if not frame.public_url:
        return ""
    code = f"/{country.country.lower()}" if country and country.country != ELSEWHERE else ""
    return f"{frame.public_url}/urgent{code}?lang={frame.texts.language}"


def _values(frame: Frame, entry: UrgentCountry, kind: str, *, brief: bool) -> dict[str, object]:
    lines = fitting(entry, kind)[: 1 if brief else LINES]
    return {
        "name": _name(frame, entry),
        "emergency": entry.emergency,
        "lines": [_line(frame, line) for line in lines],
        "checked_on": entry.checked_on.isoformat(),
        "doubt": entry.confidence == "?",
    }


def fitting(entry: UrgentCountry, kind: str) -> list[Line]:
    """The lines of a country for one card, the most fitting first; none where they are in doubt.

    The plain card names them all. Where a country has no line for a card, its crisis lines stand there, save on the
    cards that say: call the emergency number.
    """
    if entry.confidence == "?":
        return []
    wanted = _TOPICS.get(kind, ("crisis", "health"))

    def rank(line: Line) -> int:
        ranks = [wanted.index(topic) for topic in line.topics if topic in wanted]
        return min(ranks, default=len(wanted))

    lines = sorted(entry.lines, key=rank)
    if kind not in _TOPICS:
        return lines
    found = [line for line in lines if rank(line) < len(wanted)]
    if found or kind in _MEDICAL:
        return found
    return [line for line in lines if "crisis" in line.topics]


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


def _copies(frame: Frame, entries: list[UrgentCountry], kind: str) -> list[Button]:
    """One button a number that puts it on the clipboard, for telephones that do not make numbers pressable."""
    numbers: list[tuple[str, str]] = []
    for entry in entries:
        numbers += [(number, _name(frame, entry)) for number in entry.emergency]
        lines = fitting(entry, kind)[: 1 if len(entries) > 1 else LINES]
        numbers += [(line.number, line.name) for line in lines if "web" not in line.ways]
    names: dict[str, list[str]] = {}
    for number, name in numbers:
        names.setdefault(number, []).append(name)
    key = "copy_number" if len(entries) > 1 else "copy_one"  # of one country the text above has the names
    return [
        Button(frame.texts.label(key, number=number, name=", ".join(dict.fromkeys(of))), copy=number)
        for number, of in names.items()
    ][:COPY_BUTTONS]
