"""`admins` and `audit export`: what an operator types and reads."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.shared import opened
from bot.domain import invitation
from bot.domain.admin import Deed, Role, Scope, may
from bot.domain.errors import OperatorError
from bot.services.admins import Admins
from bot.services.keys import KeyRing
from bot.settings import load_settings

ANA, JOAN = "7700123458", "7700123469"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def operator(tmp_path: Path, upgraded_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator's folder with a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", upgraded_sqlite)
    monkeypatch.delenv("OPENCHAIR_ADMINS", raising=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def ask(do: Callable[[Admins], Awaitable[T]]) -> T:
    async def work() -> T:
        settings = load_settings()
        async with opened(settings) as database:
            return await do(Admins(database, KeyRing(database, file=settings.key_file)))

    return asyncio.run(work())


def test_a_grant_is_listed_with_the_end_of_the_id_alone_and_ends_with_a_revoke() -> None:
    assert run("admins", "list").stdout.startswith("Nobody yet.")
    done = run("admins", "grant", ANA, "--role", "owner", "--name", "Ana <b>\x1b[2J")
    assert (done.exit_code, done.stdout) == (0, "Ana <b> [2J is owner for everything.\n")
    done = run("admins", "grant", JOAN, "--role", "editor", "--scope", "aa, area:us/Oregon, feed:na-spain")
    assert done.stdout == "No. 2 is editor for area:US/Oregon, feed:na-spain, fellowship:aa.\n"
    first, second = json.loads(run("admins", "list", "--json").stdout)
    assert first.keys() == {"role", "scope", "name", "since", "id_ends_with", "by_settings"}
    assert (first["role"], first["id_ends_with"], second["scope"]) == (
        "owner", "458", ["area:US/Oregon", "feed:na-spain", "fellowship:aa"],
    )  # fmt: skip
    listed = run("admins", "list").stdout
    assert "id …469" in listed
    assert ANA not in listed
    assert JOAN not in listed
    assert run("admins", "revoke", JOAN).stdout == "The role is taken.\n"
    assert len(json.loads(run("admins", "list", "--json").stdout)) == 1


def test_a_role_given_by_command_line_may_exactly_what_the_table_says() -> None:
    for number, role in enumerate(Role):
        scope = () if role is Role.OWNER else ("--scope", "feed:na-spain")
        assert run("admins", "grant", f"{ANA}{number}", "--role", role.value, *scope).exit_code == 0
    inside, outside = Scope(feeds=frozenset({"na-spain"})), Scope(feeds=frozenset({"na-australia"}))
    for admin in ask(lambda admins: admins.listed()):
        allowed = {deed for deed in Deed if may(admin, deed, inside)}
        everywhere = set(Deed) if admin.role is Role.OWNER else set()
        assert {deed for deed in Deed if may(admin, deed, outside)} == everywhere
        assert (Deed.MANAGE_ADMINS in allowed) is (admin.role in (Role.OWNER, Role.ADMIN))
        assert (Deed.EDIT_MEETING in allowed) is (admin.role is not Role.REVIEWER)
        assert (Deed.ANSWER_SUGGESTIONS in allowed) is (admin.role is not Role.EDITOR)


def test_wrong_usage_changes_nothing() -> None:
    for arguments in (
        ("grant", "Ana", "--role", "editor"),
        ("grant", "-5", "--role", "editor"),
        ("grant", "0", "--role", "editor"),
        ("grant", "9" * 30, "--role", "editor"),
        ("grant", ANA),
        ("grant", ANA, "--role", "king"),
        ("grant", ANA, "--role", "editor", "--scope", "nowhere"),
        ("grant", ANA, "--role", "editor", "--scope", "feed:aa"),
        ("grant", ANA, "--role", "editor", "--scope", "planet:mars"),
        ("revoke",),
    ):
        assert run("admins", *arguments).exit_code == 2, arguments
    assert json.loads(run("admins", "list", "--json").stdout) == []


def test_what_cannot_be_done_is_one_plain_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    run("admins", "grant", ANA, "--role", "owner")
    scoped = ("grant", JOAN, "--role", "owner", "--scope", "aa")
    for arguments, sentence in (
        (("revoke", ANA), "Nobody else is owner: make another one first."),
        (("revoke", JOAN), "Nobody with that id helps here; `openchair admins list` tells who does."),
        (scoped, "An owner looks after everything: leave the scope out."),
        (("code",), "There is an owner already, who can invite others behind /admin."),
    ):
        done = run("admins", *arguments)
        assert isinstance(done.exception, OperatorError)
        assert str(done.exception) == sentence
    monkeypatch.setenv("OPENCHAIR_ADMINS", JOAN)
    done = run("admins", "grant", JOAN, "--role", "editor")
    assert str(done.exception) == "This owner stands in OPENCHAIR_ADMINS: take the id out there."


def test_the_printed_code_makes_whoever_sends_it_first_the_owner() -> None:
    number = invitation.read(run("admins", "code").stdout.strip())
    assert number is not None
    joined = ask(lambda admins: admins.join(int(ANA), number))
    assert joined.admin.role is Role.OWNER
    assert "whoever sends `/admin CODE`" in " ".join(run("admins", "code", "--help").output.split())


def test_the_audit_is_written_as_its_file_is_called(tmp_path: Path) -> None:
    run("admins", "grant", ANA, "--role", "owner", "--name", "Ana")
    run("admins", "grant", JOAN, "--role", "editor", "--scope", "na-spain")
    run("admins", "revoke", JOAN)
    assert run("audit", "export", "all.json").stdout == "Written: all.json\n"
    told = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert [(one["deed"], one["subject"], one["role"]) for one in told] == [
        ("manage_admins", "1", "command_line"),
        ("manage_admins", "2", "command_line"),
        ("manage_admins", "2", "command_line"),
    ]
    assert run("audit", "export", "all.csv").exit_code == 0
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").count("\n") == 4
    assert run("audit", "export", "all.txt").exit_code == 2
    assert isinstance(run("audit", "export", "no/such/folder.csv").exception, OperatorError)
    assert ANA not in (tmp_path / "all.json").read_text(encoding="utf-8")
