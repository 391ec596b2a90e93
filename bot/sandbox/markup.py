"""Keyboards: what may hang under a message, checked as Telegram checks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, Json, bad_request
from bot.sandbox.links import checked_button_url, url_problem
from bot.sandbox.params import Params

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_DATA = 64  # bytes
MAX_COPY = 256
MAX_PLACEHOLDER = 64
_NO_TEXT = 'Can\'t find field "text"'


@dataclass(frozen=True)
class Markup:
    """A checked reply_markup: `kind` is inline, keyboard, remove or force_reply; `raw` what the page shows."""

    kind: str
    raw: Json


def read_markup(params: Params, *, private: bool, inline_only: bool = False) -> Markup | None:
    """The call's reply_markup, or None. Raises ApiError with Telegram's sentence."""
    raw = params.decoded("reply_markup", "can't parse reply keyboard markup JSON object")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    markup = _markup(raw, private=private)
    if markup and inline_only and markup.kind != "inline":
        raise bad_request("inline keyboard expected")
    return markup


def _markup(raw: Json, *, private: bool) -> Markup | None:
    if raw.get("keyboard"):
        rows = _rows(raw["keyboard"], 'Field "keyboard" must be an Array of Arrays')
        kept = _clean(rows, lambda button: _key(button, private=private), "keyboard button")
        flags: Json = {
            name: raw[name] for name in ("resize_keyboard", "one_time_keyboard", "is_persistent") if name in raw
        }
        return Markup("keyboard", {"keyboard": kept, **flags, **_placeholder(raw)})
    if raw.get("inline_keyboard"):
        error = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        kept = _clean(_rows(raw["inline_keyboard"], error), _button, "inline keyboard button")
        return Markup("inline", {"inline_keyboard": kept}) if kept else None
    if raw.get("remove_keyboard"):
        return Markup("remove", {"remove_keyboard": True})
    if raw.get("force_reply"):
        return Markup("force_reply", {"force_reply": True, **_placeholder(raw)})
    return None


def _placeholder(raw: Json) -> Json:
    text = str(raw.get("input_field_placeholder") or "")
    if len(text) > MAX_PLACEHOLDER:
        raise bad_request("INPUT_FIELD_PLACEHOLDER_TOO_LONG")
    return {"input_field_placeholder": text} if text else {}


def _rows(raw: Any, error: str) -> list[list[Any]]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise bad_request(error)
    return raw


def _clean(rows: list[list[Any]], check: Callable[[Any], Json], what: str) -> list[list[Json]]:
    kept = []
    for row in rows:
        buttons = []
        for button in row:
            try:
                buttons.append(check(button))
            except _Unreadable as error:
                raise bad_request(f"can't parse {what}: {error}") from None
        # Telegram drops a button with an empty label without a word.
        if buttons := [button for button in buttons if button["text"]]:
            kept.append(buttons)
    if sum(map(len, kept)) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in kept):
        raise bad_request("reply markup is too long")
    return kept


class _Unreadable(Exception):
    pass


def _label(button: Any, what: str) -> str:
    if not isinstance(button, dict):
        raise _Unreadable(f"{what} must be an Object")
    if not isinstance(button.get("text"), str):
        raise _Unreadable(_NO_TEXT)
    return str(button["text"]).strip()


def _key(button: Any, *, private: bool) -> Json:
    if isinstance(button, str):
        return {"text": button.strip()}
    key: Json = {"text": _label(button, "KeyboardButton")}
    for name, what in (("request_location", "location"), ("request_contact", "phone number")):
        if button.get(name):
            if not private:
                raise bad_request(f"{what} can be requested in private chats only")
            key[name] = True
    return {**key, **_style(button)}


def _button(button: Any) -> Json:
    kept: Json = {"text": _label(button, "InlineKeyboardButton"), **_style(button)}
    if button.get("url"):
        return {**kept, "url": checked_button_url(str(button["url"]))}
    if button.get("callback_data") is not None:
        return {**kept, "callback_data": _data(str(button["callback_data"]))}
    for name in ("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "pay"):
        if button.get(name) is not None:
            return {**kept, name: button[name]}
    if button.get("copy_text"):
        return {**kept, "copy_text": _copied(button["copy_text"])}
    for name in ("login_url", "web_app"):
        if button.get(name):
            return {**kept, name: _secure(name, button[name])}
    raise _Unreadable("Text buttons are unallowed in the inline keyboard")


def _style(button: Json) -> Json:
    return {"style": button["style"]} if button.get("style") in {"danger", "success", "primary"} else {}


def _data(data: str) -> str:
    if not 1 <= len(data.encode()) <= MAX_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _copied(raw: Any) -> Json:
    text = raw.get("text") if isinstance(raw, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _secure(name: str, raw: Any) -> Json:
    url = str(raw.get("url", "")) if isinstance(raw, dict) else ""
    link, problem = url_problem(url)
    if link is None or not link.startswith("https://"):
        label = "login" if name == "login_url" else "Web App"
        reason = problem or "Only HTTPS links are allowed"
        raise ApiError(400, f"Bad Request: inline keyboard button {label} URL '{url}' is invalid: {reason}")
    return {"url": link}
