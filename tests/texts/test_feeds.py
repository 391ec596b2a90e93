"""Cards of feeds, as an editor writes them."""

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.feed import FeedCard
from bot.feeds.registry import READERS
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_fellowships

CONTENT = Path(__file__).parents[2] / "content"
FELLOWSHIPS = ("aa", "na")
CARD = """\
publisher: Denver AA
url: https://lists.example.org/meetings.json
format: meeting_guide
fellowship: aa
zone: America/Denver
every: 24
expect: {min: 10, max: 900}
contact: https://example.org/
feedback: lists@example.org
countries: [US]
areas: [Denver]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content folder with one card."""
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "aa-denver.yml").write_text(CARD, encoding="utf-8")
    return tmp_path


def test_a_card_says_all_that_a_reading_needs(root: Path) -> None:
    assert load_feeds(root, FELLOWSHIPS) == {
        "aa-denver": FeedCard(
            id="aa-denver",
            publisher="Denver AA",
            url="https://lists.example.org/meetings.json",
            format="meeting_guide",
            fellowship="aa",
            every=24,
            least=10,
            most=900,
            max_shrink=0.2,
            zone="America/Denver",
            contact="https://example.org/",
            feedback="lists@example.org",
            countries=("US",),
            areas=("Denver",),
        )
    }


def test_a_folder_without_cards_has_none(root: Path) -> None:
    (root / "feeds" / "aa-denver.yml").unlink()
    assert load_feeds(root, FELLOWSHIPS) == {}


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("https://lists", "http://lists", "url: .*https"),
        ("https://lists", "https://me:word@lists", "url: .*user name"),
        ("meeting_guide", "excel", "format: "),
        ("fellowship: aa", "fellowship: xyz", "fellowship: there is no fellowship xyz"),
        ("America/Denver", "Mars/Crater", "zone: .*no time zone Mars/Crater"),
        ("every: 24", "every: 0", "every: "),
        ("min: 10", "min: 1000", "expect: .*max is smaller than min"),
        ("min: 10", "min: 0", "expect.min: "),
        ("countries: [US]", "countries: [usa]", "countries: "),
        ("feedback: lists@example.org", "feedback: ask them", "feedback: "),
        ("publisher:", "publsher:", "publsher is no field here; did you mean publisher"),
        ("every: 24", "every: 24\nformats_url: https://lists.example.org/formats", "belong to the format bmlt"),
        ("every: 24", "every: 24\nmax_shrink: 1.5", "max_shrink: "),
    ],
)
def test_a_slip_in_a_card_is_named_by_file_and_field(root: Path, right: str, wrong: str, says: str) -> None:
    path = root / "feeds" / "aa-denver.yml"
    path.write_text(CARD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ContentError, match=rf"aa-denver\.yml(:\d+)?: .*{says}"):
        load_feeds(root, FELLOWSHIPS)


def test_two_cards_for_one_list_are_a_slip(root: Path) -> None:
    (root / "feeds" / "aa-again.yml").write_text(CARD, encoding="utf-8")
    with pytest.raises(ContentError, match=r"url https://lists.example.org/meetings.json already stands in"):
        load_feeds(root, FELLOWSHIPS)


def test_every_card_of_the_project_can_be_read_by_its_format() -> None:
    cards = load_feeds(CONTENT, {kind.id for kind in load_fellowships(CONTENT)})
    assert len(cards) >= 15
    assert {card.format for card in cards.values()} <= READERS.keys()
    for card in cards.values():
        assert card.contact, card.id
        assert card.terms, card.id
        assert card.format != "bmlt" or (card.formats_url and card.service_bodies_url and card.server_info_url)
