"""Logs that can be shown to anybody.

What may be written is a list of what is allowed, not of what is forbidden:

* our own records (loggers under `bot`): the event, which is a constant, and the `FIELDS` given as `extra`;
  arguments are not put into the event, and any other extra is left out;
* records of libraries, from WARNING up: the first line of the message as it stands in their source, without
  the values put into it (asyncio and others put reprs of exceptions there);
* exceptions: class names along the chain of causes and places in the code, never their words, which may quote a
  person. OperatorError is ours to write and is the one whose sentence is shown.

Every line then passes a redactor for tokens and the other secrets.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from bot.domain.errors import OperatorError

FIELDS = (
    "address", "attempt", "country", "database", "feed", "job", "kind", "language", "method", "mode",
    "outcome", "problem", "reason", "route", "seconds", "setting", "signal", "status", "version", "wait_s",
    "complaints", "count", "meetings", "pending", "refused", "removed", "rows", "taken", "waiting",
)  # fmt: skip
_TOKEN = re.compile(r"\d{6,20}(:|%3A)[A-Za-z0-9_-]{5,100}")
_BOT_PATH = re.compile(r"(?i)(bot)\d+(:|%3A)[^/\s\"'?]+")
_HERE = str(Path(__file__).resolve().parent.parent)
_HIDDEN = "[hidden]"
_LONGEST = 300  # characters of a library's message


class Redactor:
    """Takes secrets out of a line: the exact ones given, and whatever looks like a bot's token."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        given = set(secrets)
        given |= {secret.partition(":")[2] for secret in given}  # the half of a token that opens doors
        self._secrets = sorted((secret for secret in given if len(secret) >= 8), key=len, reverse=True)

    def __call__(self, line: str) -> str:
        """The line without secrets."""
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, _BOT_PATH.sub(rf"\1{_HIDDEN}", line))


class _Formatter(logging.Formatter):
    """Turns a record into the parts that may be shown, and these into one line."""

    def __init__(self, redact: Redactor, as_json: bool) -> None:
        super().__init__()
        self._redact = redact
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        parts = _parts(record)
        if self._as_json:
            # Redacted before encoding, so that an escape cannot hide a secret, and after it for what spans parts.
            clean = {name: _clean(value, self._redact) for name, value in parts.items()}
            return self._redact(json.dumps(clean, ensure_ascii=False))
        at, level, room, event = (str(parts.pop(name)) for name in ("at", "level", "room", "event"))
        where = parts.pop("where", ())
        told = "".join(f"  {name}={value}" for name, value in parts.items())
        steps = "".join(f"\n    {step}" for step in where) if isinstance(where, list) else ""
        return self._redact(f"{at[11:19]} {level:<7} {room:<8} {event}{told}{steps}")


def setup(
    *,
    secrets: Iterable[str] = (),
    level: int = logging.INFO,
    stream: TextIO | None = None,
    as_json: bool | None = None,
) -> None:
    """Send all logging to `stream` (standard error), as JSON lines unless it is a terminal."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter(Redactor(secrets), not stream.isatty() if as_json is None else as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "apscheduler", "httpx", "telegram"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)
    sys.excepthook = _last_words


def log_failure(logger: logging.Logger, event: str, error: BaseException, **fields: object) -> None:
    """Log a failure: the event, the error's class and its places in the code. The same as `exc_info=error`."""
    logger.error(event, exc_info=error, extra=fields)


def _parts(record: logging.LogRecord) -> dict[str, object]:
    ours = record.name == "bot" or record.name.startswith("bot.")
    event = str(record.msg) if ours else (str(record.msg).splitlines() or [""])[0][:_LONGEST]
    room = record.name.split(".")[1] if record.name.startswith("bot.") else record.name
    parts: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "room": room,
        "event": event,
    }
    if ours:
        parts |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    if record.exc_info and record.exc_info[1] is not None:
        parts |= describe(record.exc_info[1])
    return parts


def describe(error: BaseException) -> dict[str, object]:
    """An exception in terms that name nobody: `error` (class names, the cause last) and `where` (places in code)."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain and len(chain) < 5:
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    told: dict[str, object] = {"error": " < ".join(type(one).__qualname__ for one in chain)}
    if isinstance(error, OperatorError):
        told["problem"] = str(error)
    return told | {"where": _places(chain[-1].__traceback__ or error.__traceback__)}


def _places(tb: TracebackType | None) -> list[str]:
    """The frames in our own code and the innermost one, outermost first."""
    frames = traceback.extract_tb(tb)
    kept = [frame for frame in frames if frame.filename.startswith(_HERE) and "site-packages" not in frame.filename]
    if frames and frames[-1] not in kept:
        kept.append(frames[-1])
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in kept[-12:]]


def _short(filename: str) -> str:
    path = filename.removeprefix(_HERE + "/")
    return path.partition("site-packages/")[2] or path


def _clean(value: object, redact: Redactor) -> object:
    if isinstance(value, list | tuple):
        return [_clean(one, redact) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


def _last_words(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
    """For what nobody caught: the interpreter's own report would print the words of the exception."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("uncaught", exc_info=(kind, error, tb))
