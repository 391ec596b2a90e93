"""Which kinds fit what a person said."""

from bot.domain.fellowship import Fellowship, Tradition, serves


def _kind(*needs: str, family: bool = False) -> Fellowship:
    return Fellowship("x", 1, "X", "X", Tradition.OTHER, needs, family=family)


def test_without_a_need_every_kind_fits() -> None:
    assert serves(_kind("gambling"), ())
    assert serves(_kind("alcohol", family=True), ())


def test_a_drinking_person_is_not_sent_to_a_family_group() -> None:
    assert serves(_kind("alcohol"), ("alcohol",))
    assert not serves(_kind("alcohol", family=True), ("alcohol",))


def test_a_mother_is_not_sent_to_a_group_for_people_who_use() -> None:
    assert not serves(_kind("opioids"), ("family", "opioids"))
    assert serves(_kind("opioids", "drugs", family=True), ("family", "opioids"))


def test_the_substance_chooses_among_family_groups() -> None:
    assert not serves(_kind("gambling", family=True), ("family", "opioids"))
    assert serves(_kind("gambling", family=True), ("family",))
