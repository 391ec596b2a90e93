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
    assert [str(found) for found in LINT.check(claim.said(language), language, "page")] == []


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
    text = EVIDENCE.claims["E9"].said("en")
    assert "modest" in text
    assert "cannot be sure" in text


NEVER = {  # what must not be claimed, in both languages
    "one kind for all": ("AA works for everyone.", "AA sirve a todo el mundo."),
    "the best": ("It is the best program.", "Es el mejor programa."),
    "a success rate": ("In AA 40 % stay sober.", "En AA el 40 % deja de beber."),
    "high certainty elsewhere": (
        "There is high-certainty evidence for online groups.",
        "Hay mucha certeza sobre los grupos en línea.",
    ),
    "proven by trials": ("Meetings are proven by randomized trials.", "Está demostrado en ensayos."),
    "nothing or everything": (
        "Zero percent went, with help 100 percent.",
        "Fue el cero por ciento, con ayuda el 100.",
    ),
    "a wrong reference": ("NEJM found it in 2006.", "Lo dijo NEJM en 2006."),
    "a garbled ratio": ("The ratio is 1.21.", "La razón es 1,21."),
    "groups for treatment": ("A group replaces treatment.", "Un grupo reemplaza el tratamiento."),
    "medicine as a lie": ("Medicine is not real recovery.", "Así no hay recuperación de verdad."),
    "a plan to stop": ("You can taper in a week.", "Puedes reducir la dosis en una semana."),
    "a dose": ("Take 16 mg a day.", "Toma 16 mg al día."),
    "a match by belief": ("Try SMART because you are not religious.", "Prueba SMART porque no eres creyente."),
    "online as good": ("Online is as effective.", "En línea es igual de eficaz."),
    "proven for Indigenous people": ("It is proven for Indigenous people.", "Es eficaz para pueblos indígenas."),
    "a threat": ("If you don't attend you will use again.", "Si no vas, volverás a consumir."),
    "a disease as our view": ("Addiction is a disease.", "La adicción es una enfermedad."),
    "no disease as our view": ("Addiction is not a disease.", "La adicción no es una enfermedad."),
    "an anonymous Telegram": ("Telegram is anonymous.", "Telegram es anónimo."),
    "safe meetings": ("Meetings are safe.", "Es totalmente seguro."),
    "SMART as therapy": ("SMART is CBT treatment.", "SMART es terapia cognitiva."),
    "a number of sessions": ("It takes 10 to 12 sessions.", "Son de 10 a 12 sesiones."),
}


@pytest.mark.parametrize("claim", NEVER)
def test_what_must_not_be_claimed_is_found_in_both_languages(claim: str) -> None:
    for language, text in zip(("en", "es"), NEVER[claim], strict=True):
        assert [found for found in LINT.check_words(text, language, "page") if found.severity == "error"], text
