"""Reading one content file into a checked model; what is wrong is told by file and field."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain.errors import ContentError
from bot.texts.library import read_yaml

FENCE = "---"


class Strict(BaseModel):
    """A model that knows all its fields: a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def check_model(path: Path, data: Any, model: type[ModelT]) -> ModelT:
    """`data` of a file as `model`; ContentError names the file and every wrong field."""
    if not isinstance(data, dict):
        raise ContentError(f"{path}: expected fields with values, found {type(data).__name__}.")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(f"{_field(problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise ContentError(f"{path}: {problems}.") from error


def read_model(path: Path, model: type[ModelT]) -> ModelT:
    """A YAML file as `model`; ContentError names the file and every wrong field."""
    return check_model(path, read_yaml(path), model)


def read_front_matter(path: Path) -> tuple[Any, str]:
    """The fields between the two `---` lines that open a Markdown file, and the text below them."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}.") from error
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise ContentError(f"{path}: it opens with fields between two lines of ---, and they are not there.")
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    try:
        fields = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        raise ContentError(f"{path} is not well-formed: {' '.join(str(error).split())}.") from error
    return fields, "\n".join(lines[end + 1 :]).strip()


def files(folder: Path, pattern: str) -> list[Path]:
    """The files of a content folder by name; ContentError when there is none."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise ContentError(f"{folder}: no {pattern} file is there.")
    return found


def check_unique(folder: Path, what: str, values: Iterable[tuple[Any, str]]) -> None:
    """ContentError when two files of a folder share a value; `values` are (value, file name) pairs."""
    seen: dict[Any, str] = {}
    for value, name in values:
        if value in seen:
            raise ContentError(f"{folder / name}: {what} {value} already stands in {seen[value]}.")
        seen[value] = name


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "file"
