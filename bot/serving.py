"""Serving people until the stop: updates in, the clock, the web, all on one loop.

The rooms come from bot.app; here they are set going, and ended in order.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from telegram import Bot
from telegram.error import TelegramError

from bot.app import Work, pages_for, rooms_for
from bot.chat import doings
from bot.chat.backend import telegram_bot
from bot.chat.context import Rooms, Visit
from bot.chat.deliver import Deliver
from bot.chat.dispatch import Dispatcher
from bot.chat.errors import for_operator
from bot.chat.intake import Intake
from bot.chat.profile import announce
from bot.chat.sender import Sender
from bot.chat.webhook import Webhook
from bot.domain.errors import StoreError
from bot.domain.later import Later, later, made, prepare
from bot.domain.metrics import Metrics
from bot.domain.news import Alert
from bot.jobs.refresh_feeds import refresh_feeds
from bot.jobs.timetable import Job, Timetable
from bot.services.limiter import Limiter
from bot.services.memory import Memory
from bot.settings import Settings
from bot.web.app import WebServer, build_web
from bot.web.health import FeedState, Probes
from bot.web.metrics import PrometheusMetrics

if TYPE_CHECKING:
    from bot.domain.admin import Admin
    from bot.domain.reminder import Due
    from bot.jobs.send_reminders import Compose, SendReminders
    from bot.jobs.tell_admins import TellAdmins
    from bot.services.vitals import Vitals
    from bot.views.screen import Screen

logger = logging.getLogger(__name__)

Errand = Callable[[], Awaitable[object]]

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
BREATH_S = 0.2  # who wrote while nobody was there is answered before anything else is begun
REFRESH_SECONDS = 5.0  # a list that another process changed shows after at most this long


async def serve(
    work: Work, *, token: str, api_url: str, preview: bool, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Answer people until `stop` is set. `ready` is called once the first update can be answered.

    What the first answers do not need is made and taken up behind them; who asks for it sooner waits for it. Raises
    OperatorError when Telegram cannot be reached, does not know the token, or a port is taken.
    """
    work.database.metrics = metrics = PrometheusMetrics()
    await work.database.ready()
    await work.keys.check()
    work.expect_lists()
    vitals = later(partial(_vitals, work))
    async with _telegram(token, api_url) as bot:
        rooms = rooms_for(work, bot.username, preview=preview)
        rooms.files.bind(bot)
        dispatcher = Dispatcher(rooms, Sender(bot, metrics=metrics, own=rooms.own_messages), bot.id, metrics)
        intake = Intake(bot, dispatcher.handle, dispatcher.apologise, metrics=metrics)
        ruled = asyncio.Event()  # set: the instants of reminders are those of today's zone rules
        async with _reminding(work, rooms, (token, api_url), metrics) as (sender, teller):
            hook = _webhook(work, bot, metrics)
            measuring = Job("measure", MEASURE_SECONDS, partial(_measure, vitals, metrics))
            watch = [Job("keep_webhook", LOOK_SECONDS, hook.look)] if work.settings.webhook else []
            jobs = [*_jobs(work, rooms, partial(_send, sender, ruled), teller), *watch, measuring]
            timetable = Timetable(jobs, metrics=metrics)
            _followed(metrics, work.settings, intake, lambda: _tick_age(timetable, sender))
            pages = Later(partial(pages_for, work, rooms))
            web = build_web(
                probes=_probes(work, intake, timetable, sender),
                metrics=metrics,
                feed=intake.feed if work.settings.webhook else None,
                secrets=work.settings.webhook_secrets,
                pages=pages,
                https=(work.settings.public_url or "").startswith("https:"),
            )
            listen = work.settings.listen
            async with timetable, WebServer(web, listen.host, listen.port), rooms.errands:
                behind = partial(_behind, work, rooms, bot, ruled, measuring.run, pages)
                await _take_updates(work.settings, hook, intake, behind, stop, ready)


async def _behind(
    work: Work, rooms: Rooms, bot: Bot, ruled: asyncio.Event, measure: Errand, pages: Later[object]
) -> None:
    """What is done behind the first answers. Raises OperatorError for words that are wrong."""
    await asyncio.sleep(BREATH_S)
    began = time.monotonic()
    tasks = (
        asyncio.create_task(_take_up_zone_rules(work, ruled)),
        asyncio.create_task(asyncio.to_thread(_prepare, work, rooms, pages)),
        asyncio.ensure_future(measure()),
        asyncio.create_task(_take_up(work)),
        asyncio.create_task(_show_menus(work, rooms, bot)),
    )
    try:
        await asyncio.gather(*tasks)
    finally:
        await _ended(tasks)
    logger.info("all is taken up", extra={"seconds": round(time.monotonic() - began, 1)})


async def _show_menus(work: Work, rooms: Rooms, bot: Bot) -> None:
    await rooms.menus.begin(bot)
    await announce(bot, work.library)


async def _take_up_zone_rules(work: Work, ruled: asyncio.Event) -> None:
    await made(work.upkeep)
    await work.upkeep.take_up_zone_rules(work.clock())
    ruled.set()


async def _send(sender: Later[SendReminders], ruled: asyncio.Event) -> None:
    await ruled.wait()
    await sender().run()


def _prepare(work: Work, rooms: Rooms, pages: Later[object]) -> None:
    """Make what was put off, in the order in which people will miss it."""
    for one in (work.risk, work, rooms):
        prepare(one)
    doings.read_all()
    pages()


