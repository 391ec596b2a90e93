"""Articles: content/<language>/pages/<slug>.md, and what all languages share about them in content/pages.yml.

Everything wrong in a file is told with its line, so that a writer can put it right in one go.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.domain.errors import ContentError
from bot.domain.search import NEEDS
from bot.domain.words import fold
from bot.texts.blocks import Block, Context, Sentence, Wrong, read_blocks, read_sentence
from bot.texts.library import DEFAULT
from bot.texts.reading import Strict, check_model, check_unique, read_front_matter, read_model
from bot.texts.schema import FENCE, meant, sentences_of
from bot.texts.sources import LLM, Evidence, Source

BUTTON_LENGTH = 28
MAIN_WORDS = 12
MAX_NUMBER = 255
WORDS_A_MINUTE = 200
STEM = 4  # letters that a typed word and a word of a title share, at least
Audience = Literal["everyone", "counselors"]


def _known_need(need: str) -> str:
    if need not in NEEDS:
        raise ValueError(f"there is no need called {need}{meant(need, NEEDS)}")
    return need


def _nothing_is_empty(value: Any) -> Any:
    return "" if value is None else value


def _name_role_date(value: str) -> str:
    *who, day = (part.strip() for part in value.split(","))
    if value and (len(who) < 2 or not all(who)):
        raise ValueError("a reviewer is a name, a role and a date, with commas between")
    if value:
        date.fromisoformat(day)
    return value


def _short_message(value: str) -> str:
    words = len(re.sub(r"\[[^\]]*\]", "", value).split())
    if words > MAIN_WORDS:
        raise ValueError(f"{words} words, and {MAIN_WORDS} are the most")
    return value


class ShelfEntry(Strict):
    """One article in pages.yml; the entries stand in the order in which people see them."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    number: int = Field(ge=1, le=MAX_NUMBER)  # stands in buttons: fixed, never used again
    audience: Audience = "everyone"
    needs: tuple[Annotated[str, AfterValidator(_known_need)], ...] = ()  # none: it fits any
    aliases: tuple[str, ...] = ()  # what people type, in any language


class _Shelf(Strict):
    pages: tuple[ShelfEntry, ...] = Field(min_length=1)


class PageFile(Strict):
    """The front matter of an article."""

    title: str = Field(min_length=1, max_length=90)
    button: str = Field(min_length=1, max_length=BUTTON_LENGTH)
    main_message: Annotated[str, AfterValidator(_short_message)] = Field(min_length=1)
    version: str = Field(pattern=r"^\d+\.\d+$")
    date: date
    drafted_by: Literal["machine"]
    reviewed_by: Annotated[str, BeforeValidator(_nothing_is_empty), AfterValidator(_name_role_date)] = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a person reads about one thing, in one language."""

    slug: str
    number: int
    language: str  # of its words: English where a language lacks the article
    title: str
    button: str  # what a button says that opens it
    main_message: Sentence  # the first line; machine-drafted where it has no mark of its own
    audience: Audience
    needs: tuple[str, ...]
    aliases: tuple[str, ...]
    version: str
    date: date
    reviewed_by: str  # empty: machine-drafted, to be checked before clinical use
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]  # behind its marks, by number

    @property
    def read_minutes(self) -> int:
        """How long reading takes, at least one minute."""
        words = sum(len(block.text.split()) for block in self.blocks)
        return max(1, round(words / WORDS_A_MINUTE))

    @property
    def has_machine_drafted(self) -> bool:
        """Whether any sentence has no source."""
        return any(sentence.machine_drafted for sentence in self.sentences)

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence that has a mark, from the main message on."""
        yield self.main_message
        for block in self.blocks:
            if block.kind != "heading":
                yield from block.sentences


Articles = Mapping[str, Article]
"""The articles of one language by slug, in the order of pages.yml."""


def load_shelf(root: Path) -> tuple[ShelfEntry, ...]:
    """pages.yml; ContentError names file and field."""
    entries = read_model(root / "pages.yml", _Shelf).pages
    check_unique(root, "the article", ((entry.slug, "pages.yml") for entry in entries))
    check_unique(root, "the number", ((entry.number, "pages.yml") for entry in entries))
    check_unique(
        root,
        "the alias",
        ((alias, "pages.yml") for entry in entries for alias in {fold(one) for one in entry.aliases}),
    )
    return entries


def load_pages(root: Path, languages: tuple[str, ...], evidence: Evidence) -> dict[str, Articles]:
    """The articles of each language, English where one is missing; ContentError names file and line."""
    shelf = load_shelf(root)
    english = _Folder(root, DEFAULT, shelf, evidence).articles()
    found: dict[str, Articles] = {DEFAULT: english}
    for language in languages:
        if language != DEFAULT:
            found[language] = english | _Folder(root, language, shelf, evidence).articles()
    return found


