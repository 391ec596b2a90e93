"""The key under which a name is kept: its folded form with the usual short forms written out."""

from bot.domain.words import fold

_LONG_FORMS = {
    "st": "saint",
    "sankt": "saint",
    "sint": "saint",
    "ste": "sainte",
    "mt": "mount",
    "ft": "fort",
    "pt": "point",
}
MAX_WORDS = 12
MAX_CHARACTERS = 200


def key(name: str) -> str:
    """One key for "St Albans", "St. Albans" and "Saint Albans"; empty for a text without letters and digits."""
    return " ".join(_LONG_FORMS.get(word, word) for word in fold(name).split())


def words(text: str) -> list[str]:
    """The first words of a text as they stand in keys; anything longer than a place's name is cut off."""
    return key(text[:MAX_CHARACTERS]).split()[:MAX_WORDS]
