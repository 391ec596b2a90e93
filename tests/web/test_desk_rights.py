"""Whose press does what on the desk: each deed, by each role, inside and outside of what somebody looks after."""

import base64
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.admin import EVERYTHING, Admin, Deed, Role, Scope, may
from bot.domain.exceptions import closed
from bot.domain.meeting import Meeting, id_text
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import Kind as About
from bot.domain.suggestion import Subject
from bot.services.admins import mark_of
from bot.services.suggestions import Suggestions
from bot.store import meetings as listings
from tests.helping import AA, IN_AA, MEET, NA, NOT_IN_AA
from tests.web.desk_rig import Browser, Desk, Shown, desk, lent_words

__all__ = ["desk", "lent_words"]
OREGON = Scope(frozenset({"aa"}), frozenset({"US/Oregon"}), frozenset({AA}))
TEAMS = "https://teams.microsoft.com/l/meetup-join/5550100"
PLACE = {"country": "US", "region": "Oregon"}


async def the_meeting(desk: Desk) -> str:
    """The one meeting of the list, in its country; its id as it stands in an address."""
    await desk.world.listed("Night Lamp", "Early Birds")
    found = await desk.world.meetings()
    some = [replace(one, **PLACE) for one in found.values()]
    async with desk.database.begin() as connection:
        await listings.replace_feed(connection, AA, some)
    return id_text(found["Night Lamp"].id)


async def change(browser: Browser, desk: Desk, meeting: str) -> Shown:
    seen = await browser.get(f"meetings/{meeting}")
    return await browser.post(f"meetings/{meeting}", {"do": "save", "notes": "New words", "seen": seen_in(seen)})


def seen_in(page: Shown) -> str:
    return page.form('name="seen"')["seen"][0] if 'name="seen"' in page.text else "1"


async def change_many(browser: Browser, desk: Desk, meeting: str) -> Shown:
    look = [("do", "look"), ("m", meeting), ("field", "notes"), ("value", "New words")]
    page = await browser.post("meetings/many", look)
    save = [("do", "save"), *look[1:], ("seen", seen_in(page))]
    return await browser.post("meetings/many", save)


async def end(browser: Browser, desk: Desk, meeting: str) -> Shown:
    seen = seen_in(await browser.get(f"meetings/{meeting}"))
    return await browser.post(f"meetings/{meeting}", {"do": "end", "seen": seen})


async def check(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post(f"meetings/{meeting}", {"do": "checked"})


async def check_many(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post("meetings/many", [("do", "checked"), ("m", meeting)])


async def duplicate(browser: Browser, desk: Desk, meeting: str) -> Shown:
    page = await browser.get(f"meetings/new?like={meeting}")
    fields = page.form('name="like"') if page.status == 200 else {"like": [meeting], "was-name": ["x"]}
    return await browser.post("meetings/new", fields | {"weekday": ["Friday"], "start": ["07:00"]})


async def upload(browser: Browser, desk: Desk, meeting: str) -> Shown:
    sheet = json.dumps([{"id": meeting, "feed": AA, "notes": "New words"}])
    page = await browser.post("upload", {"name": "x.json", "data": packed(sheet)})
    if 'name="go"' not in page.text:
        return page
    fields = page.form('name="data"')
    mark = page.text.partition('name="go" value="')[2].partition('"')[0]
    return await browser.post("upload", fields | {"go": mark})


def packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode())).decode()


