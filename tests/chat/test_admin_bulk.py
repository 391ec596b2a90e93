"""Many meetings at once in the chat: download, change, send back, look, say yes; and what everybody else meets."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from telegram import Bot, File, Update
from telegram.error import BadRequest

from bot.app import Work, open_work, rooms_for
from bot.chat.dispatch import Dispatcher
from bot.chat.files import Files as TelegramFiles
from bot.domain.admin import Admin, Role, Scope, key_of
from bot.domain.bulk import Added, Changed, Difference, Gone, Part, Refused
from bot.domain.buttons import Action, Press, pack
from bot.domain.errors import FeedError, UnreadableSheet
from bot.domain.meeting import Meeting, meeting_id
from bot.domain.search import Search
from bot.feeds.fetch import Fetched
from bot.sandbox.html_text import parse_html
from bot.services import bulk_files as files
from bot.services.bulk import Bulk
from bot.store.database import Database
from bot.views import admin_bulk as views
from bot.views.screen import Screen
from tests.chat.test_fuzz import BOT_ID, Counted
from tests.helping import AA, NA, World
from tests.sandbox_driver import Visitor
from tests.services.workbooks import edited as workbook_edited
from tests.services.workbooks import place
from tests.stories.conftest import bot_running, import_samples, story_settings
from tests.views.frames import make_frame

OWNER, STRANGER = 7_700_555_001, 7_700_555_002
OUTDATED, NOT_YOURS = "That button is out of date.", "That is not yours to change."
SHEET = "https://sheets.example.org/list.csv"
STRANGE = "<b>{{ 7*7 }}</b> &amp; *x* [y](tg://user?id=1) =1+1"
Edit = Callable[[list[dict[str, str]]], object]


def edited(data: bytes, edit: Edit) -> bytes:
    """As a spreadsheet program saves it on a computer in Germany."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    edit(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def later(rows: list[dict[str, str]]) -> None:
    for cells in rows[:3]:
        cells["start"] = "6:05"


# -- the whole way, through the real bot


async def test_an_owner_takes_the_list_along_changes_three_rows_and_ends_two(tmp_path: Path, unpacked: Path) -> None:
    async def fill(work: Work) -> None:
        await import_samples(work)
        await work.desk.admins.grant(OWNER, Role.OWNER, name="Ana")

    async with bot_running(tmp_path, unpacked, fill) as driver:
        stranger = await driver.visitor("Sam", id=STRANGER)
        await stranger.send("document", b"id,name\r\n", "list.csv")
        assert "I can read only text." in stranger.text
        assert "Apply" not in str(stranger.buttons)
        owner = await driver.visitor("Ana", id=OWNER)
        data = await _downloaded(owner)
        rows = data.decode("utf-8-sig").count("\r\n")
        assert rows > 30
        back = edited(data, later)
        await owner.send("document", back, "Meetings (1).csv")
        assert "Changed: 3" in owner.text
        assert "→ 06:05" in owner.text or "→ 6:05 AM" in owner.text
        assert owner.buttons[0] == "Apply 3 changes"
        shown = owner.last
        await owner.press("Apply 3 changes")
        assert "Done." in owner.text
        assert "Changed: 3" in owner.text
        await owner.press("Apply 3 changes", on=shown)
        assert "This changed since you looked." in owner.text
        assert "This file changes nothing" in owner.text
        await _two_are_ended(owner, data)
        await owner.send("document", b"\xd0\xcf\x11\xe0xls", "Meetings.xls")
        assert "Save it as XLSX or CSV" in owner.text
        await _a_workbook_comes_back(owner)


async def _a_workbook_comes_back(owner: Visitor) -> None:
    await owner.say("/admin")
    await owner.press("Many at once")
    await owner.press("Download (Excel)", quiet=True)
    await owner.hear(containing="send it back here")
    data = await owner.download()
    await owner.send("document", data, "Meetings.xlsx")
    assert "This file changes nothing" in owner.text

    def edit(sheet: Any) -> None:
        sheet[place("start", 4)].value = time(7, 5)
        sheet[place("venue", 5)].value = datetime(2026, 1, 2)

    await owner.send("document", workbook_edited(data, edit), "Meetings.xlsx")
    assert "Changed: 1" in owner.text
    assert "Row 5, Building (2026-01-02): a date stands here; write it as text" in owner.text
    await owner.press("Apply 1 change")
    assert "Changed: 1" in owner.text


async def _downloaded(owner: Visitor) -> bytes:
    await owner.say("/admin")
    await owner.press("Many at once")
    await owner.press("Download (CSV)", quiet=True)
    await owner.hear(containing="send it back here")
    assert owner.last.file is not None
    return await owner.download()


