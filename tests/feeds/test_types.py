"""Codes of the lists in our own words, for each fellowship by its own table."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.feed import Meaning
from bot.domain.meeting import TAGS
from bot.feeds.codes import Codes
from bot.texts.types import load_types
from tests.feeds.rows import CONTENT, tables


@pytest.mark.parametrize(
    ("fellowship", "code", "tag"),
    [
        ("aa", "POA", "signs_slips"),
        ("alanon", "POA", "parents"),
        ("alateen", "POA", "parents"),
        ("aa", "T", "lgbtq"),
        ("aca", "T", "literature"),
        ("aca", "S", "speaker"),
        ("na", "IW", "literature"),
        ("coda", "B", "literature"),
        ("aa", "B", "big_book"),
        ("dharma", "MI", "meditation"),
        ("ma", "CCAP", "captions"),
        ("oa", "x", "wheelchair"),
        ("ca", "Step Meeting", "step_study"),
    ],
)
def test_a_code_means_what_its_own_fellowship_says(fellowship: str, code: str, tag: str) -> None:
    assert tag in Codes(tables(), fellowship).read([code]).tags


@pytest.mark.parametrize(
    ("fellowship", "code"), [("dharma", "IS"), ("dharma", "IW"), ("slaa", "HR"), ("da", "AR"), ("da", "B")]
)
def test_a_code_of_a_fellowship_is_not_taken_for_a_language_or_a_book(fellowship: str, code: str) -> None:
    types = Codes(tables(), fellowship).read([code])
    assert (types.tags, types.languages, types.notes) == (frozenset(), (), ())


@pytest.mark.parametrize(
    "name",
    ["Women", "mujeres", "FEMMES", "女性", "Vrouwen", "Mulheres", "Ženy", "Kvinnomöte", "ผู้หญิง"],
)
def test_full_names_are_understood_in_nine_languages(name: str) -> None:
    assert Codes(tables(), "aa").read([name]).tags == {"women"}


@pytest.mark.parametrize("written", [["O"], ["o"], "O", "[open]", '["O"]', "O, D", ["Open", "D"], ["[open]"]])
def test_codes_are_read_however_they_are_written(written: object) -> None:
    types = Codes(tables(), "aa").read(written)
    assert "open" in types.tags
    assert not types.notes


def test_language_codes_become_languages_in_their_order() -> None:
    assert Codes(tables(), "aa").read(["S", "EN", "KOR"]).languages == ("es", "en", "ko")


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("Temporary Closure", "room_shut"),
        ("inactive", "room_shut"),
        ("Online Meeting", "online"),
        ("onl", "online"),
        ("Hybrid", "hybrid"),
        ("in-person", ""),
        ("active", ""),
    ],
)
def test_words_for_how_people_meet_are_known_and_are_no_tags(written: str, state: str) -> None:
    types = Codes(tables(), "aa").read([written])
    assert types.states == ({state} if state else set())
    assert (types.tags, types.notes) == (frozenset(), ())


def test_open_and_closed_together_are_read_as_closed() -> None:
    types = Codes(tables(), "aa").read(["O", "C"])
    assert types.tags == {"closed"}
    assert types.notes == ("open_and_closed",)


@pytest.mark.parametrize(
    "strange", [["QQQ", "O", "ZZZ"], ["O", ["W"]], ["O", {"a": 1}], ["O", "QQQ", None, True, 3.5]]
)
def test_unknown_codes_are_noted_once_and_spoil_nothing(strange: list[object]) -> None:
    types = Codes(tables(), "aa").read(strange)
    assert types.tags == {"open"}
    assert types.notes == ("unknown_type",)


def test_no_table_names_a_tag_that_the_vocabulary_lacks() -> None:
    every: list[Meaning] = []
    for field in fields(tables()):
        table = getattr(tables(), field.name)
        if not isinstance(table, dict):
            continue
        for value in table.values():
            every += value.values() if isinstance(value, dict) else [value]
    used = {tag for one in every if isinstance(one, Meaning) for tag in one.tags}
    assert len(used) > 25
    assert used <= TAGS.keys()


def test_every_fellowship_with_a_table_is_one_we_know() -> None:
    known = {file.stem for file in (CONTENT / "fellowships").glob("*.yml")}
    assert tables().fellowships.keys() <= known


def broken(tmp_path: Path, old: str, new: str) -> str:
    text = (CONTENT / "words" / "types.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "types.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_types(tmp_path)
    return str(told.value)


def test_a_misspelt_tag_is_told_with_its_file_and_field(tmp_path: Path) -> None:
    told = broken(tmp_path, "tags: [signs_slips]", "tags: [signs_slip]")
    assert "types.yml" in told
    assert "common.POA.tags" in told


def test_a_name_that_would_mean_two_things_is_told(tmp_path: Path) -> None:
    assert "already means something else" in broken(tmp_path, '"Gente joven"', '"Mujeres"')


def test_a_day_name_that_would_stand_for_two_days_is_told(tmp_path: Path) -> None:
    assert "already stands for" in broken(tmp_path, "[tuesday, ", "[tuesday, monday, ")
