"""My plan: a person's own numbers, shown when asked, changed or dropped in two presses."""

from datetime import date, timedelta

from bot.domain.buttons import Action, Press
from bot.domain.reminder import Plan
from bot.views.frame import Frame
from bot.views.moments import date_of
from bot.views.screen import Ask, Button, Screen, pairs

SHOW, ASK, DROP = 0, 1, 2  # numbers of a button
COUNTS = (1, 2, 3, 4, 5)
WEEKS = (1, 2, 4, 8)
KINDS = (1, 2, 3)
_MOST = {"meetings": 31, "weeks": 63, "kinds": 7}
_FIRST = 8  # smallest number that carries a part of a plan


def numbered(meetings: int, weeks: int = 0, kinds: int = 0) -> int:
    """Parts of a plan as the number of a button: meetings, weeks from now (0: not said), kinds (0: not said)."""
    return min(meetings, _MOST["meetings"]) << 3 | min(weeks, _MOST["weeks"]) << 8 | min(kinds, _MOST["kinds"]) & 7


def parts(number: int) -> tuple[int, int, int]:
    """The reverse of numbered: meetings (0 where the number carries none), weeks, kinds."""
    if number < _FIRST:
        return 0, 0, 0
    return number >> 3 & _MOST["meetings"], number >> 8 & _MOST["weeks"], number & _MOST["kinds"]


def show(frame: Frame, plan: Plan, *, fresh: bool = False) -> Screen:
    """The plan as it was said. Nothing is counted against it."""
    blank = frame.blank()
    text = frame.texts.render(
        "plan/show",
        meetings=plan.meetings,
        kinds=plan.kinds or 0,
        until=date_of(frame, plan.until, frame.operator.country),
        over=plan.until < frame.now.date(),
        fresh=fresh,
    )
    rows = (
        (
            frame.button("change_it", Action.PLAN, blank, number=ASK),
            frame.button("drop_plan", Action.PLAN, blank, number=DROP),
        ),
        (frame.button("find_a_meeting", Action.ASK_PLACE, blank), frame.urgent()),
    )
    return Screen(text, rows)


def ask(frame: Frame) -> Screen:
    """Asks for the person's own numbers."""
    link = frame.start_link(Press(Action.PLAN, frame.blank(), number=ASK))
    text = frame.texts.render("plan/ask", link=link)
    return Screen(text, ask=Ask(frame.texts.label("plan.placeholder")))


def ask_count(frame: Frame, *, heard: bool = False) -> Screen:
    """Numbers to press. `heard`: something was typed that could not be read."""
    buttons = [
        Button(
            frame.texts.label("plan.meetings", count),
            data=frame.data(Action.PLAN, frame.blank(), number=numbered(count)),
        )
        for count in COUNTS
    ]
    return Screen(frame.texts.render("plan/ask_count", heard=heard), (*pairs(buttons), _last(frame)))


def ask_until(frame: Frame, meetings: int, kinds: int = 0) -> Screen:
    """Until when: a few dates to press, or a typed one."""
    buttons = []
    for weeks in WEEKS:
        until = date_of(frame, frame.now.date() + timedelta(weeks=weeks), frame.operator.country)
        label = frame.texts.label("plan.weeks", weeks, date=until)
        number = numbered(meetings, weeks, kinds)
        buttons.append((Button(label, data=frame.data(Action.PLAN, frame.blank(), number=number)),))
    said = frame.texts.label("plan.meetings", meetings)
    return Screen(frame.texts.render("plan/ask_until", said=said), (*buttons, _last(frame)))


def until_in(weeks: int, today: date) -> date:
    """The day that lies so many weeks ahead."""
    return today + timedelta(weeks=weeks)


def dropped(frame: Frame) -> Screen:
    """The plan is gone, and that is fine."""
    return Screen(frame.texts.render("plan/dropped"), (_last(frame),), edits=True)


def _last(frame: Frame) -> tuple[Button, ...]:
    return (frame.button("my_reminders", Action.REMINDERS, frame.blank()), frame.urgent())
