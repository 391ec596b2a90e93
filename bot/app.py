"""The composition root: the one module that knows every room.

`Work` is everything below the front doors: words, meetings, places, services; the command line uses it alone.
`rooms_for` hands it to the chat, `pages_for` to the web; bot.serving sets all of it going. Nothing is built on
import; tests build it with other parts.
"""

import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route

from bot.chat.context import Rooms
from bot.chat.errands import Errands
from bot.chat.files import Files
from bot.chat.hints import Hints
from bot.chat.hourly import DAY, Hourly
from bot.chat.menus import Menus
from bot.chat.own_messages import OwnMessages
from bot.chat.routes import menu, whole_menu
from bot.domain.clock import Clock, system_clock
from bot.domain.fellowship import Fellowship
from bot.domain.place import Place
from bot.domain.treatment import Treatment
from bot.domain.urgent import UrgentCountry
from bot.feeds.fetch import Fetcher
from bot.feeds.registry import READERS
from bot.feeds.zones import zone_at
from bot.services.desk import Desk, desk_for
from bot.services.downloads import Fetch
from bot.services.feeds import Feeds
from bot.services.forgetting import Forgetting
from bot.services.forgotten import ForgottenFile
from bot.services.handoffs import Handoffs
from bot.services.keys import KeyRing
from bot.services.meeting_rules import world
from bot.services.meetings import Meetings
from bot.services.people import People
from bot.services.places import Places
from bot.services.plans import Plans
from bot.services.reminders import Reminders
from bot.services.risk import Risk
from bot.services.standing import Standings
from bot.services.suggestions import Suggestions
from bot.services.sync import Sync
from bot.services.understand import Understand
from bot.services.upkeep import Upkeep
from bot.settings import Settings
from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from bot.texts.facts import FactsText, load_facts
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.pages import Articles, load_pages
from bot.texts.plan_words import load_plan_words
from bot.texts.site import Site
from bot.texts.sources import load_evidence
from bot.texts.treatment import load_treatment
from bot.texts.types import load_types
from bot.texts.urgent import load_urgent
from bot.texts.words import load_lexicon
from bot.views.frame import Frames, Operator
from bot.web.articles import article_routes
from bot.web.cards import CardDesk, card_routes
from bot.web.desk.routes import desk_routes
from bot.web.desk.sitting import WebDesk
from bot.web.urgent import UrgentDesk, urgent_routes

logger = logging.getLogger(__name__)
SUGGESTIONS_AN_HOUR = 5  # from one chat
REPORTS_AN_HOUR = 5  # likewise; about one meeting one a day
GUESSES_AN_HOUR = 5  # codes that were none, from one chat

