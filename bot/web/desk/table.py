"""The table of meetings as a page: what was asked for, which columns, and a cell of it that stands open.

What is asked for stands in the address. Whatever leaves the page and comes back takes that along as `back`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from bot.domain.admin import Deed, does, may
from bot.domain.desk_table import Asked, Line, Only
from bot.domain.edits import scope_of
from bot.domain.meeting import Meeting, id_text
from bot.views.admin_fields import called, shown
from bot.views.admin_meetings import when
from bot.web.desk.fields import Input
from bot.web.desk.queue import number
from bot.web.desk.scripts import HTMX, scripted
from bot.web.desk.sitting import Sitting

COLUMNS = (
    "weekday",
    "start",
    "duration",
    "venue",
    "address",
    "city",
    "postal_code",
    "directions",
    "join_url",
    "passcode",
    "dial_in",
    "notes",
    "status",
    "contact",
)
USUAL = ("weekday", "start", "duration", "venue", "address", "city", "join_url", "notes")
EDITED = frozenset({"name", *COLUMNS})  # fields that can be changed where they stand
LONGEST_CELL = 60  # characters
_ASKS = ("q", "fellowship", "feed", "only", "show", "page")


@dataclass(frozen=True, slots=True)
class View:
    """Which meetings, and which columns."""

    asked: Asked
    columns: tuple[str, ...] = USUAL

    @property
    def turned(self) -> str:
        """As it stands in an address, but for the page."""
        asked, columns = self.asked, self.columns if self.columns != USUAL else ()
        pairs = {"q": asked.words, "fellowship": asked.fellowship, "feed": asked.feed, "only": asked.only.value}
        return urlencode([*((name, one) for name, one in pairs.items() if one), *(("show", one) for one in columns)])

    @property
    def query(self) -> str:
        """As it stands in an address, with its page."""
        page = f"page={self.asked.page}" if self.asked.page > 1 else ""
        return "&".join(filter(None, (self.turned, page)))

    def path(self, *more: str) -> str:
        """Its page, with more in the address."""
        query = "&".join(filter(None, (self.query, *more)))
        return f"meetings?{query}" if query else "meetings"

    @property
    def back(self) -> str:
        """The same as one value of another address."""
        return urlencode({"back": self.query})


@dataclass(frozen=True, slots=True)
class Opened:
    """A cell that is being changed. `looked`: the text whose difference is shown; `since`: what it was when it was
    opened, where that is something else now; `waits`: fields that take two people."""

    input: Input
    field: str
    before: str
    after: str
    seen: int
    looked: str = ""
    since: str = ""
    changed: bool = False
    waits: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()  # what is called so, and what is wrong with it

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row; `none`: nothing stands there. `done`: what just came of it, and `undo` the changes by
    which that is taken back.

    `focus`: the mark by which the keyboard comes there; a page whose address leads to the cell needs none.
    """

    field: str
    label: str
    text: str
    opened: Opened | None = None
    focus: str = ""
    done: str = ""
    undo: tuple[int, ...] = ()
    none: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting of the table."""

    id: str
    title: str
    when: str
    kind: str
    source: str
    name: Cell
    cells: tuple[Cell, ...]
    editable: bool
    ended: bool
    corrected: bool


def view_of(pairs: Iterable[tuple[str, str]]) -> View:
    """What an address asks for; what it does not say, or says wrongly, is as usual."""
    given = [(name, value) for name, value in pairs if name in _ASKS]
    last = dict(given)
    only = next((one for one in Only if one.value == last.get("only", "")), Only.ALL)
    wanted = {value for name, value in given if name == "show"}
    columns = tuple(one for one in COLUMNS if one in wanted) or USUAL
    page = max(1, number(last.get("page", "")))
    words = " ".join(last.get("q", "").split())
    return View(Asked(words, last.get("fellowship", ""), last.get("feed", ""), only, page), columns)


def view_back(text: str) -> View:
    """The same of what a form or a link took along."""
    try:
        return view_of(parse_qsl(text[:2000], max_num_fields=50))
    except ValueError:
        return view_of(())


async def shown_table(
    at: Sitting, view: View, opened: tuple[Meeting, Cell] | None = None, status: int = 200
) -> Response:
    """The page. `opened`: a cell that is being changed, of one meeting, which then stands there whatever was asked
    for."""
    table = await at.desk.table.page(at.who, view.asked)
    lines = list(table.lines)
    if opened and all(one.meeting.id != opened[0].id for one in lines):
        lines.insert(0, Line(opened[0]))
    columns = view.columns
    if opened and opened[1].field not in ("name", *columns):
        columns = (*columns, opened[1].field)
    rows = [_row(at, one, columns, _of(one.meeting, opened)) for one in lines]
    kinds = sorted((one.name, one.id) for one in at.frame.fellowships.values() if _mine(at, one.id))
    answer = at.show(
        "meetings",
        status,
        asked=view.asked,
        columns=[(one, called(at.frame, one)) for one in columns],
        choices=[(one, called(at.frame, one), one in columns) for one in COLUMNS],
        rows=rows,
        page=table.page,
        more=table.more,
        feeds=[(one, at.desk.feeds.publisher(one) or one) for one in at.desk.feeds.within(at.who)],
        kinds=kinds,
        onlys=[(one.value, at.label(f"desk.only.{one.value or 'all'}")) for one in Only],
        turned=view.turned,
        query=view.query,
        back=view.back,
        editable=does(at.who, Deed.EDIT_MEETING),
        htmx=HTMX,
    )
    return scripted(answer)


def closed_cell(at: Sitting, meeting: Meeting, field: str) -> Cell:
    """A cell as it stands in the table."""
    value = getattr(meeting, field)
    text = shown(at.frame, field, value, meeting.country, LONGEST_CELL)
    if field == "duration" and value is not None:
        text = str(value)
    return Cell(field, called(at.frame, field), text, none=value in (None, ""))


def _of(meeting: Meeting, opened: tuple[Meeting, Cell] | None) -> Cell | None:
    return opened[1] if opened and opened[0].id == meeting.id else None


def _row(at: Sitting, line: Line, columns: Sequence[str], opened: Cell | None) -> Row:
    one = line.meeting

    def cell(field: str) -> Cell:
        if opened and opened.field == field:
            return opened
        return closed_cell(at, one, field)

    return Row(
        id=id_text(one.id),
        title=one.name,
        when=when(at.frame, one),
        kind=at.frame.kind(one.fellowship).short,
        source=at.desk.feeds.publisher(one.feed) or one.feed,
        name=cell("name"),
        cells=tuple(cell(field) for field in columns),
        editable=may(at.who, Deed.EDIT_MEETING, scope_of(one)),
        ended=line.ended,
        corrected=line.corrected,
    )


def _mine(at: Sitting, fellowship: str) -> bool:
    kinds = at.who.scope.fellowships
    return not kinds or fellowship in kinds
