"""Sources and claims: every mark leads to a number that people can look up."""

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.texts.sources import load_evidence

SOURCES = """
sources:
  - {id: big_review, number: 1, title: A review, kind: review, year: 2020, url: https://example.org/review}
  - {id: own, number: 4, title: Its own pages, kind: own_pages}
"""
CLAIMS = """
claims:
  - {id: E1, subject: attendance, strength: strong, population: adults, sources: [big_review], text: {en: Yes.}}
  - {id: E2, subject: gap, strength: none, population: all, sources: [big_review, own],
     shown_with: [E1], text: {en: No.}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "sources.yml").write_text(SOURCES)
    (tmp_path / "claims.yml").write_text(CLAIMS)
    return tmp_path


def test_marks_lead_to_source_numbers_each_once_and_in_order(root: Path) -> None:
    evidence = load_evidence(root)
    assert evidence.numbers(["own", "E2", "E1", "llm"]) == (1, 4)
    assert evidence.numbers(["llm"]) == ()


def test_a_mark_is_known_or_not(root: Path) -> None:
    evidence = load_evidence(root)
    assert all(evidence.knows(mark) for mark in ("llm", "own", "E1"))
    assert not any(evidence.knows(mark) for mark in ("E9", "hearsay", ""))


@pytest.mark.parametrize(
    ("name", "part", "wrong", "told"),
    [
        ("claims.yml", "sources: [big_review, own]", "sources: [rumour]", "rumour"),
        ("claims.yml", "shown_with: [E1]", "shown_with: [E7]", "E7"),
        ("claims.yml", "strength: strong", "strength: certain", "strength"),
        ("claims.yml", "id: E2", "id: E1", "E1"),
        ("claims.yml", "sources: [big_review],", "sources: [],", "sources"),
        ("sources.yml", "number: 4", "number: 1", "number 1"),
        ("sources.yml", "id: own", "id: big_review", "big_review"),
        ("sources.yml", "url: https", "url: http", "url"),
        ("sources.yml", "kind: review", "kind: rumour", "kind"),
    ],
)
def test_a_wrong_entry_is_told_by_file_and_field(root: Path, name: str, part: str, wrong: str, told: str) -> None:
    path = root / name
    assert part in path.read_text()
    path.write_text(path.read_text().replace(part, wrong))
    with pytest.raises(ContentError) as caught:
        load_evidence(root)
    assert name in str(caught.value)
    assert told in str(caught.value)


def test_a_missing_file_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"sources\.yml"):
        load_evidence(tmp_path)
