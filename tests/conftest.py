"""What every test may use, and what is left out where the machine lacks a program that it needs."""

import asyncio
import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.store.database import Database
from bot.store.gazetteer import Gazetteer
from tests import postgres
from tests.kept_words import kept_words
from tests.postgres import empty_postgres, postgres_server, upgraded_postgres

__all__ = ["empty_postgres", "kept_words", "postgres_server", "upgraded_postgres"]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
PROGRAMS = {"systemd": "systemd-analyze", "promtool": "promtool"}
LEFT_OUT = pytest.StashKey[dict[str, int]]()
LOGGERS = ("bot", "uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "apscheduler", "httpx", "telegram")


def _missing() -> dict[str, str]:
    """Markers whose tests cannot run here, each with the program they need."""
    missing = {}
    if not postgres.available():
        missing["postgres"] = "PostgreSQL"
    if not shutil.which("chromium") and not Path("/usr/bin/chromium").exists():
        missing["browser"] = "chromium"
    missing |= {marker: program for marker, program in PROGRAMS.items() if not shutil.which(program)}
    return missing


def pytest_configure(config: pytest.Config) -> None:
    """On a build machine nothing is left out: what is missing there is a failure."""
    config.stash[LEFT_OUT] = {}
    # How long an example takes says something about the machine, and two processes share it.
    settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    if os.environ.get("CI", "").lower() in {"1", "true"} and (missing := _missing()):
        programs = ", ".join(missing.values())
        raise pytest.UsageError(f"Missing for the tests: {programs}. Run .ci/run, which installs them.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run, and remember how much that was."""
    missing = _missing()
    out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if not out:
        return
    items[:] = [item for item in items if item not in set(out)]
    config.hook.pytest_deselected(items=out)
    for name, program in missing.items():
        config.stash[LEFT_OUT][program] = sum(item.get_closest_marker(name) is not None for item in out)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was collected stays until the end: looking through it again and again finds nothing to give back."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes tells the one that writes the summary what it left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every process collects the same tests, so the words of any of them are the whole truth."""
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say once what was left out, so that nobody takes a green run for a whole one."""
    hints = {"PostgreSQL": "set TEST_DATABASE_URL, or run .ci/run"}
    for program, count in config.stash[LEFT_OUT].items():
        if count:
            terminalreporter.write_line(
                f"Left out: {count} {program} tests ({hints.get(program, 'install it, or run .ci/run')})"
            )


@pytest.fixture(autouse=True)
def logging_of_one_test() -> Iterator[None]:
    """A command sets up the logging of its whole process; whichever test comes next does not notice."""
    root, hook = logging.getLogger(), sys.excepthook
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, LOGGERS))}
    yield
    root.handlers[:] = [handler for handler in root.handlers if type(handler) is not logging.StreamHandler]
    for logger, level in levels.items():
        logger.setLevel(level)
    sys.excepthook = hook


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the places of the world lie unpacked, once for all tests of this process."""
    folder = tmp_path_factory.mktemp("gazetteer")

    async def unpack() -> None:
        gazetteer = Gazetteer(folder)
        await gazetteer.open()
        await gazetteer.close()

    asyncio.run(unpack())
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a SQLite file with all tables is kept once a test has made it."""
    return tmp_path_factory.mktemp("template") / "openchair.db"


@pytest.fixture
async def upgraded_sqlite(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a SQLite file with all tables and nothing in them."""
    if not sqlite_template.exists():
        making = sqlite_template.with_name("making.db")
        await Database(f"sqlite+aiosqlite:///{making}").upgrade()
        making.rename(sqlite_template)
    file = tmp_path / "openchair.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an upgraded, empty database: the test runs on SQLite and on PostgreSQL."""
    name = "upgraded_sqlite" if request.param == "sqlite" else "upgraded_postgres"
    return str(request.getfixturevalue(name))


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open, empty database: the test runs on SQLite and on PostgreSQL."""
    database = Database(database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def sqlite_db(upgraded_sqlite: str) -> AsyncIterator[Database]:
    """An open, empty database in a SQLite file, for tests that are not about the database."""
    database = Database(upgraded_sqlite)
    await database.open()
    yield database
    await database.close()
