"""The real bot on the chat page, in a real browser: four presses, one word, no violation."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from tests.stories.conftest import Running

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


async def press(page: Page, name: str) -> None:
    """Press the newest button that begins with these words."""
    button = page.get_by_role("button", name=name).last
    await button.wait_for()
    await button.click()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
async def test_four_presses_and_one_word_lead_to_a_meeting(running: Running, width: int, scheme: str) -> None:
    async with running() as driver, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.set_default_timeout(60_000)
        await page.goto(driver.url)
        await press(page, "Start")
        await press(page, "Find a meeting")
        await page.get_by_role("textbox", name="Message").fill("Leeds")
        await page.keyboard.press("Enter")
        await press(page, "Drinking")
        await press(page, "1. ")
        await page.get_by_role("button", name="What to expect").last.wait_for()
        log = await page.get_by_role("log").inner_text()
        assert "When:" in log
        assert "Leeds" in log
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await browser.close()


@pytest.mark.browser
async def test_online_now_is_one_press_from_the_start(running: Running) -> None:
    async with running() as driver, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page()
        page.set_default_timeout(60_000)
        await page.goto(driver.url)
        await press(page, "Start")
        await press(page, "Online now")
        await page.get_by_role("button", name="1. ").last.wait_for()
        await browser.close()
