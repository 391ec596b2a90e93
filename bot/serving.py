"""Serving people until the stop: updates in, the clock, the web, all on one loop.

The rooms come from bot.app; here they are set going, and ended in order.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from telegram import Bot
from telegram.error import TelegramError

from bot.app import Work, pages_for, rooms_for
from bot.chat.backend import telegram_bot
from bot.chat.context import Rooms, Visit
from bot.chat.deliver import Deliver
from bot.chat.dispatch import Dispatcher
from bot.chat.errors import for_operator
from bot.chat.intake import Intake
from bot.chat.profile import announce
from bot.chat.sender import Sender
from bot.chat.webhook import Webhook
from bot.domain.admin import Admin
from bot.domain.metrics import Metrics
from bot.domain.news import Alert
from bot.domain.reminder import Due
from bot.jobs.refresh_feeds import refresh_feeds
from bot.jobs.send_reminders import SendReminders
from bot.jobs.tell_admins import TellAdmins
from bot.jobs.timetable import Job, Timetable
from bot.services.clocks import ClockCheck
from bot.services.limiter import Limiter
from bot.services.memory import Memory
from bot.services.outbox import Outbox
from bot.services.overlays import expire_due
from bot.services.vitals import Vitals
from bot.settings import Settings
from bot.views import admin_news
from bot.views.reminders import arrived
from bot.views.screen import Screen
from bot.web.app import WebServer, build_web
from bot.web.health import FeedState, Probes
from bot.web.metrics import PrometheusMetrics

FEEDS_SECONDS = 60.0  # how often it is asked which feeds are due
EDITS_SECONDS = 60.0  # what was set until an hour ends within this time after it
FORGET_SECONDS = 60.0  # hints that are too old leave the memory within this time
MENUS_SECONDS = 60.0  # a role that was given or taken elsewhere shows in the menu after at most this long
SEND_SECONDS = 2.0
TELL_SECONDS = 30.0  # people who help are told within this time
UPKEEP_SECONDS = 600.0
LOOK_SECONDS = 60.0  # how often Telegram is asked where it brings updates
MEASURE_SECONDS = 15.0  # how old a level may be that a monitor reads
TIDY_SECONDS = 600.0  # what may be remembered for hours or days only
REFRESH_SECONDS = 5.0  # a list that another process changed shows after at most this long


async def serve(
    work: Work, *, token: str, api_url: str, preview: bool, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Answer people until `stop` is set. `ready` is called once the first update can be answered.

    Raises OperatorError when Telegram cannot be reached, does not know the token, or a port is taken.
    """
    work.database.metrics = metrics = PrometheusMetrics()
    await work.database.ready()
    await work.keys.check()
    await work.refresh()
    vitals = _vitals(work)
    async with _telegram(token, api_url) as bot:
        rooms = rooms_for(work, bot.username, preview=preview)
        rooms.files.bind(bot)
        dispatcher = Dispatcher(rooms, Sender(bot, metrics=metrics, own=rooms.own_messages), bot.id, metrics)
        intake = Intake(bot, dispatcher.handle, dispatcher.apologise, metrics=metrics)
        async with _reminding(work, rooms, (token, api_url), metrics) as (sender, teller):
            hook = _webhook(work, bot, metrics)
            measuring = Job("measure", MEASURE_SECONDS, lambda: vitals.measure(metrics))
            watch = [Job("keep_webhook", LOOK_SECONDS, hook.look)] if work.settings.webhook else []
            jobs = [*_jobs(work, rooms, sender, teller), *watch, measuring]
            timetable = Timetable(jobs, metrics=metrics)
            await measuring.run()
            _followed(metrics, work.settings, intake, lambda: _tick_age(timetable, sender))
            web = build_web(
                probes=_probes(work, intake, timetable, sender),
                metrics=metrics,
                feed=intake.feed if work.settings.webhook else None,
                secrets=work.settings.webhook_secrets,
                routes=pages_for(work, rooms),
                https=(work.settings.public_url or "").startswith("https:"),
            )
            listen = work.settings.listen
            async with timetable, WebServer(web, listen.host, listen.port), rooms.errands:
                await announce(bot, work.library)
                await rooms.menus.begin(bot)
                await _take_updates(work.settings, hook, intake, stop, ready)


