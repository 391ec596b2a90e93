"""What goes wrong around the workers, one kind after the other, each in the middle of visits and reminders."""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from bot.sandbox.faults import Fault
from tests import postgres
from tests.load.fleet import Fleet
from tests.load.run import Plan, Trouble, Verdict, run
from tests.ports import free_port
from tests.soak.kill import started
from tests.soak.record import record

README = Path(__file__).with_name("README.md")
ALWAYS = 1_000_000
BEFORE_S = 3.0  # calm before each trouble
DISK = "size=220m"
DURABLE = {
    "synchronous_commit": "on",  # what was committed outlives the server's end
    "max_connections": "200",  # as in deploy/compose.workers.yml: each worker opens at most twenty
}
HOUR_S = 3_600.0
TOLD = (
    "visits", "updates", "answered with silence", "answered with an apology", "asked again by the person",
    "given up by the person", "answered twice, the worker killed between sending and its 200",
    "answered twice for no such reason", "rows of messages or presses out of order",
    "twice for no such reason, or more often", "reminders that arrived", "reminders before their time",
    "people of whom anything was left after /forget", "updates that were never taken with a 200", "seconds",
)  # fmt: skip


async def no_telegram(fleet: Fleet) -> None:
    """Nothing comes from Telegram and nothing reaches it, twice."""
    for seconds in (2.0, 6.0):
        await asyncio.sleep(BEFORE_S)
        fleet.balancer.cut = True
        await _faulty(fleet, Fault("*", "drop", times=ALWAYS), seconds)
        fleet.balancer.cut = False


async def slow_telegram(fleet: Fleet) -> None:
    """Every call takes a second and a half."""
    await asyncio.sleep(BEFORE_S)
    await _faulty(fleet, Fault("*", "slow", seconds=1.5, times=ALWAYS), 10.0)


async def storm(fleet: Fleet) -> None:
    """Every message is refused with a 429, again and again."""
    for _ in range(3):
        await asyncio.sleep(BEFORE_S)
        await _faulty(fleet, Fault("sendmessage", "error", 429, retry_after=2, times=ALWAYS), 4.0)


async def jump(fleet: Fleet) -> None:
    """One more process ticks, and its clock leaps an hour ahead after it was found right."""
    with (fleet.folder / "jumping.log").open("wb") as log:
        settings = fleet.settings | {"LISTEN": f"127.0.0.1:{free_port()}"}
        process = await started(settings, log, ["-m", "tests.load.jumping", "12", str(HOUR_S)])
        try:
            await asyncio.sleep(40)
            assert process.returncode is None, "the bot ended by itself"
        finally:
            process.terminate()
            await process.wait()


def restarted(cluster: postgres.Cluster) -> Trouble:
    """PostgreSQL is stopped for some seconds, twice."""

    async def trouble(_fleet: Fleet) -> None:
        for how in (signal.SIGINT, signal.SIGQUIT):
            await asyncio.sleep(BEFORE_S)
            await asyncio.to_thread(cluster.stop, how)
            await asyncio.sleep(3)
            await asyncio.to_thread(cluster.start)

    return trouble


def full(cluster: postgres.Cluster) -> Trouble:
    """The disk of PostgreSQL is full for some seconds."""

    async def trouble(_fleet: Fleet) -> None:
        await asyncio.sleep(BEFORE_S)
        filler = cluster.base.parent / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
            while out.write(bytes(4096)):
                pass
        with contextlib.suppress(asyncpg.PostgresError, OSError):  # the next write needs a new file of 16 MB
            address = cluster.url.set(drivername="postgresql").render_as_string(hide_password=False)
            connection = await asyncpg.connect(address)
            await connection.execute("SELECT pg_switch_wal()")
            await connection.close()
        await asyncio.sleep(6)
        filler.unlink()
        if cluster.process is not None and cluster.process.poll() is not None:
            await asyncio.to_thread(cluster.start)

    return trouble


async def _faulty(fleet: Fleet, fault: Fault, seconds: float) -> None:
    fleet.account.faults.append(fault)
    await asyncio.sleep(seconds)
    fleet.account.faults.remove(fault)


@contextlib.contextmanager
def small_disk() -> Iterator[Path | None]:
    """A folder on a disk of its own; None where this account may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="openchair-disk-"))
    made = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"{DISK},mode=755", "none", str(folder)], capture_output=True, check=False
    ).returncode  # fmt: skip
    try:
        yield folder if made else None
    finally:
        if made:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def one(name: str, plan: Plan, programs: Path) -> Verdict | None:
    """One kind of trouble, on a server and with workers of its own; None where it cannot be made here."""
    simple = {
        "no way to Telegram": no_telegram,
        "slow Telegram": slow_telegram,
        "429 storms": storm,
        "a clock that jumps": jump,
    }
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(small_disk()) if name == "full disk" else None
        if name == "full disk" and disk is None:
            return None
        cluster = stack.enter_context(postgres.cluster(programs, disk, **DURABLE))
        trouble = simple.get(name) or (full if disk else restarted)(cluster)
        return asyncio.run(_run(plan, postgres.Server(cluster.url), trouble))


async def _run(plan: Plan, server: postgres.Server, trouble: Trouble) -> Verdict:
    url = server.database(await server.create(await server.upgraded_template()))
    with tempfile.TemporaryDirectory() as folder:
        return await run(plan, url, Path(folder), trouble)


NAMES = (
    "PostgreSQL stopped and started",
    "full disk",
    "no way to Telegram",
    "slow Telegram",
    "429 storms",
    "a clock that jumps",
)


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=NAMES)
    chosen = parser.parse_args(words)
    programs = postgres.installed_programs()
    if programs is None:
        print("there is no PostgreSQL here")
        return 0
    broken = 0
    for name in (chosen.only,) if chosen.only else NAMES:
        print(f"-- {name}", flush=True)
        seconds = 1_800 if name == "a clock that jumps" else 60
        plan = Plan(chosen.visits, chosen.seed, workers=3, at_once=20, rate=1.5, reminding_s=seconds, drain=False)
        verdict = one(name, plan, programs)
        figures: dict[str, object] = {"it cannot be made here": "needs the right to mount a small disk"}
        if verdict is not None:
            broken += not verdict.kept
            figures = {key: value for key, value in verdict.figures().items() if key in TOLD}
            for line in verdict.seen.not_known[:3]:
                print("not explained:", line)
        for key, value in figures.items():
            print(f"{key}: {value}")
        command = f"python -m tests.load faults --visits {chosen.visits} --seed {chosen.seed}"
        record(f"Trouble: {name}", command, chosen.seed, figures, README)
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
