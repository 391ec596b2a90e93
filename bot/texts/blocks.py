"""The body of an article: Markdown of a small dialect, in which every sentence says where it comes from.

Headings, paragraphs, lists and quotes (illustrations) are Markdown's own. A sentence ends with its mark in square
brackets, `[[slug]]` inside it links to another article, and `{{E9}}` stands for a claim with its caveat.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.texts.sources import LLM, Evidence

Kind = Literal["heading", "paragraph", "bullet", "numbered", "quote"]
_KINDS: dict[str, Kind] = {
    "heading_open": "heading",
    "blockquote_open": "quote",
    "bullet_list_open": "bullet",
    "ordered_list_open": "numbered",
}
_MARK = re.compile(r"(?<!\[)\[([^\[\]]*)\](?!\])")
_CLAIM = re.compile(r"\{\{\s*(\w*)\s*\}\}")
_LINK = re.compile(r"\[\[([^\[\]]*)\]\]")
_FOREIGN = re.compile(r"\*|`|<|\]\(|https?://|\{\{|\}\}|\[\[|\]\]|\[|\]")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|‘[^’]*’(?!\w)")
_NEXT_SENTENCE = re.compile(r"[.!?…]\s+(?=[^\W\d_a-zà-öø-ÿ]|[¿¡“«])")


class Wrong(Exception):
    """Something an editor has to put right, at a line of the file."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"{line}: {what}")
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another article, with that article's title."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it comes from; the words of a heading have no mark."""

    pieces: tuple[str | Link, ...]
    marks: tuple[str, ...]  # ids of sources or claims, or llm alone
    sources: tuple[int, ...]  # numbers of the sources behind the marks, ascending
    line: int  # of the file, counted from 1

    @property
    def text(self) -> str:
        """The words, links as their titles."""
        return "".join(piece.title if isinstance(piece, Link) else piece for piece in self.pieces)

    @property
    def machine_drafted(self) -> bool:
        """Whether no source stands behind it."""
        return LLM in self.marks


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, one item of a list or one paragraph of an illustration."""

    kind: Kind
    sentences: tuple[Sentence, ...]
    line: int
    number: int = 0  # of an item in a numbered list, from 1

    @property
    def text(self) -> str:
        """All its sentences."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Context:
    """What the words of one language may refer to. `titles`: slug -> title of every article there is."""

    language: str
    evidence: Evidence
    titles: Mapping[str, str]


def read_blocks(body: str, first_line: int, context: Context) -> tuple[list[Block], list[Wrong]]:
    """The blocks of a body that begins on `first_line` of its file, and everything that is wrong in it."""
    blocks: list[Block] = []
    wrong: list[Wrong] = []
    for kind, number, token in _texts(body):
        line = first_line + (token.map[0] if token.map else 0)
        try:
            said = _heading(token, line, number) if kind == "heading" else _sentences(token.content, line, context)
            sentences = tuple(said)
        except Wrong as error:
            wrong.append(error)
            continue
        if _mixes(sentences, context.evidence):
            wrong.append(Wrong(line, "help to join and going are two things: give each its own paragraph"))
        blocks.append(Block(kind, sentences, line, number if kind == "numbered" else 0))
    return blocks, wrong


def read_sentence(text: str, line: int, context: Context) -> Sentence:
    """A text that is one sentence with its mark. Raises Wrong."""
    found = list(_sentences(text, line, context))
    if len(found) != 1:
        raise Wrong(line, "this is one sentence with one mark")
    return found[0]


def _mixes(sentences: tuple[Sentence, ...], evidence: Evidence) -> bool:
    """Whether sentences that are right by themselves tell of both guided help and going, as if of one thing."""
    alone = any(evidence.mixes(sentence.marks) for sentence in sentences)
    return not alone and evidence.mixes(mark for sentence in sentences for mark in sentence.marks)


def _texts(body: str) -> Iterator[tuple[Kind, int, Token]]:
    """The texts of a body with their kind, and the place of an item in its list or the depth of a heading."""
    inside: list[Kind] = []
    number = 0
    for token in MarkdownIt("zero").enable(["heading", "list", "blockquote"]).parse(body):
        if token.type in _KINDS:
            inside.append(_KINDS[token.type])
            number = int(token.tag[1]) if token.type == "heading_open" else 0
        elif token.type.removesuffix("_close") + "_open" in _KINDS:
            inside.pop()
        elif token.type == "list_item_open":
            number += 1
        elif token.type == "inline":
            yield inside[-1] if inside else "paragraph", number, token


def _heading(token: Token, line: int, depth: int) -> tuple[Sentence, ...]:
    if depth != 2:
        raise Wrong(line, "a heading begins with ##")
    if _FOREIGN.search(token.content):
        raise Wrong(line, "a heading is plain words, without a mark")
    return (Sentence((token.content,), (), (), line),)


def _sentences(content: str, line: int, context: Context) -> Iterator[Sentence]:
    at, end = 0, len(content.rstrip())
    while at < end:
        begin = end - len(content[at:end].lstrip())
        here = line + content.count("\n", 0, begin)
        mark = _MARK.search(content, at)
        if claim := _CLAIM.match(content, begin):
            yield _claim(claim[1], here, context)
            at = claim.end()
        elif mark:
            yield _sentence(content[at : mark.start()], mark[1], here, context)
            at = mark.end()
        else:
            raise Wrong(here, f"“{_short(content[at:])}” has no mark: [a source or claim], or [llm]")


def _claim(name: str, line: int, context: Context) -> Sentence:
    claim = context.evidence.claims.get(name)
    if claim is None:
        if name and not context.evidence.whole:
            return Sentence((name,), (name,), (), line)  # why it could not be read is told elsewhere
        raise Wrong(line, f"there is no claim {name or 'without a name'} in claims.yml")
    if context.language not in claim.text:
        raise Wrong(line, f"the claim {name} has no text in {context.language}")
    return Sentence((claim.said(context.language),), (name,), context.evidence.numbers((name,)), line)


def _sentence(text: str, mark: str, line: int, context: Context) -> Sentence:
    text = " ".join(text.split())
    if not text:
        raise Wrong(line, f"the mark [{mark}] has no sentence before it")
    marks = tuple(part.strip() for part in mark.split(","))
    if unknown := [one for one in marks if not context.evidence.knows(one)]:
        raise Wrong(line, f"[{unknown[0]}] is no source, no claim and not llm")
    if LLM in marks and len(marks) > 1:
        raise Wrong(line, f"[{mark}]: llm stands alone, for a sentence without a source")
    if _NEXT_SENTENCE.search(_QUOTED.sub("quoted", text)):
        raise Wrong(line, f"“{_short(text)}”: a sentence before the last one has no mark of its own")
    return Sentence(_pieces(text, line, context), marks, context.evidence.numbers(marks), line)


def _pieces(text: str, line: int, context: Context) -> tuple[str | Link, ...]:
    """The text cut at its links to articles; whatever else looks like markup is refused."""
    pieces: list[str | Link] = []
    for position, part in enumerate(_LINK.split(text)):
        if position % 2:
            if part not in context.titles:
                raise Wrong(line, f"[[{part}]]: there is no article of that name in pages.yml")
            pieces.append(Link(part, context.titles[part]))
        elif foreign := _FOREIGN.search(part):
            raise Wrong(line, f"“{_short(part)}”: {foreign[0]} is no part of the dialect")
        elif part:
            pieces.append(part)
    return tuple(pieces)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 50 else f"{words[:49].rstrip()}…"
