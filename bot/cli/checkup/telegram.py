"""What can only be asked over the network: Telegram, this machine's clock beside its, a bot that runs here.

Asked directly: the chat's library belongs to the chat. Addresses with the token are never shown.
"""

import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.cli.checkup import public
from bot.cli.checkup.asking import FAILED, Answer, ask
from bot.cli.checkup.line import Line, ill, well
from bot.settings import Settings

LOCAL_TIMEOUT_S = 3
APART_S = 60  # Telegram tells whole seconds, and the way takes some
MANY_WAIT = 100  # updates
RECENT_S = 3_600
CONFLICTS = 3  # one may be a restart that overlapped
_CONFLICTS = re.compile(r'(?m)^openchair_polls_total\{[^}]*outcome="conflict"[^}]*\} ([0-9.e+]+)')


async def look(settings: Settings) -> AsyncIterator[Line]:
    """One line for each; what cannot be asked without a token is left out."""
    async with aiohttp.ClientSession() as session:
        if settings.token is None:
            yield well("token", "unset: `openchair run` starts the local preview")
        else:
            async for line in _telegram(session, settings):
                yield line
        yield await _running(session, settings)
        yield await public.look(session, settings)


async def _telegram(session: aiohttp.ClientSession, settings: Settings) -> AsyncIterator[Line]:
    token = settings.token.get_secret_value() if settings.token else ""
    root = f"{settings.api_url}/bot{token}"
    try:
        answer = await ask(session, f"{root}/getMe")
    except FAILED:
        host = urlsplit(settings.api_url).netloc
        yield ill("token", f"{host} cannot be reached: check the network of this machine and OPENCHAIR_API_URL")
        return
    yield _clock(answer.date)
    yield _token(answer)
    if answer.status != 200:
        return
    try:
        info = (await ask(session, f"{root}/getWebhookInfo")).body.get("result", {})
    except FAILED:
        yield ill("webhook", "Telegram did not say whether one is set: try again")
        return
    yield _webhook(settings, info if isinstance(info, dict) else {})


def _token(answer: Answer) -> Line:
    if answer.status == 200:
        return well("token", "Telegram knows it")
    if answer.status in (401, 404):
        return ill("token", "Telegram does not know OPENCHAIR_TOKEN: copy it again from @BotFather")
    return ill("token", f"Telegram answers {answer.status}: try again in a few minutes")


def _clock(date: str) -> Line:
    try:
        apart = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):
        return well("clock", "not compared: the answer carried no date")
    if abs(apart) <= APART_S:
        return well("clock", "agrees with Telegram's")
    which = "ahead of" if apart > 0 else "behind"
    return ill(
        "clock",
        f"this machine is {abs(apart) / 60:.0f} minutes {which} Telegram, and reminders go by it: turn on time "
        "synchronisation (timedatectl set-ntp true)",
    )


def _webhook(settings: Settings, info: dict[str, Any]) -> Line:
    """Whether updates come in the way that the settings say."""
    set_to, waiting = str(info.get("url") or ""), _number(info, "pending_update_count")
    wanted = f"{settings.public_url}/telegram" if settings.webhook else ""
    if set_to and not wanted:
        return ill(
            "webhook",
            f"one is set, to {urlsplit(set_to).netloc}, while the settings say that the bot fetches updates itself: "
            "stop what serves there and run `openchair webhook remove`, or set OPENCHAIR_WEBHOOK=1 and "
            "OPENCHAIR_PUBLIC_URL",
        )
    if set_to != wanted:
        where = f"is set to {urlsplit(set_to).netloc}" if set_to else "is not set"
        return ill("webhook", f"it {where}, not to {wanted}: start the bot anew, which sets it")
    if wanted and (error := _last_error(info)):
        return ill(
            "webhook", f"Telegram could not bring updates lately ({error}): check that {wanted} reaches the bot"
        )
    if waiting > MANY_WAIT:
        return ill("webhook", f"{waiting} updates wait: see that the bot runs, and read its log")
    return well("webhook", "set as it should be" if wanted else "not set; the bot fetches updates itself")


def _last_error(info: dict[str, Any]) -> str:
    age = time.time() - _number(info, "last_error_date")
    return str(info.get("last_error_message") or "no reason given") if age < RECENT_S else ""


def _number(info: dict[str, Any], name: str) -> int:
    value = info.get(name)
    return value if isinstance(value, int) else 0


async def _running(session: aiohttp.ClientSession, settings: Settings) -> Line:
    """What a bot that runs here says of itself. Asking Telegram for updates would take them from it."""
    root = f"http://{settings.listen}"
    try:
        health = await ask(session, f"{root}/health", LOCAL_TIMEOUT_S)
        metrics = await ask(session, f"{root}/metrics", LOCAL_TIMEOUT_S)
    except FAILED:
        return well("running", f"no bot answers on {settings.listen}; `openchair run` starts it")
    if "updates" not in health.body:
        return ill("running", f"another program answers on {settings.listen}: choose another OPENCHAIR_LISTEN")
    if sum(float(one) for one in _CONFLICTS.findall(metrics.text)) >= CONFLICTS:
        return ill(
            "running",
            "a second process fetches the updates of this bot: stop one of the two, then start the other anew (or "
            "let @BotFather make a new token)",
        )
    if health.status != 200:
        return ill("running", f"the bot on {settings.listen} is not well ({_trouble(health.body)}): read its log")
    return well("running", f"the bot on {settings.listen} is well")


def _trouble(body: dict[str, Any]) -> str:
    if not body.get("database"):
        return "its database does not answer"
    ages = {name: (body.get(name) or {}).get("age_s") for name in ("updates", "tick")}
    return f"seconds since it heard from Telegram: {ages['updates']}; since its clock ticked: {ages['tick']}"
