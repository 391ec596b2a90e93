"""Cards of fellowships: plain words, one length for all, and nothing claimed that has no source."""

import re
import statistics
from collections.abc import Iterator

from bot.texts.checks.folder import Folder
from bot.texts.checks.messages import same_files
from bot.texts.checks.problem import Problem, line_of
from bot.texts.checks.sourced import unsourced
from bot.texts.fellowships import FellowshipCard
from bot.texts.library import DEFAULT
from bot.texts.lint import Finding
from bot.texts.measure import count_sentences

LENGTH = (300, 520)  # characters of a card's eight texts
BAND = 0.20  # each card stays this close to the median of its language


def check_cards(folder: Folder) -> Iterator[Problem]:
    """Every card of every language, and that its marks are those of the English one."""
    for code in folder.languages:
        cards = folder.cards.of(code)
        median = statistics.median(card.length for card in cards.values()) if cards else 0
        for name, card in cards.items():
            file = f"{code}/fellowships/{name}.md"
            yield from _texts(folder, file, card)
            yield from _room(file, card, median)
            yield from _pairs(folder, file, card)
            yield from _marks(file, card, folder.cards.of(DEFAULT).get(name, card))
        if code != DEFAULT:
            yield from same_files(folder.root, code, "fellowships", "*.md")


def _marks(file: str, card: FellowshipCard, english: FellowshipCard) -> Iterator[Problem]:
    for field in sorted(english.marks):
        if english.marks[field] != card.marks.get(field):
            yield Problem(file, 0, "same_marks", field, "has other marks than the English card")


def _pairs(folder: Folder, file: str, card: FellowshipCard) -> Iterator[Problem]:
    """Claims that are only told together stand behind the same card."""
    claims = folder.evidence.claims
    behind = {mark for marks in card.marks.values() for mark in marks if mark in claims}
    for mark in sorted(behind):
        for other in sorted(set(claims[mark].shown_with) - behind):
            yield Problem(file, 0, "paired_claims", mark, f"is only told beside {other}")


def _texts(folder: Folder, file: str, card: FellowshipCard) -> Iterator[Problem]:
    for field, text in [*card.fields.items(), *card.further.items()]:
        marks = card.marks[field]
        found = folder.lint.check(text, card.language)
        found += unsourced(folder.lint.rules, text, marks, card.language)
        found += _claims(folder, text, marks)
        for one in found:
            line = line_of(folder.lines(file), field)
            yield Problem(file, line, one.rule, one.found, one.suggestion, one.severity)
    whole = ". ".join(text.rstrip(".") for text in card.fields.values())
    for one in folder.lint.check_level(whole, card.language):
        yield Problem(file, 0, one.rule, one.found, one.suggestion, one.severity)


def _claims(folder: Folder, text: str, marks: tuple[str, ...]) -> list[Finding]:
    """Guided help to join and going to meetings need a sentence each; a pair is named whole."""
    evidence = folder.evidence
    found = []
    if evidence.mixes(marks) and count_sentences(text) < 2:
        found.append(Finding("mixed_claims", "error", text, "say it in two sentences: help to join, and going"))
    share = re.search(r"\d ?%|\d in \d|\d de cada \d", text)
    if share and evidence.whole and not any(mark in evidence.claims for mark in marks):
        found.append(Finding("share_without_claim", "error", text, "a share of people comes from claims.yml"))
    return found


def _room(file: str, card: FellowshipCard, median: float) -> Iterator[Problem]:
    if not LENGTH[0] <= card.length <= LENGTH[1]:
        advice = f"{card.length} characters; {LENGTH[0]} to {LENGTH[1]} fit"
        yield Problem(file, 0, "card_room", "", advice)
    if abs(card.length - median) > BAND * median:
        advice = f"{card.length} characters; every kind gets the same room, within a fifth of {median:.0f}"
        yield Problem(file, 0, "parity", "", advice)
