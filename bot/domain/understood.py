"""What a typed text was understood to say, and the search that follows from it."""

from dataclasses import dataclass, replace

from bot.domain.buttons import MAX_FELLOWSHIPS, MAX_NEEDS
from bot.domain.place import Place
from bot.domain.search import NEEDS, Search
from bot.domain.when import When


@dataclass(frozen=True, slots=True)
class Understood:
    """The reading of one text. Nothing in it is a guess about the person; `unknown` words changed nothing.

    `urgent`: "self_harm", "medical", "violence", "threat" or None. `places`: one is sure, several ask, none is
    unknown. `when` is None where no time was said. `language` is the one the text was read in, None if unclear.
    `topics` name written answers that the text touches: "court", "medicine_shamed", "privacy", "urgent_help" …
    """

    urgent: str | None = None
    fellowships: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    online: bool | None = None
    when: When | None = None
    filters: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    language: str | None = None
    topics: tuple[str, ...] = ()
    names_meetings: bool = False  # a meeting or a group, in so many words

    @property
    def asks_something(self) -> bool:
        """Whether anything was understood that a search can use."""
        return bool(self.fellowships or self.needs or self.places or self.filters or self.when) or (
            self.online is not None
        )


def merged(base: Search, heard: Understood) -> Search:
    """A search with what a text said put in; what the text is silent on stays as it was."""
    changes: dict[str, object] = {"page": 1}
    if heard.needs:
        changes["needs"] = tuple(need for need in heard.needs if need in NEEDS)[:MAX_NEEDS]
    if heard.fellowships:
        changes["fellowships"] = heard.fellowships[:MAX_FELLOWSHIPS]
    if len(heard.places) == 1:
        changes["place"] = heard.places[0]
    if heard.online is not None:
        changes["online"] = heard.online
    if heard.when is not None:
        changes["when"] = heard.when
    if heard.filters:
        changes["filters"] = base.filters | heard.filters
    return replace(base, **changes)  # type: ignore[arg-type]


def reachable(search: Search) -> Search:
    """The search as it can be answered: with neither place nor way it means online, from where the person is."""
    return replace(search, online=True) if search.place is None and search.online is None else search
