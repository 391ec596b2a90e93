"""What a hand-off link opens: what was picked, other kinds beside it, and every choice."""

from bot.domain.buttons import Action, Press
from bot.domain.found import Row
from bot.domain.handoff import Handed
from bot.domain.search import LANGUAGES
from bot.views import rows as lines
from bot.views.care import care_of, first_rows, spoken
from bot.views.frame import Frame
from bot.views.handoff import numbered
from bot.views.said import said
from bot.views.screen import Button, Screen, pairs


def opened(frame: Frame, handed: Handed) -> Screen:
    """The picked meetings first, marked so, then kinds that nobody picked; none of it is urged on anybody."""
    search = handed.search
    every = (*handed.picked, *handed.others)
    listed = [lines.line(frame, search, at, row) for at, row in enumerate(every, start=1)]
    text = frame.texts.render(
        "handoff/opened",
        picked=listed[: len(handed.picked)],
        others=listed[len(handed.picked) :],
        said=said(frame, search),
        gone=handed.gone,
        expired=handed.expired,
        family=handed.from_family,
        care=spoken(care_of(frame, search)),
    )
    openers = [lines.opener(frame, search, at, row) for at, row in enumerate(every, start=1)]
    return Screen(
        text, (*first_rows(frame, search), *pairs(openers), *_on(frame, handed, every), _last(frame, handed))
    )


def _on(frame: Frame, handed: Handed, every: tuple[Row, ...]) -> tuple[tuple[Button, ...], ...]:
    """Talk to someone, all the options, bring someone along."""
    buttons = [frame.button("other_kinds", Action.OPTIONS, handed.search)]
    if every:
        first = every[0].meeting
        number = frame.kind(first.fellowship).number
        buttons.insert(0, frame.button("talk_first", Action.TALK_FIRST, meeting=first.id, number=number))
        buttons.append(_again(frame, handed, "handoff.along", Action.HANDOFF_ALONG))
    else:
        buttons.append(frame.button("near_a_place", Action.ASK_PLACE, handed.search))
    return pairs(buttons)


def _last(frame: Frame, handed: Handed) -> tuple[Button, ...]:
    """The other language, by its own name, and urgent help."""
    other = frame.other_texts
    return (
        _again(frame, handed, "", Action.HANDOFF_SHOW, LANGUAGES[other.language], other.label("language_name")),
        frame.urgent(),
    )


def _again(frame: Frame, handed: Handed, key: str, action: Action, value: int = 0, label: str = "") -> Button:
    """A button that carries the hand-off on, as its link did."""
    picked = tuple(row.meeting.id for row in handed.picked)
    press = Press(action, handed.search, None, numbered(value, handed.from_family), picked)
    return Button(label or frame.texts.label(key), data=frame.pack(press))


def along(frame: Frame, handed: Handed) -> Screen:
    """A message in the person's own voice that asks somebody to come along, to forward as it is."""
    rows = (*handed.picked, *handed.others)[:1]
    values = [lines.line(frame, handed.search, 1, row) | {"place": row.meeting.place_line} for row in rows]
    back = (_again(frame, handed, "back", Action.HANDOFF_SHOW, LANGUAGES[frame.texts.language]), frame.urgent())
    forward = Screen(frame.texts.render("handoff/along", lines=values))
    return Screen(frame.texts.render("handoff/along_hint"), (back,), then=(forward,))
