"""content/words/plans.yml: the words in which people plan."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from bot.domain.plan_words import PlanWords
from bot.domain.words import fold
from bot.texts.library import read_yaml
from bot.texts.reading import Strict, check_model
from bot.texts.words import Phrases


class _Spoken(Strict):
    numbers: dict[str, int]
    months: dict[int, Phrases] = Field(min_length=12, max_length=12)
    weekdays: dict[int, Phrases] = Field(min_length=7, max_length=7)
    meetings: Phrases
    kinds: Phrases
    days: Phrases
    weeks: Phrases
    within: Phrases
    fillers: Phrases


class _Languages(Strict):
    languages: dict[str, _Spoken]


def load_plan_words(root: Path) -> PlanWords:
    """The words of all languages together. ContentError names file and field."""
    path = root / "words" / "plans.yml"
    spoken = check_model(path, {"languages": read_yaml(path)}, _Languages).languages.values()

    def every(name: str) -> frozenset[str]:
        return frozenset(word for one in spoken for word in _folded(getattr(one, name)))

    def numbered(name: str) -> dict[str, int]:
        return {
            word: number
            for one in spoken
            for number, phrases in getattr(one, name).items()
            for word in _folded(phrases)
        }

    return PlanWords(
        numbers={fold(word): number for one in spoken for word, number in one.numbers.items()},
        months=numbered("months"),
        weekdays=numbered("weekdays"),
        **{name: every(name) for name in ("meetings", "kinds", "days", "weeks", "within", "fillers")},
    )


def _folded(phrases: Iterable[str]) -> set[str]:
    return {word for phrase in phrases for word in fold(phrase).split()}
