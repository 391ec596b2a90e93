"""Messages: values, markup, length, paragraphs, reading level and words of content/<language>/messages."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import jinja2
from jinja2 import meta, nodes

from bot.domain.errors import ContentError
from bot.texts.checks.folder import Folder
from bot.texts.checks.markup import check_tags
from bot.texts.checks.problem import Problem, of_error, of_finding
from bot.texts.checks.sourced import share_in
from bot.texts.checks.templates import environment, read_template
from bot.texts.library import DEFAULT
from bot.texts.measure import count_sentences, plain, words

_LIST_LINE = re.compile(r"^\s*(\d+\.|[-•/<{])", re.MULTILINE)


def check_messages(folder: Folder) -> Iterator[Problem]:
    """Everything about the messages of every language."""
    read = environment()
    for code in folder.languages:
        for path in sorted((folder.root / code / "messages").rglob("*.html")):
            file = str(path.relative_to(folder.root))
            try:
                yield from _message(folder, read, code, path, file)
            except ContentError as error:
                yield from of_error(folder.root, error)
        if code != DEFAULT:
            yield from same_files(folder.root, code, "messages", "*.html")


def _message(folder: Folder, read: jinja2.Environment, code: str, path: Path, file: str) -> Iterator[Problem]:
    source = folder.source(file)
    tree, problems = read_template(read, file, source)
    yield from problems
    if tree is not None:
        yield from _values(folder, read, tree, code, path)
        yield from check_tags(file, source)
        yield from _wording(folder, file, source, code)
        yield from _length(folder, file, longest_way(tree.body))


def same_files(root: Path, code: str, part: str, pattern: str) -> Iterator[Problem]:
    """Files of one language that English lacks, and the other way round."""

    def names(language: str) -> set[Path]:
        base = root / language / part
        return {path.relative_to(base) for path in base.rglob(pattern)}

    for missing in sorted(names(DEFAULT) - names(code)):
        yield Problem(f"{code}/{part}/{missing}", 0, "same_files", "", "is missing: English is shown in its place")
    for extra in sorted(names(code) - names(DEFAULT)):
        advice = "has no English counterpart and is never shown"
        yield Problem(f"{code}/{part}/{extra}", 0, "same_files", "", advice)


def scope_of(file: str) -> str:
    """Urgent texts are read in the scope `safety`, all others as `bot`."""
    return "safety" if "/urgent/" in file else "bot"


def longest_way(body: Iterable[nodes.Node]) -> str:
    """The words of a template along its longest way; a value counts nothing, a loop is gone through once."""
    return "".join(map(_way, body))


def _way(node: nodes.Node) -> str:
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Output):
        return longest_way(node.nodes)
    if isinstance(node, nodes.If):
        ways = [longest_way(node.body), *(longest_way(one.body) for one in node.elif_), longest_way(node.else_)]
        return max(ways, key=len)
    if isinstance(node, nodes.For):
        return longest_way(node.body)
    return ""


def _values(
    folder: Folder, read: jinja2.Environment, tree: nodes.Template, code: str, path: Path
) -> Iterator[Problem]:
    english = folder.root / DEFAULT / "messages" / path.relative_to(folder.root / code / "messages")
    if code == DEFAULT or not english.is_file():
        return
    try:
        known = meta.find_undeclared_variables(read.parse(folder.source(str(english.relative_to(folder.root)))))
    except jinja2.TemplateSyntaxError:
        return  # told about the English file
    for name in sorted(meta.find_undeclared_variables(tree) ^ known):
        file = str(path.relative_to(folder.root))
        yield Problem(file, 0, "placeholder", name, "is not used in both languages")


def _wording(folder: Folder, file: str, source: str, code: str) -> Iterator[Problem]:
    scope, lint = scope_of(file), folder.lint
    found = [*lint.check(source, code, scope), *lint.check_emoji(source, scope), *lint.check_jargon(source, code)]
    if len(words(plain(source))) >= lint.rules.lengths.message_measured:
        found += lint.check_level(source, code, scope)
    yield from (of_finding(file, source, one) for one in found)
    if share := share_in(lint.rules, plain(source), code):
        line = source.count("\n", 0, max(0, source.find(share))) + 1
        yield Problem(
            file, line, "share_without_claim", share, "a share of people stands in an article, with its claim"
        )
    for number, paragraph in _paragraphs(source):
        count = count_sentences(paragraph)
        if count > lint.rules.lengths.paragraph:
            advice = f"{count} sentences; {lint.rules.lengths.paragraph} to a paragraph are easy"
            yield Problem(file, number, "paragraph", paragraph.strip(), advice, "warning")


def _paragraphs(source: str) -> Iterator[tuple[int, str]]:
    """Paragraphs of running text with their first line; lists and lines that a template decides on are none."""
    line = 1
    for part in re.split(r"(\n[ \t]*\n)", source):
        if part.strip() and not _LIST_LINE.search(part) and "{%" not in part:
            yield line + len(part) - len(part.lstrip("\n")), plain(part)
        line += part.count("\n")


def _length(folder: Folder, file: str, text: str) -> Iterator[Problem]:
    count = len(" ".join(plain(text).split()))
    lengths = folder.lint.rules.lengths
    if file.endswith("/card.html"):
        if count > lengths.card:
            yield Problem(file, 0, "card_length", "", f"{count} characters; {lengths.card} are the most")
    elif count > lengths.message:
        advice = f"{count} characters before its values; {lengths.message} fit a screen"
        yield Problem(file, 0, "message_length", "", advice, "warning")
