"""The web side over real HTTP: what the operator's monitor and Telegram see."""

import ast
import asyncio
import io
import json
import logging
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Update

from bot.chat.backend import telegram_bot
from bot.chat.intake import Intake
from bot.domain.errors import OperatorError
from bot.sandbox import Sandbox
from bot.web.app import WebServer, build_web
from bot.web.health import FeedState, Probes
from bot.web.metrics import COUNTS, LEVELS, SECONDS, PrometheusMetrics
from bot.web.webhook import MAX_BODY, SECRET_HEADER
from tests.chat.conftest import Town

TABLES = {"count": COUNTS, "observe": SECONDS, "put": LEVELS, "follow": LEVELS}
NEW, OLD = "new-secret-word-0001", "old-secret-word-0001"


async def fine() -> None:
    """A database that answers."""


async def away() -> None:
    raise ConnectionError("password=hunter2hunter2")


async def no_feeds() -> FeedState:
    return FeedState()


def probes(**other: Any) -> Probes:
    given: dict[str, Any] = {
        "database": fine,
        "updates": lambda: ("polling", 1.0),
        "tick": lambda: 2.04,
        "feeds": no_feeds,
    }
    return Probes(**{**given, **other})


@asynccontextmanager
async def served(**options: Any) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    app = build_web(**{"probes": probes(), "metrics": PrometheusMetrics(), **options})
    async with WebServer(app, "127.0.0.1", 0) as server, aiohttp.ClientSession() as client:
        yield client, f"http://127.0.0.1:{server.port}"


async def health(**other: Any) -> tuple[int, dict[str, Any]]:
    async with served(probes=probes(**other)) as (client, url), client.get(f"{url}/health") as answer:
        return answer.status, await answer.json()


async def test_health_says_what_it_is_made_of() -> None:
    async def feeds() -> FeedState:
        return FeedState(late=["one"], failing=["two"])

    status, body = await health(feeds=feeds)
    assert status == 200
    assert body == {
        "ok": True,
        "database": True,
        "updates": {"mode": "polling", "age_s": 1.0},
        "tick": {"age_s": 2.0},
        "feeds": {"late": ["one"], "failing": ["two"]},
    }


@pytest.mark.parametrize(
    ("other", "well"),
    [
        ({"updates": lambda: ("polling", 119.0)}, True),
        ({"updates": lambda: ("polling", 121.0)}, False),
        ({"updates": lambda: ("polling", None)}, False),
        ({"updates": lambda: ("webhook", None)}, True),
        ({"updates": lambda: ("webhook", 5000.0)}, True),
        ({"tick": lambda: 59.0}, True),
        ({"tick": lambda: 61.0}, False),
        ({"tick": lambda: None}, False),
        ({"database": away}, False),
    ],
)
async def test_health_fails_without_database_polls_or_ticks(other: dict[str, Any], well: bool) -> None:
    status, body = await health(**other)
    assert (status, body["ok"]) == ((200, True) if well else (503, False))


async def test_health_answers_even_when_the_database_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.health.DATABASE_S", 0.1)

    async def hangs() -> None:
        await asyncio.sleep(3600)

    status, body = await health(database=hangs)
    assert (status, body["database"], body["feeds"]) == (503, False, {"late": [], "failing": []})


async def test_health_survives_a_feed_list_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    status, body = await health(feeds=away)
    assert (status, body["feeds"]) == (200, {"late": [], "failing": []})
    assert "hunter2" not in caplog.text


async def test_metrics_show_what_was_counted() -> None:
    metrics = PrometheusMetrics()
    metrics.count("updates", kind="message", outcome="handled")
    metrics.observe("answer_seconds", 0.02, route="find")
    async with served(metrics=metrics) as (client, url), client.get(f"{url}/metrics") as answer:
        text = await answer.text()
        assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'openchair_updates_total{kind="message",outcome="handled"} 1.0' in text
    assert 'openchair_answer_seconds_bucket{le="0.025",route="find"} 1.0' in text


