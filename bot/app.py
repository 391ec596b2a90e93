"""The composition root: the one module that knows every room.

`Work` is everything below the front doors: words, meetings, places, services; the command line uses it alone.
`rooms_for` hands it to the chat, `pages_for` to the web; bot.serving sets all of it going. Nothing is built on
import; tests build it with other parts.

What the first answers do not need is made when it is first needed (bot.domain.later), and its module is read then:
importing and making all of it would take as long again as importing the libraries.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.domain.clock import Clock, system_clock
from bot.domain.later import Later, LaterMapping, later
from bot.domain.meeting import SAMPLES
from bot.parts import Parts
from bot.services.forgotten import ForgottenFile
from bot.services.giving_back import give_back
from bot.services.keys import KeyRing
from bot.services.people import People
from bot.settings import Settings
from bot.store import feeds as records
from bot.store.database import Database
from bot.texts.fellowships import load_fellowships
from bot.texts.library import Library
from bot.texts.urgent import load_urgent
from bot.views.frame import Frames, Operator

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.chat.context import Rooms
    from bot.domain.fellowship import Fellowship
    from bot.domain.treatment import Treatment
    from bot.domain.urgent import UrgentCountry
    from bot.services.admins import Admins
    from bot.services.desk import Desk
    from bot.services.downloads import Fetch
    from bot.services.feeds import Feeds
    from bot.services.forgetting import Forgetting
    from bot.services.handoffs import Handoffs
    from bot.services.meetings import Meetings
    from bot.services.places import Places
    from bot.services.plans import Plans
    from bot.services.reminders import Reminders
    from bot.services.risk import Risk
    from bot.services.sync import Sync
    from bot.services.understand import Understand
    from bot.services.upkeep import Upkeep
    from bot.store.gazetteer import Gazetteer
    from bot.texts.facts import FactsText
    from bot.texts.pages import Articles

SUGGESTIONS_AN_HOUR = 5  # from one chat
REPORTS_AN_HOUR = 5  # likewise; about one meeting one a day
GUESSES_AN_HOUR = 5  # codes that were none, from one chat

K = TypeVar("K")
V = TypeVar("V")
Cards = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Work:
    """Everything below the front doors, opened."""

    parts: Parts
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

    admins: Admins
    desk: Desk  # what stands behind /admin

    @property
    def forgetting(self) -> Forgetting:
        """Erases all about a person, so that no backup brings it back."""
        from bot.services.forgetting import Forgetting

        return Forgetting(self.database, self.keys, self.people, self.admins, self.forgotten, clock=self.clock)

    @property
    def handoffs(self) -> Handoffs:
        """The links that are handed over; it keeps nothing of its own."""
        from bot.services.handoffs import Handoffs

        return Handoffs(self.keys, self.meetings, self.fellowships)

    def expect_lists(self) -> None:
        """From now on who asks for what the lists tell waits until they were taken up once."""
        self.parts.expected.set()

    async def refresh(self) -> None:
        """Take up what changed in the lists since the last time."""
        if await self.meetings.refresh() or not self.places.learned:
            await self.places.refresh()
            await asyncio.to_thread(give_back)

    async def drop_samples(self) -> bool:
        """Take the sample meetings away; whether there were any."""
        async with self.database.read() as connection:
            known = await records.by_id(connection, SAMPLES)
        return known is not None and await self.feeds.remove(SAMPLES)

    @property
    def cards(self) -> Cards:
        """The eight short texts of every kind in every language."""

        def of(language: str) -> Mapping[str, Mapping[str, str]]:
            return {kind: one.card for kind, one in self.facts[language].items()}

        return {language: LaterMapping(partial(of, language)) for language in self.facts}

    @property
    def operator(self) -> Operator:
        """Who runs this bot, as set."""
        return Operator(self.settings.operator, self.settings.contact, self.settings.country or "")


@asynccontextmanager
async def open_work(
    settings: Settings, *, clock: Clock = system_clock, cache: Path | None = None, fetch: Fetch | None = None
) -> AsyncIterator[Work]:
    """Read the words of every screen and open the database (an SQLite file is upgraded first); close it after.

    `cache`: where the gazetteer is unpacked, by default beside the database. `fetch`: how publishers are asked.
    Raises ContentError and StoreError: now, or for what is made later when it is first needed.
    """
    library = Library.load(settings.content_dir)
    fellowships = {kind.id: kind for kind in load_fellowships(settings.content_dir)}
    urgent = load_urgent(settings.content_dir)
    database = Database(settings.database_url)
    parts = Parts(settings, clock, library, fellowships, database)
    gazetteer = Later(lambda: parts.gazetteer(cache))
    await database.open()
    try:
        if database.is_sqlite:
            await database.upgrade()
        yield _work(parts, urgent, gazetteer, fetch)
    finally:
        if gazetteer.made:
            await gazetteer().close()
        await database.close()


def _work(
    parts: Parts, urgent: Mapping[str, UrgentCountry], gazetteer: Later[Gazetteer], fetch: Fetch | None
) -> Work:
    settings, database = parts.settings, parts.database
    keys = KeyRing(database, setting=settings.key_text, file=settings.key_file)
    evidence = Later(parts.evidence)
    facts, articles = (Later(lambda: parts.facts(evidence())), Later(lambda: parts.articles(evidence())))
    places, meetings = later(lambda: parts.places(gazetteer())), later(parts.meetings)
    understand = later(lambda: parts.understand(places))
    feeds = later(lambda: parts.feeds(places))
    sync = later(lambda: parts.sync(feeds, fetch))
    return Work(
        parts=parts,
        settings=settings,
        clock=parts.clock,
        library=parts.library,
        fellowships=parts.fellowships,
        facts={code: LaterMapping(partial(_of, facts, code)) for code in parts.library.languages},
        articles={code: LaterMapping(partial(_of, articles, code)) for code in parts.library.languages},
        urgent=urgent,
        treatment=LaterMapping(parts.treatment),
        database=database,
        places=places,
        meetings=meetings,
        understand=understand,
        risk=later(lambda: understand.risk),
        feeds=feeds,
        sync=sync,
        keys=keys,
        reminders=later(lambda: parts.reminders(keys)),
        people=People(database, keys, clock=parts.clock),
        plans=later(lambda: parts.plans(keys)),
        upkeep=later(parts.upkeep),
        forgotten=ForgottenFile(settings.forgotten_at, settings.backups_at, clock=parts.clock),
        admins=parts.admins(keys),
        desk=later(lambda: parts.desk(keys, sync, meetings, places)),
    )


def _of(found: Later[Mapping[str, Mapping[K, V]]], language: str) -> Mapping[K, V]:
    return found()[language]


def pages_for(work: Work, rooms: Rooms) -> list[Route]:
    """What people read in a browser."""
    from bot.texts.site import Site
    from bot.web.articles import article_routes
    from bot.web.cards import CardDesk, card_routes
    from bot.web.desk.proofs import ProofReader
    from bot.web.desk.routes import desk_routes
    from bot.web.desk.sitting import WebDesk
    from bot.web.urgent import UrgentDesk, urgent_routes

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
        work.urgent,
        ProofReader(work.library.root, work.clock),
        work.settings.desk_address,
    )
    urgent = UrgentDesk(work.urgent, work.library, site)
    return [*article_routes(site), *card_routes(desk), *urgent_routes(urgent), *desk_routes(admins)]


def rooms_for(work: Work, bot_name: str, *, preview: bool) -> Rooms:
    """The chat's view of the work. `preview`: the meetings are samples."""
    from bot.chat.context import Rooms
    from bot.chat.errands import Errands
    from bot.chat.files import Files
    from bot.chat.hints import Hints
    from bot.chat.hourly import DAY, Hourly
    from bot.chat.menus import Menus
    from bot.chat.own_messages import OwnMessages
    from bot.chat.routes import menu, whole_menu

    return Rooms(
        meetings=work.meetings,
        handoffs=later(lambda: work.handoffs),
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
        suggestions=later(work.parts.suggestions),
        suggested=Hourly(SUGGESTIONS_AN_HOUR),
        reported=Hourly(REPORTS_AN_HOUR),
        reported_today=Hourly(1, span_s=DAY),
        standings=later(lambda: work.parts.standings(work.meetings)),
        reminders=work.reminders,
        people=work.people,
        plans=work.plans,
        plan_words=later(work.parts.plan_words),
        desk=work.desk,
        guesses=Hourly(GUESSES_AN_HOUR),
        errands=Errands(),
        forgetting=later(lambda: work.forgetting),
        own_messages=OwnMessages(),
        files=Files(),
        menus=Menus(work.admins, work.library, whole_menu),
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
