"""The quieter pages of the desk in a real browser, on a phone and on a wide screen, light and dark.

axe finds nothing, nothing lies beside the screen, and nothing is refused by the policy. With DESK_PICTURES=<folder>
each page is kept as a picture, for whoever wants to see it.
"""

import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

from bot.app import Work
from bot.domain.admin import Admin, Role, Scope
from bot.domain.meeting import id_text
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import Kind, Subject
from bot.services.suggestions import Suggestions
from bot.store.database import Database
from bot.texts.checks.problem import Problem
from bot.texts.parity import Row
from bot.texts.proofs import Proof, Proofs
from tests.feeds.rows import online_row
from tests.helping import AA, MEET, NA, ZOOM, rows
from tests.stories.test_browser import ARGS
from tests.web.desk_rig import Desk, desk_at, lent_words

__all__ = ["lent_words"]
LINE = "en/messages/start/welcome.html"
SCREENS = ((390, "dark"), (1280, "light"))


def something(_root: Path, day: date) -> Proofs:
    """One finding of each severity, an old day, and a measure that drifts."""
    long = "A sentence of a great many words that goes on and on, and then goes on a little more than that."
    problems = (
        Problem(LINE, 4, "pressure", "must", "could, may, if you like"),
        Problem(LINE, 6, "long_sentence", long, "20 words; 13 are easy", "warning"),
        Problem("feeds/na-spain.yml", 1, "name", "Clean Time", "it stays as it is", "note"),
        Problem("fellowships/aca.yml", 0, "stale_date", "", "nobody has noted when this was checked", "warning"),
    )
    measured = (
        Row("M2", "en", "card", "body within 20% of the median", "61% to 112% of 464 characters (aa)", "fail"),
        Row("M7", "all", "", "nothing preset, nothing recommended", "a blank search has no filter", "ok"),
    )
    return Proofs(day, tuple(Proof(one, one.found) for one in problems), measured)


@pytest.fixture
async def desk(lent_words: Work, sqlite_db: Database) -> AsyncIterator[Desk]:
    async with desk_at(lent_words, sqlite_db, prove=something) as made:
        yield made


async def filled(desk: Desk) -> list[str]:
    """A list of which links wait, one that cannot be read, a suggestion, somebody else, an invitation; the pages."""
    world = desk.world
    await world.listed("Night Lamp", "Early Birds", "Dawn")
    no_hour = {**online_row(slug="x", name="No hour"), "time": "late"}
    world.answers[AA] = [*rows("Night Lamp", "Early Birds", "Dawn", url=MEET), no_hour]
    await world.sync.sync(AA)
    world.answers[AA] = [{**rows("Night Lamp")[0], "time": "20:30"}, *rows("Full Moon")]
    await world.sync.sync(AA)
    await world.desk.feeds.enable(None, NA)
    with pytest.raises(Exception, match="does not answer"):
        await world.sync.sync(NA)
    await desk.room.meetings.refresh()
    suggestions = Suggestions(world.database, clock=lambda: world.now)
    source = "NA wrote about methadone in Bulletin 29, see https://example.org/bulletin-29"
    await suggestions.keep(Subject(Kind.ARTICLE, "medicines", "en"), source)
    owner, other = await world.helper(Role.OWNER, name="Ana"), await world.helper(Role.EDITOR, AA_ONLY, "Bo")
    await world.admins.invite(owner, Role.REVIEWER)
    await world.admins.change(owner, other.id, Role.REVIEWER, AA_ONLY)
    world.now += timedelta(hours=1)
    lamp = id_text((await world.meetings())["Night Lamp"].id)
    pages = (
        "",
        "meetings",
        "meetings/new",
        "upload",
        "lists",
        f"lists/{AA}",
        f"lists/{AA}?step=held",
        f"lists/{NA}",
        "history",
        "people",
        "people/new",
    )
    more = ("words", "words?for=en", "numbers?country=gb", "numbers", "commit/1", "commit/1?at=9", "preview")
    return [*pages, *more, f"people/{other.id}", f"preview?meeting={lamp}&in=es&zone=America/Denver"]


AA_ONLY = Scope(feeds=frozenset({AA}))
EMPTY = ("", "lists", "history", "people", "words", "preview")


async def enter(page: Page, desk: Desk, who: Admin) -> None:
    await page.goto(f"{desk.root}/admin/in/{await desk.world.desk.sessions.link(who)}")
    await page.get_by_role("button", name="Sign in").click()


async def look(page: Page, root: str, path: str, name: str) -> None:
    answer = await page.goto(f"{root}/admin/{path}".rstrip("/"))
    assert answer is not None
    assert answer.status == 200, name
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    if folder := os.environ.get("DESK_PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.browser
async def test_every_page_reads_well_on_a_phone_and_on_a_desk(desk: Desk) -> None:
    first = await desk.world.helper(Role.OWNER, name="Uma")
    told: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="light")
        page.set_default_timeout(30_000)
        page.on("console", lambda message: told.append(message.text))
        await enter(page, desk, first)
        await page.get_by_role("heading", name="To begin with").wait_for()
        for path in EMPTY:
            await look(page, desk.root, path, f"empty-{path or 'queue'}")
        pages = await filled(desk)
        await enter(page, desk, first)  # a day later
        for width, scheme in SCREENS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for number, path in enumerate(pages):
                await look(page, desk.root, path, f"{width}-{number:02d}-{path.partition('?')[0].replace('/', '-')}")
        await page.set_viewport_size({"width": 390, "height": 800})
        await page.goto(f"{desk.root}/admin/people")
        await page.get_by_text("More", exact=True).click()
        await page.get_by_role("navigation").get_by_role("link", name="Urgent numbers").click()
        await page.get_by_role("heading", name="Urgent numbers").wait_for()
        await browser.close()
    assert told == []


@pytest.mark.browser
async def test_a_report_a_held_list_and_a_change_are_dealt_with_by_pressing(
    desk: Desk,
) -> None:
    world = desk.world
    await world.listed("Night Lamp", url=ZOOM)
    await world.listed("Night Lamp", url=MEET)
    lamp = (await world.meetings())["Night Lamp"]
    await world.desk.reports.keep(lamp, ReportKind.OTHER, "The door was locked")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": 390, "height": 800})
        page.set_default_timeout(30_000)
        await enter(page, desk, await world.helper(Role.OWNER, name="Ana"))
        await page.get_by_role("main").get_by_role("link", name="Night Lamp").click()
        await expect(page.get_by_text("The door was locked")).to_be_visible()
        await page.get_by_role("link", name="Nothing is wrong").click()
        await page.get_by_role("button", name="I looked, it is right").click()
        await expect(page.get_by_text("Turned down.")).to_be_visible()

        await page.get_by_role("link", name="Lists", exact=True).click()
        await page.get_by_role("link", name="Denver AA").first.click()
        await page.get_by_role("link", name="See what waits").click()
        await page.get_by_role("link", name="Accept").first.click()
        await page.get_by_role("button", name="Yes, accept").click()
        await expect(page.get_by_role("button", name="Yes, accept")).to_have_count(0)
        assert (await world.meetings())["Night Lamp"].join_url == MEET

        await world.desk.meetings.change(None, [lamp.id], {"notes": "Ring twice"})
        await page.goto(f"{desk.root}/admin/history")
        await page.get_by_role("link", name="Night Lamp").first.click()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("button", name="Undo")).to_have_count(0)
        assert (await world.meetings())["Night Lamp"].notes == lamp.notes
        await browser.close()
