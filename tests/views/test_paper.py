"""The printed card: its QR picture scans, nothing is cut off, and every word is there."""

import io
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from bot.views.paper import SIZES, Fact, Paper, PaperMeeting, Piece
from bot.views.pdf import MARGIN, pdf
from bot.views.qr import qr_png, qr_svg

LINK = "https://t.me/OpenChairExampleBot?start=h" + "aZ09_-x" * 9
POINTS_A_MM = 72 / 25.4
LONG = "A very long name of a group that meets on Tuesdays in the back room behind the library of the old town"


def meeting(name: str = "Mill Lane Group", mark: str = "Picked") -> PaperMeeting:
    facts = (
        Fact("When", "Every Tuesday, 18:30 to 20:00 London time. Next: 24 Nov 2026."),
        Fact(
            "Where",
            "Mill Lane Centre, Room 2, 14 Mill Lane, Leeds. Ring the bell at the side door, then up the stairs.",
            "https://example.org/map",
        ),
        Fact("Meeting number", "5550100", short=True),
        Fact("Passcode", "tea-and-toast", short=True),
        Fact("Who can come", "anyone", short=True),
        Fact("Step-free", "the list does not say", short=True),
    )
    kind = Piece("Example Fellowship", "https://www.example.org/")
    return PaperMeeting(name, kind, facts, mark, listed="Listed by: Example list. Last updated 17 Nov 2026.")


CARD = Paper(
    title="Meetings to look at",
    lead=("Someone picked these for you to look at.", "You choose. None is fine too."),
    link=LINK,
    link_caption="Scan to open",
    meetings=(meeting(), meeting(LONG), meeting("Grüße, Ñandú, Ελλάδα, Київ"), meeting("Quiet Room", "Another kind")),
    urgent_title="Urgent help",
    urgent=(
        (Piece("Emergency: "), Piece("112", "tel:112")),
        (Piece("Example line: "), Piece("555-0100", "tel:5550100"), Piece(" (call), day and night")),
    ),
    about=(
        "It is a list.",
        "It is no treatment.",
        "It holds no name.",
        "To stop, throw it away.",
        "Help is in the box.",
    ),
    footer=("Printed 21 Nov 2026.", "Example Charity, help@example.org"),
    before=("A word on medicines.",),
    after=("A warning.",),
)


def rendered(data: bytes) -> list[Image.Image]:
    return [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(data)]


def codes(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def test_the_qr_picture_scans_from_a_screen() -> None:
    assert codes(Image.open(io.BytesIO(qr_png(LINK)))) == [LINK]


def test_the_qr_picture_scans_from_a_small_and_grey_copy() -> None:
    picture = Image.open(io.BytesIO(qr_png(LINK))).convert("L")
    small = picture.resize((240, 240)).point(lambda value: 60 + value // 2)
    assert codes(small) == [LINK]


def test_the_picture_for_a_page_needs_no_script_and_nothing_from_elsewhere() -> None:
    picture = qr_svg(LINK)
    assert picture.startswith("<svg")
    assert "href" not in picture
    assert "script" not in picture


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("large", [False, True])
def test_the_printed_card_scans_and_has_every_word_inside_its_margins(size: str, large: bool) -> None:
    data = pdf(CARD, size, large=large)
    pages = rendered(data)
    assert codes(pages[0]) == [LINK]
    assert len(pages) <= 2
    words = []
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        words.append(text.get_text_range())
        width, height = page.get_size()
        for at in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(at)
            assert left >= MARGIN * POINTS_A_MM - 1
            assert right <= width - (MARGIN - 5) * POINTS_A_MM
            assert bottom >= MARGIN * POINTS_A_MM - 2
            assert top <= height - (MARGIN - 2) * POINTS_A_MM
    everything = " ".join(" ".join(words).split()).replace(" Picked", "")  # it stands beside the first line of a name
    said = [
        CARD.title,
        *CARD.lead,
        *CARD.before,
        *CARD.after,
        *CARD.about,
        *CARD.footer,
        "Example Fellowship (example.org)",
    ]
    said += ["".join(piece.text for piece in pieces) for pieces in CARD.urgent]
    said += [text for one in CARD.meetings for text in (one.name, one.listed, *(fact.text for fact in one.facts))]
    assert [one for one in said if one not in everything] == []


def test_three_picked_and_one_other_stand_on_one_page_of_either_size() -> None:
    card = replace(
        CARD, meetings=(meeting(), meeting("Canal Street"), meeting("Quiet Room"), meeting("Early Bus", "Other"))
    )
    assert [len(pypdfium2.PdfDocument(pdf(card, size))) for size in SIZES] == [1, 1]


def test_a_very_long_address_is_broken_and_not_cut_off() -> None:
    address = "zoom.us/j/5550100?pwd=" + "aZ09" * 60
    long = replace(
        meeting(), facts=(Fact("Join", address, f"https://{address}"), Fact("Passcode", "x" * 150, short=True))
    )
    page = pypdfium2.PdfDocument(pdf(replace(CARD, meetings=(long,))))[0]
    text = page.get_textpage()
    assert address in "".join(text.get_text_range().split())
    width = page.get_size()[0]
    rights = [text.get_rect(at)[2] for at in range(text.count_rects())]
    assert max(rights) <= width - (MARGIN - 1) * POINTS_A_MM


def test_a_sheet_is_as_large_as_the_paper_it_is_for() -> None:
    sizes = {name: pypdfium2.PdfDocument(pdf(CARD, name))[0].get_size() for name in SIZES}
    assert [round(side / POINTS_A_MM) for side in sizes["a4"]] == [210, 297]
    assert [round(side) for side in sizes["letter"]] == [612, 792]


def test_larger_letters_are_larger() -> None:
    def height(large: bool) -> float:
        text = pypdfium2.PdfDocument(pdf(CARD, large=large))[0].get_textpage()
        assert text.count_rects()
        _, bottom, _, top = text.get_rect(0)
        return float(top - bottom)

    assert height(True) > 1.25 * height(False)


def test_a_name_in_an_unknown_script_or_with_markup_stops_nothing() -> None:
    odd = replace(CARD, meetings=(meeting("断酒会 🙂 <b>**{{ x }}**</b>"), meeting("")))
    assert pdf(odd).startswith(b"%PDF")
