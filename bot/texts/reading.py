"""Reading one content file into a checked model; what is wrong is told by file, line and field."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import ContentError
from bot.texts.library import read_yaml
from bot.texts.schema import FENCE, Location, fields_of, not_well_formed, parsed, refused, where


class Strict(BaseModel):
    """A model that knows all its fields: a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def check_model(path: Path, data: Any, model: type[ModelT], under: Location = ()) -> ModelT:
    """`data` of a file as `model`; ContentError names the file and every wrong field with its line.

    `under`: where in the file `data` stands, where it is only a part of it.
    """
    if not isinstance(data, dict):
        raise ContentError(f"{path}: fields with values belong here, such as name: value, on a line each.")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise refused(path, error, model, under) from error


def read_model(path: Path, model: type[ModelT]) -> ModelT:
    """A YAML file as `model`; ContentError names the file and every wrong field."""
    return check_model(path, read_yaml(path), model)


def read_front_matter(path: Path) -> tuple[Any, str]:
    """The fields between the two `---` lines that open a Markdown file, and the text below them."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}.") from error
    front = fields_of(text)
    if front is None:
        raise ContentError(f"{path}: it opens with fields between two lines of {FENCE}, and they are not there.")
    try:
        fields = parsed(front)
    except yaml.YAMLError as error:
        raise not_well_formed(path, error) from error
    return fields, "\n".join(text.splitlines()[front.count("\n") + 2 :]).strip()


def files(folder: Path, pattern: str) -> list[Path]:
    """The files of a content folder by name; ContentError when there is none."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise ContentError(f"{folder}: no {pattern} file is there.")
    return found


def check_unique(folder: Path, what: str, values: Iterable[tuple[Any, str]]) -> None:
    """ContentError when two files of a folder share a value; `values` are (value, file name) pairs."""
    pairs = list(values)
    seen: dict[Any, str] = {}
    for value, name in pairs:
        if value in seen:
            free = f"; {max(taken for taken, _ in pairs) + 1} is free" if isinstance(value, int) else ""
            here = where(folder / name, value, last=seen[value] == name)
            raise ContentError(f"{here}: {what} {value} already stands in {seen[value]}{free}.")
        seen[value] = name
