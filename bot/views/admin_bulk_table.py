"""What a file of many meetings would change, as tables of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.bulk import Changed, Difference, Refused
from bot.domain.meeting import id_text
from bot.views.admin_bulk import added_line, moves, refused_line, when
from bot.views.frame import Frame

MOST = 200  # lines of a part on a page; a file has all
LONGEST = 300  # letters of a value


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `row`: its number in the file, 0 for none; `id`: of a meeting here; `moves`: name, before, after."""

    row: int
    title: str
    id: str = ""
    moves: Sequence[tuple[str, str, str]] = ()
    two: bool = False  # it takes two people
    column: str = ""
    cell: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the difference; `more`: lines that are not among these."""

    name: str
    count: int
    lines: Sequence[Line]

    @property
    def more(self) -> int:
        """How many lines only the file has."""
        return self.count - len(self.lines)


def sections(frame: Frame, found: Difference) -> list[Section]:
    """The parts in which there is something, what cannot be taken first: nobody is to miss it below a long table."""
    second = found.second
    made = (
        Section("refused", len(found.refused), [_refused(frame, one) for one in found.refused[:MOST]]),
        Section("changed", len(found.changed), [_changed(frame, one, second) for one in found.changed[:MOST]]),
        Section(
            "added",
            len(found.added),
            [Line(one.line, added_line(frame, one), two=one.line in second) for one in found.added[:MOST]],
        ),
        Section("outdated", len(found.outdated), [_changed(frame, one, second) for one in found.outdated[:MOST]]),
        Section(
            "gone",
            len(found.gone),
            [Line(0, when(frame, one.name, one.weekday, one.start), id_text(one.id)) for one in found.gone[:MOST]],
        ),
    )
    return [one for one in made if one.count]


def problem(frame: Frame, one: Refused) -> str:
    """What is wrong with a row, in one sentence: for the file of rows to mend."""
    told = refused_line(frame, one)
    text = f" ({told['text']})" if told["text"] else ""
    key = "desk.upload.said_of" if told["column"] else "desk.upload.said_of_row"
    return frame.texts.label(key, row=str(one.line), column=f"{told['column']}{text}", why=told["why"])


def _changed(frame: Frame, one: Changed, second: frozenset[int]) -> Line:
    meeting = one.meeting
    title = when(frame, meeting.name, meeting.weekday, meeting.start, meeting.country)
    return Line(one.line, title, id_text(meeting.id), moves(frame, one, LONGEST), one.line in second)


def _refused(frame: Frame, one: Refused) -> Line:
    told = refused_line(frame, one)
    return Line(one.line, "", column=told["column"], cell=told["text"], why=told["why"])
