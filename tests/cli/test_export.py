"""`content export`: the articles as a site of files, told in one line."""

import json
from pathlib import Path

import pytest

from bot.domain.errors import OperatorError
from tests.cli.test_commands import data, operator, run

__all__ = ["data", "operator"]


def test_an_export_tells_what_it_wrote(operator: Path) -> None:
    done = run("content", "export", "wiki")
    assert done.exit_code == 0
    assert done.stdout.startswith("18 articles in English, 18 articles in Español: ")
    assert (operator / "wiki" / "medicines.html").is_file()
    report = json.loads(run("content", "export", "wiki", "--json").stdout)
    assert report == {"folder": "wiki", "articles": {"en": 18, "es": 18}, "files": 75}


def test_a_new_export_replaces_the_old_one_and_nothing_else(operator: Path) -> None:
    run("content", "export", "wiki")
    wiki = operator / "wiki"
    (wiki / "tea").mkdir()
    for name in ("tea/index.html", "tea.html", "own.txt"):
        (wiki / name).write_text("cup", encoding="utf-8")
    listed = wiki / ".openchair-site"
    with listed.open("a", encoding="utf-8") as file:
        file.write("tea.html\ntea/index.html\n../kept.txt\n")
    (operator / "kept.txt").write_text("cup", encoding="utf-8")
    (wiki / "medicines.html").write_text("old", encoding="utf-8")
    assert run("content", "export", "wiki").exit_code == 0
    assert not (wiki / "tea.html").exists()
    assert not (wiki / "tea").exists()
    assert (wiki / "own.txt").exists()
    assert (operator / "kept.txt").exists()
    assert (wiki / "medicines.html").read_text(encoding="utf-8") != "old"


@pytest.mark.parametrize("name", ["photos", "letter.txt"])
def test_an_export_refuses_a_place_that_holds_something_else(operator: Path, name: str) -> None:
    (operator / "photos").mkdir()
    (operator / "photos" / "one.jpg").write_bytes(b"1")
    (operator / "letter.txt").write_text("Dear", encoding="utf-8")
    refused = run("content", "export", name)
    assert isinstance(refused.exception, OperatorError)
    assert str(refused.exception) == f"{name} holds something that is no export of this bot; name an empty folder."
    assert [path.name for path in (operator / "photos").iterdir()] == ["one.jpg"]


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(operator: Path) -> None:
    (operator / "letter.txt").write_text("Dear", encoding="utf-8")
    refused = run("content", "export", "letter.txt/wiki")
    assert isinstance(refused.exception, OperatorError)
    assert str(refused.exception) == "letter.txt/wiki cannot be written: Not a directory."


def test_links_into_the_chat_stand_only_where_the_bot_is_named(operator: Path) -> None:
    run("content", "export", "plain")
    run("content", "export", "linked", "--bot", "@mill_lane_bot")
    assert "t.me" not in (operator / "plain" / "index.html").read_text(encoding="utf-8")
    assert "https://t.me/mill_lane_bot?start=" in (operator / "linked" / "index.html").read_text(encoding="utf-8")
