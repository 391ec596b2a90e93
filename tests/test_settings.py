"""What an operator notices of settings."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import SettingsError
from bot.settings import Address, Settings, load_settings, unknown_settings

TOKEN = "5550100200:AAcanary_token_that_must_not_be_shown_x"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's own machine reaches a test."""
    import os

    for name in list(os.environ):
        if name.upper().startswith("OPENCHAIR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def with_env(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"OPENCHAIR_{name}", value)
    return load_settings()


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert settings.token is None
    assert settings.api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite+aiosqlite:///data/openchair.db"
    assert settings.listen == Address("127.0.0.1", 8080)
    assert str(settings.sandbox_listen) == "127.0.0.1:8700"
    assert (settings.webhook, settings.send_rate, settings.country) == (False, 25.0, None)
    assert settings.content_dir == ROOT / "content"


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_env(monkeypatch, TOKEN="", COUNTRY="", LISTEN="", SEND_RATE="", WEBHOOK="")
    assert (settings.token, settings.country, settings.send_rate) == (None, None, 25.0)


def test_settings_come_from_the_env_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("OPENCHAIR_COUNTRY=es\nOPENCHAIR_OPERATOR=Sea View House\nOTHER=1\n", encoding="utf-8")
    settings = with_env(monkeypatch, COUNTRY=" gb ")
    assert (settings.country, settings.operator) == ("GB", "Sea View House")


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("API_URL", "https://api.telegram.org/", "api_url", "https://api.telegram.org"),
        ("API_URL", "http://127.0.0.1:8700/", "api_url", "http://127.0.0.1:8700"),
        ("API_URL", "http://localhost:8700", "api_url", "http://localhost:8700"),
        ("API_URL", "http://[::1]:8700", "api_url", "http://[::1]:8700"),
        ("LISTEN", "[::1]:9000", "listen", Address("::1", 9000)),
        ("LISTEN", "0.0.0.0:0", "listen", Address("0.0.0.0", 0)),
        ("WEBHOOK_SECRET", f"{'a' * 16}, {'b' * 16}", "webhook_secrets", ("a" * 16, "b" * 16)),
        ("SEND_RATE", "0.5", "send_rate", 0.5),
    ],
)
def test_right_values_are_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str, expected: Any
) -> None:
    assert getattr(with_env(monkeypatch, **{name: value}), field) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "CANARY"),
        ("TOKEN", "123456:CANARY with spaces"),
        ("API_URL", "http://CANARY.example.org"),
        ("API_URL", "ftp://127.0.0.1"),
        ("API_URL", "CANARY"),
        ("API_URL", "https://user:CANARY@example.org"),
        ("API_URL", "https://[CANARY"),
        ("API_URL", "https://api.example.org/?key=CANARY"),
        ("PUBLIC_URL", "http://example.org"),
        ("DATABASE_URL", "mysql://user:CANARY@example.org/x"),
        ("COUNTRY", "Spain"),
        ("COUNTRY", "UK"),
        ("COUNTRY", "7"),
        ("OPERATOR", "x" * 201),
        ("CONTACT", "two\nlines"),
        ("LISTEN", "8080"),
        ("LISTEN", "127.0.0.1:port"),
        ("LISTEN", "127.0.0.1:70000"),
        ("LISTEN", "127.0.0.1:٨٠"),
        ("SANDBOX_LISTEN", ":8700"),
        ("WEBHOOK", "maybe"),
        ("WEBHOOK", "1"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", f"{'a' * 16},{'b' * 16},{'c' * 16}"),
        ("WEBHOOK_SECRET", ","),
        ("SEND_RATE", "fast"),
        ("SEND_RATE", "0"),
        ("SEND_RATE", "nan"),
        ("SEND_RATE", "inf"),
        ("CONTENT_DIR", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence_that_says_what_is_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        with_env(monkeypatch, **{name: value})
    told = str(caught.value)
    assert told.startswith(f"OPENCHAIR_{name} is not right: it should be")
    assert told.endswith(".")
    assert "\n" not in told
    assert "CANARY" not in told
    assert caught.value.__cause__ is None


def test_a_webhook_needs_an_address_and_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_env(
        monkeypatch, WEBHOOK="1", PUBLIC_URL="https://bot.example.org", WEBHOOK_SECRET="a-secret-word-0001"
    )
    assert settings.webhook


def test_an_address_of_this_machine_never_stands_behind_a_button(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_env(monkeypatch, PUBLIC_URL="http://localhost:8080", WIKI_URL="https://wiki.example.org/help/")
    assert (settings.linked_pages, settings.linked_wiki) == ("", "https://wiki.example.org/help")


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_env(
        monkeypatch,
        TOKEN=TOKEN,
        WEBHOOK_SECRET="canary-secret-word",
        KEY=f"{'canary+' * 6}a=, {'canary/' * 6}b=",
        DATABASE_URL="postgresql+asyncpg://bot:canary-password@127.0.0.1/x",
    )
    keys = ("canary+" * 6 + "a=", "canary/" * 6 + "b=")
    assert settings.secrets == (TOKEN, "canary-secret-word", *keys, "canary-password")
    assert settings.key_text == ",".join(keys)
    assert "canary" not in repr(settings)
    assert "canary" not in str(settings)


def test_an_env_file_that_is_no_text_is_told_in_one_sentence() -> None:
    Path(".env").write_bytes(b"OPENCHAIR_COUNTRY=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"^The file \.env cannot be read"):
        load_settings()


def test_a_typing_slip_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("OPENCHAIR_CUONTRY=GB\nSOMETHING=1\n", encoding="utf-8")
    monkeypatch.setenv("OPENCHAIR_XYZZY", "1")
    monkeypatch.setenv("OPENCHAIR_OPERATOR", "known")
    assert unknown_settings() == [
        "OPENCHAIR_CUONTRY is not a setting of this bot; did you mean OPENCHAIR_COUNTRY?",
        "OPENCHAIR_XYZZY is not a setting of this bot; it changes nothing.",
    ]


def test_every_setting_has_help_and_stands_in_the_example_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"# {field.description}" in example or name == "content_dir"
        assert f"\nOPENCHAIR_{name.upper()}=" in example
    Path(".env").write_text(example, encoding="utf-8")
    assert load_settings() == Settings(_env_file=None)  # type: ignore[call-arg]
    assert unknown_settings() == []


def test_owners_are_telegram_ids_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_env(monkeypatch, ADMINS=" 7700123458, 7700123469,7700123458 ,")
    assert settings.admins == (7700123458, 7700123469)
    assert "7700123458" not in repr(settings)
    assert "7700123458" in settings.secrets


@pytest.mark.parametrize("value", ["@ana", "000", "-5", "1;2", "1.5", "٣", "9" * 20, "9" * 5000])
def test_owners_that_are_no_ids_are_told_without_repeating_them(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with pytest.raises(SettingsError, match=r"^OPENCHAIR_ADMINS is not right: it should be Telegram ids") as caught:
        with_env(monkeypatch, ADMINS=value)
    assert value not in str(caught.value)


def test_secrets_may_be_files_of_a_container_or_of_systemd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    container, systemd = tmp_path / "secrets", tmp_path / "credentials"
    container.mkdir()
    systemd.mkdir()
    (container / "openchair_token").write_text("123456:of-the-container\n")
    (container / "openchair_webhook_secret").write_text("of-the-container-0001\n")
    (systemd / "openchair_webhook_secret").write_text("of-systemd-0000000001\n")
    monkeypatch.setattr("bot.settings.SECRETS", container)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(systemd))
    settings = with_env(monkeypatch, TOKEN="", COUNTRY="ES")
    assert settings.token is not None
    assert settings.token.get_secret_value() == "123456:of-the-container"
    assert settings.webhook_secrets == ("of-systemd-0000000001",)
    assert settings.country == "ES"
    assert with_env(monkeypatch, WEBHOOK_SECRET="of-the-environment").webhook_secrets == ("of-the-environment",)


def test_a_secret_file_that_is_no_text_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "openchair_token").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr("bot.settings.SECRETS", tmp_path)
    with pytest.raises(SettingsError, match="One of the secret files cannot be read"):
        load_settings()
