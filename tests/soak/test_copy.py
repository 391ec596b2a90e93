"""A small version of the long run: one copy that is killed with -9, and one that is left alone."""

from pathlib import Path

import pytest

from tests.postgres import Server
from tests.soak.copy import Plan, run


@pytest.mark.postgres
async def test_a_copy_that_was_killed_begins_over_and_every_reminder_fires_once(
    postgres_server: Server, tmp_path: Path
) -> None:
    rows = {"admin_changes": 700, "meeting_edits": 40}
    verdict = await run(
        Plan(meetings=900, reminders=60, due=20, others=30, rows=rows, kills=1), postgres_server, tmp_path
    )
    assert verdict.kept, verdict.figures()
    assert all(verdict.rows.values()), "a table without a row proves nothing"
    assert verdict.times == {1: 20}
