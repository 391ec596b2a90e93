"""What a typed text was understood to say."""

from dataclasses import dataclass

from bot.domain.place import Place
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

    @property
    def asks_something(self) -> bool:
        """Whether anything was understood that a search can use."""
        return bool(self.fellowships or self.needs or self.places or self.filters or self.when) or (
            self.online is not None
        )
