"""Turns any message into what a search can use. Deterministic: lists and places, no model and no memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.fellowship import Fellowship
from bot.domain.lexicon import DoubtfulName, Entry, Lexicon, PlaceBook
from bot.domain.understood import Understood
from bot.services import ear
from bot.services.risk import Risk
from bot.services.understand.family import about_family, has_self
from bot.services.understand.names import names_of, settle
from bot.services.understand.negation import Negations
from bot.services.understand.spots import Spots
from bot.services.understand.times import Times
from bot.services.understand.tokens import LEFT, Token, longest, phrase, take, tokenise
from bot.services.understand.topics import Topics

LONGEST_PHRASE = 6  # words
SHORTEST_TYPO = 5  # letters: shorter words are too like each other
_LONG_WORD = 8  # two mistakes are forgiven from here on
_MOST_TYPOS = 30  # words looked at
_MOST_UNKNOWN = 20
_SMALL_NUMBER = 3  # digits: an age, a count of days; longer ones may be a postcode
_ORDINARY = 0.5  # of a vote for a language; small words and lists have one each


class Understand:
    """Reads typed texts. `fellowships` bring their names; `places` knows towns and postcodes."""

    def __init__(self, lexicon: Lexicon, fellowships: Sequence[Fellowship], places: PlaceBook) -> None:
        self._lexicon, self._places = lexicon, places
        self.risk = Risk(lexicon, ear.load())  # for all who read texts: it is large enough to be made once
        self._topics, self._negations = Topics(lexicon), Negations(lexicon)
        self._names = names_of(fellowships, lexicon)
        self._order = [fellowship.id for fellowship in fellowships]
        self._phrases = frozenset(self._names) | frozenset(lexicon.entries) | lexicon.places.here
        self._vocabulary = self._words_worth_finding()
        self._known = self._all_known_words()
        told = lexicon.family.relatives | lexicon.family.possessives | lexicon.family.selves | lexicon.family.trouble
        self._meaningless = told | lexicon.fillers | lexicon.meeting_words | frozenset(lexicon.function_words)

    async def read(self, text: str, *, language: str = "en", now: datetime, country: str = "") -> Understood:
        """The reading of one text.

        `language` is that of the person's screens and decides where the words do not; `now` is aware;
        `country` (ISO alpha-2) helps to choose between places of one name. Never raises for any text.
        """
        if now.tzinfo is None:
            raise ValueError("now must be an aware time")
        tokens = tokenise(text)
        told = has_self(tokens, self._lexicon.family)
        story = told and not self._says(tokens, self._lexicon.meeting_words)
        spots = Spots(tokens, self._lexicon, self._places, country=country, story=story)
        await spots.look_up()
        self._mend(tokens, spots)
        entries, doubts = self._scan(tokens, story=story)
        times = Times(tokens, self._lexicon, story=story)
        when = times.read()
        found = await spots.read()
        settle(tokens, doubts, self._lexicon, story=told)
        self._negations.leave_out(tokens, entries)
        fellowships = self._named(tokens)
        entries = [(index, entry) for index, entry in entries if tokens[index].used == "entry"]
        needs = self._needs(tokens, entries)
        heard = Understood(
            urgent=self.risk.tier(text),
            fellowships=fellowships,
            needs=needs,
            places=found,
            online=_online(entries),
            when=when,
            filters=frozenset(name for _, entry in entries for name in entry.filters),
            language=self._language(tokens, entries, times.languages, language),
            names_meetings=self._says(tokens, self._lexicon.gatherings),
        )
        return self._completed(heard, tokens)

    @staticmethod
    def _says(tokens: list[Token], phrases: frozenset[str]) -> bool:
        return any(longest(tokens, index, phrases) for index in range(len(tokens)))

    def _completed(self, heard: Understood, tokens: list[Token]) -> Understood:
        """The reading with its topics and with the words that changed nothing."""
        named = any(token.used == "name" for token in tokens)
        topics = self._topics.touched(
            tokens, heard.needs, asked=heard.asks_something, lost=not heard.places, named=named
        )
        return replace(heard, topics=topics, unknown=self._unknown(tokens))

    def _words_worth_finding(self) -> tuple[str, ...]:
        phrases = (*self._phrases, *self._lexicon.times.days, *self._lexicon.times.parts)
        words = {word for text in phrases for word in text.split()}
        common = self._lexicon.function_words
        return tuple(sorted(word for word in words if len(word) >= SHORTEST_TYPO and word not in common))

    def _all_known_words(self) -> frozenset[str]:
        family, places = self._lexicon.family, self._lexicon.places
        times, lists = self._lexicon.times, (family.relatives, family.trouble, family.selves, family.thinking)
        beside = (places.regions, places.also_words, places.markers, places.weak_markers, places.amounts)
        groups = (*lists, *beside, self._lexicon.meeting_words, self._phrases, times.days, times.parts, times.hours)
        words = {word for group in groups for text in group for word in text.split()}
        return frozenset(words) | self._lexicon.fillers | frozenset(self._lexicon.function_words)

    def _mend(self, tokens: list[Token], spots: Spots) -> None:
        """Typos become the words they were meant to be, unless a place is called so."""
        left = _MOST_TYPOS
        for index, token in enumerate(tokens):
            word = token.word
            if len(word) < SHORTEST_TYPO or not word.isalpha() or word in self._known or left <= 0:
                continue
            left -= 1
            meant = self._meant(word)
            if meant and not spots.holds(index):
                token.word = meant

    def _meant(self, word: str) -> str | None:
        allowed = 2 if len(word) >= _LONG_WORD else 1
        best = process.extractOne(word, self._vocabulary, scorer=OSA.distance, score_cutoff=allowed)
        if best is None:
            return None
        meant = best[0]
        if meant[0] != word[0] and sorted(meant[:2]) != sorted(word[:2]):
            return None
        if len(word) == SHORTEST_TYPO == len(meant) and sorted(meant) != sorted(word):
            return None  # another letter in so short a word makes another word
        return meant

    def _scan(self, tokens: list[Token], *, story: bool) -> tuple[list[tuple[int, Entry]], dict[int, DoubtfulName]]:
        """Takes the longest phrases from left to right: names of fellowships, needs, filters, "near me"."""
        entries: list[tuple[int, Entry]] = []
        doubts: dict[int, DoubtfulName] = {}
        index = 0
        while index < len(tokens):
            count = longest(tokens, index, self._phrases, most=LONGEST_PHRASE)
            text = phrase(tokens, index, index + count)
            kind = self._kind(tokens[index], text, story=story) if count else ""
            if not kind:
                index += 1
                continue
            take(tokens, index, index + count, kind)
            if kind == "entry":
                entries.append((index, self._lexicon.entries[text]))
            elif kind == "name" and text in self._lexicon.doubtful:
                doubts[index] = self._lexicon.doubtful[text]
            index += count
        return entries, doubts

    def _kind(self, first: Token, text: str, *, story: bool) -> str:
        """What a phrase is taken as; "" where a story uses it as an ordinary word."""
        if text in self._names and (first.raw.isascii() or " " in text):  # "acá" is "here", "ACA" is a name
            return "name"
        if text in self._lexicon.places.here:
            return "here"
        entry = self._lexicon.entries.get(text)
        return "entry" if entry and not (entry.loose and story) else ""

    def _named(self, tokens: list[Token]) -> tuple[str, ...]:
        found = dict.fromkeys(
            self._names[phrase(tokens, *token.span)]
            for index, token in enumerate(tokens)
            if token.used == "name" and token.span[0] == index
        )
        return tuple(found)

    def _needs(self, tokens: list[Token], entries: list[tuple[int, Entry]]) -> tuple[str, ...]:
        needs = dict.fromkeys(name for _, entry in entries for name in entry.needs)
        mentions = [index for index, entry in entries if entry.needs and "family" not in entry.needs]
        if "family" in needs or about_family(tokens, self._lexicon.family, mentions):
            others = (name for name in needs if name not in ("family", "relationships"))
            return ("family", *others)
        if "drugs" in needs and needs.keys() & {"opioids", "stimulants", "cannabis"}:
            del needs["drugs"]  # the general word adds nothing to the particular one
        return tuple(needs)

    def _unknown(self, tokens: list[Token]) -> tuple[str, ...]:
        """Words nobody knows, and phrases that were understood and cannot be used, as they were typed."""
        left: dict[str, None] = {}
        for index, token in enumerate(tokens):
            if token.used == LEFT and token.span[0] == index:
                left[" ".join(one.raw.casefold() for one in tokens[slice(*token.span)])] = None
            elif not (token.used or token.word in self._meaningless or _is_small_number(token.word)):
                left[token.raw.casefold()] = None
        return tuple(left)[:_MOST_UNKNOWN]

    def _language(
        self,
        tokens: list[Token],
        entries: list[tuple[int, Entry]],
        times: Sequence[frozenset[str]],
        screen: str,
    ) -> str | None:
        """The language with more evidence; a draw goes to the person's screen, no evidence is None."""
        votes: dict[str, float] = {}
        for languages, weight in self._evidence(tokens, entries, times):
            if len(languages) == 1:
                name = next(iter(languages))
                votes[name] = votes.get(name, 0) + weight
        if not votes:
            return None
        best = max(votes.values())
        leaders = [name for name, count in votes.items() if count == best]
        return leaders[0] if len(leaders) == 1 else screen if screen in leaders else None

    def _evidence(
        self, tokens: list[Token], entries: list[tuple[int, Entry]], times: Sequence[frozenset[str]]
    ) -> list[tuple[frozenset[str], float]]:
        function = self._lexicon.function_words
        ordinary = self._lexicon.ordinary_words
        free = [token for token in tokens if token.used not in ("place", "name")]  # "Las Vegas" is no Spanish
        found = [(function[token.word], 1.0) for token in free if token.word in function]
        found += [(ordinary[one.word], _ORDINARY) for one in tokens if one.used != "place" and one.word in ordinary]
        found += [(entry.languages, 1.0) for _, entry in entries]
        return found + [(languages, 1.0) for languages in times]


def _is_small_number(word: str) -> bool:
    return word.isdigit() and len(word) <= _SMALL_NUMBER


def _online(entries: Sequence[tuple[int, Entry]]) -> bool | None:
    """Both said: neither is meant alone."""
    said: Mapping[bool, bool] = {entry.online: True for _, entry in entries if entry.online is not None}
    return None if len(said) != 1 else next(iter(said))
