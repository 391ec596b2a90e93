"""Every rule of an editor: a text that breaks it is found, with file and line, and one that keeps it passes."""

import ast
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.texts.check import check
from bot.texts.checks.problem import Problem
from bot.texts.checks.sourced import unsourced
from bot.texts.lint import Finding, Lint, load_lint
from bot.texts.rules import load_plain, load_pressure

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
TODAY = date(2026, 11, 22)
HERE = Path(__file__).parent
RULES: list[dict[str, str]] = yaml.safe_load((HERE / "rules.yml").read_text(encoding="utf-8"))
FAULTS: list[dict[str, Any]] = yaml.safe_load((HERE / "faults.yml").read_text(encoding="utf-8"))
LINT = load_lint(CONTENT)


def found(lint: Lint, text: str, language: str, scope: str) -> set[str]:
    read: list[Finding] = lint.check(text, language, scope) + lint.check_emoji(text, scope)
    read += lint.check_level(text, language, scope) + lint.check_jargon(text, language)
    return {one.rule for one in read + unsourced(lint.rules, text, ("llm",), language)}


@pytest.mark.parametrize("row", RULES, ids=lambda row: f"{row['rule']}-{row['language']}")
def test_a_text_that_breaks_a_rule_is_found_and_one_that_keeps_it_passes(row: dict[str, str]) -> None:
    scope = row.get("scope", "bot")
    assert row["rule"] in found(LINT, row["bad"], row["language"], scope)
    assert row["rule"] not in found(LINT, row["good"], row["language"], scope)


def with_faults(folder: Path) -> Path:
    content = folder / "content"
    shutil.copytree(CONTENT, content)
    for fault in FAULTS:
        path = content / fault["file"]
        if fault.get("remove"):
            path.unlink()
            continue
        text = path.read_text(encoding="utf-8")
        assert fault["find"] in text, f"{fault['file']} has no {fault['find']}"
        head, body = text.split(fault["find"], 1)
        text = head + fault["put"] + body + fault.get("tail", "") * fault.get("times", 1)
        for field, mark in fault.get("marks", {}).items():
            text = "\n".join(
                f"  {field}: [{mark}]" if line.startswith(f"  {field}: [") else line for line in text.split("\n")
            )
        path.write_text(text, encoding="utf-8")
    return content


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Problem]]:
    content = with_faults(tmp_path_factory.mktemp("broken"))
    return content, check(content, TODAY)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['rule']}-{fault['file']}")
def test_a_fault_in_a_file_is_told_with_its_line(
    fault: dict[str, Any], broken: tuple[Path, list[Problem]], problems_as_published: list[Problem]
) -> None:
    content, problems = broken
    told = [one for one in problems if (one.file, one.rule) == (fault["file"], fault["rule"])]
    before = {
        (one.line, one.found)
        for one in problems_as_published
        if (one.file, one.rule) == (fault["file"], fault["rule"])
    }
    assert told
    assert {(one.line, one.found) for one in told} != before, "the fault is found where it was put, and not before"
    assert all(one.suggestion for one in told)
    if fault.get("line"):
        lines = (content / fault["file"]).read_text(encoding="utf-8").split("\n")
        at = fault.get("at", fault["put"].split("\n")[0].strip())
        assert any(at in lines[one.line - 1] for one in told), [str(one) for one in told]


def test_every_rule_has_a_text_that_fails_and_one_that_passes() -> None:
    tried = {row["rule"] for row in RULES} | {fault["rule"] for fault in FAULTS} | {"schema", "article"}
    named = {rule.id for rule in (*load_pressure(CONTENT).rules, *load_plain(CONTENT).rules)}
    assert named | set(rules_in_code()) <= tried


@pytest.mark.parametrize("language", sorted(LINT.languages))
def test_every_rule_of_words_is_tried_in_each_language(language: str) -> None:
    rules = (*load_pressure(CONTENT).rules, *load_plain(CONTENT).rules)
    tried = {row["rule"] for row in RULES if row["language"] == language}
    assert {rule.id for rule in rules if rule.language == language} <= tried


def rules_in_code() -> Iterator[str]:
    """The names that the checks give to what they find."""
    place = {"Finding": 0, "Problem": 2}
    for path in [ROOT / "bot/texts/lint.py", *(ROOT / "bot/texts/checks").glob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in place:
                continue
            name = call.args[place[call.func.id]]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def test_both_languages_are_held_to_the_same_rules_of_plain_words() -> None:
    assert {rule.id for rule in load_plain(CONTENT).rules if rule.language == "en"} == {
        rule.id for rule in load_plain(CONTENT).rules if rule.language == "es"
    }
