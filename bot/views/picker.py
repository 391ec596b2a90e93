"""The countries of a collection as buttons, by name, a page at a time."""

from collections.abc import Callable, Iterable

from bot.views.formatting import country_name
from bot.views.frame import Frame
from bot.views.screen import Button

COUNTRIES_A_PAGE = 8


def country_rows(
    frame: Frame,
    codes: Iterable[str],
    page: int,
    *,
    choose: Callable[[str], str],
    turn: Callable[[int], str],
) -> tuple[tuple[Button, ...], ...]:
    """Two countries a row, and the way to the other pages (from 0). `choose`, `turn`: the data of their buttons."""
    named = sorted((country_name(frame.texts, code), code) for code in codes)
    pages = max(1, -(-len(named) // COUNTRIES_A_PAGE))
    page %= pages
    part = named[page * COUNTRIES_A_PAGE : (page + 1) * COUNTRIES_A_PAGE]
    buttons = [Button(name, data=choose(code)) for name, code in part]
    turns = tuple(
        Button(frame.texts.label(label), data=turn(to))
        for label, to in (("previous", page - 1), ("more_countries", page + 1))
        if 0 <= to < pages
    )
    return (*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), turns)