async def _two_are_ended(owner: Visitor, data: bytes) -> None:
    def two_less(rows: list[dict[str, str]]) -> None:
        later(rows)
        del rows[-2:]

    await owner.send("document", edited(data, two_less), "short.csv")
    assert "Missing from the file: 2" in owner.text
    assert not any(label.startswith("Apply") for label in owner.buttons)
    await owner.press("End 2 that are missing")
    assert "End 2 meetings?" in owner.text
    await owner.press("Yes, end 2")
    assert "Ended: 2" in owner.text


class NoFiles:
    """A bot whose files Telegram does not hand out."""

    def __init__(self, words: str) -> None:
        self.words = words

    async def get_file(self, file_id: str) -> File:
        raise BadRequest(self.words)


@pytest.mark.parametrize(
    ("words", "size", "reason"),
    [
        ("not asked", 20 * 1024 * 1024 + 1, ("too_large", "20")),
        ("File is too big", 0, ("too_large", "20")),
        ("wrong file_id or the file is temporarily unavailable", 9, ("not_fetched", "")),
    ],
)
async def test_a_file_that_telegram_keeps_to_itself_is_told_kindly(
    words: str, size: int, reason: tuple[str, str]
) -> None:
    files = TelegramFiles()
    files.bind(NoFiles(words))  # type: ignore[arg-type]
    with pytest.raises(UnreadableSheet) as error:
        await files.get("f1", size)
    assert (error.value.reason, error.value.about) == reason


# -- single cases, over the real dispatcher


@dataclass
class Shown:
    """Stands in for the sender, and keeps what it is given."""

    screens: list[Screen] = field(default_factory=list)
    replies: list[int | None] = field(default_factory=list)

    async def show(self, chat_id: int, screen: Screen, *, reply_to: int | None = None, **_: Any) -> None:
        self.screens += [screen, *screen.then]
        self.replies.append(reply_to)

    async def answer(self, query_id: str) -> None:
        """Nothing to keep."""


