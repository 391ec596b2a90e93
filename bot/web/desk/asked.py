"""What addresses and forms of the desk say of meetings, and what came of a deed."""

from bot.domain.edits import Done
from bot.domain.errors import MeetingGone
from bot.domain.meeting import ID_BITS
from bot.web.desk.sitting import Sitting

LONGEST_WHY = 200  # characters


def identity(text: str) -> int:
    """The id that an address names; MeetingGone for what is none."""
    if len(text) != ID_BITS // 4 or not set(text) <= set("0123456789abcdef"):
        raise MeetingGone
    return int(text, 16)


def seen_of(at: Sitting) -> int:
    """The mark of what was looked at; 0 where the form holds none, which no meeting has."""
    text = at.form.get("seen")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def why_of(at: Sitting) -> str:
    """Why, as the history will show it."""
    return " ".join(at.form.get("why").split())[:LONGEST_WHY]


def outcome(done: Done, word: str) -> str:
    """Which words say what came of a deed."""
    if done.proposed:
        return "proposed"
    return word if done.changed else "same"
