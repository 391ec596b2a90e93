"""The whole bot in this process, its doors open: updates, web, lists and lines; Telegram and publishers stand in."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_to_bytes

import typer

from bot import logs
from bot.app import Work
from bot.chat.context import Rooms
from bot.chat.intake import Intake
from bot.cli import search as search_lines
from bot.domain.errors import FeedError, OperatorError
from bot.feeds.registry import READERS
from bot.web.strict import HEADERS, Strict
from tests.feeds.rows import source
from tests.feeds.test_any_row import check
from tests.soak.fuzzing import watch, words
from tests.soak.fuzzing.allowed import EVERYTHING, NOTHING, PERSON, Judge
from tests.soak.fuzzing.cases import Brought, Case
from tests.soak.fuzzing.files import Line, Listed
from tests.soak.fuzzing.known import Known
from tests.soak.fuzzing.requests import SECRET, Asked, Wire
from tests.soak.fuzzing.standin import StandIn

BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)
STEP = timedelta(seconds=29)  # between two cases
SECRET_HEADER = b"x-telegram-bot-api-secret-token"


@dataclass
class Moment:
    """Where in a round we are: the clock and the turns of searches follow from it, so that a case can be repeated."""

    step: int = 0

    def clock(self) -> datetime:
        """UTC."""
        return BEGIN + self.step * STEP

    def seed(self) -> int:
        """Of a new search."""
        return self.step % 65536


@dataclass
class World:
    """What the cases meet. `known` is found out by bot.crawl."""

    work: Work
    rooms: Rooms
    intake: Intake
    web: Strict
    port: int
    standin: StandIn
    metrics: watch.Noticing
    lines: watch.Lines
    moment: Moment
    tables: watch.Tables = field(init=False)
    known: Known = field(init=False)
    judge: Judge = field(init=False)

    def know(self, known: Known, tables: watch.Tables) -> None:
        """What cases may be made of, and what stands in the tables before the first."""
        self.known, self.tables = known, tables
        library = self.work.library
        self.judge = Judge(known, tuple(library.texts(code) for code in library.languages))

    async def begin_round(self) -> None:
        """The tables as they were at the start, the clock too."""
        self.tables.put_back()
        self.moment.step = 0
        await self.work.refresh()

    async def meet(self, case: Case, step: int) -> list[str]:
        """Let it happen at this step of the round; what went wrong, in words that name the place."""
        self.moment.step = step
        try:
            wrong = await self._meet(case)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            wrong = [f"raised {logs.describe(error)} {error!s:.200}"]
        wrong += self._looked(self._may_write(case))
        self.standin.clear_up()
        return wrong

    async def _meet(self, case: Case) -> list[str]:
        match case:
            case Brought(body, files):
                await self.bring(body, files)
            case Asked():
                return await self._ask(case)
            case Wire(data):
                return await self._connect(data)
            case Listed():
                read(case)
            case Line():
                await self._answer(case)
        return []

    def _may_write(self, case: Case) -> frozenset[str]:
        if isinstance(case, Asked):
            words_given = [value for name, value in case.headers if name == SECRET_HEADER]
            let_in = case.path == b"/telegram" and SECRET.encode() in words_given
            return self.judge.may_write(case.body) if let_in else NOTHING
        return self.judge.may_write(case.body) if isinstance(case, Brought) else NOTHING

    async def bring(self, body: bytes, files: dict[str, bytes]) -> None:
        """An update, and all that is done beside because of it."""
        self.standin.lay_out(_json(body), files)
        await self.intake.feed(body)
        while running := list(self.rooms.errands._running.values()):
            await asyncio.wait(running)
            await asyncio.sleep(0)

    def _looked(self, may_write: frozenset[str]) -> list[str]:
        wrong = watch.errors_in(self.lines.take(), words.CANARY)
        wrong += self.metrics.failures
        if self.metrics.failures:
            wrong += self.standin.refused
        self.metrics.failures = []
        changed = self.tables.changed()
        if may_write != EVERYTHING:
            wrong += [f"wrote {name}: {len(rows)} rows" for name, rows in changed.items() if name not in may_write]
            persons = {
                row[self.tables.person_column(name)]
                for name, rows in changed.items()
                if name in PERSON - {"outbox"}
                for row in rows
            }
            wrong += [f"rows of {len(persons)} people"] if len(persons) > 1 else []
        named = [name for name, rows in changed.items() if words.CANARY in str(rows)]
        return wrong + [f"a name stands in {name}" for name in named]

    async def _ask(self, asked: Asked) -> list[str]:
        self.standin.lay_out(_json(asked.body), {})
        status, headers = await answered(self.web, asked)
        wrong = [f"status {status}"] if status >= 500 and asked.path != b"/health" else []
        missing = [name for name in HEADERS if name.lower().encode() not in headers]
        return wrong + ([f"without {missing}"] if missing else [])

    async def _connect(self, data: bytes) -> list[str]:
        """Send, end the connection, and read to its end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            if writer.can_write_eof():
                writer.write_eof()
            async with asyncio.timeout(15):
                answer = await reader.read()
        except ConnectionError:
            return []
        finally:
            writer.close()
        return [f"answered {answer[:40]!r}"] if answer[9:10] == b"5" else []

    async def _answer(self, line: Line) -> None:
        work = self.work
        answer = search_lines._find if line.command == "find" else search_lines._understand
        try:
            query = search_lines._query(line.text, 1, search_lines.Query("", "en", None))
            json.loads(search_lines.as_json(await answer(work, query)))
        except (OperatorError, typer.BadParameter):
            return  # one plain sentence


def _json(body: bytes) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(body)
    return None


def read(listed: Listed) -> None:
    """A list; whatever is wrong with it is counted, or told in a sentence."""
    try:
        result = READERS[listed.form](
            listed.data, source(zone="America/Denver", formats=listed.beside or None, fellowship="na")
        )
    except FeedError:
        return
    check(result, result.rows)


async def answered(app: Strict, asked: Asked) -> tuple[int, dict[bytes, bytes]]:
    """Status and headers of a page."""
    got: list[Any] = []
    parts = [asked.body]

    async def receive() -> dict[str, Any]:
        return (
            {"type": "http.request", "body": parts.pop(), "more_body": False}
            if parts
            else {"type": "http.disconnect"}
        )

    async def send(message: Any) -> None:
        got.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": asked.verb, "scheme": "http",
        "path": unquote_to_bytes(asked.path).decode("utf-8", "replace"), "raw_path": asked.path, "root_path": "",
        "query_string": asked.query, "headers": list(asked.headers), "client": ("127.0.0.1", 5), "server": ("x", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return got[0]["status"], dict(got[0]["headers"])
