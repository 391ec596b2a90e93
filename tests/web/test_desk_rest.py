"""The other pages of the desk: what waits, lists, files, the history, what people see, and the way in."""

import io
from dataclasses import replace
from datetime import timedelta

import aiohttp

from bot.domain.admin import Admin, Role, Scope
from bot.domain.buttons import Action, unpack
from bot.domain.meeting import id_text
from bot.domain.report_kinds import ReportKind
from bot.views import admin, admin_desk
from tests.helping import AA, MEET, ZOOM
from tests.views.frames import make_frame
from tests.web.desk_rig import HERE, Browser, Desk, Shown, desk, lent_words

__all__ = ["desk", "lent_words"]


async def owner(desk: Desk) -> Browser:
    return await desk.signed_in(await desk.world.helper(Role.OWNER, name="Ana"))


async def test_a_report_is_answered_with_a_reason_and_is_gone(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    one = (await desk.world.meetings())["Night Lamp"]
    for text in ("The <b>door</b> was locked", "Nobody came"):
        await desk.world.desk.reports.keep(one, ReportKind.OTHER, text)
    browser = await owner(desk)
    queue = await browser.get()
    assert "1 thing waits." in queue.words
    assert "Report" in queue.words
    path = "queue/report/" + queue.text.partition("queue/report/")[2].partition('"')[0]
    item = await browser.get(path)
    assert "The <b>door</b> was locked" in item.words, "as it was written, and not as markup"
    asked = await browser.get(f"{path}?step=ask_reject")
    assert "I looked, it is right" in asked.words
    empty = await browser.post(path, asked.form('name="reason"') | {"reason": "  "})
    assert "A reason is needed." in empty.words
    done = await browser.post(path, asked.form('name="reason"') | {"reason": "I was there"})
    assert "Turned down." in done.words
    assert "0 things wait." in done.words
    assert "I was there" in str((await desk.world.history())[0].after)
    again = await browser.post(path, {"step": "accept"})
    assert "That was answered already, or went away." in again.words
    assert (await browser.get(path)).status == 404


async def test_what_waits_can_be_put_off_and_comes_back(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    one = (await desk.world.meetings())["Night Lamp"]
    await desk.world.desk.reports.keep(one, ReportKind.ENDED, "")
    browser = await owner(desk)
    path = "queue/report/" + (await browser.get()).text.partition("queue/report/")[2].partition('"')[0]
    asked = await browser.get(f"{path}?step=ask_put_off")
    put_off = await browser.post(path, asked.form("In a week"))
    assert "Put off." in put_off.words
    assert "0 things wait." in put_off.words
    assert (await browser.post(path, {"step": "put_off", "choice": "9999"})).status in (200, 404)
    desk.world.now += timedelta(days=31)
    assert path in (await (await owner(desk)).get()).text


async def test_a_list_is_turned_on_read_and_what_it_holds_back_is_decided_on(desk: Desk) -> None:
    await desk.world.listed("Night Lamp", url=ZOOM)
    await desk.world.listed("Night Lamp", url=MEET)
    browser = await owner(desk)
    lists = await browser.get("lists")
    assert "Denver AA waits for a decision" in lists.words
    one = await browser.get(f"lists/{AA}")
    assert "See what waits (1)" in one.words
    held = await browser.get(f"lists/{AA}?step=held")
    way = held.text.partition("?step=accept&amp;mark=")[2].partition('"')[0]
    sure = await browser.get(f"lists/{AA}?step=accept&mark={way}")
    assert "Yes, accept" in sure.words
    assert (await browser.post(f"lists/{AA}", {"step": "accept", "mark": "1"})).status == 409, (
        "not what was looked at"
    )
    assert (await desk.world.meetings())["Night Lamp"].join_url == ZOOM
    await browser.post(f"lists/{AA}", sure.form("Yes, accept"))
    assert (await desk.world.meetings())["Night Lamp"].join_url == MEET
    off = await browser.get(f"lists/{AA}?step=ask_off")
    assert "Yes, turn off" in off.words
    await browser.post(f"lists/{AA}", off.form("Yes, turn off"))
    assert await desk.world.state() == "off"
    await browser.post(f"lists/{AA}", (await browser.get(f"lists/{AA}")).form("Turn on"))
    assert await desk.world.state() != "off"
    assert (await browser.get("lists/nowhere")).status == 404


async def sent(browser: Browser, name: str, data: bytes) -> tuple[int, str]:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("token", browser.token)
    form.add_field("file", io.BytesIO(data), filename=name, content_type="text/csv")
    async with browser.client.post(f"{browser.root}/admin/upload", data=form, headers=HERE) as answer:
        return answer.status, await answer.text()


async def test_a_file_is_taken_along_changed_and_sent_back_with_a_broken_row(desk: Desk) -> None:
    await desk.world.listed("Night Lamp", "Early Birds")
    browser = await owner(desk)
    async with browser.client.get(f"{browser.root}/admin/meetings.csv?feed={AA}") as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        table = (await answer.read()).decode("utf-8-sig")
    assert "Night Lamp" in table
    changed = table.replace("Night Lamp", "Night Light") + "no-such-id,x\r\n"
    status, text = await sent(browser, "../../m<b>.csv", changed.encode())
    assert status == 200
    assert "Apply 1 change" in text
    assert "m&lt;b&gt;.csv" in text
    assert "this is no id" in text or "the row ends too early" in text
    assert "Night Lamp" in await desk.world.meetings()
    page = Shown(status, text, {}, "")
    fields = page.form('name="data"')
    go = text.partition('name="go" value="')[2].partition('"')[0]
    for broken in ("x", fields["data"][0][:-8], "AAAA"):
        assert (await browser.post("upload", fields | {"data": broken, "go": go})).status == 404
    stale = await browser.post("upload", fields | {"go": go.partition(":")[0] + ":1:"})
    assert stale.status == 409
    done = await browser.post("upload", fields | {"go": go})
    assert done.status == 200
    assert set(await desk.world.meetings()) == {"Night Light", "Early Birds"}
    assert (await sent(browser, "x.csv", b""))[0] == 200
    assert (await sent(browser, "x.csv", b"%PDF-1.4 nothing"))[0] == 422
    assert (await sent(browser, "x.csv", b"x" * (9 * 1024 * 1024)))[0] == 413


async def test_every_change_stands_in_the_history_and_is_taken_back_once(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    one = (await desk.world.meetings())["Night Lamp"]
    await desk.world.desk.meetings.change(None, [one.id], {"notes": "Ring"})
    browser = await owner(desk)
    number = next(change.id for change in await desk.world.history() if change.subject.kind == "meeting")
    page = await browser.get("history")
    assert "Night Lamp" in page.words
    assert "→ Ring" in page.words
    change = await browser.get(f"history/{number}")
    assert "Ring" in change.words
    await browser.post(f"history/{number}", change.form("Undo"))
    assert (await desk.world.meetings())["Night Lamp"].notes == one.notes
    assert "Undo" not in (await browser.get(f"history/{number}")).words
    for odd in ("history/0", "history/x", "history/99999"):
        assert (await browser.get(odd)).status == 404


async def test_the_desk_speaks_the_language_that_was_chosen(desk: Desk) -> None:
    browser = await owner(desk)
    spanish = await browser.post("language", {"language": "es"})
    assert "Lo que espera" in spanish.words
    assert 'lang="es"' in spanish.text
    assert "Buscar" in (await browser.get("meetings")).words
    assert "Lo que espera" in (await browser.post("language", {"language": "xx"})).words


async def test_a_card_is_shown_as_people_see_it_in_their_language(desk: Desk) -> None:
    await desk.world.listed("Night Lamp")
    one = (await desk.world.meetings())["Night Lamp"]
    await desk.room.meetings.refresh()
    browser = await owner(desk)
    english = await browser.get(f"preview?meeting={id_text(one.id)}&in=en")
    assert "When:" in english.words
    assert "Cuándo:" in (await browser.get(f"preview?meeting={id_text(one.id)}&in=es")).words
    assert (await browser.get("preview?meeting=00000000000000")).status == 404
    assert "Something went wrong" not in (await browser.get("preview?meeting=zz")).words


def test_the_chat_gives_the_way_in_as_a_button_or_on_this_machine_as_words() -> None:
    frame = make_frame()
    who = make_admin()
    labels = [button.label for row in admin.home(frame, who, web=True).rows for button in row]
    assert "Open the desk" in labels
    assert "Open the desk" not in [button.label for row in admin.home(frame, who).rows for button in row]
    words = admin_desk.link(frame, who, "http://127.0.0.1:8080/admin/in/x")
    assert "<code>http://127.0.0.1:8080/admin/in/x</code>" in words.text
    assert not [button for row in words.rows for button in row if button.url]
    public = admin_desk.link(
        replace(frame, public_url="https://bot.example.org"), who, "https://bot.example.org/admin/in/x"
    )
    assert "/admin/in/x" not in public.text, "what is on a button is not quoted by a forwarded message"
    assert [button.url for row in public.rows for button in row if button.url] == [
        "https://bot.example.org/admin/in/x"
    ]
    out = next(button for row in public.rows for button in row if button.label == "Sign out everywhere")
    press = unpack(out.data, {})
    assert (press.action, press.number) == (Action.ADMIN_DESK, admin_desk.EVERYWHERE)


def make_admin() -> Admin:
    return Admin(1, Role.OWNER, Scope(), "Ana")
