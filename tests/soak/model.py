"""Many stories told to the model of deliveries: any of them would break a promise if one were not kept."""

import argparse
import asyncio
import sys
import time
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.store.database import Database
from tests.soak.deliveries import Deliveries


async def _opened(url: str) -> Database:
    database = Database(url)
    await database.open()
    if database.is_sqlite:
        await database.upgrade()
    return database


def check(url: str, *, examples: int, steps: int, number: int, derandomize: bool = False) -> None:
    """Run the model on a database; AssertionError with the shortest story that breaks a promise."""
    with asyncio.Runner() as runner:
        database = runner.run(_opened(url))
        machine = type("Machine", (Deliveries,), {"runner": runner, "database": database})
        chosen = settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=derandomize, database=None,
            phases=(Phase.generate, Phase.shrink) if derandomize else (Phase.generate,),
            suppress_health_check=list(HealthCheck), print_blob=True,
        )  # fmt: skip
        try:
            run_state_machine_as_test(machine if derandomize else seed(number)(machine), settings=chosen)
        finally:
            runner.run(database.close())


def main(words: list[str] | None = None) -> int:
    """Many stories, long ones; print and write the figures. Raises on the first that breaks a promise."""
    from tests import postgres
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    began, figures = time.monotonic(), dict[str, object]()
    check("sqlite+aiosqlite:///:memory:", examples=chosen.examples, steps=chosen.steps, number=chosen.seed)
    figures["SQLite: stories, each of so many steps at most"] = f"{chosen.examples}, {chosen.steps}"
    programs = postgres.installed_programs()
    if programs is not None:
        few = chosen.examples // 10
        with postgres._running(programs) as url:
            server = postgres.Server(url)
            name = asyncio.run(_new(server))
            check(server.database(name), examples=few, steps=chosen.steps, number=chosen.seed)
        figures["PostgreSQL: stories, each of so many steps at most"] = f"{few}, {chosen.steps}"
    figures |= {"broken promises": 0, "seconds": round(time.monotonic() - began)}
    for name, value in figures.items():
        print(f"{name}: {value}")
    command = " ".join(["python -m tests.soak.model", *(f"--{name} {value}" for name, value in vars(chosen).items())])
    record("Any order of presses, edits, steps, crashes and leaps of time", command, chosen.seed, figures)
    return 0


async def _new(server: Any) -> str:
    return str(await server.create(await server.upgraded_template()))


if __name__ == "__main__":
    sys.exit(main())
