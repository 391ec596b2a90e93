"""What is it about? Eight doors of equal rank, some with a second step; each may be left out."""

from bot.domain.buttons import Action
from bot.domain.search import Search
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

DOORS: dict[str, int] = {"drugs": 1, "family": 2, "other": 3, "less": 4}
"""Doors with a second step; the numbers stand in buttons."""
OF_KINDS = 10  # added to a door's number where it leads to kinds of groups, not to meetings
SECOND_STEP: dict[int, tuple[tuple[str, tuple[str, ...]], ...]] = {
    1: (
        ("about.opioids", ("opioids",)),
        ("about.stimulants", ("stimulants",)),
        ("about.cannabis", ("cannabis",)),
        ("about.any_drug", ("drugs",)),
    ),
    2: (
        ("about.their_drinking", ("family", "alcohol")),
        ("about.their_opioids", ("family", "opioids")),
        ("about.their_drugs", ("family", "drugs")),
        ("about.their_gambling", ("family", "gambling")),
        ("about.any_family", ("family",)),
    ),
    3: (
        ("about.nicotine", ("nicotine",)),
        ("about.sex_love", ("sex_love",)),
        ("about.money", ("money",)),
        ("about.technology", ("technology",)),
        ("about.relationships", ("relationships",)),
        ("about.mental_health", ("mental_health",)),
    ),
    4: (
        ("about.less_alcohol", ("alcohol",)),
        ("about.less_drugs", ("drugs",)),
        ("about.less_gambling", ("gambling",)),
        ("about.less_other", ()),
    ),
}
GOALS = frozenset({"goal_stop", "goal_less", "goal_own"})


def about(frame: Frame, search: Search, *, of_kinds: bool = False) -> Screen:
    """Asks what it is about. `of_kinds`: the doors lead to kinds of groups, not to meetings."""
    target, shift = (Action.OPTIONS, OF_KINDS) if of_kinds else (Action.LIST, 0)

    def door(key: str, *needs: str) -> Button:
        return frame.button(f"about.{key}", target, frame.near(search, needs=needs))

    def step(key: str) -> Button:
        return frame.button(f"about.{key}", Action.ASK_ABOUT_MORE, search, number=DOORS[key] + shift)

    rows = (
        (door("alcohol", "alcohol"), step("drugs")),
        (door("gambling", "gambling"), door("food", "food")),
        (step("family"), step("other")),
        (step("less"), door("everything")),
        (frame.urgent(),),
    )
    return Screen(frame.texts.render("find/about"), rows)


def about_more(frame: Frame, search: Search, door: int) -> Screen:
    """The second step behind a door; an unknown door is the first step again."""
    of_kinds = door > OF_KINDS
    target, door = (Action.OPTIONS, door - OF_KINDS) if of_kinds else (Action.LIST, door)
    if door not in SECOND_STEP:
        return about(frame, search, of_kinds=of_kinds)
    less = door == DOORS["less"]
    filters = search.filters - GOALS | {"goal_less"} if less else search.filters
    buttons = [
        frame.button(label, target, frame.near(search, needs=needs, filters=filters))
        for label, needs in SECOND_STEP[door]
    ]
    if less:
        buttons += [*_other_aims(frame, search, target), frame.article("using-less")]
    beside = [frame.button("back", Action.ASK_ABOUT, search, number=OF_KINDS if of_kinds else 0)]
    if door == DOORS["family"] and not of_kinds:
        beside.insert(0, frame.button("other_kinds", Action.OPTIONS, frame.near(search, needs=("family",))))
    text = frame.texts.render("find/about_more", door=door)
    return Screen(text, (*pairs(buttons), (*beside, frame.urgent())))


def _other_aims(frame: Frame, search: Search, target: Action) -> list[Button]:
    """Beside using less: to stop, and not to be sure yet, which hides nothing."""
    bare = frame.near(search, filters=search.filters - GOALS)
    to_stop = frame.near(bare, filters=bare.filters | {"goal_stop"})
    return [frame.button("about.to_stop", target, to_stop), frame.button("about.not_sure", target, bare)]
