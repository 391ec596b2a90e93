"""The word lists of content/words/, checked and made into the lexicon that reads what people type.

A list is written as YAML list or as one text with commas; a broken file is a ContentError that names it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.domain.errors import ContentError
from bot.domain.lexicon import (
    CardWords,
    DoubtfulName,
    Entry,
    FamilyWords,
    Lexicon,
    PlaceWords,
    RiskWords,
    Rules,
    TimeWords,
    TopicWords,
    spell,
)
from bot.domain.search import FILTERS, LANGUAGES, NEEDS
from bot.domain.when import Day
from bot.texts.library import read_yaml
from bot.texts.reading import check_model
from bot.texts.schema import at_field, meant


def _phrases(value: object) -> object:
    """One text with commas becomes a list; a YAML list stays one."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _lines(value: object) -> object:
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return value


Phrases = Annotated[tuple[str, ...], BeforeValidator(_phrases)]
Lines = Annotated[tuple[str, ...], BeforeValidator(_lines)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Part(_Model):
    start: str
    end: str
    words: Phrases


class _Times(_Model):
    days: dict[str, Phrases]
    parts: dict[str, _Part]
    hours: dict[str, int]
    fixed: dict[str, Phrases]
    roles: dict[str, Phrases]


class _Beside(_Model):
    """Words beside places, of one language."""

    markers: Phrases
    weak_markers: Phrases
    here: Phrases
    joins: Phrases


class _Places(_Model):
    languages: dict[str, _Beside]
    also_words: Phrases
    states_us: dict[str, str]
    provinces_ca: dict[str, str]
    regions: Phrases
    amounts: Phrases


class _Family(_Model):
    relatives: Phrases
    bare_relatives: Phrases
    possessives: Phrases
    gone: Phrases
    not_relatives: Phrases
    selves: Phrases
    thinking: Phrases
    trouble: Phrases
    about: Phrases


class _Name(_Model):
    name: str
    alone: bool = True
    capitals: bool = True
    plain: bool = False
    ordinary_in: Phrases = ()
    not_after: Phrases = ()
    not_before: Phrases = ()


class _Ordinary(_Model):
    function: Phrases
    ordinary: Phrases


class _Fillers(_Model):
    both: Phrases
    meeting: Phrases
    gathering: Phrases
    languages: dict[str, _Ordinary]


class _Topics(_Model):
    lists: dict[str, Phrases]
    topics: dict[str, Lines]
    polite: Phrases
    bare: dict[str, Phrases]


class _Negations(_Model):
    lists: dict[str, Phrases]
    patterns: dict[str, Lines]


class _Card(_Model):
    tier: str
    card: str
    words: Lines
    unless: Lines = ()


class _Persons(_Model):
    own: Phrases
    others: Phrases


class _Risk(_Model):
    lists: dict[str, Phrases]
    tiers: dict[str, Lines]
    safe: Lines
    spelled: Phrases
    inside: dict[str, Phrases]
    sounds: dict[str, Phrases]
    short: dict[str, str]
    cards: tuple[_Card, ...]
    persons: _Persons


class _Names(_Model):
    names: dict[str, _Name]


class _Keys(_Model):
    """A list of phrases for each key of ids, by language, with loose ones apart."""

    lists: dict[str, dict[str, Phrases]]
    loose: dict[str, dict[str, Phrases]]


Model = TypeVar("Model", bound=BaseModel)
_IDS = (*NEEDS, *FILTERS, "online", "in_person", *(f"lang_{code}" for code in LANGUAGES))


def load_lexicon(root: Path) -> Lexicon:
    """The lexicon of a content directory. Raises ContentError naming the first broken file."""
    folder = root / "words"
    negations = _load(folder / "negations.yml", _Negations)
    return Lexicon(
        entries=_entries(folder, ("needs.yml", "filters.yml")),
        doubtful=_doubtful(_load(folder / "names.yml", _Names, under="names").names),
        times=_times(folder / "times.yml"),
        places=_places(_load(folder / "places.yml", _Places)),
        family=_family(_load(folder / "family.yml", _Family)),
        topics=_topics(_load(folder / "topics.yml", _Topics)),
        negations=Rules(negations.lists, _rules(negations.patterns)),
        risk=_risk(_load(folder / "risk.yml", _Risk)),
        **_ordinary(_load(folder / "fillers.yml", _Fillers)),
    )


def _load(path: Path, model: type[Model], *, under: str = "") -> Model:
    raw = read_yaml(path)
    if "languages" in model.model_fields and isinstance(raw, dict):
        spoken = {key: raw.pop(key) for key in list(raw) if key in LANGUAGES}
        raw["languages"] = spoken
    return check_model(path, {under: raw} if under else raw, model)


def _spelled(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(word for phrase in phrases if (word := spell(phrase)))


def _rules(lists: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, pattern) for label, patterns in lists.items() for pattern in patterns)


def _entries(folder: Path, names: tuple[str, ...]) -> dict[str, Entry]:
    """Phrase to meaning, over all languages; the same phrase in two lists means both."""
    found: dict[str, Entry] = {}
    for name in names:
        path = folder / name
        raw = read_yaml(path)
        if not isinstance(raw, dict) or not all(isinstance(part, dict) for part in raw.values()):
            raise ContentError(f"{path}: each language needs lists of phrases.")
        loose = {language: part.pop("loose", {}) for language, part in raw.items()}
        both = check_model(path, {"lists": raw, "loose": loose}, _Keys)
        for lists, is_loose in ((both.lists, False), (both.loose, True)):
            for language, key, phrase in _each_phrase(lists):
                _add(found, spell(phrase), _meaning(key, path, language, is_loose))
    return found


def _each_phrase(lists: Mapping[str, Mapping[str, Iterable[str]]]) -> Iterator[tuple[str, str, str]]:
    """Language, key and phrase, one after the other."""
    for language, keys in lists.items():
        for key, phrases in keys.items():
            for phrase in phrases:
                yield language, key, phrase


def _meaning(key: str, path: Path, language: str, loose: bool) -> Entry:
    needs, filters, online = [], [], None
    for name in key.split():
        if name in NEEDS:
            needs.append(name)
        elif name in ("online", "in_person"):
            online = name == "online"
        elif name in FILTERS or name.removeprefix("lang_") in LANGUAGES:
            filters.append(name)
            online = True if name == "phone" else online
        else:
            raise at_field(path, (language, key), f"there is no id called {name}{meant(name, _IDS)}")
    return Entry(tuple(needs), tuple(filters), online, frozenset({language}), loose)


def _add(found: dict[str, Entry], phrase: str, entry: Entry) -> None:
    old = found.get(phrase)
    if old is None:
        found[phrase] = entry
        return
    found[phrase] = Entry(
        tuple(dict.fromkeys(old.needs + entry.needs)),
        tuple(dict.fromkeys(old.filters + entry.filters)),
        entry.online if old.online is None else old.online,
        old.languages | entry.languages,
        old.loose and entry.loose,
    )


def _doubtful(names: Mapping[str, _Name]) -> dict[str, DoubtfulName]:
    return {
        spell(word): DoubtfulName(
            id=name.name,
            alone=name.alone,
            capitals=name.capitals,
            plain=name.plain,
            ordinary_in=frozenset(name.ordinary_in),
            not_after=_spelled(name.not_after),
            not_before=_spelled(name.not_before),
        )
        for word, name in names.items()
    }


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _times(path: Path) -> TimeWords:
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise ContentError(f"{path}: each language needs its lists.")
    days: dict[str, str] = {}
    parts: dict[str, tuple[int, int]] = {}
    hours: dict[str, int] = {}
    fixed: dict[str, int] = {}
    roles: dict[str, set[str]] = {}
    languages: dict[str, set[str]] = {}
    for language in raw:
        times = check_model(path, raw[language], _Times, (language,))
        for day, phrases in times.days.items():
            if day.upper() not in Day.__members__:
                instead = meant(day, (known.lower() for known in Day.__members__))
                raise at_field(path, (language, "days", day), f"there is no day called {day}{instead}")
            days.update(dict.fromkeys(_spelled(phrases), day))
        for part in times.parts.values():
            parts.update(dict.fromkeys(_spelled(part.words), (_minute(part.start), _minute(part.end))))
        hours.update({spell(word): number for word, number in times.hours.items()})
        fixed.update({word: _minute(at) for at, phrases in times.fixed.items() for word in _spelled(phrases)})
        for role, phrases in times.roles.items():
            roles.setdefault(role, set()).update(_spelled(phrases))
        for word in _all_words(times):
            languages.setdefault(word, set()).add(language)
    return TimeWords(
        days=days,
        parts=parts,
        hours=hours,
        fixed=fixed,
        roles={role: frozenset(words) for role, words in roles.items()},
        languages={word: frozenset(codes) for word, codes in languages.items()},
    )


def _all_words(times: _Times) -> frozenset[str]:
    lists = [*times.days.values(), *times.fixed.values(), *(part.words for part in times.parts.values())]
    return _spelled(phrase for phrases in lists for phrase in phrases)


def _places(words: _Places) -> PlaceWords:
    beside = words.languages.values()
    codes = {**words.states_us, **words.provinces_ca}
    return PlaceWords(
        markers=frozenset().union(*(_spelled(one.markers) for one in beside)),
        weak_markers=frozenset().union(*(_spelled(one.weak_markers) for one in beside)),
        here=frozenset().union(*(_spelled(one.here) for one in beside)),
        joins=frozenset().union(*(_spelled(one.joins) for one in beside)),
        also_words=_spelled(words.also_words),
        regions=_spelled((*words.regions, *codes.values())),
        states={country: dict(names) for country, names in (("US", words.states_us), ("CA", words.provinces_ca))},
        amounts=_spelled(words.amounts),
    )


def _family(words: _Family) -> FamilyWords:
    return FamilyWords(**{name: _spelled(phrases) for name, phrases in words.model_dump().items()})


def _topics(words: _Topics) -> TopicWords:
    return TopicWords(
        rules=Rules(words.lists, _rules(words.topics)),
        bare={spell(phrase): topic for topic, phrases in words.bare.items() for phrase in phrases},
        polite=_spelled(words.polite),
    )


def _risk(words: _Risk) -> RiskWords:
    return RiskWords(
        rules=Rules(words.lists, _rules(words.tiers)),
        safe=Rules(words.lists, tuple(("safe", pattern) for pattern in words.safe)),
        spelled=_spelled(words.spelled),
        inside={spell(piece): tier for tier, pieces in words.inside.items() for piece in pieces},
        sounds=dict(words.sounds),
        short={typed: spell(meant) for typed, meant in words.short.items()},
        cards=tuple(
            CardWords(one.tier, one.card, _rules({one.card: one.words}), _rules({"unless": one.unless}))
            for one in words.cards
        ),
        own=_spelled(words.persons.own),
        others=_spelled(words.persons.others),
        tiers=tuple(words.tiers),
    )


def _ordinary(words: _Fillers) -> dict[str, Any]:
    function = _by_word({language: lists.function for language, lists in words.languages.items()})
    ordinary = _by_word({language: lists.ordinary for language, lists in words.languages.items()})
    return {
        "meeting_words": _spelled(words.meeting),
        "gatherings": _spelled(words.gathering),
        "function_words": function,
        "ordinary_words": ordinary,
        "fillers": _spelled(words.both) | frozenset(ordinary),
    }


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, words in lists.items():
        for word in _spelled(words):
            found[word] = found.get(word, frozenset()) | {language}
    return found
