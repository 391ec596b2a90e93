"""Loading the road to treatment: a wrong field must not slip through."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.countries import ELSEWHERE
from bot.texts.treatment import load_treatment

COUNTRY = """
country: "QQ"
checked_on: 2026-11-21
source: "care.example.org"
confidence: "A"
finders:
  - name: "Harbour Care"
    url: https://care.example.org
  - name: "Harbour Line"
    phone: "555-0101"
    hours: always
"""
OTHERS = COUNTRY.replace('"QQ"', '"ZZ"')


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "treatment").mkdir()
    (tmp_path / "treatment/qq.yml").write_text(COUNTRY)
    (tmp_path / "treatment/elsewhere.yml").write_text(OTHERS)
    return tmp_path


def test_a_file_becomes_a_country_with_its_finders(root: Path) -> None:
    pack = load_treatment(root)["QQ"]
    page, line = pack.finders
    assert (pack.checked_on, pack.source, pack.confidence) == (date(2026, 11, 21), "care.example.org", "A")
    assert (page.url, page.phone, page.hours) == ("https://care.example.org", "", "")
    assert (line.url, line.phone, line.hours) == ("", "555-0101", "always")


def test_places_without_a_file_have_an_entry_of_their_own(root: Path) -> None:
    assert load_treatment(root)[ELSEWHERE].finders
    (root / "treatment/elsewhere.yml").unlink()
    with pytest.raises(ContentError, match="elsewhere"):
        load_treatment(root)


@pytest.mark.parametrize(
    ("part", "wrong", "told"),
    [
        ('country: "QQ"', 'country: "GB"', "country"),
        ("url: https://care", "url: http://care", "finders.url"),
        ("    url: https://care.example.org\n", "", "finders"),
        ('phone: "555-0101"', 'phone: "call us"', "finders.phone"),
        ("hours: always", "hours: mostly", "finders.hours"),
        ("checked_on: 2026-11-21", "checked_on: yesterday", "checked_on"),
        ('confidence: "A"', 'confidence: "C"', "confidence"),
        ('source: "care.example.org"\n', "", "source"),
        ("hours: always", "nights: never", "finders.nights"),
    ],
)
def test_a_wrong_number_or_field_is_told_by_file_and_field(root: Path, part: str, wrong: str, told: str) -> None:
    path = root / "treatment/qq.yml"
    assert part in path.read_text()
    path.write_text(path.read_text().replace(part, wrong))
    with pytest.raises(ContentError) as caught:
        load_treatment(root)
    assert "qq.yml" in str(caught.value)
    assert told in str(caught.value)
