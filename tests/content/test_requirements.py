"""What the evidence asks for: every requirement has a test, and here are those about texts."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.fellowship import STRENGTHS, Fellowship
from bot.domain.search import Search
from bot.texts.checks.folder import Folder, load_folder
from bot.texts.fellowships import load_fellowships
from bot.texts.measure import plain
from bot.texts.sources import LLM

TESTS = Path(__file__).parents[1]
CONTENT = TESTS.parent / "content"
TABLE: dict[str, dict[str, Any]] = yaml.safe_load((TESTS / "content/requirements.yml").read_text(encoding="utf-8"))
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
KINDS: dict[str, Fellowship] = {kind.id: kind for kind in load_fellowships(CONTENT)}


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_is_listed_once_with_its_tests_or_who_owns_it() -> None:
    assert list(TABLE) == [f"R{number}" for number in range(1, 70)]
    lines = (TESTS / "content/requirements.yml").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("R")]) == len(TABLE)
    for row in TABLE.values():
        assert row.keys() in ({"level", "says", "tests"}, {"level", "says", "later"})
        assert row["level"] in {"must", "should"}
        assert row["says"]
        assert row.get("tests") or row.get("later")


@pytest.mark.parametrize("name", sorted({test for row in TABLE.values() for test in row.get("tests", ())}))
def test_a_named_test_is_there(name: str) -> None:
    file, _, function = name.partition("::")
    assert function in functions(file)


@pytest.fixture(scope="module")
def folder() -> Folder:
    loaded, _ = load_folder(CONTENT, date(2026, 11, 22))
    return loaded


@cache
def message(language: str, name: str) -> str:
    return " ".join(plain((CONTENT / language / "messages" / f"{name}.html").read_text(encoding="utf-8")).split())


def everything(folder: Folder, language: str) -> Iterator[tuple[str, str]]:
    """Every text that people read in one language, with where it stands."""
    for path in sorted((CONTENT / language / "messages").rglob("*.html")):
        yield f"{path.parent.name}/{path.stem}", path.read_text(encoding="utf-8")
    for key, label in folder.library.texts(language).labels.items():
        for form in label.values() if isinstance(label, dict) else (label,):
            yield key, form
    for name, card in folder.cards.of(language).items():
        yield name, "\n".join((*card.fields.values(), *card.further.values()))
    for slug, article in folder.articles[language].items():
        yield slug, "\n".join(block.text for block in article.blocks)
    for claim in folder.evidence.claims.values():
        yield claim.id, claim.said(language)


def broken(folder: Folder, language: str, *rules: str) -> list[str]:
    """Where any text breaks one of these rules."""
    return [
        f"{where}: {found}"
        for where, text in everything(folder, language)
        for found in folder.lint.check_words(text, language, "safety" if where.startswith("urgent/") else "page")
        if found.rule in rules
    ]


def article(folder: Folder, language: str, slug: str) -> str:
    return " ".join(block.text for block in folder.articles[language][slug].blocks)


def holds(text: str, *patterns: str) -> bool:
    return all(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


@LANGUAGES
def test_nothing_speaks_of_a_program_of_the_bot_s_own(folder: Folder, language: str) -> None:
    assert broken(folder, language, "role") == []


@pytest.mark.parametrize(("language", "said"), [("en", "I am not treatment"), ("es", "no soy un tratamiento")])
def test_the_first_screen_says_that_it_is_not_treatment(language: str, said: str) -> None:
    assert said.lower() in message(language, "start/welcome").lower()


@LANGUAGES
def test_there_are_small_things_to_try_for_twelve_step_and_secular_groups_alike(
    folder: Folder, language: str
) -> None:
    blocks = folder.articles[language]["getting-more"].blocks
    assert sum(block.kind in ("bullet", "numbered") for block in blocks) >= 6
    assert holds(article(folder, language, "getting-more"), "SMART", "LifeRing", "12")


@LANGUAGES
def test_taking_part_is_an_invitation_for_every_kind(folder: Folder, language: str) -> None:
    text = article(folder, language, "getting-more")
    assert holds(text, "sponsor|padrino", "mentor", "could|can|puedes")
    assert [found for found in folder.lint.check_words(text, language, "page") if found.severity == "error"] == []


def test_a_search_holds_only_what_was_said_and_no_belief_or_history() -> None:
    held = {one.name for one in fields(Search)}
    assert held == {
        "place", "online", "needs", "fellowships", "when", "filters", "order", "seed", "page", "reach_km",
        "stated_groups", "language",
    }  # fmt: skip
    blank = Search()
    assert not any((blank.needs, blank.filters, blank.fellowships, blank.place, blank.stated_groups))


@LANGUAGES
def test_no_kind_is_told_as_second_best(folder: Folder, language: str) -> None:
    assert broken(folder, language, "second_best", "favour", "cult") == []


@LANGUAGES
def test_a_disease_or_a_higher_power_is_named_as_the_view_of_a_group(folder: Folder, language: str) -> None:
    assert broken(folder, language, "disease_view", "belief") == []


@LANGUAGES
def test_for_indigenous_groups_it_says_that_studies_are_missing(folder: Folder, language: str) -> None:
    strength = KINDS["wellbriety"].facts.strength
    assert strength.word == "none"
    assert "E31" in strength.claims
    said = folder.evidence.claims["E31"].said(language)
    assert holds(said, "no outcome studies|no hay estudios", "views are mixed|opiniones son diversas")


@LANGUAGES
def test_nothing_directs_anybody_to_believe(folder: Folder, language: str) -> None:
    ordered = r"\b(must|should|have to|need to|debes|tienes que|hay que)\b[^.]*\b(believe|pray|creer|rezar)"
    against = r"\b(do not|don't|never|nobody|no one|no|nadie|nunca|without|sin)\b"
    guilty = [
        where
        for where, text in everything(folder, language)
        for sentence in re.split(r"[.!?]", plain(text))
        if holds(sentence, ordered) and not holds(sentence, against)
    ]
    assert guilty == []


@LANGUAGES
def test_nothing_is_reported_to_a_court(folder: Folder, language: str) -> None:
    text = article(folder, language, "told-to-go")
    assert holds(text, "report to nobody|no informo a nadie", "secular|laic")


def test_strength_has_one_of_five_words_everywhere(folder: Folder) -> None:
    assert {claim.strength for claim in folder.evidence.claims.values()} <= set(STRENGTHS)
    for kind in KINDS.values():
        assert kind.facts.strength.word in STRENGTHS
        assert kind.facts.strength.claims or kind.facts.strength.sources


def test_high_certainty_is_said_of_one_claim_alone(folder: Folder) -> None:
    certain = [claim for claim in folder.evidence.claims.values() if claim.certainty == "high"]
    assert [claim.id for claim in certain] == ["E1"]
    assert holds(certain[0].said("en"), "manual", "AA", "alcohol", "fully off")
    assert holds(certain[0].said("es"), "manual", "AA", "alcohol", "del todo")
    for language in ("en", "es"):
        assert broken(folder, language, "high_certainty", "avoid", "promise") == []


HONEST = {  # claim -> what its English and its Spanish words hold
    "E10": (("much less", "more tries are fine"), ("mucho menos", "probar más está bien")),
    "E13": (("early", "hopeful", "few studies"), ("recientes", "esperanza", "pocos")),
    "E16": (("less deeply", "not clear"), ("menos a las personas", "no está claro")),
    "E21": (("can backfire",), ("efecto contrario",)),
    "E22": (("not everyone", "veterans"), ("no a todas", "veteranos")),
    "E26": (("deaths from overdose", "first choice"), ("muertes por sobredosis", "primer tratamiento")),
    "E28": (("not known",), ("no se sabe",)),
    "E30": (("mixed", "by chance"), ("mixtos", "al azar")),
    "E32": (("little direct research",), ("pocos estudios directos",)),
    "E33": (("no reason to skip care",), ("no es razón para dejar",)),
}


@pytest.mark.parametrize("claim", HONEST)
def test_claims_keep_the_words_that_make_them_honest(folder: Folder, claim: str) -> None:
    for language, words in zip(("en", "es"), HONEST[claim], strict=True):
        said = folder.evidence.claims[claim].said(language).lower()
        assert [word for word in words if word not in said] == []


def test_a_claim_with_a_number_has_a_caveat(folder: Folder) -> None:
    for claim in folder.evidence.claims.values():
        if re.search(r"\d", claim.numbers) or re.search(r"\d+ in \d+", claim.text["en"]):
            assert claim.caveat.keys() >= {"en", "es"}, claim.id


@LANGUAGES
def test_it_says_that_most_studies_are_of_aa_in_the_united_states(folder: Folder, language: str) -> None:
    where = "United States|Estados Unidos"
    assert holds(folder.evidence.claims["E6"].said(language), where, r"\bAA\b")
    sentences = [one.text for one in folder.articles[language]["evidence"].sentences if not one.machine_drafted]
    assert any(holds(text, where, "most|mayoría", "AA") for text in sentences)


@LANGUAGES
def test_why_groups_may_help_is_told_with_its_sources(folder: Folder, language: str) -> None:
    page = folder.articles[language]["mutual-help"]
    assert "E24" in {mark for one in page.sentences for mark in one.marks}
    told = [one for one in page.sentences if holds(one.text, "cope|afrontar|salir adelante|manejar")]
    assert told
    assert all(LLM not in one.marks for one in told)


@LANGUAGES
def test_groups_are_only_part_of_the_answer_to_being_alone(folder: Folder, language: str) -> None:
    told = [
        one
        for one in folder.articles[language]["mutual-help"].sentences
        if holds(one.text, "part of the answer|parte de la respuesta")
    ]
    assert [one.marks for one in told] == [("phillips_2014",)]


@LANGUAGES
def test_nothing_advises_on_a_dose_or_on_stopping_a_medicine(folder: Folder, language: str) -> None:
    assert broken(folder, language, "dose_advice", "medicine", "instead_of_care") == []


@LANGUAGES
def test_advice_of_members_against_a_medicine_is_sent_to_the_prescriber(folder: Folder, language: str) -> None:
    text = article(folder, language, "medicines")
    assert folder.evidence.claims["E28"].said(language) in text
    assert holds(text, "take such advice to your prescriber|consejo[^.]*a quien te receta", "change nothing|no cambi")


def test_kinds_that_welcome_medicines_say_so_with_a_source(folder: Folder) -> None:
    welcoming = [kind for kind in KINDS.values() if "medication" in kind.tags and kind.live]
    assert len(welcoming) >= 3
    assert [kind for kind in welcoming if set(kind.facts.formats) & {"video", "online", "phone"}]
    for kind in welcoming:
        assert LLM not in folder.cards.of("en")[kind.id].marks["medicines"]


@LANGUAGES
def test_a_medicine_may_be_kept_private_in_groups_and_not_from_clinicians(folder: Folder, language: str) -> None:
    text = article(folder, language, "medicines")
    assert holds(text, "private|callaron", "accepting|acept|acog", "doctor|médic")
    assert holds(text, "open about all|hablar de todo")


@LANGUAGES
def test_groups_for_both_at_once_are_found_and_psychiatric_medicines_are_safe_there(
    folder: Folder, language: str
) -> None:
    both = {kind.id for kind in KINDS.values() if "mental_health" in kind.tags}
    assert {"dtr", "dra"} <= both
    assert holds(article(folder, language, "mental-health"), "Double Trouble", "SMART", "prescriber|receta")


@LANGUAGES
def test_nobody_at_a_meeting_prescribes_or_makes_a_diagnosis_and_neither_does_the_bot(
    folder: Folder, language: str
) -> None:
    told = [
        one
        for one in folder.articles[language]["mutual-help"].sentences
        if holds(one.text, "prescribe|receta", "diagn[oó]s")
    ]
    assert told
    assert "rehab_twelve_step" in told[0].marks
    assert holds(article(folder, language, "this-bot"), "no diagnosis|diagnóstico", "medic")


@LANGUAGES
def test_no_brand_of_a_medicine_is_named(folder: Folder, language: str) -> None:
    assert broken(folder, language, "brand") == []


def test_what_is_good_online_is_told_beside_its_limit(folder: Folder) -> None:
    for claim in ("E14", "E15", "E17"):
        assert [one.id for one in folder.evidence.shown([claim])] == [claim, "E16"]


@LANGUAGES
def test_help_with_joining_has_every_step(folder: Folder, language: str) -> None:
    text = article(folder, language, "online-meetings")
    steps = [block for block in folder.articles[language]["online-meetings"].blocks if block.kind == "numbered"]
    assert len(steps) >= 12
    wanted = (
        "phone|teléfono",
        "passcode|código",
        "microphone|micrófono",
        "rename|cambiar nombre",
        "cut off|cortó",
        "camera off|cámara",
        "listen|escuchar",
        "link|enlace",
    )
    assert [one for one in wanted if not holds(text, one)] == []


@LANGUAGES
def test_an_invented_story_is_called_an_illustration(folder: Folder, language: str) -> None:
    stories = [block for page in folder.articles[language].values() for block in page.blocks if block.kind == "quote"]
    assert len(stories) >= 5
    assert all(one.machine_drafted for block in stories for one in block.sentences), "a story proves nothing"
    labels = [text for key, text in folder.library.texts(language).labels.items() if key.endswith(".illustration")]
    assert [label for label in labels if holds(str(label), "illustration|ilustración")] == labels != []


@LANGUAGES
def test_counselors_are_asked_about_their_own_bias_and_to_visit_an_open_meeting(
    folder: Folder, language: str
) -> None:
    text = article(folder, language, "counselors-options") + article(folder, language, "counselors-hand-off")
    assert holds(text, "open meeting|reunión abierta", "secular|laic")
    asked = [
        block.text
        for slug in ("counselors-options", "counselors-hand-off")
        for block in folder.articles[language][slug].blocks
        if block.kind == "bullet" and block.text.strip().endswith("?")
    ]
    assert asked
