"""What the checks find, put together for a page: with the sentence it is about, and in words for every rule."""

import ast
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.texts import proofs
from bot.texts.checks.problem import Problem
from bot.texts.library import Library
from bot.texts.parity import HELD_BY_TEST
from bot.texts.proofs import prove, state_of
from bot.texts.rules import load_plain, load_pressure

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
TODAY = date(2026, 11, 22)
CHECKS = [*(ROOT / "bot" / "texts" / "checks").glob("*.py"), ROOT / "bot" / "texts" / "lint.py"]


def rules() -> set[str]:
    """Every rule that content holds, and those that the checks name themselves, in their own code."""
    held = {one.id for one in (*load_pressure(CONTENT).rules, *load_plain(CONTENT).rules)}
    return held | {name for path in CHECKS for name in named(ast.parse(path.read_text(encoding="utf-8")))}


def named(tree: ast.AST) -> Iterator[str]:
    """The words that stand where a Problem (third) or a Finding (first) has its rule."""
    for call in ast.walk(tree):
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in ("Problem", "Finding"):
            rule = call.args[2 if name == "Problem" else 0]
            if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                yield rule.value


def test_every_rule_is_told_in_words_that_say_what_is_meant_and_what_would_be_better() -> None:
    library = Library.load(CONTENT)
    assert {"stale_date", "long_sentence", "pressure"} <= rules()
    for code in library.languages:
        labels = library.texts(code).labels
        for rule in rules():
            assert {f"desk.words.rule.{rule}.means", f"desk.words.rule.{rule}.better"} <= labels.keys(), (code, rule)
        metrics = {f"desk.words.parity.M{number}" for number in range(1, 18)}
        assert metrics <= labels.keys()
        assert {f"desk.words.parity.{one}" for one in HELD_BY_TEST} <= metrics


def test_what_is_found_today_has_words_too(problems_as_published: list[Problem]) -> None:
    labels = Library.load(CONTENT).texts("en").labels
    assert not {one.rule for one in problems_as_published if f"desk.words.rule.{one.rule}.means" not in labels}


def test_a_finding_is_quoted_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("Fine.\nYou could come. You must stay a while. Bye.\n", encoding="utf-8")
    word = Problem("a.html", 2, "pressure", "must", "could")
    assert proofs._quote(tmp_path, word) == "You must stay a while."
    assert proofs._quote(tmp_path, Problem("a.html", 2, "schema", "", "x")).startswith("You could come.")
    assert proofs._quote(tmp_path, Problem("gone.html", 2, "emoji", "must", "could")) == "must"
    assert proofs._quote(tmp_path, Problem("a.html", 0, "emoji", "", "x")) == ""


def test_a_folder_that_cannot_be_read_is_told_as_a_problem_and_nothing_is_raised(tmp_path: Path) -> None:
    content = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    before = state_of(content)
    assert state_of(content) == before
    (content / "words" / "pressure.yml").write_text("rules: }\n", encoding="utf-8")
    assert state_of(content) != before
    found = prove(content, TODAY)
    assert found.parity == ()
    assert [one.problem.file for one in found.found if one.problem.error] == ["words/pressure.yml"]
