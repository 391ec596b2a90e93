"""The search: where, what about, the list, and every way to change it."""

from dataclasses import replace

from bot.domain.buttons import Action
from bot.domain.care import Care
from bot.domain.found import Found
from bot.domain.meeting import SAMPLES
from bot.domain.place import Place
from bot.domain.search import PAGE_ROWS, Order, Search
from bot.domain.understood import Understood
from bot.domain.when import ANY_TIME, NOW, Day, When
from bot.views import rows as lines
from bot.views.care import care_of, first_rows, spoken
from bot.views.formatting import country_name, distance
from bot.views.frame import Frame
from bot.views.said import kinds_said, place_name, said
from bot.views.screen import Ask, Button, Keys, Screen, pairs

MOST_BUTTONS = 8  # of a list, beside paging and navigation
FINDERS = 2  # links to official sites below an empty list
OFFERED_FILTERS = ("newcomers", "secular", "women", "men", "lgbtq", "young", "medication", "wheelchair")


def where(frame: Frame, asked: Search | None = None) -> Screen:
    """Asks for the place. `asked`: a search that is already begun travels along in the question's link."""
    begun = asked is not None and asked.says_something
    link = frame.start_link_for_place(asked or frame.blank())
    text = frame.texts.render("find/where", link=link, begun=begun)
    label = frame.texts.label
    if begun:
        return Screen(text, ask=Ask(label("where.placeholder")))
    keys = ((label("share_location"),), (label("online"), label("by_phone")), (label("urgent_help"),))
    return Screen(text, ask=Keys(keys, location=label("share_location"), placeholder=label("where.placeholder")))


def with_keys_closed(frame: Frame, search: Search, screen: Screen) -> Screen:
    """A word that takes the keyboard of the question away (the place said back, if any), and then the screen."""
    return Screen(frame.texts.render("find/place_heard", place=place_name(search)), clears_keys=True, then=(screen,))


def choose_place(frame: Frame, search: Search, places: tuple[Place, ...], *, then_about: bool = False) -> Screen:
    """Several places fit: each with region and country, never a guess. `then_about`: what it is about comes next."""
    action = Action.ASK_ABOUT if then_about and not search.needs and not search.fellowships else Action.LIST
    labels = {place_label(frame, place): place for place in reversed(places[:6])}  # of two alike the likelier stays
    buttons = [
        (Button(label, data=frame.data(action, frame.near(search, place=place))),) for label, place in labels.items()
    ]
    last = (frame.button("another_place", Action.ASK_PLACE, replace(search, place=None)), frame.urgent())
    names = {place.name for place in places}
    text = frame.texts.render("find/choose_place", name=names.pop() if len(names) == 1 else "")
    return Screen(text, (*reversed(buttons), last))


def place_unknown(frame: Frame, search: Search) -> Screen:
    """No place of that name; what was asked before stays asked."""
    rows = (
        (
            frame.button("another_place", Action.ASK_PLACE, replace(search, place=None)),
            frame.button("online", Action.LIST, frame.near(search, place=None, online=True)),
        ),
        (frame.urgent(),),
    )
    return Screen(frame.texts.render("errors/place_unknown"), rows)


