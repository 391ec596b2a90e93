"""The fellowships as published: every kind on equal terms, nothing claimed that has no source."""

import re
import statistics
from datetime import date
from pathlib import Path

import pytest

from bot.domain.fellowship import Fellowship, Tradition, serves
from bot.domain.search import NEEDS
from bot.texts.checks.cards import check_cards
from bot.texts.checks.folder import load_folder
from bot.texts.facts import FactsText, load_facts
from bot.texts.fellowships import FIELDS, FellowshipCard, load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.lint import load_lint
from bot.texts.sources import LLM, load_evidence

CONTENT = Path(__file__).parents[2] / "content"
LANGUAGES = ("en", "es")
ALL = load_fellowships(CONTENT)
KINDS: dict[str, Fellowship] = {one.id: one for one in ALL}
EVIDENCE = load_evidence(CONTENT)
CARDS = load_cards(CONTENT, LANGUAGES, EVIDENCE)
FACTS_IN = load_facts(Library.load(CONTENT), ALL, CARDS, EVIDENCE)
LINT = load_lint(CONTENT)
ROOM, GRADES = 0.20, 2.0  # how far from the median a text may be, and how far apart the easiest and hardest
EVERY_CARD: list[FellowshipCard] = [card for language in LANGUAGES for card in CARDS.of(language).values()]
FIXED = {  # numbers and ids stand in buttons that live for years
    name: number
    for number, name in enumerate(
        "aa na ca cma ha ma pa nica dra dtr mara metha ga oa eda da slaa saa sa coda aca alanon alateen naranon fa "
        "gamanon celebrate wellbriety millati smart smart_family lifering dharma wfs sos mm hams all_recovery refuge "
        "she_recovers bens_friends in_the_rooms y12sr".split(),
        start=1,
    )
}
UNKNOWN = {"en": "Not known. You can ask the group.", "es": "No se sabe. Puedes preguntar al grupo."}
HEADINGS = "What it is: For: Aim: Belief: Medicines: First visit: Cost: Research: "
CLOSING = (
    "Groups differ. If this one does not fit, we can look again. "
    "A program wrote this. No clinician has read it yet. Sources 2, 4, 21, 22. "
)


def named(card: FellowshipCard) -> str:
    return f"{card.language}-{card.fellowship}"


def test_no_fellowship_has_changed_its_number() -> None:
    assert {name: KINDS[name].number for name in FIXED} == FIXED


@pytest.mark.parametrize("need", [need for need in NEEDS if need != "family"])
def test_every_need_finds_a_group_for_oneself(need: str) -> None:
    assert [one for one in ALL if serves(one, (need,)) and one.live]


@pytest.mark.parametrize(
    "need", ["alcohol", "drugs", "opioids", "stimulants", "cannabis", "gambling", "food", "sex_love"]
)
def test_every_substance_and_most_behaviors_find_a_twelve_step_and_another_kind(need: str) -> None:
    found = {one.tradition for one in ALL if serves(one, (need,)) and one.live and not one.for_people}
    assert {Tradition.TWELVE_STEP, Tradition.SECULAR} <= found


def test_families_find_twelve_step_and_secular_groups() -> None:
    found = {one.id for one in ALL if serves(one, ("family",))}
    assert {"alanon", "naranon", "fa", "gamanon", "coda", "aca", "smart_family"} <= found
    assert {one.id for one in ALL if serves(one, ("family", "gambling"))} == {"gamanon", "smart_family"}


def test_groups_that_are_not_known_to_meet_are_not_offered_as_live() -> None:
    assert {one.id for one in ALL if not one.live} == {"sos", "dra", "metha"}


def test_each_goal_and_medicines_and_mental_health_have_several_kinds() -> None:
    def tagged(tag: str) -> set[str]:
        return {one.id for one in ALL if tag in one.tags}

    assert {"smart", "mm", "hams"} <= tagged("goal_less")
    assert {"aa", "lifering", "smart"} <= tagged("goal_stop")
    assert {"mara", "smart", "lifering", "dtr"} <= tagged("medication")
    assert {"dtr", "dra"} == tagged("mental_health")
    assert {one.id for one in ALL if one.tradition is Tradition.SECULAR} == tagged("secular")


