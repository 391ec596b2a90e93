"""Whose trouble a text tells of: the person's own, or that of somebody they love."""

from collections.abc import Sequence

from bot.domain.lexicon import FamilyWords
from bot.services.understand.tokens import Token, longest, phrase

_BRIEF = 4  # words: "for my husband" alone asks for the family door


def about_family(tokens: list[Token], words: FamilyWords, mentions: Sequence[int]) -> bool:
    """Whether the trouble named at the given words is somebody else's.

    The nearest person named before it owns it: "my husband and I both drink" is the writer's own, "I think my
    son drinks" is not. A person who tells of both gets their own door.
    """
    selves, relatives = _people(tokens, words)
    trouble = [i for i, token in enumerate(tokens) if token.word in words.trouble]
    owners = {_owner(index, selves, relatives) for index in (*mentions, *trouble)}
    if "self" in owners:
        return False
    if "relative" in owners:
        return True
    return bool(relatives) and not selves and (len(tokens) <= _BRIEF or _asks_about(tokens, words))


def has_self(tokens: list[Token], words: FamilyWords) -> bool:
    """Whether the writer tells of themself or of somebody: then it is a story, not a list of key words."""
    selves, relatives = _people(tokens, words)
    return bool(selves or relatives)


def _people(tokens: list[Token], words: FamilyWords) -> tuple[list[int], list[int]]:
    """Where the writer and where relatives are named."""
    selves: list[int] = []
    relatives: list[int] = []
    index = 0
    while index < len(tokens):
        if count := longest(tokens, index, words.not_relatives):
            selves.extend(range(index, index + count) if phrase(tokens, index, index + 1) in words.selves else ())
            index += count
        elif count := _relative(tokens, index, words):
            if not longest(tokens, index + count, words.gone):
                relatives.append(index + count - 1)
            index += count
        else:
            count = longest(tokens, index, words.selves)
            if count and not _about_another(tokens, index, count, words):
                selves.append(index)
            index += 1
    return selves, relatives


def _relative(tokens: list[Token], index: int, words: FamilyWords) -> int:
    """How many words name a relative here: "my older brother", "mum", "un amigo"."""
    if count := longest(tokens, index, words.bare_relatives):
        return count
    if tokens[index].word not in words.possessives:
        return 0
    count = 0
    while index + count + 1 < len(tokens) and count < 3 and tokens[index + count + 1].word in words.relatives:
        count += 1
    return count + 1 if count else 0


def _about_another(tokens: list[Token], index: int, count: int, words: FamilyWords) -> bool:
    return bool(longest(tokens, index + count, words.thinking) or longest(tokens, index, words.thinking))


def _owner(index: int, selves: list[int], relatives: list[int]) -> str:
    before = [(i, "self") for i in selves if i <= index] + [(i, "relative") for i in relatives if i <= index]
    if before:
        return max(before)[1]
    return "relative" if relatives and not selves else "self" if selves else ""


def _asks_about(tokens: list[Token], words: FamilyWords) -> bool:
    return any(longest(tokens, index, words.about) for index in range(len(tokens)))
