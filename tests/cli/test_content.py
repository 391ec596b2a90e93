"""`content check` and `content parity`, as an editor runs them."""

import json
import shutil
from pathlib import Path

import pytest

from bot.cli import content as commands
from bot.texts.checks.problem import Problem
from bot.texts.parity import Row
from bot.texts.rules import Severity
from tests.cli.test_commands import run

CONTENT = Path(__file__).parents[2] / "content"
pytestmark = pytest.mark.usefixtures("operator")


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENCHAIR_CONTENT_DIR", str(CONTENT))
    return tmp_path


@pytest.fixture
def content(operator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(CONTENT, operator / "content"))
    monkeypatch.setenv("OPENCHAIR_CONTENT_DIR", str(folder))
    return folder


def test_an_error_is_told_with_file_line_rule_and_advice_and_fails(content: Path) -> None:
    card = content / "en/fellowships/ga.md"
    card.write_text(card.read_text(encoding="utf-8").replace("cost: ", "cost: You must pay. ", 1), encoding="utf-8")
    done = run("content", "check")
    assert done.exit_code == 1
    line = 1 + card.read_text(encoding="utf-8").split("cost: ")[0].count("\n")
    told = [
        one for one in done.stdout.splitlines() if one.startswith(f"error: en/fellowships/ga.md:{line}: pressure:")
    ]
    assert told
    assert "“must”" in told[0]
    assert "could" in told[0]


@pytest.mark.parametrize(("severity", "code", "strict"), [("error", 1, 1), ("warning", 0, 1), ("note", 0, 0)])
def test_warnings_fail_only_where_they_count_and_notes_never(
    monkeypatch: pytest.MonkeyPatch, severity: Severity, code: int, strict: int
) -> None:
    problem = Problem("urgent/gb.yml", 5, "stale_date", "", "look again", severity)
    monkeypatch.setattr(commands, "check_folder", lambda root, today, served: [problem])
    assert run("content", "check").exit_code == code
    assert run("content", "check", "--strict").exit_code == strict
    report = json.loads(run("content", "check", "--json").stdout)
    assert report["counts"] == {"error": 0, "warning": 0, "note": 0} | {severity: 1}
    (told,) = report["problems"]
    assert (told["file"], told["line"], told["rule"], told["suggestion"]) == (
        "urgent/gb.yml", 5, "stale_date", "look again",
    )  # fmt: skip


def test_parity_prints_every_metric_and_succeeds() -> None:
    done = run("content", "parity")
    assert done.exit_code == 0, done.stdout
    assert all(f"\nM{number} " in done.stdout for number in range(1, 18))
    assert done.stdout.strip().endswith("0 failed.")


def test_parity_fails_on_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row("M4", "en", "card", "no word that praises or belittles", "1 found (ga: excellent)", "fail")
    monkeypatch.setattr(commands, "measure", lambda root, today: [row])
    assert run("content", "parity").exit_code == 1
    done = run("content", "parity", "--json")
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["failed"] == 1
    assert report["rows"][0]["measured"] == "1 found (ga: excellent)"
