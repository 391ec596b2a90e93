"""The operator's first day: questions, a file of settings, lists that are on, a code for the owner."""

from pathlib import Path

import pytest

from bot.cli.setup import country_code, write_env
from bot.domain.errors import OperatorError
from bot.settings import load_settings
from tests.cli.test_commands import data, operator, run  # noqa: F401 - fixtures

TOKEN = "12345:not-a-real-token"


@pytest.fixture(autouse=True)
def nothing_set(operator: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    for name in ("OPERATOR", "CONTACT", "ADMINS", "KEY", "KEY_FILE"):
        monkeypatch.delenv(f"OPENCHAIR_{name}", raising=False)


def answers(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def test_the_first_day_ends_with_settings_lists_and_a_code(operator: Path) -> None:  # noqa: F811
    said = run(
        "setup", given=answers(TOKEN, "Mill Lane Care", "help@example.org", "ireland", "Cork", "na-ireland", "y")
    )
    assert said.exit_code == 0, said.output
    settings = load_settings(operator / ".env")
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert (settings.operator, settings.contact, settings.country) == ("Mill Lane Care", "help@example.org", "IE")
    assert (operator / ".env").stat().st_mode & 0o077 == 0  # the token is nobody else's business
    assert "na-ireland" in run("feeds", "list", "--json").output
    assert '"id": "na-ireland", "state": "never"' in run("feeds", "list", "--json").output
    told = said.output.partition("This will be written")[2]
    assert "/admin " in told
    assert TOKEN not in told


def test_kinds_without_a_list_are_named_with_the_way_to_enter_them() -> None:
    said = run("setup", given=answers("", "", "", "GB", "", "none", "y")).output
    assert "SMART" in said
    assert "LifeRing" in said
    assert "Add a meeting" in said


def test_a_wrong_answer_is_asked_again_and_loses_nothing(operator: Path) -> None:  # noqa: F811
    said = run(
        "setup", given=answers("12345", TOKEN, "Mill Lane Care", "", "Erewhon", "es", "", "everything", "none", "y")
    )
    assert said.exit_code == 0, said.output
    assert said.output.count("@BotFather wrote it") == 1
    assert "No country has that name" in said.output
    assert "everything is none of the lists" in said.output
    assert load_settings(operator / ".env").country == "ES"


def test_a_no_at_the_end_changes_nothing(operator: Path) -> None:  # noqa: F811
    said = run("setup", given=answers("", "Mill Lane Care", "", "GB", "", "all", "n"))
    assert isinstance(said.exception, OperatorError)
    assert not (operator / ".env").exists()
    assert '"state": "never"' not in run("feeds", "list", "--json").output


def test_what_was_set_before_stays_with_an_empty_answer(operator: Path) -> None:  # noqa: F811
    (operator / ".env").write_text(f"# mine\nOPENCHAIR_SEND_RATE=5\nOPENCHAIR_TOKEN={TOKEN}\nOPENCHAIR_COUNTRY=GB\n")
    said = run("setup", given=answers("", "Mill Lane Care", "", "", "", "none", "y"))
    assert said.exit_code == 0, said.output
    settings = load_settings(operator / ".env")
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert (settings.send_rate, settings.country, settings.operator) == (5, "GB", "Mill Lane Care")
    assert (operator / ".env").read_text().startswith("# mine\n")


def test_without_questions_the_options_decide(operator: Path) -> None:  # noqa: F811
    said = run("setup", "--yes", "--country", "IE", "--operator", 'Mill Lane\'s "Care" #1', "--feeds", "na-ireland")
    assert said.exit_code == 0, said.output
    assert load_settings(operator / ".env").operator == 'Mill Lane\'s "Care" #1'
    assert run("setup", "--yes", "--country", "IE", "--feeds", "no-such-list").exit_code == 1
    wrong = run("setup", "--yes", "--contact", "x" * 300)
    assert isinstance(wrong.exception, OperatorError)
    assert "OPENCHAIR_CONTACT" in str(wrong.exception)


def test_who_has_an_owner_gets_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCHAIR_ADMINS", "7001")
    assert "/admin " not in run("setup", "--yes", "--country", "GB").output.partition("Next:")[2]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("GB", "GB"), ("uk", "GB"), ("Irlanda", "IE"), ("españa", "ES"), ("united states", "US"), ("Atlantis", "")],
)
def test_countries_are_known_by_name_in_both_languages(typed: str, code: str) -> None:
    assert country_code(typed) == code


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        write_env(tmp_path / "missing" / ".env", {"country": "GB"})
