"""Every setting: its name, type, default and one line of help.

A setting is an environment variable with the prefix OPENCHAIR_, or a line of `.env` in the working directory, or a
file of that name in lower case where containers (/run/secrets) and systemd (LoadCredential=) put secrets; the first
of them wins. An empty value counts as unset. Secrets never appear in a message or a `repr`.
"""

import difflib
import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSource

from bot.domain.errors import SettingsError

PREFIX = "OPENCHAIR_"
ENV_FILE = Path(".env")
SECRETS = Path("/run/secrets")
MOST_ID = 1 << 52  # Telegram promises no larger ids
CONTENT = Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


def read_address(value: object) -> object:
    """HOST:PORT as an Address; port 0 lets the system choose. Raises ValueError."""
    if not isinstance(value, str):
        return value
    host, _, port = value.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError("not HOST:PORT")
    return Address(host, int(port))


def read_ids(value: object) -> object:
    """Telegram ids with commas between. Raises ValueError."""
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(word.isascii() and word.isdigit() and 0 < int(word) < MOST_ID for word in words):
        raise ValueError("not ids")
    return tuple(dict.fromkeys(map(int, words)))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _setting(default: Any, help_line: str, right: str) -> Any:
    """A setting with its line of help and what a right value looks like (ends the sentence of an error)."""
    return Field(default=default, description=help_line, json_schema_extra={"right": right})


_Listen = Annotated[Address, NoDecode, BeforeValidator(read_address)]


