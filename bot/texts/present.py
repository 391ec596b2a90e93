"""A file of content/ as it is now: for whoever writes a change into it."""

from pathlib import Path

from bot.domain.errors import ContentError
from bot.domain.suggestion import Kind, Subject
from bot.texts.countries import ELSEWHERE
from bot.texts.library import DEFAULT

_FOLDERS = {Kind.ARTICLE: "pages", Kind.FELLOWSHIP: "fellowships"}


def suggested_file(root: Path, subject: Subject) -> tuple[str, str]:
    """What a suggestion is about: its path from the top of the repository, and its text.

    That of the English file where a language has none; ContentError where there is none any more.
    """
    for language in (subject.language, DEFAULT):
        folder = root / language / _FOLDERS[subject.kind]
        for path in folder.glob("*.md"):
            if path.stem == subject.id:
                return _read(root, path)
    raise ContentError(f"There is no file about {subject.id} ({subject.language}) any more.")


def urgent_file(root: Path, country: str) -> tuple[str, str]:
    """The same of a country's urgent numbers; ContentError where there are none."""
    for path in (root / "urgent").glob("*.yml"):
        if path.name == Path(urgent_path(country)).name:
            return _read(root, path)
    raise ContentError(f"There is no file about urgent help in {country}.")


def urgent_path(country: str) -> str:
    """Where a country's urgent numbers are changed, from the top of the repository."""
    return f"content/urgent/{'elsewhere' if country == ELSEWHERE else country.lower()}.yml"


def _read(root: Path, path: Path) -> tuple[str, str]:
    return f"content/{path.relative_to(root)}", path.read_text(encoding="utf-8")
