"""Articles: which there are, one of them page by page, or by the words for it."""

from bot.chat.context import Visit
from bot.domain.errors import OutdatedButton
from bot.texts.pages import articles_called, find_articles
from bot.views import articles as views
from bot.views.screen import Screen

LONGEST = 200  # of typed words, in characters


async def read(visit: Visit) -> Screen:
    """All articles, or the page of one that a button names."""
    frame = visit.frame()
    if visit.press is None:
        return views.index(frame)
    turned, number = divmod(visit.press.number, views.TURNED)
    page = visit.press.search.page
    if number == 0:
        return views.index(frame, page, edits=bool(turned))
    shown = next((one for one in frame.articles.values() if one.number == number), None)
    if shown is None:
        raise OutdatedButton
    return views.article(frame, shown, page, edits=bool(turned))


async def named(visit: Visit) -> Screen:
    """/read with words: the article of that name, those that may be meant, or all of them."""
    frame = visit.frame(visit.blank())
    found = find_articles(frame.articles, visit.text[:LONGEST])
    if len(found) == 1:
        return views.article(frame, found[0])
    return views.found(frame, found) if found else views.index(frame, unknown=True)


def is_surely_one(visit: Visit) -> bool:
    """Whether the words after /read are the name of an article and nothing else, though they sound urgent."""
    return bool(articles_called(visit.frame(visit.blank()).articles, visit.text[:LONGEST]))
