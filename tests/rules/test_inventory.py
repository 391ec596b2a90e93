"""deploy/DATA.md names every table, column and file there is, and none that is not."""

import re
from pathlib import Path

import pytest

import bot.store.tables  # noqa: F401 - the tables announce themselves
from bot.domain import reminder
from bot.services import admins, forgotten, keys, reports, takeover, upkeep
from bot.settings import PREFIX, Settings
from bot.store.metadata import metadata

PAGE = (Path(__file__).parents[2] / "deploy" / "DATA.md").read_text(encoding="utf-8")
SECTIONS = {name: body for name, body in re.findall(r"(?ms)^### `(\w+)`\n(.*?)(?=^##|\Z)", PAGE)}


def rows(body: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    lines = [line for line in body.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_table_has_its_section() -> None:
    assert set(SECTIONS) == set(metadata.tables)


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_every_column_is_named_once_with_what_it_is_and_how_long_it_stays(name: str) -> None:
    told = rows(SECTIONS[name])
    named = [column for row in told for column in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(column.name for column in metadata.tables[name].c)
    for row in told:
        assert len(row) == 4
        assert row[1], "what it is"
        assert row[3], "how long it stays"


def test_every_setting_that_names_a_place_on_disk_is_told() -> None:
    places = {
        f"{PREFIX}{name.upper()}"
        for name in Settings.model_fields
        if name.endswith(("_file", "_dir", "database_url"))
    }
    files = PAGE.partition("## Files")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(OPENCHAIR_\w+)`", files)) == places


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (forgotten.KEPT.days, "| 7 days |"),
        (keys.OLD_KEPT_DAYS, "older keys 400 days"),
        (upkeep.PLANS_KEPT.days, "30 days after its date"),
        (reminder.EXPIRES_AFTER.days, "90 days after the last press"),
        (takeover.CHANGES_KEPT.days, "| 90 days |"),
        (takeover.VANISHED_KEPT.days, "and 30 days more"),
        (admins.VALID.days, "else 7 days"),
        (reports.TEXTS_KEPT.days, "30 days after the answer"),
        (reports.ROWS_KEPT.days, "90 days after the answer"),
    ],
)
def test_the_days_are_those_of_the_code(days: int, said: str) -> None:
    assert str(days) in said
    assert said in PAGE
