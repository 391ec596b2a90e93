"""Articles in the chat: which there are, and one of them in pages, every sentence with its mark."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.domain.buttons import Action, Press
from bot.texts.blocks import Block, Link, Sentence
from bot.texts.pages import Article
from bot.views import suggest
from bot.views.formatting import date_with_year
from bot.views.frame import Frame
from bot.views.screen import Button, Screen

TURNED = 1 << 8  # added to the number of a button that turns the page in place
BUTTONS = 8  # articles on one page of the index
PROSE = 1800  # characters of an article on one page with its marks, unless one block is longer
_MARK = 6  # characters that a mark takes, about
_STEP = 50
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def index(frame: Frame, page: int = 1, *, edits: bool = False, unknown: bool = False) -> Screen:
    """All articles, those for everyone first. `unknown`: nothing fitted what was typed."""
    everyone = [one for one in frame.articles.values() if one.audience == "everyone"]
    others = [one for one in frame.articles.values() if one.audience != "everyone"]
    parts = [*_parts(everyone), *_parts(others)] or [[]]
    at = min(max(page, 1), len(parts)) - 1
    text = frame.texts.render(
        "articles/index",
        articles=[_entry(frame, one) for one in parts[at]],
        counselors=bool(parts[at]) and parts[at][0].audience != "everyone",
        unknown=unknown,
        page=at + 1,
        pages=len(parts),
    )
    rows = [(frame.article(one.slug),) for one in parts[at]]
    return Screen(text, (*rows, *_turns(frame, 0, at + 1, len(parts)), *_last(frame)), edits=edits)


def found(frame: Frame, articles: Sequence[Article]) -> Screen:
    """Several articles that fit what was typed."""
    text = frame.texts.render(
        "articles/index",
        articles=[_entry(frame, one) for one in articles[:BUTTONS]],
        counselors=False,
        unknown=False,
        page=1,
        pages=1,
    )
    rows = [(frame.article(one.slug),) for one in articles[:BUTTONS]]
    return Screen(text, (*rows, (_others(frame),), *_last(frame)))


def article(frame: Frame, shown: Article, page: int = 1, *, edits: bool = False) -> Screen:
    """One page of an article; the last one tells its sources and who has read it."""
    parts = _pages(shown)
    pages = len(parts) + 1
    page = min(max(page, 1), pages)
    values = {"title": shown.title, "reviewed_by": shown.reviewed_by, "page": page, "pages": pages}
    if page == pages:
        text = frame.texts.render("articles/about", **values, **_about(frame, shown))
    else:
        main = _sentence(frame, shown.main_message) if page == 1 else None
        blocks = [_block(frame, block) for block in parts[page - 1]]
        text = frame.texts.render("articles/page", **values, main=main, blocks=blocks)
    ways = (_others(frame), suggest.button(frame, shown)) if page == pages else (_others(frame),)
    return Screen(text, (*_turns(frame, shown.number, page, pages), ways, *_last(frame)), edits=edits)


def _parts(articles: list[Article]) -> list[list[Article]]:
    return [articles[at : at + BUTTONS] for at in range(0, len(articles), BUTTONS)]


def _entry(frame: Frame, one: Article) -> dict[str, object]:
    minutes = frame.texts.label("article.short_minutes", one.read_minutes)
    main = one.main_message
    return {"title": one.title, "message": main.text, "minutes": minutes, **_mark(main)}


def _turns(frame: Frame, number: int, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    turns = tuple(
        frame.button(label, Action.READ, frame.search.with_page(to), number=number + TURNED)
        for label, to in (("previous", page - 1), ("next_page", page + 1))
        if 1 <= to <= pages
    )
    return (turns,) if turns else ()


def _others(frame: Frame) -> Button:
    return frame.button("other_articles", Action.READ, frame.near())


def _last(frame: Frame) -> tuple[tuple[Button, ...], ...]:
    if frame.search.says_something:
        return ((frame.button("back_to_list", Action.LIST, frame.near()), frame.urgent()),)
    return ((frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank()), frame.urgent()),)


def _pages(shown: Article) -> list[list[Block]]:
    """The blocks in as few pages as PROSE allows, about equally long."""
    fewest = _cut(shown, PROSE)
    for limit in range(PROSE - _STEP, _STEP, -_STEP):
        even = _cut(shown, limit)
        if len(even) > len(fewest):
            break
        fewest = even
    return fewest


def _cut(shown: Article, limit: int) -> list[list[Block]]:
    """The blocks in pages of at most so many characters; a heading stays with what follows it."""
    pages: list[list[Block]] = [[]]
    used = len(shown.main_message.text) + _MARK
    for part in _together(shown.blocks):
        length = sum(len(block.text) + _MARK * len(block.sentences) for block in part)
        if pages[-1] and used + length > limit:
            pages.append([])
            used = 0
        pages[-1] += part
        used += length
    return pages


def _together(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that are not parted: a heading with the block after it."""
    parts: list[list[Block]] = []
    for block in blocks:
        if parts and parts[-1][-1].kind == "heading":
            parts[-1].append(block)
        else:
            parts.append([block])
    return parts


def _block(frame: Frame, block: Block) -> dict[str, object]:
    sentences = [_sentence(frame, sentence) for sentence in block.sentences]
    return {"kind": block.kind, "number": block.number, "sentences": sentences}


def _sentence(frame: Frame, sentence: Sentence) -> dict[str, object]:
    pieces = [
        (piece.title, _link(frame, piece)) if isinstance(piece, Link) else (piece, "") for piece in sentence.pieces
    ]
    return {"pieces": pieces, **_mark(sentence)}


def _mark(sentence: Sentence) -> dict[str, object]:
    small = "·".join(str(number).translate(_SMALL) for number in sentence.sources)
    return {"mark": small, "machine": sentence.machine_drafted}


def _link(frame: Frame, link: Link) -> str:
    """Where the title of another article leads: its web address, else back into the chat."""
    target = frame.articles.get(link.slug)
    if target is None:
        return ""
    press = Press(Action.READ, frame.blank(), number=target.number)
    return frame.article_address(target) or frame.start_link(press)


def _about(frame: Frame, shown: Article) -> dict[str, object]:
    texts = frame.texts
    day = datetime.combine(shown.date, time())
    return {
        "sources": [
            {"number": one.number, "title": one.title, "by": one.by, "year": one.year, "url": one.url}
            for one in shown.sources
        ],
        "machine": shown.has_machine_drafted,
        "version": shown.version,
        "date": date_with_year(texts, day, frame.operator.country),
        "minutes": texts.label("article.minutes", shown.read_minutes),
        "count": texts.label("article.sources", len(shown.sources)),
    }
