"""A local stand-in for the Telegram Bot API, with a chat page. Never part of production."""

from bot.sandbox.server import DEFAULT_LISTEN, Sandbox, create_app, run_sandbox
from bot.sandbox.state import SANDBOX_TOKEN, SandboxState

__all__ = ["DEFAULT_LISTEN", "SANDBOX_TOKEN", "Sandbox", "SandboxState", "create_app", "run_sandbox"]
