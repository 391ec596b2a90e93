"""Kills the bot in the middle of a burst, again and again, and counts who was left without an answer."""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.sandbox import Sandbox
from bot.sandbox.people import say
from bot.sandbox.state import BotAccount, Person

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    updates: int
    kills: int
    unanswered: int
    answered_twice: int
    out_of_order: int
    seconds: float


@dataclass
class Burst:
    """People who all write at once. `expected` is what each of them should hear, in order."""

    account: BotAccount
    people: list[int]
    texts: list[str]
    expected: list[str]

    def begin(self) -> None:
        """Everybody writes; whose turn it is goes round."""
        for person in self.people:
            self.account.add_person(Person(person, "Somebody"))
            self.account.chats[person].started = True
        for text in self.texts:
            for person in self.people:
                say(self.account, self.account.chats[person], self.account.people[person], text)

    def heard(self, person: int) -> list[str]:
        """What the bot wrote to a person."""
        return [str(message.raw.get("text")) for message in self.account.chats[person].live() if message.from_bot]

    def answers(self) -> int:
        """Messages of the bot so far."""
        return sum(len(self.heard(person)) for person in self.people)

    def missing(self) -> int:
        """Messages that nobody answered yet."""
        return sum(len(set(self.expected) - set(self.heard(person))) for person in self.people)

    def twice(self) -> int:
        """Answers that came more than once."""
        return sum(len(heard) - len(set(heard)) for heard in map(self.heard, self.people))

    def out_of_order(self) -> int:
        """People whose first answers to each message did not come in the order of the messages."""
        return sum(list(dict.fromkeys(self.heard(person))) != self.expected for person in self.people)


@contextmanager
def echo_command(sandbox: Sandbox, milliseconds: int = 30) -> Iterator[tuple[list[str], dict[str, str]]]:
    """How to start the bot that repeats."""
    yield [sys.executable, "-m", "tests.soak.echo_bot", sandbox.token, sandbox.api_url, str(milliseconds)], {}


@contextmanager
def real_command(sandbox: Sandbox) -> Iterator[tuple[list[str], dict[str, str]]]:
    """How to start the real bot, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "TOKEN": sandbox.token,
            "API_URL": sandbox.api_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/openchair.db",
            "LISTEN": "127.0.0.1:0",
        }
        yield [sys.executable, "-m", "bot", "run"], {f"OPENCHAIR_{name}": value for name, value in settings.items()}


async def burst_with_kills(
    sandbox: Sandbox,
    burst: Burst,
    command: tuple[list[str], dict[str, str]],
    *,
    kills: int,
    seed: int,
    limit_s: float,
) -> Outcome:
    """Let everybody write, kill the bot at random moments of the burst, start it again each time, and count."""
    chance = random.Random(seed)
    total = len(burst.people) * len(burst.expected)
    marks = sorted(chance.randrange(1, max(2, total * 9 // 10)) for _ in range(kills))
    burst.begin()
    began = time.monotonic()
    process = await _start(command)
    done = 0
    try:
        while burst.missing() and time.monotonic() - began < limit_s:
            await asyncio.sleep(0.01)
            if marks and burst.answers() >= marks[0]:
                del marks[0]
                process.kill()
                await process.wait()
                process = await _start(command)
                done += 1
            assert process.returncode is None, "the bot ended by itself"
        seconds = time.monotonic() - began
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return Outcome(total, done, burst.missing(), burst.twice(), burst.out_of_order(), round(seconds, 1))


async def started(
    settings: dict[str, str], log: int | IO[bytes] | None = None, program: Sequence[str] = ("-m", "bot", "run")
) -> asyncio.subprocess.Process:
    """The real bot with these settings and no others; `log`: where its words go, by default to ours."""
    words = [sys.executable, *program]
    return await _start((words, {f"OPENCHAIR_{name}": value for name, value in settings.items()}), log)


async def _start(
    command: tuple[list[str], dict[str, str]], log: int | IO[bytes] | None = None
) -> asyncio.subprocess.Process:
    words, settings = command
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCHAIR_")}
    return await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, env={**environment, **settings}, stdout=asyncio.subprocess.DEVNULL, stderr=log
    )


def echo_burst(account: BotAccount, people: int, messages: int) -> Burst:
    """People who count."""
    texts = [str(number) for number in range(messages)]
    return Burst(account, _numbers(people), texts, [f"You said {text}" for text in texts])


def _numbers(people: int) -> list[int]:
    return [5560000 + number for number in range(people)]


async def soak(*, people: int, messages: int, kills: int, seed: int) -> dict[str, Outcome]:
    """The repeating bot under many messages of each, and the real bot under one of each."""
    outcomes = {}
    async with Sandbox("127.0.0.1:0") as sandbox:
        burst = echo_burst(sandbox.state.bot(sandbox.token), people, messages)
        with echo_command(sandbox) as command:
            outcomes["a bot that repeats"] = await burst_with_kills(
                sandbox, burst, command, kills=kills, seed=seed, limit_s=600
            )
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        with real_command(sandbox) as command:
            expected = await _first_answer(account, command)
            burst = Burst(account, _numbers(people * 4), ["/help"], expected)
            outcomes["the real bot"] = await burst_with_kills(
                sandbox, burst, command, kills=kills, seed=seed, limit_s=600
            )
    return outcomes


async def _first_answer(account: BotAccount, command: tuple[list[str], dict[str, str]]) -> list[str]:
    """What the real bot answers to one message when nobody kills it."""
    one = Burst(account, [5559999], ["/help"], [])
    one.begin()
    process = await _start(command)
    try:
        while not one.answers():
            assert process.returncode is None, "the bot ended by itself"
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        return one.heard(5559999)
    finally:
        process.terminate()
        await process.wait()


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when nobody was left without an answer."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    outcomes = asyncio.run(soak(**vars(chosen)))
    command = " ".join(["python -m tests.soak.kill", *(f"--{name} {value}" for name, value in vars(chosen).items())])
    figures = {
        f"{name}: {what.replace('_', ' ')}": value
        for name, one in outcomes.items()
        for what, value in vars(one).items()
    }
    for name, value in figures.items():
        print(f"{name}: {value}")
    record("Killed in the middle of a burst", command, chosen.seed, figures)
    return 1 if any(one.unanswered for one in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
