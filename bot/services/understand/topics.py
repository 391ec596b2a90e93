"""Written answers that a text touches, beside or instead of a search."""

from collections.abc import Sequence

from bot.domain.lexicon import Lexicon, spell
from bot.domain.patterns import Match, Matcher
from bot.services.understand.tokens import Token

_SMALL_TALK = frozenset({"greeting", "thanks"})  # only where nothing else was said
_ALONE = ("near_me", "help")  # asked for in general: only where nothing particular was; the first says the most
_OWN = frozenset({"used_again"})  # of the writer, not of somebody they love


class Topics:
    """Finds the topics of one text after everything else was read; takes its words last."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.topics
        self._rules = Matcher(words.rules.rules, words.rules.slots, spell)
        self._order = tuple(dict.fromkeys(label for label, _ in words.rules.rules))
        self._polite, self._bare = words.polite, words.bare

    def touched(
        self, tokens: list[Token], needs: Sequence[str], *, asked: bool, lost: bool, named: bool
    ) -> tuple[str, ...]:
        """Topics in the order of the list.

        `asked`: a search has something to go by. `lost`: no place was found. `named`: a fellowship was.
        """
        matches = [match for match in self._rules.find([token.word for token in tokens]) if _counts(tokens, match)]
        labels = {match.label for match in matches}
        if bare := self._bare.get(self._plain(tokens)):
            labels.add(bare)
        if "family" in needs:
            labels -= _OWN
            if "opioids" in needs and "grief" not in labels:  # who has died needs no advice on saving lives
                labels.add("overdose_family")
        self._quieten(labels, asked=asked, used=any(token.used for token in tokens))
        if lost and any(token.used == "here" for token in tokens):
            labels.add("near_me")
        if not named:
            labels.discard("about_kind")
        for match in matches:
            for token in tokens[match.start : match.end]:
                token.used = token.used or "topic"
        return (*(label for label in self._order if label in labels), *sorted(labels - set(self._order)))

    def _quieten(self, labels: set[str], *, asked: bool, used: bool) -> None:
        """Takes out what is said only in passing."""
        strong = labels - _SMALL_TALK - set(_ALONE)
        if asked or strong:
            labels.difference_update(_ALONE)
        elif len(both := [label for label in _ALONE if label in labels]) > 1:
            labels.difference_update(both[1:])
        if labels - _SMALL_TALK or used:
            labels -= _SMALL_TALK

    def _plain(self, tokens: list[Token]) -> str:
        return " ".join(token.word for token in tokens if token.word not in self._polite)


def _counts(tokens: list[Token], match: Match) -> bool:
    """A place called so touches nothing; "what is" asks about a kind only where its name follows."""
    if all(token.used == "place" for token in tokens[match.start : match.end]):
        return False
    if match.label != "about_kind":
        return True
    follows = match.end < len(tokens) and tokens[match.end].used == "name"
    return follows or (match.start > 0 and tokens[match.start - 1].used == "name")
