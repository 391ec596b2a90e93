"""What stands beside a list of groups: warnings, a word on medicines, and the road to treatment."""

from bot.domain.buttons import Action
from bot.domain.care import Care, care
from bot.domain.search import Search
from bot.views.frame import Frame
from bot.views.screen import Button


def care_of(frame: Frame, search: Search | None = None) -> frozenset[Care]:
    """What to say along with a search (the present one if none is given)."""
    search = search or frame.search
    return care(search.needs, [frame.kind(kind) for kind in search.fellowships])


def spoken(found: frozenset[Care]) -> set[str]:
    """As templates ask for it: `"alcohol" in care`."""
    return {one.value for one in found}


def treatment_button(frame: Frame, search: Search | None = None) -> Button:
    """The way to treatment, in the country of the place that was said."""
    return frame.button("treatment", Action.TREATMENT, frame.near(search))


def first_rows(frame: Frame, search: Search) -> tuple[tuple[Button, ...], ...]:
    """What comes before the groups: for opioids the road to treatment, at the family door the overdose page too."""
    found = care_of(frame, search)
    if Care.OPIOIDS not in found:
        return ()
    row = [treatment_button(frame, search)]
    if Care.OVERDOSE in found:
        row.append(frame.article("overdose"))
    return (tuple(row),)
