"""Loading urgent numbers: a digit in the wrong place must not slip through."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.countries import ELSEWHERE
from bot.texts.urgent import load_urgent

COUNTRY = """
country: "QQ"
emergency: ["112", "15"]
languages: ["en"]
checked_on: 2026-11-21
source: "example.org"
confidence: "A"
lines:
  - name: "Harbour Line"
    number: "555 0100"
    ways: [call, text]
    keyword: HELLO
    hours: always
    topics: [crisis]
"""
OTHERS = """
country: "ZZ"
emergency: ["112"]
languages: ["en"]
checked_on: 2026-11-21
source: "example.org"
confidence: "B"
lines:
  - {name: "Directory", number: "help.example.org", ways: [web], topics: [crisis]}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "urgent").mkdir()
    (tmp_path / "urgent/qq.yml").write_text(COUNTRY)
    (tmp_path / "urgent/elsewhere.yml").write_text(OTHERS)
    return tmp_path


def test_a_file_becomes_a_country_with_its_lines(root: Path) -> None:
    country = load_urgent(root)["QQ"]
    assert country.emergency == ("112", "15")
    assert country.checked_on == date(2026, 11, 21)
    (line,) = country.lines
    assert (line.number, line.ways, line.keyword, line.hours) == ("555 0100", ("call", "text"), "HELLO", "always")


def test_places_without_a_file_have_an_entry_of_their_own(root: Path) -> None:
    elsewhere = load_urgent(root)[ELSEWHERE]
    assert elsewhere.emergency == ("112",)


def test_hours_that_nobody_knows_stay_empty(root: Path) -> None:
    assert load_urgent(root)[ELSEWHERE].lines[0].hours == ""


@pytest.mark.parametrize(
    ("part", "wrong", "told"),
    [
        ('country: "QQ"', 'country: "GB"', "country"),
        ('"112", "15"', '"112", "fifteen"', "emergency"),
        ('"112", "15"', "", "emergency"),
        ('number: "555 0100"', "number: 5550100", "number"),
        ('number: "555 0100"', 'number: "help.example.org"', "number"),
        ("ways: [call, text]", "ways: [shout]", "ways"),
        ("hours: always", "hours: mostly", "hours"),
        ("topics: [crisis]", "topics: [gossip]", "topics"),
        ("    topics: [crisis]\n", "", "topics"),
        ("checked_on: 2026-11-21", "checked_on: yesterday", "checked_on"),
        ('confidence: "A"', 'confidence: "C"', "confidence"),
        ('source: "example.org"\n', "", "source"),
    ],
)
def test_a_wrong_number_or_field_is_told_by_file_and_field(root: Path, part: str, wrong: str, told: str) -> None:
    path = root / "urgent/qq.yml"
    assert part in path.read_text()
    path.write_text(path.read_text().replace(part, wrong))
    with pytest.raises(ContentError) as caught:
        load_urgent(root)
    assert "qq.yml" in str(caught.value)
    assert told in str(caught.value)


def test_the_entry_for_everywhere_else_cannot_be_forgotten(root: Path) -> None:
    (root / "urgent/elsewhere.yml").unlink()
    with pytest.raises(ContentError, match="elsewhere"):
        load_urgent(root)
