"""A card on paper as a PDF: black on white, with its QR picture.

The fonts stand beside this file, so that nothing on the machine is needed. They write Latin, Greek, Cyrillic and
some other scripts; a character they lack is drawn as an empty box. Importing this takes a second: do so where a
card is asked for.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.views.paper import SIZES, Fact, Paper, PaperMeeting, Piece
from bot.views.qr import QUIET, qr_squares

FONTS = Path(__file__).parent / "fonts"
FAMILY = "DejaVu"
MARGIN = 14.0  # millimetres, as all lengths here
QR_SIDE = 42.0
_POINTS, _LARGE_POINTS = 9.8, 14.0
_SMALL, _NAME = 0.88, 1.15  # of the letters around
_LINE = 1.32  # of the size of the letters
_MM_A_POINT = 0.3528
_GAP = 5.0  # between two short facts on one line


def pdf(paper: Paper, size: str = "a4", *, large: bool = False) -> bytes:
    """The card as a PDF; `size` is a key of SIZES, `large` writes letters two fifths larger."""
    return _Sheet(SIZES[size], large).draw(paper)


class _Sheet:
    """One document being drawn."""

    def __init__(self, size: str, large: bool) -> None:
        self._points = _LARGE_POINTS if large else _POINTS
        self._labels = 0.0  # width of the column that says what a fact is
        self._end: tuple[float, float] | None = None  # behind a short fact: where another may begin
        self._pdf = FPDF(format=size)
        self._pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        self._pdf.c_margin = 0
        self._pdf.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._pdf.add_page()

    def draw(self, paper: Paper) -> bytes:
        """The bytes of the finished document."""
        self._pdf.set_title(paper.title)
        self._pdf.set_lang(paper.language)
        self._head(paper)
        self._font(bold=True)
        every = (fact.what for meeting in paper.meetings for fact in meeting.facts)
        self._labels = max((self._pdf.get_string_width(f"{what}:") for what in every), default=0.0) + 2.5
        for meeting in paper.meetings:
            self._together(partial(self._meeting, meeting))
        self._together(partial(self._last, paper))
        return bytes(self._pdf.output())

    def _head(self, paper: Paper) -> None:
        """Title and first words on the left, the QR picture on the right."""
        top, width = self._pdf.get_y(), self._pdf.epw - QR_SIDE - 6
        self._write(paper.title, bold=True, scale=1.7, width=width, gap=2)
        for line in (*paper.lead, *paper.before, *paper.after):  # beside the picture is room enough
            self._write(line, width=width, gap=0.8)
        below, left = self._pdf.get_y(), self._pdf.w - MARGIN - QR_SIDE
        self._qr(paper.link, left, top - 2)
        self._pdf.set_xy(left - 4, top + QR_SIDE - 3)
        self._write(paper.link_caption, scale=_SMALL, width=QR_SIDE + 8, align="C")
        self._pdf.set_xy(MARGIN, max(below, self._pdf.get_y()))
        self._space(2)

    def _qr(self, link: str, left: float, top: float) -> None:
        squares = qr_squares(link)
        side = QR_SIDE / (len(squares) + 2 * QUIET)
        self._pdf.set_fill_color(0)
        for row, modules in enumerate(squares):
            for column, black in enumerate(modules):
                if black:
                    x, y = left + (column + QUIET) * side, top + (row + QUIET) * side
                    self._pdf.rect(x, y, side * 1.01, side * 1.01, style="F")
        self._pdf.link(left, top, QR_SIDE, QR_SIDE, link)

    def _together(self, draw: Callable[[], None]) -> None:
        """Draw something that no page break cuts, where one page can hold it: tried once, then done."""
        real = self._pdf
        with real.offset_rendering() as trial:
            self._pdf = cast(FPDF, trial)  # records what a document would be told
            draw()
        self._pdf = real
        if trial.page_break_triggered:
            real.add_page()
        draw()

    def _meeting(self, meeting: PaperMeeting) -> None:
        self._rule()
        mark = self._mark(meeting.mark) if meeting.mark else 0.0
        self._name(meeting, self._pdf.epw - mark)
        for note in meeting.notes:
            self._write(note, bold=True)
        self._space(0.6)
        self._end = None
        for fact in meeting.facts:
            self._fact(fact)
        if meeting.listed:
            self._write(meeting.listed, scale=_SMALL)
        self._space(1.8)

    def _rule(self) -> None:
        self._pdf.set_draw_color(120)
        self._pdf.line(MARGIN, self._pdf.get_y(), self._pdf.w - MARGIN, self._pdf.get_y())
        self._space(1.8)

    def _mark(self, mark: str) -> float:
        """Whether it was picked, on the right in a frame; the width that this takes."""
        self._font(scale=_SMALL)
        top, width = self._pdf.get_y(), self._pdf.get_string_width(mark) + 4
        self._pdf.set_xy(self._pdf.w - MARGIN - width, top)
        self._pdf.cell(width, self._height(1.0), mark, border=1, align="C")
        self._pdf.set_xy(MARGIN, top)
        return width + 4

    def _name(self, meeting: PaperMeeting, width: float) -> None:
        """The name and its kind, on one line where they fit."""
        kind, height = meeting.kind, self._height(_NAME)
        host = _shown(kind.link)
        said = f"{kind.text} ({host})" if host else kind.text
        self._font()
        beside = self._pdf.get_string_width(said)
        self._font(bold=True, scale=_NAME)
        name = self._pdf.get_string_width(meeting.name) + _GAP
        if name + beside <= width:
            self._pdf.cell(name, height, meeting.name)
        else:
            self._write(meeting.name, bold=True, scale=_NAME, width=width)
        self._font()
        self._pdf.multi_cell(0, height, said, align="L", link=kind.link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _fact(self, fact: Fact) -> None:
        """What it is in a column of its own, and what is said; short ones share a line where there is room."""
        height, what = self._height(1.0), f"{fact.what}:"
        if fact.short and self._end and self._beside(fact, self._end):
            return
        self._font(bold=True)
        self._pdf.cell(self._labels, height, what)
        self._font()
        left, top = self._pdf.get_x(), self._pdf.get_y()
        self._pdf.multi_cell(0, height, fact.text, align="L", link=fact.link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        width = self._pdf.get_string_width(fact.text)
        one_line = fact.short and self._pdf.get_y() - top < 1.5 * height
        self._end = (left + width + _GAP, top) if one_line else None
        self._space(0.25)

    def _beside(self, fact: Fact, end: tuple[float, float]) -> bool:
        """Write a short fact behind the one before it; False where it has no room there."""
        self._font(bold=True)
        label = self._pdf.get_string_width(f"{fact.what}: ")
        self._font()
        text, (left, top) = self._pdf.get_string_width(fact.text), end
        if left + label + text > self._pdf.w - MARGIN:
            return False
        below = self._pdf.get_y()
        self._pdf.set_xy(left, top)
        self._font(bold=True)
        self._pdf.cell(label, self._height(1.0), f"{fact.what}: ")
        self._font()
        self._pdf.cell(text, self._height(1.0), fact.text, link=fact.link)
        self._end = (left + label + text + _GAP, top)
        self._pdf.set_xy(MARGIN, below)
        return True

    def _last(self, paper: Paper) -> None:
        """Urgent help in its frame, the five lines, who made it."""
        self._box(paper.urgent_title, paper.urgent)
        for line in paper.about:
            self._write(line, gap=0.3)
        self._space(0.8)
        for line in paper.footer:
            self._write(line, scale=_SMALL)

    def _box(self, title: str, lines: tuple[tuple[Piece, ...], ...]) -> None:
        top = self._pdf.get_y()
        self._space(1.5)
        width = self._pdf.epw - 8
        for at, line in enumerate((title, *("".join(piece.text for piece in pieces) for pieces in lines))):
            self._pdf.set_x(MARGIN + 4)
            self._write(line, bold=at == 0, width=width, gap=0.2)
        self._space(1.3)
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(0.5)
        self._pdf.rect(MARGIN, top, self._pdf.epw, self._pdf.get_y() - top)
        self._pdf.set_line_width(0.2)
        self._pdf.set_xy(MARGIN, self._pdf.get_y() + 2)

    def _write(
        self,
        text: str,
        *,
        bold: bool = False,
        scale: float = 1.0,
        width: float = 0.0,
        gap: float = 0.0,
        align: str = "L",
    ) -> None:
        self._font(bold=bold, scale=scale)
        height = self._height(scale)
        self._pdf.multi_cell(width, height, text, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._space(gap)

    def _font(self, *, bold: bool = False, scale: float = 1.0) -> None:
        self._pdf.set_font(FAMILY, "B" if bold else "", self._points * scale)

    def _height(self, scale: float) -> float:
        return self._points * scale * _LINE * _MM_A_POINT

    def _space(self, millimetres: float) -> None:
        self._pdf.set_xy(self._pdf.get_x(), self._pdf.get_y() + millimetres)


def _shown(address: str) -> str:
    """A web address as people read and type it."""
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
