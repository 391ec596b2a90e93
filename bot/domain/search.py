"""What a person asks for: one object, made by buttons, by typed text and by links alike.

The numbers stand in buttons that live for years: add at the end, never move one.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum

from bot.domain.place import Place
from bot.domain.when import ANY_TIME, When

NEEDS: dict[str, int] = {
    name: number
    for number, name in enumerate(
        "alcohol drugs opioids stimulants cannabis nicotine gambling food sex_love money technology "
        "relationships family mental_health".split(),
        start=1,
    )
}
FILTERS: dict[str, int] = {
    name: bit
    for bit, name in enumerate(
        "in_person hybrid phone wheelchair women men lgbtq young newcomers seniors poc indigenous open secular "
        "medication dual child_friendly sign_language speaker discussion step_study meditation round_the_clock "
        "listen_only signs_slips goal_stop goal_less goal_own".split()
    )
}
"""Filters beside `lang_xx`, which is carried as a language number."""
LANGUAGES: dict[str, int] = {
    code: number
    for number, code in enumerate(
        "en es fr de it pt nl pl ru uk sv no da fi is el he ar fa hi pa ne th ja ko zh tl tr hu cs sk sl hr bg lt lv "
        "et ka mt ml am af ro sr vi id cy ga ta te bn ur sw eu ca gl".split(),
        start=1,
    )
}
RINGS_KM = (2, 5, 15, 50)
PAGE_ROWS = 5


class Order(IntEnum):
    """How a list is ordered. Numbers are packed into buttons."""

    TURNS = 0
    NEAREST = 1
    SOONEST = 2


@dataclass(frozen=True, slots=True)
class Search:
    """A search as asked. Everything in it was said by the person; nothing is inferred about them.

    `online`: True online only, False in person only, None both as the order of the list has it.
    `seed` shuffles which kind begins (0..65535); `page` counts from 1; `reach_km` is the widest ring.
    """

    place: Place | None = None
    online: bool | None = None
    needs: tuple[str, ...] = ()
    fellowships: tuple[str, ...] = ()
    when: When = ANY_TIME
    filters: frozenset[str] = field(default_factory=frozenset)
    order: Order = Order.TURNS
    seed: int = 0
    page: int = 1
    reach_km: int = RINGS_KM[-1]
    stated_groups: bool = False  # show the groups for stated people (women, a trade, a faith) too
    language: str = "en"  # of the person's screens

    @property
    def meeting_language(self) -> str | None:
        """The language asked for by a `lang_xx` filter, if any."""
        return next((name[5:] for name in self.filters if name.startswith("lang_")), None)

    @property
    def says_something(self) -> bool:
        """Whether anything was asked for yet, beside a language and an order."""
        asked = (self.place, self.needs, self.fellowships, self.filters)
        return any(asked) or self.online is not None or self.when != ANY_TIME

    def with_page(self, page: int) -> "Search":
        """The same search on another page."""
        return replace(self, page=page)
