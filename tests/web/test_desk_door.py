"""In and out of the desk: links that open once, sessions that end, and forms from elsewhere."""

import asyncio
import base64
from datetime import timedelta

import pytest
from starlette.responses import Response

from bot.domain.admin import Admin, Role, Scope
from bot.domain.desk_session import IDLE, LINK_VALID, LONGEST, make_link
from bot.services.keys import KeyRing
from bot.web.desk import door
from bot.web.desk.routes import desk_routes
from bot.web.desk.sitting import WebDesk
from tests.helping import AA
from tests.web.desk_rig import Browser, Desk, desk, lent_words

__all__ = ["desk", "lent_words"]
OUT = "You are not signed in"
MINUTE = timedelta(minutes=1)
OTHER_KEY = base64.b64encode(b"b" * 32).decode()


async def ana(desk: Desk) -> Admin:
    return await desk.world.helper(Role.EDITOR, Scope(feeds=frozenset({AA})), "Ana <b>")


async def is_in(browser: Browser) -> bool:
    return OUT not in (await browser.get()).text


async def test_a_link_says_whose_it_is_and_opens_once_by_a_press(desk: Desk) -> None:
    link = await desk.world.desk.sessions.link(await ana(desk))
    for _ in range(3):  # previews, mail scanners, somebody curious
        page = await desk.browser().get(f"in/{link}?lang=en")
        assert page.status == 200
        assert "This link is for Ana <b> (Editor)." in page.words
        assert "Set-Cookie" not in page.headers
    mine, other = desk.browser(), desk.browser()
    assert "What waits" in (await mine.enter(link)).words
    assert await is_in(mine)
    late = await other.enter(link)
    assert (late.status, await is_in(other)) == (403, False)
    assert "This link opens nothing." in late.words
    assert await is_in(mine)
    assert (await desk.browser().enter(link)).status == 403


async def test_of_two_who_press_at_the_same_moment_one_is_in(desk: Desk) -> None:
    link = await desk.world.desk.sessions.link(await ana(desk))
    browsers = [desk.browser() for _ in range(4)]
    answers = await asyncio.gather(*(one.enter(link) for one in browsers))
    assert sorted(one.status for one in answers) == [200, 403, 403, 403]


async def test_a_link_that_is_old_altered_or_of_another_bot_opens_nothing(desk: Desk) -> None:
    who, sessions = await ana(desk), desk.world.desk.sessions
    link = await sessions.link(who)
    key = (await KeyRing(desk.database, setting=OTHER_KEY).keys()).primary
    altered = [link[:at] + ("A" if link[at] != "A" else "B") + link[at + 1 :] for at in range(len(link) - 1)]
    strange = [
        "x",
        "%00",
        link[:-1],
        link + "A",
        make_link(who.id, desk.world.now, key.desk),
        make_link(99, desk.world.now, key.desk),
    ]
    for one in (*altered, *strange):
        for answer in (await desk.browser().get(f"in/{one}?lang=en"), await desk.browser().enter(one)):
            assert answer.status == 403, one
            assert "Ana" not in answer.words
    desk.world.now += LINK_VALID - timedelta(seconds=1)
    assert (await desk.browser().get(f"in/{link}?lang=en")).status == 200
    desk.world.now += timedelta(seconds=1)
    assert (await desk.browser().get(f"in/{link}?lang=en")).status == 403
    assert (await desk.browser().enter(link)).status == 403


async def test_a_session_ends_after_an_hour_without_use_and_after_eight_in_any_case(desk: Desk) -> None:
    who = await ana(desk)
    idle, busy = await desk.signed_in(who), await desk.signed_in(who)
    desk.world.now += IDLE - MINUTE
    assert await is_in(busy)
    desk.world.now += MINUTE
    assert (await is_in(idle), await is_in(busy)) == (False, True)
    for _ in range(int(LONGEST / IDLE) * 2 - 3):
        desk.world.now += IDLE / 2
        assert await is_in(busy)
    desk.world.now += IDLE / 2 + MINUTE
    assert not await is_in(busy)


async def test_a_role_that_was_taken_is_out_with_the_next_page_also_if_it_is_given_again(desk: Desk) -> None:
    who, owner = await ana(desk), await desk.world.helper(Role.OWNER)
    browser, unused = await desk.signed_in(who), await desk.world.desk.sessions.link(who)
    quiet = await desk.signed_in(who)
    desk.world.now += MINUTE
    await desk.world.admins.revoke(owner, who.id)
    assert (await browser.get("meetings")).status == 403
    assert (await browser.post("meetings/new", {"name": "x"})).status == 403
    assert (await desk.browser().enter(unused)).status == 403
    desk.world.now += MINUTE
    again = await desk.world.admins.grant(desk.world.chat_of[who.id], Role.EDITOR)
    assert again.id == who.id
    assert (await is_in(browser), await is_in(quiet)) == (False, False)


async def test_signing_out_ends_this_one_and_everywhere_ends_all_and_links_that_wait(desk: Desk) -> None:
    who, other = await ana(desk), await desk.world.helper(Role.REVIEWER)
    first, second, third = [await desk.signed_in(who) for _ in range(3)]
    beside = await desk.signed_in(other)
    left = await first.post("out")
    assert "You are signed out." in left.words
    assert [await is_in(one) for one in (first, second, third, beside)] == [False, True, True, True]
    unused = await desk.world.desk.sessions.link(who)
    desk.world.now += MINUTE
    await second.post("out", {"everywhere": "1"})
    assert [await is_in(one) for one in (second, third, beside)] == [False, False, True]
    assert (await desk.browser().enter(unused)).status == 403
    desk.world.now += MINUTE
    assert await is_in(await desk.signed_in(who)), "a new link opens"


