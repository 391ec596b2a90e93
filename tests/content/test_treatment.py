"""The road to treatment as published, and the sentences that stand beside every option."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.treatment import Treatment
from bot.texts.countries import ELSEWHERE
from bot.texts.treatment import load_treatment
from bot.texts.urgent import load_urgent

ROOT = Path(__file__).parents[2] / "content"
TREATMENT, URGENT = load_treatment(ROOT), load_urgent(ROOT)

# Changing one of these is a decision about people's safety: a second reader signs it by changing it here too.
LOCKED = {
    "en/messages/locked/opioids.html": (
        "Medicines for opioid addiction save lives. In treatment they come first, and groups are an addition. "
        "Only a prescriber can advise you on medicines."
    ),
    "es/messages/locked/opioids.html": (
        "Los medicamentos para la adicción a opioides salvan vidas. En el tratamiento van primero, y los grupos se "
        "suman. Sobre medicamentos solo puede aconsejarte quien los receta."
    ),
    "en/messages/locked/not_treatment.html": (
        "Groups are not treatment and do not replace it. For people who look for treatment, both together help "
        "more than either alone."
    ),
    "es/messages/locked/not_treatment.html": (
        "Los grupos no son un tratamiento y no lo sustituyen. A quienes buscan tratamiento, las dos cosas juntas "
        "les ayudan más que una sola."
    ),
    "en/messages/locked/online.html": (
        "Online saves you the trip. It may connect people less deeply. Whether it helps as much is not clear."
    ),
    "es/messages/locked/online.html": (
        "En línea te ahorras el camino. Puede unir menos a las personas. No está claro si ayuda igual."
    ),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_locked_sentence_reads_as_its_second_reader_left_it(name: str) -> None:
    _, _, text = (ROOT / name).read_text(encoding="utf-8").partition("#}\n")
    assert text.strip() == LOCKED[name]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_warning_of_stopping_fast_names_what_is_dangerous_and_who_can_help(language: str) -> None:
    text = (ROOT / language / "messages/locked/withdrawal.html").read_text(encoding="utf-8")
    dangerous, doctor = {
        "en": ("Stopping fast can be dangerous.", "a doctor before you stop"),
        "es": ("Parar de golpe puede ser peligroso.", "un médico antes de parar"),
    }[language]
    assert text.count(dangerous) == text.count(doctor) == 3
    assert text.count("GHB") == 2


def test_every_country_pack_has_a_finder_that_can_be_reached() -> None:
    for code, pack in TREATMENT.items():
        assert pack.finders, code
        assert all(finder.url or finder.phone for finder in pack.finders), code
        assert pack.checked_on >= date(2026, 11, 21), code


def test_every_country_with_urgent_numbers_has_a_road_to_treatment_of_its_own_or_the_general_one() -> None:
    assert TREATMENT[ELSEWHERE].finders
    assert set(TREATMENT) <= set(URGENT)


@pytest.mark.parametrize(
    ("code", "ways"),
    [
        ("US", {"https://findtreatment.gov", "1-800-662-4357"}),
        ("GB", {"https://www.nhs.uk", "111", "0300 123 6600"}),
        ("IE", {"https://www.drugs.ie", "1800 459 459"}),
        ("AU", {"1800 250 015"}),
        ("NZ", {"https://alcoholdrughelp.org.nz", "0800 787 797"}),
        ("PT", {"808 24 24 24"}),
        ("ZA", {"0800 12 13 14"}),
    ],
)
def test_a_country_is_reached_by_these_numbers_and_pages(code: str, ways: set[str]) -> None:
    assert {way for finder in TREATMENT[code].finders for way in (finder.url, finder.phone) if way} == ways


@pytest.mark.parametrize("pack", TREATMENT.values(), ids=lambda one: one.country)
def test_a_number_that_also_stands_under_urgent_help_has_the_same_hours_there(pack: Treatment) -> None:
    lines = {line.number: line.hours for line in URGENT[pack.country].lines}
    for finder in pack.finders:
        assert lines.get(finder.phone, finder.hours) == finder.hours, finder.name
