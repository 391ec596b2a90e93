import shutil
from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.domain.lexicon import spell
from bot.texts.words import load_lexicon

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT / "words", tmp_path / "words")
    return tmp_path


def _change(root: Path, name: str, old: str, new: str) -> None:
    path = root / "words" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_lists_of_the_repository_can_be_read() -> None:
    lexicon = load_lexicon(CONTENT)
    assert lexicon.entries["beber menos"].needs == ("alcohol",)
    assert lexicon.entries["beber menos"].filters == ("goal_less",)
    assert lexicon.entries["en linea"].online is True
    assert lexicon.times.hours["siete"] == 7
    assert lexicon.risk.tiers == ("self_harm", "medical", "violence", "threat")


def test_an_apostrophe_makes_no_difference() -> None:
    assert spell("Don\u2019t") == spell("don't") == spell("DONT") == "dont"


def test_a_phrase_added_to_a_list_is_understood(root: Path) -> None:
    _change(root, "needs.yml", "  gambling: >-\n", "  gambling: >-\n    tombola fever,\n")
    assert load_lexicon(root).entries["tombola fever"].needs == ("gambling",)


def test_a_language_is_added_without_a_line_of_python(root: Path) -> None:
    path = root / "words" / "needs.yml"
    path.write_text(path.read_text(encoding="utf-8") + "fr:\n  alcohol: bière, ivresse\n", encoding="utf-8")
    entry = load_lexicon(root).entries["biere"]
    assert (entry.needs, entry.languages) == (("alcohol",), frozenset({"fr"}))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("needs.yml", "  gambling: >-", "  gamblink: >-"),
        ("times.yml", "    monday: >-", "    moonday: >-"),
        ("names.yml", "plain: true", "plian: true"),
        ("risk.yml", "safe: |", "save: |"),
        ("topics.yml", "lists:", "lists: ["),
        ("topics.yml", "polite:", "polish:"),
        ("negations.yml", "patterns:", "pattern:"),
    ],
)
def test_a_broken_list_is_named_in_one_sentence(root: Path, name: str, old: str, new: str) -> None:
    _change(root, name, old, new)
    with pytest.raises(ContentError, match=name):
        load_lexicon(root)


def test_a_missing_list_is_named(root: Path) -> None:
    (root / "words" / "family.yml").unlink()
    with pytest.raises(ContentError, match=r"family\.yml"):
        load_lexicon(root)


def test_a_yes_that_yaml_makes_of_a_word_is_refused(root: Path) -> None:
    _change(
        root,
        "names.yml",
        "aa: {name: aa, plain: true, not_before: [",
        "aa: {name: aa, plain: true, not_before: [no, ",
    )
    with pytest.raises(ContentError, match=r"names\.yml"):
        load_lexicon(root)
