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


PAIRED = """
claims:
  - {id: E1, subject: facilitation, strength: strong, certainty: high, population: adults, numbers: 27 studies,
     sources: [big_review], text: {en: "With help, more.", es: "Con ayuda, más."},
     caveat: {en: Not alone., es: No solo.}}
  - {id: E6, subject: attendance, strength: strong, population: adults, sources: [own], text: {en: Going., es: Ir.}}
  - {id: E7, subject: attendance, strength: evidence, population: adults, sources: [own], shown_with: [E6],
     text: {en: "Partly.", es: "En parte."}}
"""


@pytest.fixture
def paired(root: Path) -> Path:
    (root / "claims.yml").write_text(PAIRED)
    return root


def test_a_claim_is_said_with_its_caveat_and_in_english_where_a_language_lacks_it(paired: Path) -> None:
    claims = load_evidence(paired).claims
    assert claims["E1"].said("es") == "Con ayuda, más. No solo."
    assert claims["E1"].said("de") == "With help, more. Not alone."
    assert claims["E6"].said("en") == "Going."


def test_a_claim_comes_with_those_that_stand_beside_it(paired: Path) -> None:
    assert [claim.id for claim in load_evidence(paired).shown(["E7", "E6"])] == ["E7", "E6"]


def test_guided_help_to_join_and_going_are_never_shown_as_one(paired: Path) -> None:
    evidence = load_evidence(paired)
    assert evidence.mixes(["E1", "own", "E6"])
    assert not evidence.mixes(["E6", "E7", "llm"])
    with pytest.raises(ContentError, match="told apart"):
        evidence.shown(["E1", "E7"])
    with pytest.raises(ContentError, match="no claim E9"):
        evidence.shown(["E9"])


@pytest.mark.parametrize(
    ("part", "wrong", "told"),
    [
        (",\n     caveat: {en: Not alone., es: No solo.}", "", "a claim with a number has a caveat"),
        ("en: Not alone., es: No solo.", "en: Not alone.", "same languages"),
        ("strength: evidence", "strength: evidence, certainty: high", "high is said of guided help"),
        ("subject: attendance, strength: strong", "subject: hearsay, strength: strong", "subject"),
        ('en: "Partly."', 'en: "For 3 in 10."', "a claim with a number has a caveat"),
    ],
)
def test_a_claim_that_says_too_much_is_refused(paired: Path, part: str, wrong: str, told: str) -> None:
    path = paired / "claims.yml"
    assert part in path.read_text()
    path.write_text(path.read_text().replace(part, wrong))
    with pytest.raises(ContentError, match=told):
        load_evidence(paired)
