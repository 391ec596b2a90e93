"""The search index: an immutable in-memory picture of the store, made in a thread and swapped in whole."""

from bot.services.index.answer import answer
from bot.services.index.columns import Longs, TableReader
from bot.services.index.pairs import pairs
from bot.services.index.question import Answer, Picked, Question
from bot.services.index.table import Index, build
from bot.services.index.together import Gathering, Together

__all__ = [
    "Answer",
    "Gathering",
    "Index",
    "Longs",
    "Picked",
    "Question",
    "TableReader",
    "Together",
    "answer",
    "build",
    "pairs",
]
