"""`db copy` through the front door: from a SQLite file to PostgreSQL, and what it will not do."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.errors import OperatorError
from bot.services import copying
from bot.services.copying import Sum
from bot.services.keys import KeyRing
from bot.store import dump
from bot.store.alone import is_open_elsewhere
from bot.store.database import Database
from bot.store.tables import meetings, people
from tests.cli.test_keys import here  # noqa: F401 - a fixture
from tests.reminding import KEY, SOMEBODY, TUESDAY, World, opened_world
from tests.services.test_backup import everything, one_of_each

FILE = "data/openchair.db"


@pytest.fixture
def machine(here: Path, upgraded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A machine with a row in every table of its SQLite file."""
    (here / "data").mkdir()
    Path(upgraded_sqlite.removeprefix("sqlite+aiosqlite:///")).rename(here / FILE)
    monkeypatch.setenv("OPENCHAIR_KEY", KEY)

    async def fill(database: Database) -> None:
        world, meeting = await opened_world(database)
        await world.wanted(meeting)
        await one_of_each(database, (await KeyRing(database, setting=KEY).keys()).primary.id)

    on(f"sqlite+aiosqlite:///{FILE}", fill)
    return here


def on(url: str, work: Any) -> Any:
    """Do something with a database, in a loop of its own."""

    async def do() -> Any:
        database = Database(url)
        await database.open()
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(do())


def run(url: str, *more: str) -> Result:
    return CliRunner().invoke(app, ["db", "copy", url, *more])


def refused(url: str) -> str:
    """The sentence with which a copy ends."""
    done = run(url)
    assert isinstance(done.exception, OperatorError), done.output
    assert "\n" not in str(done.exception)
    return str(done.exception)


@pytest.fixture
def server(postgres_server: Any) -> Iterator[str]:
    """The address of a database without any table."""
    name = asyncio.run(postgres_server.create())
    yield postgres_server.database(name)
    asyncio.run(postgres_server.drop(name))


pytestmark = pytest.mark.postgres


def test_every_row_arrives_and_is_told_with_count_and_checksum(machine: Path, server: str) -> None:
    told = json.loads(run(server, "--json").output)
    assert told["from"] == FILE
    assert told["to"].startswith("127.0.0.1:")
    assert told["rows"] == sum(one["rows"] for one in told["tables"].values())
    assert set(told["tables"]) == {form.name for form in dump.forms()}
    assert on(server, everything) == on(f"sqlite+aiosqlite:///{FILE}", everything)


def test_the_reminder_rings_once_on_the_other_side_and_new_rows_get_new_numbers(machine: Path, server: str) -> None:
    assert run(server).exit_code == 0

    async def a_week(database: Database) -> None:
        world = World(database)
        before = await highest(database)
        await world.people.set_language(SOMEBODY + 1, "es")
        assert await highest(database) == before + 1
        await world.pass_time(TUESDAY + timedelta(hours=2))
        assert [(one.chat, one.due.kind.name) for one in world.arrived] == [(SOMEBODY, "REMINDER")]

    on(server, a_week)


async def highest(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.scalar(select(func.max(people.c.id)))) or 0)


def test_what_was_copied_is_never_overwritten(machine: Path, server: str) -> None:
    run(server)

    async def listed_there(database: Database) -> None:
        async with database.begin() as connection:
            await connection.execute(update(meetings).values(name="Since then"))

    on(server, listed_there)
    said = refused(server)
    assert said.endswith("is not empty, and nothing was changed there: name an empty database.")
    assert "Since then" in str(on(server, everything)["meetings"])


def test_while_the_bot_runs_one_sentence_says_to_stop_it(machine: Path, server: str) -> None:
    database = Database(f"sqlite+aiosqlite:///{FILE}")

    async def running() -> str:
        await database.open()
        async with database.read() as connection:
            await connection.execute(select(meetings.c.id))
        said = await asyncio.to_thread(refused, server)
        await database.close()
        return said

    assert (
        asyncio.run(running())
        == f"{FILE} is in use: stop the bot (and any other command) first, then run this again."
    )
    assert not is_open_elsewhere(machine / FILE)
    assert run(server).exit_code == 0


