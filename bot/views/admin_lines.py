"""An urgent number that is wrong: which, what is right, and the text to commit. Nothing changes by itself."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.buttons import Action, Press, country_number
from bot.domain.urgent import UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.views import picker
from bot.views.admin import home_row
from bot.views.admin_letter import commit_file
from bot.views.formatting import country_name, cut
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Document, Screen

LABEL_LENGTH = 40


def countries(frame: Frame, known: Mapping[str, UrgentCountry]) -> Screen:
    """Whose number is wrong? A page of countries; the search's page says which."""
    rows = picker.country_rows(
        frame,
        [code for code in known if code != ELSEWHERE],
        frame.search.page - 1,
        choose=lambda code: frame.data(Action.ADMIN_LINE, frame.blank(), number=numbered(code)),
        turn=lambda to: frame.data(Action.ADMIN_LINE, replace(frame.blank(), page=to + 1)),
    )
    rest = frame.button("admin.queue.elsewhere", Action.ADMIN_LINE, frame.blank(), number=numbered(ELSEWHERE))
    return Screen(frame.texts.render("admin/lines"), (*rows, (rest,), home_row(frame)), edits=frame.search.page > 1)


def numbered(code: str) -> int:
    """A country in a button's number; 0 is none."""
    return country_number(code) + 1


def numbers(frame: Frame, country: UrgentCountry) -> Screen:
    """Which of its numbers?"""
    rows = tuple(
        (
            Button(
                cut(words, LABEL_LENGTH),
                data=frame.data(Action.ADMIN_LINE, frame.blank(), meeting, numbered(country.country)),
            ),
        )
        for meeting, words in enumerate(told(frame, country), 1)
    )
    text = frame.texts.render("admin/line", country=name(frame, country), checked=country.checked_on.isoformat())
    back = frame.button("admin.queue.other_country", Action.ADMIN_LINE, frame.blank())
    return Screen(text, (*rows, (back,), home_row(frame)))


def told(frame: Frame, country: UrgentCountry) -> list[str]:
    """Every number of a country with its name, the emergency numbers first."""
    emergency = frame.texts.label("admin.queue.emergency")
    every = [(number, emergency) for number in country.emergency]
    every += [(line.number, line.name) for line in country.lines]
    return [f"{number}, {words}" for number, words in every]


def name(frame: Frame, country: UrgentCountry) -> str:
    """What a country is called."""
    if country.country == ELSEWHERE:
        return frame.texts.label("admin.queue.elsewhere")
    return country_name(frame.texts, country.country)


def ask(frame: Frame, country: UrgentCountry, which: int, *, again: bool = False) -> Screen:
    """A question for what is right. `again`: the last answer held no words."""
    press = Press(Action.ADMIN_LINE, frame.blank(), which, numbered(country.country))
    line = told(frame, country)[which - 1]
    text = frame.texts.render(
        "admin/line_ask", link=frame.start_link(press), country=name(frame, country), line=line, again=again
    )
    return Screen(text, ask=Ask(frame.texts.label("admin.queue.line_placeholder")))


def to_commit(frame: Frame, country: UrgentCountry, line: str, wanted: str, path: str, present: str) -> Screen:
    """The file for somebody with the repository."""
    label = frame.texts.label
    where = name(frame, country)
    message = label("admin.queue.commit.line_message", country=where, line=line, path=path)
    heading = label("admin.queue.commit.line", line=line)
    written = commit_file(frame, path, present, heading, wanted, message, label("admin.queue.commit.rules.urgent"))
    document = Document(f"urgent-{country.country.lower()}.md", written.encode(), "text/markdown")
    text = frame.texts.render("admin/line_commit", country=where, line=line, path=path)
    return Screen(text, (home_row(frame),), document=document)
