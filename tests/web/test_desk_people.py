"""People who help, on the web: seen, invited, given another role, and let go, as carefully as in the chat."""

import re

import pytest

from bot.domain.admin import Admin, Role, Scope
from bot.domain.invitation import read
from tests.helping import AA, NA
from tests.web.desk_rig import Browser, Desk, Shown, desk, lent_words

__all__ = ["desk", "lent_words"]
OF_AA = Scope(feeds=frozenset({AA}))


async def owner(desk: Desk) -> tuple[Admin, Browser]:
    who = await desk.world.helper(Role.OWNER, name="Ana")
    return who, await desk.signed_in(who)


async def one(desk: Desk, person: Admin) -> Admin:
    return await desk.world.admins.one(person.id)


async def looked(browser: Browser, path: str, **chosen: list[str]) -> Shown:
    """The form of a page filled in, and the difference that comes of it."""
    fields = (await browser.get(path)).form('name="areas"')
    return await browser.post(path, fields | chosen | {"do": ["look"]})


async def test_everybody_who_helps_is_named_as_they_chose_with_role_and_scope(desk: Desk) -> None:
    _, browser = await owner(desk)
    alone = await browser.get("people")
    assert "Nobody else helps yet." in alone.words
    bo, nameless = (
        await desk.world.helper(Role.EDITOR, OF_AA, "Bo <i>"),
        await desk.world.helper(Role.REVIEWER),
    )
    people = await browser.get("people")
    assert "Ana you Owner everything" in people.words
    assert "Bo <i> Editor aa-denver" in people.words
    assert f"Helper no. {nameless.id} Reviewer" in people.words
    assert not [chat for chat in desk.world.chat_of.values() if str(chat) in people.text]
    assert "Bo <i>" in (await browser.get(f"people/{bo.id}")).words
    for odd in ("people/0", "people/x", "people/999"):
        assert (await browser.get(odd)).status == 404


async def test_an_invitation_is_looked_at_made_once_and_can_be_taken_back(desk: Desk) -> None:
    _, browser = await owner(desk)
    sure = await looked(browser, "people/new", role=["editor"], kind=["aa"], areas=["gb\nUS / Oregon"])
    assert "Editor. Changes meetings" in sure.words
    assert "AA; United Kingdom and Oregon (United States)" in sure.words
    assert await desk.world.admins.invited((await desk.world.admins.listed())[0]) == []
    made = await browser.post("people/new", sure.form('value="save"') | {"do": ["save"]})
    code = re.search(r"/admin ([A-Z2-7-]{23})", made.words)
    assert code is not None
    assert "https://t.me/open_chair_bot?start=" in made.words
    assert made.headers["Cache-Control"] == "no-store"
    waiting = await browser.get("people")
    assert code[1] not in waiting.text, "a code is shown once"
    assert "Editor AA; United Kingdom" in waiting.words
    way = re.search(r"history/(\d+)", waiting.text)
    assert way is not None
    offered = await desk.world.admins.offered(read(code[1]) or 0)
    assert offered.scope == Scope(frozenset({"aa"}), frozenset({"GB", "US/Oregon"}))
    await browser.post(f"history/{way[1]}", (await browser.get(f"history/{way[1]}")).form("Undo"))
    assert "No invitation waits." in (await browser.get("people")).words


async def test_another_role_is_shown_before_and_after_saved_and_taken_back(desk: Desk) -> None:
    _, browser = await owner(desk)
    bo = await desk.world.helper(Role.EDITOR, OF_AA, "Bo")
    sure = await looked(browser, f"people/{bo.id}", role=["reviewer"], feed=[AA, NA])
    assert "Editor Reviewer" in sure.words
    assert "aa-denver aa-denver and na-spain" in sure.words
    assert (await one(desk, bo)).role is Role.EDITOR
    done = await browser.post(f"people/{bo.id}", sure.form('value="save"') | {"do": ["save"]})
    assert "The role is changed." in done.words
    assert (await one(desk, bo)).scope.feeds == {AA, NA}
    await browser.post("undo", done.form('name="changes"'))
    assert ((await one(desk, bo)).role, (await one(desk, bo)).scope) == (Role.EDITOR, OF_AA)
    same = await looked(browser, f"people/{bo.id}")
    assert "Nothing changes." in same.words


async def test_a_role_is_taken_after_asking_and_given_back(desk: Desk) -> None:
    _, browser = await owner(desk)
    bo = await desk.world.helper(Role.EDITOR, OF_AA, "Bo")
    theirs = await desk.signed_in(bo)
    page = await browser.get(f"people/{bo.id}")
    asked = await browser.post(f"people/{bo.id}", page.form("ask_revoke") | {"do": ["ask_revoke"]})
    assert "Take the role of Bo?" in asked.words
    assert (await theirs.get()).status == 200
    done = await browser.post(f"people/{bo.id}", asked.form('value="revoke"') | {"do": ["revoke"]})
    assert "The role is taken." in done.words
    assert (await theirs.get()).status == 403
    assert (await browser.get(f"people/{bo.id}")).status == 404
    await browser.post("undo", done.form('name="changes"'))
    assert (await one(desk, bo)).role is Role.EDITOR


