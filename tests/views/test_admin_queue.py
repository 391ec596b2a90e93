"""Screens of what waits behind /admin: anything may stand in them, and all of it is shown as text that fits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.admin import EVERYTHING, Admin, Author, Role
from bot.domain.buttons import MAX_BYTES
from bot.domain.edits import Edit, Proposal
from bot.domain.feed import FeedCard
from bot.domain.meeting import Meeting
from bot.domain.queue import REASONS, Gone, Item, Kind, Light, Old, Step, numbered, paged, told
from bot.domain.report_kinds import Item as Reported
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import Kind as About
from bot.domain.suggestion import Subject, Suggestion
from bot.domain.urgent import Line, UrgentCountry
from bot.sandbox.html_text import parse_html
from bot.views import admin_item, admin_item_steps, admin_letter, admin_lines, admin_queue
from bot.views.admin_item import Case
from bot.views.frame import Frame
from bot.views.screen import Screen
from tests.views.frames import NOW, make_frame

strange = st.text(max_size=300).map(lambda text: f"<b>{text}</b>&amp;{{{{ 7*7 }}}}{{% x %}}")
KEY = 2**56 - 1
MOST = 4096  # UTF-16 units of a message
ANA = Author(7, "Ana", Role.OWNER)


def meeting(text: str = "Night Lamp") -> Meeting:
    return Meeting(
        KEY, "aa-denver", "lamp", 0, "aa", text, 2, 19 * 60, 60, "America/Denver", in_person=True, online=True,
        venue=text, address=text, city=text, country="US", join_url=text, join_notes=text, dial_in=text, updated=NOW,
    )  # fmt: skip


def cases(text: str = "Night Lamp") -> list[Case]:
    card = FeedCard(
        "aa-denver", text, "", "csv", "aa", 24, 1, 9, contact="https://example.org", feedback="a@b.example"
    )
    counts = {kind: 2 for kind in ReportKind}
    report = Reported(KEY, text, feed="aa-denver", counts=counts, texts=(text,) * 9, ids=frozenset({KEY}))
    values = {"join_url": text, "notes": text, "in_person": True, "tags": [text], "start": 1, "edit:notes": text}
    proposal = Proposal(KEY, KEY, "change", text, EVERYTHING, {}, values, replace(ANA, name=text), NOW, text)
    edit = Edit(KEY, "join_notes", "aa-denver", text, text, text, ANA, NOW, text)
    suggestion = Suggestion(KEY, Subject(About.ARTICLE, text, "en", text[:20]), text * 9, date(2026, 11, 24))
    whats = {
        Kind.REPORT: report,
        Kind.PROPOSAL: proposal,
        Kind.HELD: "aa-denver",
        Kind.CONFLICT: edit,
        Kind.SUGGESTION: suggestion,
        Kind.VANISHED: Gone(3),
        Kind.OLD: Old(3, NOW),
    }
    items = [
        Item(kind, KEY, f"{kind}", text, NOW, what, feed="aa-denver", source=text, today=True)
        for kind, what in whats.items()
    ]
    return [Case(item, meeting(text), card, NOW) for item in items]


def screens(frame: Frame, who: Admin, text: str) -> Iterator[Screen]:
    """Every screen there is, with a text in every place."""
    every = cases(text)
    items = [case.item for case in every]
    light = [Light(KEY, "aa-denver", "aa", text, "US", text, NOW)] * 7
    yield admin_queue.shown(frame, paged(items, 1), done=text, undo=KEY, lines=True)
    yield admin_queue.shown(frame, paged(items, 1, Kind.HELD))
    for case in every:
        yield admin_item.one(frame, who, case)
        yield admin_item.one(frame, who, replace(case, meeting=None, card=None, alone_from=None))
        yield admin_item_steps.ask_put_off(frame, case.item)
        yield admin_item_steps.not_done(frame, case.item, [text])
        if case.item.kind in REASONS:
            yield admin_item_steps.ask_reject(frame, case.item)
            yield admin_item_steps.ask_reason(frame, case.item, again=True)
        if case.item.kind not in (Kind.PROPOSAL, Kind.SUGGESTION):
            yield admin_letter.send_on(frame, case, [text] * 30)
        if case.item.kind in (Kind.VANISHED, Kind.OLD):
            yield admin_item_steps.meetings(frame, case.item, light)
    yield admin_item_steps.ask_end(frame, items[0])
    yield admin_item_steps.old(frame, meeting(text), text, checked=False)
    yield admin_item_steps.old(frame, meeting(text), text, checked=True)
    suggestion = items[4].what
    yield admin_letter.to_commit(frame, suggestion, text, text, used=True)
    country = UrgentCountry("GB", (text,), (), (Line(text, text),), date(2026, 11, 24), text, "A")
    yield admin_lines.countries(frame, {"GB": country})
    yield admin_lines.numbers(frame, country)
    yield admin_lines.ask(frame, country, 2, again=True)
    yield admin_lines.to_commit(frame, country, text, text, text, text)


@given(strange)
@settings(max_examples=25, deadline=None)
def test_whatever_was_written_is_shown_as_text_and_fits_a_message(text: str) -> None:
    who = Admin(7, Role.OWNER)
    for language in ("en", "es"):
        for screen in screens(make_frame(language), who, text):
            plain, entities = parse_html(screen.text)
            assert len(plain.encode("utf-16-le")) // 2 <= MOST
            links = [entity["url"] for entity in entities if entity["type"] == "text_link"]
            assert all(link.startswith("https://t.me/open_chair_bot?start=") for link in links)
            buttons = [button for row in screen.rows for button in row]
            assert all(len(button.data) <= MAX_BYTES and len(button.copy) <= 256 for button in buttons)
            assert "49" not in plain or "49" in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_thing_has_its_words_and_a_way_back_and_to_urgent_help(kind: Kind, language: str) -> None:
    frame = make_frame(language)
    case = next(one for one in cases() if one.item.kind is kind)
    screen = admin_item.one(frame, Admin(1, Role.OWNER), case)
    labels = [button.label for row in screen.rows for button in row]
    for label in ("admin.queue.later", "admin.queue.all", "admin.home", "urgent_help"):
        assert frame.texts.label(label) in labels
    assert admin_queue.kind_name(frame, kind) in admin_queue.shown(frame, paged([case.item], 1)).text


def test_what_somebody_may_not_do_has_no_button() -> None:
    frame, (report, proposal, *_) = make_frame(), cases()

    def labels(case: Case, role: Role) -> list[str]:
        return [button.label for row in admin_item.one(frame, Admin(7, role), case).rows for button in row]

    assert "Take the link down" in labels(report, Role.EDITOR)
    assert not {"Take the link down", "Change it", "It has ended"} & set(labels(report, Role.REVIEWER))
    later = replace(proposal, alone_from=NOW.replace(hour=23))
    assert "Confirm" in labels(proposal, Role.OWNER)
    assert "Confirm" not in labels(later, Role.OWNER)
    assert "Confirm" not in labels(replace(proposal, alone_from=None), Role.EDITOR)


def test_a_letter_that_is_longer_than_a_button_holds_is_cut_on_the_button_alone() -> None:
    report = cases()[0]
    long = replace(report, item=replace(report.item, what=replace(report.item.what, texts=("word " * 99,))))
    screen = admin_letter.send_on(make_frame(), long, [])
    copied = screen.rows[0][0].copy
    assert len(copied) <= 256
    assert copied.endswith("…")
    assert screen.text.count("word") == 99


@given(st.sampled_from(Kind), st.sampled_from(Step), st.integers(0, 127))
def test_kind_step_and_choice_come_back_from_a_button(kind: Kind, step: Step, choice: int) -> None:
    number = numbered(kind, step, choice)
    assert number < 2**16
    assert told(number) == (kind, step, choice)
