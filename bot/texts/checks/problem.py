"""What an editor is told: which file and line, which rule, what was found and what could stand there."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import ContentError
from bot.texts.lint import Finding
from bot.texts.rules import Severity
from bot.texts.schema import sentences_of

_LONGEST = 120
_FILE = re.compile(r"^(?P<file>\S+?\.(?:yml|md|html))(?::(?P<line>\d+))?:?\s+(?P<rest>.*)$", re.DOTALL)
_LINE = re.compile(r"\bline (\d+)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing an editor should look at.

    An `error` stops a release, a `warning` asks for a second look, and a `note` tells of words that are not ours to
    change, such as the name of a list.
    """

    file: str  # inside the content folder
    line: int  # from 1; 0 where it is about the whole file
    rule: str
    found: str
    suggestion: str
    severity: Severity = "error"

    @property
    def error(self) -> bool:
        """Whether it stops a release."""
        return self.severity == "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        found = f"“{_shortened(self.found)}”: " if self.found else ""
        return f"{where}: {self.rule}: {found}{self.suggestion}"


def of_finding(file: str, text: str, finding: Finding, first_line: int = 1) -> Problem:
    """A finding in a text that begins on `first_line` of its file."""
    line = first_line + text.count("\n", 0, finding.at)
    return Problem(file, line, finding.rule, finding.found, finding.suggestion, finding.severity)


def of_error(root: Path, error: ContentError | str, rule: str = "schema") -> list[Problem]:
    """A loader's own words, which name the file and, where they can, the line or the field."""
    said = (error,) if isinstance(error, str) else sentences_of(error)
    return [_of_sentence(root, one, rule) for one in said]


def _of_sentence(root: Path, said: str, rule: str) -> Problem:
    match = _FILE.match(said)
    if not match:
        return Problem(".", 0, rule, "", said)
    path, rest = Path(match["file"]), match["rest"]
    name = str(path.relative_to(root)) if path.is_relative_to(root) else path.name
    told = _LINE.search(rest)
    line = int(match["line"] or (told[1] if told else 0))
    return Problem(name, line or _line_of_field(path, rest), rule, "", rest)


def line_of(lines: list[str], *keys: str) -> int:
    """The line (from 1) of a field in a YAML text, found by its keys from the outside in; 0 where it is not found."""
    found = 0
    for key in keys:
        pattern = re.compile(rf"^\s*(?:- )?(?:(?:id|slug|text): )?[\"']?{re.escape(key)}[\"']?\s*(?::|$)")
        at = next((number for number in range(found, len(lines)) if pattern.match(lines[number])), None)
        if at is None:
            return found
        found = at + 1
    return found


def _line_of_field(path: Path, rest: str) -> int:
    """Loaders write "rules.3.severity: ...": the first name in it that stands in the file."""
    field = re.match(r"([\w.]+)[:.]", rest)
    if not field or not path.is_file():
        return 0
    keys = [key for key in field[1].split(".") if key and not key.isdigit()]
    return line_of(path.read_text(encoding="utf-8").splitlines(), *keys)


def _shortened(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
