"""Places in a typed text: which words are one, and which only look like it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.lexicon import Lexicon, PlaceBook
from bot.domain.place import Place
from bot.domain.words import fold
from bot.services.understand.tokens import Token, longest, phrase, take

MOST_WORDS = 60  # of a text are looked up
LONGEST_NAME = 4  # words
_KNOWN_TOWN = 100_000  # inhabitants: taken as a place even within a sentence
_BIG_TOWN = 50_000  # taken although a list knows the word, if a marker stands before it
_SMALL_TOWN = 15_000  # below it a bare word within a sentence is a word
_FAMOUS = 500_000  # known by the names that it has in other languages too
_SHORT_NAME = 4  # words of a text in which a misspelt town is looked for without a marker
_MUCH_LARGER = 10  # times
_NEAR_WORDS = 2
_SHORT_TEXT = 6  # words
_SHORTEST_TYPO = 4  # letters of a name that may be misspelt
_MOST_FINDS = 4  # questions to the place book about one text

# How postcodes look; which of them exist is the place book's to say.
_POSTCODE = re.compile(
    r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}"  # GB
    r"|[a-z]\d[a-z] ?\d[a-z]\d"  # CA
    r"|[a-z]\d{2} ?[a-z\d]{4}"  # IE
    r"|\d{4} ?[a-z]{2}"  # NL
    r"|\d{5}(?: \d{4})?"  # US, ES, DE, FR, MX, IT
    r"|\d{2} \d{3}|\d{3} \d{2}|\d{4} \d{3}|\d{3} \d{4}"  # PL, SE, PT, JP
)
_HALF_POSTCODE = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?|[a-z]\d[a-z]|\d{4}")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Words that some place is called by."""

    start: int
    end: int
    places: tuple[Place, ...]
    marked: bool
    weight: tuple[bool, bool, bool, int, int]

    @property
    def population(self) -> int:
        """Of the largest place of that name."""
        return max((place.population for place in self.places), default=0)