Cards = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything below the front doors, opened."""

    settings: Settings
    clock: Clock
    library: Library
    fellowships: Mapping[str, Fellowship]
    facts: Mapping[str, Mapping[str, FactsText]]
    articles: Mapping[str, Articles]
    urgent: Mapping[str, UrgentCountry]
    treatment: Mapping[str, Treatment]
    database: Database
    places: Places
    meetings: Meetings
    understand: Understand
    risk: Risk
    feeds: Feeds
    sync: Sync
    keys: KeyRing
    reminders: Reminders
    people: People
    plans: Plans
    upkeep: Upkeep
    forgotten: ForgottenFile

    @property
    def desk(self) -> Desk:
        """What stands behind /admin; it keeps nothing of its own."""
        owners, same = self.settings.admins, self.meetings.same
        about = world(self.fellowships, self.places.locate, zone_at)
        return desk_for(self.database, self.keys, self.sync, owners, self.clock, world=about, same=same)

    @property
    def forgetting(self) -> Forgetting:
        """Erases all about a person, so that no backup brings it back."""
        return Forgetting(self.database, self.keys, self.people, self.desk.admins, self.forgotten, clock=self.clock)

    @property
    def handoffs(self) -> Handoffs:
        """The links that are handed over; it keeps nothing of its own."""
        return Handoffs(self.keys, self.meetings, self.fellowships)

    async def refresh(self) -> None:
        """Take up what changed in the lists since the last time."""
        if await self.meetings.refresh():
            await self.places.refresh()

    @property
    def cards(self) -> Cards:
        """The eight short texts of every kind in every language."""
        return {code: {kind: one.card for kind, one in found.items()} for code, found in self.facts.items()}

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
    languages, evidence = tuple(library.languages), load_evidence(root)
    facts = load_facts(library, fellowships.values(), load_cards(root, languages, evidence), evidence)
    database = Database(settings.database_url)
    gazetteer = Gazetteer(cache or settings.data_folder)
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        await gazetteer.open()
        places = Places(gazetteer, database, zone_at=zone_at)
        feeds = Feeds(database, READERS, load_types(root), zone_of=zone_at, locate=places.locate, clock=clock)
        understand = Understand(load_lexicon(root), tuple(fellowships.values()), places)
        keys = KeyRing(database, setting=settings.key_text, file=settings.key_file)
        yield Work(
            settings=settings,
            clock=clock,
            library=library,
            fellowships=fellowships,
            facts=facts,
            articles=load_pages(root, languages, evidence),
            urgent=load_urgent(root),
            treatment=load_treatment(root),
            database=database,
            places=places,
            meetings=Meetings(database, fellowships, clock=clock, zone_of=_zone_of),
            understand=understand,
            risk=understand.risk,
            feeds=feeds,
            sync=Sync(database, feeds, load_feeds(root, fellowships), fetch or _fetcher(settings), clock=clock),
            keys=keys,
            reminders=Reminders(database, keys, clock=clock),
            people=People(database, keys, clock=clock),
            plans=Plans(database, keys),
            upkeep=Upkeep(database),
            forgotten=ForgottenFile(settings.forgotten_at, settings.backups_at, clock=clock),
        )
    finally:
        await gazetteer.close()
        await database.close()


def pages_for(work: Work, rooms: Rooms) -> list[Route]:
    """What people read in a browser."""
    site = Site(work.library, work.articles, bot_name=rooms.frames.bot_name)
    desk = CardDesk(work.handoffs, work.meetings, work.places, rooms.frames, work.urgent, site, work.clock)
    admins = WebDesk(
        rooms.desk,
        rooms.frames,
        site,
        work.meetings,
        work.places,
        work.understand,
        rooms.standings,
        work.clock,
        work.settings.desk_address,
    )
    urgent = UrgentDesk(work.urgent, work.library, site)
    return [*article_routes(site), *card_routes(desk), *urgent_routes(urgent), *desk_routes(admins)]


def rooms_for(work: Work, bot_name: str, *, preview: bool) -> Rooms:
    """The chat's view of the work. `preview`: the meetings are samples."""
    return Rooms(
        meetings=work.meetings,
        handoffs=work.handoffs,
        places=work.places,
        understand=work.understand,
        risk=work.risk,
        library=work.library,
        fellowships=work.fellowships,
        frames=frames_for(work, bot_name, preview=preview),
        urgent=work.urgent,
        treatment=work.treatment,
        operator=work.operator,
        clock=work.clock,
        seed=lambda: secrets.randbelow(1 << 16),
        commands=menu,
        hints=Hints(),
        suggestions=Suggestions(work.database, clock=work.clock),
        suggested=Hourly(SUGGESTIONS_AN_HOUR),
        reported=Hourly(REPORTS_AN_HOUR),
        reported_today=Hourly(1, span_s=DAY),
        standings=Standings(work.database, same=work.meetings.same),
        reminders=work.reminders,
        people=work.people,
        plans=work.plans,
        plan_words=load_plan_words(work.settings.content_dir),
        desk=work.desk,
        guesses=Hourly(GUESSES_AN_HOUR),
        errands=Errands(),
        forgetting=work.forgetting,
        own_messages=OwnMessages(),
        files=Files(),
        menus=Menus(work.desk.admins, work.library, whole_menu),
        desk_address=work.settings.desk_address,
    )


def frames_for(work: Work, bot_name: str, *, preview: bool) -> Frames:
    """What makes the frames of all answers. `preview`: the meetings are samples."""
    return Frames(
        library=work.library,
        fellowships=work.fellowships,
        cards=work.cards,
        facts=work.facts,
        articles=work.articles,
        operator=work.operator,
        bot_name=bot_name,
        preview=preview,
        wiki_url=work.settings.linked_wiki,
        public_url=work.settings.linked_pages,
    )


def _fetcher(settings: Settings) -> Fetch:
    return Fetcher(contact=settings.contact).fetch


def _zone_of(place: Place) -> str:
    return place.zone or zone_at(place.latitude, place.longitude)
