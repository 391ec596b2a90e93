"""What the bot says about itself: name, descriptions, commands, menu button."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.methods.call import Call, Method

MAX_COMMANDS = 100
_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = {
    "default": (), "all_private_chats": (), "all_group_chats": (), "all_chat_administrators": (),
    "chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id"),
}  # fmt: skip


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("LANG_CODE_INVALID")
    return language


def _setter(field: str) -> Method:
    async def set_profile(call: Call) -> bool:
        language, text = _language(call), call.params.text(field)
        if len(text) > _LIMITS[field]:
            raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
        if text:
            call.bot.profile[(field, language)] = text
        else:
            call.bot.profile.pop((field, language), None)
        call.bot.broadcast.tell(None, {"type": "profile"})
        return True

    return set_profile


def _getter(field: str) -> Method:
    async def get_profile(call: Call) -> Json:
        found = call.bot.profile.get((field, _language(call)))
        if found is None:
            found = call.bot.profile.get((field, ""), call.bot.name if field == "name" else "")
        return {field: found}

    return get_profile


def _scope(call: Call) -> str:
    raw = call.params.decoded("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    if not isinstance(raw, dict) or raw.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    scope: Json = {"type": raw["type"]}
    for name in _SCOPES[raw["type"]]:
        if not raw.get(name):
            raise bad_request(f"can't parse BotCommandScope: Empty {name} specified")
        scope[name] = raw[name]
    if "chat_id" in scope:
        chat = call.bot.reachable(str(scope["chat_id"]))
        scope["chat_id"] = chat.id
    return scope_key(scope)


def scope_key(scope: Json) -> str:
    """One text per scope."""
    return json.dumps(scope, sort_keys=True)


def _command(raw: Any) -> Json:
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(raw.get("command", "")).removeprefix("/"), str(raw.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def set_my_commands(call: Call) -> bool:
    """The menu of a scope and language."""
    raw = call.params.decoded("commands", "can't parse commands JSON object")
    if not isinstance(raw, list):
        raise bad_request("expected an Array of BotCommand")
    if len(raw) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[(_scope(call), _language(call))] = [_command(one) for one in raw]
    call.bot.broadcast.tell(None, {"type": "profile"})
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """The menu exactly of this scope and language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


async def delete_my_commands(call: Call) -> bool:
    """Take a menu away."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    call.bot.broadcast.tell(None, {"type": "profile"})
    return True


async def set_chat_menu_button(call: Call) -> bool:
    """The button beside the text field, of one chat or of all."""
    button = call.params.decoded("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if call.params.text("chat_id"):
        call.chat().menu_button = button
    else:
        call.bot.menu_button = button
    return True


async def get_chat_menu_button(call: Call) -> Json:
    """The button beside the text field."""
    own = call.chat().menu_button if call.params.text("chat_id") else None
    return own or call.bot.menu_button


METHODS: dict[str, Method] = {
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
