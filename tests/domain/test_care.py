"""What a person should meet beside the groups they asked for."""

import pytest

from bot.domain.care import Care, care
from bot.domain.fellowship import Fellowship, Tradition


def kind(*needs: str, family: bool = False) -> Fellowship:
    """A kind for these needs."""
    return Fellowship("x", 1, "X", "X", Tradition.OTHER, needs, family=family)


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ((), set()),
        (("gambling",), set()),
        (("alcohol",), {Care.ALCOHOL}),
        (("opioids",), {Care.OPIOIDS, Care.FIRST_TRY}),
        (("drugs",), {Care.SEDATIVES, Care.FIRST_TRY}),
        (("alcohol", "drugs"), {Care.ALCOHOL, Care.SEDATIVES, Care.FIRST_TRY}),
        (("stimulants",), {Care.FIRST_TRY}),
        (("family",), set()),
        (("family", "alcohol"), set()),
        (("family", "opioids"), {Care.OPIOIDS, Care.OVERDOSE}),
    ],
)
def test_each_need_has_its_own_words(needs: tuple[str, ...], said: set[Care]) -> None:
    assert care(needs) == said


def test_a_kind_that_is_for_opioids_above_all_speaks_of_them_when_it_is_named() -> None:
    assert Care.OPIOIDS in care((), [kind("opioids", "drugs")])
    assert Care.OPIOIDS in care((), [kind("opioids", "drugs", "alcohol")])


def test_a_kind_for_any_drug_says_nothing_of_opioids_that_nobody_mentioned() -> None:
    assert care((), [kind("drugs", "opioids", "stimulants", "cannabis", "alcohol")]) == set()


def test_a_kind_for_drinking_alone_warns_when_it_is_named() -> None:
    assert care((), [kind("alcohol")]) == {Care.ALCOHOL}


def test_a_named_family_kind_gives_no_warning_to_somebody_who_does_not_drink() -> None:
    assert care((), [kind("alcohol", family=True)]) == set()