@pytest.mark.parametrize("kind", ALL, ids=lambda one: one.id)
def test_addresses_are_the_fellowship_s_own(kind: Fellowship) -> None:
    host = re.sub(r"^https://(www\.)?", "", kind.site).split("/")[0]
    assert host.split(".")[-2:] == re.sub(r"^https://", "", kind.finder).split("/")[0].split(".")[-2:]


def test_short_names_and_aliases_lead_to_one_fellowship_each() -> None:
    seen: dict[str, str] = {}
    for one in ALL:
        for name in {one.short.lower(), one.name.lower(), *one.aliases}:
            assert seen.setdefault(name, one.id) == one.id, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fellowship_has_a_card_in_every_language(language: str) -> None:
    assert set(CARDS.of(language)) == set(KINDS)


def test_no_card_presses_reads_hard_claims_too_much_or_takes_more_room_than_the_others() -> None:
    folder, _ = load_folder(CONTENT, date(2026, 11, 22))
    assert [str(problem) for problem in check_cards(folder) if problem.error] == []


@pytest.mark.parametrize("card", EVERY_CARD, ids=named)
def test_a_card_fits_a_chat(card: FellowshipCard) -> None:
    assert len(KINDS[card.fellowship].name) + len(HEADINGS) + card.length + len(CLOSING) <= 900


@pytest.mark.parametrize("card", EVERY_CARD, ids=named)
def test_medicines_have_a_source_or_are_not_known(card: FellowshipCard) -> None:
    sourced = set(card.marks["medicines"]) != {LLM}
    assert sourced != (card.fields["medicines"] == UNKNOWN[card.language])


@pytest.mark.parametrize("card", EVERY_CARD, ids=named)
def test_research_is_said_with_a_claim_or_a_document_and_never_made_up(card: FellowshipCard) -> None:
    assert LLM not in card.marks["research"]


@pytest.mark.parametrize("name", KINDS)
def test_a_translation_has_the_same_marks_as_the_english_card(name: str) -> None:
    assert CARDS.of("es")[name].marks == CARDS.of("en")[name].marks


def test_strong_evidence_is_said_of_guided_help_to_join_aa_alone() -> None:
    strong = {
        card.fellowship for card in EVERY_CARD if re.search(r"strong|sólida", card.fields["research"], re.IGNORECASE)
    }
    assert strong == {"aa"}
    assert {one.id for one in ALL if one.facts.strength.word == "strong"} == {"aa"}


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_is_much_longer_for_one_kind_than_for_the_others(name: str) -> None:
    lengths = sorted(len(card.fields[name]) for card in CARDS.of("en").values())
    assert lengths[-1] <= 130


def test_no_card_says_it_is_read_by_a_clinician_before_one_has() -> None:
    assert not [named(card) for card in EVERY_CARD if card.reviewed_by_clinician]


STRENGTH_WORDS = {
    "en": {"strong": "Strong", "emerging": "Early", "limited": "Limited", "none": "None found yet"},
    "es": {"strong": "Sólida", "emerging": "Reciente", "limited": "Escasa", "none": "Aún no hay"},
}
EVERY_FACTS: list[FactsText] = [told for language in LANGUAGES for told in FACTS_IN[language].values()]


