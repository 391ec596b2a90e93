"""What stands in a log line, and what never does."""

import ast
import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.domain.errors import OperatorError

TOKEN = "5550100200:AAcanary_token_that_must_not_be_shown_x"
LOOSE = "6660100200:AAanother_token_nobody_told_us_about_yy"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave logging as it was."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level, ours = root.handlers[:], root.level, logging.getLogger("bot").level
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    logging.getLogger("bot").setLevel(ours)


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    logs.setup(secrets=[TOKEN], stream=stream, as_json=True)
    return stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_the_event_the_room_and_the_fields(stream: io.StringIO) -> None:
    logging.getLogger("bot.services.feeds").info("feed imported", extra={"feed": "leeds", "rows": 12})
    (line,) = lines(stream)
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "info", "room": "services", "event": "feed imported", "feed": "leeds", "rows": 12}


def test_on_a_terminal_a_line_is_readable() -> None:
    stream = io.StringIO()
    logs.setup(stream=stream, as_json=False)
    logging.getLogger("bot.chat.intake").warning("no updates", extra={"wait_s": 1.5})
    assert stream.getvalue()[9:] == "warning chat     no updates  wait_s=1.5\n"


def test_what_is_not_on_the_list_is_left_out(stream: io.StringIO) -> None:
    logger = logging.getLogger("bot.chat.anything")
    logger.warning("pressed by %s", "Canary", extra={"chat_id": 5550101, "text": "canary", "latitude": 12.3456})
    assert "anary" not in stream.getvalue()
    assert "5550101" not in stream.getvalue()
    assert "12.34" not in stream.getvalue()


def test_the_words_of_an_exception_are_left_out_and_its_place_is_told(stream: io.StringIO) -> None:
    try:
        try:
            int("canary typed by a person")
        except ValueError as error:
            raise RuntimeError("about canary") from error
    except RuntimeError as error:
        logs.log_failure(logging.getLogger("bot.chat"), "an update could not be handled", error, kind="message")
    (line,) = lines(stream)
    assert "canary" not in stream.getvalue()
    assert line["error"] == "RuntimeError < ValueError"
    assert line["kind"] == "message"
    assert any("test_logs.py" in place for place in line["where"])


def test_the_sentence_for_the_operator_is_shown(stream: io.StringIO) -> None:
    logs.log_failure(logging.getLogger("bot.app"), "could not start", OperatorError("Port 1 is in use."))
    assert lines(stream)[0]["problem"] == "Port 1 is in use."


@pytest.mark.parametrize("token", [TOKEN, LOOSE])
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "https://api.telegram.org/bot{}/getMe",
        "https://api.telegram.org/file/bot{}/photos/1.png",
        "The token `{}` was rejected",
        "Bot[token={}]",
    ],
)
def test_a_token_is_never_written(stream: io.StringIO, token: str, form: str) -> None:
    text = form.format(token)
    logging.getLogger("bot.chat").error(text)
    logging.getLogger("bot.chat").error("event", extra={"reason": text, "problem": [text]})
    logging.getLogger("httpx").error(text)
    logging.getLogger("telegram.Bot").warning("call of %s", text)
    logs.log_failure(logging.getLogger("bot.app"), "could not start", OperatorError(text))
    assert stream.getvalue()
    assert token not in stream.getvalue()
    assert token.partition(":")[2] not in stream.getvalue()


def test_a_token_in_percent_signs_is_not_written_either(stream: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").error("GET /bot%s/getMe" % TOKEN.replace(":", "%3A"))  # noqa: UP031
    assert "canary" not in stream.getvalue()


def test_libraries_speak_from_warnings_up_and_without_the_values_they_put_in(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org/canary")
    logging.getLogger("sqlalchemy.engine").info("[('canary',)]")
    logging.getLogger("apscheduler.executors").warning("Run of job %s was missed", "canary")
    assert [line["event"] for line in lines(stream)] == ["Run of job %s was missed"]


async def test_a_forgotten_task_does_not_tell_its_words(stream: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError("canary")

    task = asyncio.get_running_loop().create_task(fails())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    (line,) = lines(stream)
    assert (line["event"], line["error"]) == ("Task exception was never retrieved", "ValueError")
    assert "canary" not in stream.getvalue()


def test_what_nobody_caught_is_told_without_its_words(stream: io.StringIO) -> None:
    error = ValueError("canary")
    sys.excepthook(ValueError, error, None)
    assert lines(stream)[0]["error"] == "ValueError"
    assert "canary" not in stream.getvalue()


def test_a_chain_of_causes_that_bites_its_tail_ends(stream: io.StringIO) -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    logs.log_failure(logging.getLogger("bot"), "odd", first)
    assert lines(stream)[0]["error"] == "ValueError < KeyError"


def test_numbers_and_addresses_stay_readable(stream: io.StringIO) -> None:
    logging.getLogger("bot.app").info("listening", extra={"address": "192.168.0.100:8080", "count": 7})
    assert (lines(stream)[0]["address"], lines(stream)[0]["count"]) == ("192.168.0.100:8080", 7)


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every logging call of the bot itself; the sandbox is never part of production."""
    root = Path(__file__).parents[1] / "bot"
    for path in (path for path in root.rglob("*.py") if "sandbox" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if named and ast.unparse(node.func.value) in {"log", "logger", "_log", "_logger"}:  # type: ignore[attr-defined]
                yield f"{path.relative_to(root)}:{node.lineno}", node  # type: ignore[attr-defined,misc]


def test_every_event_is_a_constant_and_every_field_is_on_the_list() -> None:
    wrong = []
    calls = list(log_calls())
    for where, call in calls:
        extra = next((keyword.value for keyword in call.keywords if keyword.arg == "extra"), None)
        keys = [getattr(key, "value", None) for key in extra.keys] if isinstance(extra, ast.Dict) else []
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant) or not set(keys) <= set(logs.FIELDS):
            wrong.append(where)
    assert calls
    assert [where for where in wrong if not where.startswith("logs.py")] == []
