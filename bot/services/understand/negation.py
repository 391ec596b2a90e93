"""Names and troubles that a text takes back: "drinking leeds, not AA", "que no sea AA"."""

from collections.abc import Iterator, Sequence

from bot.domain.lexicon import Entry, Lexicon, spell
from bot.domain.patterns import Match, Matcher
from bot.services.understand.family import has_self
from bot.services.understand.tokens import LEFT, Token, take


class Negations:
    """Finds what is not wanted; no filter leaves out a kind, so all it does is to not ask for it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._rules = Matcher(lexicon.negations.rules, lexicon.negations.slots, spell)
        self._family, self._joins = lexicon.family, lexicon.places.joins | {"nor", "ni"}
        self._lasting = lexicon.places.amounts | lexicon.times.roles.get("past_day", frozenset())

    def leave_out(self, tokens: list[Token], entries: Sequence[tuple[int, Entry]]) -> None:
        """Marks the names and needs that are taken back."""
        needs = [tokens[at].span for at, entry in entries if entry.needs and tokens[at].used == "entry"]
        plain = [
            tokens[at].span
            for at, entry in entries
            if entry.needs and not entry.filters and tokens[at].used == "entry"
        ]
        matches = [match for match in self._rules.find([token.word for token in tokens]) if _whole(tokens, match)]
        names = list(dict.fromkeys(token.span for token in tokens if token.used == "name"))
        denied = set(self._denied(tokens, sorted({*names, *plain}), set(names), matches))
        taken_back = denied & set(plain)
        if len(taken_back) == len(needs) and self._is_abstinence(tokens):
            denied -= taken_back
        for span in denied:
            take(tokens, *span, LEFT)

    def _denied(
        self, tokens: list[Token], spans: list[tuple[int, int]], names: set[tuple[int, int]], matches: list[Match]
    ) -> Iterator[tuple[int, int]]:
        before: tuple[int, int] | None = None
        for span in spans:
            if _is_denied(tokens, span, span in names, matches) or self._goes_on(tokens, before, span):
                before = span
                yield span

    def _goes_on(self, tokens: list[Token], before: tuple[int, int] | None, span: tuple[int, int]) -> bool:
        """ "Not AA or NA"."""
        if before is None:
            return False
        between = tokens[before[1] : span[0]]
        broken = any(token.breaks for token in (*between, tokens[span[0]]))
        return len(between) == 1 and not broken and between[0].word in self._joins

    def _is_abstinence(self, tokens: list[Token]) -> bool:
        """ "I'm not drinking", "no alcohol for 3 days": the only trouble told of stays the trouble."""
        return has_self(tokens, self._family) or any(token.word in self._lasting for token in tokens)


def _whole(tokens: list[Token], match: Match) -> bool:
    return not any(token.breaks for token in tokens[match.start + 1 : match.end])


def _is_denied(tokens: list[Token], span: tuple[int, int], name: bool, matches: list[Match]) -> bool:
    start, end = span
    joined = not tokens[start].breaks
    heard = {match.label for match in matches if match.end == start and joined}
    if "none" in heard:
        return False
    if name and end < len(tokens) and not tokens[end].breaks:
        heard |= {"after_name"} & {match.label for match in matches if match.start == end}
    return "before" in heard or (name and bool(heard & {"before_name", "after_name"}))
