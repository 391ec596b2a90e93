"""Phone numbers in running text, told apart from years, pages, counts and the numbers of books.

Short public lines (up to six digits: 112, 988, 116 123) are nobody's and are left alone.
"""

import re
from collections.abc import Iterator

LEAST, MOST = 7, 15  # digits
_BARE = 9  # digits in one piece from which they are taken for a number to call
_CALL = re.compile(
    r"(?i)\b(?:call|phone|tel|telephone|cell|mobile|whatsapp|text|ring|fax|teléfono|telefono|móvil|movil|llam[ae]|celular)\b"
    r"[^\d\n+(]{0,15}(?P<number>[+(]?\d[\d ().\-–]{4,}\d)"
)
_GROUPED = re.compile(
    r"(?<![\w/:;#(.,-])(?:\+ ?\d[\d ().\-–/]{5,20}\d"  # +44 113 496 0101
    r"|\((?!(?:19|20)\d\d\))\d{2,5}\)[ .-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}"  # (0113) 496 0101
    r"|\d{1,5}(?:[ .\-–]\d{2,6}){1,5})(?![\w%])"  # 0113 496 0101
)
_IN_ONE_PIECE = re.compile(rf"(?<![\w/:;#.,-])\d{{{_BARE},13}}(?![\w.,]*\d)")
_RANGE = re.compile(r"(\d{1,4}) ?[-–] ?(\d{1,4})")
_THOUSANDS = re.compile(r"\d{1,2}(?:[ .]\d{3})+|0(?:[ .]\d{3})+")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .\-–]?)+")
_DAY = re.compile(r"\d{1,2}[.\-]\d{1,2}[.\-](?:\d\d|\d{4})|\d{4}[.\-]\d{1,2}[.\-]\d{1,2}")
_BOOK = re.compile(r"97[89][\d -]+")


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers to call stand: start and end, perhaps the same place twice."""
    for match in _CALL.finditer(text):
        if LEAST - 1 <= _digits(match["number"]) <= MOST:
            yield match.span("number")
    for pattern in (_GROUPED, _IN_ONE_PIECE):
        for match in pattern.finditer(text):
            if _is_phone(match[0]):
                yield match.span()


def _digits(number: str) -> int:
    return sum(map(str.isdigit, number))


def _is_phone(number: str) -> bool:
    if not LEAST <= _digits(number) <= MOST:
        return False
    if number[0] in "+(":
        return True
    others = (_THOUSANDS, _YEARS, _DAY, _BOOK)
    return max(map(len, re.findall(r"\d+", number))) > 2 and not (
        _is_range(number) or any(other.fullmatch(number) for other in others)
    )


def _is_range(number: str) -> bool:
    """Pages 1123-1145, years 1999-2019, pages 998-1004; but not 555-0100."""
    match = _RANGE.fullmatch(number)
    if match is None:
        return False
    first, last = match.groups()
    rises = int(first) < int(last)
    return rises and (len(first) == len(last) or (first[0] == "9" and last.startswith("10")))
