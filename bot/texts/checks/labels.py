"""Buttons and names: the same keys, values and plural forms in every language, short, and without pressure.

The library takes from English what a language lacks, so that the keys are compared as they stand in the files.
"""

import re
from collections.abc import Iterator
from string import Formatter

from bot.texts.checks.folder import Folder
from bot.texts.checks.problem import Problem, line_of
from bot.texts.library import DEFAULT, Labels, read_labels
from bot.texts.measure import words
from bot.texts.schema import meant

FILES = ("labels.yml", "commands.yml")
TYPED = "_words"  # keys of what people type, such as stop_words, are no buttons
_VALUE = re.compile(r"\{[^}]*\}")


def check_labels(folder: Folder) -> Iterator[Problem]:
    """Labels and commands of every language against English, and their words."""
    for name in FILES:
        english = read_labels(folder.root / DEFAULT / name)
        for code in folder.languages:
            labels, file = read_labels(folder.root / code / name), f"{code}/{name}"
            yield from _same_keys(folder, file, english, labels)
            yield from _same_values(folder, file, english, labels)
            yield from _wording(folder, file, code, labels)


def _same_keys(folder: Folder, file: str, english: Labels, labels: Labels) -> Iterator[Problem]:
    """Labels of one language that English lacks, and the other way round; a misspelt one is told once."""
    missing = [key for key in english if key not in labels]
    for key in (key for key in labels if key not in english):
        close = meant(key, missing)
        missing = [one for one in missing if not close.endswith(f" {one}?")]
        line = line_of(folder.lines(file), *key.split("."))
        yield Problem(file, line, "same_labels", key, f"English has no such label and it is never shown{close}")
    for key in missing:
        yield Problem(file, 0, "same_labels", key, "is missing: English is shown in its place")


def _same_values(folder: Folder, file: str, english: Labels, labels: Labels) -> Iterator[Problem]:
    for key, label in labels.items():
        if advice := _unlike(label, english.get(key, label)):
            yield Problem(file, line_of(folder.lines(file), *key.split(".")), "placeholder", key, advice)


def _unlike(label: str | dict[str, str], english: str | dict[str, str]) -> str:
    """In what a label differs from the English one beside its words; empty where it does not."""
    if isinstance(label, dict) != isinstance(english, dict):
        return "has plural forms in one language and none in the other"
    try:
        return "" if _fields(label) == _fields(english) else "does not have the same values in braces as English"
    except ValueError as error:
        return f"the braces do not fit together: {error}"


def _fields(label: str | dict[str, str]) -> set[str]:
    """The values in braces. ValueError for a brace without its pair."""
    forms = label.values() if isinstance(label, dict) else [label]
    return {field for form in forms for _, field, _, _ in Formatter().parse(form) if field}


def _wording(folder: Folder, file: str, code: str, labels: Labels) -> Iterator[Problem]:
    lengths = folder.lint.rules.lengths
    for key, value in labels.items():
        for text in value.values() if isinstance(value, dict) else [value]:
            found = [
                (one.rule, one.found, one.suggestion, one.severity)
                for one in [*folder.lint.check(text, code, "label"), *folder.lint.check_emoji(text)]
            ]
            button = file.endswith("labels.yml") and "." not in key and not key.endswith(TYPED) and text[-1:] != "."
            if button and len(_VALUE.sub("", text)) > lengths.label:
                advice = f"{len(text)} characters; {lengths.label} fit a button"
                found.append(("label_length", text, advice, "error"))
            if button and len(words(_VALUE.sub("", text))) > lengths.label_words:
                advice = f"a button says what it opens in at most {lengths.label_words} words"
                found.append(("label_words", text, advice, "warning"))
            for rule, what, advice, severity in found:
                line = line_of(folder.lines(file), *key.split("."))
                yield Problem(file, line, rule, what, advice, severity)
