"""The command line as an operator meets it: plain sentences, exit codes, reports."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.errors import OperatorError
from bot.feeds.fetch import Fetched

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
def data(unpacked: Path) -> Path:
    """Where the databases lie: beside the gazetteer, so that it is not unpacked for each."""
    return unpacked


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
    known = [(feed["id"], feed["meetings"], feed["state"]) for feed in listed if feed["state"] != "off"]
    assert known == [("smart-leeds", 1, "fresh")]


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
    states = {feed["id"]: feed for feed in json.loads(run("feeds", "list", "--json").stdout)}
    assert states["smart-leeds"]["meetings"] == 1


def test_a_missing_file_and_an_unknown_fellowship_are_said_plainly(operator: Path) -> None:
    assert isinstance(run(*IMPORT, "nowhere.json").exception, OperatorError)
    done = run("feeds", "import", feed_file(operator, ROW), "--format", "meeting_guide", "--fellowship", "xyz")
    assert done.exit_code == 2
    assert "no fellowship xyz" in " ".join(done.output.split())
    done = run("feeds", "import", feed_file(operator, ROW), "--format", "parchment", "--fellowship", "aa")
    assert done.exit_code == 2


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


def test_find_names_every_feed_that_lists_a_meeting_and_counts_it_once(operator: Path) -> None:
    other = ROW | {
        "slug": "other",
        "name": "The Tuesday Tools Group",
        "formatted_address": "14 Mill Ln, Leeds LS6 2AA",
    }
    run(*IMPORT, feed_file(operator, ROW), "--zone", "Europe/London")
    run(*IMPORT, feed_file(operator, other), "--zone", "Europe/London", "--feed", "a-second-list")
    found = json.loads(run("find", "smart leeds", "--now", NOW).stdout)
    assert [meeting["sources"] for meeting in found["meetings"]] == [["a-second-list", "smart-leeds"]]
    assert found["total"] == 1


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


@pytest.fixture
def cards(operator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Content with one card of our own, whose address nothing may ask."""
    folder = operator / "content"
    folder.mkdir()
    for part in (Path(__file__).parents[2] / "content").iterdir():
        if part.name != "feeds":
            (folder / part.name).symlink_to(part)
    (folder / "feeds").mkdir()
    card = (
        "publisher: Leeds SMART\nurl: https://192.168.0.1/meetings.json\nformat: meeting_guide\n"
        "fellowship: smart\nzone: Europe/London\nevery: 24\nexpect: {min: 1, max: 90}\n"
        "contact: https://example.org/\n"
    )
    (folder / "feeds" / "smart-lists.yml").write_text(card, encoding="utf-8")
    monkeypatch.setenv("OPENCHAIR_CONTENT_DIR", str(folder))
    return folder


def feed_states() -> dict[str, dict[str, Any]]:
    return {feed["id"]: feed for feed in json.loads(run("feeds", "list", "--json").stdout)}


def test_a_card_is_listed_as_off_turned_on_and_off_again(cards: Path) -> None:
    off = {"id": "smart-lists", "state": "off", "meetings": 0, "last_success": None, "held": 0}
    assert feed_states() == {"smart-lists": off}
    assert run("feeds", "enable", "smart-lists").stdout == "smart-lists is on.\n"
    assert run("feeds", "enable", "smart-lists").stdout == "smart-lists was on already.\n"
    assert feed_states()["smart-lists"]["state"] == "never"
    assert run("feeds", "disable", "smart-lists").stdout == "smart-lists is off; 0 meetings were removed.\n"
    assert run("feeds", "disable", "smart-lists").stdout == "smart-lists was off already.\n"
    assert feed_states() == {"smart-lists": off}


def test_a_list_for_a_card_needs_no_more_than_its_id(cards: Path) -> None:
    row = {name: value for name, value in ROW.items() if name not in ("latitude", "longitude")}
    done = run("feeds", "import", feed_file(cards.parent, row), "--feed", "smart-lists", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["meetings"] == 1
    (meeting,) = json.loads(run("find", "smart leeds", "--now", NOW).stdout)["meetings"]
    assert (meeting["fellowship"], meeting["zone"]) == ("smart", "Europe/London")
    assert feed_states()["smart-lists"]["meetings"] == 1


def test_a_feed_without_a_card_needs_format_and_fellowship(cards: Path) -> None:
    path = feed_file(cards.parent, ROW)
    assert run("feeds", "import", path).exit_code == 2
    done = run("feeds", "import", path, "--feed", "unknown")
    assert done.exit_code == 2
    assert "no card" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("sync", "No feed is on: `openchair feeds enable ID` turns one on."),
        ("sync smart-lists", "smart-lists is off: `openchair feeds enable smart-lists` turns it on."),
        ("enable nowhere", "There is no card for a feed nowhere; `openchair feeds list` names them."),
        ("accept smart-lists", "Nothing of smart-lists waits for a decision."),
    ],
)
def test_what_cannot_be_done_to_a_feed_is_said_in_one_sentence(cards: Path, words: str, says: str) -> None:
    done = run("feeds", *words.split())
    assert isinstance(done.exception, OperatorError)
    assert str(done.exception) == says


def test_a_publisher_that_cannot_be_asked_is_named_and_the_feed_fails(cards: Path) -> None:
    run("feeds", "enable", "smart-lists")
    done = run("feeds", "sync", "--json")
    sentence = "192.168.0.1 lies in a private network, where no list is fetched."
    assert str(done.exception) == f"smart-lists: {sentence}"
    assert json.loads(done.stdout) == []
    assert feed_states()["smart-lists"]["state"] == "failing"
    assert sentence in run("feeds", "list").stdout


def test_a_list_is_read_held_and_accepted_by_hand(cards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROW | {"slug": str(number)} for number in range(4)]

    class Publisher:
        def __init__(self, contact: str) -> None:
            pass

        async def fetch(self, url: str, **_: str) -> Fetched:
            return Fetched(json.dumps(rows).encode())

    monkeypatch.setattr("bot.feeds.fetch.Fetcher", Publisher)
    run("feeds", "enable", "smart-lists")
    done = run("feeds", "sync")
    assert done.stdout == "smart-lists: updated, 4 meetings (4 added, 0 changed, 0 vanished)\n"
    del rows[1:]
    (report,) = json.loads(run("feeds", "sync", "smart-lists", "--json").stdout)
    assert (report["feed"], report["outcome"], report["meetings"], report["held"]) == ("smart-lists", "held", 4, 1)
    listed = run("feeds", "list").stdout
    assert "smart-lists: held, 4 meetings" in listed
    assert "more than 20% are gone" in listed
    assert "openchair feeds accept smart-lists" in listed
    assert run("feeds", "refuse", "smart-lists").stdout == "smart-lists: 1 refused.\n"
    rows[0] = rows[0] | {"name": "Monday Tools"}
    run("feeds", "sync")
    done = run("feeds", "accept", "smart-lists")
    assert done.stdout == "smart-lists: updated, 1 meetings (0 added, 1 changed, 3 vanished)\n"
