"""One sentence of a file put in another's place: which sentences there are, and the change that a person commits.

It writes no file. What has to change with a sentence (version, date, who reviewed it) changes along.
"""

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from bot.domain.words import fold

_MARKED = re.compile(r".+?(?<!\[)\[[^\[\]]*\](?!\])|.+")
_HEAD = re.compile(r"^(#+|\*|\d+\.|>)\s+")
_FIELD = re.compile(r"^([a-z_]+):\s+(\S.*)$")
_VERSION = re.compile(r'^(version:\s*"?\d+\.)(\d+)', re.MULTILINE)
_KEPT = frozenset("version date drafted_by reviewed_by reviewed_by_clinician marks".split())
_FENCE = "---"
_LONG_WORD = 4  # letters from which a word tells what a sentence is about


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it stands in a file, its mark with it; `line` from 1."""

    line: int
    text: str


def passages(text: str) -> list[Passage]:
    """The sentences of an article, or the texts of a card, in the order of the file."""
    found: list[Passage] = []
    fences = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() == _FENCE:
            fences += 1
        elif fences == 1:
            field = _FIELD.match(line)
            found += [Passage(number, line)] if field and field[1] not in _KEPT else []
        elif line.strip() and not line.lstrip().startswith("{{"):
            body = _HEAD.sub("", line.strip())
            found += [Passage(number, part.strip()) for part in _MARKED.findall(body) if part.strip()]
    return found


def closest(every: list[Passage], words: str, count: int) -> list[int]:
    """Places in the list of those that share the most with some words, the closest first; none where none does.

    A long word says more than a short one; a word counts the less, the more sentences have it.
    """
    wanted = _words(words)
    shared = [wanted & _words(one.text) for one in every]
    often = Counter(word for some in shared for word in some)
    scores = [(sum(len(word) ** 2 / often[word] for word in some), at) for at, some in enumerate(shared) if some]
    return [at for _, at in sorted(scores, key=lambda one: (-one[0], one[1]))[:count]]


def revised(text: str, passage: Passage, new: str, today: date) -> str:
    """The file with a sentence replaced, its version raised, and nobody's signature below it any more."""
    lines = text.splitlines(keepends=True)
    at = passage.line - 1
    lines[at] = lines[at].replace(passage.text, " ".join(new.split()), 1)
    changed = _VERSION.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", "".join(lines), count=1)
    for pattern, value in (
        (r"^date:.*$", f"date: {today.isoformat()}"),
        (r"^reviewed_by:.*$", 'reviewed_by: ""'),
        (r"^reviewed_by_clinician:.*$", "reviewed_by_clinician: false"),
    ):
        changed = re.sub(pattern, value, changed, count=1, flags=re.MULTILINE)
    return changed


def patch(path: str, before: str, after: str) -> str:
    """The difference of a file as `git apply` takes it."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", n=1, lineterm="")
    return "\n".join(rows) + "\n"


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) >= _LONG_WORD}
