"""How updates reach the bot: getUpdates and the webhook."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.state import Webhook
from bot.sandbox.updates import MAX_LONG_POLL_S, read_allowed
from bot.sandbox.view import status_view

_SECRET = re.compile(r"[A-Za-z0-9_-]*")


async def get_me(call: Call) -> Json:
    """The bot's own user object."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.settings.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }
    return {**call.bot.as_user(), **abilities}


async def get_updates(call: Call) -> list[Json]:
    """Waits up to `timeout` s for updates from `offset` on; lower ids are confirmed."""
    params, queue = call.params, call.bot.updates
    limit = min(max(params.integer("limit", 100), 1), 100)
    timeout = min(max(params.integer("timeout"), 0), MAX_LONG_POLL_S)
    _remember_allowed(call)
    if not status_view(call.bot)["connected"]:
        asyncio.get_running_loop().call_soon(call.bot.broadcast.tell, None, {"type": "beat"})
    return await queue.poll(params.integer("offset"), limit, timeout)


def _remember_allowed(call: Call) -> None:
    raw = call.params.decoded("allowed_updates", "can't parse allowed_updates JSON object")
    allowed = read_allowed(raw)
    if allowed is not None:
        call.bot.updates.allowed = allowed


async def set_webhook(call: Call) -> Any:
    """Push from now on; an empty URL removes the webhook."""
    params, bot = call.params, call.bot
    url = params.text("url")
    if not url:
        return await delete_webhook(call)
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not local:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not local:
        raise bad_request("bad webhook: the sandbox pushes to this computer only")
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(call)
    bot.updates.webhook_active = True
    bot.updates.stop_polls("terminated by setWebhook request")
    if params.flag("drop_pending_updates"):
        bot.updates.clear()
    limit = min(max(params.integer("max_connections", 40), 1), 100)
    bot.webhook = Webhook(url, secret, limit)
    await call.webhooks.start(bot, bot.webhook)
    bot.broadcast.tell(None, {"type": "beat"})
    return True


async def delete_webhook(call: Call) -> bool:
    """Back to long polls; what waits stays, unless it shall be dropped."""
    await call.webhooks.stop(call.bot)
    call.bot.webhook = None
    call.bot.updates.webhook_active = False
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()
    return True


async def get_webhook_info(call: Call) -> Json:
    """Where updates go and how many wait."""
    hook, queue = call.bot.webhook, call.bot.updates
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(queue.pending()),
    }
    if hook:
        info["max_connections"] = hook.max_connections
        info["ip_address"] = "127.0.0.1"
        if hook.last_error_date:
            info["last_error_date"] = hook.last_error_date
            info["last_error_message"] = hook.last_error_message
    if queue.allowed:
        info["allowed_updates"] = queue.allowed
    return info


async def yes(call: Call) -> bool:
    """Methods that have nothing to do here."""
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "close": yes,
    "logOut": yes,
}
