"""A content folder as the checks see it: everything loaded once, and what did not load told as problems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import ContentError
from bot.domain.feed import FeedCard
from bot.domain.fellowship import Fellowship
from bot.domain.treatment import Treatment
from bot.domain.urgent import UrgentCountry
from bot.texts.checks.problem import Problem, of_error
from bot.texts.facts import load_facts
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import FellowshipCards, load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.lint import Lint, names_of
from bot.texts.pages import Articles, load_pages, page_problems
from bot.texts.plan_words import load_plan_words
from bot.texts.sources import Evidence, load_evidence
from bot.texts.treatment import load_treatment
from bot.texts.types import load_types
from bot.texts.urgent import load_urgent
from bot.texts.words import load_lexicon

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folder:
    """What could be loaded; a part that is broken is empty, and its problem is told beside it."""

    root: Path
    today: date
    library: Library
    lint: Lint
    kinds: tuple[Fellowship, ...]
    evidence: Evidence
    cards: FellowshipCards
    articles: dict[str, Articles]
    countries: dict[str, UrgentCountry]
    treatment: dict[str, Treatment]
    feeds: dict[str, FeedCard]
    served: frozenset[str] | None = None  # the countries whose urgent numbers are looked after here; None: all

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of languages.yml."""
        return tuple(self.library.languages)

    def lines(self, file: str) -> list[str]:
        """The lines of one file, by its name inside the folder."""
        return self.source(file).splitlines()

    def source(self, file: str) -> str:
        """The text of one file, by its name inside the folder; ContentError where it cannot be read."""
        try:
            return (self.root / file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ContentError(f"{self.root / file}: it cannot be read: {error}.") from error


def load_folder(root: Path, today: date, served: frozenset[str] | None = None) -> tuple[Folder, list[Problem]]:
    """Everything that loads, and a problem for everything that does not; ContentError where nothing can be read."""
    problems: list[Problem] = []

    def tried(load: Callable[[], T], otherwise: T) -> T:
        try:
            return load()
        except ContentError as error:
            problems.extend(of_error(root, error))
            return otherwise

    library = Library.load(root)
    languages = tuple(library.languages)
    kinds = load_fellowships(root)
    lint = Lint.load(root, names_of(kinds))
    evidence = tried(lambda: load_evidence(root), Evidence({}, {}, whole=False))
    cards = tried(lambda: load_cards(root, languages, evidence), FellowshipCards({}))
    countries: dict[str, UrgentCountry] = tried(lambda: load_urgent(root), {})
    treatment: dict[str, Treatment] = tried(lambda: load_treatment(root), {})
    others: tuple[Callable[[Path], object], ...] = (load_lexicon, load_types, load_plan_words)
    for load in others:
        tried(partial(load, root), None)
    feeds: dict[str, FeedCard] = tried(lambda: load_feeds(root, {kind.id for kind in kinds}), {})
    if not problems:  # facts are put together from all of the above
        tried(partial[object](load_facts, library, kinds, cards, evidence), None)
    wrong = page_problems(root, languages, evidence)
    problems += [told for one in wrong for told in of_error(root, one, "article")]
    articles: dict[str, Articles] = {} if wrong else tried(lambda: load_pages(root, languages, evidence), {})
    folder = Folder(root, today, library, lint, kinds, evidence, cards, articles, countries, treatment, feeds, served)
    return folder, problems
