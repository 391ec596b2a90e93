"""deploy/THREATS.md: a threat, a control, and a test for each row that can be run."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "deploy" / "THREATS.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| threat |"))
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
THEMES = (
    "partner picks up the phone", "correction form", "fake join link", "old buttons", "hand-off links",
    "stolen or seized", "log", "SSRF", "floods", "rogue", "copy of the bot that phishes", "Telegram itself",
    "replayed", "bomb",
)  # fmt: skip


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(one.name for one in functions)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_row_has_a_threat_a_control_and_tests(row: list[str]) -> None:
    assert len(row) == 3
    assert all(row)
    assert NAMED.findall(row[2])
    assert NAMED.sub("", row[2]).replace(",", "").strip() == "", "nothing but tests stands in the last column"


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED.findall(PAGE))))
def test_every_test_that_is_named_exists(file: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(file)


@pytest.mark.parametrize("theme", THEMES)
def test_no_threat_that_was_thought_of_is_lost(theme: str) -> None:
    assert theme in PAGE
