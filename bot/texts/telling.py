"""content/words/telling.yml: words that would tell a passer-by what a message is about."""

import re
from collections.abc import Iterable
from pathlib import Path

from bot.domain.words import fold
from bot.texts.fellowships import load_fellowships
from bot.texts.library import read_yaml
from bot.texts.reading import Strict, check_model
from bot.texts.words import Phrases


class _Telling(Strict):
    languages: dict[str, Phrases]


class Telling:
    """Finds telling words of every language at once: a lock screen is read by anybody."""

    def __init__(self, words: Iterable[str], names: Iterable[str]) -> None:
        """`words`: a star ends a beginning; `names` are meant in the very letters they are written in."""
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, words))})(?!\w)")
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def found(self, text: str) -> list[str]:
        """The telling words of a text, folded, and then the names in it."""
        words = [match.group() for match in self._words.finditer(fold(text))]
        return words + [match.group() for match in self._names.finditer(text)]


def _pattern(word: str) -> str:
    return re.escape(fold(word)) + (r"\w*" if word.endswith("*") else "")


def load_telling(root: Path) -> Telling:
    """The list of a content folder with the names of its fellowships. ContentError names file and field."""
    path = root / "words" / "telling.yml"
    spoken = check_model(path, {"languages": read_yaml(path)}, _Telling).languages.values()
    names = (name for kind in load_fellowships(root) for name in (kind.name, kind.short))
    return Telling((word for words in spoken for word in words), names)
