"""The fellowships as published: every kind on equal terms, nothing claimed that has no source."""

import re
from pathlib import Path

import pytest

from bot.domain.fellowship import Fellowship, Tradition, serves
from bot.domain.search import NEEDS
from bot.texts.fellowships import FIELDS, FellowshipCard, load_cards, load_fellowships
from bot.texts.lint import CARD_BAND, MAX_GRADE, MAX_LIX, load_lint, parity, reading_level
from bot.texts.sources import LLM, load_evidence

CONTENT = Path(__file__).parents[2] / "content"
LANGUAGES = ("en", "es")
ALL = load_fellowships(CONTENT)
KINDS: dict[str, Fellowship] = {one.id: one for one in ALL}
EVIDENCE = load_evidence(CONTENT)
CARDS = load_cards(CONTENT, LANGUAGES, EVIDENCE)
LINT = load_lint(CONTENT)
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


@pytest.mark.parametrize("card", EVERY_CARD, ids=named)
def test_a_card_presses_nobody_and_claims_nothing_unsourced(card: FellowshipCard) -> None:
    assert [str(found) for found in LINT.check_card(card)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_cards_take_the_same_room(language: str) -> None:
    report = parity(CARDS.of(language).values())
    assert report.outside == ()
    assert report.longest[1] <= report.median * (1 + CARD_BAND)
    assert report.shortest[1] >= report.median * (1 - CARD_BAND)


@pytest.mark.parametrize("card", EVERY_CARD, ids=named)
def test_a_card_reads_easily_and_fits_a_chat(card: FellowshipCard) -> None:
    level = reading_level(". ".join(card.fields.values()), card.language)
    assert level <= (MAX_GRADE if card.language == "en" else MAX_LIX)
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


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_is_much_longer_for_one_kind_than_for_the_others(name: str) -> None:
    lengths = sorted(len(card.fields[name]) for card in CARDS.of("en").values())
    assert lengths[-1] <= 130


def test_no_card_says_it_is_read_by_a_clinician_before_one_has() -> None:
    assert not [named(card) for card in EVERY_CARD if card.reviewed_by_clinician]
