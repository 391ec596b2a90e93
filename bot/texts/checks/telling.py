"""Messages that the bot starts by itself: no word in them tells what they are about."""

from collections.abc import Iterator

from bot.texts.checks.folder import Folder
from bot.texts.checks.problem import Problem
from bot.texts.measure import plain
from bot.texts.telling import load_telling

STARTED = "arrives"  # the folder of what a lock screen shows


def check_telling(folder: Folder) -> Iterator[Problem]:
    """Telling words in messages/arrives/ of every language."""
    telling = load_telling(folder.root)
    for file, number, line in _lines(folder):
        for word in telling.found(line):
            yield Problem(file, number, "telling_word", word, "a lock screen shows it; leave it out")


def _lines(folder: Folder) -> Iterator[tuple[str, int, str]]:
    """File, number and words of every line that a lock screen may show."""
    for code in folder.languages:
        for path in sorted((folder.root / code / "messages" / STARTED).glob("*.html")):
            file = str(path.relative_to(folder.root))
            for number, line in enumerate(plain(folder.source(file)).splitlines(), start=1):
                yield file, number, line
