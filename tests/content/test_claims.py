"""What is claimed about how groups help: each claim with its strength, in every language, in plain words."""

import re
from pathlib import Path

import pytest

from bot.texts.lint import load_lint
from bot.texts.sources import Claim, load_evidence

CONTENT = Path(__file__).parents[2] / "content"
EVIDENCE = load_evidence(CONTENT)
LINT = load_lint(CONTENT)
CLAIMS = list(EVIDENCE.claims.values())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_claim_is_said_plainly_in_every_language(claim: Claim, language: str) -> None:
    assert [str(found) for found in LINT.check(claim.text[language], language, "page")] == []


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_numbers_of_a_claim_are_the_same_in_every_language(claim: Claim) -> None:
    assert len({tuple(sorted(re.findall(r"\d+", text))) for text in claim.text.values()}) == 1


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.shown_with], ids=lambda claim: claim.id)
def test_a_claim_is_never_paired_with_itself(claim: Claim) -> None:
    assert claim.id not in claim.shown_with


def test_belief_is_told_from_both_sides() -> None:
    assert EVIDENCE.claims["E18"].shown_with == ("E19",)
    assert EVIDENCE.claims["E19"].shown_with == ("E18",)


def test_strong_is_said_of_drugs_or_families_or_other_kinds_nowhere() -> None:
    strong = {claim.id for claim in CLAIMS if claim.strength == "strong"}
    assert strong == {"E1", "E6", "E8", "E23", "E24", "E26"}


def test_modest_effects_are_told_with_their_doubt() -> None:
    text = EVIDENCE.claims["E9"].text["en"]
    assert "modest" in text
    assert "cannot be sure" in text
