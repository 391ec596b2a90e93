"""Fellowship names in a typed text, and the short ones that are ordinary words or state codes too."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.domain.fellowship import Fellowship
from bot.domain.lexicon import DoubtfulName, Lexicon
from bot.services.understand.tokens import Token, tokenise

_JOINED_LENGTH = 14  # "al-anon" is typed "alanon" too; longer names are not run together


def names_of(fellowships: Sequence[Fellowship], lexicon: Lexicon) -> dict[str, str]:
    """Every spelling to the fellowship's id; the first fellowship to claim a spelling keeps it."""
    names: dict[str, str] = {}
    ids = {fellowship.id for fellowship in fellowships}
    for fellowship in fellowships:
        for name in (fellowship.name, fellowship.short, *fellowship.aliases):
            for spelling in _spellings(name):
                names.setdefault(spelling, fellowship.id)
    for word, doubt in lexicon.doubtful.items():
        if doubt.id in ids:
            names[word] = doubt.id
    return names


def _spellings(name: str) -> set[str]:
    found = set()
    for text in (name, name.replace("&", " and "), name.replace("-", "")):
        words = [token.word for token in tokenise(text)]
        if words:
            found.add(" ".join(words))
    return found


def settle(tokens: list[Token], doubts: Mapping[int, DoubtfulName], lexicon: Lexicon, *, story: bool) -> None:
    """Decides for each doubtful name whether it is one; those that are not stay ordinary words."""
    shouting = sum(token.capitals for token in tokens) > len(tokens) / 2 and len(tokens) > 3
    spoken = _spoken(tokens, lexicon)
    keywords = not story and all(_is_keyword(token, lexicon) for token in tokens)
    for index, doubt in doubts.items():
        token = tokens[index]
        if _spoken_against(tokens, index, doubt):
            token.used = "word"
        elif doubt.plain or (doubt.capitals and token.capitals and not shouting):
            continue  # as good as sure
        elif doubt.ordinary_in and spoken and spoken not in doubt.ordinary_in:
            continue  # this language has no such word
        elif not (_has_company(tokens, index, doubts, lexicon) or (doubt.alone and keywords)):
            token.used = "word" if story else ""  # in a request it is told that it changed nothing


def _is_keyword(token: Token, lexicon: Lexicon) -> bool:
    """Neither a small word, which makes a sentence, nor one that nobody knows."""
    known = token.used or token.word in lexicon.places.joins or token.word in lexicon.ordinary_words
    return bool(known) and (bool(token.used) or token.word not in lexicon.function_words)


def _spoken(tokens: list[Token], lexicon: Lexicon) -> str | None:
    """The language that most of the small words belong to, or where there are none, of the ordinary ones."""
    for words in (lexicon.function_words, lexicon.ordinary_words):
        votes = Counter(
            language
            for token in tokens
            if not token.used and len(languages := words.get(token.word, frozenset())) == 1
            for language in languages
        ).most_common(2)
        if votes:
            return None if len(votes) > 1 and votes[0][1] == votes[1][1] else votes[0][0]
    return None


def _spoken_against(tokens: list[Token], index: int, doubt: DoubtfulName) -> bool:
    before = tokens[index - 1].word if index else ""
    after = tokens[index + 1].word if index + 1 < len(tokens) else ""
    return before in doubt.not_after or after in doubt.not_before


def _has_company(tokens: list[Token], index: int, doubts: Mapping[int, DoubtfulName], lexicon: Lexicon) -> bool:
    """A meeting word beside it, or another name (over "and", "or" and the like)."""
    for step in (-1, 1):
        other = index + step
        while 0 <= other < len(tokens) and tokens[other].word in lexicon.places.joins:
            other += step
        if not 0 <= other < len(tokens):
            continue
        if tokens[other].word in lexicon.meeting_words and tokens[other].word not in lexicon.function_words:
            return True
        if tokens[other].used == "name" and (other not in doubts or doubts[other].plain or tokens[other].capitals):
            return True
        if step == -1 and tokens[other].word == "de" and other and tokens[other - 1].word in lexicon.meeting_words:
            return True  # "reuniones de na"
    return False
