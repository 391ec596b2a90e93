"""Written answers to what a text touches beside a search: a court, a medicine, a first visit."""

from bot.domain.buttons import Action
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

WRITTEN = (
    "grief", "medicine_shamed", "medicine", "withdrawal", "minor", "court", "used_again", "treatment", "cost",
    "first_time", "lonely", "about_kind", "urgent_help", "thanks",
)  # fmt: skip
"""The topics with a message under messages/topics/, the most pressing first."""
_MEDICINES = frozenset({"medicine_shamed", "medicine"})


def written(topics: tuple[str, ...]) -> str | None:
    """The topic to answer: one at a time, the most pressing."""
    return next((topic for topic in WRITTEN if topic in topics), None)


def answer(frame: Frame, topic: str) -> Screen:
    """The answer to one topic, and where it leads on."""
    blank = frame.blank()
    rows: list[tuple[Button, ...]] = [
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, blank),
            frame.button("online_now", Action.ONLINE_NOW, blank),
        ),
        (frame.button("options", Action.OPTIONS, blank), frame.urgent()),
    ]
    if topic in _MEDICINES:
        welcoming = frame.near(blank, filters=frozenset({"medication"}), online=True)
        rows.insert(0, (frame.button("medicine_groups", Action.LIST, welcoming),))
    return Screen(frame.texts.render(f"topics/{topic}"), tuple(rows))


def before(frame: Frame, topic: str, screen: Screen) -> Screen:
    """The answer to a topic, and then the screen that the rest of the text asked for."""
    rows = [row for row in answer(frame, topic).rows if topic in _MEDICINES][:1]
    return Screen(frame.texts.render(f"topics/{topic}"), (*rows, (frame.urgent(),)), then=(screen,))