@pytest.mark.parametrize("call", ["nothing_of_the_kind", "updates"])
def test_a_count_that_is_not_in_the_table_is_refused(call: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        PrometheusMetrics().count(call, chat="5550001")


def test_no_label_of_any_metric_names_a_person() -> None:
    labels = {label for _, names in (*COUNTS.values(), *SECONDS.values(), *LEVELS.values()) for label in names}
    assert labels <= {"kind", "outcome", "method", "route", "task", "tier", "reason", "mode", "state", "version"}


def test_everything_counted_in_the_code_stands_in_the_table_with_its_labels() -> None:
    calls = []
    for path in (Path(__file__).parents[2] / "bot").rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in TABLES:
                continue
            if ast.unparse(call.func.value).endswith("metrics"):
                assert isinstance(call.args[0], ast.Constant)
                name, labels = call.args[0].value, {keyword.arg for keyword in call.keywords}
                table = TABLES[call.func.attr]
                calls.append((str(path), name, labels == set(table.get(name, ("", ()))[1])))
    assert calls
    assert [call for call in calls if not call[2]] == []


class Fed:
    """Takes what the webhook hands on."""

    def __init__(self, answer: bool = True) -> None:
        self.bodies: list[bytes] = []
        self.answer = answer

    async def __call__(self, body: bytes) -> bool:
        self.bodies.append(body)
        return self.answer


async def post(feed: Fed, headers: dict[str, str], body: bytes) -> int:
    async with (
        served(feed=feed, secrets=(NEW, OLD)) as (client, url),
        client.post(f"{url}/telegram", data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize("secret", [NEW, OLD])
async def test_telegram_is_let_in_with_either_secret_while_one_is_being_changed(secret: str) -> None:
    feed = Fed()
    body = json.dumps({"update_id": 1}).encode()
    assert await post(feed, {SECRET_HEADER: secret}, body) == 200
    assert feed.bodies == [body]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SECRET_HEADER: ""}, 401),
        ({SECRET_HEADER: "wrong"}, 403),
        ({SECRET_HEADER: NEW + "x"}, 403),
        ({SECRET_HEADER: "né"}, 403),
    ],
)
async def test_nobody_else_is_let_in(headers: dict[str, str], status: int) -> None:
    feed = Fed()
    assert await post(feed, headers, b"{}") == status
    assert feed.bodies == []


async def test_a_body_too_large_is_refused_and_one_that_just_fits_is_taken() -> None:
    feed = Fed()
    assert await post(feed, {SECRET_HEADER: NEW}, b"x" * (MAX_BODY + 1)) == 413
    assert await post(feed, {SECRET_HEADER: NEW}, b"x" * MAX_BODY) == 200
    assert [len(body) for body in feed.bodies] == [MAX_BODY]


async def test_telegram_is_asked_to_come_again_when_the_work_was_cut_off() -> None:
    assert await post(Fed(answer=False), {SECRET_HEADER: NEW}, b"{}") == 503


async def test_without_a_webhook_the_address_does_not_exist() -> None:
    async with served() as (client, url), client.post(f"{url}/telegram") as answer:
        assert answer.status == 404


def test_a_webhook_without_a_secret_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="secret"):
        build_web(probes=probes(), metrics=PrometheusMetrics(), feed=Fed())


async def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        app = build_web(probes=probes(), metrics=PrometheusMetrics())
        with pytest.raises(OperatorError, match=f"Port {port} is in use .* OPENCHAIR_LISTEN"):
            await WebServer(app, "127.0.0.1", port).__aenter__()


async def test_an_address_of_another_machine_is_told_in_one_sentence() -> None:
    app = build_web(probes=probes(), metrics=PrometheusMetrics())
    with pytest.raises(OperatorError, match="OPENCHAIR_LISTEN"):
        await WebServer(app, "192.0.2.1", 8080).__aenter__()


async def test_the_server_leaves_signals_to_the_bot() -> None:
    before = signal.getsignal(signal.SIGINT)
    async with served():
        await asyncio.sleep(0.05)
        assert signal.getsignal(signal.SIGINT) is before


async def test_stopping_waits_for_an_update_that_is_being_handled() -> None:
    began = asyncio.Event()

    class Slow(Fed):
        async def __call__(self, body: bytes) -> bool:
            began.set()
            await asyncio.sleep(0.3)
            return True

    app = build_web(probes=probes(), metrics=PrometheusMetrics(), feed=Slow(), secrets=(NEW,))
    async with aiohttp.ClientSession() as client:
        async with WebServer(app, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.port}/telegram"
            asking = asyncio.create_task(client.post(url, data=b"{}", headers={SECRET_HEADER: NEW}))
            await began.wait()
        assert (await asking).status == 200


async def test_a_page_that_fails_does_not_show_why(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> tuple[str, float]:
        raise RuntimeError("inside")

    with caplog.at_level(logging.CRITICAL):
        async with served(probes=probes(updates=broken)) as (client, url), client.get(f"{url}/health") as answer:
            assert answer.status == 500
            assert "inside" not in await answer.text()


async def test_updates_come_all_the_way_from_telegram_to_an_answer() -> None:
    async def echo(update: Update) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You said {update.message.text}")

    async with Sandbox("127.0.0.1:0") as sandbox, telegram_bot(sandbox.token, sandbox.api_url) as bot:
        town = Town(sandbox.state.bot(sandbox.token))
        intake = Intake(bot, echo, echo)
        app = build_web(probes=probes(), metrics=PrometheusMetrics(), feed=intake.feed, secrets=(NEW, OLD))
        async with WebServer(app, "127.0.0.1", 0) as server:
            await bot.set_webhook(f"http://127.0.0.1:{server.port}/telegram", secret_token=NEW)
            for number in range(20):
                town.says(number % 3, str(number))
            while sum(len(town.hears(person)) for person in range(3)) < 20:
                await asyncio.sleep(0.02)
            assert town.hears(0) == [f"You said {number}" for number in range(0, 20, 3)]
        await intake.stop()
