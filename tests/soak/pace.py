"""The limit on what the bot starts by itself: never above it, and at it while thousands wait; people are answered."""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.people import say
from bot.sandbox.state import BotAccount, Person
from bot.services.keys import KeyRing
from bot.services.limiter import BURST_S
from bot.store.database import Database
from tests import postgres
from tests.reminding import KEY
from tests.soak.claims import ended, longest_wait, worker
from tests.soak.filling import MINUTE, Wish, keep, list_meetings, meeting_at, next_minute, this_second
from tests.soak.kill import started
from tests.soak.reminders import opened, read_message

PROCESSES = 4
FIRST_CHAT, SEARCHER = 555_010_000, 555_000_001
MOST_PEOPLE = 1_990
AUDIT = (
    "CREATE TABLE grants (at double precision, many double precision)",
    "CREATE FUNCTION granted() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN INSERT INTO grants VALUES (NEW.filled_at, NEW.granted); RETURN NULL; END $$",
    "CREATE TRIGGER granted AFTER UPDATE ON pace FOR EACH ROW WHEN (NEW.granted > 0) EXECUTE FUNCTION granted()",
)


async def audited(url: str) -> None:
    """Let the database write down every grant, by its own clock."""
    async with opened(url) as database, database.begin() as connection:
        for statement in AUDIT:
            await connection.exec_driver_sql(statement)


async def grants(url: str) -> list[tuple[float, float]]:
    """When how many messages were allowed, in order."""
    async with opened(url) as database, database.read() as connection:
        return [
            (at, many) for at, many in await connection.exec_driver_sql("SELECT at, many FROM grants ORDER BY at")
        ]


def most_over(found: Sequence[tuple[float, float]], rate: float) -> float:
    """By how many messages the fullest window of any length went over rate and burst; at most 0 is right."""
    # Over all windows: the most that a bucket filled at `rate` would have had to lend beyond its size.
    worst, lent, last = -float("inf"), 0.0, found[0][0]
    for at, many in found:
        lent = max(0.0, lent - (at - last) * rate) + many
        worst, last = max(worst, lent), at
    return worst - max(1.0, rate * BURST_S)