def page_problems(root: Path, languages: tuple[str, ...], evidence: Evidence) -> list[str]:
    """Everything that is wrong with the articles, each as one sentence with file and line."""
    try:
        shelf = load_shelf(root)
    except ContentError as error:
        return list(sentences_of(error))
    return [problem for language in languages for problem in _Folder(root, language, shelf, evidence).problems()]


def find_articles(articles: Articles, words: str) -> list[Article]:
    """The articles whose title or alias fits typed words best, in their order; none where no word fits."""
    typed = fold(words)
    exact = articles_called(articles, words)
    if exact or not typed:
        return exact
    scores = {one.slug: _score(one, typed.split()) for one in articles.values()}
    best = max(scores.values(), default=0)
    return [one for one in articles.values() if best and scores[one.slug] == best]


def articles_called(articles: Articles, words: str) -> list[Article]:
    """The articles that have the typed words as a whole for a title or an alias."""
    typed = fold(words)
    return [one for one in articles.values() if typed in {fold(name) for name in _names(one)}]


def _names(article: Article) -> tuple[str, ...]:
    return (article.title, article.button, article.slug, *article.aliases)


def _score(article: Article, typed: list[str]) -> int:
    """How many of the typed words stand in its names, longer words by their beginning."""
    known = {word for name in _names(article) for word in fold(name).split() if len(word) >= STEM}
    return sum(any(_alike(word, other) for other in known) for word in typed if len(word) >= STEM)


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


class _Folder:
    """The articles of one language on disk."""

    def __init__(self, root: Path, language: str, shelf: tuple[ShelfEntry, ...], evidence: Evidence) -> None:
        self._folder = root / language / "pages"
        self._language = language
        self._shelf = {entry.slug: entry for entry in shelf}
        self._read: dict[str, tuple[PageFile, str]] = {}
        self._wrong: list[str] = []
        for slug in self._shelf:
            self._read_file(slug)
        for path in sorted(self._folder.glob("*.md")):
            if path.stem not in self._shelf:
                self._wrong.append(f"{path}: there is no article {path.stem} in pages.yml.")
        titles = {slug: self._read[slug][0].title if slug in self._read else slug for slug in self._shelf}
        self._context = Context(language, evidence, titles)

    def articles(self) -> dict[str, Article]:
        """Every article that has a file; ContentError for the first thing that is wrong."""
        articles = {slug: article for slug in self._read if (article := self._article(slug))}
        if self._wrong:
            raise ContentError(self._wrong[0])
        return articles

    def problems(self) -> list[str]:
        """Everything that is wrong."""
        for slug in self._read:
            self._article(slug)
        return self._wrong

    def _path(self, slug: str) -> Path:
        return self._folder / f"{slug}.md"

    def _read_file(self, slug: str) -> None:
        path = self._path(slug)
        if not path.is_file():
            if self._language == DEFAULT:  # other languages show the English article in its place
                self._wrong.append(f"{path} is missing, and pages.yml names it.")
            return
        try:
            fields, body = read_front_matter(path)
            self._read[slug] = check_model(path, fields, PageFile), body
        except ContentError as error:
            self._wrong += sentences_of(error)

    def _article(self, slug: str) -> Article | None:
        page, body = self._read[slug]
        entry, path = self._shelf[slug], self._path(slug)
        main_line, body_line = _lines(path)
        blocks, wrong = read_blocks(body, body_line, self._context)
        main = Sentence((page.main_message,), (LLM,), (), main_line)
        try:
            if "[" in page.main_message:
                main = read_sentence(page.main_message, main_line, self._context)
        except Wrong as error:
            wrong.insert(0, error)
        if not blocks and not wrong:
            wrong.append(Wrong(body_line, "there is no text below the fields"))
        self._wrong += [f"{path}:{error.line}: {error.what}." for error in wrong]
        if wrong:
            return None
        numbers = {number for block in blocks for sentence in block.sentences for number in sentence.sources}
        numbers.update(main.sources)
        sources = sorted(self._context.evidence.sources.values(), key=lambda source: source.number)
        return Article(
            slug=slug,
            number=entry.number,
            language=self._context.language,
            title=page.title,
            button=page.button,
            main_message=main,
            audience=entry.audience,
            needs=entry.needs,
            aliases=entry.aliases,
            version=page.version,
            date=page.date,
            reviewed_by=page.reviewed_by,
            blocks=tuple(blocks),
            sources=tuple(source for source in sources if source.number in numbers),
        )


def _lines(path: Path) -> tuple[int, int]:
    """The lines on which the main message stands and on which the body begins, counted from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    main = next((number for number, line in enumerate(lines, 1) if line.startswith("main_message:")), 1)
    end = [number for number, line in enumerate(lines) if line.strip() == FENCE][1]
    body = next((number for number in range(end + 1, len(lines)) if lines[number].strip()), end)
    return main, body + 1
