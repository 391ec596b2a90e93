"""All that the checks and the measure of parity find in a content folder, in one piece, for a page that shows it.

It takes seconds: `state_of` tells cheaply whether it has to be done again.
"""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.errors import ContentError
from bot.texts.check import check
from bot.texts.checks.problem import Problem
from bot.texts.parity import Row, measure

LONGEST_QUOTE = 240  # characters
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True, slots=True)
class Proof:
    """One problem, with the words it is about; a problem of a whole file has none."""

    problem: Problem
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Proofs:
    """What was found on a day. `parity` is empty where the folder cannot be measured: then a problem says why."""

    day: date
    found: tuple[Proof, ...]
    parity: tuple[Row, ...]


def prove(root: Path, day: date) -> Proofs:
    """Run every check, for all countries, and measure parity."""
    try:
        rows = tuple(measure(root, day))
    except ContentError:
        rows = ()
    return Proofs(day, tuple(Proof(one, _quote(root, one)) for one in check(root, day)), rows)


def state_of(root: Path) -> int:
    """A number that is another one once any file of the folder was written, added or taken away."""
    told = [
        (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in _files(str(root)) if entry.is_file()
    ]
    return hash(tuple(sorted(told)))


def _files(folder: str) -> list[os.DirEntry[str]]:
    found: list[os.DirEntry[str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            found += _files(entry.path) if entry.is_dir(follow_symlinks=False) else [entry]
    return found


def _quote(root: Path, problem: Problem) -> str:
    """The sentence in which something was found; else what was found, or the line that is named."""
    found, line = " ".join(problem.found.split()), " ".join(_line(root / problem.file, problem.line).split())
    if found and found in line:
        sentence = next((one for one in _SENTENCE.findall(line) if found in one), "").strip()
        return sentence if len(found) < len(sentence) <= LONGEST_QUOTE else _cut(found)
    return _cut(found or line)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1].rstrip()}…"


def _line(path: Path, number: int) -> str:
    if not number:
        return ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return lines[number - 1] if number <= len(lines) else ""
