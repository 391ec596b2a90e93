"""The kinds of groups, one equal line each, in turns: all of them, or those for what was said."""

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship, serves
from bot.domain.filters import Verdict, rule
from bot.domain.meeting import tags_to_bits
from bot.domain.search import Search
from bot.domain.turns import balanced, shuffled
from bot.views.care import care_of, first_rows, spoken, treatment_button
from bot.views.doors import GOALS, OF_KINDS
from bot.views.frame import Frame
from bot.views.said import filter_name
from bot.views.screen import Button, Screen

KINDS_A_PAGE = 6
TURNED = 1  # the number of a button that turns the page in place
PAGES_A_ROW = 4
OF_KIND = frozenset({"secular", "medication", "dual", "goal_stop", "goal_less", "goal_own"})
"""Filters that a kind answers by its own text; the others are for single meetings."""


def options(frame: Frame, search: Search, listed: frozenset[str] = frozenset(), *, edits: bool = False) -> Screen:
    """Every kind that fits what was said, in turns that the seed shuffles; each page is one press away.

    `listed`: quiet kinds (not known to meet) of which a meeting is listed where the person looks.
    """
    order = [(part, kind) for part, kinds in fitting(frame, search, listed) for kind in kinds]
    pages = max(1, -(-len(order) // KINDS_A_PAGE))
    page = (search.page - 1) % pages
    shown = order[page * KINDS_A_PAGE : (page + 1) * KINDS_A_PAGE]
    text = frame.texts.render(
        "fellowship/options",
        lines=[
            {"part": part, "name": kind.name, "what": frame.cards.get(kind.id, {}).get("for", "")}
            for part, kind in shown
        ],
        page=page + 1,
        pages=pages,
        total=len(order),
        about=[frame.texts.label(f"need.{need}") for need in search.needs],
        aims=[filter_name(frame, name) for name in sorted(search.filters & OF_KIND)],
        care=spoken(care_of(frame, search)),
    )
    openers = tuple(
        (Button(kind.name, data=frame.data(Action.FELLOWSHIP, search, number=kind.number)),) for _, kind in shown
    )
    before = first_rows(frame, search)
    about = frame.button("what_about", Action.ASK_ABOUT, frame.near(search), number=OF_KINDS)
    beside = (about,) if before else (about, treatment_button(frame, search))
    rows = (*before, *openers, beside, *_any_aim(frame, search), *_pages(frame, search, page, pages))
    return Screen(text, (*rows, (frame.urgent(),)), edits=edits)


def fitting(
    frame: Frame, search: Search, listed: frozenset[str] = frozenset()
) -> tuple[tuple[str, list[Fellowship]], ...]:
    """The kinds that fit, in turns, in three parts: for anyone, for stated people, and those that do not say."""
    every = frame.fellowships
    kinds = [
        every[kind]
        for kind in shuffled(every, search.seed)
        if serves(every[kind], search.needs) and (every[kind].live or kind in listed)
    ]
    verdicts = {kind.id: _verdict(kind, search.filters & OF_KIND) for kind in kinds}
    sure = [kind for kind in kinds if verdicts[kind.id] is Verdict.YES]
    anyone = [kind.id for kind in sure if not _stated(kind, search)]
    turns = balanced(anyone, {kind.id: kind.tradition for kind in sure})
    return (
        ("", [every[kind] for kind in turns]),
        ("stated", [kind for kind in sure if _stated(kind, search)]),
        ("silent", [kind for kind in kinds if verdicts[kind.id] is Verdict.UNSAID]),
    )


def _stated(kind: Fellowship, search: Search) -> bool:
    """Whether a kind is for stated people (women, a faith, a trade) whom the search does not name."""
    return bool(kind.for_people) and not search.stated_groups and kind.tags.isdisjoint(search.filters)


def _verdict(kind: Fellowship, filters: frozenset[str]) -> Verdict:
    """Whether a kind's own text meets every one of these filters."""
    facts = tags_to_bits(kind.tags)
    found = {rule(name).verdict(facts, 0) for name in filters}
    if Verdict.NO in found:
        return Verdict.NO
    return Verdict.UNSAID if Verdict.UNSAID in found else Verdict.YES


def _any_aim(frame: Frame, search: Search) -> tuple[tuple[Button, ...], ...]:
    """With an aim stated: all kinds again, for who is not sure."""
    if not search.filters & GOALS:
        return ()
    anything = frame.near(search, filters=search.filters - GOALS)
    return ((frame.button("all_aims", Action.OPTIONS, anything),),)


def _pages(frame: Frame, search: Search, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """Every other page has a button, so that no kind is further away than another."""
    beside = {page - 1: "previous", page + 1: "more_kinds"}

    def turn(to: int) -> Button:
        label = beside.get(to, "page")
        return frame.button(label, Action.OPTIONS, search.with_page(to + 1), number=TURNED, page=to + 1)

    turns = tuple(turn(to) for to in range(pages) if to != page)
    return tuple(turns[at : at + PAGES_A_ROW] for at in range(0, len(turns), PAGES_A_ROW))
