"""A small version of the long run: 200 visits to two workers, each of them killed once."""

from pathlib import Path

import pytest

from tests.load.run import Plan, run


@pytest.mark.postgres
async def test_every_visit_comes_to_its_end_although_workers_are_killed(
    upgraded_postgres: str, unpacked: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").symlink_to(unpacked)
    plan = Plan(visits=200, seed=1, workers=2, kills=2, reminding_s=30, drain=False)
    verdict = await run(plan, upgraded_postgres, tmp_path)
    assert verdict.kept, (verdict.figures(), verdict.seen.not_known[:3])
    assert (verdict.visits, verdict.kills) == (200, 2)
    assert verdict.seen.updates >= 200 * 15
    assert (verdict.seen.unanswered, verdict.seen.apologies) == (0, 0)
    assert verdict.seen.in_gap <= verdict.interrupted
    assert sum(many for times, many in verdict.reminders.items() if times) > 20
    assert verdict.elder_mb[1] < verdict.elder_mb[0] + 60