async def test_two_who_decide_on_one_person_do_not_overwrite_each_other(desk: Desk) -> None:
    (ana, browser), bo = await owner(desk), await desk.world.helper(Role.EDITOR, OF_AA, "Bo")
    sure = await looked(browser, f"people/{bo.id}", role=["reviewer"])
    page = await browser.get(f"people/{bo.id}")
    await desk.world.admins.change(ana, bo.id, Role.ADMIN, OF_AA)
    for stale in (sure.form('value="save"') | {"do": ["save"]}, page.form("ask_revoke") | {"do": ["revoke"]}):
        answer = await browser.post(f"people/{bo.id}", stale)
        assert answer.status == 409
        assert "Somebody changed this meanwhile." in answer.words
        assert (await one(desk, bo)).role is Role.ADMIN
    await desk.world.admins.revoke(ana, bo.id)
    assert (await browser.post(f"people/{bo.id}", sure.form('value="save"') | {"do": ["save"]})).status == 404


async def test_the_last_owner_stays_and_nobody_decides_on_themselves(desk: Desk) -> None:
    ana, browser = await owner(desk)
    mine = await browser.get(f"people/{ana.id}")
    assert "Nobody decides on their own role." in mine.words
    assert "ask_revoke" not in mine.text
    for do in ("save", "revoke", "ask_revoke"):
        answer = await browser.post(f"people/{ana.id}", {"do": do, "role": "reviewer", "seen": "0"})
        assert answer.status == 403
    assert (await one(desk, ana)).role is Role.OWNER


FORGED: list[dict[str, str | list[str]]] = [
    {"role": "owner"},
    {"role": "admin", "feed": NA},
    {"role": "editor", "kind": "na"},
    {"role": "editor", "areas": "ES"},
    {"role": "king"},
    {"role": ""},
    {"role": "reviewer", "kind": ["nothing"]},
]


@pytest.mark.parametrize("fields", FORGED, ids=str)
async def test_nobody_gives_more_than_they_have_whatever_the_form_says(
    desk: Desk, fields: dict[str, str | list[str]]
) -> None:
    who = await desk.world.helper(Role.ADMIN, Scope(frozenset({"aa"}), frozenset({"US"}), frozenset({AA})), "Al")
    bo = await desk.world.helper(Role.REVIEWER, Scope(frozenset({"aa"}), frozenset({"US"}), frozenset({AA})), "Bo")
    browser = await desk.signed_in(who)
    seen = (await browser.get(f"people/{bo.id}")).form("ask_revoke")["seen"]
    for path in ("people/new", f"people/{bo.id}"):
        for do in ("look", "save"):
            answer = await browser.post(path, {"areas": "", "seen": seen, **fields, "do": do})
            assert answer.status == 403, (path, answer.words)
    assert not await desk.world.admins.invited(who)
    assert (await one(desk, bo)).role is Role.REVIEWER


async def test_what_is_left_open_is_what_the_giver_has(desk: Desk) -> None:
    mine = Scope(areas=frozenset({"US"}))
    browser = await desk.signed_in(await desk.world.helper(Role.ADMIN, mine, "Al"))
    sure = await looked(browser, "people/new", role=["editor"], kind=["aa"])
    assert "AA; United States" in sure.words
    wrong = await browser.post("people/new", {"do": "look", "role": "editor", "areas": "US/Oregon\nNowhere <b>"})
    assert wrong.status == 422
    assert "I do not know: Nowhere <b>." in wrong.words
    assert "US/Oregon" in wrong.form('name="areas"')["areas"][0], "what was typed stays"


async def test_whoever_manages_nobody_sees_no_way_there(desk: Desk) -> None:
    for role in (Role.EDITOR, Role.REVIEWER):
        browser = await desk.signed_in(await desk.world.helper(role))
        assert "/people" not in (await browser.get()).text
        for path in ("people", "people/new", "people/1"):
            assert (await browser.get(path)).status == 403


async def test_an_owner_of_the_settings_is_only_theirs_to_change(desk: Desk) -> None:
    desk.world.admins._owners = frozenset({7_700_999})
    named = await desk.world.admins.of(7_700_999)
    assert named is not None
    _, browser = await owner(desk)
    page = await browser.get(f"people/{named.id}")
    assert "This owner stands in the settings of the bot." in page.words
    answer = await browser.post(f"people/{named.id}", {"do": "revoke", "seen": "1"})
    assert answer.status == 403
