"""The chat page, in a real browser, with a small bot on the other side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.sandbox import Sandbox
from tests.sandbox.small_bot import SmallBot

# One browser serves all tests here, so they share one loop.
LOOP = "module"
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope=LOOP)]

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
WAIT_MS = 5000


@pytest_asyncio.fixture(scope="module", loop_scope=LOOP)
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope=LOOP)
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope=LOOP)
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox("127.0.0.1:0") as running:
        yield running


@pytest_asyncio.fixture(loop_scope=LOOP)
async def bot(sandbox: Sandbox) -> AsyncIterator[SmallBot]:
    async with SmallBot(sandbox.api_url, sandbox.token) as running:
        yield running


class Visit:
    """One open page, its complaints collected."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def button(self, name: str, **how: Any) -> Locator:
        return self.page.get_by_role("button", name=name, **how)

    async def start(self) -> None:
        await self.button("Start", exact=True).click()
        await self.button("Find a meeting").wait_for()

    async def write(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.keyboard.press("Enter")

    async def shows(self, words: str) -> None:
        await expect(self.page.get_by_role("log")).to_contain_text(words, timeout=WAIT_MS)

    async def check(self) -> None:
        """No accessibility complaint, nothing wider than the screen, no error of the page."""
        report = await Axe().run(self.page)
        assert report.violations_count == 0, report.generate_report()
        assert await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert self.problems == []


async def _visit(browser: Browser, sandbox: Sandbox, **context: Any) -> Visit:
    visit = Visit(await browser.new_page(**context))
    await visit.page.goto(sandbox.url)
    return visit


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_whole_visit_without_a_barrier(
    sandbox: Sandbox, bot: SmallBot, browser: Browser, scheme: str, size: dict[str, int]
) -> None:
    visit = await _visit(browser, sandbox, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    await visit.shows("Helps you find support groups")
    await visit.check()
    await visit.start()
    await visit.check()
    await visit.button("Find a meeting").click()
    await visit.button("Share my location").click()
    await visit.page.get_by_role("dialog").wait_for()
    await visit.check()
    await visit.button("Leeds", exact=True).click()
    await visit.button("1. SMART").click()
    await visit.shows("tuesday-tools.ics")
    await visit.button("Menu").click()
    await visit.check()
    await visit.button("/urgent Urgent help").click()
    await visit.shows("555-0100")


async def test_every_target_is_large_enough_for_a_thumb(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE, has_touch=True)
    await visit.start()
    await visit.button("Find a meeting").click()
    await visit.button("Share my location").wait_for()
    small = await visit.page.evaluate(
        """[...document.querySelectorAll('button:not(.link), select, summary, textarea, a.key')]
           .filter(one => one.checkVisibility())
           .map(one => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
           .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""
    )
    assert small == []


async def test_the_bots_words_are_shown_as_it_sent_them(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=DESK)
    await visit.start()
    await visit.write("Leeds")
    await visit.button("1. SMART").wait_for()
    last = visit.page.locator("li.message.bot").last
    words = last.locator(".words")
    shown = await words.inner_text()
    assert "here.\n\n1. SMART Recovery: Tuesday Tools." in shown
    assert await words.locator("strong").all_inner_texts() == [
        "Drinking, near Leeds LS6, next 7 days.", "Tuesday Tools", "Mill Lane Group", "Quiet Room",
    ]  # fmt: skip
    rows = [await row.locator(".key").all_inner_texts() for row in await last.locator(".row").all()]
    assert rows[3:] == [["Online: 9 kinds", "More"], ["Change search", "Ask me"], ["Urgent help"]]


async def test_an_edit_changes_the_message_in_its_place(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=DESK)
    await visit.start()
    await visit.write("Leeds")
    await visit.button("More", exact=True).click()
    await visit.shows("No more meetings.")
    await expect(visit.page.locator("#toast")).to_have_text("That is all")
    assert await visit.page.locator("li.message.bot").count() == 2
    await visit.shows("edited")


async def test_an_alert_stays_until_it_is_read(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    await visit.button("Online now").click()
    await expect(visit.page.get_by_role("dialog")).to_contain_text("Nothing is online now.")
    await visit.check()
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)


async def test_a_forced_reply_is_sent_as_one_and_can_be_left(
    sandbox: Sandbox, bot: SmallBot, browser: Browser
) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    await visit.write("Leeds")
    await visit.button("Ask me").click()
    entry = visit.page.get_by_role("textbox", name="Message")
    await expect(entry).to_have_attribute("placeholder", "A town")
    await expect(entry).to_be_focused()
    await visit.write("York")
    await visit.shows("You answered 'York' to 'Which town?'")
    await visit.button("Ask me").click()
    await visit.button("Cancel the reply").click()
    await visit.write("Hull")
    await expect(visit.button("1. SMART")).to_have_count(2)


async def test_links_to_the_bot_and_commands_are_taps(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    await visit.write("Leeds")
    await visit.button("Why this order?").click()
    await visit.shows("You came with why")
    await visit.button("/urgent").last.click()
    await visit.shows("555-0100")
    await visit.write("Leeds")
    await visit.button("1. SMART").last.click()
    outside = visit.page.get_by_role("link", name="Directions")
    assert (await outside.get_attribute("rel"), await outside.get_attribute("target")) == (
        "noopener noreferrer", "_blank",
    )  # fmt: skip
    async with visit.page.expect_download() as download:
        await visit.page.get_by_role("link", name="tuesday-tools.ics").click()
    assert (await download.value).suggested_filename == "tuesday-tools.ics"


async def test_it_works_with_the_keyboard_alone(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=DESK)
    page = visit.page
    await visit.button("Start", exact=True).wait_for()
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.id") == "start":
            break
    await page.keyboard.press("Enter")
    await visit.button("Find a meeting").wait_for()
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    await page.keyboard.type("/ur")
    await expect(page.get_by_role("group", name="Commands").get_by_role("button")).to_have_count(1)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Leeds")
    await page.keyboard.press("Enter")
    more = visit.button("More", exact=True)
    await more.focus()
    assert await more.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    await visit.shows("No more meetings.")
    # The pressed button is gone with the edit; the focus stays in that message.
    await expect(visit.button("Change search")).to_be_focused()


async def test_everybody_has_a_chat_of_their_own_that_survives_a_reload(
    sandbox: Sandbox, bot: SmallBot, browser: Browser
) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    await visit.page.get_by_label("You are").select_option(label="Ana (es)")
    await visit.button("Start", exact=True).wait_for()
    assert await visit.page.locator("li.message").count() == 0
    await visit.start()
    assert await visit.page.locator(".words").last.get_attribute("lang") == "es"
    await visit.page.reload()
    await visit.shows("Hello.")
    assert await visit.page.get_by_label("You are").evaluate("one => one.selectedOptions[0].text") == "Ana (es)"


async def test_blocking_stops_the_bot_until_it_is_let_back(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    await visit.page.locator("#more summary").click()
    await visit.button("Block the bot").click()
    await visit.button("Unblock the bot").click()
    await visit.write("Leeds")
    await visit.button("1. SMART").wait_for()


async def test_what_a_bot_sends_can_never_run(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    person = next(iter(sandbox.state.bot(sandbox.token).people))
    await bot.bot.send_message(person, "<img src=x onerror=alert(1)> <script>document.title = 'x'</script>")
    await visit.shows("<img src=x onerror=alert(1)>")
    await expect(visit.page).to_have_title(re.compile("Open Chair"))
    await visit.check()


async def test_the_page_finds_its_way_back_when_everything_was_forgotten(
    sandbox: Sandbox, bot: SmallBot, browser: Browser
) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await visit.start()
    sandbox.state.bot(sandbox.token).forget()
    await visit.start()
    await expect(visit.page.locator("li.message")).to_have_count(2)


async def test_without_a_bot_it_says_so_and_notices_when_one_comes(sandbox: Sandbox, browser: Browser) -> None:
    visit = await _visit(browser, sandbox, viewport=PHONE)
    await expect(visit.page.locator("#offline")).to_contain_text("No bot is listening")
    await visit.check()
    await visit.button("Start", exact=True).click()
    async with SmallBot(sandbox.api_url, sandbox.token):
        await visit.shows("Hello.")
        await expect(visit.page.locator("#offline")).to_be_hidden()


async def test_a_file_of_ones_own_reaches_the_bot_whole(sandbox: Sandbox, bot: SmallBot, browser: Browser) -> None:
    visit = await _visit(browser, sandbox)
    await visit.start()
    await visit.page.locator("#share").click()
    data = "id,name\r\n,Café\r\n".encode()
    await visit.page.get_by_label("A file of yours").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": data}
    )
    await visit.shows("list.csv")
    [held] = [one for one in sandbox.state.bot(sandbox.token).files.values() if one.name == "list.csv"]
    assert held.content == data
