"""A search put into numbers: which rows may be listed, under which kind, and when they must start."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bot.domain.filters import Rule
from bot.services.index.columns import Ints, Mask, Profiles, Shorts
from bot.services.index.zones import Span

SAID, UNSAID = 0, 1
TIERS = (SAID, UNSAID)
"""Rows that say yes to every filter, then rows whose list does not say."""


@dataclass(frozen=True, slots=True)
class Ask:
    """`slots`: for each profile tier * kinds + kind; 2 * kinds for rows that are not listed."""

    span: Span
    kinds: Mask
    slots: Shorts
    plain: bool  # no filter and no row left out: the kind alone decides
    gone: Ints  # ranks of rows that the store no longer has, in order

    @property
    def dropped(self) -> int:
        """The slot of rows that are not listed."""
        return 2 * len(self.kinds)


def slots_of(profiles: Profiles, kinds: Mask, rules: Collection[Rule]) -> Shorts:
    """The slots of an Ask. `kinds`: which kinds may be listed."""
    count = len(kinds)
    slots = profiles.kind
    dropped = ~kinds[profiles.kind]
    if rules:
        unsaid = np.zeros(len(slots), dtype=np.bool_)
        for rule in rules:
            bits = profiles.languages if rule.of_languages else profiles.facts
            yes = (bits & rule.yes) != 0
            dropped |= ~yes & ((bits & rule.no) != 0)
            unsaid |= ~yes
        slots = slots + unsaid * np.int16(count)
    return np.where(dropped, np.int16(2 * count), slots)
