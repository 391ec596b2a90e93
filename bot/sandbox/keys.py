"""Where the parts of the application are kept."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.state import SandboxState
from bot.sandbox.webhook import Webhooks

STATE = web.AppKey("STATE", SandboxState)
HOOKS = web.AppKey("HOOKS", Webhooks)