class Spots:
    """Finds the place of one text; takes the words it used."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, book: PlaceBook, *, country: str, story: bool) -> None:
        self._tokens, self._lexicon, self._book = tokens, lexicon, book
        self._words = lexicon.places
        self._country, self._story = country, story
        self._finds = _MOST_FINDS
        self.exact: Mapping[str, Sequence[Place]] = {}

    async def look_up(self) -> None:
        """Asks for all names at once; before anything else reads the text."""
        names = {self._name(start, end) for start, end in self._ranges()}
        self.exact = await self._book.many(sorted(names)) if names else {}

    def holds(self, index: int) -> bool:
        """Whether a word is, as it stands, part of some place's name."""
        return any(start <= index < end and self._name(start, end) in self.exact for start, end in self._ranges())

    async def read(self) -> tuple[Place, ...]:
        """One place: sure. Several: ask. None: no place, or one that nobody knows."""
        if found := await self._postcode():
            return found
        spots = self._spots()
        if spots:
            return await self._resolve(spots)
        return await self._misspelt()

    def _name(self, start: int, end: int) -> str:
        return " ".join(token.name for token in self._tokens[start:end])

    def _ranges(self) -> list[tuple[int, int]]:
        """Rows of one to four words that could be a name."""
        found = []
        for start in range(min(len(self._tokens), MOST_WORDS)):
            for end in range(start + 1, min(start + LONGEST_NAME, len(self._tokens), MOST_WORDS) + 1):
                if end > start + 1 and self._tokens[end - 1].breaks:
                    break
                if self._can_be_name(start, end):
                    found.append((start, end))
        return found

    def _can_be_name(self, start: int, end: int) -> bool:
        words = [token.word for token in self._tokens[start:end]]
        if all(word in self._lexicon.function_words or word.isdigit() for word in words):
            return False
        return len(words) > 1 or (len(words[0]) > 1 and not self._is_filler(words[0]))

    def _is_filler(self, word: str) -> bool:
        if word in self._words.also_words:
            return False
        return word in self._lexicon.fillers or word in self._lexicon.function_words

    def _spots(self) -> list[_Spot]:
        """The names that are meant as places, the likeliest first, none overlapping another."""
        found = []
        for start, end in self._ranges():
            places = tuple(self.exact.get(self._name(start, end), ()))
            if places and (spot := self._spot(start, end, places)):
                found.append(spot)
        chosen: list[_Spot] = []
        for spot in sorted(found, key=lambda one: one.weight, reverse=True):
            if all(spot.end <= other.start or other.end <= spot.start for other in chosen):
                chosen.append(spot)
        return chosen

    def _spot(self, start: int, end: int, places: tuple[Place, ...]) -> _Spot | None:
        marked = self._marker_before(start) > 0
        alone = start == 0 and end == len(self._tokens)
        region = self._region_after(end, places) > 0
        capital = self._is_capital(start)
        size = max(place.population for place in places)
        if not self._is_free(start, end, strong=(marked or region) and (size >= _BIG_TOWN or region)):
            return None
        likely = marked or alone or region or self._is_likely(start, end, size, capital)
        if not likely or not (alone or region or self._stands_out(start, end, places, capital)):
            return None
        town = phrase(self._tokens, start, end) not in self._words.regions or alone
        return _Spot(start, end, places, marked, (town, marked or region, capital, end - start, size))

    def _is_free(self, start: int, end: int, *, strong: bool) -> bool:
        """Whether lists have no better claim: a longer name beats the shorter phrases inside it."""
        taken = {token.span for token in self._tokens[start:end] if token.used}
        if not taken:
            return True
        inside = all(start <= first and last <= end for first, last in taken)
        longer = all(end - start > last - first for first, last in taken)
        return inside and ((longer and (strong or len(taken) < end - start)) or strong)

    def _is_likely(self, start: int, end: int, size: int, capital: bool) -> bool:
        words = [token.word for token in self._tokens[start:end]]
        ordinary = all(self._is_filler(word) or word in self._words.also_words for word in words)
        others = [token for index, token in enumerate(self._tokens) if not start <= index < end]
        keywords = not self._story and all(self._is_plain(token) for token in others)
        if ordinary:
            known = any(word not in self._lexicon.fillers for word in words)
            return keywords and (capital or (known and size >= _BIG_TOWN))
        isolated = self._is_isolated(start, end)
        short = not self._story and len(self._tokens) <= _SHORT_TEXT
        return keywords or isolated or capital or short or size >= _KNOWN_TOWN

    def _stands_out(self, start: int, end: int, places: tuple[Place, ...], capital: bool) -> bool:
        """Whether a small town or an ordinary word within a sentence is shown to be a place."""
        if capital or self._marker_before(start, weak=False) or not self._is_among_words(start, end):
            return True
        if self._is_isolated(start, end) or self._is_last(start, end):
            return True
        name = self._name(start, end)
        own = [place.population for place in places if fold(place.name) == name or place.population >= _FAMOUS]
        ordinary = any(self._tokens[index].word in self._words.also_words for index in range(start, end))
        return not ordinary and max(own, default=0) >= _SMALL_TOWN

    def _is_among_words(self, start: int, end: int) -> bool:
        """A sentence, or beside words that both languages have ("me", "en")."""
        plain = self._lexicon.fillers - frozenset(self._lexicon.ordinary_words) - self._words.joins
        beside = (*self._tokens[:start], *self._tokens[end:])
        return self._is_sentence(start, end) or any(not one.used and one.word in plain for one in beside)

    def _is_isolated(self, start: int, end: int) -> bool:
        """Between commas and ends."""
        before = start == 0 or self._tokens[start].breaks
        return before and (end == len(self._tokens) or self._tokens[end].breaks)

    def _is_last(self, start: int, end: int) -> bool:
        """Right behind words of a search: "i need na tonight hebden bridge"."""
        before = self._tokens[start - 1] if start else None
        return end == len(self._tokens) and before is not None and self._is_asked(before)

    def _is_asked(self, token: Token) -> bool:
        meeting = token.word in self._lexicon.meeting_words and token.word not in self._lexicon.function_words
        return meeting or token.used in ("name", "entry", "time")

    def _is_plain(self, token: Token) -> bool:
        return bool(token.used) or token.word in self._lexicon.meeting_words or self._is_filler(token.word)

    def _is_capital(self, index: int) -> bool:
        raw = self._tokens[index].raw
        if not raw[0].isupper() or all(token.raw[0].isupper() for token in self._tokens):
            return False
        return index > 0 and not self._tokens[index].breaks

    def _marker_before(self, start: int, *, weak: bool = True) -> int:
        """How many words of a place marker end here."""
        for count in (3, 2, 1):
            first = start - count
            if first < 0 or any(self._is_taken_elsewhere(index, start) for index in range(first, start)):
                continue
            text = phrase(self._tokens, first, start)
            if text in self._words.markers or (weak and text in self._words.weak_markers):
                return count
        return 0

    def _is_taken_elsewhere(self, index: int, start: int) -> bool:
        return (bool(self._tokens[index].used) and self._tokens[index].used != "here") or self._tokens[start].breaks

    def _region_after(self, end: int, places: Sequence[Place]) -> int:
        """How many words name the region or country of the place before them."""
        if end >= len(self._tokens):
            return 0
        if count := longest(self._tokens, end, self._words.regions, most=3):
            return count
        token = self._tokens[end]
        if token.word in self._lexicon.function_words and not token.capitals:
            return 0
        return 1 if self._is_state(token.word, places) else 0

    def _is_state(self, code: str, places: Sequence[Place]) -> bool:
        """Whether a two-letter code is the state of one of the places, or may be that of the largest."""
        largest = max(places, key=lambda place: place.population, default=None)
        for place in places:
            name = self._words.states.get(place.country, {}).get(code)
            if name and (place.region.casefold() in (code, name) or (not place.region and place is largest)):
                return True
        return False

    async def _find(self, text: str) -> tuple[Place, ...]:
        if self._finds <= 0:
            return ()
        self._finds -= 1
        return tuple(await self._book.find(text, country=self._country))

    async def _resolve(self, spots: list[_Spot]) -> tuple[Place, ...]:
        best = spots[0]
        beside = next((one for one in spots[1:] if self._is_beside(best, one)), None)
        if beside:
            first, second = sorted((best, beside), key=lambda one: one.start)
            if found := await self._find(f"{self._raw(first)}, {self._raw(second)}"):
                self._take(first.start, second.end)
                return found
        region = self._region_after(best.end, best.places)
        text = self._raw(best)
        if region:
            text = f"{text}, {self._typed(best.end, best.end + region)}"
        if not region and (larger := self._larger_after(best, spots)):
            best, text = larger, self._raw(larger)
        found = await self._find(text) or best.places
        self._take(best.start, best.end + region)
        free = [one for one in spots[1:] if self._tokens[one.start].used != "place"]
        other = next((one for one in free if self._is_joined(best, one)), None)
        if other:
            found = (*found, *(await self._find(self._raw(other)) or other.places))
            self._take(other.start, other.end)
        return tuple(dict.fromkeys(found))

    def _larger_after(self, best: _Spot, spots: list[_Spot]) -> _Spot | None:
        """ "At St Mary's church, Leeds": the city behind a small namesake is the one meant."""
        for one in spots:
            follows = 0 <= one.start - best.end <= _NEAR_WORDS
            if follows and one.population >= max(_KNOWN_TOWN, _MUCH_LARGER * best.population):
                return one
        return None

    def _is_beside(self, one: _Spot, other: _Spot) -> bool:
        """ "Alcobendas, Madrid": the second may say where the first lies."""
        first, second = sorted((one, other), key=lambda spot: spot.start)
        return first.end == second.start and not self._region_after(first.end, first.places)

    def _is_joined(self, one: _Spot, other: _Spot) -> bool:
        """ "Leeds or Bradford"."""
        first, second = sorted((one, other), key=lambda spot: spot.start)
        between = self._tokens[first.end : second.start]
        if not between:
            return self._tokens[second.start].breaks
        return all(token.word in self._words.joins for token in between)

    def _raw(self, spot: _Spot) -> str:
        return self._typed(spot.start, spot.end)

    def _typed(self, start: int, end: int) -> str:
        return " ".join(token.raw for token in self._tokens[start:end])

    def _take(self, start: int, end: int) -> None:
        marker = self._marker_before(start)
        take(self._tokens, start - marker, start, "marker")
        take(self._tokens, start, end, "place")

    async def _postcode(self) -> tuple[Place, ...]:
        rows = [(start, start + count) for start in range(min(len(self._tokens), MOST_WORDS)) for count in (2, 1)]
        for start, end in rows:
            if self._is_postcode(start, end) and (found := await self._find(self._typed(start, end))):
                self._take(start, end)
                return found
        return ()

    def _is_postcode(self, start: int, end: int) -> bool:
        row = self._tokens[start:end]
        text = " ".join(token.word for token in row)
        if end > len(self._tokens) or any(token.used for token in row) or not any(map(str.isdigit, text)):
            return False
        after = self._tokens[end].word if end < len(self._tokens) else ""
        neighbours = [self._tokens[i].word for i in (start - 1, end) if 0 <= i < len(self._tokens)]
        if after in self._words.amounts or any(word.isdigit() for word in neighbours):
            return False
        if not _POSTCODE.fullmatch(text):
            return len(row) == 1 and bool(_HALF_POSTCODE.fullmatch(text)) and self._may_be_half(start)
        return not (self._story and row[0].word.isdigit() and not self._marker_before(start))

    def _may_be_half(self, index: int) -> bool:
        if self._tokens[index].word.isdigit():  # "1000": a postcode of Brussels, or any number
            return self._marker_before(index) > 0 or len(self._tokens) == 1
        return not self._story or self._marker_before(index) > 0

    async def _misspelt(self) -> tuple[Place, ...]:
        """A name nobody knows as it stands: after a marker, or left over in a short request."""
        for start in range(min(len(self._tokens), MOST_WORDS)):
            region = not self._tokens[start].used and self._tokens[start].word in self._words.regions
            if not (self._is_open(start) or region) or not self._marker_before(start, weak=False):
                continue
            for end in range(self._open_until(start), start, -1):
                if found := await self._find(self._typed(start, end)):
                    self._take(start, end)
                    return found
        left = [
            index
            for index in range(min(len(self._tokens), MOST_WORDS))
            if self._is_open(index) and self._tokens[index].word not in self._words.also_words
        ]
        if not 1 <= len(left) <= 3 or left[-1] - left[0] >= 3 or not self._is_long(left):
            return ()
        if self._is_sentence() or sum(not token.used for token in self._tokens) > _SHORT_NAME:
            return ()
        if found := await self._find(self._typed(left[0], left[-1] + 1)):
            self._take(left[0], left[-1] + 1)
            return found
        return ()

    def _is_sentence(self, start: int = 0, end: int = 0) -> bool:
        """Whether the text beside start..end is more than key words: then a word in it is a word, not a town."""
        small = self._lexicon.function_words
        joins = self._words.joins
        return self._story or any(
            not token.used and token.word in small and token.word not in joins
            for index, token in enumerate(self._tokens)
            if not start <= index < end
        )

    def _is_long(self, indices: list[int]) -> bool:
        return max(len(self._tokens[index].word) for index in indices) >= _SHORTEST_TYPO

    def _is_open(self, index: int) -> bool:
        token = self._tokens[index]
        known = self._is_filler(token.word) or token.word in self._words.regions
        return not token.used and not known and not token.word.isdigit() and len(token.word) > 1

    def _open_until(self, start: int) -> int:
        end = start + 1
        while end < min(len(self._tokens), start + LONGEST_NAME):
            token = self._tokens[end]
            codes = self._words.states.values()
            region = token.word in self._words.regions or any(token.word in names for names in codes)
            if token.used or (not region and (token.breaks or not self._is_open(end))):
                break
            end += 1
        return end