class Files:
    """Stands in for Telegram's files."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    async def get(self, file_id: str, size: int = 0) -> bytes:
        if file_id not in self.held:
            raise UnreadableSheet("not_fetched")
        return self.held[file_id]


class Rig:
    """The real dispatcher over a desk of its own, with files and one published sheet."""

    def __init__(self, world: World, dispatcher: Dispatcher, shown: Shown, numbers: dict[str, int]) -> None:
        self.world, self.dispatcher, self.shown, self.numbers = world, dispatcher, shown, numbers
        self.files, self.published, self.counted = Files(), dict[str, bytes](), Counted()
        self.errands: Any = None
        self.bot = Bot("1:a")

    async def fetch(self, url: str, **_tags: str) -> Fetched:
        if url not in self.published:
            raise FeedError("It does not answer.")
        return Fetched(self.published[url], "", "")

    async def say(self, who: Admin | int, **message: Any) -> str:
        """A message of theirs, and all that is said to it, also later."""
        return await self._update(who, lambda about: {"message": {"message_id": 3, "date": 1, **about, **message}})

    async def send(self, who: Admin | int, data: bytes, caption: str = "", size: int = 0) -> str:
        """A document of theirs."""
        self.files.held["f1"] = data
        document = {"file_id": "f1", "file_unique_id": "u", "file_name": "x.csv", "file_size": size or len(data)}
        return await self.say(who, document=document, **({"caption": caption} if caption else {}))

    async def press(self, who: Admin | int, press: Press, quoted: dict[str, Any] | None = None) -> str:
        """A press on a screen that answers a message of theirs."""

        def asked(about: dict[str, Any]) -> dict[str, Any]:
            own: dict[str, Any] = {"message_id": 4, "date": 1, "chat": about["chat"], "text": "x"}
            if quoted is not None:
                own["reply_to_message"] = {"message_id": 3, "date": 1, **about, **quoted}
            data = pack(press, self.numbers)
            query = {"id": "7", "from": about["from"], "message": own, "chat_instance": "1", "data": data}
            return {"callback_query": query}

        return await self._update(who, asked)

    async def _update(self, who: Admin | int, raw: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
        chat = who if isinstance(who, int) else self.world.chat_of[who.id]
        self.shown.screens.clear()
        self.shown.replies.clear()
        person = {"id": chat, "is_bot": False, "first_name": "Sam"}
        about = {"from": person, "chat": {"id": chat, "type": "private", "first_name": "Sam"}}
        await self.dispatcher.handle(Update.de_json({"update_id": 1, **raw(about)}, self.bot))
        for task in list(self.errands._running.values()):
            await task
        failures, self.counted.failures = self.counted.failures, []
        assert failures == []
        return "\n".join(screen.text for screen in self.shown.screens)

    async def exported(self, edit: Edit = lambda _: None) -> bytes:
        return edited(await self.world.desk.bulk.exported(None, "csv", 10**7) or b"", edit)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    folder: Path = tmp_path_factory.mktemp("bulk")
    async with open_work(story_settings(folder)) as work:
        database = Database(f"sqlite+aiosqlite:///{folder / 'desk.db'}")
        await database.open()
        await database.upgrade()
        world = World(database)
        await world.listed("Night Lamp", "Early Birds", "Noon", STRANGE)
        await world.listed("Luna", feed=NA)
        shown = Shown()
        made = Rig(world, None, shown, {kind: one.number for kind, one in work.fellowships.items()})  # type: ignore[arg-type]
        bulk = Bulk(database, world.desk.meetings, made.fetch, frozenset(work.fellowships), clock=lambda: world.now)
        rooms = rooms_for(work, "open_chair_bot", preview=True)
        rooms = replace(rooms, desk=replace(world.desk, bulk=bulk), files=made.files)  # type: ignore[arg-type]
        async with rooms.errands:
            made.dispatcher = Dispatcher(rooms, shown, BOT_ID, made.counted)  # type: ignore[arg-type]
            made.errands = rooms.errands
            yield made
        await database.close()


def named(name: str, **cells: str) -> Edit:
    def edit(rows: list[dict[str, str]]) -> None:
        next(one for one in rows if one["name"] == name).update(cells)

    return edit


def yes(part: Part, mark: int, page: int = 1) -> Press:
    return Press(Action.ADMIN_BULK_APPLY, Search(page=page), part, mark)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_link_is_answered_by_the_difference_and_its_button_reads_the_sheet_again(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)
    asked = await rig.press(owner, Press(Action.ADMIN_BULK_LINK))
    assert "Where is the sheet?" in asked
    rig.published[SHEET] = await rig.exported(named("Noon", start="12:15"))
    look = await rig.world.desk.bulk.look(owner, rig.published[SHEET])
    press = yes(Part.CHANGES, look.mark(Part.CHANGES))
    rig.published[SHEET] = await rig.exported(named("Noon", start="12:20"))
    assert "This changed since you looked." in await rig.press(owner, press, {"text": SHEET})
    assert rig.shown.replies[-1] == 3, "a reply to the link, so that its buttons find it"
    rig.published[SHEET] = await rig.exported(named("Noon", start="12:15"))
    assert "Changed: 1" in await rig.press(owner, press, {"text": SHEET})
    assert (await rig.world.meetings())["Noon"].start == 735
    assert "It does not answer." in await rig.press(owner, press, {"text": "https://gone.example.org/x.csv"})
    assert "begins with https://" in await rig.press(owner, press, {"text": "http://10.0.0.1/x.csv"})
    assert OUTDATED in await rig.press(owner, press)


@pytest.mark.asyncio(loop_scope="module")
async def test_an_urgent_caption_is_answered_first_and_the_file_all_the_same(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)
    said = await rig.send(owner, await rig.exported(), caption="I want to kill myself")
    first, last = rig.shown.screens[0].text, rig.shown.screens[-1].text
    assert "999" in first or "112" in first or "Samaritans" in said
    assert "This file changes nothing" in last


@pytest.mark.asyncio(loop_scope="module")
async def test_only_who_may_change_many_is_answered_and_only_inside_what_they_look_after(rig: Rig) -> None:
    reviewer = await rig.world.helper(Role.REVIEWER)
    data = await rig.exported(named("Noon", venue="Town Hall"))
    unread = await rig.send(STRANGER, data)
    assert "Town Hall" not in unread
    assert await rig.send(reviewer, data) == unread
    for action in (Action.ADMIN_BULK, Action.ADMIN_BULK_EXPORT, Action.ADMIN_BULK_APPLY, Action.ADMIN_BULK_LINK):
        press = Press(action, meeting=1, number=1)
        assert OUTDATED in await rig.press(STRANGER, press, {"text": SHEET})
        assert NOT_YOURS in await rig.press(reviewer, press, {"text": SHEET})
    editor = await rig.world.helper(Role.EDITOR, Scope(feeds=frozenset({NA})))
    said = await rig.send(editor, data)
    assert "you do not look after this" in said
    assert not [label for label in _labels(rig.shown.screens[-1]) if label.startswith(("Apply", "End"))]
    await rig.press(editor, Press(Action.ADMIN_BULK_EXPORT))
    document = rig.shown.screens[-1].document
    assert document is not None
    assert b"Luna" in document.data
    assert b"Noon" not in document.data
    forged = await rig.press(editor, Press(Action.ADMIN_BULK_EXPORT, meeting=key_of(AA)))
    assert OUTDATED in forged


@pytest.mark.asyncio(loop_scope="module")
async def test_parts_can_be_downloaded_by_list_and_by_kind(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)
    await rig.press(owner, Press(Action.ADMIN_BULK_EXPORT, number=views.Export.BY_LIST))
    assert _labels(rig.shown.screens[-1])[:2] == ["Denver AA", "NA Spain"]
    await rig.press(owner, Press(Action.ADMIN_BULK_EXPORT, number=views.Export.BY_KIND))
    assert _labels(rig.shown.screens[-1])[:2] == ["AA", "NA"]
    for press in (
        Press(Action.ADMIN_BULK_EXPORT, meeting=key_of(NA), number=views.Export.XLSX),
        Press(Action.ADMIN_BULK_EXPORT, Search(fellowships=("na",)), number=views.Export.XLSX),
    ):
        await rig.press(owner, press)
        document = rig.shown.screens[-1].document
        assert document is not None
        assert document.name == "meetings.xlsx"
        assert len(list(files.opened(document.data).rows())) == 1
    await rig.press(owner, Press(Action.ADMIN_BULK_EXPORT, meeting=key_of(NA)))
    document = rig.shown.screens[-1].document
    assert document is not None
    assert document.data.count(b"\r\n") == 2, "a button of an older message gives what it said"
    await rig.press(owner, Press(Action.ADMIN_BULK_EXPORT, number=views.Export.JSON))
    document = rig.shown.screens[-1].document
    assert document is not None
    assert document.name == "meetings.json"


@pytest.mark.asyncio(loop_scope="module")
async def test_what_files_say_is_shown_as_text_however_it_is_written(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)

    def edit(rows: list[dict[str, str]]) -> None:
        for cells in rows:
            cells["venue"] = STRANGE
            cells[STRANGE] = "x"
        rows.append(dict.fromkeys(rows[0], "") | {"id": STRANGE, "name": STRANGE})
        rows.append(dict.fromkeys(rows[0], "") | {"name": STRANGE, "start": STRANGE})

    await rig.send(owner, await rig.exported(edit))
    text, _ = parse_html(rig.shown.screens[-1].text)
    assert "<b>{{ 7*7 }}</b>" in text
    assert "49" not in text
    assert "Not taken: 2" in text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_large_file_is_looked_at_beside_and_its_answer_is_a_reply_to_it(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)
    said = await rig.send(owner, await rig.exported(named("Luna", venue="Sala")), size=5_000_000)
    assert "I write here when it is done." in said
    assert "Changed: 1" in said
    assert rig.shown.replies == [None, 3]


# -- what is shown


def _labels(screen: Screen) -> list[str]:
    return [button.label for row in screen.rows for button in row]


def _many() -> Difference:
    def one(number: int) -> Meeting:
        key = f"k{number}"
        return Meeting(
            meeting_id("aa-x", key, 0), "aa-x", key, 0, "aa", f"Group {number}", 1 + number % 7, 1140, 60,
            "Europe/London", True, False, address="1 High St", country="GB",
        )  # fmt: skip

    changed = tuple(
        Changed(number, one(number), {"start": 600, "tags": frozenset({"open"})}) for number in range(2, 40)
    )
    refused = tuple(Refused(number, reason, "start", "25:99") for number, reason in enumerate(("time", "no_id"), 50))
    added = tuple(Added(number, {"name": f"New {number}", "weekday": 3, "start": 60}) for number in range(60, 70))
    gone = tuple(Gone(number, f"Gone {number}", None, None) for number in range(1, 99))
    return Difference(60, 3, changed, changed[:1], added, gone, refused, ("Remarks",))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_long_difference_fits_a_screen_and_stands_whole_in_a_file(language: str) -> None:
    found = _many()
    screen = views.difference(make_frame(language=language), found)
    text, _ = parse_html(screen.text)
    assert len(text) < 4096
    assert screen.answers
    assert screen.document is not None
    rows = list(csv.reader(io.StringIO(screen.document.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + 2 * 38 + 2 + 10 + 98 + 2
    assert {len(row) for row in rows} == {8}
    assert len(_labels(screen)) == 5
    assert "admin." not in text
    assert "admin." not in screen.document.data.decode()


def test_every_reason_has_words_and_every_part_its_own_mark() -> None:
    found = _many()
    marks = {found.mark(part) for part in Part}
    assert len(marks) == 3
    assert found.mark(Part.CHANGES) != replace(found, changed=found.changed[1:]).mark(Part.CHANGES)
    assert found.mark(Part.GONE) == replace(found, changed=()).mark(Part.GONE)
