"""Loading fellowships and their cards: a mistake is told by file and field."""

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.fellowship import Tradition
from bot.texts.fellowships import FIELDS, load_cards, load_fellowships
from bot.texts.sources import Evidence, load_evidence

KIND = """
number: {number}
name: Ferry Circle
short: Ferry
tradition: secular
needs: [alcohol]
aliases: [{alias}]
site: https://ferry.example.org/
"""
CARD = """---
what: Groups that talk.
for: Anyone who drinks.
aim: You choose your own.
belief: None is asked of you.
medicines: Not known. You can ask the group.
first_visit: A welcome, then people speak.
cost: Free.
research: None found yet.
marks:
  what: [llm]
  for: [llm]
  aim: [ferry_pages]
  belief: [llm]
  medicines: [llm]
  first_visit: [llm]
  cost: [llm]
  research: [E1]
reviewed_by_clinician: false
---
More to read.
"""
SOURCES = """
sources:
  - {id: ferry_pages, number: 9, title: Its own pages, kind: own_pages}
  - {id: study, number: 2, title: A study, kind: study}
"""
CLAIMS = """
claims:
  - {id: E1, subject: gap, strength: none, population: all, sources: [study], text: {en: None found.}}
"""


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "fellowships/ferry.yml", KIND.format(number=3, alias="ferry people"))
    write(tmp_path, "en/fellowships/ferry.md", CARD)
    write(tmp_path, "sources.yml", SOURCES)
    write(tmp_path, "claims.yml", CLAIMS)
    return tmp_path


@pytest.fixture
def evidence(root: Path) -> Evidence:
    return load_evidence(root)


def test_a_file_becomes_a_fellowship_with_the_name_of_the_file_as_id(root: Path) -> None:
    (ferry,) = load_fellowships(root)
    assert (ferry.id, ferry.number, ferry.tradition, ferry.live) == ("ferry", 3, Tradition.SECULAR, True)
    assert ferry.needs == ("alcohol",)


def test_fellowships_come_in_the_order_of_their_numbers(root: Path) -> None:
    write(root, "fellowships/aft.yml", KIND.format(number=7, alias="aft"))
    write(root, "fellowships/zinc.yml", KIND.format(number=1, alias="zinc"))
    assert [one.id for one in load_fellowships(root)] == ["zinc", "ferry", "aft"]


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("needs: [alcohol]", "needs: [beer]", "needs.0"),
        ("needs: [alcohol]", "needs: []", "needs"),
        ("tradition: secular", "tradition: modern", "tradition"),
        ("number: 3", "number: 256", "number"),
        ("number: 3", "number: three", "number"),
        ("short: Ferry", "shirt: Ferry", "shirt"),
        ("site: https://ferry.example.org/", "site: http://ferry.example.org/", "site"),
        ("site: https://ferry.example.org/", "finder: https://ferry.example.org/", "finder"),
        ("aliases: [ferry people]", "aliases: [Ferry People]", "aliases.0"),
        ("aliases: [ferry people]", "tags: [friendly]", "tags"),
        ("aliases: [ferry people]", "for_people: sailors", "for_people"),
    ],
)
def test_a_wrong_fact_is_told_by_file_and_field(root: Path, line: str, wrong: str, told: str) -> None:
    path = root / "fellowships/ferry.yml"
    path.write_text(path.read_text().replace(line, wrong))
    with pytest.raises(ContentError) as caught:
        load_fellowships(root)
    assert "ferry.yml" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "number: [1", "name: \x00"])
def test_a_file_that_is_no_fellowship_at_all_is_a_content_error(root: Path, text: str) -> None:
    write(root, "fellowships/ferry.yml", text)
    with pytest.raises(ContentError, match=r"ferry\.yml"):
        load_fellowships(root)


def test_bytes_that_are_no_text_are_a_content_error(root: Path) -> None:
    (root / "fellowships/ferry.yml").write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ContentError, match=r"ferry\.yml"):
        load_fellowships(root)


@pytest.mark.parametrize(
    ("number", "alias", "told"), [(3, "other", "number 3"), (4, "ferry people", "alias ferry people")]
)
def test_two_fellowships_cannot_share_a_number_or_an_alias(root: Path, number: int, alias: str, told: str) -> None:
    write(root, "fellowships/second.yml", KIND.format(number=number, alias=alias))
    with pytest.raises(ContentError, match=told):
        load_fellowships(root)


def test_a_folder_without_fellowships_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="fellowships"):
        load_fellowships(tmp_path)


def test_a_card_has_its_fields_in_the_fixed_order_and_the_numbers_of_its_sources(
    root: Path, evidence: Evidence
) -> None:
    card = load_cards(root, ("en",), evidence).card("ferry", "en")
    assert card is not None
    assert tuple(card.fields) == FIELDS
    assert card.fields["aim"] == "You choose your own."
    assert card.sources == (2, 9)
    assert card.page == "More to read."
    assert card.length == sum(map(len, card.fields.values()))
    assert not card.reviewed_by_clinician


def test_a_card_that_a_language_lacks_is_shown_in_english(root: Path, evidence: Evidence) -> None:
    cards = load_cards(root, ("en", "es"), evidence)
    card = cards.card("ferry", "es")
    assert card is not None
    assert card.language == "en"
    assert cards.of("es") == {}
    assert cards.card("barge", "es") is None


@pytest.mark.parametrize(
    ("line", "wrong", "told"),
    [
        ("cost: Free.\n", "", "cost"),
        ("cost: Free.", "cost: ''", "cost"),
        ("cost: Free.", "price: Free.", "price"),
        ("  aim: [ferry_pages]\n", "", "marks.aim"),
        ("aim: [ferry_pages]", "aim: [boat_pages]", "boat_pages"),
        ("aim: [ferry_pages]", "aim: [E99]", "E99"),
        ("research: [E1]", "research: [E1]\n  extra: [llm]", "marks.extra"),
        ("reviewed_by_clinician: false\n", "", "reviewed_by_clinician"),
        ("---\nMore", "More", "---"),
        ("what: Groups that talk.", "what: [", "well-formed"),
    ],
)
def test_a_wrong_card_is_told_by_file_and_field(
    root: Path, evidence: Evidence, line: str, wrong: str, told: str
) -> None:
    path = root / "en/fellowships/ferry.md"
    assert line in path.read_text()
    path.write_text(path.read_text().replace(line, wrong))
    with pytest.raises(ContentError) as caught:
        load_cards(root, ("en",), evidence)
    assert "ferry.md" in str(caught.value)
    assert told in str(caught.value)


def test_a_card_of_an_unknown_fellowship_is_a_content_error(root: Path, evidence: Evidence) -> None:
    write(root, "en/fellowships/barge.md", CARD)
    with pytest.raises(ContentError, match="barge"):
        load_cards(root, ("en",), evidence)