def place_label(frame: Frame, place: Place) -> str:
    """A place with its region and country, as a button says it."""
    parts = [place.name, place.region, country_name(frame.texts, place.country) if place.country else ""]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def results(frame: Frame, found: Found, heard: Understood | None = None, *, edits: bool = False) -> Screen:
    """The list, or what to do when there is none; `heard` is the text it answers."""
    if not found.rows:
        return nothing(frame, found, heard)
    search = found.search
    first = (search.page - 1) * PAGE_ROWS + 1
    listed = [lines.line(frame, search, first + at, row) for at, row in enumerate(found.rows)]
    text = frame.texts.render(
        "find/results",
        said=said(frame, search),
        heard=heard,
        unused=_unused(heard),
        lines=listed,
        silent=next((at for at, row in enumerate(found.rows) if row.unsaid), None),
        instead=[row.instead for row in found.rows],
        kinds=len(found.kinds),
        kinds_here=kinds_said(frame, found.kinds),
        total=found.total,
        page=search.page,
        pages=-(-found.total // PAGE_ROWS),
        turns=search.order == Order.TURNS,
        next_kinds=kinds_said(frame, found.next_kinds),
        online=_online_line(frame, found),
        finder_kinds=kinds_said(frame, found.finder_kinds, 3) if search.needs or search.fellowships else "",
        care=spoken(care_of(frame, search)),
        has_place=search.place is not None,
        clock_unknown=search.place is None and search.when not in (ANY_TIME, NOW),
        samples=any(row.meeting.feed == SAMPLES for row in found.rows),
    )
    openers = pairs([lines.opener(frame, search, first + at, row) for at, row in enumerate(found.rows)])
    return Screen(
        text,
        (
            *first_rows(frame, search),
            *openers,
            *_around(frame, found),
            *_pages(frame, found),
            _navigation(frame, found),
        ),
        edits=edits,
    )


def _unused(heard: Understood | None) -> str:
    return ", ".join(heard.unknown[:4]) if heard else ""


def _online_line(frame: Frame, found: Found) -> dict[str, object] | None:
    row = found.online_next
    if row is None or not found.online_kinds:
        return None
    return {
        "count": len(found.online_kinds),
        "kind": frame.kind(row.meeting.fellowship).short,
        "when": lines.when(frame, replace(found.search, online=True), row, inline=True),
    }


def _around(frame: Frame, found: Found) -> tuple[tuple[Button, ...], ...]:
    """The buttons that lead beyond this list, as many as there is room for: other ways, topics and kinds."""
    search = found.search
    buttons: list[Button] = []
    if found.online_kinds and search.place:
        buttons.append(
            frame.button("online_kinds", Action.LIST, _online(frame, search), count=len(found.online_kinds))
        )
    elif search.place and search.online is not True and Care.FIRST_TRY in care_of(frame, search):
        buttons.append(frame.button("online", Action.LIST, _online(frame, search)))
    if not search.place and not search.fellowships:
        buttons.append(frame.button("near_a_place", Action.ASK_PLACE, frame.near(search, online=None, when=ANY_TIME)))
    if search.online and search.when == ANY_TIME:
        buttons.append(frame.button("online_now", Action.LIST, frame.near(search, when=NOW)))
    if not search.needs and not search.fellowships:
        buttons.append(frame.button("what_about", Action.ASK_ABOUT, frame.near(search)))
    elif found.stated_kinds:
        buttons.append(frame.button("stated_groups", Action.LIST, frame.near(search, stated_groups=True)))
    buttons.append(frame.button("other_kinds", Action.OPTIONS, frame.near(search, fellowships=())))
    above = sum(len(row) for row in first_rows(frame, search))
    return pairs(buttons[: max(0, MOST_BUTTONS - len(found.rows) - above)])


def _online(frame: Frame, search: Search) -> Search:
    return frame.near(search, online=True, filters=search.filters - {"in_person", "hybrid"})


def _pages(frame: Frame, found: Found) -> tuple[tuple[Button, ...], ...]:
    search, turns = found.search, []
    if search.page > 1:
        turns.append(frame.button("previous", Action.PAGE, search.with_page(search.page - 1)))
    if found.more:
        turns.append(frame.button("more", Action.PAGE, search.with_page(search.page + 1)))
    return (tuple(turns),) if turns else ()


def _navigation(frame: Frame, found: Found) -> tuple[Button, ...]:
    return (
        frame.button("change_search", Action.CHANGE, frame.near(found.search)),
        frame.button("why_order", Action.WHY_ORDER, found.search),
        frame.urgent(),
    )


def nothing(frame: Frame, found: Found, heard: Understood | None = None) -> Screen:
    """No meeting fits: a wider ring, the nearest one there is, online, any day, and the official finders."""
    search = found.search
    country = search.place.country if search.place else ""
    nearest = found.nearest
    text = frame.texts.render(
        "find/nothing",
        said=said(frame, search),
        unused=_unused(heard),
        wider=_wider_said(frame, found, country),
        nearest=nearest and lines.line(frame, search, 1, nearest),
        nearest_town=nearest and (nearest.meeting.city or nearest.meeting.region),
        online=_online_line(frame, found),
        finders=kinds_said(frame, _with_finder(frame, found.finder_kinds)[:FINDERS], FINDERS),
        heard=heard,
        care=spoken(care_of(frame, search)),
        offers_online=search.online is not True,
        has_place=search.place is not None,
        samples=nearest is not None and nearest.meeting.feed == SAMPLES,
    )
    buttons: list[Button] = []
    if nearest:
        buttons.append(lines.opener(frame, search, 1, nearest))
    if found.wider:
        ring = distance(frame.texts, found.wider[0], country)
        wider = frame.near(search, reach_km=found.wider[0])
        buttons.append(frame.button("wider", Action.LIST, wider, distance=ring, count=found.wider[1]))
    if search.online is not True:
        online = replace(_online(frame, search), when=ANY_TIME)
        buttons.append(frame.button("online_instead", Action.LIST, online))
    if search.place is None:
        buttons.append(frame.button("near_a_place", Action.ASK_PLACE, frame.near(search, online=None, when=ANY_TIME)))
    if search.when != ANY_TIME:
        buttons.append(frame.button("any_day", Action.LIST, frame.near(search, when=ANY_TIME)))
    if search.filters:
        buttons.append(frame.button("without_filters", Action.LIST, frame.near(search, filters=frozenset())))
    above = first_rows(frame, search)
    room = MOST_BUTTONS - len(buttons) - sum(len(row) for row in above)
    finders = finder_buttons(frame, _with_finder(frame, found.finder_kinds), min(FINDERS, max(0, room)))
    last = (
        frame.button("change_search", Action.CHANGE, frame.near(search)),
        frame.button("other_kinds", Action.OPTIONS, frame.near(search, fellowships=())),
        frame.urgent(),
    )
    return Screen(text, (*above, *pairs(buttons), *finders, last))


def _with_finder(frame: Frame, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kind for kind in kinds if frame.kind(kind).finder)


def _wider_said(frame: Frame, found: Found, country: str) -> str:
    if not found.wider:
        return ""
    ring = distance(frame.texts, found.wider[0], country)
    return frame.texts.label("wider_said", distance=ring, count=found.wider[1])


def finder_buttons(frame: Frame, kinds: tuple[str, ...], most: int) -> tuple[tuple[Button, ...], ...]:
    """Links to the official finders of some kinds, one a row."""
    known = [frame.kind(kind) for kind in kinds if frame.kind(kind).finder]
    return tuple((Button(frame.texts.label("finder", kind=kind.short), url=kind.finder),) for kind in known[:most])


def not_understood(frame: Frame, unused: tuple[str, ...]) -> Screen:
    """Nothing in the text meant something to us: say so kindly, offer doors, and urgent help by name."""
    rows = (
        (
            frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()),
            frame.button("online_now", Action.ONLINE_NOW),
        ),
        (frame.button("help", Action.HELP), frame.urgent()),
    )
    return Screen(frame.texts.render("find/not_understood", words=", ".join(unused[:4])), rows)


