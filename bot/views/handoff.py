"""Making a hand-off: where, what about, up to three meetings picked together, and out comes what to pass on.

Everything the maker has said so far travels in the buttons. `family` only changes the words: the promises are the
same for somebody close as for a counselor.
"""

from dataclasses import dataclass, replace
from typing import Any

from bot.domain.buttons import MAX_PICKED, Action, Press
from bot.domain.errors import OutdatedButton
from bot.domain.found import Found, Row
from bot.domain.handoff import DAYS
from bot.domain.place import Place
from bot.domain.search import LANGUAGES, PAGE_ROWS, Order, Search
from bot.domain.when import ANY_TIME
from bot.views import rows as lines
from bot.views.doors import DOORS, SECOND_STEP
from bot.views.find import OFFERED_FILTERS, place_label
from bot.views.frame import Frame
from bot.views.qr import qr_png
from bot.views.said import said
from bot.views.screen import Ask, Button, Document, Screen, pairs

IN_PLACE, FULL = 1, 2  # values of HANDOFF_PICK and HANDOFF_FILTERS: edit the list; it holds as many as it can
PICTURE = "link.png"
LETTER_COUNTRIES = frozenset("US CA MX CO VE CL PH GT CR SV HN NI PA DO PR".split())
SHEETS = (("a4", False), ("letter", False), ("a4", True), ("letter", True))
"""Paper sizes, and whether the letters are large; their places stand in buttons, beside the recipient's language."""
_LANGUAGE_CODES = {number: code for code, number in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A hand-off in the making: what is searched for, what was picked, and for whom."""

    search: Search
    picked: tuple[int, ...] = ()
    family: bool = False

    def changed(self, **changes: Any) -> "Draft":
        """The same with parts of its search changed, from the first page."""
        return replace(self, search=replace(self.search, page=1, **changes))


def draft_of(press: Press | None, search: Search) -> Draft:
    """What a button carries. A hand-off holds no day, no order and no single kinds."""
    bare = replace(search, when=ANY_TIME, fellowships=(), order=Order.TURNS)
    return Draft(bare, press.picked, bool(press.number & 1)) if press else Draft(bare)


def numbered(value: int, family: bool) -> int:
    """The number of a button: a small value, and whether it is for somebody close."""
    return value << 1 | family


def value_of(press: Press | None) -> int:
    """The small value that a button's number holds."""
    return press.number >> 1 if press else 0


def language_of(value: int) -> str:
    """The language of that number; OutdatedButton for none."""
    if value not in _LANGUAGE_CODES:
        raise OutdatedButton
    return _LANGUAGE_CODES[value]


def _button(frame: Frame, draft: Draft, label: str, action: Action, value: int = 0) -> Button:
    press = Press(action, draft.search, None, numbered(value, draft.family), draft.picked)
    return Button(label, data=frame.pack(press))


def _labelled(frame: Frame, draft: Draft, key: str, action: Action, value: int = 0) -> Button:
    return _button(frame, draft, frame.texts.label(key), action, value)


def start(frame: Frame, draft: Draft) -> Screen:
    """What a hand-off is, what not to write here, and the first step."""
    other = replace(draft, family=not draft.family)
    online = draft.changed(online=True)
    rows = (
        (
            _labelled(frame, draft, "near_a_place", Action.HANDOFF_PLACE),
            _labelled(frame, online, "online", Action.HANDOFF_ABOUT),
        ),
        (_labelled(frame, other, "handoff.for_client" if draft.family else "handoff.for_close", Action.HANDOFF),),
        (_labelled(frame, draft, "handoff.together", Action.HANDOFF_TOGETHER),),
        (frame.article("family" if draft.family else "counselors-hand-off"), frame.urgent()),
    )
    return Screen(frame.texts.render("handoff/start", family=draft.family, days=DAYS), rows)


def where(frame: Frame, draft: Draft, *, unknown: bool = False) -> Screen:
    """Asks for the place; the reply brings the draft back."""
    link = frame.start_link(Press(Action.HANDOFF_PLACE, draft.search, None, numbered(0, draft.family)))
    text = frame.texts.render("handoff/where", link=link, unknown=unknown)
    return Screen(text, ask=Ask(frame.texts.label("where.placeholder")))


def choose_place(frame: Frame, draft: Draft, places: tuple[Place, ...]) -> Screen:
    """Several places of that name."""
    buttons = [
        (
            _button(
                frame,
                draft.changed(place=place),
                place_label(frame, place),
                Action.HANDOFF_ABOUT,
            ),
        )
        for place in places[:6]
    ]
    last = (_labelled(frame, draft, "another_place", Action.HANDOFF_PLACE), frame.urgent())
    return Screen(frame.texts.render("find/choose_place", name=""), (*buttons, last))


def about(frame: Frame, draft: Draft, door: int = 0) -> Screen:
    """What it is about: the same doors as everywhere; an unknown second step is the first one again."""

    def choice(label: str, needs: tuple[str, ...]) -> Button:
        return _labelled(frame, draft.changed(needs=needs), label, Action.HANDOFF_PICK)

    if door in SECOND_STEP and door != DOORS["less"]:
        buttons = [choice(label, needs) for label, needs in SECOND_STEP[door]]
        back = (_labelled(frame, draft, "back", Action.HANDOFF_ABOUT), frame.urgent())
        return Screen(frame.texts.render("handoff/about", family=draft.family), (*pairs(buttons), back))

    def step(key: str) -> Button:
        return _labelled(frame, draft, f"about.{key}", Action.HANDOFF_ABOUT, DOORS[key])

    rows = (
        (choice("about.alcohol", ("alcohol",)), step("drugs")),
        (choice("about.gambling", ("gambling",)), choice("about.food", ("food",))),
        (step("family"), step("other")),
        (choice("about.everything", ()), frame.urgent()),
    )
    return Screen(frame.texts.render("handoff/about", family=draft.family), rows)


def pick(frame: Frame, draft: Draft, found: Found, *, edits: bool = False, full: bool = False) -> Screen:
    """A page of meetings in turns, each with a button that picks it or lets it go. `full`: one more was pressed."""
    search = draft.search
    first = (search.page - 1) * PAGE_ROWS + 1
    listed = [lines.line(frame, search, first + at, row) for at, row in enumerate(found.rows)]
    text = frame.texts.render(
        "handoff/pick",
        said=said(frame, search),
        lines=[
            line | {"picked": row.meeting.id in draft.picked} for line, row in zip(listed, found.rows, strict=True)
        ],
        picked=len(draft.picked),
        most=MAX_PICKED,
        page=search.page,
        full=full,
    )
    toggles = [(_toggle(frame, draft, first + at, row),) for at, row in enumerate(found.rows)]
    turns = [
        _labelled(frame, replace(draft, search=search.with_page(page)), label, Action.HANDOFF_PICK, IN_PLACE)
        for label, page, there in (
            ("previous", search.page - 1, search.page > 1),
            ("more", search.page + 1, found.more),
        )
        if there
    ]
    last = (
        _labelled(frame, draft, "change.filters", Action.HANDOFF_FILTERS),
        _labelled(frame, draft, "handoff.make", Action.HANDOFF_LANGUAGE),
    )
    return Screen(text, (*toggles, tuple(turns), last, (frame.urgent(),)), edits=edits)


def _toggle(frame: Frame, draft: Draft, number: int, row: Row) -> Button:
    meeting = row.meeting.id
    picked = meeting in draft.picked
    full = not picked and len(draft.picked) >= MAX_PICKED
    left = tuple(one for one in draft.picked if one != meeting)
    after = draft if full else replace(draft, picked=left if picked else (*left, meeting))
    opening = lines.opening(frame, draft.search, number, row)
    label = frame.texts.label("handoff.picked" if picked else "handoff.pick", row=opening)
    return _button(frame, after, label, Action.HANDOFF_PICK, FULL if full else IN_PLACE)


def filters(frame: Frame, draft: Draft, *, edits: bool) -> Screen:
    """The filters asked for most, on or off in place."""

    def toggle(name: str) -> Button:
        on = name in draft.search.filters
        wanted = draft.search.filters - {name} if on else draft.search.filters | {name}
        label = frame.texts.label("filter_on" if on else "filter_off", name=frame.texts.label(f"filter.{name}"))
        return _button(frame, draft.changed(filters=wanted), label, Action.HANDOFF_FILTERS, 1)

    rows = pairs([toggle(name) for name in OFFERED_FILTERS])
    last = (_labelled(frame, draft, "show_list", Action.HANDOFF_PICK), frame.urgent())
    return Screen(frame.texts.render("find/filters", said=said(frame, draft.search)), (*rows, last), edits=edits)


def language(frame: Frame, draft: Draft, names: dict[str, str]) -> Screen:
    """In which language it opens: each by its own name."""
    buttons = [_button(frame, draft, name, Action.HANDOFF_MAKE, LANGUAGES[code]) for code, name in names.items()]
    last = (_labelled(frame, draft, "back", Action.HANDOFF_PICK), frame.urgent())
    return Screen(frame.texts.render("handoff/language", picked=len(draft.picked)), (*pairs(buttons), last))


def made(frame: Frame, draft: Draft, theirs: Frame, link: str, picture_link: str, sheet: Document) -> Screen:
    """Three messages: the link in the recipient's words, the QR picture, the printed card with what comes next."""
    picture = Document(PICTURE, qr_png(picture_link), "image/png")
    return Screen(
        theirs.texts.render("handoff/link", link=link, family=draft.family),
        then=(
            Screen(frame.texts.render("handoff/picture"), document=picture),
            printed(frame, draft, theirs.texts.language, sheet),
        ),
    )


def printed(frame: Frame, draft: Draft, theirs: str, sheet: Document) -> Screen:
    """The card as a file, with the other sizes; `theirs`: the recipient's language."""
    value = len(SHEETS) * LANGUAGES[theirs]
    sizes = [
        _labelled(frame, draft, f"handoff.sheet_{size}{'_large' if large else ''}", Action.HANDOFF_PAPER, value + at)
        for at, (size, large) in enumerate(SHEETS)
    ]
    rows = (
        *pairs(sizes),
        (_labelled(frame, draft, "handoff.show", Action.HANDOFF_SHOW, LANGUAGES[theirs]),),
        (_labelled(frame, replace(draft, picked=()), "handoff.again", Action.HANDOFF), frame.urgent()),
    )
    return Screen(frame.texts.render("handoff/sheet", days=DAYS, family=draft.family), rows, document=sheet)


def sheet_of(value: int) -> tuple[tuple[str, bool], str]:
    """The sheet and the recipient's language behind a button; OutdatedButton for none."""
    language, at = divmod(value, len(SHEETS))
    return SHEETS[at], language_of(language)


def sheet_for(country: str) -> tuple[str, bool]:
    """The sheet that a country's printers hold."""
    return SHEETS[1] if country in LETTER_COUNTRIES else SHEETS[0]


def together(frame: Frame, draft: Draft) -> Screen:
    """What to do in the ten minutes, side by side."""
    rows = (
        (frame.article("counselors-options"),),
        (frame.article("counselors-hand-off"),),
        (frame.article("first-meeting"), frame.article("medicines")),
        (_labelled(frame, draft, "back", Action.HANDOFF), frame.urgent()),
    )
    return Screen(frame.texts.render("handoff/together", family=draft.family), rows)
