"""Names that are not ours, such as those of publishers of lists: they are told of and never stop anything."""

from collections.abc import Iterable, Iterator

from bot.texts.checks.folder import Folder
from bot.texts.checks.problem import Problem, line_of
from bot.texts.lint import Lint


def check_names(folder: Folder) -> Iterator[Problem]:
    """Publishers of content/feeds, as people see them under a meeting."""
    for card in folder.feeds.values():
        file = f"feeds/{card.id}.yml"
        for advice in told_names(folder.lint, [card.publisher], folder.languages):
            line = line_of(folder.lines(file), "publisher")
            yield Problem(file, line, "name", card.publisher, advice, "note")


def told_names(lint: Lint, names: Iterable[str], languages: Iterable[str]) -> Iterator[str]:
    """What our rules say of names that others gave, in each language that may read them; a sentence for each."""
    spoken = tuple(languages)
    for name in names:
        found = {one.found: one for code in spoken for one in lint.check_words(name, code)}
        for one in found.values():
            yield f"“{one.found}” is their word ({one.rule}); it stays as it is"
