"""What is wrong in a content file, in plain sentences: the file, the line, and what may have been meant.

It stands between pydantic and yaml, which speak to programmers, and an editor, who does not have to be one.
"""

import difflib
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

try:  # in C where PyYAML was built with it, which is several times as fast
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]

from bot.domain.errors import ContentError
from bot.domain.words import fold

FENCE = "---"
_EMPTY = "literal['']"  # how pydantic calls a field that may also be empty
Location = tuple[int | str, ...]

LIKE = {
    r"^(https://[^\s]+)?$": "https only: an address begins with https:// and has no blanks",
    r"^(https://\S+)?$": "https only: an address begins with https:// and has no blanks",
    r"^(https://\S+|\+?[\d() -]{3,})?$": "https only, or a phone number: digits with blanks, - and ( )",
    r"^(|https://\S+|[^@\s]+@[^@\s]+)$": "https only, or an e-mail address",
    r"^([0-9][0-9 -]*|[a-z0-9.-]+\.[a-z]{2,})$": "a number in digits, or the host of a web page like example.org",
    r"^[0-9][0-9 -]*$": "a number is written in digits, with blanks or - between",
    r"^[a-z]{2}$": "a language has two small letters, like en",
    r"^[A-Z]{2}$": "a country has two capital letters, like GB",
    r"^[a-z0-9_]+$": "small letters, digits and _ only",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, with - between words",
    r"^E\d+$": "a claim is called E and a number, like E13",
    r"^\d+\.\d+$": "a version is two numbers, like 1.0",
}
"""Pattern of a model -> what a value is like that fits it."""

_HINTS = {
    "mapping values are not allowed": "a text with a colon in it stands in quotation marks",
    "cannot start any token": "begin a line with blanks, and put a text with signs in quotation marks",
    "expected <block end>": "the blanks at the beginning of lines do not fit together",
    "did not find expected": "the blanks before a line do not fit, or a sign opens and never ends",
    "could not find expected ':'": "a name and a colon belong here, such as name: value",
    "unhashable key": "a name is plain words, without brackets",
    "constructor for the tag": "a text that begins with ! stands in quotation marks",
    "stands here twice": "leave one of the two",
    "unexpected end of stream": "a quotation mark or a bracket has no end",
}
"""What yaml says -> what an editor can do."""


class _Loader(SafeLoader):
    """Reads plain data, and takes no field twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The fields with their values. ConstructorError for a field that stands twice."""
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands here twice", key.start_mark)
            seen.add(key.value)
        fields: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return fields


class RefusedFile(ContentError):
    """A file with wrong fields: `each` has a sentence with file and line for every one of them."""

    def __init__(self, each: Iterable[str]) -> None:
        """`each`: at least one sentence."""
        self.each = tuple(each)
        super().__init__(" ".join(self.each))


def sentences_of(error: ContentError) -> tuple[str, ...]:
    """One sentence for each thing that an error tells of."""
    return error.each if isinstance(error, RefusedFile) else (str(error),)


