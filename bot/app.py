"""The composition root: the one module that knows every room.

`Work` is everything below the front doors: words, meetings, places, services; the command line uses it alone.
`rooms_for` hands it to the chat. Nothing is built on import; tests build it with other parts.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from bot.chat.backend import telegram_bot
from bot.chat.context import Rooms
from bot.chat.dispatch import Dispatcher
from bot.chat.errors import for_operator
from bot.chat.hints import Hints
from bot.chat.intake import Intake, announce_webhook
from bot.chat.profile import announce
from bot.chat.routes import menu
from bot.chat.sender import Sender
from bot.domain.clock import Clock, system_clock
from bot.domain.fellowship import Fellowship
from bot.domain.place import Place
from bot.domain.urgent import UrgentCountry
from bot.feeds.fetch import Fetcher
from bot.feeds.registry import READERS
from bot.feeds.zones import zone_at
from bot.jobs.refresh_feeds import refresh_feeds
from bot.jobs.timetable import Job, Timetable
from bot.services.downloads import Fetch
from bot.services.feeds import Feeds
from bot.services.meetings import Meetings
from bot.services.places import Places
from bot.services.risk import Risk
from bot.services.sync import Sync
from bot.services.understand import Understand
from bot.settings import Settings
from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.sources import load_evidence
from bot.texts.types import load_types
from bot.texts.urgent import load_urgent
from bot.texts.words import load_lexicon
from bot.views.frame import Operator
from bot.web.app import WebServer, build_web
from bot.web.health import FeedState, Probes
from bot.web.metrics import PrometheusMetrics

logger = logging.getLogger(__name__)
FEEDS_SECONDS = 60.0  # how often it is asked which feeds are due
FORGET_SECONDS = 60.0  # hints that are too old leave the memory within this time
REFRESH_SECONDS = 5.0  # a list that another process changed shows after at most this long

Cards = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything below the front doors, opened."""

    settings: Settings
    clock: Clock
    library: Library
    fellowships: Mapping[str, Fellowship]
    cards: Cards
    urgent: Mapping[str, UrgentCountry]
    database: Database
    places: Places
    meetings: Meetings
    understand: Understand
    risk: Risk
    feeds: Feeds
    sync: Sync

    async def refresh(self) -> None:
        """Take up what changed in the lists since the last time."""
        if await self.meetings.refresh():
            await self.places.refresh()

    @property
    def operator(self) -> Operator:
        """Who runs this bot, as set."""
        return Operator(self.settings.operator, self.settings.contact, self.settings.country or "")


@asynccontextmanager
async def open_work(
    settings: Settings, *, clock: Clock = system_clock, cache: Path | None = None, fetch: Fetch | None = None
) -> AsyncIterator[Work]:
    """Load the words, open the database (an SQLite file is upgraded first) and the gazetteer; close them after.

    `cache`: where the gazetteer is unpacked, by default beside the database. `fetch`: how publishers are asked.
    Raises ContentError and StoreError.
    """
    root = settings.content_dir
    library = Library.load(root)
    fellowships = {kind.id: kind for kind in load_fellowships(root)}
    lexicon = load_lexicon(root)
    database = Database(settings.database_url)
    gazetteer = Gazetteer(cache or _data_folder(settings))
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        await gazetteer.open()
        places = Places(gazetteer, database, zone_at=zone_at)
        fetch = fetch or Fetcher(contact=settings.contact).fetch
        feeds = Feeds(database, READERS, load_types(root), zone_of=zone_at, locate=places.locate, clock=clock)
        understand = Understand(lexicon, tuple(fellowships.values()), places)
        yield Work(
            settings=settings,
            clock=clock,
            library=library,
            fellowships=fellowships,
            cards=_cards(root, tuple(library.languages), tuple(fellowships)),
            urgent=load_urgent(root),
            database=database,
            places=places,
            meetings=Meetings(database, fellowships, clock=clock, zone_of=_zone_of),
            understand=understand,
            risk=understand.risk,
            feeds=feeds,
            sync=Sync(database, feeds, load_feeds(root, fellowships), fetch, clock=clock),
        )
    finally:
        await gazetteer.close()
        await database.close()


async def serve(
    work: Work, *, token: str, api_url: str, preview: bool, stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Answer people until `stop` is set. `ready` is called once the first update can be answered.

    Raises OperatorError when Telegram cannot be reached, does not know the token, or a port is taken.
    """
    metrics = PrometheusMetrics()
    await work.refresh()
    async with _telegram(token, api_url) as bot:
        rooms = rooms_for(work, bot.username, preview=preview)
        dispatcher = Dispatcher(rooms, Sender(bot, metrics=metrics), bot.id, metrics)
        intake = Intake(bot, dispatcher.handle, dispatcher.apologise, metrics=metrics)
        jobs = (
            Job("refresh_lists", REFRESH_SECONDS, work.refresh),
            Job("refresh_feeds", FEEDS_SECONDS, lambda: refresh_feeds(work.sync)),
            Job("forget_hints", FORGET_SECONDS, rooms.hints.purge),
        )
        timetable = Timetable(jobs, metrics=metrics)
        web = build_web(
            probes=_probes(work, intake, timetable),
            metrics=metrics,
            feed=intake.feed if work.settings.webhook else None,
            secrets=work.settings.webhook_secrets,
        )
        listen = work.settings.listen
        async with timetable, WebServer(web, listen.host, listen.port):
            await announce(bot, work.library)
            try:
                await _take_updates(work.settings, bot, intake, stop, ready)
            finally:
                await intake.stop()


@asynccontextmanager
async def _telegram(token: str, api_url: str) -> AsyncIterator[Bot]:
    """The bot's account, asked for its name."""
    bot = telegram_bot(token, api_url)
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


def _probes(work: Work, intake: Intake, timetable: Timetable) -> Probes:
    async def feeds() -> FeedState:
        troubles = await work.sync.troubles()
        return FeedState(list(troubles.late), list(troubles.failing))

    return Probes(
        database=work.database.check,
        updates=lambda: (intake.mode, intake.age_s),
        tick=lambda: timetable.tick_age,
        feeds=feeds,
    )


def rooms_for(work: Work, bot_name: str, *, preview: bool) -> Rooms:
    """The chat's view of the work. `preview`: the meetings are samples."""
    return Rooms(
        meetings=work.meetings,
        places=work.places,
        understand=work.understand,
        risk=work.risk,
        library=work.library,
        fellowships=work.fellowships,
        cards=work.cards,
        urgent=work.urgent,
        operator=work.operator,
        clock=work.clock,
        seed=lambda: secrets.randbelow(1 << 16),
        bot_name=bot_name,
        preview=preview,
        commands=menu,
        hints=Hints(),
    )


def _zone_of(place: Place) -> str:
    return place.zone or zone_at(place.latitude, place.longitude)


def _cards(root: Path, languages: tuple[str, ...], fellowships: tuple[str, ...]) -> Cards:
    """The fields of every fellowship's card in every language, English where one is missing."""
    cards = load_cards(root, languages, load_evidence(root))
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for language in languages:
        found[language] = {}
        for kind in fellowships:
            card = cards.card(kind, language)
            if card is not None:
                found[language][kind] = card.fields
    return found


def _data_folder(settings: Settings) -> Path:
    """Where files made from others may lie: beside an SQLite database, else in data/."""
    prefix = "sqlite+aiosqlite:///"
    path = settings.database_url.removeprefix(prefix).partition("?")[0]
    if settings.database_url.startswith(prefix) and path and not path.startswith(":memory:"):
        return Path(path).parent
    return Path("data")
