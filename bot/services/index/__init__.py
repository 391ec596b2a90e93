"""The search index: an immutable in-memory picture of the store, made in a thread and swapped in whole."""

from bot.services.index.answer import answer
from bot.services.index.columns import TableReader
from bot.services.index.question import Answer, Picked, Question
from bot.services.index.table import Index, build

__all__ = ["Answer", "Index", "Picked", "Question", "TableReader", "answer", "build"]
