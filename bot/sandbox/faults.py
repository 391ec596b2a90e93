"""Faults on demand: what a test wants to go wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ControlError, Json

KINDS = ("error", "hang", "drop", "drop_after", "slow", "html")
_TEXTS = {
    400: "Bad Request: invented by a test",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Fault:
    """Goes wrong for the next `times` calls of `method` ("*": any) in `chat` (None: any).

    kind: error (answers `code`), hang (no answer for `seconds`, then the connection drops), drop (the
    connection drops and nothing was done), drop_after (done, and the connection drops before the answer),
    slow (done after `seconds`), html (a proxy's error page with `code`).
    """

    method: str
    kind: str
    code: int = 500
    chat: int | None = None
    times: int = 1
    skip: int = 0
    retry_after: int = 1
    seconds: float = 60.0
    description: str = ""

    def applies(self, method: str, chat: int | None) -> bool:
        """Whether this call is meant; uses up one of its times."""
        if self.times <= 0 or self.method not in {"*", method.lower()} or self.chat not in {None, chat}:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def body(self) -> Json:
        """The error's JSON body."""
        text = self.description or _TEXTS.get(self.code, "Error").format(retry_after=self.retry_after)
        body: Json = {"ok": False, "error_code": self.code, "description": text}
        if self.code == 429:
            body["parameters"] = {"retry_after": self.retry_after}
        return body

    def as_json(self) -> Json:
        """For the control API."""
        return dict(vars(self))


def read_fault(raw: Any) -> Fault:
    """A rule as a test writes it: `kind` may be a code (429) or one of KINDS. Raises ControlError."""
    if not isinstance(raw, dict):
        raise ControlError('A fault is an object such as {"method": "sendMessage", "kind": 429}.')
    kind = raw.get("kind", "error")
    code = int(raw.get("code", 502 if kind == "html" else 500))
    if str(kind).isdigit():
        kind, code = "error", int(kind)
    if kind not in KINDS:
        raise ControlError(f"Unknown kind of fault: {kind!r}. Known: an error code, {', '.join(KINDS[1:])}.")
    chat = raw.get("chat")
    return Fault(
        method=str(raw.get("method", "*")).lower(),
        kind=kind,
        code=code,
        chat=None if chat is None else int(chat),
        times=int(raw.get("times", 1)),
        skip=int(raw.get("skip", 0)),
        retry_after=int(raw.get("retry_after", 1)),
        seconds=float(raw.get("seconds", 60.0)),
        description=str(raw.get("description", "")),
    )


def pick_fault(faults: list[Fault], method: str, chat: int | None) -> Fault | None:
    """The first rule that means this call; used-up rules are forgotten."""
    for fault in faults:
        if fault.applies(method, chat):
            if fault.times <= 0:
                faults.remove(fault)
            return fault
    return None
