"""Who may do what to what: the table, walked whole against one written by hand."""

import secrets
from itertools import product

import pytest

from bot.domain import invitation
from bot.domain.admin import EVERYTHING, Admin, Deed, Role, Scope, clean_name, does, is_area, may, place_scope
from tests.helping import IN_AA, NOT_IN_AA

MEETING = place_scope(fellowship="aa", country="US", region="Oregon", feed="aa-denver")
ALL = set(Deed)
EDITORS = {
    Deed.SYNC_FEED, Deed.ACCEPT_HELD, Deed.REFUSE_HELD, Deed.EDIT_MEETING, Deed.REVIEW, Deed.BULK,
    Deed.ANSWER_REPORTS, Deed.SEE_HISTORY,
}  # fmt: skip
REVIEWERS = {
    Deed.ACCEPT_HELD, Deed.REFUSE_HELD, Deed.REVIEW, Deed.ANSWER_REPORTS, Deed.ANSWER_SUGGESTIONS, Deed.SEE_HISTORY,
}  # fmt: skip
INSIDE = {Role.OWNER: ALL, Role.ADMIN: ALL - {Deed.EXPORT_AUDIT}, Role.EDITOR: EDITORS, Role.REVIEWER: REVIEWERS}
UNBOUND = {**INSIDE, Role.ADMIN: ALL}
GIVES = {
    Role.OWNER: {Role.OWNER, Role.ADMIN, Role.EDITOR, Role.REVIEWER},
    Role.ADMIN: {Role.ADMIN, Role.EDITOR, Role.REVIEWER},
    Role.EDITOR: set(),
    Role.REVIEWER: set(),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", [*IN_AA.values(), *NOT_IN_AA.values()], ids=[*IN_AA, *NOT_IN_AA])
def test_a_deed_is_permitted_where_role_and_scope_both_reach_and_nowhere_else(role: Role, scope: Scope) -> None:
    admin = Admin(1, role, scope)
    feed = Scope(frozenset({"aa"}), frozenset({"US"}), frozenset({"aa-denver"}))
    expected = UNBOUND[role] if not scope else INSIDE[role] if scope in IN_AA.values() else set()
    assert {deed for deed in Deed if may(admin, deed, feed)} == expected
    assert {deed for deed in Deed if may(admin, deed, EVERYTHING)} == (UNBOUND[role] if not scope else set())
    assert {deed for deed in Deed if does(admin, deed)} == (INSIDE[role] if scope else UNBOUND[role])


@pytest.mark.parametrize(("giver", "given"), list(product(Role, Role)))
def test_nobody_gives_more_than_they_have(giver: Role, given: Role) -> None:
    narrow, wide = Scope(feeds=frozenset({"a"})), Scope(feeds=frozenset({"a", "b"}))
    assert may(Admin(1, giver), Deed.MANAGE_ADMINS, narrow, given) is (given in GIVES[giver])
    assert may(Admin(1, giver, narrow), Deed.MANAGE_ADMINS, narrow, given) is (given in GIVES[giver])
    assert not may(Admin(1, giver, narrow), Deed.MANAGE_ADMINS, wide, given)
    assert not may(Admin(1, giver, narrow), Deed.MANAGE_ADMINS, EVERYTHING, given)


@pytest.mark.parametrize(
    ("areas", "inside"),
    [({"US"}, True), ({"US/Oregon"}, True), ({"us/OREGON"}, True), ({"US/Ohio"}, False), ({"GB", "ES"}, False)],
)
def test_a_country_holds_its_regions_and_a_region_only_itself(areas: set[str], inside: bool) -> None:
    assert Scope(areas=frozenset(areas)).covers(MEETING) is inside


def test_a_meeting_whose_country_nobody_knows_belongs_to_no_area() -> None:
    assert not Scope(areas=frozenset({"US"})).covers(place_scope(fellowship="aa", feed="aa-denver"))


def test_two_scopes_together_cover_what_either_covers() -> None:
    both = Scope(feeds=frozenset({"a"})).together(Scope(fellowships=frozenset({"aa"})))
    assert both == EVERYTHING
    kinds = Scope(fellowships=frozenset({"aa"})).together(Scope(fellowships=frozenset({"na"})))
    assert kinds == Scope(fellowships=frozenset({"aa", "na"}))


@pytest.mark.parametrize(
    ("text", "known"),
    [("GB", True), ("US/New York", True), *((one, False) for one in ("gb", "GBR", "US/", "US/a,b", "US/ ", ""))],
)
def test_an_area_is_a_country_or_a_part_of_one(text: str, known: bool) -> None:
    assert is_area(text) is known


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ana\n Maria ", "Ana Maria"),
        ("\u202eevil\u200b", "evil"),
        ("\x00\x1b[2J", "[2J"),
        ("x" * 99, "x" * 40),
        ("\n", ""),
    ],
)
def test_a_name_is_one_line_of_what_can_be_seen(typed: str, name: str) -> None:
    assert clean_name(typed) == name


def test_a_code_is_read_as_it_was_written_however_it_is_typed() -> None:
    for number in (0, (1 << 100) - 1, *(secrets.randbits(100) for _ in range(50))):
        code = invitation.written(number)
        assert [len(part) for part in code.split("-")] == [5, 5, 5, 5]
        for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('O', '0').replace('I', '1')} "):
            assert invitation.read(typed) == number
        assert invitation.joined(*invitation.halves(number)) == number


@pytest.mark.parametrize("typed", ["", "hello", "A" * 19, "A" * 21, "ÄAAAA" * 4, "9" * 20])
def test_words_that_are_no_code_are_not_read_as_one(typed: str) -> None:
    assert invitation.read(typed) is None
