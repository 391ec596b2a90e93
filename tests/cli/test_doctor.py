"""`doctor` on set-ups that somebody broke: each is named in one plain sentence with what to do."""

import asyncio
import base64
import json
import os
import shutil
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from typer.testing import CliRunner

from bot.cli import app, doctor
from bot.cli.checkup import machine
from bot.services.backup import dated
from bot.store import held, meetings, syncs
from bot.store.database import Database
from bot.store.held import HeldSnapshot
from bot.store.syncs import SyncRecord
from tests.builders import make_meeting
from tests.cli.test_keys import here  # noqa: F401 - a fixture
from tests.ports import free_port
from tests.reminding import KEY, World

CONTENT = Path(__file__).parents[2] / "content"
DATABASE = Path("data/openchair.db")
KEY_FILE = Path("data/openchair.key")
FEED = "na-ireland"
TOKEN = "1:the-token-of-the-bot"


@dataclass
class Servers:
    """Telegram, the bot's own web side and its public address: one program that answers what a test wants."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    late_s: float = 0.0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, method: str, result: Any) -> None:
        """What Telegram answers."""
        self.answers[f"/bot{TOKEN}/{method}"] = 200, json.dumps({"ok": True, "result": result})


@pytest.fixture
def servers() -> Iterator[Servers]:
    """All of them are well, and no bot runs."""
    told = Servers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, text = told.answers.get(self.path, (404, "{}"))
            self.send_response(code)
            self.end_headers()
            self.wfile.write(text.encode())

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() - told.late_s)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.says("getMe", {"id": 1, "is_bot": True, "username": "chair_bot"})
    told.says("getWebhookInfo", {"url": "", "pending_update_count": 0})
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class SetUp:
    """One machine; `set` changes a setting."""

    folder: Path
    servers: Servers
    patch: pytest.MonkeyPatch

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(f"OPENCHAIR_{name}", value)

    def on(self, work: Callable[[Database], Any]) -> None:
        """Do something with its database."""

        async def do() -> None:
            database = Database(f"sqlite+aiosqlite:///{DATABASE}")
            await database.open()
            try:
                await work(database)
            finally:
                await database.close()

        asyncio.run(do())

    def feed(self, **how: Any) -> None:
        """Its list is as told."""

        async def write(database: Database) -> None:
            async with database.begin() as connection:
                (record,) = await syncs.listed(connection)
                await syncs.save(connection, replace(record, **how))

        self.on(write)

    def told(self) -> dict[str, tuple[bool, str]]:
        """What doctor says, by name."""
        done = CliRunner().invoke(app, ["doctor", "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        lines = {line["name"]: (line["ok"], line["says"]) for line in json.loads(done.output)}
        assert done.exit_code == (0 if all(ok for ok, _ in lines.values()) else 1)
        for secret in (TOKEN, KEY, "a-secret-word"):
            assert secret not in done.output
        return lines


@pytest.fixture
def setup(here: Path, upgraded_sqlite: str, servers: Servers, monkeypatch: pytest.MonkeyPatch) -> SetUp:  # noqa: F811
    """A bot that is well in every way."""
    (here / "data").mkdir(mode=0o700)
    shutil.move(upgraded_sqlite.removeprefix("sqlite+aiosqlite:///"), DATABASE)
    DATABASE.chmod(0o600)
    KEY_FILE.write_text(KEY + "\n")
    KEY_FILE.chmod(0o600)
    (here / "data" / "backups").mkdir()
    dated(here / "data" / "backups", datetime.now(UTC)).touch()
    made = SetUp(here, servers, monkeypatch)
    made.set(TOKEN=TOKEN, API_URL=servers.url, ADMINS="5550100", COUNTRY="GB", LISTEN=f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(doctor, "check_content", lambda *_: [])  # it takes seconds; one test below runs it

    async def live(database: Database) -> None:
        world = World(database)
        await world.listed(make_meeting(), feed="smart-sample")
        await world.wanted(make_meeting())
        async with database.begin() as connection:
            await syncs.add(connection, SyncRecord(FEED, datetime.now(UTC), succeeded_at=datetime.now(UTC)))

    made.on(live)
    return made


def test_a_bot_that_is_well_has_nothing_to_do(setup: SetUp) -> None:
    told = setup.told()
    assert {name: says for name, (ok, says) in told.items() if not ok} == {}
    assert "doctor" not in DATABASE.read_bytes().decode("latin-1"), "what was tried is not kept"
    assert {
        "settings", "database", "meetings", "key", "owner", "feeds", "country", "urgent numbers", "content", "disk",
        "permissions", "backups", "time zones", "clock", "token", "webhook", "running", "public address",
    } == set(told)  # fmt: skip


def unknown_setting(it: SetUp) -> None:
    it.set(TOKN="x")


def wrong_token(it: SetUp) -> None:
    it.servers.answers[f"/bot{TOKEN}/getMe"] = 401, '{"ok":false,"error_code":401,"description":"Unauthorized"}'


def telegram_in_trouble(it: SetUp) -> None:
    it.servers.answers[f"/bot{TOKEN}/getMe"] = 502, "Bad Gateway"


def unreachable_api(it: SetUp) -> None:
    it.set(API_URL=f"http://127.0.0.1:{free_port()}")


def webhook_while_polling(it: SetUp) -> None:
    it.servers.says("getWebhookInfo", {"url": "https://old.example.org/telegram", "pending_update_count": 3})


def webhook_elsewhere(it: SetUp) -> None:
    webhook_while_polling(it)
    it.set(WEBHOOK="1", WEBHOOK_SECRET="a-secret-word-of-somebody", PUBLIC_URL=it.servers.url)


def no_webhook(it: SetUp) -> None:
    it.set(WEBHOOK="1", WEBHOOK_SECRET="a-secret-word-of-somebody", PUBLIC_URL=it.servers.url)


def webhook_fails(it: SetUp) -> None:
    no_webhook(it)
    error = {"last_error_date": int(time.time()) - 60, "last_error_message": "Connection refused"}
    it.servers.says("getWebhookInfo", {"url": f"{it.servers.url}/telegram", "pending_update_count": 3, **error})


def updates_pile_up(it: SetUp) -> None:
    it.servers.says("getWebhookInfo", {"url": "", "pending_update_count": 4_000})


def missing_key(it: SetUp) -> None:
    KEY_FILE.unlink()


def damaged_key(it: SetUp) -> None:
    KEY_FILE.write_text("not a key\n")


def wrong_key(it: SetUp) -> None:
    it.set(KEY=base64.b64encode(b"o" * 32).decode())


def readable_key(it: SetUp) -> None:
    KEY_FILE.chmod(0o644)


def no_database_file(it: SetUp) -> None:
    DATABASE.write_bytes(b"Dear Sam, this is a letter. " * 200)


def damaged_database(it: SetUp) -> None:
    whole = bytearray(DATABASE.read_bytes())
    middle = len(whole) // 4096 // 2 * 4096
    whole[middle:] = b"\x5a" * (len(whole) - middle)
    DATABASE.write_bytes(whole)


def folder_not_writable(it: SetUp) -> None:
    def refuses(**_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    # To root, who may run the tests, everything is writable.
    it.patch.setattr("tempfile.NamedTemporaryFile", refuses)


def readable_database(it: SetUp) -> None:
    DATABASE.chmod(0o644)


def readable_env(it: SetUp) -> None:
    Path(".env").write_text(f"OPENCHAIR_TOKEN={TOKEN}\n")
    Path(".env").chmod(0o644)


def unset_country(it: SetUp) -> None:
    it.patch.delenv("OPENCHAIR_COUNTRY")


def country_without_numbers(it: SetUp) -> None:
    it.set(COUNTRY="QQ")


def no_lists(it: SetUp) -> None:
    async def empty(database: Database) -> None:
        async with database.begin() as connection:
            await meetings.remove_feed(connection, "smart-sample")

    it.on(empty)


def late_feed(it: SetUp) -> None:
    it.feed(succeeded_at=datetime.now(UTC) - timedelta(days=30))


def failing_feed(it: SetUp) -> None:
    it.feed(failures=3, trouble="It does not answer.")


def held_feed(it: SetUp) -> None:
    async def hold(database: Database) -> None:
        async with database.begin() as connection:
            await held.hold(connection, HeldSnapshot(FEED, datetime.now(UTC), "more than 20% are gone", b"", b""))

    it.on(hold)


def no_owner(it: SetUp) -> None:
    it.patch.delenv("OPENCHAIR_ADMINS")


def clock_ahead(it: SetUp) -> None:
    it.servers.late_s = 5 * 60


def clock_behind(it: SetUp) -> None:
    it.servers.late_s = -7 * 60


def full_disk(it: SetUp) -> None:
    usage = namedtuple("usage", "total used free")
    it.patch.setattr("shutil.disk_usage", lambda _: usage(10**12, 10**12 - 10**8, 10**8))


def old_backup(it: SetUp) -> None:
    (file,) = Path("data/backups").iterdir()
    os.utime(file, (time.time() - 5 * 86_400,) * 2)


def no_backup(it: SetUp) -> None:
    shutil.rmtree("data/backups")


def no_zones(it: SetUp) -> None:
    def unknown(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    it.patch.setattr(machine, "ZoneInfo", unknown)


def public_address_dead(it: SetUp) -> None:
    it.set(PUBLIC_URL=f"http://127.0.0.1:{free_port()}")


def public_address_of_another(it: SetUp) -> None:
    it.servers.answers["/health"] = 200, "<html>Welcome to nginx</html>"
    it.set(PUBLIC_URL=it.servers.url)


def runs(it: SetUp, code: int = 200, metrics: str = "", **body: Any) -> None:
    """A bot runs here, and says this of itself."""
    whole = {"ok": True, "database": True, "updates": {"mode": "polling", "age_s": 3.0}, "tick": {"age_s": 1.0}}
    it.servers.answers |= {"/health": (code, json.dumps(whole | body)), "/metrics": (200, metrics)}
    it.set(LISTEN=f"127.0.0.1:{it.servers.port}")


def two_pollers(it: SetUp) -> None:
    lines = 'openchair_polls_total{outcome="ok"} 40.0\nopenchair_polls_total{outcome="conflict"} 9.0\n'
    runs(it, metrics=lines)


def deaf_bot(it: SetUp) -> None:
    runs(it, 503, updates={"mode": "polling", "age_s": 900.0})


def port_of_another(it: SetUp) -> None:
    it.servers.answers |= {"/health": (200, "hello"), "/metrics": (200, "")}
    it.set(LISTEN=f"127.0.0.1:{it.servers.port}")


BROKEN: list[tuple[Callable[[SetUp], None], str, str, str]] = [
    (unknown_setting, "settings", "OPENCHAIR_TOKN", "did you mean OPENCHAIR_TOKEN"),
    (wrong_token, "token", "does not know OPENCHAIR_TOKEN", "copy it again from @BotFather"),
    (telegram_in_trouble, "token", "answers 502", "try again"),
    (unreachable_api, "token", "cannot be reached", "check the network of this machine and OPENCHAIR_API_URL"),
    (webhook_while_polling, "webhook", "set, to old.example.org", "run `openchair webhook remove`"),
    (webhook_elsewhere, "webhook", "it is set to old.example.org", "start the bot anew"),
    (no_webhook, "webhook", "it is not set", "start the bot anew"),
    (webhook_fails, "webhook", "Connection refused", "check that"),
    (updates_pile_up, "webhook", "4000 updates wait", "see that the bot runs"),
    (missing_key, "key", "is missing", "put the file back"),
    (damaged_key, "key", "is damaged", "put a copy back"),
    (wrong_key, "key", "sealed with another key", "put that one into OPENCHAIR_KEY"),
    (readable_key, "key", "others can read it", f"chmod 600 {KEY_FILE}"),
    (no_database_file, "database", "is not a database", "put a backup in its place"),
    (damaged_database, "database", "is damaged", "restore a backup"),
    (folder_not_writable, "permissions", "nothing can be written into data (Permission denied)", "chown"),
    (readable_database, "permissions", "everybody on this machine can read", f"chmod 600 {DATABASE}"),
    (readable_env, "permissions", "everybody on this machine can read", "chmod 600 .env"),
    (unset_country, "country", "OPENCHAIR_COUNTRY is unset", "urgent help"),
    (country_without_numbers, "country", "no urgent numbers for QQ", "add a file to content/urgent/"),
    (no_lists, "meetings", "none yet", "openchair feeds enable ID"),
    (late_feed, "feeds", f"{FEED} were not read for too long", "openchair feeds sync ID"),
    (failing_feed, "feeds", f"{FEED} cannot be read", "openchair feeds list"),
    (held_feed, "feeds", f"{FEED} changed more than usual", "openchair feeds accept ID"),
    (no_owner, "owner", "nobody may use /admin", "openchair admins code"),
    (clock_ahead, "clock", "5 minutes ahead of Telegram", "timedatectl set-ntp true"),
    (clock_behind, "clock", "7 minutes behind Telegram", "timedatectl set-ntp true"),
    (full_disk, "disk", "95 MB are free under data", "make room"),
    (old_backup, "backups", "5 days old", "run `openchair db backup` every day"),
    (no_backup, "backups", "there is none", "run `openchair db backup` every day"),
    (no_zones, "time zones", "are missing", "install tzdata"),
    (public_address_dead, "public address", "cannot be reached", "let the reverse proxy pass on"),
    (public_address_of_another, "public address", "not with this bot", "let the reverse proxy pass on"),
    (two_pollers, "running", "a second process fetches", "stop one of the two"),
    (deaf_bot, "running", "since it heard from Telegram: 900.0", "read its log"),
    (port_of_another, "running", "another program answers", "choose another OPENCHAIR_LISTEN"),
]


@pytest.mark.parametrize(("harm", "name", "what", "fix"), BROKEN, ids=[case[0].__name__ for case in BROKEN])
def test_what_is_broken_is_named_in_one_sentence_with_the_fix(
    setup: SetUp, harm: Callable[[SetUp], None], name: str, what: str, fix: str
) -> None:
    harm(setup)
    ok, says = setup.told()[name]
    assert not ok
    assert what in says
    assert fix in says
    assert "\n" not in says
    assert len(says) < 300


def test_a_bot_that_runs_here_and_is_well_is_told(setup: SetUp) -> None:
    runs(setup)
    setup.set(PUBLIC_URL=setup.servers.url)
    told = setup.told()
    assert told["running"] == (True, f"the bot on 127.0.0.1:{setup.servers.port} is well")
    assert told["public address"] == (True, f"{setup.servers.url} reaches the bot")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("kind", "name", "what"),
    [
        ("empty_postgres", "database", "is not up to date: run `python -m bot db upgrade` first"),
        ("upgraded_postgres", "key", "On PostgreSQL the key for what people ask to keep must be set"),
    ],
)
def test_postgresql_that_is_not_upgraded_or_has_no_key_is_named(
    setup: SetUp, request: pytest.FixtureRequest, kind: str, name: str, what: str
) -> None:
    setup.set(DATABASE_URL=request.getfixturevalue(kind))
    ok, says = setup.told()[name]
    assert not ok
    assert what in says


def test_a_file_of_words_that_is_broken_is_named(setup: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    content = setup.folder / "content"
    shutil.copytree(CONTENT, content, symlinks=True)
    (content / "urgent" / "gb.yml").write_text("lines: [", encoding="utf-8")
    setup.set(CONTENT_DIR=str(content))
    monkeypatch.undo()
    monkeypatch.chdir(setup.folder)
    setup.set(CONTENT_DIR=str(content), COUNTRY="GB", TOKEN=TOKEN, API_URL=setup.servers.url)
    told = setup.told()
    assert not told["content"][0]
    assert "urgent/gb.yml" in told["content"][1]
    assert "openchair content check" in told["content"][1]
    assert not told["country"][0]


def test_without_json_each_line_begins_with_ok_or_do(setup: SetUp) -> None:
    no_owner(setup)
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert [line for line in lines if line.startswith("DO  ")] == [
        "DO   owner: nobody may use /admin: `openchair admins code` prints a code for the first owner"
    ]
    assert all(line.startswith(("ok   ", "DO   ")) for line in lines)
