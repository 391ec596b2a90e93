"""What an editor runs: every file loads, the languages match, and the words are ours.

An error stops a release; a warning asks for a second look.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

import jinja2
from jinja2 import meta

from bot.domain.errors import ContentError
from bot.texts.feeds import load_feeds
from bot.texts.fellowships import load_cards, load_fellowships
from bot.texts.library import DEFAULT, Labels, Library, first_upper
from bot.texts.lint import check_words
from bot.texts.sources import load_evidence
from bot.texts.types import load_types
from bot.texts.urgent import load_urgent
from bot.texts.words import load_lexicon

ALLOWED_TAGS = frozenset("b i u s code pre a blockquote tg-spoiler tg-time".split())
URGENT_DAYS = 90
_TAG = re.compile(r"</?([a-zA-Z-]+)")
_JINJA = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing an editor should look at: where, what, and whether it stops a release."""

    where: str
    what: str
    error: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(root: Path, today: date) -> list[Problem]:
    """Every problem of a content folder, errors first."""
    try:
        library = Library.load(root)
    except ContentError as error:
        return [Problem(str(root), str(error))]
    found = [*_loads(root, library), *_languages(root, library), *_urgent(root, today)]
    return sorted(found, key=lambda problem: (not problem.error, problem.where))


def _loads(root: Path, library: Library) -> Iterator[Problem]:
    loaders: tuple[Callable[[], object], ...] = (
        lambda: load_fellowships(root),
        lambda: load_cards(root, tuple(library.languages), load_evidence(root)),
        lambda: load_urgent(root),
        lambda: load_lexicon(root),
        lambda: load_types(root),
        lambda: load_feeds(root, {kind.id for kind in load_fellowships(root)}),
    )
    for load in loaders:
        try:
            load()
        except ContentError as error:
            yield Problem("content", str(error))


def _languages(root: Path, library: Library) -> Iterator[Problem]:
    english = library.texts(DEFAULT)
    for code in library.languages:
        texts = library.texts(code)
        yield from _messages(root, code)
        yield from _labels(code, english.labels, texts.labels)
        for name in sorted(set(english.commands) ^ set(texts.commands)):
            yield Problem(f"{code}/commands.yml", f"{name} is not in both languages")
        if code != DEFAULT:
            yield from _same_files(root, code, "messages", "*.html")
            yield from _same_files(root, code, "fellowships", "*.md")


def _same_files(root: Path, code: str, folder: str, pattern: str) -> Iterator[Problem]:
    def names(language: str) -> set[Path]:
        base = root / language / folder
        return {path.relative_to(base) for path in base.rglob(pattern)}

    for missing in sorted(names(DEFAULT) - names(code)):
        yield Problem(f"{code}/{folder}/{missing}", "is missing: English is shown in its place")
    for extra in sorted(names(code) - names(DEFAULT)):
        yield Problem(f"{code}/{folder}/{extra}", "has no English counterpart and is never shown")


def _messages(root: Path, code: str) -> Iterator[Problem]:
    environment = jinja2.Environment(autoescape=True)
    environment.filters["first_upper"] = first_upper
    for path in sorted((root / code / "messages").rglob("*.html")):
        where = str(path.relative_to(root))
        source = path.read_text(encoding="utf-8")
        try:
            wanted = meta.find_undeclared_variables(environment.parse(source))
        except jinja2.TemplateSyntaxError as error:
            yield Problem(where, f"line {error.lineno}: {error.message}")
            continue
        english = root / DEFAULT / "messages" / path.relative_to(root / code / "messages")
        if english.is_file():
            known = meta.find_undeclared_variables(environment.parse(english.read_text(encoding="utf-8")))
            for name in sorted(wanted ^ known):
                yield Problem(where, f"the value {name} is not used in both languages", error=code != DEFAULT)
        for tag in sorted(set(_TAG.findall(source)) - ALLOWED_TAGS):
            yield Problem(where, f"Telegram does not know the markup <{tag}>")
        scope = "safety" if "/urgent/" in where else "bot"
        for finding in check_words(_JINJA.sub(" ", source), code, scope=scope):
            yield Problem(where, str(finding), error=finding.severity == "error")


def _labels(code: str, english: Labels, labels: Labels) -> Iterator[Problem]:
    for key, value in english.items():
        mine = labels.get(key)
        if mine is None or isinstance(mine, dict) != isinstance(value, dict):
            yield Problem(f"{code}/labels.yml", f"{key} is missing, or has no plural forms where English has them")
        elif _fields(mine) != _fields(value):
            yield Problem(f"{code}/labels.yml", f"{key} does not have the same values in braces as English")


def _fields(label: str | dict[str, str]) -> set[str]:
    forms = label.values() if isinstance(label, dict) else [label]
    return {field for form in forms for _, field, _, _ in Formatter().parse(form) if field}


def _urgent(root: Path, today: date) -> Iterator[Problem]:
    """Numbers never disappear with age, but somebody should look again."""
    try:
        countries = load_urgent(root)
    except ContentError:
        return
    for code, country in countries.items():
        if (today - country.checked_on).days > URGENT_DAYS:
            yield Problem(f"urgent/{code.lower()}.yml", f"last checked on {country.checked_on}", error=False)
