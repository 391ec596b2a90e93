"""Information parity, measured: whether every kind of group is told in the same fields, room, words and order.

The metrics are M1 to M17. What is about the running bot is held by a test, and its row names it.
"""

import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bot.domain.fellowship import STRENGTHS, Fellowship
from bot.domain.search import Search
from bot.texts.checks.folder import Folder, load_folder
from bot.texts.facts import FACTS, FactsText, load_facts
from bot.texts.fairness import both_on_page_one, crowded_out, first_by_chance, orders, places_by_chance
from bot.texts.fellowships import FIELDS, FellowshipFile
from bot.texts.rules import Equal

Verdict = Literal["ok", "fail", "by test"]
ALL = "all"  # a metric that no language changes
OFFERS = re.compile(r"^(paid|sponsor\w*|rank|priority|weight|boost|promoted|featured)$")
_MARKUP = re.compile(r"[<>*_`]|[\U0001f000-\U0001faff\u2600-\u27bf]")
_NAME_LENGTH = 60  # characters of a kind's name, which is its button
_SHARE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One metric as measured; `about` is the card, all facts, or nothing in particular."""

    metric: str
    language: str
    about: Literal["card", "facts", ""]
    rule: str
    measured: str
    verdict: Verdict


HELD_BY_TEST = {
    "M8": (
        "every kind that fits is as many presses away as any other, give or take one",
        "tests/views/test_options.py::"
        "test_every_kind_that_fits_is_reached_in_as_many_presses_as_any_other_give_or_take_one",
    ),
    "M9": (
        "a list holds every meeting that fits, and nothing else",
        "tests/services/test_index.py::test_the_index_finds_what_looking_at_every_meeting_finds",
    ),
    "M11": (
        "no meeting in reach: the same kind's online ones are counted and named",
        "tests/services/test_meetings.py::test_kinds_that_meet_only_online_are_counted_with_the_soonest_of_them",
    ),
    "M15": (
        "a link hides no option and says that somebody picked",
        "tests/chat/test_handed_walk.py::"
        "test_every_kind_that_fits_is_reachable_within_the_presses_from_the_start_plus_one",
        "tests/chat/test_handed_walk.py::test_a_kind_that_nobody_picked_stands_beside_the_picked_one",
    ),
}
"""Metric -> its rule, and the tests that hold it: they are about the running bot, not about content."""


def measure(root: Path, today: date) -> list[Row]:
    """Every metric, by number and language; ContentError where the folder cannot be read."""
    folder, _ = load_folder(root, today)
    facts = load_facts(folder.library, folder.kinds, folder.cards, folder.evidence)
    rows = [row for code in folder.languages for row in _of_language(folder, code, facts[code])]
    rows += [*_order(folder), *_content(folder)]
    rows += [
        Row(metric, ALL, "", rule, ", ".join(tests), "by test") for metric, (rule, *tests) in HELD_BY_TEST.items()
    ]
    return sorted(rows, key=lambda row: (int(row.metric[1:]), row.language != ALL, row.language, row.about))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of the kinds in one language, as one of the two sorts of text."""

    about: Literal["card", "facts"]
    language: str
    fields: Mapping[str, Mapping[str, str]]  # fellowship -> field -> text
    bodies: Mapping[str, str]  # for the length
    prose: Mapping[str, str]  # for the reading grade
    order: tuple[str, ...]
    most: int  # characters of a field


def _of_language(folder: Folder, code: str, facts: Mapping[str, FactsText]) -> Iterator[Row]:
    cards = folder.cards.of(code)
    equal = folder.lint.rules.parity
    for told in (
        _Told(
            about="card",
            language=code,
            fields={name: card.fields for name, card in cards.items()},
            bodies={name: "".join(card.fields.values()) for name, card in cards.items()},
            prose={name: " ".join(card.fields.values()) for name, card in cards.items()},
            order=FIELDS,
            most=equal.field.card,
        ),
        _Told(
            about="facts",
            language=code,
            fields={name: one.facts for name, one in facts.items()},
            bodies={name: one.body for name, one in facts.items()},
            prose={name: one.prose for name, one in facts.items()},
            order=FACTS,
            most=equal.field.facts,
        ),
    ):
        yield _fields(folder, told)
        yield from _room(told, equal)
        yield _reading(folder, told, equal)
        yield _tone(told, equal)
        yield _prominence(folder, told)
    yield _evidence(folder, code, facts)
    yield _provenance(folder, code)
    yield _funding(folder, code, equal)


