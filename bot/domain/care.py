"""What a person should meet beside the groups they asked for: a warning, a word on medicines, a road to treatment.

It follows from what was said and nothing else: the needs of a search, and the kinds it names.
"""

from collections.abc import Iterable
from enum import Enum

from bot.domain.fellowship import Fellowship

DRUGS = frozenset({"drugs", "opioids", "stimulants", "cannabis"})
_OPIOID_KINDS = frozenset({"drugs", "opioids", "alcohol"})  # all that a kind for opioids above all may serve


class Care(Enum):
    """One thing to say; `value` is what templates ask for."""

    OPIOIDS = "opioids"  # medicines come first, and the road to treatment
    OVERDOSE = "overdose"  # signs and naloxone, for those around a person
    ALCOHOL = "alcohol"  # stopping fast can be dangerous
    SEDATIVES = "sedatives"  # the same of sleeping pills, benzodiazepines, GHB
    FIRST_TRY = "first_try"  # a first group may not fit: harder to find among groups for drugs


def care(needs: Iterable[str], named: Iterable[Fellowship] = ()) -> frozenset[Care]:
    """What to say along with a list for these needs, or for these named kinds.

    Warnings are for the person who drinks or uses, so the family door has none of them.
    """
    about, kinds = set(needs), tuple(named)
    family = "family" in about or any(kind.family for kind in kinds)
    about |= {need for kind in kinds for need in _above_all(kind)}
    found = {Care.OPIOIDS} if "opioids" in about else set()
    if family:
        return frozenset(found | ({Care.OVERDOSE} if found else set()))
    if "alcohol" in about:
        found.add(Care.ALCOHOL)
    if "drugs" in about:
        found.add(Care.SEDATIVES)
    if about & DRUGS:
        found.add(Care.FIRST_TRY)
    return frozenset(found)


def _above_all(kind: Fellowship) -> set[str]:
    """What a kind named alone is about: drinking, or opioids; nothing of a kind that is for many things."""
    needs = set(kind.needs)
    if "opioids" in needs and needs <= _OPIOID_KINDS:
        return {"opioids"}
    return {"alcohol"} if needs == {"alcohol"} else set()
