"""Every page of the web desk, and what is done there, at a quarter of a million meetings.

    .venv/bin/python -m tests.bench.desk [--size 250000] [--rounds 20] [--only sqlite] [--kept FOLDER]

Pages are asked for through the application itself, without a network, by an owner and by helpers who look after a
country, a region and one list. Each is asked once before, so that what is made at first use does not count. The bar
is 200 ms for the slowest but one in twenty. `kept`: where the database of SQLite is looked for, and left.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import random
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.app import Work, open_work, pages_for, rooms_for
from bot.domain.admin import Admin, Role, Scope
from bot.domain.meeting import Meeting, id_text
from bot.domain.report_kinds import ReportKind
from bot.settings import Settings
from bot.store import meetings as store
from bot.web.app import build_web
from bot.web.metrics import PrometheusMetrics
from tests import postgres
from tests.bench.desk_world import LISTS, SECOND, fill
from tests.reminding import KEY
from tests.web.desk_rig import Forms
from tests.web.test_web import probes

BAR_MS, SEVERAL = 200, 50
HERE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """Somebody who is signed in."""

    client: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str) -> httpx.Response:
        """A page. AssertionError for one that says no."""
        slash = "/" if path and not path.startswith("?") else ""
        found = await self.client.get(f"/admin{slash}{path}", follow_redirects=False)
        assert found.status_code == 200, (path, found.status_code)
        return found

    async def post(self, path: str, fields: dict[str, Any], *, well: Sequence[int] = (200, 303)) -> httpx.Response:
        """A form of ours. AssertionError for one that is refused."""
        data = {"token": self.token, **fields}
        found = await self.client.post(f"/admin/{path}", data=data, headers=HERE, follow_redirects=False)
        assert found.status_code in well, (path, found.status_code, found.text[-3000:])
        return found

    async def enter(self, link: str) -> None:
        """Use a link."""
        await self.post(f"in/{link}?lang=en", {})
        found = re.search(r'name="token" value="(\w+)"', (await self.get("preview")).text)
        assert found
        self.token = found[1]


@dataclass
class Times:
    """Milliseconds by what was asked for."""

    of: dict[str, list[float]] = field(default_factory=dict)

    @asynccontextmanager
    async def measured(self, name: str) -> AsyncIterator[None]:
        """Count what happens meanwhile."""
        began = time.perf_counter()
        yield
        self.of.setdefault(name, []).append((time.perf_counter() - began) * 1000)

    def told(self) -> Iterator[str]:
        """A line for each, the first of each left out."""
        yield f"{'':44}{'p50':>8}{'p95':>8}{'worst':>8}  within {BAR_MS} ms"
        for name, every in self.of.items():
            some = sorted(every[1:])
            late = some[min(len(some) - 1, int(len(some) * 0.95))]
            said = "yes" if late <= BAR_MS else "NO"
            yield f"{name:44}{statistics.median(some):8.1f}{late:8.1f}{some[-1]:8.1f}  {said}"


@dataclass
class Run:
    """One database, an owner's browser, and rows that nobody has touched yet."""

    work: Work
    app: Any
    times: Times
    rows: Iterator[list[Meeting]]
    rounds: int
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def browser(self, who: Admin) -> Browser:
        """A browser in which this person is."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        self.clients.append(client)
        browser = Browser(client)
        await browser.enter(await self.work.desk.sessions.link(who))
        return browser

    async def page(self, browser: Browser, name: str, path: str | Callable[[], str]) -> None:
        """Ask for a page again and again."""
        for _ in range(self.rounds + 1):
            address = path if isinstance(path, str) else path()
            async with self.times.measured(name):
                await browser.get(address)

    async def deed(self, do: Callable[[], Awaitable[object]]) -> None:
        """Do something again and again; `do` measures what is to be measured."""
        for _ in range(max(3, self.rounds // 2)):
            await do()


@asynccontextmanager
async def running(url: str, folder: Path, rounds: int) -> AsyncIterator[Run]:
    """The whole bot but for Telegram, over one database."""
    given: dict[str, Any] = {"database_url": url, "key": KEY, "country": "GB"}
    async with open_work(Settings(_env_file=None, **given), cache=folder) as work:
        if not work.database.is_sqlite:
            await work.database.upgrade()
        await work.refresh()
        pages = pages_for(work, rooms_for(work, "open_chair_bot", preview=False))
        app = build_web(probes=probes(), metrics=PrometheusMetrics(), pages=lambda: pages)
        async with work.database.read() as connection:
            every = await store.all_meetings(connection, LISTS[0])
        random.Random(1).shuffle(every)
        plain = [one for one in every if one.in_person and not one.tags & {"women", "young"}]
        parts = (plain[first : first + SEVERAL] for first in range(0, len(plain), SEVERAL))
        run = Run(work, app, Times(), parts, rounds)
        gc.collect()
        gc.freeze()
        try:
            yield run
        finally:
            for client in run.clients:
                await client.aclose()


async def look(run: Run, owner: Browser) -> None:
    """Every page that only shows."""
    await run.page(owner, "queue", "")
    await run.page(owner, "queue: one kind", "?kind=old")
    waits = re.findall(r"queue/(\w+)/(\d+)", (await owner.get("")).text)
    for kind, key in dict(waits).items():
        await run.page(owner, f"queue: one ({kind})", f"queue/{kind}/{key}")
    every = (await owner.get("?kind=old")).text
    await run.page(
        owner, "queue: meetings of one (old)", f"queue/old/{re.findall(r'queue/old/([0-9]+)', every)[0]}?step=see"
    )
    table = {
        "all": "", "page 100": "page=100", "fellowship": "fellowship=coda", "list": f"feed={LISTS[0]}",
        "small list": f"feed={SECOND}", "list and fellowship": f"feed={LISTS[4]}&fellowship=aca",
        "old": "only=old", "old of a list, page 90": f"only=old&feed={LISTS[0]}&page=90",
        "corrected": "only=corrected", "ended": "only=ended",
        "word that many have": "q=serenity", "its page 100": "q=serenity&page=100",
        "word that some have": "q=torbar", "two words": "q=harbour+kimden", "word that none has": "q=zzyzx",
        "number and street": "q=17+wilsal", "word, list and old": f"q=church&feed={LISTS[8]}&fellowship=ga&only=old",
    }  # fmt: skip
    for name, query in table.items():
        await run.page(owner, f"table: {name}", f"meetings?{query}")
    some = next(run.rows)
    ids = (id_text(one.id) for one in some * 10)
    await run.page(owner, "meeting", lambda: f"meetings/{next(ids)}")
    await run.page(owner, "a cell, opened", lambda: f"meetings?open={next(ids)}.venue")
    await run.page(owner, "meeting: new", "meetings/new")
    await run.page(owner, "meeting: new, like one", lambda: f"meetings/new?like={next(ids)}")
    await run.page(owner, "preview: card", lambda: f"preview?meeting={next(ids)}")
    await run.page(owner, "preview: list", "preview?town=Leeds&text=aa+tonight")
    for name in ("lists", f"lists/{LISTS[0]}", "upload", "numbers", "people", "history", "history?page=3"):
        await run.page(owner, name, name)


async def look_after_a_part(run: Run) -> None:
    """The table and the queue for those who do not look after everything."""
    scopes = {
        "a country": Scope(areas=frozenset({"ES"})),
        "a region": Scope(areas=frozenset({"GB/Kent"})),
        "a list": Scope(feeds=frozenset({SECOND})),
        "a fellowship": Scope(fellowships=frozenset({"aca"})),
    }
    for number, (name, scope) in enumerate(scopes.items()):
        browser = await run.browser(await run.work.desk.admins.grant(7_800_100 + number, Role.EDITOR, scope))
        await run.page(browser, f"queue of {name}", "")
        await run.page(browser, f"table of {name}", "meetings")
        await run.page(browser, f"table of {name}: rare word", "meetings?q=zzyzx")
        await run.page(browser, f"table of {name}: frequent word", "meetings?q=serenity")


async def find(run: Run, who: Admin) -> None:
    """What the chat asks of the same tables."""
    for words in ("serenity", "harbour kimden", "zzyzx", "17 wilsal street"):
        for _ in range(run.rounds + 1):
            async with run.times.measured(f"chat: find {words}"):
                await run.work.desk.meetings.find(who, words)
    for _ in range(run.rounds + 1):
        async with run.times.measured("chat: what waits, counted"):
            await run.work.desk.queue.counts(who)


async def work_through(run: Run, owner: Browser) -> None:
    """Every deed on one meeting, and on fifty."""
    await run.deed(lambda: _one(run, owner))
    moved = {"address": "12 Mill Lane", "city": "Columbus", "postal_code": "43004"}
    await run.deed(lambda: _fifty(run, owner, "fifty", moved))
    apart = {"address": "12 Mill Lane", "venue": "Mill Hall"}  # the point of fifty towns is looked up
    await run.deed(lambda: _fifty(run, owner, "fifty in their towns", apart))
    await run.deed(lambda: _answers(run, owner))


async def _one(run: Run, owner: Browser) -> None:
    some = iter(next(run.rows))
    one = next(some)
    path = f"meetings/{id_text(one.id)}"
    shown = _form((await owner.get(path)).text)
    typed = shown | {"venue": "Another Hall", "why": "It moved.", "do": "look"}
    async with run.times.measured("one: difference"):
        sure = await owner.post(path, typed)
    async with run.times.measured("one: saved"):
        done = await owner.post(path, _form(sure.text) | {"do": "save"})
    async with run.times.measured("one: page after it"):
        await owner.client.get(_there(done, path))
    async with run.times.measured("one: taken back"):
        await owner.post("undo", {"changes": _changes(done)})
    for name in ("checked", "end", "restore"):
        fields = {"do": name, "sure": "1", "seen": _seen((await owner.get(path)).text)}
        async with run.times.measured(f"one: {name}"):
            await owner.post(path, fields)


async def _fifty(run: Run, owner: Browser, name: str, values: dict[str, str]) -> None:
    ids = [id_text(one.id) for one in next(run.rows)]
    many = "meetings/many"
    async with run.times.measured(f"{name}: which fields"):
        await owner.post(many, {"m": ids, "do": "choose"})
    fields = {"m": ids, "field": list(values), "value": list(values.values())}
    async with run.times.measured(f"{name}: difference"):
        sure = await owner.post(many, fields | {"do": "look"})
    async with run.times.measured(f"{name}: saved"):
        done = await owner.post(many, fields | {"do": "save", "seen": _seen(sure.text)})
    async with run.times.measured(f"{name}: page after it"):
        await owner.client.get(_there(done, many))
    async with run.times.measured(f"{name}: taken back"):
        back = await owner.post("undo", {"changes": _changes(done)})
    assert "changes were taken back" in back.text, back.text[-2000:]
    async with run.times.measured(f"{name}: found right"):
        await owner.post(many, {"m": ids, "do": "checked"})


async def _answers(run: Run, owner: Browser) -> None:
    one = next(run.rows)[0]
    await run.work.desk.reports.keep(one, ReportKind.LOCKED, "The door was shut.")
    path = f"queue/report/{one.id}"
    async with run.times.measured("report: its page"):
        await owner.get(path)
    async with run.times.measured("report: put off"):
        await owner.post(path, {"step": "put_off", "choice": "7"})
    other = next(run.rows)[0]
    await run.work.desk.reports.keep(other, ReportKind.LOCKED, "The door was shut.")
    async with run.times.measured("report: put right"):
        await owner.post(f"queue/report/{other.id}", {"step": "accept"})


def _form(text: str) -> dict[str, Any]:
    reader = Forms()
    reader.feed(text)
    return max((fields for _, fields in reader.forms), key=len)


def _seen(text: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', text)
    return found[1] if found else ""


def _there(done: httpx.Response, path: str) -> str:
    return str(httpx.URL(f"http://127.0.0.1/admin/{path}").join(done.headers["location"]))


def _changes(done: httpx.Response) -> str:
    return httpx.URL(done.headers["location"]).params["undo"]


async def measure(url: str, folder: Path, rounds: int) -> Times:
    """All of it over one database."""
    async with running(url, folder, rounds) as run:
        who = await run.work.desk.admins.grant(7_800_001, Role.OWNER)
        owner = await run.browser(who)
        await work_through(run, owner)
        await look(run, owner)
        await look_after_a_part(run)
        await find(run, who)
        await run.page(owner, "words", "words")  # last: it has the texts read behind it, which takes a core meanwhile
        return run.times


@contextmanager
def servers(folder: Path, only: str, kept: Path | None) -> Iterator[dict[str, str]]:
    """The addresses by name; PostgreSQL where it is installed."""
    with contextlib.ExitStack() as stack:
        found = {"SQLite": f"sqlite+aiosqlite:///{(kept or folder) / 'desk.db'}"} if only != "postgresql" else {}
        programs = postgres.installed_programs()
        if programs is not None and only != "sqlite":
            server = stack.enter_context(postgres.cluster(programs, shared_buffers="128MB", autovacuum="on"))
            found["PostgreSQL"] = server.url.render_as_string(hide_password=False)
        yield found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args(arguments or [])
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name, servers(Path(name), given.only, given.kept) as urls:
        for engine, url in urls.items():
            if not (given.kept and engine == "SQLite" and (given.kept / "desk.db").exists()):
                asyncio.run(fill(url, given.size))
            print(f"{engine}, {given.size} meetings; milliseconds")
            print("\n".join(asyncio.run(measure(url, Path(name), given.rounds)).told()), flush=True)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
