"""Many meetings as a workbook on the web: taken along, changed in a program, looked at as tables, and applied."""

import io
from datetime import datetime, time
from typing import Any

import aiohttp

from bot.domain.admin import Role, Scope
from bot.services import bulk_files as files
from tests.helping import AA, NA
from tests.services.workbooks import edited, place
from tests.web.desk_rig import HERE, Browser, Desk, Shown, desk, lent_words

__all__ = ["desk", "lent_words"]

NEW = {"name": "=New <Door>", "fellowship": "aa", "weekday": "friday", "zone": "America/Denver", "in_person": "yes",
       "online": "no", "address": "1 New St", "city": "Denver"}  # fmt: skip
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def signed_in(desk: Desk) -> Browser:
    return await desk.signed_in(await desk.world.helper(Role.OWNER, name="Ana"))


async def taken(browser: Browser, path: str, fields: Any = None) -> tuple[str, str, bytes]:
    """Name, kind and bytes of a file that the desk gives; `fields`: of the form that asks for it."""
    address, client = f"{browser.root}/admin/{path}", browser.client
    asked = client.get(address) if fields is None else client.post(address, data=fields, headers=HERE)
    async with asked as answer:
        assert answer.status == 200
        name = answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
        return name, answer.headers["Content-Type"].partition(";")[0], await answer.read()


async def sent(browser: Browser, data: bytes, name: str = "Meetings (1).xlsx") -> Shown:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("token", browser.token)
    form.add_field("file", io.BytesIO(data), filename=name, content_type=WORKBOOK)
    async with browser.client.post(f"{browser.root}/admin/upload", data=form, headers=HERE) as answer:
        return Shown(answer.status, await answer.text(), answer.headers, "")


def typed(sheet: Any) -> None:
    """What somebody does with the three meetings: an hour, a spoiled room, a new one and a hidden row."""
    sheet[place("start", 2)].value = time(7, 5)
    sheet[place("tags", 3)].value = "women"
    sheet[place("venue", 4)].value = datetime(2026, 1, 2)
    sheet.row_dimensions[2].hidden = True
    new = NEW | {"start": time(18), "duration": 60}
    for column, value in new.items():
        sheet[place(column, 5)].value = value
        if isinstance(value, str):
            sheet[place(column, 5)].data_type = "s"
    sheet.parent.create_sheet("Notes")["A1"].value = "Call the hall"


async def test_a_workbook_is_looked_at_as_tables_and_its_good_rows_are_applied(desk: Desk) -> None:
    await desk.world.listed("Early Birds", "Night Lamp", "Third Room")
    browser = await signed_in(desk)
    name, kind, data = await taken(browser, f"meetings.xlsx?feed={AA}")
    assert (name, kind) == ("meetings.xlsx", WORKBOOK)
    assert "This file changes nothing." in (await sent(browser, data)).words

    changed = edited(data, typed)
    names = [row.cells["name"] for row in files.opened(changed).rows()]
    page = await sent(browser, changed)
    assert page.status == 200
    assert "4 rows. 0 are as they are here." in page.words
    assert "I read the sheet “meetings”. The others were left out." in page.words
    assert "1 row is hidden in your program. It counts as well." in page.words
    assert "1 row takes two people. It waits for a second one." in page.words
    assert "Row 4 Building 2026-01-02 a date stands here; write it as text" in page.words
    assert "→ After: 7:05 AM" in page.words or "→ After: 07:05" in page.words
    assert "=New <Door>, Friday" in page.words
    assert page.text.count('class="sheet"') == 3
    assert '<span class="mark">second person</span>' in page.text

    fields = page.form('name="data"') | {"token": browser.token}
    assert (await taken(browser, "upload", fields | {"go": "whole"}))[0] == "difference.csv"
    name, kind, mend = await taken(browser, "upload", fields | {"go": "mend"})
    assert (name, kind) == ("rows-to-mend.xlsx", WORKBOOK)
    again = await sent(browser, mend, name)
    assert "1 row. 0 are as they are here." in again.words
    assert "the cell shows an error" in again.words
    assert "Columns that I do not know" not in again.words
    mended = edited(mend, lambda sheet: setattr(sheet.cell(2, _column(sheet, "venue")), "value", "Town Hall"))

    go = page.text.partition('name="go" value="')[2].partition('"')[0]
    done = await browser.post("upload", fields | {"go": go})
    assert "Changed: 1" in done.words
    assert "New: 1" in done.words
    assert "Waiting for a second person: 1" in done.words
    now = await desk.world.meetings()
    assert now[names[0]].start == 425
    [found] = await desk.world.desk.meetings.find(None, "New Door")
    assert (found.meeting.name, found.meeting.start) == ("=New <Door>", 1080)
    page = await sent(browser, mended, name)
    fields, go = page.form('name="data"'), page.text.partition('name="go" value="')[2].partition('"')[0]
    assert (await browser.post("upload", fields | {"go": go})).status == 200
    assert (await desk.world.meetings())[names[2]].venue == "Town Hall"


def _column(sheet: Any, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


async def test_rows_to_mend_come_in_the_format_that_was_sent_and_what_is_no_file_is_told_kindly(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    browser = await signed_in(desk)
    page = await sent(browser, b"id,name,start\r\nnew,=Door,25:99\r\n", "x.csv")
    name, kind, data = await taken(
        browser, "upload", page.form('name="data"') | {"token": browser.token, "go": "mend"}
    )
    assert (name, kind) == ("rows-to-mend.csv", "text/csv")
    assert data.decode("utf-8-sig").startswith('problem,id,name,start\r\n"Row 2, id (new): this is no id')
    assert ",'=Door," in data.decode()
    for data in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0 old"):
        told = await sent(browser, data)
        assert told.status == 422
        assert "Nothing was changed." in told.words
    assert (await browser.get("meetings.pdf")).status == 404


async def test_a_workbook_holds_only_what_somebody_looks_after(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    browser = await desk.signed_in(await desk.world.helper(Role.ADMIN, Scope(feeds=frozenset({NA}))))
    _, _, data = await taken(browser, "meetings.xlsx")
    assert list(files.opened(data).rows()) == []
