"""Everything that can reach the bot from outside, at random and altered: it answers, lives on, writes no one down.

The same seed and number give the same case, before the same tables; what a case did before another one in the same
round may matter too: `--only 4711` meets one case alone, `--upto 4711` its round as far as it.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.fuzzing import watch
from tests.soak.fuzzing.cases import case
from tests.soak.fuzzing.opening import opened
from tests.soak.fuzzing.world import World

ROUND = 2_500  # cases that begin with the same tables
REFRESH = 100  # cases after which changed lists are taken up, as the clock does every few seconds
WHOLE = 100_000  # fewer are a try, and leave the written figures alone
WARM = 0.3  # of the rounds: caches that have an end fill up
MOST_MB, MOST_OBJECTS = 0.06, 0.03  # shares by which memory may end above the end of the warm rounds
FAILED = "unhandled errors, apologies, refused answers, writes that nobody asked for"


@dataclass
class Run:
    """What came of the cases. `memory`: megabytes and objects at the end of each round."""

    kinds: Counter[str] = field(default_factory=Counter)
    failures: dict[int, list[str]] = field(default_factory=dict)
    known: int = 0  # buttons and links to start from
    memory: list[tuple[float, int]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)  # seconds, and the case

    def growth(self) -> tuple[float, float]:
        """Shares by which megabytes and objects grew after the warm rounds: the later half beside the earlier."""
        later = self.memory[round(len(self.memory) * WARM) :]
        if len(later) < 4:
            return 0.0, 0.0
        half = len(later) // 2
        pairs = [
            (_middle(row[kind] for row in later[:half]), _middle(row[kind] for row in later[half:]))
            for kind in (0, 1)
        ]
        return pairs[0][1] / pairs[0][0] - 1, pairs[1][1] / pairs[1][0] - 1

    @property
    def grew(self) -> bool:
        """Whether that is more than noise."""
        megabytes, objects = self.growth()
        return megabytes > MOST_MB or objects > MOST_OBJECTS


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


async def fuzz(world: World, seed: int, cases: Iterable[int], *, told: Callable[[str], None] = lambda _: None) -> Run:
    """Meet the cases of these numbers, in order."""
    run, begun = Run(), None
    for index in cases:
        if index // ROUND != begun:
            if begun is not None:
                run.memory.append(watch.memory())
                told(
                    f"{index}: {run.memory[-1][0]:.0f} MB, {run.memory[-1][1]} objects, {len(run.failures)} failures"
                )
            begun = index // ROUND
            await world.begin_round()
        if index % REFRESH == 0:
            await world.work.refresh()
        kind, one = case(seed, index, world.known)
        began = time.perf_counter()
        wrong = await world.meet(one, index % ROUND)
        run.slowest = max(run.slowest, (time.perf_counter() - began, index))
        run.kinds[kind] += 1
        if wrong:
            run.failures[index] = [kind, *wrong]
            told(f"seed {seed}, case {index} ({kind}): " + "; ".join(wrong)[:900])
    run.memory.append(watch.memory())
    return run


async def _part(seed: int, numbers: range, cache: Path | None, shown: bool) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), cache) as world:
            if shown:
                print(*(case(seed, index, world.known) for index in numbers))
            run = await fuzz(world, seed, numbers, told=lambda line: print(line, flush=True))
            run.known = sum(map(len, world.known.buttons)) + len(world.known.links)
            return run


def part(seed: int, numbers: range, cache: Path | None = None, shown: bool = False) -> Run:
    """These cases, in a bot of their own. `shown`: print them too."""
    return asyncio.run(_part(seed, numbers, cache, shown))


def parts(seed: int, numbers: range, processes: int, cache: Path | None = None) -> list[Run]:
    """The same cases, whole rounds of them in each of several processes at once."""
    rounds = -(-len(numbers) // ROUND // processes) * ROUND or len(numbers)
    shares = [numbers[begin : begin + rounds] for begin in range(0, len(numbers), rounds)]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        return [one.result() for one in [pool.submit(part, seed, share, cache) for share in shares]]


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when nothing failed and nothing grew."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=WHOLE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the first case")
    parser.add_argument("--only", type=int, help="this case alone, before the tables as they are at the start")
    parser.add_argument("--upto", type=int, help="the round of this case, as far as it")
    parser.add_argument("--cache", type=Path, help="where the gazetteer lies unpacked")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(words)
    if chosen.only is not None:
        return min(1, len(part(chosen.seed, range(chosen.only, chosen.only + 1), chosen.cache, shown=True).failures))
    if chosen.upto is not None:
        numbers = range(chosen.upto // ROUND * ROUND, chosen.upto + 1)
        return min(1, len(part(chosen.seed, numbers, chosen.cache).failures))
    began = time.monotonic()
    runs = parts(chosen.seed, range(chosen.start, chosen.start + chosen.count), chosen.processes, chosen.cache)
    figures = _figures(runs, time.monotonic() - began)
    for name, value in figures.items():
        print(f"{name}: {value}")
    command = f"python -m tests.soak.fuzz --count {chosen.count} --seed {chosen.seed} --processes {chosen.processes}"
    if chosen.count >= WHOLE:
        record("Anything at all, from outside", command, chosen.seed, figures)
    return 1 if any(run.failures or run.grew for run in runs) else 0


def _figures(runs: list[Run], seconds: float) -> dict[str, object]:
    kinds: Counter[str] = sum((run.kinds for run in runs), Counter())
    growth = [run.growth() for run in runs]
    return {
        "cases": kinds.total(),
        **{f"of them {kind}": count for kind, count in sorted(kinds.items())},
        "buttons and links that were shown before, to start from": runs[0].known,
        FAILED: sum(len(run.failures) for run in runs),
        "memory of a process after its first round and at its end, MB": ", ".join(
            f"{run.memory[0][0]:.0f} → {run.memory[-1][0]:.0f}" for run in runs
        ),
        "growth of memory after the warm rounds": ", ".join(f"{megabytes:+.1%}" for megabytes, _ in growth),
        "growth of the number of objects": ", ".join(f"{objects:+.1%}" for _, objects in growth),
        "the slowest case, s": round(max(run.slowest[0] for run in runs), 2),
        "seconds": round(seconds),
    }


if __name__ == "__main__":
    sys.exit(main())
