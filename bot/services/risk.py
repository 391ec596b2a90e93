"""Whether a text sounds like an emergency. It never stops a person; it decides that urgent help comes first.

Deterministic, without a log and without a memory; it prefers one card too many to one too few.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from bot.domain.lexicon import CardWords, Lexicon, spell
from bot.domain.patterns import Match, Matcher
from bot.domain.urgent import Alarm
from bot.services.ear import FEW, Ear

LONGEST = 4096  # Telegram's own limit of a message
MOST_WORDS = 1000
_CUT = "\x00"  # stands where a safe phrase was, so that nothing matches across it
_LONG_WORD = 8  # run-together spellings are looked for in words this long
_SOUNDED = 4  # letters: shorter words sound like too many others
_MOST_PIECES = 3  # of one word with spaces in it
_MOST_WAYS = 32  # to spell one word
_NEAR = 8  # words before an alarming phrase in which its subject is looked for
_BEFORE = 2  # words before an alarming phrase that are heard with it
_MINE = "self_harm"  # the tier in which it matters of whom a text speaks

# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans("аеорсухівкмнтѕјԁһӏαεοινκτρυ", "aeopcyxibkmhtsjdhlaeoivktpu")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_WORD = re.compile(r"[^\W_]+(?:[@$!|*]+[^\W_]+)*|[@$][^\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*·,]{1,2}[^\W\d_]){2,}(?![^\W_])")
_REPEATS = re.compile(r"(.)\1{2,}")


class Risk:
    """The tiers of urgent help that a text touches."""

    def __init__(self, lexicon: Lexicon, ear: Ear | None = None) -> None:
        """`ear`: what listens beside the rules; None: the rules alone."""
        words = lexicon.risk
        self._ear = ear
        self._tiers = words.tiers
        self._rules = Matcher(words.rules.rules, words.rules.slots, spell)
        self._safe = Matcher(words.safe.rules, words.safe.slots, spell)
        self._inside = words.inside
        self._spelled = sorted(words.spelled)
        self._whole = words.spelled
        self._swapped = {swap: word for word in words.spelled for swap in _swaps(word)}
        self._sounds = words.sounds
        self._short = words.short
        self._cards = tuple(_Card(one, words.rules.slots) for one in words.cards)
        self._own, self._others = words.own, words.others
        self._known = (
            self._rules.vocabulary
            | self._safe.vocabulary
            | lexicon.fillers
            | frozenset(lexicon.function_words)
            | frozenset(lexicon.entries)
        )

    def tier(self, text: str) -> str | None:
        """The most pressing of "self_harm", "medical", "violence", "threat", or None."""
        alarm = self.alarm(text)
        return alarm.tier if alarm else None

    def alarm(self, text: str) -> Alarm | None:
        """The most pressing tier, and the card that fits what was said; None for a text that sounds like no alarm."""
        words = self.words(text)
        left = self._without_safe(words)
        matches = _own_intent(self._rules.find(left))
        found = {match.label for match in matches}
        found.update(self._run_together(left))
        tier = next((tier for tier in self._tiers if tier in found), None)
        if self._ear is not None and len(words) >= FEW:
            tier = self._heard(self._ear, words, tier, matches)
        if tier is None:
            return None
        closer = next((card.name for card in self._cards if card.tier == tier and card.fits(words)), "")
        if not closer and tier == _MINE and self._of_another(words, [one for one in matches if one.label == tier]):
            closer = f"{_MINE}_other"
        return Alarm(tier, closer or tier)

    def _heard(self, ear: Ear, words: list[str], told: str | None, matches: list[Match]) -> str | None:
        """What the ear makes of what the rules told. It may outvote a rule only where its phrase alone
        sounds harmless too: a plea must not be lost in a search for a meeting.
        """
        heard = ear.hears(words)
        if told is None:
            return heard.tier if ear.is_danger(heard, by_rule=False) else None
        around = (words[max(0, one.start - _BEFORE) : one.end] for one in matches)
        every = (heard, *(ear.hears(some) for some in around if some))
        return told if any(ear.is_danger(one, by_rule=True) for one in every) else None

    def _of_another(self, words: list[str], matches: list[Match]) -> bool:
        """Whether every alarming phrase speaks of somebody else: its own last person, or the last one before it."""
        return bool(matches) and all(self._person(words, match) == "other" for match in matches)

    def _person(self, words: list[str], match: Match) -> str:
        near = words[max(0, match.start - _NEAR) : match.end]
        return next(("own" if word in self._own else "other" for word in reversed(near) if self._is_person(word)), "")

    def _is_person(self, word: str) -> bool:
        return word in self._own or word in self._others

    def _without_safe(self, words: list[str]) -> list[str]:
        left = list(words)
        for match in self._safe.find(words):
            left[match.start : match.end] = [_CUT] * (match.end - match.start)
        return left

    def _run_together(self, words: Iterable[str]) -> Iterable[str]:
        for word in words:
            if len(word) >= _LONG_WORD and word not in self._known:
                yield from (tier for piece, tier in self._inside.items() if piece in word)

    def words(self, text: str) -> list[str]:
        """The words as the rules spell them: disguises, repeats and typos undone."""
        plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
        plain = "".join(char for char in plain if unicodedata.category(char) != "Cf").translate(_LOOKALIKES)
        plain = _DOTTED.sub(_join_letters, plain)
        words: list[str] = []
        for piece in _WORD.findall(
            plain.replace("'", "").replace("\u2019", "").replace("\u0060", "").replace("\u00b4", "")
        ):
            words.extend(spell(self._short.get(piece) or _undisguised(piece)).split())
            if len(words) >= MOST_WORDS:
                break
        return [form for word in self._mended(words) for form in self._known_form(word).split()]

    def _mended(self, words: list[str]) -> list[str]:
        """Words that a space was typed into are made whole: "sui cidal"."""
        whole: list[str] = []
        index = 0
        while index < len(words):
            joined = ("".join(words[index : index + count]) for count in range(_MOST_PIECES, 1, -1))
            found = next((word for word in joined if word in self._whole), "")
            whole.append(found or words[index])
            taken, length = 0, len(found)
            while length > 0:
                length -= len(words[index + taken])
                taken += 1
            index += max(taken, 1)
        return whole

    def _known_form(self, word: str) -> str:
        word = spell(word)
        if word in self._known or not word:
            return word
        if right := self._swapped.get(word):
            return right
        if word.endswith("in") and f"{word}g" in self._rules.vocabulary:
            return f"{word}g"
        for keep in ("", r"\1"):
            shorter = _REPEATS.sub(r"\1" + keep, word)
            if shorter in self._known:
                return shorter
        if 6 <= len(word) <= 20:
            for right in self._spelled:
                if right[0] == word[0] and OSA.distance(word, right, score_cutoff=1) <= 1:
                    return right
        return self._as_it_sounds(word)

    def _as_it_sounds(self, word: str) -> str:
        """ "kitarme" is "quitarme": a word of the rules that is said the same."""
        if len(word) < _SOUNDED:
            return word
        ways = [word]
        for letters, others in self._sounds.items():
            ways += [way.replace(letters, other) for way in ways for other in others if letters in way]
            ways = ways[:_MOST_WAYS]
        return next((way for way in ways if way in self._rules.vocabulary), word)


class _Card:
    """A closer case of a tier."""

    def __init__(self, words: CardWords, slots: Mapping[str, Sequence[str]]) -> None:
        self.tier, self.name = words.tier, words.card
        self._rules = Matcher(words.rules, slots, spell)
        self._unless = Matcher(words.unless, slots, spell)

    def fits(self, words: Sequence[str]) -> bool:
        """Whether it is what these words say."""
        return bool(self._rules.find(words)) and not self._unless.find(words)


def _own_intent(matches: list[Match]) -> list[Match]:
    """Without violence that is part of a threat: "I am scared I will hurt my baby" is no cry of somebody hurt."""
    threats = [match for match in matches if match.label == "threat"]

    def inside(match: Match) -> bool:
        return any(
            one.start <= match.start and match.end <= one.end and one.end - one.start > match.end - match.start
            for one in threats
        )

    return [match for match in matches if match.label != "violence" or not inside(match)]


def _swaps(word: str) -> Iterator[str]:
    """The word with two neighbouring letters typed the wrong way round; the first letter stays."""
    for at in range(1, len(word) - 1):
        if word[at] != word[at + 1]:
            yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"


def _join_letters(match: re.Match[str]) -> str:
    return re.sub(r"[^\w]|_", "", match.group())


def _undisguised(word: str) -> str:
    """ "k1ll" is "kill"; a number, a time and an amount stay what they are."""
    if word.isalpha() or not any(char.isalpha() for char in word) or re.fullmatch(r"\d+[a-z]{1,3}", word):
        return word
    return word.translate(_LEET)
