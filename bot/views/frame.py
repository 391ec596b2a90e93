"""What every view is given beside its result: words, kinds, the present moment, and how to make a button."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.buttons import Action, Press, pack
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.search import Search
from bot.texts.library import Texts
from bot.views.screen import Button


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this bot, as the operator set it; empty where unset."""

    name: str = ""
    contact: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The same for every screen of one answer. `search` is what the person has asked so far."""

    texts: Texts
    other_texts: Texts  # the language that /start offers by its own name
    fellowships: Mapping[str, Fellowship]
    cards: Mapping[str, Mapping[str, str]]  # fellowship id -> the fields of its short text in this language
    now: datetime
    search: Search
    operator: Operator
    bot_name: str
    preview: bool = False  # the meetings are invented samples

    def pack(self, press: Press) -> str:
        """A press as button data."""
        return pack(press, {kind: fellowship.number for kind, fellowship in self.fellowships.items()})

    def data(self, action: Action, search: Search | None = None, meeting: int | None = None, number: int = 0) -> str:
        """Button data for an action on a search (the present one if none is given)."""
        return self.pack(Press(action, search or self.search, meeting, number))

    def button(
        self,
        label: str,
        action: Action,
        search: Search | None = None,
        *,
        meeting: int | None = None,
        number: int = 0,
        count: int | None = None,
        **values: object,
    ) -> Button:
        """A button with the label of that key."""
        return Button(self.texts.label(label, count, **values), data=self.data(action, search, meeting, number))

    def urgent(self) -> Button:
        """The way to urgent help that every screen has."""
        return self.button("urgent_help", Action.URGENT)

    def blank(self) -> Search:
        """A new search in the same language with the same turn of kinds."""
        return Search(seed=self.search.seed, language=self.search.language)

    def near(self, search: Search | None = None, **changes: object) -> Search:
        """The present search from its first page, with some parts changed."""
        return replace(search or self.search, page=1, **changes)  # type: ignore[arg-type]

    def start_link(self, press: Press) -> str:
        """A link that opens the bot at a press."""
        return f"https://t.me/{self.bot_name}?start={self.pack(press)}"

    def start_link_for_place(self, search: Search) -> str:
        """The link on the words of a question for a place: brings the search back with the reply."""
        return self.start_link(Press(Action.ASK_PLACE, search))

    def kind(self, fellowship_id: str) -> Fellowship:
        """A fellowship by id; one that is no longer described shows as its id."""
        found = self.fellowships.get(fellowship_id)
        return found or Fellowship(fellowship_id, 0, fellowship_id, fellowship_id, Tradition.OTHER, ())
