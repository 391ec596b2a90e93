"""Written answers to what a text touches beside a search: a court, a medicine, a first visit."""

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship
from bot.domain.urgent import UrgentCountry
from bot.views.care import treatment_button
from bot.views.frame import Frame
from bot.views.screen import Button, Screen
from bot.views.urgent import fitting, said_line

WRITTEN = (
    "grief", "medicine_shamed", "withdrawal", "dose", "medicine", "safe_meeting", "minor", "court", "diagnosis",
    "used_again", "treatment", "cost",
    "first_time", "lonely", "about_kind", "urgent_help", "thanks",
)  # fmt: skip
"""The topics with a message under messages/topics/, the most pressing first."""
_MEDICINES = frozenset({"medicine_shamed", "medicine"})
_TREATMENT = frozenset({"medicine_shamed", "medicine", "dose", "diagnosis", "withdrawal", "treatment", "used_again"})
"""The topics beside which the road to treatment stands."""
LINES = 2  # that a mourner is told of
_ARTICLES = {
    "medicine_shamed": "medicines",
    "medicine": "medicines",
    "treatment": "treatment",
    "court": "told-to-go",
    "first_time": "first-meeting",
    "grief": "family",
    "about_kind": "kinds",
}


def written(topics: tuple[str, ...]) -> str | None:
    """The topic to answer: one at a time, the most pressing."""
    return next((topic for topic in WRITTEN if topic in topics), None)


def answer(frame: Frame, topic: str, country: UrgentCountry | None = None) -> Screen:
    """The answer to one topic, and where it leads on. `country`: whose crisis lines a mourner is told of."""
    blank = frame.blank()
    rows = (
        *_own_rows(frame, topic),
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, blank),
            frame.button("online_now", Action.ONLINE_NOW, blank),
        ),
        (frame.button("options", Action.OPTIONS, blank), frame.urgent()),
    )
    return Screen(_text(frame, topic, country), rows)


def before(frame: Frame, topic: str, screen: Screen, country: UrgentCountry | None = None) -> Screen:
    """The answer to a topic, and then the screen that the rest of the text asked for."""
    last = (frame.button("other_kinds", Action.OPTIONS, frame.blank()), frame.urgent())
    return Screen(_text(frame, topic, country), (*_own_rows(frame, topic), last), then=(screen,))


def _text(frame: Frame, topic: str, country: UrgentCountry | None) -> str:
    lines = [said_line(frame, line) for line in fitting(country, "grief")[:LINES]] if country else []
    return frame.texts.render(f"topics/{topic}", lines=lines)


def _own_rows(frame: Frame, topic: str) -> tuple[tuple[Button, ...], ...]:
    """What belongs to this topic alone: the named kinds, groups that welcome medicines, treatment, more to read."""
    rows: list[tuple[Button, ...]] = []
    if topic == "about_kind":
        rows += [(_card(frame, frame.kind(kind)),) for kind in frame.search.fellowships]
    if topic in _MEDICINES:
        welcoming = frame.near(frame.blank(), filters=frozenset({"medication"}), online=True)
        rows.append((frame.button("medicine_groups", Action.LIST, welcoming),))
    beside = [treatment_button(frame)] if topic in _TREATMENT else []
    if topic in _ARTICLES:
        beside.append(frame.article(_ARTICLES[topic]))
    return (*rows, tuple(beside)) if beside else tuple(rows)


def _card(frame: Frame, kind: Fellowship) -> Button:
    return Button(kind.name, data=frame.data(Action.FELLOWSHIP, frame.near(fellowships=()), number=kind.number))
