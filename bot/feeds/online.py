"""The ways to join a meeting online that a row gives, out of its fields and its free text."""

from typing import NamedTuple

from bot.feeds.joining import Told, told, without_link
from bot.feeds.links import Dial, Link, dial_in, join_link
from bot.feeds.privacy import cleared, tells_how_to_join
from bot.feeds.recurrence import ask_first
from bot.feeds.text import joined, one_line, paragraphs

JUNK_DIGITS = 6  # "+11" in a telephone field is nothing to dial


class Online(NamedTuple):
    """How to join; all empty: the row gives no way in."""

    url: str = ""
    meeting: str = ""  # number at the conference service
    passcode: str = ""
    notes: str = ""
    dial_in: str = ""
    dial_in_notes: str = ""

    @property
    def any(self) -> bool:
        """Whether there is something to click, to dial, to type or to ask."""
        return any(self)

    def fields(self) -> dict[str, object]:
        """As the fields of a Meeting."""
        return {
            "join_url": self.url,
            "join_id": self.meeting,
            "passcode": self.passcode,
            "join_notes": self.notes,
            "dial_in": self.dial_in,
            "dial_in_notes": self.dial_in_notes,
        }


NOTHING = Online()


def ways_in(fields: tuple[object, object, object, object], hosts: frozenset[str], notes: set[str]) -> Online:
    """From the fields (link, its notes, telephone, its notes); adds a note for what had to be mended."""
    url, url_notes, phone, phone_notes = fields
    if not (url or phone):
        # Notes of a link that is not there count only when they hold a meeting number.
        found = told(paragraphs(url_notes)) if url_notes else Told()
        return Online("", found.meeting, found.passcode, found.rest) if found.meeting else NOTHING
    link = join_link(url, hosts) if isinstance(url, str) and url else Link()
    dial = dial_in(one_line(phone)) if phone else Dial()
    notes.update(note for note in (link.note, dial.note) if note)
    said = told(paragraphs(url_notes), link.meeting) if url_notes else Told()
    dial_text = dial.text
    if dial_text and not dial.number and not _worth_reading(dial_text):
        dial_text = ""
    return Online(
        url=link.url,
        meeting=link.meeting or said.meeting,
        passcode=said.passcode,
        notes=joined(link.text, said.rest),
        dial_in=dial.number,
        dial_in_notes=joined(dial_text, one_line(phone_notes)) if dial.number or dial_text else "",
    )


def with_free_text(online: Online, text: str, notes: set[str]) -> tuple[Online, str]:
    """The ways in, completed from the row's notes, and the notes without what moved; contacts cleared from all."""
    if online.url and "://" in text:
        text = without_link(text, online.url)
    said = told(text, online.meeting)
    text = said.rest if not online.passcode or said.passcode in ("", online.passcode) else text
    passcode = online.passcode or said.passcode
    if not (online.any or said.meeting or tells_how_to_join(text)):
        notes.add("no_way_in")
    needed = not ((online.url or online.dial_in) and passcode)
    join_notes, text = _cleared(online.notes, needed, notes), _cleared(text, needed, notes)
    if text and text in join_notes:
        text = ""
    return (
        Online(
            online.url,
            online.meeting or said.meeting,
            passcode,
            join_notes,
            online.dial_in,
            _cleared(online.dial_in_notes, needed, notes),
        ),
        text,
    )


def without_contacts(text: str, notes: set[str]) -> str:
    """The text without the names and numbers of individuals; adds the note."""
    return _cleared(text, False, notes) if text else ""


def _cleared(text: str, needed: bool, notes: set[str]) -> str:
    if not text:
        return ""
    if ask_first(text):
        notes.add("ask_first")
    left = cleared(text, needed)
    if left.notes:
        notes.update(left.notes)
    return left.text


def _worth_reading(text: str) -> bool:
    return any(map(str.isalpha, text)) or sum(map(str.isdigit, text)) >= JUNK_DIGITS
