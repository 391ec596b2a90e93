"""The repository's own shape: sizes, words, routes, settings."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.routes import ACTIONS, COMMANDS
from bot.domain.buttons import Action
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES, DEEPEST = 400, 50, 3
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_no_file_is_too_long_to_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_no_function_is_too_long_or_too_deep(path: Path) -> None:
    for function in _functions(path):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length <= MOST_FUNCTION_LINES, f"{function.name} has {length} lines"
        depth = max((_depth(statement) for statement in function.body), default=0)
        assert depth <= DEEPEST, f"{function.name} is nested {depth} deep"


def _depth(node: ast.AST) -> int:
    inner = 0
    for child in ast.iter_child_nodes(node):
        # `elif` is written as an `if` inside an `else`: the reader sees one level.
        chained = isinstance(node, ast.If) and node.orelse == [child] and isinstance(child, ast.If)
        inner = max(inner, _depth(child) - (1 if chained else 0))
    return inner + isinstance(node, _BLOCKS)


PEOPLE_FACING = [*(ROOT / "bot" / "views").rglob("*.py"), *(ROOT / "bot" / "chat").rglob("*.py")]


@pytest.mark.parametrize("path", PEOPLE_FACING, ids=_named)
def test_no_words_that_a_person_reads_stand_in_code(path: Path) -> None:
    """A text with a blank between words, given to Screen, Button, Ask or Keys, belongs in content/."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in {"Screen", "Button", "Ask", "Keys"}:
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    assert not re.search(r"[a-zA-Z]{2,}", value.value), f"line {value.lineno}: {value.value!r}"


def test_every_action_of_a_button_has_a_handler() -> None:
    assert {action.name for action in set(Action) - set(ACTIONS)} == set()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_command_has_its_line_in_menu_and_help(language: str) -> None:
    lines = (ROOT / "content" / language / "commands.yml").read_text(encoding="utf-8")
    named = re.findall(r"^([a-z]+):", lines, re.MULTILINE)
    assert named == [command.name for command in COMMANDS]


def test_every_setting_is_documented() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no line of help"
        assert f"{PREFIX}{name.upper()}" in example, f"{name} is not in .env.example"


def test_nothing_happens_on_import(tmp_path: Path) -> None:
    """Importing every module in an empty directory opens nothing, writes nothing and needs no setting."""
    modules = [_module(path) for path in SOURCES if path.name not in {"__main__.py", "build.py"}]
    program = "import socket, sys\n"
    program += "def refuse(*_): raise SystemExit('a module opens a socket on import')\n"
    program += "socket.socket.connect = refuse\nsocket.socket.bind = refuse\n"
    program += "".join(f"import {name}\n" for name in modules)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_the_drawing_of_the_rooms_names_every_room() -> None:
    drawing = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "bot").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert {room for room in rooms if f"`{room}/`" not in drawing} == set()


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and no registry's host in anything that is committed."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    forbidden = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + "js", "/wo" + "rk/")).encode())
    guilty = [
        name.decode()
        for name in tracked.split(b"\0")
        if name and (ROOT / name.decode()).is_file() and forbidden.search((ROOT / name.decode()).read_bytes())
    ]
    assert guilty == []
