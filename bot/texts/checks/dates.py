"""Dates: nothing disappears with age, but somebody should look again."""

from collections.abc import Iterator
from datetime import date

from bot.domain.urgent import UrgentCountry
from bot.texts.checks.folder import Folder
from bot.texts.checks.problem import Problem, line_of
from bot.texts.countries import ELSEWHERE


def check_dates(folder: Folder) -> Iterator[Problem]:
    """Urgent numbers, roads to treatment, fellowships, sources and articles that nobody looked at for long."""
    days = folder.lint.rules.days
    for code, country in served(folder).items():
        yield from _old(folder, _country_file("urgent", code), "checked_on", country.checked_on, days.urgent)
    for code, road in folder.treatment.items():
        yield from _old(folder, _country_file("treatment", code), "checked_on", road.checked_on, days.urgent)
    for kind in folder.kinds:
        file = f"fellowships/{kind.id}.yml"
        yield from _old(folder, file, "checked_on", kind.checked_on, days.texts)
    for source in folder.evidence.sources.values():
        if source.read_on and (folder.today - source.read_on).days > days.texts:
            line = line_of(folder.lines("sources.yml"), source.id)
            yield _stale("sources.yml", line, f"{source.id} was last read on {source.read_on}")
    for code in folder.languages:
        for article in folder.articles.get(code, {}).values():
            if article.language == code:
                yield from _old(folder, f"{code}/pages/{article.slug}.md", "date", article.date, days.texts)


def served(folder: Folder) -> dict[str, UrgentCountry]:
    """The rows of urgent numbers that this bot is run for, and the one for everywhere else. None is hidden by age."""
    asked = folder.served
    return {code: row for code, row in folder.countries.items() if asked is None or code in asked | {ELSEWHERE}}


def _country_file(part: str, code: str) -> str:
    return f"{part}/{'elsewhere' if code == ELSEWHERE else code.lower()}.yml"


def _old(folder: Folder, file: str, field: str, day: date | None, most: int) -> Iterator[Problem]:
    if day is None:
        yield _stale(file, 0, "nobody has noted when this was checked")
    elif (folder.today - day).days > most or day > folder.today:
        yield _stale(file, line_of(folder.lines(file), field), f"last checked on {day}; look again")


def _stale(file: str, line: int, advice: str) -> Problem:
    return Problem(file, line, "stale_date", "", advice, "warning")
