"""Whether two lists write one name, or one street, in two ways."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bot.domain.words import fold

KEPT = 8192  # names and streets that are remembered while rows are compared

_APOSTROPHES = re.compile("['\u2018\u2019`\u00b4]")
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d{2})?\s*[ap]\.?m\b\.?|\b\d{1,2}:\d{2}\b", re.IGNORECASE)
_INITIALS = re.compile(r"\b([A-Za-z])\.\s?(?=[A-Za-z]\b)")
_SPELLINGS = {
    "saint": "st", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th",
    "twelfth": "12th", "centre": "center",
}  # fmt: skip

# Words that a list adds to a name and another leaves out. Day and hour are the same anyway when names are compared.
_DECORATION = frozenset(
    (
        "a the and of for in at on to by an de del la las el los en y e o con para "
        "group groups grp gp grupo gruppe meeting meetings mtg reunion reuniones "
        "online virtual zoom hybrid hibrido hibrida person inperson presencial linea video phone telefono only "
        "anonymous alcoholics narcotics anonimos alcoholicos narcoticos open closed abierta cerrada "
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays "
        "lunes martes miercoles jueves viernes sabado sabados domingo domingos "
        "morning noon midday afternoon evening night nightly daily weekly manana mediodia tarde noche am pm"
    ).split()
)
# What is done in a meeting: many that have nothing else in common share these.
_FORMATS = frozenset(
    "step steps study book big discussion speaker literature meditation tools recovery sober sobriety estudio pasos "
    "libro meditacion recuperacion new way life home nooner".split()
)
# Who comes and which room: with one of these on one side only, there are two meetings.
_TELLING = frozenset(
    "women womens woman ladies mujeres men mens man hombres lgbt lgbtq lgbtqia gay lesbian queer trans young youth "
    "jovenes ypaa teen teens newcomer newcomers beginner beginners principiantes seniors parents secular agnostic "
    "agnostics atheist spanish espanol english ingles french polish upstairs downstairs upper lower basement room "
    "sala north south east west norte sur este oeste".split()
)
_SAME, _JOINED, _BARE, _WITHIN, _MOSTLY, _TYPO, _LOOSE = 100, 95, 85, 80, 70, 60, 40
_MOST_WORDS = 2 / 3
_TYPO_RATIO, _TYPO_LETTERS = 0.85, 6

_UNITS = frozenset(
    "suite ste unit room rm floor fl apt apartment building bldg basement piso planta bajo local sala level".split()
)
_STREET_TYPES = frozenset(
    (
        "street st road rd avenue ave av boulevard blvd drive dr lane ln court ct place pl square sq highway hwy "
        "parkway pkwy way terrace terr ter trail trl circle cir close crescent cres row walk pike turnpike tpke "
        "calle c cl carrer avenida avda paseo plaza plz pza rua rue strasse str via "
        "n s e w ne nw se sw north south east west norte sur este oeste "
        "the of de del la las el los des du and y at corner cnr near off"
    ).split()
)
_PARTS = re.compile(r"[,;\n]")
_UNIT_NUMBER = re.compile(r"#\s?\w+")
_NUMBER = re.compile(r"0*(\d+)[a-z]?")
_STREET_ENDING = re.compile(r"(?<=\w{3})(?:strasse|str)$")


class Street(NamedTuple):
    """A house number ("" for none) and the words that name the street."""

    number: str
    first: str
    words: frozenset[str]


def likeness_of_names(one: str, other: str, fellowship: str, *, loose: bool = False) -> int:
    """0 for two names, else 1..100, higher the more they are one. `loose`: something else says that they are."""
    left, right = _core(one, fellowship), _core(other, fellowship)
    mine, theirs = frozenset(left), frozenset(right)
    if mine == theirs:
        return _SAME if mine or fold(one) == fold(other) else _BARE
    if "".join(left) == "".join(right):
        return _JOINED
    if any(_tells(word) for word in mine ^ theirs):
        return 0
    shared = mine & theirs
    if shared - _FORMATS:
        if mine <= theirs or theirs <= mine:
            return _WITHIN
        if len(shared) / len(mine | theirs) >= _MOST_WORDS:
            return _MOSTLY
    if _typo("".join(left), "".join(right)):
        return _TYPO
    return _LOOSE if loose and (shared - _FORMATS or not mine or not theirs) else 0


@lru_cache(KEPT)
def _core(name: str, fellowship: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, in their order."""
    plain = _INITIALS.sub(r"\1", _CLOCK.sub(" ", _APOSTROPHES.sub("", name)))
    words = (_SPELLINGS.get(word, word) for word in fold(plain).split())
    return tuple(word for word in words if word not in _DECORATION and word != fellowship)


def _tells(word: str) -> bool:
    return word in _TELLING or len(word) == 1 or word[0].isdigit()


def _typo(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _TYPO_LETTERS:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _TYPO_RATIO


@lru_cache(KEPT)
def street_of(address: str) -> Street | None:
    """The street in an address line; None where there is none.

    "12 N. Mill Ln, Suite 4", "Mill Lane 12" and "12 Mill Lane" are one street.
    """
    first: list[str] = []
    before: list[str] = []
    for words in map(_street_words, _PARTS.split(address)):
        numbers = [match[1] for word in words if word[0].isdigit() and (match := _NUMBER.fullmatch(word))]
        if numbers:
            rest = [word for word in words if not (word[0].isdigit() and _NUMBER.fullmatch(word))]
            return _street(numbers[0], rest or before)  # "Calle Mayor, 12"
        first, before = first or words, words or before
    return _street("", first)


def _street(number: str, named: list[str]) -> Street | None:
    words = (_STREET_ENDING.sub("", word) if "str" in word else word for word in named)
    main = [word for word in words if word not in _STREET_TYPES] or named
    return Street(number, main[0], frozenset(main)) if main else None


def _street_words(part: str) -> list[str]:
    if "#" in part:
        part = _UNIT_NUMBER.sub(" ", part)
    words = [_SPELLINGS.get(word, word) for word in fold(_APOSTROPHES.sub("", part)).split()]
    if not _UNITS.isdisjoint(words):
        del words[next(at for at, word in enumerate(words) if word in _UNITS) :]
    return words


def same_street(one: Street, other: Street, *, loose: bool = False) -> bool:
    """Whether both are one street and number; `loose`: one may name it with more words than the other."""
    if (one.number, one.first) != (other.number, other.first):
        return False
    return one.words == other.words or (loose and (one.words <= other.words or other.words <= one.words))
