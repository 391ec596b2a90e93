"""Suggested revisions: what may be kept, the queue, and what became of each.

A text is kept as it was written, with what it is about and the day. Who sent it is not known here.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.clock import Clock
from bot.domain.errors import OperatorError
from bot.domain.suggestion import Outcome, State, Subject, Suggestion, Verdict
from bot.services.personal_data import personal_data
from bot.store import suggestions as store
from bot.store.database import Database

SHORTEST, LONGEST = 15, 1500  # characters
MOST_WAITING = 200  # about one article or fellowship

_DOCUMENTS = (
    r"(?:review|study|studies|trial|paper|article|journal|report|survey|handbook|manual|book|text|literature|pamphlet"
    r"|leaflet|booklet|brochure|guide|guideline|guidance|statement|bulletin|website|web ?site|site|web page|page|faq"
    r"|revisión|estudio|ensayo|artículo|revista|informe|encuesta|manual|libro|texto|literatura|folleto|guía|boletín|web"
    r"|sitio|página)"
)
_PROPER = r"(?!(?:This|That|The|Your|It|In|On|Please|My|Our|Este|Esta|La|El|En|Su|Tu|Por|I)\b)[A-ZÁÉÍÓÚÑ][\w'’&.-]*"
_PLAIN_SOURCES = (
    r"(?i)https?://\S|www\.\S|\b(?:[a-z0-9-]+\.)+(?:org|com|net|gov|info|edu|int|uk|es|mx|ar|ca|au|eu|ie|nz)\b",
    r"(?i)\b10\.\d{4,9}/|\b(?:doi|isbn|issn|pmid|nct|arxiv|cd)[ :#]*\d|\bP-\d+\b",
    r"(?i)\b(?:pp?|pág|págs|page|pages|página|páginas|chapter|capítulo|edition|edición)\b\.? ?\d",
)
_OTHER_SOURCES = (
    r"(?<!\d)(?:19|20)\d\d(?!\d)",
    r"(?i)\b(?:source|fuente|according to|según)\b[ :]+\w",
    r"[\"“«][^\"”»\n]*\w+ \w+[^\"”»\n]*[\"”»]",
    rf"\b{_PROPER}(?: [\w'’&.-]+){{0,3}} (?i:{_DOCUMENTS})\b",
    rf"\b(?i:{_DOCUMENTS}) (?:(?:of|by|from|on|de|del|la|el|los|las|the) )*{_PROPER}",
)
_PLAIN, _OTHER = (tuple(map(re.compile, patterns)) for patterns in (_PLAIN_SOURCES, _OTHER_SOURCES))
_OF_ONESELF = re.compile(
    r"(?i)\b(?:i|i['’]m|i['’]ve|im|me|my|myself|mine|we|our|yo|me|mí|mi|conmigo|estoy|quiero|tengo|he|tomé|voy)\b"
)


class Suggestions:
    """Keeps suggested revisions and hands them to people; `clock` gives the day."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, subject: Subject, text: str) -> Outcome:
        """Keep a text, or say why not; the same words about the same thing wait only once. Raises StoreError."""
        text = cleaned(text)
        outcome = examined(text)
        if outcome.verdict is not Verdict.KEPT:
            return outcome
        async with self._database.begin() as connection:
            if await store.is_waiting(connection, subject, text):
                return outcome
            if await store.count_waiting(connection, subject) >= MOST_WAITING:
                return Outcome(Verdict.FULL)
            await store.add(connection, subject, text, self._clock().date())
        return outcome

    async def queue(self, state: State | None = None) -> list[Suggestion]:
        """Those in a state, or all, oldest first."""
        async with self._database.read() as connection:
            return await store.every(connection, state)

    async def answer(self, numbers: Iterable[int], state: State) -> None:
        """Say what became of all of them; OperatorError, and nothing written, where one of them does not wait."""
        today = self._clock().date()
        async with self._database.begin() as connection:
            for number in sorted(set(numbers)):
                if not await store.answer(connection, number, state, today):
                    raise OperatorError(f"No suggestion {number} waits; `openchair content suggestions` lists them.")


def cleaned(text: str) -> str:
    """The text without control characters and halves of characters, which no database and no terminal likes."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").splitlines()
    kept = ("".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cs")) for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip()


def examined(text: str) -> Outcome:
    """What is to be done with a cleaned text; KEPT: nothing speaks against keeping it."""
    if len(text) < SHORTEST:
        return Outcome(Verdict.SHORT)
    if len(text) > LONGEST:
        return Outcome(Verdict.LONG)
    if found := personal_data(text):
        return Outcome(Verdict.PERSONAL, found)
    return Outcome(Verdict.KEPT if names_a_source(text) else Verdict.NO_SOURCE)


def names_a_source(text: str) -> bool:
    """Whether an address, a number of a work, a year, a page or a title stands in the text."""
    return any(pattern.search(text) for pattern in (*_PLAIN, *_OTHER))


def speaks_of_oneself(text: str) -> bool:
    """Whether an I or a we stands in the text."""
    return _OF_ONESELF.search(text) is not None


def is_plainly_sourced(text: str) -> bool:
    """Whether a cleaned text could be kept, names an address, a number or a page, and nobody speaks of themselves."""
    return (
        any(pattern.search(text) for pattern in _PLAIN)
        and not speaks_of_oneself(text)
        and examined(text).verdict is Verdict.KEPT
    )