def why_order(frame: Frame, search: Search) -> Screen:
    """Why this order, in a few sentences, and the other orders there are."""

    def order(key: str, value: Order) -> Button:
        return frame.button(key, Action.LIST, frame.near(search, order=value))

    orders = [order("order.turns", Order.TURNS), order("order.soonest", Order.SOONEST)]
    if search.place and search.online is not True:
        orders.append(order("order.nearest", Order.NEAREST))
    back = (frame.button("back_to_list", Action.LIST, search), frame.urgent())
    text = frame.texts.render("find/why_order", has_place=search.place is not None)
    return Screen(text, (*((button,) for button in orders), back))


def change(frame: Frame, search: Search) -> Screen:
    """Every part of the search, each with the button that changes it."""
    buttons = [
        frame.button("change.place", Action.ASK_PLACE, search),
        frame.button("change.about", Action.ASK_ABOUT, search),
        frame.button("change.when", Action.ASK_WHEN, search),
        frame.button("change.online", Action.LIST, frame.near(search, online=None if search.online else True)),
    ]
    if search.online:
        buttons[-1] = frame.button("change.in_person", *_in_person(frame, search))
    buttons.append(frame.button("change.filters", Action.ASK_FILTERS, search))
    if search.filters or search.fellowships:
        bare = frame.near(search, filters=frozenset(), fellowships=())
        buttons.append(frame.button("change.all_kinds", Action.LIST, bare))
    if not search.stated_groups:
        buttons.append(frame.button("stated_groups", Action.LIST, frame.near(search, stated_groups=True)))
    buttons.append(frame.button("other_kinds", Action.OPTIONS, frame.near(search, fellowships=())))
    back = (frame.button("back_to_list", Action.LIST, search), frame.urgent())
    text = frame.texts.render("find/change", said=said(frame, search))
    return Screen(text, (*pairs(buttons), back))


def _in_person(frame: Frame, search: Search) -> tuple[Action, Search]:
    room = frame.near(search, online=None, filters=search.filters - {"phone"})
    return (Action.LIST if search.place else Action.ASK_PLACE), room


def ask_filters(frame: Frame, search: Search) -> Screen:
    """The filters asked for most, each pressed on or off in place; none is on unless the person says so."""

    def toggle(name: str) -> Button:
        on = name in search.filters
        wanted = search.filters - {name} if on else search.filters | {name}
        label = frame.texts.label("filter_on" if on else "filter_off", name=frame.texts.label(f"filter.{name}"))
        return Button(label, data=frame.data(Action.ASK_FILTERS, frame.near(search, filters=wanted)))

    rows = pairs([toggle(name) for name in OFFERED_FILTERS])
    last = (frame.button("show_list", Action.LIST, frame.near(search)), frame.urgent())
    return Screen(frame.texts.render("find/filters", said=said(frame, search)), (*rows, last), edits=True)


def ask_when(frame: Frame, search: Search) -> Screen:
    """The times one can press; any other can be typed."""
    choices = (
        ("when_button.any", ANY_TIME),
        ("when_button.now", When(Day.NOW)),
        ("when_button.tonight", When(Day.TONIGHT)),
        ("when_button.tomorrow", When(Day.TOMORROW)),
        ("when_button.weekend", When(Day.WEEKEND)),
        ("when_button.mornings", When(Day.TOMORROW, 5 * 60, 12 * 60)),
    )
    buttons = [frame.button(key, Action.LIST, frame.near(search, when=when)) for key, when in choices]
    back = (frame.button("back_to_list", Action.LIST, search), frame.urgent())
    return Screen(frame.texts.render("find/when"), (*pairs(buttons), back))
