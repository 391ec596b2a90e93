"""Writes the figures of long runs into the README beside it: command, commit, seed, result."""

import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

README = Path(__file__).with_name("README.md")
_HEAD = "# Long runs\n\n`make soak` writes these figures; each section is the last run of its kind.\n"


def record(title: str, command: str, seed: int, figures: dict[str, object], readme: Path = README) -> None:
    """Replace the section `title`, or add it."""
    text = readme.read_text(encoding="utf-8") if readme.exists() else _HEAD
    rows = "".join(f"| {name} | {value} |\n" for name, value in figures.items())
    when = datetime.now(UTC).date().isoformat()
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    run = f"`{command}`, seed {seed}, commit {_commit()}, {when}, {machine}"
    section = f"## {title}\n\n{run}\n\n| what | figure |\n|---|---|\n{rows}"
    kept = [part for part in re.split(r"(?m)^(?=## )", text) if not part.startswith(f"## {title}\n")]
    readme.write_text("\n\n".join(part.strip() for part in (*kept, section)) + "\n", encoding="utf-8")


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "bot"], capture_output=True, text=True, check=False)
    return (found.stdout.strip() or "unknown") + (" and changes on top" if changed.stdout.strip() else "")
