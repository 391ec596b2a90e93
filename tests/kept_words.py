"""The repository's own words, read once by each process that runs tests.

Most of the start of a bot goes into reading them and into building the rules of urgent help from them. Nobody
changes them and nothing changes what was built, so that one copy serves all bots of one process. Words in a
folder of a test's own are read every time.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[1] / "content"
Loader = Callable[..., Any]


@pytest.fixture(scope="session", autouse=True)
def kept_words() -> Iterator[None]:
    """Every bot of this process is given the same words."""
    if "bot.app" not in sys.modules:  # nothing that was collected opens a whole bot
        yield
        return
    from bot import app
    from bot.services.understand import reading
    from bot.texts import feeds, fellowships, pages, site, sources, types, words

    lexicon = _once(words.load_lexicon, "words")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "load_lexicon", lexicon)
        weights = reading.ear.load()
        patch.setattr(reading.ear, "load", lambda: weights)
        patch.setattr(feeds, "load_feeds", _once(feeds.load_feeds, "feeds"))
        patch.setattr(app, "load_fellowships", _once(app.load_fellowships))
        loaders = (
            (fellowships, "load_cards"),
            (sources, "load_evidence"),
            (pages, "load_pages"),
            (types, "load_types"),
        )
        patch.setattr(site, "page_templates", _once(site.page_templates))
        for module, name in loaders:
            patch.setattr(module, name, _once(getattr(module, name)))
        patch.setattr(app.Library, "load", _once(app.Library.load))
        for parts in ("Risk", "Topics"):
            patch.setattr(reading, parts, _built_once(getattr(reading, parts), lexicon))
        yield


def _once(load: Loader, folder: str = "") -> Loader:
    """Reads our own content, or that folder of it, the first time only."""
    kept: list[Any] = []

    def loaded(root: Path, *others: Any) -> Any:
        if (root / folder).resolve() != CONTENT / folder:
            return load(root, *others)
        if not kept:
            kept.append(load(root, *others))
        return kept[0]

    return loaded


def _built_once(build: Loader, lexicon: Loader) -> Loader:
    """Builds from the kept words the first time only."""
    kept: list[Any] = []

    def built(words: Any, *others: Any) -> Any:
        if words is not lexicon(CONTENT):
            return build(words, *others)
        if not kept:
            kept.append(build(words, *others))
        return kept[0]

    return built
