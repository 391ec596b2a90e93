"""`content suggestions`: what an operator reads, and how one is marked as dealt with."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.errors import OperatorError
from bot.domain.suggestion import Kind, Subject, Verdict
from bot.services.suggestions import Suggestions
from bot.store.database import Database

NOW = datetime(2026, 11, 24, 18, 2, tzinfo=UTC)
TEXTS = (
    "See page 34.\nIt says <b>otherwise</b> {{ now }}",
    "\x1b]0;owned\x07\u202eSee page 12 of \u200bthe book\u009b2J",
)


@pytest.fixture
def queue(upgraded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two suggestions in a database of their own, one about an article and one about a card."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", upgraded_sqlite)

    async def fill() -> None:
        db = Database(upgraded_sqlite)
        await db.open()
        work = Suggestions(db, clock=lambda: NOW)
        about = (Subject(Kind.ARTICLE, "medicines", "en", "1.0"), Subject(Kind.FELLOWSHIP, "smart", "es"))
        for subject, text in zip(about, TEXTS, strict=True):
            assert (await work.keep(subject, text)).verdict is Verdict.KEPT
        await db.close()

    asyncio.run(fill())
    return upgraded_sqlite


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["content", "suggestions", *arguments])


def test_the_queue_shows_what_it_is_about_the_day_and_the_words_as_they_are(queue: str) -> None:
    done = run()
    assert done.exit_code == 0, done.output
    first, second = "1: article medicines (en, version 1.0), 2026-11-24", "2: fellowship smart (es), 2026-11-24"
    assert done.stdout.splitlines() == [
        first,
        "    See page 34.",
        "    It says <b>otherwise</b> {{ now }}",
        second,
        "    ]0;ownedSee page 12 of the book2J",
        "2 suggestions.",
    ]


def test_one_that_was_dealt_with_leaves_the_queue_and_its_answer_is_kept(queue: str) -> None:
    done = run("--done", "2", "--answer", "declined")
    assert (done.exit_code, done.stdout) == (0, "2: declined.\n")
    (left,) = json.loads(run("--json").stdout)
    assert (left["id"], left["state"], left["answered_on"]) == (1, "waiting", None)
    assert left["text"] == TEXTS[0]
    every = json.loads(run("--all", "--json").stdout)
    assert [one["state"] for one in every] == ["waiting", "declined"]
    assert every[1]["answered_on"] is not None
    assert ", declined on 20" in run("--all").stdout


def test_a_number_that_does_not_wait_is_a_clear_failure_and_changes_nothing(queue: str) -> None:
    done = run("--done", "1", "--done", "9", "--answer", "used")
    assert isinstance(done.exception, OperatorError)
    assert "No suggestion 9 waits" in str(done.exception)
    assert len(json.loads(run("--json").stdout)) == 2


@pytest.mark.parametrize(
    "arguments", [("--done", "1"), ("--answer", "used"), ("--done", "1", "--answer", "maybe"), ("--done", "one")]
)
def test_half_an_answer_is_wrong_usage(queue: str, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_an_empty_queue_says_so(upgraded_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", upgraded_sqlite)
    assert run().stdout == "No suggestion waits.\n"
    assert run("--json").stdout == "[]\n"
