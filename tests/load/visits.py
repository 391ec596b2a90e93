"""The long run: thousands of visits to four workers, one of which is killed every few seconds."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests import postgres
from tests.load.faults import DURABLE, README
from tests.load.run import Plan, Verdict, run
from tests.soak.record import record


async def _run(plan: Plan, server: postgres.Server) -> Verdict:
    url = server.database(await server.create(await server.upgraded_template()))
    with tempfile.TemporaryDirectory() as folder:
        return await run(plan, url, Path(folder))


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=5_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    programs = postgres.installed_programs()
    if programs is None:
        print("there is no PostgreSQL here")
        return 0
    plan = Plan(
        chosen.visits, chosen.seed, chosen.workers, every_s=chosen.every, reminding_s=max(60, chosen.visits / 4)
    )
    with postgres.cluster(programs, **DURABLE) as cluster:
        verdict = asyncio.run(_run(plan, postgres.Server(cluster.url)))
    for name, value in verdict.figures().items():
        print(f"{name}: {value}")
    for line in verdict.seen.not_known[:3]:
        print("not explained:", line)
    for what, many in verdict.errors.most_common(5):
        print(f"logged {many} times: {what}")
    told = " ".join(f"--{name} {value:g}" for name, value in vars(chosen).items())
    record(
        "Visits while workers are killed",
        f"python -m tests.load visits {told}",
        chosen.seed,
        verdict.figures(),
        README,
    )
    return 0 if verdict.kept and not verdict.seen.unanswered else 1


if __name__ == "__main__":
    sys.exit(main())
