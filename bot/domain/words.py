"""One spelling for every way a name is typed: how text is made comparable before it is looked up."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i",
    "ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e", "ƒ": "f", "ƙ": "k", "ɓ": "b", "ɗ": "d", "ɛ": "e", "ɔ": "o",
}  # fmt: skip

# Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic, which people leave out when they
# type. Vowel signs of Indic and Thai script and the Japanese voicing marks are letters: they stay.
_MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF))

_KNOWN_LETTERS = 20_000  # how many letters are remembered; beyond that they are worked out each time


class _Letters(dict[int, str]):
    """What becomes of one code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        new = _letter(chr(code))
        if len(self) < _KNOWN_LETTERS:
            self[code] = new
        return new


def _letter(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if any(low <= ord(char) <= high for low, high in _MARKS):
        return ""
    kind = unicodedata.category(char)
    if kind == "Cf":  # zero-width joiners and direction marks: invisible, so they part nothing
        return ""
    if kind == "Lm" and unicodedata.name(char, "").startswith("MODIFIER LETTER"):  # Hawaiian okina and its like
        return " "
    return char if kind[0] in "LMN" else " "


_LETTERS = _Letters()


def fold(text: str) -> str:
    """The text as it is compared: lower case, no accents, one space for anything but letters and digits.

    "Coeur d'Alène" gives "coeur d alene", "ŁÓDŹ" gives "lodz", "東京都" stays. Folding twice changes nothing.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_LETTERS).split())
    loose = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFKC", loose.translate(_LETTERS)).casefold()
    return " ".join(unicodedata.normalize("NFC", plain).split())