def _row(metric: str, told: _Told, rule: str, measured: str, wrong: object) -> Row:
    return Row(metric, told.language, told.about, rule, measured, "fail" if wrong else "ok")


def _fields(folder: Folder, told: _Told) -> Row:
    whole = [
        kind.id
        for kind in folder.kinds
        if tuple(told.fields.get(kind.id, ())) == told.order and all(told.fields[kind.id].values())
    ]
    share = f"{len(whole)} of {len(folder.kinds)} kinds"
    return _row("M1", told, f"the same {len(told.order)} fields, none empty", share, len(whole) < len(folder.kinds))


def _room(told: _Told, equal: Equal) -> Iterator[Row]:
    lengths = {name: len(text) for name, text in told.bodies.items()}
    median = statistics.median(lengths.values())
    outside = sorted(name for name, length in lengths.items() if abs(length - median) > equal.length * median)
    lowest, highest = (_percent(find(lengths.values()), median) for find in (min, max))
    measured = f"{lowest} to {highest} of {median:.0f} characters{_named(outside)}"
    yield _row("M2", told, f"body within {equal.length:.0%} of the median", measured, outside)
    longest = max((len(text), field, name) for name, texts in told.fields.items() for field, text in texts.items())
    rows = [name for name, texts in told.fields.items() if max(map(len, texts.values())) > told.most]
    yield _row("M2", told, f"no field over {told.most} characters", f"{longest[0]} ({longest[1]})", rows)


def _reading(folder: Folder, told: _Told, equal: Equal) -> Row:
    most = folder.lint.rules.grades_of(told.language).bot
    levels = {name: folder.lint.level(text, told.language) for name, text in told.prose.items()}
    grades = {name: folder.lint.grade(text, told.language) for name, text in told.prose.items()}
    ordered = sorted(grades, key=lambda name: grades[name])
    spread = grades[ordered[-1]] - grades[ordered[0]]
    ends = f"{ordered[0]} {grades[ordered[0]]}, {ordered[-1]} {grades[ordered[-1]]}"
    measured = f"level at most {max(levels.values())}; grades {spread:.1f} apart ({ends})"
    rule = f"reading level at most {most:.0f}, grades at most {equal.grade_spread:.0f} apart"
    return _row("M3", told, rule, measured, max(levels.values()) > most or round(spread, 1) > equal.grade_spread)


def _tone(told: _Told, equal: Equal) -> Row:
    words = equal.evaluative.get(told.language, ())
    pattern = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
    found = [
        f"{name}: {match.group()}"
        for name, texts in told.fields.items()
        for text in texts.values()
        for match in (pattern.finditer(text) if pattern else ())
    ]
    return _row("M4", told, "no word that praises or belittles", f"{len(found)} found{_named(found)}", found)


def _prominence(folder: Folder, told: _Told) -> Row:
    marked = [name for name, texts in told.fields.items() if any(_MARKUP.search(text) for text in texts.values())]
    longest = max(len(kind.name) for kind in folder.kinds)
    measured = f"{len(marked)} with markup or emoji; names up to {longest} characters{_named(marked)}"
    rule = f"no markup and no emoji, names at most {_NAME_LENGTH} characters"
    return _row("M5", told, rule, measured, marked or longest > _NAME_LENGTH)


