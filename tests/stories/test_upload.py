"""A workbook sent to the desk in a real browser: the good rows are applied, the broken ones taken along to mend."""

from datetime import datetime, time
from typing import Any

import pytest
from playwright.async_api import async_playwright

from bot.domain.admin import Role
from tests.helping import AA
from tests.services.workbooks import edited, place
from tests.stories.test_browser import ARGS
from tests.stories.test_desk import looked_at
from tests.web.desk_rig import Desk, desk, lent_words
from tests.web.test_desk_upload import WORKBOOK, taken

__all__ = ["desk", "lent_words"]


def typed(sheet: Any) -> None:
    """Three hours, a long note, and two rows that cannot be taken."""
    for line in range(2, 5):
        sheet[place("start", line)].value = time(9, line)
    sheet[place("notes", 4)].value = "Two lines:\nask at the side door of the hall; it opens half an hour before."
    sheet[place("venue", 5)].value = datetime(2026, 1, 2)
    sheet[place("latitude", 6)].value = "north_of_the_river_where_nobody_could_break_this_line"


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
async def test_an_upload_with_broken_rows_is_looked_at_and_applied(desk: Desk, width: int, scheme: str) -> None:
    await desk.world.listed(*(f"Early Birds {number}" for number in range(8)))
    who = await desk.world.helper(Role.OWNER, name="Ana")
    _, _, data = await taken(await desk.signed_in(who), f"meetings.xlsx?feed={AA}")
    file = {"name": "Meetings.xlsx", "mimeType": WORKBOOK, "buffer": edited(data, typed)}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.set_default_timeout(30_000)
        await page.goto(f"{desk.root}/admin/in/{await desk.world.desk.sessions.link(who)}?lang=en")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("link", name="Many at once").first.click()
        await looked_at(page, "upload")
        await page.get_by_label("Your file").set_input_files(file)
        await page.get_by_role("button", name="See the change").click()
        await page.get_by_role("heading", name="Not taken: 2").wait_for()
        await looked_at(page, "upload-difference")
        async with page.expect_download() as mending:
            await page.get_by_role("button", name="Download these rows to mend").click()
        assert (await mending.value).suggested_filename == "rows-to-mend.xlsx"
        await page.get_by_role("button", name="Apply 3 changes").click()
        await page.get_by_text("Changed: 3").wait_for()
        await browser.close()
    hours = sorted(one.start or 0 for one in (await desk.world.meetings()).values())
    assert hours[:4] == [542, 543, 544, 1140]
