"""The kinds of groups: all of them in turns, and one of them in eight fields."""

import random

from bot.domain.buttons import Action
from bot.domain.fellowship import Fellowship, serves
from bot.domain.search import Search
from bot.views.find import OF_KINDS, finder_buttons, pairs
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

KINDS_A_PAGE = 6
TURNED = 1  # the number of a button that turns the page in place


def card(frame: Frame, fellowship: Fellowship, meeting: int | None = None) -> Screen:
    """One kind in the same eight fields, order and length as every other."""
    fields = frame.cards.get(fellowship.id, {})
    text = frame.texts.render("fellowship/card", name=fellowship.name, card=fields)
    search = frame.near(frame.blank(), fellowships=(fellowship.id,), online=True)
    if frame.search.place:
        search = frame.near(search, place=frame.search.place, online=None)
    rows = (
        (
            frame.button("next_meetings", Action.LIST, search),
            frame.button("expect", Action.EXPECT, number=fellowship.number),
        ),
        (
            frame.button("talk_first", Action.TALK_FIRST, number=fellowship.number),
            frame.button("other_kinds", Action.OPTIONS),
        ),
    )
    last: tuple[Button, ...] = (frame.urgent(),)
    if meeting is not None:
        last = (frame.button("back_to_meeting", Action.MEETING, meeting=meeting), frame.urgent())
    return Screen(text, (*rows, *finder_buttons(frame, (fellowship.id,), 1), last))


def options(frame: Frame, search: Search, *, edits: bool = False) -> Screen:
    """Every kind that fits what was said, one equal line each, in turns that the seed shuffles."""
    fitting = [kind for kind in frame.fellowships.values() if serves(kind, search.needs) and kind.live]
    order = _in_turns(fitting, search.seed)
    pages = max(1, -(-len(order) // KINDS_A_PAGE))
    page = (search.page - 1) % pages
    part = order[page * KINDS_A_PAGE : (page + 1) * KINDS_A_PAGE]
    lines = [{"name": kind.name, "what": frame.cards.get(kind.id, {}).get("for", "")} for kind in part]
    text = frame.texts.render(
        "fellowship/options", lines=lines, page=page + 1, pages=pages, needs=search.needs, total=len(order)
    )
    openers = [(Button(kind.name, data=frame.data(Action.FELLOWSHIP, search, number=kind.number)),) for kind in part]
    turns = tuple(
        frame.button(label, Action.OPTIONS, search.with_page(to + 1), number=TURNED)
        for label, to in (("previous", page - 1), ("more_kinds", page + 1))
        if 0 <= to < pages
    )
    last = (frame.button("what_about", Action.ASK_ABOUT, frame.near(search), number=OF_KINDS), frame.urgent())
    return Screen(text, (*openers, turns, last), edits=edits)


def _in_turns(kinds: list[Fellowship], seed: int) -> list[Fellowship]:
    """A shuffle in which the traditions take turns, so that no page holds only one of them."""
    chance = random.Random(seed)  # noqa: S311 - a fair order, not a secret
    stacks: dict[str, list[Fellowship]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.number):
        stacks.setdefault(kind.tradition, []).append(kind)
    piles = list(stacks.values())
    for pile in piles:
        chance.shuffle(pile)
    chance.shuffle(piles)
    order: list[Fellowship] = []
    while any(piles):
        order += [pile.pop() for pile in piles if pile]
    return order


def expect(frame: Frame, fellowship: Fellowship, meeting: int | None, online: bool) -> Screen:
    """What a first visit is like, in the same words and order for every kind."""
    text = frame.texts.render(
        "fellowship/expect",
        name=fellowship.name,
        card=frame.cards.get(fellowship.id, {}),
        online=online,
        room=meeting is None or not online,
    )
    buttons = [frame.button("talk_first", Action.TALK_FIRST, meeting=meeting, number=fellowship.number)]
    if online:
        buttons.append(frame.button("join_help", Action.JOIN_HELP, meeting=meeting, number=fellowship.number))
    return Screen(text, (tuple(buttons), _back(frame, fellowship, meeting)))


def talk_first(frame: Frame, fellowship: Fellowship, contacts: list[tuple[str, str]], meeting: int | None) -> Screen:
    """Whom one can call or write to before going, and a few words to say.

    `contacts`: (name, telephone number or address) of the group's list, public ones only.
    """
    text = frame.texts.render("fellowship/talk_first", name=fellowship.name, contacts=contacts)
    copies = [
        Button(frame.texts.label("copy_contact", number=value), copy=value)
        for _, value in contacts
        if not value.startswith("http")
    ]
    links: list[tuple[Button, ...]] = [
        (Button(frame.texts.label("open_page", name=name), url=value),)
        for name, value in contacts
        if value.startswith("http")
    ]
    if fellowship.site:
        links.append((Button(frame.texts.label("official_site", kind=fellowship.short), url=fellowship.site),))
    return Screen(text, (*pairs(copies[:2]), *links[:2], _back(frame, fellowship, meeting)))


def join_help(frame: Frame, fellowship: Fellowship, meeting: int | None) -> Screen:
    """What to try when the link, the sound or the passcode does not work."""
    return Screen(frame.texts.render("fellowship/join_help"), (_back(frame, fellowship, meeting),))


def _back(frame: Frame, fellowship: Fellowship, meeting: int | None) -> tuple[Button, ...]:
    if meeting is None:
        return (frame.button("back", Action.FELLOWSHIP, number=fellowship.number), frame.urgent())
    return (frame.button("back_to_meeting", Action.MEETING, meeting=meeting), frame.urgent())