def meant(word: object, known: Iterable[str]) -> str:
    """The end of a sentence that asks whether a known word was meant; empty where none is close."""
    close = difflib.get_close_matches(str(word), list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


def none_of(word: object, known: Iterable[str]) -> str:
    """That a word is not one of a few, with the one that was meant, else with all of them."""
    words = [one for one in known if one]
    return f"“{word}” is none of: {', '.join(words)}{meant(word, words)}"


def refused(path: Path, error: ValidationError, model: type[BaseModel], under: Location = ()) -> RefusedFile:
    """What pydantic found in a file. `under`: where in the file the checked part stands."""
    return RefusedFile(dict.fromkeys(_File(path, model, under).told(error)))


def not_well_formed(path: Path, error: yaml.YAMLError) -> ContentError:
    """What yaml could not read, with its line."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it holds signs that are no text"
    hint = next((hint for said, hint in _HINTS.items() if said in what), "")
    where = f"{path}:{mark.line + 1}" if mark else str(path)
    return ContentError(f"{where}: it is not well-formed: {what}{f'; {hint}' if hint else ''}.")


def parsed(text: str) -> Any:
    """YAML as plain data; YAMLError where it cannot be read, or where a field stands twice and one would be lost."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe loader


def at_field(path: Path, location: Iterable[int | str], what: str) -> ContentError:
    """That something is wrong with one field of a file, with its line."""
    _, line = _place(_tree(path), tuple(location))
    return ContentError(_ended(f"{path}:{line}: {what}" if line else f"{path}: {what}"))


def where(path: Path, value: object, *, last: bool = False) -> str:
    """`path:line` of the first (or last) place where a value stands in a file; `path` where it does not."""
    lines = [node.start_mark.line + 1 for node in _scalars(_tree(path)) if fold(node.value) == fold(str(value))]
    return f"{path}:{lines[-1 if last else 0]}" if lines else str(path)


def fields_of(text: str) -> str | None:
    """The fields between the two lines of --- that open a Markdown file, each on its own line; None without them."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE:
        return None
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)
    return None if end is None else "\n".join(["", *lines[1:end]])


@dataclass(frozen=True, slots=True)
class _File:
    """A file and the model that it should fit."""

    path: Path
    model: type[BaseModel]
    under: Location

    def told(self, error: ValidationError) -> Iterator[str]:
        tree = _tree(self.path)
        found = _without_echoes(error)
        swaps = dict(self._swaps(problem["loc"], tree) for problem in found if problem["type"] == "extra_forbidden")
        for problem in found:
            location: Location = (*self.under, *problem["loc"])
            known, line = _place(tree, location)
            name = ".".join(part for part in known if not part.isdigit())
            if problem["type"] == "missing":
                if problem["loc"] in swaps.values():
                    continue  # told where it is misspelt
                said = f"{'.'.join(filter(None, (name, str(location[-1]))))} is missing"
            elif problem["type"] == "extra_forbidden":
                instead = swaps[problem["loc"]]
                said = f"{name or location[-1]} is no field here"
                said += f"; did you mean {instead[-1]}?" if instead else ""
            else:
                what = _sentence(problem["type"], problem["input"], problem.get("ctx", {}), problem["msg"])
                line = line if known else _place(tree, tuple(re.split(r"[^\w]+", what)[:1]))[1]
                said = f"{name}: {what}" if name else what
            yield _ended(f"{self.path}:{line}: {said}" if line else f"{self.path}: {said}")

    def _swaps(self, location: Location, tree: yaml.Node | None) -> tuple[Location, Location]:
        """An unknown field, and the known one of the same place that is not there and may have been meant."""
        *around, name = location
        model = _model_at(self.model, around)
        known = [] if model is None else [field.alias or key for key, field in model.model_fields.items()]
        left = [one for one in known if one not in _place(tree, (*self.under, *around, one))[0][-1:]]
        close = difflib.get_close_matches(str(name), left, 1)
        return location, (*around, close[0]) if close else ()


def _without_echoes(error: ValidationError) -> list[ErrorDetails]:
    """The problems without those that only follow from others, such as a list that is short of its broken entry."""
    found = error.errors()
    inner = {problem["loc"][:depth] for problem in found for depth in range(len(problem["loc"]))}
    kept = [problem for problem in found if problem["type"] != "too_short" or problem["loc"] not in inner]
    meant_otherwise = {one["loc"][:-1] for one in kept if one["loc"] and one["loc"][-1] != _EMPTY}
    return [one for one in kept if one["loc"][-1:] != (_EMPTY,) or one["loc"][:-1] not in meant_otherwise]


def _sentence(kind: str, value: Any, context: Mapping[str, Any], message: str) -> str:
    """What is wrong with a value."""
    match kind:
        case "invalid_key":
            return f"“{value}” is no name; put it in quotation marks"
        case "value_error":
            return str(context["error"])
        case "string_pattern_mismatch":
            return f"“{value}”: {LIKE.get(context['pattern'], 'it is not written as it should be')}"
        case "literal_error":
            return none_of(value, re.findall(r"'([^']*)'", context["expected"]))
        case "string_too_short" | "too_short":
            least = context["min_length"]
            return "nothing stands here" if least == 1 else f"at least {least} belong here"
        case "string_too_long":
            return f"{len(value)} characters; {context['max_length']} are the most"
        case "too_long":
            return f"{context['actual_length']} entries; {context['max_length']} are the most"
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            bound = next(iter(context.values()))
            return f"“{value}” stands here; {_BOUNDS[kind]} {bound} fits"
        case _ if wanted := next((words for name, words in _WANTED.items() if kind.startswith(name)), ""):
            return f"{_called(value)}; {wanted}"
        case _:
            return message


_BOUNDS = {
    "greater_than_equal": "at least",
    "less_than_equal": "at most",
    "greater_than": "more than",
    "less_than": "less than",
}
_WANTED = {
    "string_type": "a text belongs here; put it in quotation marks",
    "int": "a whole number belongs here",
    "float": "a number belongs here",
    "bool": "true or false belongs here",
    "date": "a day belongs here, like 2026-11-21",
    "tuple_type": "a list belongs here, like [one, another]",
    "list_type": "a list belongs here, like [one, another]",
    "frozen_set_type": "a list belongs here, like [one, another]",
    "dict_type": "fields with values belong here",
    "model_type": "fields with values belong here",
}


def _called(value: Any) -> str:
    """A value as an editor wrote it, or what sort of thing it is."""
    if value is None:
        return "nothing stands here"
    if isinstance(value, bool):
        return f"“{str(value).lower()}” (yes, no, on and off are read as true and false)"
    if isinstance(value, dict):
        return "fields with values stand here"
    return "a list stands here" if isinstance(value, list) else f"“{value}”"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else f"{sentence}."


def _model_at(model: type[BaseModel] | None, location: Iterable[int | str]) -> type[BaseModel] | None:
    """The model of a place inside another one; keys of mappings and numbers in lists change nothing."""
    for part in location:
        if model is None:
            return None
        field = next((one for key, one in model.model_fields.items() if part in (key, one.alias)), None)
        model = _inside(field.annotation) if field else model
    return model


def _inside(annotation: Any) -> type[BaseModel] | None:
    """The first model in a type such as tuple[Source, ...]."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for one in get_args(annotation) if (found := _inside(one))), None)


def _tree(path: Path) -> yaml.Node | None:
    """A file as YAML with the lines of all its parts; None where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        read = fields_of(text) if path.suffix == ".md" else text
        return _composed(read or "")
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None


def _composed(text: str) -> yaml.Node | None:
    found: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return found


def _place(node: yaml.Node | None, location: Location) -> tuple[list[str], int]:
    """The parts of a location that stand in the file, and the line of the last one; 0 where none does.

    What is no part of the file is passed over: pydantic names the ways it tried to read a value, too.
    """
    known, line = [], 0
    for part in location:
        if inner := _inner(node, part):
            key, node = inner
            known.append(str(part))
            line = key.start_mark.line + 1
    return known, line


def _inner(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value, or twice the entry, that a part of a location stands for."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every value of a file that is not a list and not a mapping."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _scalars(entry)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)
