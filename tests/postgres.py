"""A throw-away PostgreSQL server for the tests, or the one that TEST_DATABASE_URL names.

Nothing is started before the first test that needs it. Every test gets a database of its own, copied from a
template that the migrations have made once.
"""

import asyncio
import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL, make_url

from bot.store.database import Database
from tests.ports import free_port

START_S = 30
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


def installed_programs() -> Path | None:
    """The directory of initdb and postgres, the newest first; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def available() -> bool:
    """Whether tests on PostgreSQL can run here."""
    return bool(os.environ.get("TEST_DATABASE_URL")) or installed_programs() is not None


@dataclass
class Server:
    """A running server: its address, and the template that is ready once a test has asked for it."""

    url: URL
    template: str = ""

    def database(self, name: str) -> str:
        """The address of one of its databases, with the password."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    async def create(self, template: str = "template0") -> str:
        """A new database; its name."""
        name = f"openchair_test_{secrets.token_hex(6)}"
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    async def drop(self, name: str) -> None:
        """Drop a database; a connection that a test forgot does not keep it."""
        await self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def upgraded_template(self) -> str:
        """The name of a database with all tables and nothing in them."""
        if not self.template:
            name = await self.create()
            await Database(self.database(name)).upgrade()
            self.template = name
        return self.template

    async def drop_template(self) -> None:
        """Leave a server that is not ours as it was."""
        if self.template:
            await self.drop(self.template)

    async def _run(self, statement: str) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this session."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        server = Server(make_url(given))
        yield server
        asyncio.run(server.drop_template())
        return
    programs = installed_programs()
    assert programs is not None, "the tests that need PostgreSQL should have been left out"
    with _running(programs) as url:
        yield Server(url)


@pytest.fixture
async def empty_postgres(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a database without any table."""
    name = await postgres_server.create()
    yield postgres_server.database(name)
    await postgres_server.drop(name)


@pytest.fixture
async def upgraded_postgres(postgres_server: Server) -> AsyncIterator[str]:
    """The address of a database with all tables and nothing in them."""
    name = await postgres_server.create(await postgres_server.upgraded_template())
    yield postgres_server.database(name)
    await postgres_server.drop(name)


@dataclass
class Cluster:
    """A server of our own, which can be stopped and started again."""

    url: URL
    programs: Path
    base: Path
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Run it, and wait until it answers."""
        account, log = _account(), self.base / "log"
        flags = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", self.base / "data", "-p", str(self.url.port), *flags]
        # A child of ours and not a daemon: it is gone when we are done, whatever happened.
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=self.base, user=account, group=account, stdout=out, stderr=out
            )
        _wait_for(self.process, self.url.port or 0, log)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it: SIGQUIT at once, SIGINT in an orderly way."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=START_S)


@contextlib.contextmanager
def cluster(programs: Path, folder: Path | None = None, **settings: str) -> Iterator[Cluster]:
    """Make a cluster in a temporary directory (in `folder`), run it on a free port of the loopback, and remove it.

    `settings`: its own, beside SETTINGS.
    """
    account = _account()
    password = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="openchair-postgres-", dir=folder, ignore_cleanup_errors=True) as base:
        secret = Path(base) / "password"
        secret.write_text(password)
        if account is not None:
            for path in (Path(base), secret):
                shutil.chown(path, account, account)
        options = ["-U", "tests", "-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"]
        _call([programs / "initdb", "-D", Path(base) / "data", "--pwfile", secret, *options], base, account)
        url = URL.create("postgresql+asyncpg", "tests", password, "127.0.0.1", free_port(), "postgres")
        one = Cluster(url, programs, Path(base), SETTINGS | settings)
        try:
            one.start()
            yield one
        finally:
            one.stop()


@contextlib.contextmanager
def _running(programs: Path) -> Iterator[URL]:
    with cluster(programs) as one:
        yield one.url


def _account() -> str | None:
    # The server refuses to run as root; Debian's package brings an account for it.
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _call(command: list[object], directory: str, account: str | None) -> None:
    done = subprocess.run(command, cwd=directory, user=account, group=account, capture_output=True, text=True)  # type: ignore[call-overload]
    assert done.returncode == 0, f"initdb failed: {done.stderr}"


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            if b"ready to accept connections" in log.read_bytes():
                return
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
