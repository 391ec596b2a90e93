"""How a text reads: its sentences, and how hard they are. Templates and tags in it are skipped."""

import re
from collections.abc import Iterator

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?…:])[\"”»)]?\s+|\n+")
_SHORT_FORM = re.compile(
    r"\b(Dr|Dra|Sr|Sra|St|Mr|Mrs|Ms|approx|ext|p\. ej|EE\. UU|a\.m|p\.m|e\.g|i\.e)\.", re.IGNORECASE
)
_DOT = "\u2024"  # stands for a full stop that ends no sentence
_VOWELS = re.compile(r"[aeiouy]+")
# A strong or accented vowel is a syllable of its own; a weak one only where no strong one stands beside it.
_SPANISH_SYLLABLE = re.compile(r"[aeoáéóíú]|(?<![aeoáéóíú])[iuü]+(?![aeoáéóíúiuü])")

WORD = re.compile(r"\w+(?:['’\-]\w+)*")


def blanked(match: re.Match[str]) -> str:
    """As many blanks as the match has characters, its line ends kept: what follows stays in its place."""
    return re.sub(r"[^\n]", " ", match.group())


def plain(text: str) -> str:
    """A text of the same length with blanks for template marks and tags, as somebody would read it aloud."""
    return _MARKUP.sub(blanked, text)


def sentences(text: str) -> Iterator[str]:
    """The sentences and headings of a text, without the empty ones."""
    return (sentence for _, sentence in placed_sentences(text))


def placed_sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text, each with the place of its first character."""
    whole = _SHORT_FORM.sub(lambda match: match.group().replace(".", _DOT), plain(text))
    start = 0
    for end in [*_SENTENCE_END.finditer(whole), None]:
        part = whole[start : end.start()] if end else whole[start:]
        if stripped := part.strip(" -*•#>\t"):
            yield start + part.index(stripped), stripped.replace(_DOT, ".")
        start = end.end() if end else start


def count_sentences(text: str) -> int:
    """How many sentences a paragraph has; what follows a colon belongs to the one before."""
    return sum(bool(WORD.search(part)) for part in re.split(r"(?<=[.!?…])[\"”»)]?\s+", plain(text).strip()))


def words(text: str) -> list[str]:
    """The words of a text; "twelve-step" is one."""
    return WORD.findall(text)


def reading_level(text: str, language: str) -> float:
    """English: Flesch-Kincaid grade; other languages: LIX. A text without a word: 0."""
    parts = [found for part in sentences(text) if (found := words(part))]
    every = [word for part in parts for word in part]
    if not every:
        return 0.0
    per_sentence = len(every) / len(parts)
    if language == "en":
        syllables = sum(_syllables(word) for word in every)
        return round(0.39 * per_sentence + 11.8 * syllables / len(every) - 15.59, 1)
    return round(per_sentence + 100 * sum(len(word) > 6 for word in every) / len(every), 1)


def grade(text: str, language: str) -> float:
    """The school grade a text asks for, to compare texts of one language with each other. A text without a word: 0.

    English: Flesch-Kincaid. Spanish: Crawford's formula for the primary grades (1989). Others: LIX in steps of four
    points, as Anderson (1983) maps it to grades.
    """
    every = words(plain(text))
    if not every or language == "en":
        return reading_level(text, language)
    if language == "es":
        per_hundred = 100 / len(every)
        syllables = sum(max(1, len(_SPANISH_SYLLABLE.findall(word.lower()))) for word in every)
        count = sum(bool(words(part)) for part in sentences(text))
        return round(-0.205 * per_hundred * count + 0.049 * per_hundred * syllables - 3.407, 1)
    return round(reading_level(text, language) / 4 - 1, 1)


def _syllables(word: str) -> int:
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    if lower.endswith("e") and not lower.endswith("le") and count > 1:
        count -= 1
    return max(count, 1)
