"""`meetings export` and `meetings import`: what an operator types, reads, and says yes to."""

import csv
import io
import json
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.domain.errors import OperatorError
from bot.services import bulk_files
from tests.services.workbooks import edited as workbook_edited
from tests.services.workbooks import place

DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")
ROWS: list[dict[str, Any]] = [
    {
        "name": f"{day} =Tools",
        "slug": day.lower(),
        "day": number,
        "time": "19:00",
        "end_time": "20:00",
        "location": "Mill Lane Centre",
        "formatted_address": "14 Mill Lane, Leeds LS6 2AA, UK",
        "latitude": 53.8198,
        "longitude": -1.5781,
        "notes": 'Two lines;\n"quoted".',
    }
    for number, day in enumerate(DAYS)
]


@pytest.fixture
def folder(tmp_path: Path, unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's folder, with five meetings in a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_DATABASE_URL", f"sqlite+aiosqlite:///{unpacked / tmp_path.name}.db")
    Path("list.json").write_text(json.dumps(ROWS), encoding="utf-8")
    done = run("feeds", "import", "list.json", "--format", "meeting_guide", "--fellowship", "aa")
    assert done.exit_code == 0, done.output
    return tmp_path


def run(*arguments: str, given: str = "") -> Result:
    """One command; a clear failure is left as the error that becomes its sentence."""
    return CliRunner().invoke(app, list(arguments), input=given)


def edited(file: str, edit: Callable[[list[dict[str, str]]], object], saved_as: str) -> None:
    """A spreadsheet program opens a file, somebody edits it, and it is saved as CSV."""
    rows = list(csv.DictReader(io.StringIO(Path(file).read_bytes().decode("utf-8-sig"), newline="")))
    edit(rows)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    Path(saved_as).write_bytes(out.getvalue().encode("utf-16"))


def three_rows(rows: list[dict[str, str]]) -> None:
    rows[0]["start"] = "7:30"
    rows[2]["venue"] = "Café Größe"
    rows[4]["weekday"] = "Saturday"


@pytest.mark.usefixtures("folder")
def test_three_rows_changed_in_a_file_are_exactly_what_import_shows_and_applies_after_a_yes() -> None:
    done = run("meetings", "export", "all.csv")
    assert (done.exit_code, done.stdout) == (0, "Written: all.csv (5 meetings)\n")
    raw = Path("all.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,feed,version,name,")
    assert b'"Two lines;\n""quoted""."' in raw
    edited("all.csv", three_rows, "back.csv")

    no = run("meetings", "import", "back.csv", given="n\n")
    assert no.exit_code == 0
    assert no.stdout.startswith("5 rows: 2 as they are here, 3 changed, 0 new, 0 refused; 0 missing from the file.\n")
    assert "start: '19:00' -> '07:30'" in no.stdout
    assert no.stdout.endswith("Nothing was changed.\n")
    assert "Apply 3 changes? [y/N]" in no.stderr
    assert run("meetings", "import", "back.csv").stdout.endswith("Nothing was changed.\n"), "no answer is a no"

    report = json.loads(run("meetings", "import", "back.csv", "--json", given="y\n").stdout)
    assert report["applied"] == {"changed": 3, "added": 0, "ended": 0, "proposed": 0, "faults": []}
    assert [(one["row"], one["before"], one["after"]) for one in report["changed"]] == [
        (2, {"start": "19:00"}, {"start": "07:30"}),
        (4, {"venue": "Mill Lane Centre"}, {"venue": "Café Größe"}),
        (6, {"weekday": "Wednesday"}, {"weekday": "Saturday"}),
    ]
    again = json.loads(run("meetings", "import", "back.csv", "--yes", "--json").stdout)
    assert (again["unchanged"], again["changed"], again["older"], again["applied"]) == (5, [], [], None)

    assert run("meetings", "export", "all.json", "--fellowship", "aa").exit_code == 0
    listed = json.loads(Path("all.json").read_text(encoding="utf-8"))
    assert {"07:30", "19:00"} == {one["start"] for one in listed}
    back = json.loads(run("meetings", "import", "all.json", "--yes", "--json").stdout)
    assert (back["rows"], back["unchanged"], back["applied"]) == (5, 5, None)


@pytest.mark.usefixtures("folder")
def test_a_broken_file_says_which_rows_and_why_and_what_is_missing_ends_only_when_asked_for() -> None:
    run("meetings", "export", "all.csv", "--feed", "aa-list")

    def broken(rows: list[dict[str, str]]) -> None:
        rows[0]["start"] = "25:99"
        rows[1]["id"] = "1.23457E+13"
        rows[2]["notes"] = ""
        rows.append(dict.fromkeys(rows[0], "") | {"name": "New", "fellowship": "nosuch"})
        rows.pop(3)

    def mended(rows: list[dict[str, str]]) -> None:
        identity = rows[1]["id"]
        broken(rows)
        rows[1]["id"] = identity

    edited("all.csv", broken, "back.csv")
    shown = run("meetings", "import", "back.csv", given="n\n").stdout
    assert "row 2, start: " in shown
    assert "row 3, id: your program took the id for a number (1.23457E+13)" in shown
    assert "row 6, fellowship: " in shown
    assert "so nobody can say which meetings are missing" in shown
    edited("all.csv", mended, "back.csv")
    shown = run("meetings", "import", "back.csv", given="n\n").stdout
    assert "Missing (ended only with --end-missing):" in shown
    kept = json.loads(run("meetings", "import", "back.csv", "--yes", "--json").stdout)
    assert kept["applied"] == {"changed": 1, "added": 0, "ended": 0, "proposed": 0, "faults": []}
    assert len(kept["gone"]) == 1
    ended = json.loads(run("meetings", "import", "back.csv", "--yes", "--end-missing", "--json").stdout)
    assert ended["applied"]["ended"] == 1
    assert run("meetings", "export", "rest.csv").stdout == "Written: rest.csv (4 meetings)\n"


@pytest.mark.usefixtures("folder")
def test_a_file_that_nothing_can_be_read_from_is_one_sentence() -> None:
    files = {"book.csv": b"PK\x03\x04", "page.csv": b"<!doctype html>", "empty.csv": b"", "other.csv": b"a,b\n1,2\n"}
    for name, data in files.items():
        Path(name).write_bytes(data)
        done = run("meetings", "import", name, "--yes")
        assert isinstance(done.exception, OperatorError)
        assert str(done.exception).startswith(f"{name}: ")
    assert isinstance(run("meetings", "import", "nosuch.csv").exception, OperatorError)
    assert isinstance(run("meetings", "export", "nosuch/all.csv").exception, OperatorError)
    wrong = run("meetings", "export", "all.pdf")
    assert (wrong.exit_code, ".xlsx, .csv or .json" in wrong.output) == (2, True)


@pytest.mark.usefixtures("folder")
def test_a_workbook_goes_out_and_comes_back_with_hours_as_hours() -> None:
    done = run("meetings", "export", "all.xlsx")
    assert (done.exit_code, done.stdout) == (0, "Written: all.xlsx (5 meetings)\n")
    back = json.loads(run("meetings", "import", "all.xlsx", "--json").stdout)
    assert (back["rows"], back["unchanged"], back["applied"]) == (5, 5, None)

    def edit(sheet: Any) -> None:
        sheet[place("start", 2)].value = time(7, 30)
        sheet[place("name", 3)].value = "#REF!"
        sheet[place("postal_code", 4)].value = 90210.0
        sheet.row_dimensions[4].hidden = True
        sheet.parent.create_sheet("Notes")["A1"].value = "Call the hall"

    Path("back.xlsx").write_bytes(workbook_edited(Path("all.xlsx").read_bytes(), edit))
    told = run("meetings", "import", "back.xlsx", "--yes").stdout
    assert "5 rows: 2 as they are here, 2 changed, 0 new, 1 refused; 0 missing from the file.\n" in told
    assert "Read was the sheet 'meetings'; the others were left out." in told
    assert "1 of the rows are hidden" in told
    assert "row 3, name: the cell shows an error (#REF!)" in told
    assert "-> '90210'" in told
    assert told.endswith("Changed: 2, new: 0, ended: 0.\n")
    many = run("meetings", "export", "all.xlsx", "--feed", "aa-list")
    assert many.exit_code == 0


@pytest.mark.usefixtures("folder")
def test_more_meetings_than_a_workbook_holds_are_told_and_leave_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk_files, "MOST_IN_WORKBOOK", 4)
    done = run("meetings", "export", "all.xlsx")
    assert isinstance(done.exception, OperatorError)
    assert "More than 4 meetings are too many for a workbook" in str(done.exception)
    assert list(Path().glob("*.xlsx*")) == list(Path().glob(".*.part")) == []
