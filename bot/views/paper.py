"""A card on paper: meetings, a QR picture, urgent help and five lines, black on white, as a PDF.

The fonts stand beside this file, so that nothing on the machine is needed. They write Latin, Greek, Cyrillic and
some other scripts; a character they lack is drawn as an empty box.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.views.qr import QUIET, qr_squares

FONTS = Path(__file__).parent / "fonts"
FAMILY = "DejaVu"
MARGIN = 15.0  # millimetres, as all lengths here
QR_SIDE = 40.0
SIZES = {"a4": "A4", "letter": "Letter"}
_LINE = 1.35  # of the size of the letters
_MM_A_POINT = 0.3528


@dataclass(frozen=True, slots=True)
class PaperMeeting:
    """One meeting: its name, its kind, and lines of (what, text)."""

    name: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    mark: str = ""  # "picked", "another kind"


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a printed card says, in its order. `link` is what the QR picture holds."""

    title: str
    lead: tuple[str, ...]
    link: str
    link_caption: str
    meetings: tuple[PaperMeeting, ...]
    urgent_title: str
    urgent: tuple[str, ...]
    about: tuple[str, ...]
    footer: tuple[str, ...]
    language: str = "en"


def pdf(paper: Paper, size: str = "a4", *, large: bool = False) -> bytes:
    """The card as a PDF; `size` is a key of SIZES, `large` writes letters one third larger."""
    return _Sheet(SIZES[size], large).draw(paper)


class _Sheet:
    """One document being drawn."""

    def __init__(self, size: str, large: bool) -> None:
        self._points = 14.0 if large else 10.5
        self._pdf = FPDF(format=size)
        self._pdf.set_margins(MARGIN, MARGIN, MARGIN)
        self._pdf.set_auto_page_break(True, MARGIN)
        self._pdf.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._pdf.add_page()

    def draw(self, paper: Paper) -> bytes:
        """The bytes of the finished document."""
        self._pdf.set_title(paper.title)
        self._pdf.set_lang(paper.language)
        self._head(paper)
        for meeting in paper.meetings:
            self._together(partial(self._meeting, meeting))
        self._together(partial(self._box, paper.urgent_title, paper.urgent))
        for line in paper.about:
            self._write(line, gap=0.8)
        self._space(1.5)
        for line in paper.footer:
            self._write(line, scale=0.85)
        return bytes(self._pdf.output())

    def _head(self, paper: Paper) -> None:
        """Title and first words on the left, the QR picture on the right."""
        top, width = self._pdf.get_y(), self._pdf.epw - QR_SIDE - 6
        self._write(paper.title, bold=True, scale=1.7, width=width, gap=2)
        for line in paper.lead:
            self._write(line, width=width, gap=0.8)
        below = self._pdf.get_y()
        self._qr(paper.link, self._pdf.w - MARGIN - QR_SIDE, top)
        self._pdf.set_xy(self._pdf.w - MARGIN - QR_SIDE - 4, top + QR_SIDE + 1)
        self._write(paper.link_caption, scale=0.8, width=QR_SIDE + 8, align="C")
        self._pdf.set_xy(MARGIN, max(below, self._pdf.get_y()))
        self._space(3)

    def _qr(self, link: str, left: float, top: float) -> None:
        squares = qr_squares(link)
        side = QR_SIDE / (len(squares) + 2 * QUIET)
        self._pdf.set_fill_color(0)
        for row, modules in enumerate(squares):
            for column, black in enumerate(modules):
                if black:
                    x, y = left + (column + QUIET) * side, top + (row + QUIET) * side
                    self._pdf.rect(x, y, side * 1.01, side * 1.01, style="F")

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
        self._pdf.set_draw_color(150)
        self._pdf.line(MARGIN, self._pdf.get_y(), self._pdf.w - MARGIN, self._pdf.get_y())
        self._space(2)
        if meeting.mark:
            self._write(meeting.mark, scale=0.85)
        self._write(meeting.name, bold=True, scale=1.2)
        self._write(meeting.kind, gap=0.8)
        for what, text in meeting.lines:
            self._pair(what, text)
        self._space(3)

    def _pair(self, what: str, text: str) -> None:
        """A word in bold, and what it says behind it."""
        height = self._height(1.0)
        self._pdf.set_font(FAMILY, "B", self._points)
        self._pdf.write(height, f"{what}: ")
        self._pdf.set_font(FAMILY, "", self._points)
        self._pdf.write(height, text)
        self._pdf.ln(height + 0.6)

    def _box(self, title: str, lines: tuple[str, ...]) -> None:
        """Urgent help, framed."""
        top = self._pdf.get_y()
        self._space(2)
        width = self._pdf.epw - 8
        for at, line in enumerate((title, *lines)):
            self._pdf.set_x(MARGIN + 4)
            self._write(line, bold=at == 0, width=width, gap=0.6)
        self._space(2)
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(0.5)
        self._pdf.rect(MARGIN, top, self._pdf.epw, self._pdf.get_y() - top)
        self._pdf.set_line_width(0.2)
        self._pdf.set_xy(MARGIN, self._pdf.get_y() + 3)

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
        self._pdf.set_font(FAMILY, "B" if bold else "", self._points * scale)
        height = self._height(scale)
        self._pdf.multi_cell(width, height, text, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._space(gap)

    def _height(self, scale: float) -> float:
        return self._points * scale * _LINE * _MM_A_POINT

    def _space(self, millimetres: float) -> None:
        self._pdf.set_xy(self._pdf.get_x(), self._pdf.get_y() + millimetres)