async def test_the_cookie_is_for_nobody_else(desk: Desk) -> None:
    for origin, name in (("", "openchair_desk"), ("https://bot.example.org", "__Host-openchair_desk")):
        room = WebDesk(*[getattr(desk.room, one) for one in WebDesk.__slots__][:-1], origin)
        answer = Response()
        door._give(room, answer, "secret", 60)
        told = answer.headers["Set-Cookie"]
        assert told.startswith(f"{name}=secret; ")
        assert {"HttpOnly", "SameSite=strict", "Max-Age=60"} <= set(told.split("; "))
        assert ("Secure" in told, "Path=/admin" in told) == (bool(origin), not origin)
        assert "Domain" not in told


def paths() -> list[tuple[str, str]]:
    """Every page, with something in the place of names."""
    room = WebDesk(*[None] * (len(WebDesk.__slots__) - 1))  # type: ignore[arg-type]
    named = {"{kind}": "report", "{key}": "1", "{meeting}": "0" * 14, "{feed}": AA, "{change}": "1", "{person}": "1"}
    found = []
    for route in desk_routes(room):
        path = route.path.removeprefix("/admin").lstrip("/")
        if path.startswith("in/") or path.endswith((".css", ".js")):
            continue
        for name, value in named.items():
            path = path.replace(name, value)
        found += [(verb, path) for verb in sorted(route.methods or ()) if verb in ("GET", "POST")]
    return found


@pytest.mark.parametrize(("verb", "path"), paths())
async def test_to_whoever_is_not_signed_in_every_page_says_only_how_to_come_in(
    desk: Desk, verb: str, path: str
) -> None:
    browser = desk.browser()
    page = await (browser.get(path) if verb == "GET" else browser.post(path, {"do": "save"}))
    assert page.status == 403
    assert OUT in page.text
    assert "Write /admin to the bot" in page.words
    assert page.headers["Cache-Control"] == "no-store"


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "HERE"},
    {"Origin": "https://evil.example.org"},
    {"Origin": "null"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_of_another_page_changes_nothing_and_uses_no_link(desk: Desk, headers: dict[str, str]) -> None:
    who = await ana(desk)
    browser = await desk.signed_in(who)
    headers = {name: value.replace("HERE", desk.root) for name, value in headers.items()}
    answer = await browser.post("out", {"everywhere": "1"}, headers=headers)
    assert (answer.status, await is_in(browser)) == (403, True)
    link = await desk.world.desk.sessions.link(who)
    async with desk.browser().client.post(f"{desk.root}/admin/in/{link}", headers=headers) as refused:
        assert refused.status == 403
    assert (await desk.browser().enter(link)).status == 200, "it was not used up"


async def test_an_old_browser_that_only_names_the_origin_is_believed(desk: Desk) -> None:
    browser = await desk.signed_in(await ana(desk))
    assert (await browser.post("out", headers={"Origin": desk.root})).status == 200
    assert not await is_in(browser)


async def test_a_form_without_the_token_of_this_session_changes_nothing(desk: Desk) -> None:
    who = await ana(desk)
    browser, other = await desk.signed_in(who), await desk.signed_in(who)
    assert browser.token != other.token
    for token in ("", "0" * 32, other.token, browser.token[:-1]):
        answer = await browser.post("out", {"everywhere": "1"}, token=token)
        assert (answer.status, await is_in(browser)) == (403, True)
        assert "Nothing was changed." in answer.words


async def test_nothing_on_a_page_comes_from_elsewhere_or_stands_inline(desk: Desk) -> None:
    browser = await desk.signed_in(await ana(desk))
    pages = ("", "meetings", "lists", "upload", "history", "preview", "meetings/new", "words", "numbers", "people")
    for path in (*pages, "nothing"):
        page = await browser.get(path)
        if path != "nothing":
            policy = page.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; style-src 'self'; ")
            assert "unsafe" not in policy
            assert ("script-src 'self';" in policy) is ("<script" in page.text) is (path == "meetings")
            assert page.text.count("<script") == page.text.count('<script src="../admin/')
            assert not [bad for bad in ("<style", " style=", " onclick", "http-equiv") if bad in page.text]
        assert page.headers["X-Frame-Options"] == "DENY"
    style = await desk.browser().get("desk.css")
    assert "url(" not in style.text
    assert "@import" not in style.text


async def test_too_much_is_not_read(desk: Desk) -> None:
    browser = await desk.signed_in(await ana(desk))
    answer = await browser.post("meetings/new", {"notes": "x" * 600_000})
    assert answer.status == 413
    assert "Nothing was changed." in answer.words
    many = [(f"f{number}", "x") for number in range(3_000)]
    assert (await browser.post("meetings/new", many)).status == 413


async def test_nothing_that_opens_the_desk_is_kept_as_it_is(desk: Desk) -> None:
    who = await ana(desk)
    link = await desk.world.desk.sessions.link(who)
    browser = desk.browser()
    await browser.enter(link)
    secret = next(one.value for one in browser.client.cookie_jar)
    async with desk.database.snapshot() as connection:
        rows = repr([tuple(row) for row in await connection.exec_driver_sql("select * from desk_sessions")])
    assert len(rows) > 100
    assert secret not in rows
    assert link not in rows
