"""What a handler is given: the visit it answers, and the rooms it may ask."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.chat.hints import Hint, Hints
from bot.domain.buttons import Press
from bot.domain.errors import OutdatedButton
from bot.domain.search import Search

if TYPE_CHECKING:  # what is only handed on is read by whoever makes it
    from bot.chat.errands import Errands
    from bot.chat.files import Files
    from bot.chat.hourly import Hourly
    from bot.chat.menus import Menus
    from bot.chat.own_messages import OwnMessages
    from bot.domain.admin import Admin
    from bot.domain.clock import Clock
    from bot.domain.fellowship import Fellowship
    from bot.domain.meeting import Meeting
    from bot.domain.plan_words import PlanWords
    from bot.domain.treatment import Treatment
    from bot.domain.understood import Understood
    from bot.domain.urgent import Alarm, UrgentCountry
    from bot.services.desk import Desk
    from bot.services.forgetting import Forgetting
    from bot.services.handoffs import Handoffs
    from bot.services.meetings import Meetings
    from bot.services.people import People
    from bot.services.places import Places
    from bot.services.plans import Plans
    from bot.services.reminders import Reminders
    from bot.services.risk import Risk
    from bot.services.standing import Standings
    from bot.services.suggestions import Suggestions
    from bot.services.understand import Understand
    from bot.texts.library import Library, Texts
    from bot.views.frame import Frame, Frames, Operator

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything a handler may ask; built once by the composition root."""

    meetings: Meetings
    handoffs: Handoffs
    places: Places
    understand: Understand
    risk: Risk
    library: Library
    fellowships: Mapping[str, Fellowship]
    urgent: Mapping[str, UrgentCountry]
    treatment: Mapping[str, Treatment]
    frames: Frames
    operator: Operator
    clock: Clock
    seed: Callable[[], int]  # a new number for the turns of a new search
    commands: Callable[[Texts], list[tuple[str, str]]]  # every command with its line, for /help
    hints: Hints
    suggestions: Suggestions
    suggested: Hourly  # how often a chat suggested something
    reported: Hourly  # how often a chat said that something is wrong
    reported_today: Hourly  # and about which meetings
    standings: Standings
    reminders: Reminders
    people: People
    plans: Plans
    plan_words: PlanWords
    desk: Desk
    guesses: Hourly  # how often a chat tried a code that was none
    errands: Errands
    forgetting: Forgetting
    own_messages: OwnMessages
    files: Files
    menus: Menus
    desk_address: str = ""  # of the web pages, where the desk can be reached; "": nowhere


@dataclass(frozen=True, slots=True)
class SentFile:
    """A document that a person sent: Telegram's id of it, its name, its size in bytes."""

    id: str
    name: str = ""
    size: int = 0


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
    alarm: Alarm | None = None  # what the text sounded like, if urgent
    quoted: str = ""  # the person's own message that the pressed screen is an answer to
    file: SentFile | None = None  # what was sent, or stands in the quoted message
    message: int | None = None  # the number of the person's own message, written now or quoted

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

    def asked_before(self) -> Search:
        """The search behind the question that this text replies to, or a new one."""
        return replace(self.replied.search, language=self.language) if self.replied else self.blank()

    def remember(self, search: Search | None = None, *, asked_place: bool = False) -> None:
        """Keep the language, and a question's search, for a few minutes."""
        self.rooms.hints.keep(self.chat, Hint(self.language, search, asked_place))

    def frame(self, search: Search | None = None) -> Frame:
        """What views need, in the visit's language."""
        return self.rooms.frames.frame(self.language, search or self.asked(), self.now)

    async def whole(self, search: Search) -> Search:
        """The search with its place named again: a button carries only the point."""
        return await self.rooms.places.whole(search)

    def speaking(self, language: str | None) -> Visit:
        """The same visit in the language a text was typed in, where we speak it."""
        if language is None or not self.rooms.library.speaks(language):
            return self
        return replace(self, language=language)

    async def saved_language(self) -> str | None:
        """The language that the person asked to have remembered, where nothing fresher is known.

        A failure here costs nobody an answer.
        """
        if self.hint is not None or self.press is not None or self.replied is not None:
            return None
        try:
            return (await self.rooms.people.of(self.chat)).language
        except Exception as error:
            logger.error("saved_language_failed", exc_info=error)
            return None

    def pressed_kind(self) -> Fellowship:
        """The fellowship whose number the button carries; raises OutdatedButton."""
        number = self.press.number if self.press else 0
        for fellowship in self.rooms.fellowships.values():
            if fellowship.number == number:
                return fellowship
        raise OutdatedButton

    async def pressed_meeting(self) -> Meeting | None:
        """The meeting that the button carries, if any; raises MeetingGone."""
        if self.press is None or self.press.meeting is None:
            return None
        return (await self.rooms.meetings.open(self.press.meeting, None, now=self.now)).row.meeting

    async def admin(self) -> Admin:
        """Who helps from this chat; OutdatedButton for everybody else, as for any button that means nothing."""
        found = await self.rooms.desk.admins.of(self.chat)
        if found is None:
            raise OutdatedButton
        await self.rooms.meetings.taken_up()  # a deed is done to every row of a meeting: they must be known
        return found

    async def understood(self, text: str) -> Understood:
        """The reading of a typed text, in the operator's country where that helps."""
        return await self.rooms.understand.read(
            text, language=self.language, now=self.now, country=self.rooms.operator.country
        )
