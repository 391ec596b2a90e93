"""The road to treatment: who tells where it is in one country."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.domain.buttons import Action, country_number
from bot.domain.care import Care
from bot.domain.treatment import Treatment, TreatmentFinder
from bot.texts.countries import ELSEWHERE
from bot.views import picker
from bot.views.care import care_of, spoken
from bot.views.formatting import country_name
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

PICKER = 1000  # from here on a button's number is a page of the list of countries; below, a country


def card(frame: Frame, pack: Treatment, country: str) -> Screen:
    """The finders of a country; where none is known, whom to ask. `country`: the one that was meant."""
    own = pack.country != ELSEWHERE
    finders = () if pack.confidence == "?" else pack.finders
    text = frame.texts.render(
        "treatment/card",
        name=country_name(frame.texts, country) if country and country != ELSEWHERE else "",
        own=own,
        finders=finders,
        care=spoken(care_of(frame)),
        checked_on=pack.checked_on.isoformat(),
    )
    rows = [(button,) for finder in finders for button in _ways(frame, finder)]
    last = [frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent()]
    if frame.search.says_something:
        last[0] = frame.button("back_to_list", Action.LIST)
    articles = (frame.article("medicines" if Care.OPIOIDS in care_of(frame) else "treatment"),)
    other = frame.button("another_country", Action.TREATMENT, number=PICKER)
    kinds = frame.button("other_kinds", Action.OPTIONS, frame.near())
    return Screen(text, (*rows, articles, (other, kinds), tuple(last)))


def countries(frame: Frame, known: Mapping[str, Treatment], page: int, *, edits: bool = False) -> Screen:
    """Which country: those with a finder by name, and all others in one button."""
    rows = picker.country_rows(
        frame,
        [code for code in known if code != ELSEWHERE],
        page,
        choose=lambda code: frame.data(Action.TREATMENT, number=country_number(code)),
        turn=lambda to: frame.data(Action.TREATMENT, number=PICKER + to + 1),
    )
    elsewhere = frame.button("urgent.elsewhere", Action.TREATMENT, number=country_number(ELSEWHERE))
    return Screen(frame.texts.render("treatment/countries"), (*rows, (elsewhere, frame.urgent())), edits=edits)


def _ways(frame: Frame, finder: TreatmentFinder) -> list[Button]:
    """Puts the number on the clipboard, and opens the page."""
    ways = []
    if finder.phone:
        label = frame.texts.label("copy_number", number=finder.phone, name=finder.name)
        ways.append(Button(label, copy=finder.phone))
    if finder.url:
        host = urlsplit(finder.url).netloc.removeprefix("www.")
        ways.append(Button(frame.texts.label("open_page", name=host), url=finder.url))
    return ways
