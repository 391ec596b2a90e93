"""Postal codes and coverage, as an operator asks for them."""

import json
from pathlib import Path

import pytest

from bot.domain.errors import OperatorError
from tests.cli.test_commands import IMPORT, ROW, data, feed_file, operator, run

__all__ = ["data", "operator"]

CODES = "DE\t80331\tMünchen Altstadt\tBayern\tBY\t\t00\t\t\t48.1345\t11.5710\t6\nDE\t10117\tnowhere\n"


def codes_file(folder: Path, content: str = CODES) -> str:
    path = folder / "DE.txt"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_postal_codes_are_imported_reported_and_found(operator: Path) -> None:
    done = run("places", "import", codes_file(operator), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"rows": 2, "taken": 1, "refused": 1, "countries": ["DE"]}
    assert run("places", "import", codes_file(operator)).stdout == "1 of 2 rows taken, 1 refused: DE.\n"
    (place,) = json.loads(run("understand", "aa 80331").stdout)["places"]
    assert (place["name"], place["country"]) == ("München Altstadt", "DE")


@pytest.mark.parametrize("content", ["", "10115;Berlin\n", '[{"code": 10115}]'])
def test_a_file_of_another_kind_is_refused_in_one_sentence(operator: Path, content: str) -> None:
    done = run("places", "import", codes_file(operator, content))
    assert isinstance(done.exception, OperatorError)
    assert str(done.exception).startswith("DE.txt is no list of postal codes")
    assert "\n" not in str(done.exception)


def test_a_missing_file_and_a_folder_are_said_plainly(operator: Path) -> None:
    for path, why in (("nowhere.txt", "No such file or directory"), (str(operator), "Is a directory")):
        assert str(run("places", "import", path).exception) == f"{path} cannot be read: {why}."


def test_coverage_names_what_is_known_with_its_feeds_and_the_finders_of_the_rest(operator: Path) -> None:
    run(*IMPORT, feed_file(operator, ROW, ROW | {"slug": "b"}), "--zone", "Europe/London")
    done = run("feeds", "coverage", "--near", "leeds", "--json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["place"]["name"], report["place"]["country"]) == ("Leeds", "GB")
    assert set(report["place"]) == {"name", "country", "latitude", "longitude"}
    assert report["known"] == [{"fellowship": "smart", "meetings": 2, "feeds": ["smart-leeds"]}]
    finders = {one["fellowship"]: one["finder"] for one in report["unknown"]}
    assert finders["aa"].startswith("https://")
    assert "smart" not in finders
    told = run("feeds", "coverage", "--near", "leeds").stdout
    assert told.startswith(
        "Near Leeds, England, GB:\n  smart: 2 in person, 0 online from anywhere\n    smart-leeds, "
    )
    assert f"  aa: {finders['aa']}\n" in told


def test_a_place_that_is_not_sure_or_not_known_is_asked_about_in_one_sentence(operator: Path) -> None:
    several = run("feeds", "coverage", "--near", "springfield")
    assert isinstance(several.exception, OperatorError)
    assert str(several.exception).startswith("springfield may be Springfield, ")
    assert "Illinois, US" in str(several.exception)
    unknown = run("feeds", "coverage", "--near", "xqzzy wvkk")
    assert str(unknown.exception) == "No place called xqzzy wvkk is known."
    assert run("feeds", "coverage").exit_code == 2


@pytest.mark.parametrize("command", [("places",), ("places", "import"), ("feeds", "coverage")])
def test_each_of_these_commands_explains_itself(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout
