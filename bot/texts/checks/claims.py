"""Claims: plain words in every language, and what must never be claimed."""

import re
from collections.abc import Iterator

from bot.texts.checks.folder import Folder
from bot.texts.checks.problem import Problem, line_of

FILE = "claims.yml"


def check_claims(folder: Folder) -> Iterator[Problem]:
    """Every claim of claims.yml in every language."""
    for claim in folder.evidence.claims.values():
        for code in folder.languages:
            line = line_of(folder.lines(FILE), claim.id, code)
            if code not in claim.text:
                yield Problem(FILE, line, "same_files", claim.id, f"has no text in {code}")
                continue
            for one in folder.lint.check(claim.said(code), code, "page"):
                yield Problem(FILE, line, one.rule, one.found, one.suggestion, one.severity)
        if len({tuple(sorted(re.findall(r"\d+", text))) for text in claim.text.values()}) > 1:
            line = line_of(folder.lines(FILE), claim.id)
            yield Problem(FILE, line, "placeholder", claim.id, "has other numbers in one language than in another")