def test_a_copy_that_ends_in_the_middle_leaves_nothing_and_begins_over(
    machine: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = dump.put

    async def ends(connection: Any, form: dump.Form, some: Any) -> None:
        if form.name == "reminders":
            raise KeyboardInterrupt
        await put(connection, form, some)

    monkeypatch.setattr(dump, "put", ends)
    assert run(server).exit_code != 0
    assert not any(on(server, everything).values())
    monkeypatch.undo()
    monkeypatch.chdir(machine)
    assert run(server).exit_code == 0
    assert on(server, everything) == on(f"sqlite+aiosqlite:///{FILE}", everything)


def test_a_row_that_postgresql_does_not_take_is_told_by_its_table_alone(machine: Path, server: str) -> None:
    async def too_long(database: Database) -> None:
        async with database.begin() as connection:
            await connection.execute(update(people).values(language="a-secret-language-name"))

    on(f"sqlite+aiosqlite:///{FILE}", too_long)
    said = refused(server)
    assert said.startswith("Nothing was kept, because of a row of people.")
    assert "secret" not in said
    assert not any(on(server, everything).values())


def test_a_row_that_arrives_otherwise_is_noticed_and_nothing_is_kept(
    machine: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = dump.put

    async def another_day(connection: Any, form: dump.Form, some: Any) -> None:
        await put(connection, form, [[*row[:-1], "2027-01-01"] for row in some] if form.name == "plans" else some)

    monkeypatch.setattr(dump, "put", another_day)
    assert refused(server) == "plans did not arrive as it was sent, and nothing was kept: try again."
    assert not any(on(server, everything).values())


def test_the_next_steps_name_the_key_and_never_show_it_or_the_password(
    machine: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(server)
    assert "equal by count and checksum" in done.output
    assert "Keep OPENCHAIR_KEY as it is" in done.output
    password = Database(server).url.password
    assert password
    assert password not in done.output
    assert KEY not in done.output


def test_a_key_that_lies_in_a_file_is_to_be_set(machine: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENCHAIR_KEY")
    (machine / "data" / "openchair.key").write_text(f"{KEY}\n")
    said = run(server).output
    assert "OPENCHAIR_KEY=$(cut -d' ' -f1 data/openchair.key | paste -sd, -)" in said
    assert KEY not in said


def test_what_can_not_be_copied_is_told(machine: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("sqlite+aiosqlite:///other.db").exit_code == 2
    assert run("mysql://x/y").exit_code == 2
    assert "does not answer" in refused("postgresql+asyncpg://nobody:secret@127.0.0.1:1/none")
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", "sqlite+aiosqlite:///nowhere.db")
    assert refused(server).startswith("There is no database nowhere.db")
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", server)
    assert refused(server).startswith("OPENCHAIR_DATABASE_URL names PostgreSQL already")


def test_tables_of_another_program_are_left_alone(machine: Path, server: str) -> None:
    async def another(database: Database) -> None:
        async with database.begin() as connection:
            await connection.exec_driver_sql("CREATE TABLE meetings (id int)")

    on(server, another)
    assert "holds tables of another program" in refused(server)


def test_a_sum_knows_no_order_and_notices_every_value() -> None:
    def summed(*rows: list[Any]) -> str:
        one = Sum()
        for row in rows:
            one.add(row)
        return one.checksum

    assert summed([1, "a"], [2, "b"]) == summed([2, "b"], [1, "a"])
    assert summed([{"x": 1, "y": 2}]) == summed([{"y": 2, "x": 1}])
    assert len({summed(row) for row in ([1], [1.5], ["1"], [True], [None], [])}) == 6
    assert summed([1], [1]) != summed([1])
    assert copying.Copied({"a": Sum(2, 5), "b": Sum(1, 7)}).rows == 3
