"""What an editor runs: every file loads, the languages match, the words are ours, and nothing is claimed too much.

An error stops a release; a warning asks for a second look; a note tells of words that are not ours to change.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from bot.domain.errors import ContentError
from bot.texts.checks.articles import check_articles
from bot.texts.checks.cards import check_cards
from bot.texts.checks.claims import check_claims
from bot.texts.checks.dates import check_dates
from bot.texts.checks.folder import Folder, load_folder
from bot.texts.checks.labels import check_labels
from bot.texts.checks.messages import check_messages
from bot.texts.checks.names import check_names
from bot.texts.checks.problem import Problem, of_error
from bot.texts.checks.telling import check_telling
from bot.texts.checks.templates import check_pages
from bot.texts.rules import Severity

CHECKS: tuple[Callable[[Folder], Iterator[Problem]], ...] = (
    check_messages,
    check_pages,
    check_labels,
    check_cards,
    check_claims,
    check_articles,
    check_dates,
    check_names,
    check_telling,
)
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


def check(root: Path, today: date, served: frozenset[str] | None = None) -> list[Problem]:
    """Every problem of a content folder, errors first, then by file and line.

    `served`: the countries about whose urgent numbers somebody is asked to look again; None: all of them.
    """
    try:
        folder, problems = load_folder(root, today, served)
    except ContentError as error:
        return of_error(root, error)
    for run in CHECKS:
        try:
            problems += run(folder)
        except ContentError as error:
            problems += of_error(root, error)
    return sorted(set(problems), key=lambda one: (SEVERITIES.index(one.severity), one.file, one.line, one.rule))
