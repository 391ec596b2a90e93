"""The articles as a folder of files that any web server, or none, can show: an organisation's wiki."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import OperatorError
from bot.texts.library import DEFAULT
from bot.texts.site import STYLE, Addresses, Site

LIST = ".openchair-site"  # names every file of an export, so that the next one replaces it and nothing else


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `articles`: how many in each language."""

    articles: dict[str, int]
    files: int


def export_site(site: Site, folder: Path) -> Exported:
    """Write every page; an earlier export is replaced. OperatorError where the folder holds anything else."""
    pages = dict(_files(site))
    try:
        for name in sorted(_earlier(folder) - pages.keys()):
            _remove(folder, name)
        for name, text in pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / LIST).write_text("".join(f"{name}\n" for name in pages), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{folder} cannot be written: {getattr(error, 'strerror', '') or error}.") from error
    articles = {
        language: sum(one.language == language for one in shelf.values()) for language, shelf in site.articles.items()
    }
    return Exported(articles, len(pages))


def _files(site: Site) -> Iterator[tuple[str, str]]:
    """Every file by its name. An article stands under two: `slug.html`, and `slug/` for the wiki's address."""
    yield STYLE, site.style
    for language, shelf in site.articles.items():
        folder, up = ("", "") if language == DEFAULT else (f"{language}/", "../")
        yield f"{folder}index.html", site.index(language, Addresses(up, as_files=True))
        for article in shelf.values():
            if article.language != language:
                continue  # stands among the English ones
            yield f"{folder}{article.slug}.html", site.article(language, article.slug, Addresses(up, as_files=True))
            deeper = Addresses(f"{up}../", as_files=True)
            yield f"{folder}{article.slug}/index.html", site.article(language, article.slug, deeper)


def _earlier(folder: Path) -> set[str]:
    """The files of an earlier export; OperatorError where the folder is no empty folder and no export."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    if not (folder / LIST).is_file():
        raise OperatorError(f"{folder} holds something that is no export of this bot; name an empty folder.")
    return set((folder / LIST).read_text(encoding="utf-8").splitlines())


def _remove(folder: Path, name: str) -> None:
    """One file of an earlier export, and its folder when that is empty then; never anything outside."""
    path = (folder / name).resolve()
    if path.is_relative_to(folder.resolve()) and path.is_file():
        path.unlink()
        if path.parent != folder.resolve() and not any(path.parent.iterdir()):
            path.parent.rmdir()
