"""A plan in a person's own words, in English and Spanish."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.plan_words import PlanSaid
from bot.services.plan_texts import read_plan
from bot.texts.plan_words import load_plan_words

WORDS = load_plan_words(Path(__file__).parents[2] / "content")
TODAY = date(2026, 11, 24)  # a Tuesday
DECEMBER = date(2026, 12, 5)


@pytest.mark.parametrize(
    ("text", "meetings", "until", "kinds"),
    [
        ("three meetings before 5 December, at least two kinds", 3, DECEMBER, 2),
        ("tres reuniones antes del 5 de diciembre, al menos dos tipos", 3, DECEMBER, 2),
        ("3 before 5 December", 3, DECEMBER, None),
        ("2 different kinds, 4 meetings by the 5th of December", 4, DECEMBER, 2),
        ("December 5: one meeting", 1, DECEMBER, None),
        ("Una reunión hasta el 1 de enero", 1, date(2027, 1, 1), None),
        ("5 meetings until 5 december 2027", 5, date(2027, 12, 5), None),
        ("two meetings by 2026-12-05", 2, DECEMBER, None),
        ("two by 5.12.", 2, DECEMBER, None),
        ("two by 12/25", 2, date(2026, 12, 25), None),
        ("dos antes del 25/12/26", 2, date(2026, 12, 25), None),
        ("three in two weeks", 3, date(2026, 12, 8), None),
        ("una dentro de 10 días", 1, date(2026, 12, 4), None),
        ("two before friday", 2, date(2026, 11, 27), None),
        ("two before tuesday", 2, date(2026, 12, 1), None),
        ("dos antes del sábado", 2, date(2026, 11, 28), None),
        ("1 meeting before 3 november", 1, date(2027, 11, 3), None),
        ("three meetings", 3, None, None),
        ("by 5 december", None, DECEMBER, None),
    ],
)
def test_numbers_and_dates_are_understood(
    text: str, meetings: int | None, until: date | None, kinds: int | None
) -> None:
    assert read_plan(text, WORDS, TODAY) == PlanSaid(meetings, until, kinds)


@pytest.mark.parametrize("text", ["two by 4/5", "two by 31 february", "two by 1/2/2019", "two by 2031-01-01"])
def test_a_date_that_can_be_read_two_ways_or_is_none_is_left_to_be_asked(text: str) -> None:
    assert read_plan(text, WORDS, TODAY).until is None


@pytest.mark.parametrize("text", ["", "i do not know", "0 meetings", "100000 meetings", "?" * 300, "5" * 300])
def test_anything_else_is_no_plan(text: str) -> None:
    assert read_plan(text, WORDS, TODAY).meetings is None
