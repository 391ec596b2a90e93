"""How each part of the work is made.

Every function reads the modules of what it makes: bot.app calls most of them only when a part is first needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from bot.domain.clock import Clock
from bot.settings import Settings
from bot.store.database import Database
from bot.texts.library import Library

if TYPE_CHECKING:
    from bot.domain.fellowship import Fellowship
    from bot.domain.place import Place
    from bot.domain.plan_words import PlanWords
    from bot.domain.treatment import Treatment
    from bot.services.admins import Admins
    from bot.services.desk import Desk
    from bot.services.downloads import Fetch
    from bot.services.feeds import Feeds
    from bot.services.keys import KeyRing
    from bot.services.meetings import Meetings
    from bot.services.places import Places
    from bot.services.plans import Plans
    from bot.services.reminders import Reminders
    from bot.services.standing import Standings
    from bot.services.suggestions import Suggestions
    from bot.services.sync import Sync
    from bot.services.understand import Understand
    from bot.services.upkeep import Upkeep
    from bot.store.gazetteer import Gazetteer
    from bot.texts.facts import FactsText
    from bot.texts.pages import Articles
    from bot.texts.sources import Evidence


@dataclass(frozen=True, slots=True)
class Parts:
    """What every part is made of."""

    settings: Settings
    clock: Clock
    library: Library
    fellowships: Mapping[str, Fellowship]
    database: Database
    expected: Event = field(default_factory=Event)  # set: who asks what the lists tell waits for them

    @property
    def root(self) -> Path:
        """The folder of all words."""
        return self.settings.content_dir

    # -- words

    def evidence(self) -> Evidence:
        """Raises ContentError, like all words."""
        from bot.texts.sources import load_evidence

        return load_evidence(self.root)

    def facts(self, evidence: Evidence) -> Mapping[str, Mapping[str, FactsText]]:
        """By language and fellowship."""
        from bot.texts.facts import load_facts
        from bot.texts.fellowships import load_cards

        cards = load_cards(self.root, tuple(self.library.languages), evidence)
        return load_facts(self.library, self.fellowships.values(), cards, evidence)

    def articles(self, evidence: Evidence) -> Mapping[str, Articles]:
        """By language and slug."""
        from bot.texts.pages import load_pages

        return load_pages(self.root, tuple(self.library.languages), evidence)

    def treatment(self) -> Mapping[str, Treatment]:
        """By country."""
        from bot.texts.treatment import load_treatment

        return load_treatment(self.root)

    def plan_words(self) -> PlanWords:
        """The words in which people plan."""
        from bot.texts.plan_words import load_plan_words

        return load_plan_words(self.root)

    # -- places, meetings, and what typed words mean

    def gazetteer(self, cache: Path | None) -> Gazetteer:
        """`cache`: where it is unpacked, by default beside the database."""
        from bot.store.gazetteer import Gazetteer

        return Gazetteer(cache or self.settings.data_folder)

    def places(self, gazetteer: Gazetteer) -> Places:
        """Every place that somebody may name."""
        from bot.services.places import Places

        return Places(gazetteer, self.database, zone_at=_zone_at, expected=self.expected.is_set)

    def meetings(self) -> Meetings:
        """The search."""
        from bot.services.meetings import Meetings

        expected = self.expected.is_set
        return Meetings(self.database, self.fellowships, clock=self.clock, zone_of=_zone_of, expected=expected)

    def understand(self, places: Places) -> Understand:
        """What reads typed texts."""
        from bot.services.understand import Understand
        from bot.texts.words import load_lexicon

        return Understand(load_lexicon(self.root), tuple(self.fellowships.values()), places)

    def standings(self, meetings: Meetings) -> Standings:
        """What the card of a meeting says beside its list."""
        from bot.services.standing import Standings

        return Standings(self.database, same=lambda meeting: meetings.same(meeting))

    # -- lists

    def feeds(self, places: Places) -> Feeds:
        """What reads lists."""
        from bot.feeds.registry import READERS
        from bot.services.feeds import Feeds
        from bot.texts.types import load_types

        types, locate = load_types(self.root), partial(_located, places)
        return Feeds(self.database, READERS, types, zone_of=_zone_at, locate=locate, clock=self.clock)

    def sync(self, feeds: Feeds, fetch: Fetch | None) -> Sync:
        """What keeps lists in step with their publishers. `fetch`: how they are asked."""
        from bot.services.sync import Sync
        from bot.texts.feeds import load_feeds

        cards = load_feeds(self.root, self.fellowships)
        return Sync(self.database, feeds, cards, fetch or self._fetch(), clock=self.clock)

    def _fetch(self) -> Fetch:
        from bot.feeds.fetch import Fetcher

        return Fetcher(contact=self.settings.contact).fetch

    # -- what people asked to have kept, and the desk

    def reminders(self, keys: KeyRing) -> Reminders:
        """What people are reminded of."""
        from bot.services.reminders import Reminders

        return Reminders(self.database, keys, clock=self.clock)

    def plans(self, keys: KeyRing) -> Plans:
        """What people planned."""
        from bot.services.plans import Plans

        return Plans(self.database, keys)

    def upkeep(self) -> Upkeep:
        """What time does to both."""
        from bot.services.upkeep import Upkeep

        return Upkeep(self.database)

    def suggestions(self) -> Suggestions:
        """What people would have written otherwise."""
        from bot.services.suggestions import Suggestions

        return Suggestions(self.database, clock=self.clock)

    def admins(self, keys: KeyRing) -> Admins:
        """Who helps."""
        from bot.services.admins import Admins

        return Admins(self.database, keys, self.settings.admins, clock=self.clock)

    def desk(self, keys: KeyRing, sync: Sync, meetings: Meetings, places: Places) -> Desk:
        """What stands behind /admin; it keeps nothing of its own."""
        from bot.services.desk import desk_for
        from bot.services.meeting_rules import world

        owners, about = self.settings.admins, world(self.fellowships, places.locate, _zone_at)
        return desk_for(self.database, keys, sync, owners, self.clock, world=about, same=meetings.same)


def _zone_at(latitude: float, longitude: float) -> str:
    from bot.feeds.zones import zone_at

    return zone_at(latitude, longitude)


def _zone_of(place: Place) -> str:
    return place.zone or _zone_at(place.latitude, place.longitude)


def _located(places: Places, city: str, region: str, country: str, postal_code: str) -> tuple[float, float] | None:
    return places.locate(city, region, country, postal_code)