async def turn_off(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post(f"lists/{AA}", {"step": "off"})


async def read_now(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post(f"lists/{AA}", {"step": "sync"})


async def mark(desk: Desk) -> str:
    return str((await desk.world.sync.waiting(AA)).mark)


async def accept(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post(f"lists/{AA}", {"step": "accept", "mark": await mark(desk)})


async def refuse(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post(f"lists/{AA}", {"step": "refuse", "mark": await mark(desk)})


async def turn_on(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.sync.disable(AA)
    return await browser.post(f"lists/{AA}", {"step": "on"})


async def put_off(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.desk.reports.keep(await listed(desk, meeting), ReportKind.TIME)
    return await browser.post(f"queue/report/{int(meeting, 16)}", {"step": "put_off", "choice": "1"})


async def answer_report(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.desk.reports.keep(await listed(desk, meeting), ReportKind.PLACE)
    return await browser.post(f"queue/report/{int(meeting, 16)}", {"step": "reject", "choice": "1"})


async def listed(desk: Desk, meeting: str) -> Meeting:
    return next(one for one in (await desk.world.meetings()).values() if one.id == int(meeting, 16))


async def answer_suggestion(browser: Browser, desk: Desk, meeting: str) -> Shown:
    key = await suggested(desk)
    return await browser.post(f"queue/suggestion/{key}", {"step": "reject", "choice": "1"})


async def use_suggestion(browser: Browser, desk: Desk, meeting: str) -> Shown:
    key = await suggested(desk)
    return await browser.post(f"queue/suggestion/{key}", {"step": "accept"})


async def suggested(desk: Desk) -> int:
    """A suggestion about the card of AA; its number."""
    suggestions = Suggestions(desk.database, clock=lambda: desk.world.now)
    before = len(await suggestions.queue())
    await suggestions.keep(Subject(About.FELLOWSHIP, "aa", "en"), f"See https://example.org/{before}")
    return (await suggestions.queue())[-1].id


async def invite(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.post("people/new", {"do": "save", "role": "reviewer", "areas": ""})


async def change_role(browser: Browser, desk: Desk, meeting: str) -> Shown:
    fields = {"do": "save", "role": "reviewer", "areas": "", "feed": AA, "kind": "aa"}
    return await to_helper(browser, desk, fields)


async def take_role(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await to_helper(browser, desk, {"do": "revoke"})


async def to_helper(browser: Browser, desk: Desk, fields: dict[str, str]) -> Shown:
    """A deed to somebody who looks after what there is of AA in Oregon, as if their page had just been shown."""
    person = await desk.world.helper(Role.EDITOR, OREGON)
    return await browser.post(f"people/{person.id}", fields | {"seen": str(mark_of(person))})


async def look_back(browser: Browser, desk: Desk, meeting: str) -> Shown:
    number = next(one.id for one in await desk.world.history() if one.subject.kind == "meeting")
    return await browser.get(f"history/{number}")


async def export(browser: Browser, desk: Desk, meeting: str) -> Shown:
    return await browser.get("history.csv")


async def undo(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.desk.meetings.change(None, [int(meeting, 16)], {"notes": "Not these"})
    last = (await desk.world.history())[0]
    return await browser.post("undo", {"changes": str(last.id)})


async def change_cell(browser: Browser, desk: Desk, meeting: str) -> Shown:
    page = await browser.get(f"meetings?open={meeting}.notes")
    fields = page.form('name="was-notes"') if page.status == 200 else {"field": ["notes"], "seen": ["1"]}
    typed = {"notes": ["New words"], "looked": ["New words"], "do": ["save"]}
    return await browser.post(f"meetings/{meeting}/cell", fields | typed)


async def undo_cell(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.desk.meetings.change(None, [int(meeting, 16)], {"notes": "Not these"})
    last = (await desk.world.history())[0]
    return await browser.post(f"meetings/{meeting}/cell", {"do": "undo", "field": "notes", "changes": str(last.id)})


async def close(browser: Browser, desk: Desk, meeting: str) -> Shown:
    asked = {"m": meeting, "what": "suspend", "first": "2026-12-01", "open": "1"}
    return await browser.post("meetings/days", asked | {"do": "save"})


async def open_again(browser: Browser, desk: Desk, meeting: str) -> Shown:
    await desk.world.desk.days.put(None, [int(meeting, 16)], closed(date(2026, 12, 1), None))
    return await browser.post("meetings/days", {"do": "remove", "m": meeting, "first": "2026-12-01"})


Do = Callable[[Browser, Desk, str], Awaitable[Shown]]
DEEDS: dict[str, tuple[Do, Deed]] = {
    "change": (change, Deed.EDIT_MEETING),
    "change several": (change_many, Deed.EDIT_MEETING),
    "change a cell": (change_cell, Deed.EDIT_MEETING),
    "undo a cell": (undo_cell, Deed.EDIT_MEETING),
    "close": (close, Deed.EDIT_MEETING),
    "open again": (open_again, Deed.EDIT_MEETING),
    "end": (end, Deed.EDIT_MEETING),
    "check": (check, Deed.EDIT_MEETING),
    "check several": (check_many, Deed.EDIT_MEETING),
    "duplicate": (duplicate, Deed.EDIT_MEETING),
    "upload": (upload, Deed.BULK),
    "turn off": (turn_off, Deed.MANAGE_FEEDS),
    "turn on": (turn_on, Deed.MANAGE_FEEDS),
    "read now": (read_now, Deed.SYNC_FEED),
    "refuse": (refuse, Deed.REFUSE_HELD),
    "accept": (accept, Deed.ACCEPT_HELD),
    "undo": (undo, Deed.EDIT_MEETING),
    "put off": (put_off, Deed.REVIEW),
    "answer a report": (answer_report, Deed.ANSWER_REPORTS),
    "turn a suggestion down": (answer_suggestion, Deed.ANSWER_SUGGESTIONS),
    "use a suggestion": (use_suggestion, Deed.ANSWER_SUGGESTIONS),
    "invite": (invite, Deed.MANAGE_ADMINS),
    "change a role": (change_role, Deed.MANAGE_ADMINS),
    "take a role": (take_role, Deed.MANAGE_ADMINS),
    "look back": (look_back, Deed.SEE_HISTORY),
    "export": (export, Deed.EXPORT_AUDIT),
}
LOOKS = ("look back", "export")  # these change nothing
LEAVES = ("undo", "undo a cell", "open again", "turn on")  # something has to be changed before they are tried
FEED_DEEDS = (Deed.MANAGE_FEEDS, Deed.SYNC_FEED, Deed.ACCEPT_HELD, Deed.REFUSE_HELD)
SCOPES = {
    "everything": IN_AA["everything"],
    "the feed": IN_AA["the feed"],
    "its country": IN_AA["its country"],
    "another kind": NOT_IN_AA["another kind"],
    "another country": NOT_IN_AA["another country"],
    "all three": IN_AA["all three"],
    "another feed": NOT_IN_AA["another feed"],
}


async def written(desk: Desk, who: Admin) -> int:
    """How many changes there are by somebody's hand."""
    return sum(change.who.id == who.id for change in await desk.world.history())


HELPERS = [(role, scope) for role in Role for scope in SCOPES if role is not Role.OWNER or scope == "everything"]


def permitted(who: Admin, name: str, deed: Deed, feed: Scope) -> bool:
    """What the one table says, for what each deed is done to here."""
    card = Scope(frozenset({"aa"}))
    abouts = {Deed.ANSWER_SUGGESTIONS: card, Deed.EXPORT_AUDIT: EVERYTHING, **dict.fromkeys(FEED_DEEDS, feed)}
    if name == "invite":
        return may(who, deed, who.scope)
    if name == "duplicate" and who.scope.feeds:  # it is of no list: nobody's to whom lists were given
        return False
    return may(who, deed, abouts.get(deed, OREGON), Role.EDITOR if name in ("change a role", "take a role") else None)


async def test_every_deed_is_walked() -> None:
    assert {deed for _, deed in DEEDS.values()} == set(Deed)


@pytest.mark.parametrize(("role", "scope"), HELPERS)
async def test_each_deed_is_done_by_whom_the_table_permits_and_by_nobody_else(
    desk: Desk, role: Role, scope: str
) -> None:
    about, who = desk.world.desk.feeds.about(AA), await desk.world.helper(role, SCOPES[scope])
    meeting, browser = await the_meeting(desk), await desk.signed_in(who)
    for name, (deed, needs) in DEEDS.items():
        if needs in (Deed.ACCEPT_HELD, Deed.REFUSE_HELD):
            await desk.world.listed("Night Lamp", "Early Birds", url=MEET if needs is Deed.REFUSE_HELD else TEAMS)
            browser = await desk.signed_in(who)  # it is another day
        before = await written(desk, who)
        answer = await deed(browser, desk, meeting)
        allowed = permitted(who, name, needs, about)
        done = answer.status == 200 if name in LOOKS else await written(desk, who) > before
        assert done is allowed, (name, answer.status, answer.words[:300])
        gone = "That was answered already, or went away." in answer.words
        refused = answer.status in (403, 404, 409, 422) or "you do not look after this" in answer.words or gone
        assert answer.status == 200 if allowed else refused, (name, answer.words[:300])
        if allowed or name in LEAVES:
            meeting, browser = await as_before(desk, meeting, name), await desk.signed_in(who)


async def as_before(desk: Desk, meeting: str, name: str) -> str:
    """The list and its meeting as before a deed, on another day; `name` makes sure that something changes."""
    await desk.world.sync.enable(AA)
    await desk.world.sync.sync(AA)
    await desk.world.desk.meetings.change(None, [int(meeting, 16)], {"notes": name})
    await desk.world.desk.meetings.restore(None, [int(meeting, 16)])
    return await the_meeting(desk)


async def test_nothing_of_what_lies_outside_is_shown(desk: Desk) -> None:
    meeting = await the_meeting(desk)
    await desk.world.desk.meetings.change(None, [int(meeting, 16)], {"notes": "Mind the dog"})
    change = (await desk.world.history())[0].id
    for role in (Role.ADMIN, Role.EDITOR, Role.REVIEWER):
        browser = await desk.signed_in(await desk.world.helper(role, Scope(feeds=frozenset({NA}))))
        for path in (
            "",
            "meetings",
            "meetings?q=night+lamp",
            "meetings?feed=" + AA,
            "lists",
            "history",
            "meetings.csv",
        ):
            page = await browser.get(path)
            assert "Night Lamp" not in page.text, path
            assert "Denver" not in page.text, path
        for path in (
            f"meetings/{meeting}",
            f"meetings/new?like={meeting}",
            f"meetings?open={meeting}.notes",
            f"lists/{AA}",
            f"history/{change}",
        ):
            page = await browser.get(path)
            assert page.status in (403, 404), path
            assert "Night Lamp" not in page.text, path
            assert "Mind the dog" not in page.text, path


async def test_a_scope_is_nothing_that_a_form_could_say(desk: Desk) -> None:
    meeting = await the_meeting(desk)
    who = await desk.world.helper(Role.EDITOR, Scope(fellowships=frozenset({"na"})))
    browser = await desk.signed_in(who)
    forged = {"do": "save", "notes": "x", "scope": "", "admin": "1", "role": "owner", "feed": AA, "fellowship": "na"}
    assert (await browser.post(f"meetings/{meeting}", forged)).status == 403
    many = [("do", "checked"), ("m", meeting), ("role", "owner"), ("scope", "")]
    assert (await browser.post("meetings/many", many)).status == 403
    assert await written(desk, who) == 0
