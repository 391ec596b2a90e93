"""The library: every word a person reads, from content/, in every language.

`Library.load(root)` reads languages, labels and commands and compiles the messages; a broken file is a
ContentError that names it. `library.texts("es")` hands out the Texts of one language. What a language lacks is
taken from English, and the content check reports it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml
from babel import Locale
from babel.core import UnknownLocaleError
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import ContentError
from bot.texts.schema import at_field, not_well_formed, parsed, refused

DEFAULT = "en"
PLURAL_FORMS = frozenset("zero one two few many other".split())  # of CLDR


class Language(BaseModel):
    """One entry of languages.yml; `draft` until somebody who speaks it from childhood has read it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str  # in the language itself
    state: str  # live | draft
    reviewed_by: str = ""
    urgent_first: tuple[str, ...] = ()  # countries whose urgent numbers stand first where the country is not known


Labels = dict[str, str | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language: messages by name, labels by key. Missing words are a ContentError."""

    language: str
    state: str
    labels: Labels
    commands: dict[str, str]
    _messages: jinja2.Environment
    _locale: Locale

    def render(self, name: str, /, **values: object) -> str:
        """A message as Telegram HTML; values are escaped. `name` is its path without the ending."""
        try:
            return _tidy(self._messages.get_template(f"{name}.html").render(values))
        except jinja2.TemplateError as error:
            raise ContentError(f"The message {name} ({self.language}) cannot be shown: {error}.") from error

    def label(self, key: str, /, count: float | None = None, **values: object) -> str:
        """A short text, escaped nowhere: for buttons and names. `count` picks the plural form."""
        try:
            found = self.labels[key]
        except KeyError:
            raise ContentError(f"labels.yml ({self.language}) has no {key}.") from None
        if isinstance(found, dict):
            form = self._locale.plural_form(count or 0)
            found = found.get(form) or found["other"]
        return found.format(count=count, **values) if values or count is not None else found


class Library:
    """All languages of one content folder."""

    def __init__(self, root: Path, languages: dict[str, Language], texts: dict[str, Texts]) -> None:
        """Use load()."""
        self.root = root
        self.languages = languages
        self._texts = texts

    @classmethod
    def load(cls, root: Path) -> "Library":
        """Read the content folder; ContentError names the file that is wrong."""
        entries = _languages(root)
        texts = {entry.code: _texts(root, entry) for entry in entries}
        return cls(root, {entry.code: entry for entry in entries}, texts)

    def texts(self, language: str) -> Texts:
        """The texts of a language, or English where it is not spoken here."""
        return self._texts.get(language) or self._texts[DEFAULT]

    def speaks(self, language: str) -> bool:
        """Whether there is a folder of words for this language."""
        return language in self._texts

    def message_names(self) -> list[str]:
        """The names of all English messages, sorted."""
        folder = self.root / DEFAULT / "messages"
        return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.html"))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; ContentError names the file and line that is wrong."""
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise not_well_formed(path, error) from error


def read_labels(path: Path) -> Labels:
    """labels.yml or commands.yml of one language, nested keys joined by dots; ContentError names file and line."""
    tree = read_yaml(path)
    if not isinstance(tree, dict):
        raise ContentError(f"{path}: labels belong here, such as back: Back, on a line each.")
    labels = _flatten(tree)
    for key, value in labels.items():
        for text in value.values() if isinstance(value, dict) else (value,):
            if not isinstance(text, str) or not text:
                what = "a text belongs here; a number, yes or no needs quotation marks"
                raise at_field(path, key.split("."), f"{key}: {what}")
        if isinstance(value, dict) and "other" not in value:
            raise at_field(path, key.split("."), f"{key}: the plural form other is missing")
    return labels


def _languages(root: Path) -> list[Language]:
    path = root / "languages.yml"
    if not path.is_file():
        raise ContentError(f"There is no languages.yml in {root}: OPENCHAIR_CONTENT_DIR names the wrong folder.")
    read = read_yaml(path)
    if not isinstance(read, list):
        raise ContentError(f"{path}: a list of languages belongs here.")
    entries = []
    for number, entry in enumerate(read):
        try:
            entries.append(Language.model_validate(entry))
            Locale.parse(entries[-1].code)
        except ValidationError as error:
            raise refused(path, error, Language, (number,)) from error
        except (UnknownLocaleError, ValueError) as error:
            raise at_field(path, (number, "code"), f"nobody knows the language {entries[-1].code}") from error
    if DEFAULT not in {entry.code for entry in entries}:
        raise ContentError(f"{path}: there is no entry for {DEFAULT}, and every other language falls back on it.")
    return entries


def _texts(root: Path, language: Language) -> Texts:
    folder, english = root / language.code, root / DEFAULT
    labels = read_labels(english / "labels.yml")
    commands = read_labels(english / "commands.yml")
    if language.code != DEFAULT:
        labels |= read_labels(folder / "labels.yml")
        commands |= read_labels(folder / "commands.yml")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder / "messages", english / "messages"]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["first_upper"] = first_upper
    return Texts(language.code, language.state, labels, _plain(commands), environment, Locale.parse(language.code))


def _plain(labels: Labels) -> dict[str, str]:
    """Labels of which none has plural forms."""
    return {key: value for key, value in labels.items() if isinstance(value, str)}


def first_upper(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def _flatten(tree: dict[str, Any], prefix: str = "") -> Labels:
    """Nested keys joined by dots; a mapping of plural forms stays one label."""
    flat: Labels = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not value.keys() <= PLURAL_FORMS:
            flat |= _flatten(value, f"{name}.")
        else:
            flat[name] = value
    return flat


def _tidy(text: str) -> str:
    """No blanks at line ends and at most one empty line in a row: templates may breathe."""
    lines: list[str] = []
    for raw in text.strip().splitlines():
        line = raw.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)
