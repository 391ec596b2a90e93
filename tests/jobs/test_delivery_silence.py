"""Whoever has the log, or the database's file without its key, learns nothing about anybody."""

import asyncio
import base64
import logging
import struct
from pathlib import Path

import pytest

import bot.serving as serving
from bot.app import Work
from bot.store import meetings as listings
from tests.builders import make_meeting
from tests.reminding import HOUR, MONDAY, TUESDAY
from tests.stories.conftest import bot_running

CHAT = 5_550_198_765
NAME, TEXT = "Zebedee", "my brother plays marbles for money"
WHOLE = struct.pack(">q", CHAT)
FORMS = {
    "digits": str(CHAT).encode(),
    "hexadecimal": f"{CHAT:x}".encode(),
    "hexadecimal, large": f"{CHAT:X}".encode(),
    "eight bytes": WHOLE,
    "eight bytes, the other way": WHOLE[::-1],
    "the bytes that count": WHOLE.lstrip(b"\0"),
    "the bytes that count, the other way": WHOLE.lstrip(b"\0")[::-1],
    "base64 of the digits": base64.b64encode(str(CHAT).encode())[:12],
    "base64 of the bytes": base64.b64encode(WHOLE).rstrip(b"="),
    "name": NAME.encode(),
    "text": TEXT.encode(),
    "part of the text": b"marbles",
}


def found_in(data: bytes) -> list[str]:
    """What of a person stands there."""
    return [name for name, form in FORMS.items() if form in data]


def test_every_form_is_found_where_it_stands() -> None:
    for name, form in FORMS.items():
        assert name in found_in(b"before" + form + b"after")


async def test_neither_the_log_nor_the_file_tells_who_asked_for_what(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(serving, "SEND_SECONDS", 0.1)
    meeting, now, opened = make_meeting(name="Lantern Evening"), [MONDAY], list[Work]()

    async def begin(work: Work) -> None:
        opened.append(work)
        async with work.database.begin() as connection:
            await listings.replace_feed(connection, meeting.feed, [meeting], at=MONDAY)

    folder = tmp_path / "data"
    folder.mkdir()
    with caplog.at_level(logging.INFO):
        async with bot_running(folder, tmp_path_factory.mktemp("cache"), begin, lambda: now[0]) as driver:
            visitor = await driver.visitor(NAME, id=CHAT)
            await visitor.open()
            await visitor.say(TEXT)
            await opened[0].reminders.set(CHAT, meeting.id, weekly=True, zone="Europe/London")
            await opened[0].reminders.add_tough_time(CHAT, 5, 18 * 60, zone="Europe/London")
            now[0] = TUESDAY - HOUR
            arrived = await visitor.hear(containing="19:00")
            for _ in range(100):  # it is noted a moment after it arrived
                async with opened[0].database.read() as connection:
                    sent = (await connection.exec_driver_sql("SELECT sent_at FROM outbox")).scalar_one()
                if sent is not None:
                    break
                await asyncio.sleep(0.02)
            assert sent is not None
    log = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert log
    assert found_in(log.encode()) == []
    assert [word for word in (meeting.name, arrived.text, "Example Hall") if word in log] == []
    disk = b"".join(path.read_bytes() for path in folder.glob("*.db*"))
    assert b"Lantern Evening" in disk, "the list itself is no secret"
    assert found_in(disk) == []
