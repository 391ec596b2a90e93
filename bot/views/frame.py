"""What every view is given beside its result: words, kinds, the present moment, and how to make a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.buttons import Action, Press, pack
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.search import Search
from bot.texts.library import DEFAULT, Library, Texts
from bot.views.screen import Button

if TYPE_CHECKING:
    from bot.texts.facts import FactsText
    from bot.texts.pages import Article, Articles


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
    facts: Mapping[str, FactsText] = field(default_factory=dict)  # fellowship id -> all that can be read about it
    articles: Articles = field(default_factory=dict)  # of this language, by slug
    wiki_url: str = ""  # where articles are read; empty: nowhere that a button may lead to
    public_url: str = ""  # of this bot's own web pages; empty likewise

    def pack(self, press: Press) -> str:
        """A press as button data."""
        return pack(press, {kind: self.fellowships[kind].number for kind in press.search.fellowships})

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

    def article(self, slug: str) -> Button:
        """Opens an article on the wiki, on the bot's own page or in the chat; one that is not there: all articles."""
        found = self.articles.get(slug)
        if found is None:
            return self.button("articles", Action.READ, self.near())
        if address := self.article_address(found):
            return Button(found.button, url=address)
        return Button(found.button, data=self.data(Action.READ, self.near(), number=found.number))

    def article_address(self, article: Article) -> str:
        """The web address of an article; empty where it is read in the chat."""
        if self.wiki_url:
            folder = "" if article.language == DEFAULT else f"{article.language}/"
            return f"{self.wiki_url}/{folder}{article.slug}"
        return f"{self.public_url}/read/{article.language}/{article.slug}" if self.public_url else ""

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


@dataclass(frozen=True, slots=True)
class Frames:
    """Makes frames in any language: for the chat, the web pages and what the bot starts by itself. Built once."""

    library: Library
    fellowships: Mapping[str, Fellowship]
    cards: Mapping[str, Mapping[str, Mapping[str, str]]]  # language -> fellowship id -> fields
    facts: Mapping[str, Mapping[str, FactsText]]  # likewise
    articles: Mapping[str, Articles]  # by language
    operator: Operator
    bot_name: str
    preview: bool = False  # the meetings are invented samples
    wiki_url: str = ""
    public_url: str = ""

    def frame(self, language: str, search: Search, now: datetime) -> Frame:
        """The frame of one answer; a language that is not spoken here is English."""
        texts = self.library.texts(language)
        other = next((code for code in self.library.languages if code != texts.language), DEFAULT)
        return Frame(
            texts=texts,
            other_texts=self.library.texts(other),
            fellowships=self.fellowships,
            cards=self.cards[texts.language],
            facts=self.facts[texts.language],
            now=now,
            search=search,
            operator=self.operator,
            bot_name=self.bot_name,
            preview=self.preview,
            articles=self.articles[texts.language],
            wiki_url=self.wiki_url,
            public_url=self.public_url,
        )

    def start_link(self, payload: str) -> str:
        """A link that opens this bot with a payload."""
        return f"https://t.me/{self.bot_name}?start={payload}"

    def card_link(self, payload: str) -> str:
        """Where a hand-off opens without Telegram; where there are no web pages, its start link."""
        return f"{self.public_url}/card/{payload}" if self.public_url else self.start_link(payload)