class Settings(BaseSettings):
    """What the operator decided. Built by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, str_strip_whitespace=True
    )

    token: SecretStr | None = _setting(
        None,
        "The bot's token from @BotFather. Unset: the local sandbox stands in for Telegram.",
        "be the token exactly as @BotFather wrote it, digits, a colon and letters",
    )
    api_url: str = _setting(
        "https://api.telegram.org",
        "Root of the Bot API: Telegram's own, or a server that speaks it.",
        "be an https address without query (http only on this machine), such as https://api.telegram.org",
    )
    database_url: str = Field(
        default="sqlite+aiosqlite:///data/openchair.db",
        description="Where meetings are kept: an SQLite file, or PostgreSQL (postgresql+asyncpg://user:password@host/name).",
        repr=False,  # may hold a password
        json_schema_extra={"right": "begin with sqlite+aiosqlite:/// or postgresql+asyncpg://"},
    )
    key: SecretStr | None = _setting(
        None,
        "The key that seals what people ask to keep: openssl rand -base64 32. A new one goes before it.",
        "be 32 bytes in base64, as `openssl rand -base64 32` prints them; older ones after it, with commas between",
    )
    key_file: Path = _setting(
        Path("data/openchair.key"),
        "Where the key is kept when KEY is unset and the database is SQLite; made when it is first needed.",
        "be the path of a file",
    )
    forgotten_file: Path | None = _setting(
        None,
        "Where /forget notes for seven days whom no backup may bring back. Unset: beside the database, or in data/.",
        "be the path of a file",
    )
    backup_dir: Path | None = _setting(
        None,
        "Where `openchair db backup` puts a dated file and keeps seven days. Unset: backups/ beside the database.",
        "be the path of a folder",
    )
    admins: Annotated[tuple[int, ...], NoDecode, BeforeValidator(read_ids)] = Field(
        default=(),
        description="Telegram ids of the owners, comma separated: who stands here may do everything.",
        repr=False,  # whose they are is nobody's business
        json_schema_extra={"right": "be Telegram ids (numbers above 0), separated by commas"},
    )
    country: str | None = _setting(
        None,
        "The country you run the bot for (ISO code, such as GB): urgent numbers when nothing better is known.",
        "be a country's two-letter ISO code, such as US, GB or ES",
    )
    operator: str = _setting(
        "",
        "Who runs this bot: a name shown in /start, in /privacy and on hand-off cards.",
        "be a name of at most 200 characters",
    )
    contact: str = _setting(
        "",
        "How people reach you: an e-mail address or a web page, shown in the same places.",
        "be an e-mail address or a web page, at most 200 characters",
    )
    public_url: str | None = _setting(
        None,
        "The bot's own https address as the world sees it. Unset: no web pages are linked.",
        "be an https address without query (http only on this machine), such as https://bot.example.org",
    )
    wiki_url: str | None = _setting(
        None,
        "Where the articles stand as a wiki, such as a site made by `content export`. Unset: the bot's own pages.",
        "be an https address without query (http only on this machine), such as https://wiki.example.org",
    )
    listen: _Listen = _setting(
        Address("127.0.0.1", 8080),
        "HOST:PORT of the web side: /health, /metrics and the webhook.",
        "be HOST:PORT, such as 127.0.0.1:8080",
    )
    sandbox_listen: _Listen = _setting(
        Address("127.0.0.1", 8700),
        "HOST:PORT of the sandbox, the chat page that stands in for Telegram.",
        "be HOST:PORT, such as 127.0.0.1:8700",
    )
    webhook: bool = _setting(
        False,
        "1: Telegram brings updates to PUBLIC_URL/telegram. 0: the bot fetches them itself.",
        "be 1 or 0; with 1, OPENCHAIR_PUBLIC_URL and OPENCHAIR_WEBHOOK_SECRET must be set too",
    )
    webhook_secret: SecretStr | None = _setting(
        None,
        "The word that proves a call comes from Telegram; two, comma separated, while changing it (new one first).",
        "be one or two words of 16 to 256 letters, digits, _ or -, separated by a comma",
    )
    send_rate: float = _setting(
        25.0,
        "Messages a second for what the bot starts itself, such as reminders.",
        "be a number above 0 and at most 1000, such as 25",
    )
    content_dir: Path = _setting(
        CONTENT, "The folder that holds every word a person reads.", "be a folder that exists"
    )

    @field_validator("token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]{1,100}", value.get_secret_value()):
            raise ValueError("not a token")
        return value

    @field_validator("api_url", "public_url", "wiki_url")
    @classmethod
    def _web_root(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if not parts.hostname or parts.query or parts.fragment or parts.username or not _safe_scheme(parts):
            raise ValueError("not a web root")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
            raise ValueError("not a known database")
        return value

    @field_validator("country")
    @classmethod
    def _iso_country(cls, value: str | None) -> str | None:
        if value is None:
            return None
        code = value.upper()
        if not re.fullmatch(r"[A-Z]{2}", code) or code in {"UK", "EN", "EU"}:
            raise ValueError("not an ISO country code")
        return code

    @field_validator("operator", "contact")
    @classmethod
    def _one_short_line(cls, value: str) -> str:
        if len(value) > 200 or not value.isprintable():
            raise ValueError("too long, or more than one line")
        return value

    @field_validator("key")
    @classmethod
    def _key_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(re.fullmatch(r"[A-Za-z0-9+/]{43}=", word) for word in _words(value)):
            raise ValueError("not a key")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret_words(cls, value: SecretStr | None) -> SecretStr | None:
        words = _words(value)
        if value is not None and not 1 <= len(words) <= 2:
            raise ValueError("one or two words")
        if not all(re.fullmatch(r"[A-Za-z0-9_-]{16,256}", word) for word in words):
            raise ValueError("not a secret word")
        return value

    @field_validator("send_rate")
    @classmethod
    def _sane_rate(cls, value: float) -> float:
        if not 0 < value <= 1000:
            raise ValueError("out of range")
        return value

    @field_validator("content_dir")
    @classmethod
    def _folder(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError("no such folder")
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.webhook and not (self.public_url and self.webhook_secret):
            raise ValueError("webhook")
        return self

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The words a webhook call may carry; the first is the one told to Telegram."""
        return _words(self.webhook_secret)

    @property
    def linked_wiki(self) -> str:
        """The wiki's address for buttons; empty where it is unset, or this machine's own, which Telegram refuses."""
        return _linkable(self.wiki_url)

    @property
    def linked_pages(self) -> str:
        """The address of the bot's own pages for buttons; empty likewise."""
        return _linkable(self.public_url)

    @property
    def desk_address(self) -> str:
        """Where a browser reaches the bot's own pages: PUBLIC_URL; without a token, this machine's own address."""
        if self.public_url or self.token or not self.listen.loopback or not self.listen.port:
            return self.public_url or ""
        return f"http://{self.listen}"

    @property
    def data_folder(self) -> Path:
        """Where files beside the database lie: the folder of an SQLite file, else data/."""
        prefix = "sqlite+aiosqlite:///"
        path = self.database_url.removeprefix(prefix).partition("?")[0]
        if self.database_url.startswith(prefix) and path and not path.startswith(":memory:"):
            return Path(path).parent
        return Path("data")

    @property
    def forgotten_at(self) -> Path:
        """FORGOTTEN_FILE, or where it is when unset."""
        return self.forgotten_file or self.data_folder / "openchair.forgotten"

    @property
    def backups_at(self) -> Path:
        """BACKUP_DIR, or where it is when unset."""
        return self.backup_dir or self.data_folder / "backups"

    @property
    def key_text(self) -> str:
        """KEY as it is set; "" where it is not."""
        return ",".join(_words(self.key))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never appear in a log line."""
        owners = map(str, self.admins)
        token = (self.token.get_secret_value(),) if self.token else ()
        password = urlsplit(self.database_url).password
        return (*token, *self.webhook_secrets, *_words(self.key), *((password,) if password else ()), *owners)


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """The settings from the environment, `env_file` (need not exist) and secret files. Raises SettingsError."""
    try:
        return Settings(_env_file=env_file, _secrets_dir=_secret_folders())  # type: ignore[call-arg]  # the library's
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None  # the cause would show the value
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"The file {env_file} cannot be read as UTF-8 text; check its rights.") from None
    except UnreadableSource:
        raise SettingsError("One of the secret files cannot be read as UTF-8 text; check their rights.") from None


def _secret_folders() -> list[Path] | None:
    """Where others put secrets as files; systemd names its folder."""
    named = os.environ.get("CREDENTIALS_DIRECTORY")
    return [one for one in (SECRETS, *([Path(named)] if named else [])) if one.is_dir()] or None


def refusal(name: str, value: str) -> str:
    """Why a value will not do for the setting of that name, as a sentence; "" where it will."""
    if not value:
        return ""  # unset
    given: dict[str, Any] = {"_env_file": None, name: value}
    try:
        Settings(**given)
    except ValidationError as error:
        wrong = [one for one in error.errors(include_input=False) if one["loc"] and one["loc"][0] == name]
        return _sentence(error) if wrong else ""
    return ""


def unknown_settings(env_file: Path = ENV_FILE) -> list[str]:
    """One sentence for each OPENCHAIR_ variable that no setting has (a typing slip, mostly)."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    text = env_file.read_text(encoding="utf-8", errors="replace") if env_file.is_file() else ""
    in_file = re.findall(r"(?mi)^\s*(?:export\s+)?(OPENCHAIR_\w+)\s*=", text)
    given = {name.upper() for name in (*os.environ, *in_file)}
    return [_slip(name, known) for name in sorted(given - known) if name.startswith(PREFIX)]


def _slip(name: str, known: set[str]) -> str:
    # Without what they all begin with: a short name is near to nothing by that alone.
    own = {full.removeprefix(PREFIX) for full in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), own, n=1, cutoff=0.7)
    hint = f"; did you mean {PREFIX}{near[0]}?" if near else "; it changes nothing."
    return f"{name} is not a setting of this bot{hint}"


def _sentence(error: ValidationError) -> str:
    """What is wrong, for the operator; never the value, which may be a secret."""
    where = error.errors(include_input=False, include_context=False, include_url=False)[0]["loc"]
    name = str(where[0]).lower() if where else "webhook"
    extra = Settings.model_fields[name].json_schema_extra
    right = extra["right"] if isinstance(extra, dict) else ""
    return f"{PREFIX}{name.upper()} is not right: it should {right}."


def _words(value: SecretStr | None) -> tuple[str, ...]:
    raw = value.get_secret_value() if value else ""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def _linkable(address: str | None) -> str:
    return "" if address is None or is_loopback(urlsplit(address).hostname or "") else address


def _safe_scheme(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