def _jobs(work: Work, rooms: Rooms, sender: SendReminders, teller: TellAdmins) -> tuple[Job, ...]:
    """What happens by itself."""
    return (
        Job("refresh_lists", REFRESH_SECONDS, work.refresh),
        Job("refresh_feeds", FEEDS_SECONDS, lambda: refresh_feeds(work.sync)),
        Job("forget_hints", FORGET_SECONDS, rooms.hints.purge),
        Job("forget_counts", FORGET_SECONDS, rooms.suggested.purge),
        Job("forget_reports", FORGET_SECONDS, rooms.reported.purge),
        Job("forget_reports_of_today", FORGET_SECONDS, rooms.reported_today.purge),
        Job("forget_messages", TIDY_SECONDS, rooms.own_messages.purge),
        Job("forget_forgotten", TIDY_SECONDS, work.forgotten.tidy),
        Job("send_reminders", SEND_SECONDS, sender.run),
        Job("tell_admins", TELL_SECONDS, teller.run),
        Job("keep_reminders", UPKEEP_SECONDS, lambda: work.upkeep.run(work.clock())),
        Job("expire_edits", EDITS_SECONDS, lambda: expire_due(work.database, work.clock())),
        Job("forget_guesses", FORGET_SECONDS, rooms.guesses.purge),
        Job("admin_menus", MENUS_SECONDS, rooms.menus.refresh),
    )


@asynccontextmanager
async def _reminding(
    work: Work, rooms: Rooms, account: tuple[str, str], metrics: Metrics
) -> AsyncIterator[tuple[SendReminders, TellAdmins]]:
    """What sends reminders, and tells people who help, over connections of its own and at one pace.

    At the end it waits for what is on its way.
    """
    rate, clock = work.settings.send_rate, work.clock

    async def compose(due: Due) -> Screen:
        return arrived(Visit(rooms, 0, due.language).frame(), due)

    async def waiting(who: Admin) -> dict[str, int]:
        return {kind.name.lower(): count for kind, count in (await rooms.desk.queue.counts(who)).items()}

    def told(language: str, what: Mapping[str, int] | Alert) -> Screen:
        frame = Visit(rooms, 0, language).frame()
        return admin_news.alert(frame, what) if isinstance(what, Alert) else admin_news.digest(frame, what)

    await work.upkeep.take_up_zone_rules(clock())
    async with _telegram(*account, fresh=True) as bot:
        limiter, deliver = Limiter(work.database, rate), Deliver(bot, metrics=metrics, own=rooms.own_messages)
        sender = SendReminders(
            Outbox(work.database, work.keys),
            limiter,
            compose,
            deliver,
            check=ClockCheck(work.database, clock=clock),
            clock=clock,
            rate=rate,
            metrics=metrics,
        )
        teller = TellAdmins(rooms.desk.news, waiting, limiter, told, deliver, clock=clock, metrics=metrics)
        try:
            yield sender, teller
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


def _webhook(work: Work, bot: Bot, metrics: Metrics) -> Webhook:
    settings = work.settings
    given = (settings.public_url, settings.webhook_secrets)
    return Webhook(bot, Memory(work.database), *given, clock=work.clock, metrics=metrics)


async def _take_updates(
    settings: Settings, hook: Webhook, intake: Intake, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Fetch updates, or have them brought, until `stop`; a failure that the operator must mend ends it."""
    try:
        await _until_stopped(settings, hook, intake, stop, ready)
    finally:
        await intake.stop()


async def _until_stopped(
    settings: Settings, hook: Webhook, intake: Intake, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    if settings.webhook:
        await hook.begin()
        ready()
        await stop.wait()
        await hook.end()
        return
    await hook.make_way()
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
        database=work.database.ready,
        updates=lambda: (intake.mode, intake.age_s),
        tick=lambda: _tick_age(timetable, sender),
        feeds=feeds,
    )


def _tick_age(timetable: Timetable, sender: SendReminders) -> float | None:
    return max((age for age in (timetable.tick_age, sender.age_s) if age is not None), default=None)


def _vitals(work: Work) -> Vitals:
    settings = work.settings
    return Vitals(
        work.database,
        work.sync.cards,
        work.urgent,
        country=settings.country,
        data=settings.data_folder,
        backups=settings.backups_at,
        clock=work.clock,
    )


def _followed(
    metrics: PrometheusMetrics, settings: Settings, intake: Intake, tick: Callable[[], float | None]
) -> None:
    """Levels that are asked for at the moment somebody looks."""
    metrics.put("build_info", 1.0, version=_version())
    metrics.follow("updates_in_hand", lambda: intake.in_hand)
    metrics.follow("heard_age_seconds", lambda: intake.age_s, mode="webhook" if settings.webhook else "polling")
    metrics.follow("tick_age_seconds", tick)


def _version() -> str:
    try:
        return version("openchair")
    except PackageNotFoundError:
        return "unknown"
