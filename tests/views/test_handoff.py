"""The screens and the card of a hand-off: few buttons, few words, the same in both languages."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.buttons import MAX_PICKED, Action, Press, unpack
from bot.domain.found import Found, Row
from bot.domain.handoff import Handed
from bot.domain.search import LANGUAGES, Search
from bot.domain.when import Window
from bot.texts.urgent import load_urgent
from bot.views import handed, handoff, handoff_card, note
from bot.views.frame import Frame
from bot.views.handoff import Draft
from bot.views.screen import Document, Screen
from tests.builders import make_meeting, make_online_meeting
from tests.views.frames import NOW, ROOT, make_frame
from tests.views.test_screens import IDS, LEEDS

URGENT = load_urgent(ROOT)
SPOKEN = pytest.mark.parametrize("language", ["en", "es"])
NAVIGATION = {Action.URGENT, Action.HANDOFF_SHOW, Action.HANDOFF_FILTERS, Action.HANDOFF_LANGUAGE}
SHEET = Document("card.pdf", b"%PDF", "application/pdf")


def row(kind: str, at: int = 1, **more: Any) -> Row:
    meeting = make_meeting(key=f"{kind}{at}", fellowship=kind, **more)
    return Row(meeting, NOW + timedelta(hours=at), 1.2, listed_by=("Leeds Intergroup",))


ROWS = tuple(row(kind, at) for at, kind in enumerate(("aa", "smart", "dharma", "lifering", "na"), start=1))


def found(search: Search) -> Found:
    return Found(search, Window(NOW, NOW + timedelta(days=7)), ROWS, 12, True, ("aa",))


def drafted(language: str, picked: int = 0, **more: Any) -> tuple[Frame, Draft]:
    search = Search(LEEDS, needs=("alcohol",), seed=7, language=language)
    ids = tuple(one.meeting.id for one in ROWS[:picked])
    return make_frame(language, search=search), Draft(search, ids, **more)


def presses(screen: Screen) -> list[Press]:
    return [unpack(button.data, IDS) for line in screen.rows for button in line if button.data]


def words(screen: Screen) -> str:
    return re.sub(r"<[^>]+>", "", screen.text)


def every_screen(language: str, family: bool) -> list[Screen]:
    frame, draft = drafted(language, 2, family=family)
    opened = Handed(draft.search, ROWS[:3], ROWS[3:], from_family=family)
    return [
        handoff.start(frame, draft),
        handoff.choose_place(frame, draft, (LEEDS,) * 9),
        *(handoff.about(frame, draft, door) for door in range(6)),
        handoff.pick(frame, draft, found(draft.search)),
        handoff.filters(frame, draft, edits=True),
        handoff.language(frame, draft, {"en": "English", "es": "Español"}),
        handoff.together(frame, draft),
        *handoff.made(frame, draft, make_frame("es"), "https://t.me/x?start=h", "https://t.me/x?start=h", SHEET).then,
        handed.opened(frame, opened),
        handed.opened(frame, replace(opened, picked=(), gone=3)),
        handed.opened(frame, Handed(draft.search, (), (), expired=True)),
        handed.along(frame, opened),
        note.days(frame, ROWS[0]),
        note.endings(frame, ROWS[0], 1),
    ]


@SPOKEN
@pytest.mark.parametrize("family", [False, True])
def test_every_screen_has_at_most_eight_buttons_and_a_way_to_urgent_help(language: str, family: bool) -> None:
    for screen in every_screen(language, family):
        actions = [press.action for press in presses(screen)]
        assert len([one for one in actions if one not in NAVIGATION]) <= 8, screen.text
        assert len(words(screen)) <= 900, screen.text
        if actions:
            assert Action.URGENT in actions, screen.text


@SPOKEN
def test_a_fourth_pick_is_not_taken_and_the_screen_says_that_it_is_full(language: str) -> None:
    frame, draft = drafted(language, MAX_PICKED)
    screen = handoff.pick(frame, draft, found(draft.search))
    toggles = [press for press in presses(screen) if press.action == Action.HANDOFF_PICK][: len(ROWS)]
    assert [len(press.picked) for press in toggles] == [2, 2, 2, 3, 3]
    for press in toggles[3:]:
        assert handoff.value_of(press) == handoff.FULL
        assert set(press.picked) == set(draft.picked)
    full = handoff.pick(frame, draft, found(draft.search), edits=True, full=True)
    assert ("The link holds 3 meetings." if language == "en" else "En el enlace caben 3 reuniones.") in full.text
    assert full.edits


@SPOKEN
def test_picking_and_letting_go_is_one_button_that_says_which_it_is(language: str) -> None:
    frame, draft = drafted(language)
    picked = presses(handoff.pick(frame, draft, found(draft.search)))[1]
    assert picked.picked == (ROWS[1].meeting.id,)
    after = handoff.draft_of(picked, picked.search)
    screen = handoff.pick(frame, after, found(after.search))
    assert screen.rows[1][0].label.startswith(frame.texts.label("handoff.picked", row="2."))
    assert presses(screen)[1].picked == ()


@SPOKEN
def test_what_is_picked_survives_pages_filters_and_the_choice_of_a_language(language: str) -> None:
    frame, draft = drafted(language, 3, family=True)
    screens = (
        handoff.pick(frame, draft, found(draft.search)),
        handoff.filters(frame, draft, edits=False),
        handoff.language(frame, draft, {"en": "English", "es": "Español"}),
    )
    onward = [
        press
        for screen in screens
        for press in presses(screen)
        if press.action not in (Action.URGENT, Action.HANDOFF_PICK) or press.search.page > 1
    ]
    assert len(onward) > 10
    for press in onward:
        carried = handoff.draft_of(press, press.search)
        assert (carried.picked, carried.family) == (draft.picked, True), press.action


@SPOKEN
def test_the_first_screen_says_that_nothing_about_a_person_belongs_here(language: str) -> None:
    frame, draft = drafted(language)
    for family in (False, True):
        text = words(handoff.start(frame, replace(draft, family=family)))
        assert ("no name" if language == "en" else "nombre") in text


@SPOKEN
def test_what_a_link_opens_says_who_chooses_and_that_nobody_is_told(language: str) -> None:
    frame, draft = drafted(language)
    for family in (False, True):
        text = words(handed.opened(frame, Handed(draft.search, ROWS[:2], ROWS[2:3], from_family=family)))
        for said in (
            ("You choose. None is fine too.", "They will not be told")
            if language == "en"
            else (
                "Tú eliges. Ninguna también está bien.",
                "no se le dirá",
            )
        ):
            assert said in text
        assert ("Someone close to you" in text or "Alguien cercano" in text) == family
    assert len(text) <= 900


@SPOKEN
def test_the_message_to_forward_tells_nothing_on_a_locked_screen(language: str) -> None:
    frame, draft = drafted(language)
    link = handoff.made(frame, draft, make_frame(language), "https://t.me/x?start=h1", "", SHEET).text
    first, second = link.split("\n")
    assert second == "https://t.me/x?start=h1"
    assert not re.search(r"(?i)group|meet|help|recover|drink|grupo|reuni|ayuda|beb", first)


def test_the_other_language_of_what_was_opened_keeps_the_picks() -> None:
    frame, draft = drafted("en")
    screen = handed.opened(frame, Handed(draft.search, ROWS[:3], ROWS[3:], from_family=True))
    again = next(one for one in presses(screen) if one.action == Action.HANDOFF_SHOW)
    assert handoff.language_of(handoff.value_of(again)) == "es"
    assert again.picked == tuple(one.meeting.id for one in ROWS[:3])
    assert LANGUAGES["es"] == handoff.value_of(again)


def carded(language: str = "en", *rows: Row, place: Any = LEEDS, **more: Any) -> Any:
    search = Search(place, needs=("alcohol",), language=language)
    shown = Handed(search, rows, (), **more)
    return handoff_card.paper(make_frame(language, search=search), shown, URGENT["GB"], "https://t.me/x?start=h")


def said(paper: Any, what: str) -> Any:
    return next(fact for fact in paper.meetings[0].facts if fact.what == what)


def test_a_card_says_the_weekday_and_the_next_date_and_never_today() -> None:
    tonight = NOW.replace(hour=19, minute=0)
    for start, date in ((tonight, "24 Nov 2026"), (tonight + timedelta(days=7), "1 Dec 2026")):
        when = said(carded("en", Row(make_meeting(), start)), "When").text
        assert when == f"Every Tuesday, 19:00 to 20:00 London time. Next: {date}."
    assert "Cada martes" in said(carded("es", Row(make_meeting(), NOW)), "Cuándo").text


def test_a_card_gives_a_call_on_the_readers_clock_too_where_that_differs() -> None:
    call = make_online_meeting(zone="America/New_York", weekday=2, start=14 * 60)
    when = said(carded("en", Row(call, NOW.replace(hour=19, minute=0))), "When").text
    assert when.endswith("For you: Tuesday, 19:00 London time.")
    same = make_online_meeting()
    assert "For you" not in said(carded("en", Row(same, NOW)), "When").text


def test_only_a_known_link_is_pressed_and_everything_else_is_text() -> None:
    call = make_online_meeting(
        join_notes="Link on https://evil.example.org/j", passcode="1234", dial_in="+15555550100,,5550100#",
        join_id="5550100", contact="hello@example.org",
    )  # fmt: skip
    paper = carded("en", Row(call, NOW))
    assert said(paper, "Join").link == "https://zoom.us/j/5550100"
    assert said(paper, "Getting in").link == ""
    assert said(paper, "By phone").link == "tel:+15555550100,,5550100%23"
    assert said(paper, "Passcode").text == "1234"
    assert said(paper, "Ask first").link == "mailto:hello@example.org"


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("+44 113 496 0000", "tel:+441134960000"),
        ("(555) 555-0100", "tel:5555550100"),
        ("https://example.org/ask", "https://example.org/ask"),
        ("http://example.org", ""),
        ("javascript:alert(1)", ""),
        ("Ring the bell 5", ""),
        ("", ""),
    ],
)
def test_a_contact_leads_to_a_call_a_message_a_page_or_nowhere(contact: str, link: str) -> None:
    assert handoff_card.link_to(contact) == link


def test_a_card_says_what_the_list_does_not() -> None:
    paper = carded("en", Row(make_meeting(updated=None, check_date=True, approximate=True), NOW))
    assert said(paper, "Step-free").text == "the list does not say"
    assert said(paper, "Who can come").text == "the list does not say"
    assert paper.meetings[0].notes == (
        "It may not be every week. You can ask the group.",
        "The address is only roughly known.",
    )
    assert "Every" not in said(paper, "When").text


def test_urgent_numbers_on_a_card_can_be_pressed() -> None:
    pieces = [piece for line in carded("en", ROWS[0]).urgent for piece in line]
    links = [piece.link for piece in pieces if piece.link]
    assert links == ["tel:999", "tel:112", "tel:116123", "sms:85258", "tel:111"]
    assert "".join(piece.text for piece in pieces).startswith("Emergency: 999, 112Samaritans: 116 123 (call)")
    unknown = handoff_card.urgent_said(make_frame(), None)
    assert "findahelpline.com" in unknown[0][0].text


def test_a_card_tells_of_gone_picks_of_a_link_that_ran_out_and_of_nothing_found() -> None:
    assert "2 picked meetings are no longer listed." in carded("en", ROWS[0], gone=2).lead
    assert "It has run out." in carded("en", ROWS[0], expired=True).lead[0]
    assert carded("en").lead[-1].startswith("I know no meetings for it today.")
    assert carded("en", ROWS[0]).lead[-1] == "There are other kinds of groups too. The link leads to all of them."
    assert carded("en", ROWS[0], from_family=True).lead[0] == "Someone close to you picked these for you to look at."


def test_a_card_about_drinking_carries_the_warning_and_one_about_opioids_the_word_on_medicines() -> None:
    assert "Stopping fast can be dangerous." in carded("en").after[0]
    frame = make_frame()
    opioids = handoff_card.paper(frame, Handed(Search(needs=("opioids",)), (), ()), None, "https://t.me/x")
    assert opioids.before[0].startswith("Medicines for opioid addiction save lives.")
    family = handoff_card.paper(frame, Handed(Search(needs=("family", "alcohol")), (), ()), None, "https://t.me/x")
    assert (family.before, family.after) == ((), ())