async def _take_up(work: Work) -> None:
    """The lists, for the first time; where that fails, the timetable and whoever searches try again."""
    try:
        await work.refresh()
    except StoreError as error:
        logger.error("the lists could not be taken up", exc_info=error)


def _jobs(work: Work, rooms: Rooms, send: Errand, teller: TellAdmins) -> tuple[Job, ...]:
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
        Job("send_reminders", SEND_SECONDS, send),
        Job("tell_admins", TELL_SECONDS, partial(_tell, work, teller)),
        Job("keep_reminders", UPKEEP_SECONDS, lambda: work.upkeep.run(work.clock())),
        Job("expire_edits", EDITS_SECONDS, partial(_expire_edits, work)),
        Job("forget_guesses", FORGET_SECONDS, rooms.guesses.purge),
        Job("admin_menus", MENUS_SECONDS, rooms.menus.refresh),
    )


async def _expire_edits(work: Work) -> None:
    from bot.services.overlays import expire_due

    await expire_due(work.database, work.clock())


async def _tell(work: Work, teller: TellAdmins) -> None:
    await work.meetings.taken_up()  # one meeting of two lists is told of once
    await teller.run()


@asynccontextmanager
async def _reminding(
    work: Work, rooms: Rooms, account: tuple[str, str], metrics: Metrics
) -> AsyncIterator[tuple[Later[SendReminders], TellAdmins]]:
    """What sends reminders, and tells people who help, over connections of its own and at one pace.

    At the end it waits for what is on its way.
    """

    async def compose(due: Due) -> Screen:
        from bot.views.reminders import arrived

        return arrived(Visit(rooms, 0, due.language).frame(), due)

    async with _telegram(*account, fresh=True) as bot:
        limiter = Limiter(work.database, work.settings.send_rate)
        deliver = Deliver(bot, metrics=metrics, own=rooms.own_messages)
        sender = Later(partial(_sender, work, compose, limiter, deliver, metrics))
        try:
            yield sender, later(partial(_teller, work, rooms, limiter, deliver, metrics))
        finally:
            if sender.made:
                await sender().close()


def _sender(work: Work, compose: Compose, limiter: Limiter, deliver: Deliver, metrics: Metrics) -> SendReminders:
    from bot.jobs.send_reminders import SendReminders
    from bot.services.clocks import ClockCheck
    from bot.services.outbox import Outbox

    return SendReminders(
        Outbox(work.database, work.keys),
        limiter,
        compose,
        deliver,
        check=ClockCheck(work.database, clock=work.clock),
        clock=work.clock,
        rate=work.settings.send_rate,
        metrics=metrics,
    )


def _teller(work: Work, rooms: Rooms, limiter: Limiter, deliver: Deliver, metrics: Metrics) -> TellAdmins:
    from bot.jobs.tell_admins import TellAdmins
    from bot.views import admin_news

    async def waiting(who: Admin) -> dict[str, int]:
        return {kind.name.lower(): count for kind, count in (await rooms.desk.queue.counts(who)).items()}

    def told(language: str, what: Mapping[str, int] | Alert) -> Screen:
        frame = Visit(rooms, 0, language).frame()
        return admin_news.alert(frame, what) if isinstance(what, Alert) else admin_news.digest(frame, what)

    return TellAdmins(rooms.desk.news, waiting, limiter, told, deliver, clock=work.clock, metrics=metrics)


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
    settings: Settings, hook: Webhook, intake: Intake, behind: Errand, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Fetch updates, or have them brought, until `stop`; a failure that the operator must mend ends it."""
    try:
        await _until_stopped(settings, hook, intake, behind, stop, ready)
    finally:
        await intake.stop()


async def _until_stopped(
    settings: Settings, hook: Webhook, intake: Intake, behind: Errand, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    async def rest() -> None:
        await behind()
        await stop.wait()

    await (hook.begin() if settings.webhook else hook.make_way())
    taking = asyncio.create_task(stop.wait() if settings.webhook else intake.poll())
    others = {asyncio.create_task(rest()), asyncio.create_task(stop.wait())}
    ready()
    done, _ = await asyncio.wait({taking, *others}, return_when=asyncio.FIRST_COMPLETED)
    await _ended(others)
    await intake.stop()
    await asyncio.gather(*done, taking)
    if settings.webhook:
        await hook.end()


async def _ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cut off those that still run, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _probes(work: Work, intake: Intake, timetable: Timetable, sender: Later[SendReminders]) -> Probes:
    async def feeds() -> FeedState:
        troubles = await (await asyncio.to_thread(lambda: work.sync.troubles))()
        return FeedState(list(troubles.late), list(troubles.failing))

    return Probes(
        database=work.database.ready,
        updates=lambda: (intake.mode, intake.age_s),
        tick=lambda: _tick_age(timetable, sender),
        feeds=feeds,
    )


def _tick_age(timetable: Timetable, sender: Later[SendReminders]) -> float | None:
    ages = (timetable.tick_age, sender().age_s if sender.made else None)
    return max((age for age in ages if age is not None), default=None)


async def _measure(vitals: Vitals, metrics: Metrics) -> None:
    measure = await asyncio.to_thread(lambda: vitals.measure)
    await measure(metrics)


def _vitals(work: Work) -> Vitals:
    from bot.services.vitals import Vitals

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
