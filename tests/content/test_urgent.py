"""Urgent help as published: enough countries, each with somebody to reach, none out of date unnoticed."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.search import LANGUAGES
from bot.domain.urgent import UrgentCountry
from bot.texts.countries import ELSEWHERE
from bot.texts.urgent import load_urgent

URGENT = load_urgent(Path(__file__).parents[2] / "content")
COUNTRIES = "AR AT AU BE BR CA CH DE DK ES FI FR GB HU IE IL IN IT JP KR MX NL NO NZ PH PL PT SE SG UA US ZA".split()


def test_these_countries_and_everywhere_else_have_numbers() -> None:
    assert sorted(URGENT) == sorted([*COUNTRIES, ELSEWHERE])


@pytest.mark.parametrize("country", URGENT.values(), ids=lambda one: one.country)
def test_a_country_has_an_emergency_number_and_a_crisis_line(country: UrgentCountry) -> None:
    assert country.emergency
    assert any("crisis" in line.topics for line in country.lines)
    assert country.checked_on >= date(2026, 11, 21)
    assert set(country.languages) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("US", {"988", "741741", "1-800-662-4357", "1-800-222-1222", "1-800-799-7233"}),
        ("GB", {"116 123", "85258", "111", "0300 123 6600", "0800 1111"}),
        ("IE", {"116 123", "50808", "1800 459 459"}),
        ("AU", {"13 11 14", "0477 13 11 14", "1800 250 015", "1800 55 1800"}),
        ("NZ", {"1737", "0800 787 797"}),
        ("DE", {"0800 111 0 111", "0800 111 0 222", "116 123"}),
        ("PT", {"1411", "808 24 24 24"}),
        ("ES", {"024"}),
        ("MX", {"800 911 2000"}),
        ("SE", {"90 390", "90101"}),
        ("KR", {"109"}),
    ],
)
def test_well_known_numbers_are_typed_right(code: str, numbers: set[str]) -> None:
    assert {line.number for line in URGENT[code].lines} == numbers


def test_a_text_line_says_what_to_text_where_a_word_is_asked_for() -> None:
    keywords = {line.keyword for country in URGENT.values() for line in country.lines if line.keyword}
    assert keywords == {"HOME", "SHOUT", "HELLO"}


def test_a_doubtful_country_is_marked_so() -> None:
    assert [country.country for country in URGENT.values() if country.confidence == "?"] == ["IT"]