async def limited(url: str, rate: float, seconds: float) -> list[tuple[float, float]]:
    """Four processes ask for more than there is."""
    await audited(url)
    begin = time.time() + 2.5
    await ended([await worker("pace", url, begin, rate, seconds) for _ in range(PROCESSES)])
    return await grants(url)


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of many reminders that were due at the same minute."""

    sent: int
    rate: float
    waited: float  # the most seconds that a message left after one with more time left
    answers: list[float]  # seconds that each search took meanwhile


def wishes_at(count: int, due: datetime, people: int = MOST_PEOPLE) -> tuple[list[Wish], list[Any]]:
    """All due then; those kept first have the most time left. And their meetings."""
    rounds = -(-count // people)
    begins = next_minute(due) + timedelta(minutes=40)
    meetings = [meeting_at(begins + number * MINUTE, 0) for number in range(rounds)]
    wishes = []
    for number in range(count):
        turn = rounds - 1 - number // people
        start = begins + turn * MINUTE
        lead = int((start - due).total_seconds()) - 300
        chat = FIRST_CHAT + number % people
        wishes.append(Wish(chat, meetings[turn].id, meetings[turn].zone, start, due, lead))
    return wishes, meetings


async def burst(count: int, rate: float, folder: Path) -> Burst:
    """So many due at one minute, the real bot, and somebody who searches every three seconds."""
    url = f"sqlite+aiosqlite:///{folder / 'openchair.db'}"
    await Database(url).upgrade()
    async with Sandbox("127.0.0.1:0") as sandbox:
        account = sandbox.state.bot(sandbox.token)
        account.calls = deque()
        now = this_second()
        wishes, meetings = wishes_at(count, now)
        for chat in {SEARCHER, *(wish.chat for wish in wishes)}:
            account.add_person(Person(chat, "Somebody"))
            account.chats[chat].started = True
        async with opened(url) as database:
            await list_meetings(database, meetings, now)
            await keep(database, KeyRing(database, setting=KEY), wishes, now)
        settings = {"TOKEN": sandbox.token, "API_URL": sandbox.api_url, "DATABASE_URL": url, "KEY": KEY,
                    "LISTEN": "127.0.0.1:0", "SEND_RATE": str(rate)}  # fmt: skip
        process = await started(settings)
        try:
            answers = await _searching(account, process, count, limit_s=60 + count / rate * 1.5)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
        return _burst(account, wishes, answers)


async def _searching(
    account: BotAccount, process: asyncio.subprocess.Process, count: int, *, limit_s: float
) -> list[float]:
    answers: list[float] = []
    end = time.monotonic() + limit_s
    while len(_sends(account)) < count and time.monotonic() < end:
        assert process.returncode is None, "the bot ended by itself"
        await asyncio.sleep(3)
        if not _sends(account):
            continue  # it still starts
        asked, before = time.time(), _answered(account)
        say(account, account.chats[SEARCHER], account.people[SEARCHER], "online now")
        while _answered(account) == before and time.time() < asked + 20:
            await asyncio.sleep(0.005)
        answers.append(time.time() - asked)
    return answers


def _sends(account: BotAccount) -> list[dict[str, Any]]:
    return [
        one for one in account.calls if one["method"] == "sendMessage" and int(one["params"]["chat_id"]) != SEARCHER
    ]


def _answered(account: BotAccount) -> int:
    return sum(message.from_bot for message in account.chats[SEARCHER].live())


def _burst(account: BotAccount, wishes: list[Wish], answers: list[float]) -> Burst:
    calls = sorted((call for call in _sends(account) if call["code"] == 200), key=lambda call: call["at"])
    meetings = {wish.meeting: wish.start for wish in wishes}
    waited = longest_wait([(call["at"], meetings[read_message(call["params"])[2]]) for call in calls])
    return Burst(len(calls), (len(calls) - 1) / (calls[-1]["at"] - calls[0]["at"]), waited, answers)


async def _limited(server: postgres.Server, rate: float, seconds: float) -> list[tuple[float, float]]:
    return await limited(server.database(await server.create(await server.upgraded_template())), rate, seconds)


def main(words: list[str] | None = None) -> int:
    """Run, print, and write the figures. 0 when the limit was kept and reached."""
    from tests.soak.record import record

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=25.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args(words)
    figures: dict[str, object] = {}
    kept = True
    programs = postgres.installed_programs()
    if programs is not None:
        with postgres._running(programs) as url:
            found = asyncio.run(_limited(postgres.Server(url), chosen.rate, chosen.seconds))
        over = most_over(found, chosen.rate)
        kept = over <= 0
        figures |= {
            f"four processes, {chosen.rate:g}/s for {chosen.seconds:g} s: allowed": sum(many for _, many in found),
            "over rate and burst in the fullest window (database's clock)": round(max(0.0, over), 2),
        }
    with tempfile.TemporaryDirectory() as folder:
        one = asyncio.run(burst(chosen.count, chosen.rate, Path(folder)))
    figures |= {
        "due at the same minute": chosen.count, "sent": one.sent, "a second": round(one.rate, 2),
        "beside the configured rate": f"{one.rate / chosen.rate - 1:+.1%}",
        "the longest that one left after one with more time, s": round(one.waited, 2),
        "searches answered meanwhile": len(one.answers),
        "a search, median and longest, s": f"{statistics.median(one.answers):.2f}, {max(one.answers):.2f}",
    }  # fmt: skip
    for name, value in figures.items():
        print(f"{name}: {value}")
    command = f"python -m tests.soak.pace --count {chosen.count} --rate {chosen.rate:g} --seconds {chosen.seconds:g}"
    record("The pace of what the bot starts", command, 0, figures)
    return 0 if kept and one.sent == chosen.count and abs(one.rate / chosen.rate - 1) <= 0.02 else 1


if __name__ == "__main__":
    sys.exit(main())
