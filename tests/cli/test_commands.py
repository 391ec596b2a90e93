"""The command line as an operator meets it: plain sentences, exit codes, reports."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.errors import OperatorError

ROW: dict[str, Any] = {
    "name": "Tuesday Tools",
    "slug": "tuesday-tools",
    "day": 2,
    "time": "19:00",
    "end_time": "20:00",
    "location": "Mill Lane Centre",
    "formatted_address": "14 Mill Lane, Leeds LS6 2AA, UK",
    "latitude": 53.8198,
    "longitude": -1.5781,
    "types": ["O"],
}
NOW = "2026-11-24T12:00:00+00:00"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases lie, so that the gazetteer is unpacked beside them once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def operator(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's folder, with a database of its own and no settings from elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", f"sqlite+aiosqlite:///{data / tmp_path.name}.db")
    for name in ("OPENCHAIR_TOKEN", "OPENCHAIR_COUNTRY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str, given: str = "") -> Result:
    """One command; a clear failure is left as the error that becomes its sentence."""
    return CliRunner().invoke(app, list(arguments), input=given)


def feed_file(folder: Path, *rows: dict[str, Any]) -> str:
    """A Meeting Guide file."""
    path = folder / "leeds.json"
    path.write_text(json.dumps(list(rows)), encoding="utf-8")
    return str(path)


IMPORT = ("feeds", "import", "--format", "meeting_guide", "--fellowship", "smart")


def test_an_import_reports_every_row(operator: Path) -> None:
    path = feed_file(operator, ROW, ROW | {"slug": "b", "day": [1, 3]}, ROW | {"slug": "c", "day": "someday"})
    done = run(*IMPORT, path, "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["feed"] == "smart-leeds"
    assert (report["rows"], report["taken"], report["refused"], report["meetings"]) == (3, 2, 1, 3)
    assert sum(report["complaints"].values()) == 1


def test_importing_again_replaces_the_feed(operator: Path) -> None:
    run(*IMPORT, feed_file(operator, ROW, ROW | {"slug": "b"}))
    run(*IMPORT, feed_file(operator, ROW))
    listed = json.loads(run("feeds", "list", "--json").stdout)
    assert [(feed["id"], feed["meetings"], feed["state"]) for feed in listed] == [("smart-leeds", 1, "fresh")]


@pytest.mark.parametrize(
    "content", ["", "not json", "<html><body>One moment</body></html>", "[]", '{"a": 1}', "[" * 5000]
)
def test_a_file_that_is_no_list_changes_nothing_and_says_why(operator: Path, content: str) -> None:
    run(*IMPORT, feed_file(operator, ROW))
    bad = operator / "leeds.json"
    bad.write_text(content, encoding="utf-8")
    done = run(*IMPORT, str(bad))
    assert isinstance(done.exception, OperatorError)
    assert "\n" not in str(done.exception)
    assert json.loads(run("feeds", "list", "--json").stdout)[0]["meetings"] == 1


def test_a_missing_file_and_an_unknown_fellowship_are_said_plainly(operator: Path) -> None:
    assert isinstance(run(*IMPORT, "nowhere.json").exception, OperatorError)
    done = run("feeds", "import", feed_file(operator, ROW), "--format", "meeting_guide", "--fellowship", "xyz")
    assert "no fellowship xyz" in str(done.exception)


def test_wrong_usage_exits_with_two(operator: Path) -> None:
    assert run("feeds", "import").exit_code == 2
    assert run("find").exit_code == 2
    assert run("nonsense").exit_code == 2
    assert run(*IMPORT, feed_file(operator, ROW), "--zone", "Mars/Crater").exit_code == 2
    assert run("find", "leeds", "--now", "yesterday").exit_code == 2


def test_find_prints_what_people_see(operator: Path) -> None:
    run(*IMPORT, feed_file(operator, ROW), "--zone", "Europe/London")
    found = json.loads(run("find", "smart leeds", "--now", NOW).stdout)
    (meeting,) = found["meetings"]
    assert meeting["name"] == "Tuesday Tools"
    assert (meeting["weekday"], meeting["time"], meeting["zone"]) == (2, "19:00", "Europe/London")
    assert meeting["next"] == "2026-11-24T19:00:00+00:00"
    assert meeting["in_person"] is True
    assert meeting["online"] is False
    assert meeting["distance_km"] < 5
    assert meeting["sources"] == ["smart-leeds"]
    assert (found["total"], found["more"], found["ask"]) == (1, False, [])


def test_find_asks_where_a_name_is_not_sure(operator: Path) -> None:
    found = json.loads(run("find", "springfield").stdout)
    assert found["meetings"] == []
    assert len(found["ask"]) > 1


def test_lines_come_out_in_the_order_they_went_in(operator: Path) -> None:
    lines = '{"text": "my son uses heroin"}\n{"text": "na online now", "now": "2026-11-24T12:00:00+01:00"}\n'
    family, online = map(json.loads, run("understand", "--lines", given=lines).stdout.splitlines())
    assert "family" in family["needs"]
    assert family["when"] is None
    assert online["fellowships"] == ["na"]
    assert online["online"] is True
    assert online["when"] == {"from": "2026-11-24T11:45:00+01:00", "to": "2026-11-24T14:00:00+01:00"}


def test_a_line_that_is_no_object_is_named(operator: Path) -> None:
    done = run("understand", "--lines", given='{"text": "leeds"}\nnonsense\n')
    assert "Line 2" in str(done.exception)


def test_an_urgent_text_is_told_by_its_tier(operator: Path) -> None:
    assert json.loads(run("understand", "i want to kill myself").stdout)["urgent"] == "self_harm"


def test_content_check_and_db_upgrade_succeed(operator: Path) -> None:
    assert run("content", "check").exit_code == 0
    assert run("db", "upgrade").exit_code == 0


def test_doctor_says_what_to_do_about_an_empty_bot(operator: Path) -> None:
    done = run("doctor")
    assert done.exit_code == 1
    assert "feeds import" in done.stdout


@pytest.mark.parametrize("command", ["run", "sandbox", "find", "understand", "doctor", "feeds", "content", "db"])
def test_every_command_explains_itself(command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout
