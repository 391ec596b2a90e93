"""Whether a text sounds like an emergency. It never stops a person; it decides that urgent help comes first.

Deterministic, without a log and without a memory; it prefers one card too many to one too few.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from bot.domain.lexicon import Lexicon, spell
from bot.domain.patterns import Matcher

LONGEST = 4096  # Telegram's own limit of a message
MOST_WORDS = 1000
_CUT = "\x00"  # stands where a safe phrase was, so that nothing matches across it
_LONG_WORD = 8  # run-together spellings are looked for in words this long
_SOUNDED = 4  # letters: shorter words sound like too many others
_MOST_PIECES = 3  # of one word with spaces in it
_MOST_WAYS = 32  # to spell one word

# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans("аеорсухівкмнтѕјԁһӏαεοινκτρυ", "aeopcyxibkmhtsjdhlaeoivktpu")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_WORD = re.compile(r"[^\W_]+(?:[@$!|*]+[^\W_]+)*|[@$][^\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*·,]{1,2}[^\W\d_]){2,}(?![^\W_])")
_REPEATS = re.compile(r"(.)\1{2,}")


class Risk:
    """The tiers of urgent help that a text touches."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.risk
        self._tiers = words.tiers
        self._rules = Matcher(words.rules.rules, words.rules.slots, spell)
        self._safe = Matcher(words.safe.rules, words.safe.slots, spell)
        self._inside = words.inside
        self._spelled = sorted(words.spelled)
        self._whole = words.spelled
        self._sounds = words.sounds
        self._known = (
            self._rules.vocabulary
            | self._safe.vocabulary
            | lexicon.fillers
            | frozenset(lexicon.function_words)
            | frozenset(lexicon.entries)
        )

    def tier(self, text: str) -> str | None:
        """The most pressing of "self_harm", "medical", "violence", "threat", or None."""
        words = self._words(text)
        left = self._without_safe(words)
        found = {match.label for match in self._rules.find(left)}
        found.update(self._run_together(left))
        return next((tier for tier in self._tiers if tier in found), None)

    def _without_safe(self, words: list[str]) -> list[str]:
        left = list(words)
        for match in self._safe.find(words):
            left[match.start : match.end] = [_CUT] * (match.end - match.start)
        return left

    def _run_together(self, words: Iterable[str]) -> Iterable[str]:
        for word in words:
            if len(word) >= _LONG_WORD and word not in self._known:
                yield from (tier for piece, tier in self._inside.items() if piece in word)

    def _words(self, text: str) -> list[str]:
        """The words as the rules spell them: disguises, repeats and typos undone."""
        plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
        plain = "".join(char for char in plain if unicodedata.category(char) != "Cf").translate(_LOOKALIKES)
        plain = _DOTTED.sub(_join_letters, plain)
        words: list[str] = []
        for piece in _WORD.findall(
            plain.replace("'", "").replace("\u2019", "").replace("\u0060", "").replace("\u00b4", "")
        ):
            words.extend(spell(_undisguised(piece)).split())
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


def _join_letters(match: re.Match[str]) -> str:
    return re.sub(r"[^\w]|_", "", match.group())


def _undisguised(word: str) -> str:
    """ "k1ll" is "kill"; a number, a time and an amount stay what they are."""
    if word.isalpha() or not any(char.isalpha() for char in word) or re.fullmatch(r"\d+[a-z]{1,3}", word):
        return word
    return word.translate(_LEET)