def _order(folder: Folder) -> Iterator[Row]:
    """M6, M7 and M10: nothing of them depends on a language."""
    chance = folder.lint.rules.parity.chance
    for name, kinds in _sets(folder.kinds).items():
        found = orders(kinds)
        first, places = first_by_chance(found, kinds), places_by_chance(found, kinds)
        # Of several looks one may well look uneven by chance: the set as a whole is judged (Bonferroni).
        whole = min(first, *places.values()) * (1 + len(places))
        measured = f"{name}: first p = {first:.2f}" + "".join(f", {key} p = {p:.2f}" for key, p in places.items())
        rule = f"each first equally often, each place of its family equally often (p > {chance} for the set)"
        yield Row("M6", ALL, "", rule, measured, "ok" if whole > chance else "fail")
        share = both_on_page_one(found, kinds)
        rule = "page one has a 12-step and a secular kind, wherever both fit"
        yield Row("M6", ALL, "", rule, f"{name}: {share:.0%} of {len(found)} seeds", "ok" if share == 1 else "fail")
        small = [kind.id for kind in kinds if kind.id != "aa"]
        wrong = crowded_out(found[:1000], "aa", small)
        rule = "500 meetings of AA take no turn of a kind with two"
        yield Row("M10", ALL, "", rule, f"{name}: {wrong} of 1000 seeds do", "fail" if wrong else "ok")
    blank = Search()
    preset = bool(blank.filters or blank.needs or blank.fellowships or blank.place)
    favours = sum(
        found.rule == "favour"
        for code in folder.languages
        for text in _words(folder, code)
        for found in folder.lint.check_words(text, code)
    )
    measured = f"a blank search has {'some' if preset else 'no'} filter; {favours} words of favour"
    yield Row("M7", ALL, "", "nothing preset, nothing recommended", measured, "fail" if preset or favours else "ok")


def _sets(kinds: tuple[Fellowship, ...]) -> dict[str, list[Fellowship]]:
    anyone = [kind for kind in kinds if kind.live and not kind.for_people and not kind.family]
    alcohol = [kind for kind in anyone if "alcohol" in kind.needs]
    return {"all kinds": list(kinds), "drinking": alcohol}


def _words(folder: Folder, code: str) -> Iterator[str]:
    texts = folder.library.texts(code)
    for label in texts.labels.values():
        yield from label.values() if isinstance(label, dict) else (label,)
    for path in sorted((folder.root / code / "messages").rglob("*.html")):
        yield path.read_text(encoding="utf-8")


def _evidence(folder: Folder, code: str, facts: Mapping[str, FactsText]) -> Row:
    whole = [
        kind
        for kind in folder.kinds
        if kind.facts.strength.word in STRENGTHS
        and (kind.facts.strength.claims or kind.facts.strength.sources)
        and facts[kind.id].facts["research"]
        and facts[kind.id].marks["research"]
    ]
    rule = "strength word, who was studied, sources and years, in one form"
    measured = f"{len(whole)} of {len(folder.kinds)} kinds"
    return Row("M12", code, "facts", rule, measured, "ok" if len(whole) == len(folder.kinds) else "fail")


def _provenance(folder: Folder, code: str) -> Row:
    sentences = [one for article in folder.articles.get(code, {}).values() for one in article.sentences]
    marked = sum(bool(one.marks) for one in sentences)
    rule = "every sentence of every article carries its mark"
    measured = f"{marked} of {len(sentences)} sentences"
    return Row("M13", code, "", rule, measured, "ok" if sentences and marked == len(sentences) else "fail")


def _funding(folder: Folder, code: str, equal: Equal) -> Row:
    line = equal.funding.get(code)
    said = sum(line in text.lower() for text in _words(folder, code)) if line else None
    fields = [name for name in FellowshipFile.model_fields if OFFERS.match(name)]
    told = "plain.yml has no words for it" if said is None else f"said in {said} screens"
    measured = f"{told}; {len(fields)} such fields"
    rule = "who pays is told, and no field sells a place"
    return Row("M16", code, "", rule, measured, "fail" if said == 0 or fields else "ok")


def _content(folder: Folder) -> Iterator[Row]:
    """M14 and M17."""
    ids = "|".join(re.escape(kind.id) for kind in folder.kinds)
    branch = re.compile(rf"\{{%[^%]*[\"'](?:{ids})[\"'][^%]*%\}}")
    found = sum(len(branch.findall(text)) for code in folder.languages for text in _words(folder, code))
    rule = "no message, reminders too, has other words for one kind than for another"
    yield Row("M14", ALL, "", rule, f"{found} branches", "fail" if found else "ok")
    quiet = [kind for kind in folder.kinds if not kind.live]
    wrong = [kind.id for kind in quiet if kind.facts.active]
    rule = "a kind that is not known to meet is told so, and listed only with live meetings"
    yield Row("M17", ALL, "", rule, f"{len(quiet)} quiet kinds{_named(wrong)}", "fail" if wrong else "ok")


def _percent(part: float, whole: float) -> str:
    return f"{part / whole:.0%}"


def _named(names: list[str]) -> str:
    return f" ({', '.join(names[:8])}{' …' if len(names) > 8 else ''})" if names else ""
