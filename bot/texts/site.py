"""The articles as web pages: the skeletons of content/web/ filled with the words of one language.

The same pages are served by the bot and exported as a site of files; only the addresses differ, and those are
relative, so that a page works behind any path.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jinja2
from babel.dates import format_date

from bot.domain.buttons import Action, Press, pack
from bot.domain.errors import ContentError
from bot.domain.search import Search
from bot.texts.blocks import Block, Link, Sentence
from bot.texts.library import DEFAULT, Library
from bot.texts.pages import Article, Articles

STYLE = "style.css"
DESK_STYLE = "desk/desk.css"


@dataclass(frozen=True, slots=True)
class Addresses:
    """From one page to the others. `up` leads from it to the folder that holds all of them.

    `as_files`: addresses are those of files, English at the top; otherwise they are those the bot serves.
    """

    up: str
    as_files: bool

    def index(self, language: str) -> str:
        """All articles of a language."""
        return f"{self.up}{_folder(language)}index.html" if self.as_files else f"{self.up}{language}"

    def article(self, article: Article) -> str:
        """One article, in the language in which it is written."""
        if self.as_files:
            return f"{self.up}{_folder(article.language)}{article.slug}.html"
        return f"{self.up}{article.language}/{article.slug}"

    @property
    def style(self) -> str:
        """The one style sheet."""
        return f"{self.up}{STYLE}"


def page_templates(root: Path) -> jinja2.Environment:
    """The templates of all pages of a content folder, each read when it is first needed."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(root / "web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Site:
    """Makes the pages. `bot_name`: whose chat is linked; empty: none."""

    def __init__(self, library: Library, articles: Mapping[str, Articles], *, bot_name: str = "") -> None:
        """`articles` by language. Nothing is read before a page is asked for."""
        self._library = library
        self.articles = articles
        self._bot_name = bot_name
        self._folder = library.root / "web"
        self._environment = page_templates(library.root)

    @property
    def style(self) -> str:
        """The style sheet of all pages."""
        return self._sheet(STYLE)

    @property
    def desk_style(self) -> str:
        """The style sheet of the desk."""
        return self._sheet(DESK_STYLE)

    def _sheet(self, name: str) -> str:
        try:
            return Path(self._folder, name).read_text(encoding="utf-8")
        except OSError as error:
            raise ContentError(f"{self._folder / name} cannot be read: {error}.") from error

    def article(self, language: str, slug: str, addresses: Addresses) -> str:
        """The page of one article. KeyError where there is none."""
        shown = self.articles[language][slug]
        others = {
            code: one for code, shelf in self.articles.items() if (one := shelf.get(slug)) and one.language == code
        }
        return self.page(
            "article",
            language,
            addresses,
            languages={code: addresses.article(one) for code, one in others.items()},
            article=shown,
            date=format_date(shown.date, "long", locale=shown.language),
            parts=list(_parts(shown.blocks)),
            home=addresses.index(language),
            suggest=self._start_link(Press(Action.SUGGEST, Search(language=language), number=shown.number)),
        )

    def index(self, language: str, addresses: Addresses) -> str:
        """The page that names all articles."""
        shelf = self.articles[language].values()
        groups = {
            audience: [one for one in shelf if one.audience == audience] for audience in ("everyone", "counselors")
        }
        return self.page("index", language, addresses, languages=self._indexes(addresses), groups=groups, home="")

    def missing(self, language: str, addresses: Addresses) -> str:
        """The page for an address that has none."""
        home = addresses.index(language)
        return self.page("missing", language, addresses, languages=self._indexes(addresses), home=home)

    def _indexes(self, addresses: Addresses) -> dict[str, str]:
        return {code: addresses.index(code) for code in self.articles}

    def page(
        self, name: str, language: str, addresses: Addresses, /, *, languages: dict[str, str], **values: object
    ) -> str:
        """A skeleton, filled. `languages`: where the same page stands in each; `values` win over the usual ones."""
        texts = self._library.texts(language)
        shelf = self.articles[language]

        def link(piece: Link | str) -> str:
            target = shelf.get(piece.slug) if isinstance(piece, Link) else None
            return addresses.article(target) if target else ""

        try:
            every: dict[str, object] = {
                "label": texts.label,
                "language": language,
                "languages": {code: (self._name(code), address) for code, address in languages.items()},
                "style": addresses.style,
                "address": addresses.article,
                "link": link,
                "chat": f"https://t.me/{self._bot_name}" if self._bot_name else "",
                "urgent": self._start_link(Press(Action.URGENT, Search(language=language))),
            }
            return self._environment.get_template(f"{name}.html").render(every | values)
        except jinja2.TemplateError as error:
            raise ContentError(f"The page {name} ({language}) cannot be shown: {error}.") from error

    def _name(self, language: str) -> str:
        return self._library.languages[language].name

    def _start_link(self, press: Press) -> str:
        return f"https://t.me/{self._bot_name}?start={pack(press, {})}" if self._bot_name else ""


def _folder(language: str) -> str:
    return "" if language == DEFAULT else f"{language}/"


def _parts(blocks: tuple[Block, ...]) -> Iterator[tuple[str, list[tuple[Sentence, ...]]]]:
    """Blocks of one kind in a row: the items of a list and the paragraphs of an illustration stand together."""
    for kind, row in groupby(blocks, key=lambda block: block.kind):
        yield kind, [block.sentences for block in row]
