"""Serving people until the stop: updates in, the clock, the web, all on one loop.

The rooms come from bot.app; here they are set going, and ended in order.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import TelegramError

from bot.app import Work, pages_for, rooms_for
from bot.chat.backend import telegram_bot
from bot.chat.context import Rooms, Visit
from bot.chat.deliver import Deliver
from bot.chat.dispatch import Dispatcher
from bot.chat.errors import for_operator
from bot.chat.intake import Intake, announce_webhook
from bot.chat.profile import announce
from bot.chat.sender import Sender
from bot.domain.metrics import Metrics
from bot.domain.reminder import Due
from bot.jobs.refresh_feeds import refresh_feeds
from bot.jobs.send_reminders import SendReminders
from bot.jobs.timetable import Job, Timetable
from bot.services.clocks import ClockCheck
from bot.services.limiter import Limiter
from bot.services.outbox import Outbox
from bot.settings import Settings
from bot.views.reminders import arrived
from bot.views.screen import Screen
from bot.web.app import WebServer, build_web
from bot.web.health import FeedState, Probes
from bot.web.metrics import PrometheusMetrics

FEEDS_SECONDS = 60.0  # how often it is asked which feeds are due
FORGET_SECONDS = 60.0  # hints that are too old leave the memory within this time
MENUS_SECONDS = 60.0  # a role that was given or taken elsewhere shows in the menu after at most this long
SEND_SECONDS = 2.0
UPKEEP_SECONDS = 600.0
REFRESH_SECONDS = 5.0  # a list that another process changed shows after at most this long


async def serve(
    work: Work, *, token: str, api_url: str, preview: bool, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Answer people until `stop` is set. `ready` is called once the first update can be answered.

    Raises OperatorError when Telegram cannot be reached, does not know the token, or a port is taken.
    """
    metrics = PrometheusMetrics()
    await work.keys.check()
    await work.refresh()
    async with _telegram(token, api_url) as bot:
        rooms = rooms_for(work, bot.username, preview=preview)
        dispatcher = Dispatcher(rooms, Sender(bot, metrics=metrics), bot.id, metrics)
        intake = Intake(bot, dispatcher.handle, dispatcher.apologise, metrics=metrics)
        async with _reminding(work, rooms, (token, api_url), metrics) as sender:
            jobs = (
                Job("refresh_lists", REFRESH_SECONDS, work.refresh),
                Job("refresh_feeds", FEEDS_SECONDS, lambda: refresh_feeds(work.sync)),
                Job("forget_hints", FORGET_SECONDS, rooms.hints.purge),
                Job("forget_counts", FORGET_SECONDS, rooms.suggested.purge),
                Job("send_reminders", SEND_SECONDS, sender.run),
                Job("keep_reminders", UPKEEP_SECONDS, lambda: work.upkeep.run(work.clock())),
                Job("forget_guesses", FORGET_SECONDS, rooms.guesses.purge),
                Job("admin_menus", MENUS_SECONDS, rooms.menus.refresh),
            )
            timetable = Timetable(jobs, metrics=metrics)
            web = build_web(
                probes=_probes(work, intake, timetable, sender),
                metrics=metrics,
                feed=intake.feed if work.settings.webhook else None,
                secrets=work.settings.webhook_secrets,
                routes=pages_for(work, rooms),
            )
            listen = work.settings.listen
            async with timetable, WebServer(web, listen.host, listen.port), rooms.errands:
                await announce(bot, work.library)
                await rooms.menus.begin(bot)
                await _take_updates(work.settings, bot, intake, stop, ready)


@asynccontextmanager
async def _reminding(
    work: Work, rooms: Rooms, account: tuple[str, str], metrics: Metrics
) -> AsyncIterator[SendReminders]:
    """What sends reminders, over connections of its own; at the end it waits for what is on its way."""
    rate, clock = work.settings.send_rate, work.clock

    async def compose(due: Due) -> Screen:
        return arrived(Visit(rooms, 0, due.language).frame(), due)

    await work.upkeep.take_up_zone_rules(clock())
    async with _telegram(*account, fresh=True) as bot:
        sender = SendReminders(
            Outbox(work.database, work.keys),
            Limiter(work.database, rate),
            compose,
            Deliver(bot, metrics=metrics),
            check=ClockCheck(work.database, clock=clock),
            clock=clock,
            rate=rate,
            metrics=metrics,
        )
        try:
            yield sender
        finally:
            await sender.close()


@asynccontextmanager
async def _telegram(token: str, api_url: str, *, fresh: bool = False) -> AsyncIterator[Bot]:
    """The bot's account, asked for its name. `fresh`: a new connection for every request."""
    bot = telegram_bot(token, api_url, fresh=fresh)
    try:
        await bot.initialize()
        yield bot
    except TelegramError as error:
        raise for_operator(error) from None
    finally:
        await bot.shutdown()


async def _take_updates(
    settings: Settings, bot: Bot, intake: Intake, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Fetch updates, or have them brought, until `stop`; a failure that the operator must mend ends it."""
    try:
        await _until_stopped(settings, bot, intake, stop, ready)
    finally:
        await intake.stop()


async def _until_stopped(
    settings: Settings, bot: Bot, intake: Intake, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    if settings.webhook and settings.public_url:
        await announce_webhook(bot, settings.public_url, settings.webhook_secrets[0])
        ready()
        await stop.wait()
        return
    polling = asyncio.create_task(intake.poll())
    stopping = asyncio.create_task(stop.wait())
    ready()
    await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if polling.done():
        await polling
    else:
        await intake.stop()
        await polling


def _probes(work: Work, intake: Intake, timetable: Timetable, sender: SendReminders) -> Probes:
    async def feeds() -> FeedState:
        troubles = await work.sync.troubles()
        return FeedState(list(troubles.late), list(troubles.failing))

    return Probes(
        database=work.database.check,
        updates=lambda: (intake.mode, intake.age_s),
        tick=lambda: max((age for age in (timetable.tick_age, sender.age_s) if age is not None), default=None),
        feeds=feeds,
    )
