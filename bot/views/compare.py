"""Two kinds beside each other, field by field, and the choice of the second.

Which of the two stands first is drawn by the seed, as every order is: being asked about first is no merit.
"""

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship, related, serves
from bot.domain.turns import balanced, shuffled
from bot.texts.facts import FACTS
from bot.texts.fellowships import FIELDS
from bot.views.fellowship import heading, next_meetings, short_text
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

KINDS_A_PAGE = 6
PAGES_A_ROW = 4
TURNED = 1  # the number of a button that turns the page in place
FURTHER = tuple(name for name in FACTS if name not in FIELDS)  # the second page; the first has those of the card


def choose(frame: Frame, fellowship: Fellowship, meeting: int | None = None, *, edits: bool = False) -> Screen:
    """The other kinds, one equal line each: first, in turns, those for the same needs, then all others."""
    order = others(frame, fellowship)
    pages = max(1, -(-len(order) // KINDS_A_PAGE))
    page = (frame.search.page - 1) % pages
    part = order[page * KINDS_A_PAGE : (page + 1) * KINDS_A_PAGE]
    text = frame.texts.render(
        "fellowship/compare_with",
        name=fellowship.name,
        lines=[(kind.name, short_text(frame, frame.facts[kind.id], "for")) for kind in part],
        page=page + 1,
        pages=pages,
    )
    pair = [frame.near(fellowships=(fellowship.id, kind.id)) for kind in part]
    openers = tuple(
        (Button(kind.name, data=frame.data(Action.COMPARE, search, meeting)),)
        for kind, search in zip(part, pair, strict=True)
    )
    last = (_back(frame, fellowship, meeting), frame.urgent())
    return Screen(text, (*openers, *_pages(frame, meeting, page, pages), last), edits=edits)


def others(frame: Frame, fellowship: Fellowship) -> list[Fellowship]:
    """All kinds that are known to meet, but for this one, in the order of choose()."""
    every, needs = frame.fellowships, frame.search.needs
    known = [kind for kind in shuffled(every, frame.search.seed) if every[kind].live and kind != fellowship.id]
    stated = bool(needs) and serves(fellowship, needs)
    near = [kind for kind in known if (serves(every[kind], needs) if stated else related(fellowship, every[kind]))]
    traditions = {kind: every[kind].tradition for kind in known}
    first = balanced(near, traditions, KINDS_A_PAGE)
    rest = [kind for kind in known if kind not in near]
    return [every[kind] for kind in (*first, *rest)]


def compare(
    frame: Frame, one: Fellowship, other: Fellowship, meeting: int | None = None, *, edits: bool = False
) -> Screen:
    """The same fields of both in alternating lines; the first page has the fields of the card."""
    drawn = shuffled(frame.fellowships, frame.search.seed)
    pair = sorted((one, other), key=lambda kind: drawn.index(kind.id))
    further = frame.search.page % 2 == 0
    text = frame.texts.render(
        "fellowship/compare",
        names=[kind.name for kind in pair],
        rows=[
            (heading(frame, name), [(kind.short, _text(frame, kind, name, further)) for kind in pair])
            for name in (FURTHER if further else FIELDS)
        ],
    )
    turn = frame.search.with_page(1 if further else 2)
    label = "first_facts" if further else "more_facts"
    again = frame.near(fellowships=(one.id,))
    rows = (
        *((_next(frame, kind),) for kind in pair),
        (frame.button(label, Action.COMPARE, turn, meeting=meeting, number=TURNED),),
        *((_facts(frame, kind, meeting),) for kind in pair),
        (frame.button("compare_other", Action.COMPARE_WITH, again, meeting=meeting), frame.article("kinds")),
        (_back(frame, one, meeting), frame.urgent()),
    )
    return Screen(text, rows, edits=edits)


def _text(frame: Frame, kind: Fellowship, name: str, further: bool) -> str:
    told = frame.facts[kind.id]
    return told.facts[name] if further else short_text(frame, told, name)


def _next(frame: Frame, kind: Fellowship) -> Button:
    return frame.button("kind_next", Action.LIST, next_meetings(frame, kind), kind=kind.short)


def _facts(frame: Frame, kind: Fellowship, meeting: int | None) -> Button:
    alone = frame.near(fellowships=())
    return frame.button("kind_facts", Action.ALL_FACTS, alone, number=kind.number, meeting=meeting, kind=kind.short)


def _back(frame: Frame, kind: Fellowship, meeting: int | None) -> Button:
    return frame.button("back", Action.FELLOWSHIP, frame.near(fellowships=()), number=kind.number, meeting=meeting)


def _pages(frame: Frame, meeting: int | None, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """Every other page by its number, the next one by name, so that no kind is further away than another."""
    turns = tuple(
        frame.button(
            "more_kinds" if to == page + 1 else "page",
            Action.COMPARE_WITH,
            frame.search.with_page(to + 1),
            meeting=meeting,
            number=TURNED,
            page=to + 1,
        )
        for to in range(pages)
        if to != page
    )
    return tuple(turns[at : at + PAGES_A_ROW] for at in range(0, len(turns), PAGES_A_ROW))