def test_groups_that_may_not_meet_say_so() -> None:
    unsure = {one.id for one in ALL if not one.facts.active}
    assert {"sos", "dra", "metha", "hams", "millati", "refuge"} <= unsure
    assert {one.id for one in ALL if not one.live} <= unsure


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", ["card", "facts"])
def test_cards_and_all_facts_take_the_same_room_and_read_alike(language: str, sort: str) -> None:
    told = FACTS_IN[language]
    bodies = {name: one.body if sort == "facts" else "".join(one.card.values()) for name, one in told.items()}
    middle = statistics.median(map(len, bodies.values()))
    assert {name for name, body in bodies.items() if abs(len(body) - middle) > ROOM * middle} == set()
    prose = {name: one.prose if sort == "facts" else " ".join(one.card.values()) for name, one in told.items()}
    grades = sorted((LINT.grade(text, language), name) for name, text in prose.items())
    assert round(grades[-1][0] - grades[0][0], 1) <= GRADES, (grades[0], grades[-1])


@pytest.mark.parametrize("told", EVERY_FACTS, ids=lambda one: f"{one.language}-{one.fellowship}")
def test_no_fact_presses_praises_or_reads_hard(told: FactsText) -> None:
    texts = [
        text for name, text in (*told.facts.items(), *told.answers.items()) if name not in ("needs", "addresses")
    ]
    assert [str(found) for text in texts for found in LINT.check(text, told.language)] == []


@pytest.mark.parametrize("told", EVERY_FACTS, ids=lambda one: f"{one.language}-{one.fellowship}")
def test_what_a_machine_wrote_without_a_source_counts_nothing(told: FactsText) -> None:
    for name, marks in told.marks.items():
        if marks == (LLM,) and name != "addresses":
            assert not re.search(r"\d|%", told.facts[name]), name


@pytest.mark.parametrize("told", EVERY_FACTS, ids=lambda one: f"{one.language}-{one.fellowship}")
def test_research_opens_with_the_word_for_its_strength(told: FactsText) -> None:
    word = STRENGTH_WORDS[told.language][KINDS[told.fellowship].facts.strength.word]
    assert told.facts["research"].startswith(word)
    assert told.card["research"].startswith(word)


def test_evidence_for_families_and_behaviors_is_never_more_than_limited() -> None:
    words = {one.id: one.facts.strength.word for one in ALL}
    behaviors = {"ga", "oa", "eda", "da", "slaa", "saa", "sa", "coda"}
    assert {words[one.id] for one in ALL if one.family} | {words[name] for name in behaviors} <= {"limited", "none"}
    assert (words["na"], words["smart"], words["wellbriety"]) == ("emerging", "emerging", "none")


@pytest.mark.parametrize("told", EVERY_FACTS, ids=lambda one: f"{one.language}-{one.fellowship}")
def test_belief_and_benefit_are_told_together_or_not_at_all(told: FactsText) -> None:
    belief, benefit = (EVIDENCE.claims[one].text[told.language] for one in ("E18", "E19"))
    assert [belief in study.text for study in told.studies] == [benefit in study.text for study in told.studies]
    high = EVIDENCE.claims["E1"].text[told.language]
    assert any(high in study.text for study in told.studies) == (told.fellowship == "aa")


def test_what_costs_money_is_told_and_what_is_free_is_called_free() -> None:
    for told in EVERY_FACTS:
        cost, text = KINDS[told.fellowship].facts.cost, told.facts["cost"]
        assert ("cost money" in text or "costar" in text or "cuestan" in text or "se pagan" in text) == (
            cost == "some_paid"
        ), told.fellowship
        if cost == "free":
            assert text.startswith(("Free", "Gratis")), told.fellowship


def test_the_fixed_aim_of_sexaholics_anonymous_is_said_plainly() -> None:
    assert FACTS_IN["en"]["sa"].facts["aim"] == "No sex alone, or outside marriage of a man and a woman."
    assert "matrimonio de hombre y mujer" in FACTS_IN["es"]["sa"].facts["aim"]


def test_every_kind_has_a_public_contact_or_says_that_none_is_known() -> None:
    for told in FACTS_IN["en"].values():
        assert KINDS[told.fellowship].facts.contact or told.facts["contact"].startswith("None known.")


def test_kinds_that_nobody_read_up_on_carry_the_mark_of_a_machine() -> None:
    for one in ALL:
        assert (one.facts.facts_from == (LLM,)) <= (one.checked_on is None), one.id
