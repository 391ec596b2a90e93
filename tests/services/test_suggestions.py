"""Suggested revisions: what is kept, that it waits, and that nothing about a person can be kept."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.errors import OperatorError
from bot.domain.suggestion import Kind, State, Subject, Verdict
from bot.services import suggestions
from bot.services.suggestions import LONGEST, SHORTEST, Suggestions, cleaned, examined, is_plainly_sourced
from bot.store import tables
from bot.store.database import Database

MEDICINES = Subject(Kind.ARTICLE, "medicines", "en", "1.0")
SMART = Subject(Kind.FELLOWSHIP, "smart", "es", "")
SOURCED = "The second sentence has another number in Cochrane CD012880, page 34."


def work(db: Database, day: int = 24) -> Suggestions:
    return Suggestions(db, clock=lambda: datetime(2026, 11, day, 23, 30, tzinfo=UTC))


async def test_a_sourced_suggestion_waits_with_its_day_and_version_and_nothing_else(db: Database) -> None:
    assert (await work(db).keep(MEDICINES, f"  {SOURCED}\r\n\x00\x1b[31m\ud800 ")).verdict is Verdict.KEPT
    (one,) = await work(db).queue()
    assert (one.subject, one.state, one.answered_on) == (MEDICINES, State.WAITING, None)
    assert (one.text, one.received_on) == (f"{SOURCED}\n[31m", date(2026, 11, 24))
    async with db.read() as connection:
        row = (await connection.execute(select(tables.revision_suggestions))).mappings().one()
    assert set(row) == {
        "id", "kind", "subject", "language", "version", "text", "received_on", "state", "answered_on"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", Verdict.SHORT),
        ("p. 3 is wrong", Verdict.SHORT),
        ("x" * (LONGEST + 1), Verdict.LONG),
        ("My client Jane says otherwise, page 4.", Verdict.PERSONAL),
        ("This is wrong, it says too much about belief.", Verdict.NO_SOURCE),
        ("Please say it more kindly, it reads as blame", Verdict.NO_SOURCE),
        ("I think this page is wrong about the cost", Verdict.NO_SOURCE),
        ("Falta decir que se puede venir con un amigo", Verdict.NO_SOURCE),
        ("No estoy de acuerdo con esta página, cambiadla", Verdict.NO_SOURCE),
    ],
)
async def test_what_is_short_long_personal_or_without_a_source_leaves_no_row(
    sqlite_db: Database, text: str, verdict: Verdict
) -> None:
    outcome = await work(sqlite_db).keep(MEDICINES, text)
    assert outcome.verdict is verdict
    assert bool(outcome.found) is (verdict is Verdict.PERSONAL)
    assert await work(sqlite_db).queue() == []


def test_the_least_and_the_most_that_fit_are_kept() -> None:
    assert examined("p. 3".ljust(SHORTEST, "x")).verdict is Verdict.KEPT
    assert examined("p. 3".ljust(LONGEST, "x")).verdict is Verdict.KEPT


async def test_the_same_words_twice_wait_once_and_may_come_again_after_an_answer(db: Database) -> None:
    for _ in range(2):
        assert (await work(db).keep(SMART, SOURCED)).verdict is Verdict.KEPT
    await work(db).keep(MEDICINES, SOURCED)
    smart, medicines = await work(db).queue()
    assert (smart.subject, medicines.subject) == (SMART, MEDICINES)
    await work(db, day=26).answer([smart.id], State.USED)
    await work(db).keep(SMART, SOURCED)
    assert [one.state for one in await work(db).queue()] == [State.USED, State.WAITING, State.WAITING]
    assert len(await work(db).queue(State.WAITING)) == 2
    assert [one.answered_on for one in await work(db).queue(State.USED)] == [date(2026, 11, 26)]


async def test_about_one_thing_only_so_many_wait_and_others_still_fit(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "MOST_WAITING", 3)
    verdicts = [(await work(db).keep(MEDICINES, f"{SOURCED} {number}")).verdict for number in range(4)]
    assert verdicts == [Verdict.KEPT] * 3 + [Verdict.FULL]
    assert (await work(db).keep(SMART, SOURCED)).verdict is Verdict.KEPT
    await work(db).answer([(await work(db).queue())[0].id], State.DECLINED)
    assert (await work(db).keep(MEDICINES, f"{SOURCED} 4")).verdict is Verdict.KEPT


async def test_an_answer_to_one_that_does_not_wait_changes_none_of_them(db: Database) -> None:
    await work(db).keep(MEDICINES, SOURCED)
    (one,) = await work(db).queue()
    with pytest.raises(OperatorError, match=f"No suggestion {one.id + 7} waits"):
        await work(db).answer([one.id, one.id + 7], State.USED)
    assert await work(db).queue() == [one]
    await work(db).answer([one.id, one.id], State.USED)
    with pytest.raises(OperatorError, match="waits"):
        await work(db).answer([one.id], State.DECLINED)


@given(st.text(max_size=200))
def test_a_cleaned_text_has_no_sign_that_a_terminal_or_a_database_would_choke_on(text: str) -> None:
    clean = cleaned(text)
    assert all(char == "\n" or char.isprintable() or not char.isascii() for char in clean)
    assert "\x00" not in clean.encode().decode()
    assert cleaned(clean) == clean


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("If someone is not breathing, WHO 2014, page 9, says give breaths first.", True),
        ("988 replaced the suicide line number: https://988lifeline.org", True),
        ("Si alguien no respira, la guía de la OMS de 2014, página 9, dice otra cosa.", True),
        ("I took too much in 2020 and again today", False),
        ("i want to die, see https://example.org", False),
        ("quiero morir, página 3", False),
        ("someone is not breathing here, what now", False),
        ("my client Jane is not breathing, page 3", False),
    ],
)
def test_only_a_text_about_the_words_and_nobody_is_dealt_with_after_the_urgent_card(text: str, sure: bool) -> None:
    assert is_plainly_sourced(text) is sure
