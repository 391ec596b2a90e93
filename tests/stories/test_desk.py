"""The desk in a real browser: twenty meetings moved to a new address and found right."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

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
PAGES = ("", "meetings", "meetings/new", "lists", "upload", "history", "preview?text=smart+leeds")


async def fill(work: Work) -> None:
    async with work.database.begin() as connection:
        await listings.replace_feed(connection, "smart-leeds", [*HALL, OTHER])
    await work.desk.admins.grant(HELPER, Role.OWNER, name="Ana")
    await work.refresh()


async def looked_at(page: Page, name: str) -> None:
    """No violation, nothing beside the screen; and a picture for whoever wants to see it."""
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
        page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.set_default_timeout(30_000)
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: told.append(request.url) if f":{port}/" not in request.url else None)
        await page.goto(link)
        await looked_at(page, "in")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("heading", name="What waits").wait_for()

        await move(page)
        await page.get_by_role("link", name="Meetings").click()
        await page.get_by_role("searchbox").fill("mill lane")
        await page.get_by_role("button", name="Search").click()
        await tick(page)
        await page.get_by_role("button", name="The ticked ones are right").click()
        await page.get_by_text("20 meetings are right as of today.").wait_for()
        for path in PAGES:
            await page.goto(f"http://127.0.0.1:{port}/admin/{path}".rstrip("/"))
            await looked_at(page, path.partition("?")[0].replace("/", "-") or "queue")
        await page.goto(f"http://127.0.0.1:{port}/admin/meetings?q=tools+07")
        await page.get_by_role("link", name="Tools 07").click()
        await looked_at(page, "meeting")
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
    boxes = page.get_by_role("checkbox")
    assert await boxes.count() == 20
    for number in range(20):
        await boxes.nth(number).check()


async def move(page: Page) -> None:
    """Find the house, tick all, give them another address, look, save."""
    await page.get_by_role("link", name="Meetings").click()
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
