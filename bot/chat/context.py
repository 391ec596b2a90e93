"""What a handler is given: the visit it answers, and the rooms it may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.hints import Hint, Hints
from bot.domain.buttons import Press
from bot.domain.clock import Clock
from bot.domain.fellowship import Fellowship
from bot.domain.search import Search
from bot.domain.understood import Understood
from bot.domain.urgent import UrgentCountry
from bot.services.meetings import Meetings
from bot.services.places import Places
from bot.services.risk import Risk
from bot.services.understand import Understand
from bot.texts.library import DEFAULT, Library, Texts
from bot.views.frame import Frame, Operator


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything a handler may ask; built once by the composition root."""

    meetings: Meetings
    places: Places
    understand: Understand
    risk: Risk
    library: Library
    fellowships: Mapping[str, Fellowship]
    cards: Mapping[str, Mapping[str, Mapping[str, str]]]  # language -> fellowship id -> fields
    urgent: Mapping[str, UrgentCountry]
    operator: Operator
    clock: Clock
    seed: Callable[[], int]  # a new number for the turns of a new search
    bot_name: str
    preview: bool  # the meetings are invented samples
    commands: Callable[[Texts], list[tuple[str, str]]]  # every command with its line, for /help
    hints: Hints


@dataclass(frozen=True, slots=True)
class Visit:
    """One update of one person, read: what was pressed or typed, and in which language to answer."""

    rooms: Rooms
    chat: int
    language: str
    text: str = ""
    press: Press | None = None
    replied: Press | None = None  # what the question that this text replies to carries
    location: tuple[float, float] | None = None
    tier: str | None = None  # what the text sounded like, if urgent

    @property
    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.rooms.clock()

    @property
    def hint(self) -> Hint | None:
        """What was asked a few minutes ago."""
        return self.rooms.hints.get(self.chat)

    def blank(self) -> Search:
        """A new search in the visit's language, its turns newly drawn."""
        return Search(language=self.language, seed=self.rooms.seed())

    def asked(self) -> Search:
        """The search behind the pressed button, or a new one."""
        return replace(self.press.search, language=self.language) if self.press else self.blank()

    def remember(self, search: Search | None = None, *, asked_place: bool = False) -> None:
        """Keep the language, and a question's search, for a few minutes."""
        self.rooms.hints.keep(self.chat, Hint(self.language, search, asked_place))

    def frame(self, search: Search | None = None) -> Frame:
        """What views need, in the visit's language."""
        rooms = self.rooms
        texts = rooms.library.texts(self.language)
        other = next((code for code in rooms.library.languages if code != texts.language), DEFAULT)
        return Frame(
            texts=texts,
            other_texts=rooms.library.texts(other),
            fellowships=rooms.fellowships,
            cards=rooms.cards[texts.language],
            now=self.now,
            search=search or self.asked(),
            operator=rooms.operator,
            bot_name=rooms.bot_name,
            preview=rooms.preview,
        )

    async def whole(self, search: Search) -> Search:
        """The search with its place named again: a button carries only the point."""
        place = search.place
        if place is None or place.name:
            return search
        named = await self.rooms.places.name_of(place.latitude, place.longitude)
        if named is None:
            return search
        return replace(search, place=replace(named, latitude=place.latitude, longitude=place.longitude))

    def speaking(self, language: str | None) -> "Visit":
        """The same visit in the language a text was typed in, where we speak it."""
        if language is None or not self.rooms.library.speaks(language):
            return self
        return replace(self, language=language)

    async def understood(self, text: str) -> Understood:
        """The reading of a typed text, in the operator's country where that helps."""
        return await self.rooms.understand.read(
            text, language=self.language, now=self.now, country=self.rooms.operator.country
        )
