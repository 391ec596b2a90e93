"""A small version of the long run: three lives of the real bot, and then a look into the future instead of a wait."""

from pathlib import Path

from tests.soak.reminders import Plan, run


async def test_whenever_the_bot_is_killed_no_promise_is_broken(upgraded_sqlite: str, tmp_path: Path) -> None:
    verdict = await run(Plan(kills=3, seed=11, seconds=14, rate=4, patient=False), upgraded_sqlite, tmp_path)
    assert verdict.kept, verdict.figures()
    assert verdict.kills == 3
    assert verdict.reminders.total() > 30
