"""A frame for views, from the real words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.search import Search
from bot.texts.facts import load_facts
from bot.texts.fellowships import load_cards, load_fellowships
from bot.texts.library import Library
from bot.texts.pages import load_pages
from bot.texts.sources import load_evidence
from bot.views.frame import Frame, Operator

ROOT = Path(__file__).parents[2] / "content"
NOW = datetime(2026, 11, 24, 18, 2, tzinfo=UTC)  # a Tuesday evening
LIBRARY = Library.load(ROOT)
FELLOWSHIPS = {kind.id: kind for kind in load_fellowships(ROOT)}
CARDS = load_cards(ROOT, ("en", "es"), load_evidence(ROOT))
FACTS = load_facts(LIBRARY, FELLOWSHIPS.values(), CARDS, load_evidence(ROOT))
ARTICLES = load_pages(ROOT, ("en", "es"), load_evidence(ROOT))


def make_frame(language: str = "en", **changes: Any) -> Frame:
    """A frame on a Tuesday evening; every value can be changed by name."""
    other = "es" if language == "en" else "en"
    fields = {kind: card.fields for kind in FELLOWSHIPS if (card := CARDS.card(kind, language))}
    values: dict[str, Any] = {
        "texts": LIBRARY.texts(language),
        "other_texts": LIBRARY.texts(other),
        "fellowships": FELLOWSHIPS,
        "cards": fields,
        "facts": FACTS[language],
        "now": NOW,
        "search": Search(language=language),
        "operator": Operator("Mill Lane Charity", "hello@example.org", "GB"),
        "bot_name": "open_chair_bot",
        "articles": ARTICLES[language],
    }
    return Frame(**(values | changes))
