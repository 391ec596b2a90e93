"""The desk in a real browser: twenty meetings moved and found right, one changed where it stands, one closed once."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.app import Work
from bot.domain.admin import Role
from bot.settings import Address
from bot.store import checks
from bot.store import meetings as listings
from bot.store.database import Database
from tests.builders import make_meeting
from tests.ports import free_port
from tests.stories.conftest import Running
from tests.stories.test_browser import ARGS

HELPER = 7_700_123_470
HALL = [
    make_meeting(feed="smart-leeds", key=str(number), name=f"Tools {number:02d}", weekday=number % 7 + 1)
    for number in range(20)
]
OTHER = make_meeting(feed="smart-leeds", key="other", name="Elsewhere", address="7 Far Road", venue="Far Hall")


async def fill(work: Work) -> None:
    async with work.database.begin() as connection:
        await listings.replace_feed(connection, "smart-leeds", [*HALL, OTHER])
    await work.desk.admins.grant(HELPER, Role.OWNER, name="Ana")
    await work.refresh()


async def looked_at(page: Page, name: str) -> None:
    """No violation, nothing beside the screen; and a picture for whoever wants to see it."""
    await page.wait_for_load_state()  # the words may stand there before their colours
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"
    if folder := os.environ.get("DESK_PICTURES"):
        size = page.viewport_size or {"width": 0}
        await page.screenshot(path=f"{folder}/{size['width']}-{name}.png", full_page=True)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
async def test_twenty_meetings_are_moved_and_checked(running: Running, width: int, scheme: str) -> None:
    port = free_port()
    where = {"listen": Address("127.0.0.1", port), "public_url": f"http://127.0.0.1:{port}"}
    async with running(fill=fill, **where) as driver, async_playwright() as playwright:
        ana = await driver.visitor("Somebody", id=HELPER)
        await ana.say("/admin")
        await ana.press("Open the desk")
        link = next(word for word in ana.last.text.split() if word.startswith("http://"))
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        context = await browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = await context.new_page()
        page.set_default_timeout(30_000)
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: told.append(request.url) if f":{port}/" not in request.url else None)
        await page.goto(link)
        await looked_at(page, "in")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("heading", name="What waits").wait_for()

        await move(page)
        await page.get_by_role("link", name="Meetings", exact=True).click()
        await page.get_by_role("searchbox").fill("mill lane")
        await page.get_by_role("button", name="Search").click()
        await tick(page)
        await page.get_by_role("button", name="The ticked ones are right").click()
        await page.get_by_text("20 meetings are right as of today.").wait_for()
        await page.goto(f"http://127.0.0.1:{port}/admin/meetings?q=tools+07")
        await change_where_it_stands(page)
        await change_beside_somebody(page, told)
        await page.get_by_role("link", name="Tools 07", exact=True).click()
        await looked_at(page, "meeting")
        await close_once(page)
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await page.get_by_text("You are signed out.").wait_for()
        await looked_at(page, "out")
        assert told == [], "nothing is refused by the policy, nothing comes from elsewhere"
        await browser.close()
        await nothing_else_moved(driver_folder(running))


def driver_folder(running: Running) -> Path:
    """Where that bot keeps its database."""
    folder = running.args[0]  # type: ignore[attr-defined]
    assert isinstance(folder, Path)
    return folder


async def tick(page: Page) -> None:
    await page.get_by_label("Tick all on this page").check()
    assert await page.locator("input[name=m]:checked").count() == 20


def cell(page: Page, field: str) -> Locator:
    """The value that leads into a cell."""
    return page.get_by_role("link", name=re.compile(f"Change: {field}$"))


async def opened(page: Page, field: str) -> Locator:
    """A cell opened with the keyboard: its input, which has the focus."""
    await cell(page, field).focus()
    await page.keyboard.press("Enter")
    box = page.get_by_label(f"{field}, Tools 07")
    await expect(box).to_be_focused()
    return box


async def change_where_it_stands(page: Page) -> None:
    """With the keyboard alone: open, type, see the difference, leave; once more, save, and take it back."""
    await opened(page, "Building")
    await looked_at(page, "cell")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Old Mill")
    difference = page.get_by_text("Before: Example Hall → After: Old Mill")
    await expect(difference).to_be_visible()
    await looked_at(page, "difference")
    await page.keyboard.press("Escape")
    await expect(difference).to_have_count(0)
    await expect(cell(page, "Building")).to_be_focused()
    await expect(cell(page, "Building")).to_contain_text("Example Hall")

    box = await opened(page, "Building")
    await box.fill("Old Mill")
    await expect(difference).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Tools 07, Building: Old Mill. Saved.")).to_have_count(1)
    await expect(cell(page, "Building")).to_be_focused()
    await looked_at(page, "saved")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Building: Example Hall. Taken back.")).to_have_count(1)
    await page.keyboard.press("ArrowRight")
    await expect(cell(page, "Address")).to_be_focused()


async def change_beside_somebody(page: Page, told: list[str]) -> None:
    """Somebody else changes the same cell meanwhile; and the desk is away for a moment."""
    box = await opened(page, "Notes")
    await box.fill("Mine")
    await expect(page.get_by_text("After: Mine")).to_be_visible()
    other = await page.context.new_page()
    await other.goto(page.url)
    await (await opened(other, "Notes")).fill("Theirs")
    await expect(other.get_by_text("After: Theirs")).to_be_visible()
    await other.get_by_role("button", name="Save").click()
    await expect(cell(other, "Notes")).to_contain_text("Theirs")
    await other.close()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Before: Theirs → After: Mine")).to_be_visible()
    assert await page.get_by_label("Notes, Tools 07").input_value() == "Mine"
    await looked_at(page, "conflict")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("What you typed still stands there.")
    assert await page.get_by_label("Notes, Tools 07").input_value() == "Mine"
    await page.context.set_offline(False)
    await page.get_by_label("Notes, Tools 07").press("Escape")
    await expect(cell(page, "Notes")).to_contain_text("Theirs")
    assert all(re.search("409|ERR_INTERNET|htmx:(afterRequest|sendError)", one) for one in told), told
    told.clear()


async def close_once(page: Page) -> None:
    """Closed on its next day, looked at, saved, and held again."""
    form = page.get_by_role("form", name="Not this once")
    await form.get_by_label("Note for everybody").fill("The church is shut")
    await form.get_by_role("button", name="See the change").click()
    await page.get_by_text("The church is shut.").wait_for()
    await looked_at(page, "days")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Noted for 1 meeting.").wait_for()
    await looked_at(page, "closed")
    await page.get_by_role("button", name="As every week").click()
    await page.get_by_text("It is as every week again.").wait_for()


async def move(page: Page) -> None:
    """Find the house, tick all, give them another address, look, save."""
    await page.get_by_role("link", name="Meetings", exact=True).click()
    await page.get_by_role("searchbox").fill("example street")
    await page.get_by_role("button", name="Search").click()
    await tick(page)
    await page.get_by_role("button", name="Change the ticked ones").click()
    for number, (field, value) in enumerate([("Address", "9 Mill Lane"), ("Postcode", "LS2 2BB")]):
        await page.get_by_label("What").nth(number).select_option(label=field)
        await page.get_by_label("New value").nth(number).fill(value)
    await looked_at(page, "set")
    await page.get_by_role("button", name="See the change").click()
    await page.get_by_text("20 meetings change.").wait_for()
    await looked_at(page, "sure")
    await page.get_by_label("Why?").fill("The house moved")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("20 meetings were changed.").wait_for()
    await looked_at(page, "changed")


async def nothing_else_moved(folder: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{folder / 'openchair.db'}")
    await database.open()
    async with database.snapshot() as connection:
        found = {one.name: one for one in await listings.all_meetings(connection, "smart-leeds")}
        right = await checks.of(connection, [one.id for one in found.values()])
    await database.close()
    assert {found[one.name].address for one in HALL} == {"9 Mill Lane"}
    assert {found[one.name].postal_code for one in HALL} == {"LS2 2BB"}
    assert found["Elsewhere"].address == "7 Far Road"
    assert set(right) == {one.id for one in HALL}
