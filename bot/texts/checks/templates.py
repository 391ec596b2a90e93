"""Templates of messages and pages: they can be read, and what they name is there."""

from collections.abc import Iterator
from functools import partial

import jinja2
from jinja2 import meta, nodes

from bot.domain.errors import ContentError
from bot.texts.checks.folder import Folder
from bot.texts.checks.markup import check_balance
from bot.texts.checks.problem import Problem
from bot.texts.library import DEFAULT, first_upper
from bot.texts.schema import meant
from bot.texts.site import Addresses, Site

PAGES = "web"


def environment() -> jinja2.Environment:
    """Reads templates as the bot does, without showing them."""
    made = jinja2.Environment(autoescape=True)
    made.filters["first_upper"] = first_upper
    return made


def read_template(read: jinja2.Environment, file: str, source: str) -> tuple[nodes.Template | None, list[Problem]]:
    """The tree of a template, None where it cannot be read, and what is wrong with it."""
    try:
        tree = read.parse(source)
    except jinja2.TemplateSyntaxError as error:
        return None, [Problem(file, error.lineno, "template", "", error.message or "the template cannot be read")]
    used = [("filter", one.name, one.lineno, read.filters) for one in tree.find_all(nodes.Filter)]
    used += [("test", one.name, one.lineno, read.tests) for one in tree.find_all(nodes.Test)]
    return tree, [
        Problem(file, line, "template", name, f"there is no such {sort}{meant(name, known)}")
        for sort, name, line, known in used
        if name not in known
    ]


def check_pages(folder: Folder) -> Iterator[Problem]:
    """The skeletons of content/web: read, with balanced tags and labels that are there, and shown once."""
    read, wrong = environment(), False
    for path in sorted((folder.root / PAGES).glob("*.html")):
        file = f"{PAGES}/{path.name}"
        source = folder.source(file)
        tree, problems = read_template(read, file, source)
        if tree:
            problems += [*check_balance(file, source), *_labels(folder, file, tree), *_others(folder, file, tree)]
        yield from problems
        wrong = wrong or bool(problems)
    if not wrong:
        yield from _shown(folder)


def _labels(folder: Folder, file: str, tree: nodes.Template) -> Iterator[Problem]:
    """Words that a page asks for by a key which labels.yml does not have."""
    labels = folder.library.texts(DEFAULT).labels
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "label" and call.args:
            key = call.args[0]
            if isinstance(key, nodes.Const) and key.value not in labels:
                advice = f"labels.yml has no such label{meant(key.value, labels)}"
                yield Problem(file, call.lineno, "template", str(key.value), advice)


def _others(folder: Folder, file: str, tree: nodes.Template) -> Iterator[Problem]:
    """Skeletons that a page builds on and that are not there."""
    there = [path.name for path in (folder.root / PAGES).glob("*.html")]
    for name in meta.find_referenced_templates(tree):
        if name and name not in there:
            line = next((at for at, text in enumerate(folder.lines(file), 1) if f'"{name}"' in text), 0)
            yield Problem(file, line, "template", name, f"there is no such page{meant(name, there)}")


def _shown(folder: Folder) -> Iterator[Problem]:
    """The pages as somebody would see them: all articles, one of them, and an address that has none."""
    site = Site(folder.library, folder.articles)
    addresses = Addresses("", as_files=True)
    for code in folder.languages:
        shelf = folder.articles.get(code)
        if not shelf:
            continue  # told where the articles could not be read
        for name, show in (
            ("index", partial(site.index, code, addresses)),
            ("article", partial(site.article, code, next(iter(shelf)), addresses)),
            ("missing", partial(site.missing, code, addresses)),
        ):
            try:
                show()
            except ContentError as error:
                yield Problem(f"{PAGES}/{name}.html", 0, "template", "", str(error))
