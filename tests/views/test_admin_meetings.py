"""Meetings behind /admin: what a sheet says, what a form reads, and what the buttons carry."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import fields
from bot.domain.admin import Admin, Deed, Role
from bot.domain.audit import Change, Conflict, Subject, Undone
from bot.domain.buttons import Action, Press, unpack
from bot.domain.edits import Done, Sheet
from bot.domain.errors import OutdatedButton
from bot.domain.exceptions import Done as DaysDone
from bot.domain.exceptions import closed, moved_once
from bot.domain.fields import BadField
from bot.domain.meeting import TAGS, tags_to_bits
from bot.views import admin_add, admin_dates, admin_days, admin_edit, admin_form, admin_meetings
from bot.views.admin_draft import Draft, Form, Reason, changes_of, changes_packed, draft_of, press_of
from bot.views.admin_edit import Plan
from bot.views.screen import Ask, Button, Screen
from tests.builders import make_meeting, make_online_meeting
from tests.views.frames import FELLOWSHIPS, NOW, make_frame
from tests.views.sheets import OWNER, full_sheet, make_edit, make_sheet

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
MOST_BUTTONS, NAVIGATION, LONGEST = 8, 5, 4096
TODAY = date(2026, 11, 24)


def text(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def buttons(screen: Screen) -> list[Button]:
    """Every button."""
    return [button for row in screen.rows for button in row]


def words(screen: Screen) -> list[str]:
    """The words of all buttons."""
    return [button.label for button in buttons(screen)]


def press_of_button(screen: Screen, label: str) -> Press:
    """What a button means."""
    return unpack(next(button.data for button in buttons(screen) if button.label == label), IDS)


def draft(form: Form, sheet: Sheet | None = None, **more: Any) -> Draft:
    one = sheet or make_sheet()
    return admin_edit.marked(one, Draft(one.meeting.id, form, **more))


def every_screen(language: str, one: Sheet) -> Iterator[Screen]:
    """All screens about one meeting, as they are shown to an owner."""
    frame = make_frame(language)
    days = (closed(TODAY, TODAY + timedelta(days=9), "x"), moved_once(TODAY, TODAY + timedelta(days=1), 1080))
    plan = Plan(one, draft(Form.PLACE, one, others=3, weeks=4, reason=Reason.GROUP), {"venue": "x", "city": "y"})
    yield admin_meetings.ask(frame, typed="x", unknown=True)
    yield admin_meetings.sheet(frame, OWNER, one, days, checked=True)
    yield admin_meetings.more(frame, OWNER, one)
    yield admin_meetings.what_the_list_says(frame, OWNER, one)
    for choose in (
        admin_edit.choose_time,
        admin_edit.choose_day,
        admin_edit.choose_length,
        admin_edit.choose_joining,
    ):
        yield choose(frame, one, draft(Form.TIME, one))
    for page in range(8):
        yield admin_edit.choose_tags(frame, one, draft(Form.WHO, one, value=7), page)
    for form in (Form.TIME, Form.PLACE, Form.LINK, Form.NAME, Form.DETAILS):
        yield admin_edit.question(frame, draft(form, one), one.meeting, faults=(BadField("start", "time", "x"),))
    yield admin_edit.confirm(frame, plan, changed=True)
    yield admin_edit.choose_others(frame, plan)
    yield admin_edit.choose_weeks(frame, plan)
    yield admin_edit.choose_reason(frame, plan)
    yield admin_edit.saved(frame, plan, Done((1,), (2,), (), (), (5, 6), (3,), (4,)))
    yield admin_edit.refused(frame, draft(Form.DAY, one), (BadField("start", "day_and_time"),))
    for form in (Form.SUSPEND, Form.CLOSED, Form.MOVED):
        yield admin_days.choose(frame, one, (), draft(form, one), 0)
    moving = press_of_button_first(admin_days.choose(frame, one, (), draft(Form.MOVED, one), 0))
    yield admin_days.choose(frame, one, (), moving, 2)
    yield admin_days.choose(frame, one, (), moving, 3)
    yield admin_days.question(frame, one.meeting, draft(Form.SUSPEND, one), typed="x", reason="y")
    yield admin_days.confirm(frame, one, draft(Form.CLOSED, one, value=1), days[0])
    yield admin_days.saved(frame, one, days[0], DaysDone((1,), (), (7,)))
    yield admin_days.listed(frame, one, days, editable=True)
    yield admin_add.choose_kind(frame, sorted(FELLOWSHIPS), 1)
    yield admin_add.choose_ways(frame, Draft(0, Form.ADD, value=4))
    yield admin_add.choose_other_day(frame, one, draft(Form.DUPLICATE, one))
    yield admin_add.choose_other_time(frame, one, draft(Form.DUPLICATE, one, value=3 << 11))


def press_of_button_first(screen: Screen) -> Draft:
    return draft_of(unpack(buttons(screen)[0].data, IDS))


@LANGUAGES
def test_every_screen_has_few_buttons_a_way_on_and_urgent_help(language: str) -> None:
    frame = make_frame(language)
    for screen in every_screen(language, full_sheet("Night Lamp")):
        assert len(text(screen)) < LONGEST
        if isinstance(screen.ask, Ask):
            assert not screen.rows
            assert "t.me/open_chair_bot?start=" in screen.text
            continue
        assert len(buttons(screen)) <= MOST_BUTTONS + NAVIGATION, words(screen)
        assert frame.texts.label("urgent_help") in words(screen)
        assert all(len(button.label) <= 64 and len(button.data) <= 64 for button in buttons(screen))


def test_the_sheet_says_what_was_corrected_by_whom_and_what_the_list_says_instead() -> None:
    meeting = make_meeting(start=19 * 60 + 30)
    edit = make_edit(meeting, "start", 19 * 60, why="The group told me", until=NOW + timedelta(days=7))
    said = text(admin_meetings.sheet(make_frame(), OWNER, make_sheet(meeting, edit)))
    assert "Time: 19:30 (the list says: 19:00)" in said
    assert "Corrected here: Time. By Joan, 20 Nov 2026, 12:00 UTC. Until 1 Dec 2026, 18:02 UTC." in said
    assert "Why: The group told me" in said
    assert "The list has changed since" not in said


def test_a_list_that_says_something_new_since_is_told_on_the_sheet() -> None:
    meeting = make_meeting(start=19 * 60 + 30)
    edit = make_edit(meeting, "start", 20 * 60, based_on=19 * 60)
    one = make_sheet(meeting, edit)
    assert "The list has changed since: Time." in text(admin_meetings.sheet(make_frame(), OWNER, one))
    said = text(admin_meetings.what_the_list_says(make_frame(), OWNER, one))
    assert "Time. The list: 20:00. Here: 19:30. The list has changed since." in said


def test_whoever_may_not_change_it_sees_the_sheet_without_the_buttons() -> None:
    reviewer = Admin(3, Role.REVIEWER)
    screen = admin_meetings.sheet(make_frame(), reviewer, make_sheet())
    assert "Tuesday Tools" in screen.text
    assert words(screen) == ["See the card", "My helper page", "Urgent help"]
    assert "It has ended" not in words(admin_meetings.more(make_frame(), reviewer, make_sheet()))


def test_a_time_can_be_chosen_that_lies_near_also_across_midnight() -> None:
    one = make_sheet(make_meeting(start=23 * 60 + 45))
    screen = admin_edit.choose_time(make_frame(), one, draft(Form.TIME, one))
    assert words(screen)[:7] == ["22:45", "23:15", "23:30", "00:00", "00:15", "00:45", "Write it"]
    assert draft_of(press_of_button(screen, "00:15")).value == 15


def test_times_are_shown_as_the_country_of_the_meeting_writes_them() -> None:
    one = make_sheet(make_meeting(country="US", zone="America/Denver"))
    assert "7:30 PM" in words(admin_edit.choose_time(make_frame(), one, draft(Form.TIME, one)))


def test_the_difference_names_each_meeting_that_was_chosen_and_nothing_about_people() -> None:
    others = (make_meeting(id=11, weekday=4), make_meeting(id=12, weekday=6, start=10 * 60))
    one = make_sheet(others=others)
    plan = Plan(one, draft(Form.TIME, one, others=2), {"start": 19 * 60 + 30})
    said = text(admin_edit.confirm(make_frame(), plan))
    assert "Tuesday Tools, Tuesday 19:00\nTime: 19:00 → 19:30" in said
    assert "Saturday 10:00\nTime: 10:00 → 19:30" in said
    assert "Thursday" not in said
    assert "remind" not in said.lower()


def test_a_difference_that_is_none_cannot_be_saved() -> None:
    one = make_sheet()
    screen = admin_edit.confirm(make_frame(), Plan(one, draft(Form.TIME, one), {"start": 19 * 60}))
    assert "That is what stands there already." in screen.text
    assert "Save" not in words(screen)


def test_a_guarded_link_says_that_it_takes_a_second_person() -> None:
    one = make_sheet(make_online_meeting(tags=frozenset({"women"})))
    plan = Plan(one, draft(Form.LINK, one), {"join_url": "https://zoom.us/j/5550199"})
    assert "This needs a second person: Link." in text(admin_edit.confirm(make_frame(), plan))
    down = Plan(one, plan.draft, {"join_url": ""})
    assert "second person" not in text(admin_edit.confirm(make_frame(), down))


def test_a_new_place_says_where_directions_would_lead_and_opens_the_map() -> None:
    one = make_sheet()
    screen = admin_edit.confirm(
        make_frame(), Plan(one, draft(Form.PLACE, one), {"address": "9 Mill Lane", "city": "York"})
    )
    assert "Directions would lead to: 9 Mill Lane, York" in text(screen)
    link = next(button.url for button in buttons(screen) if button.url)
    assert link.endswith("query=9%20Mill%20Lane%2C%20York")


def test_of_open_and_closed_only_the_last_one_stays() -> None:
    assert admin_edit.toggled(frozenset({"open", "women"}), "closed") == {"closed", "women"}
    assert admin_edit.toggled(frozenset({"open"}), "open") == frozenset()
    assert admin_edit.toggled(frozenset({"women"}), "men") == {"men"}


def test_every_tag_can_be_put_in_by_a_button() -> None:
    assert set(admin_edit.TAGS_SHOWN) == TAGS.keys()
    seen: set[str] = set()
    for page in range(8):
        screen = admin_edit.choose_tags(make_frame(), make_sheet(), draft(Form.WHO), page)
        for button in buttons(screen):
            press = unpack(button.data, IDS)
            if press.action is Action.ADMIN_FORM and press.picked and button.label.startswith("Put in"):
                value = draft_of(press).value
                seen |= {tag for tag in TAGS if tags_to_bits(frozenset({tag})) == value}
    assert seen == TAGS.keys()


# -- what is typed


def read(form: Form, typed: str, language: str = "en") -> admin_form.Typed:
    return admin_form.read(make_frame(language), draft(form), typed)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("19:30", {"start": 1170}),
        ("7:30 pm", {"start": 1170}),
        ("7:30 a.m.", {"start": 450}),
        ("19:30-20:45", {"start": 1170, "duration": 75}),
        ("19:30 to 20:30", {"start": 1170, "duration": 60}),
        ("7:30 - 8:30 pm", {"start": 1170, "duration": 60}),
        ("23:30 – 00:30", {"start": 1410, "duration": 60}),
        ("19:30 a 20:30", {"start": 1170, "duration": 60}),
    ],
)
def test_a_time_is_read_as_people_type_it_with_or_without_its_end(typed: str, values: dict[str, int]) -> None:
    assert read(Form.TIME, typed) == admin_form.Typed(values)


@pytest.mark.parametrize(("typed", "reason"), [("7", "time_half"), ("25:00", "time"), ("late", "time"), ("", None)])
def test_a_time_that_is_not_sure_is_asked_for_again(typed: str, reason: str | None) -> None:
    found = read(Form.TIME, typed)
    if reason:
        assert [fault.reason for fault in found.faults] == [reason]
    assert "duration" not in found.values


def test_only_the_lines_that_are_written_change_and_a_longer_text_goes_on() -> None:
    found = read(Form.NAME, "Notes: The lift is broken.\nUse the side door: ring twice.\n\nName:  Night  Lamp ")
    assert found.values == {"notes": "The lift is broken.\nUse the side door: ring twice.", "name": "Night Lamp"}
    assert found.faults == ()


def test_lines_may_be_called_as_in_the_readers_language_or_by_the_name_of_the_field() -> None:
    assert read(Form.PLACE, "Dirección: 9 Mill Lane\ncity: York", "es").values == {
        "address": "9 Mill Lane",
        "city": "York",
    }


def test_a_link_or_a_number_alone_is_understood_and_other_words_are_asked_about() -> None:
    assert read(Form.LINK, "https://zoom.us/j/5550100").values == {"join_url": "https://zoom.us/j/5550100"}
    assert read(Form.LINK, "+1 555-0100").values == {"dial_in": "+15550100"}
    assert read(Form.PLACE, "9 Mill Lane").values == {"address": "9 Mill Lane"}
    assert [fault.reason for fault in read(Form.PLACE, "behind the bank").faults] == ["no_line"]


def test_of_a_filled_form_the_one_line_that_is_none_is_named() -> None:
    typed = "Address: 9 Mill Lane\nVillage: York\nPostcode: YO1 7HH"
    found = read(Form.PLACE, typed)
    assert [(fault.field, fault.text) for fault in found.faults] == [("", "Village: York")]
    screen = admin_edit.question(make_frame(), draft(Form.PLACE), make_meeting(), faults=found.faults, typed=typed)
    assert text(screen).startswith("I do not know which line that is. Begin it with its name (“Village: York”)")
    assert typed in text(screen)


def test_nothing_behind_the_colon_takes_the_words_away() -> None:
    assert read(Form.LINK, "Passcode:").values == {"passcode": ""}


def test_all_that_is_wrong_is_said_and_what_was_typed_stands_in_the_question() -> None:
    typed = "Link: nolink\nPhone: call me\nPasscode: lamp"
    found = read(Form.LINK, typed)
    assert {fault.field for fault in found.faults} == {"join_url", "dial_in"}
    screen = admin_edit.question(make_frame(), draft(Form.LINK), make_meeting(), faults=found.faults, typed=typed)
    said = text(screen)
    assert "Link: that is no link" in said
    assert "You wrote:" in said
    assert typed in said


@LANGUAGES
def test_a_form_that_is_sent_back_unchanged_changes_nothing(language: str) -> None:
    frame, one = make_frame(language), full_sheet("Night Lamp")
    for form in (Form.PLACE, Form.LINK, Form.NAME, Form.DETAILS):
        copied = admin_form.lines(frame, draft(form, one), one.meeting)
        assert admin_form.read(frame, draft(form, one), copied, one.meeting) == admin_form.Typed()


def test_every_field_of_a_meeting_can_be_changed_by_some_form() -> None:
    reached = {name for form in admin_form.FIELDS_OF.values() for name in form}
    assert reached | {"tags"} == fields.FIELDS.keys()


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("24 Dec to 6 Jan", date(2026, 12, 24), date(2027, 1, 6)),
        ("24 December", date(2026, 12, 24), date(2026, 12, 24)),
        ("Dec 24, 2026 - Jan 6, 2027", date(2026, 12, 24), date(2027, 1, 6)),
        ("2026-12-24 to 2027-01-06", date(2026, 12, 24), date(2027, 1, 6)),
        ("24.12.–6.1.", date(2026, 12, 24), date(2027, 1, 6)),
        ("24/12/2026", date(2026, 12, 24), date(2026, 12, 24)),
        ("from 1st of March", date(2027, 3, 1), date(2027, 3, 1)),
        ("20 Nov", date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, first: date, last: date) -> None:
    assert admin_dates.read_span(typed, "en", "GB", TODAY) == (first, last)


def test_dates_are_read_in_spanish_and_with_the_month_first_where_that_is_the_custom() -> None:
    assert admin_dates.read_span("del 24 de diciembre al 6 de enero", "es", "ES", TODAY) == (
        date(2026, 12, 24),
        date(2027, 1, 6),
    )
    assert admin_dates.read_date("12/24", "en", "US", TODAY) == date(2026, 12, 24)
    assert admin_dates.read_date("5/6", "en", "GB", TODAY) == date(2026, 6, 5)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_a_form_or_a_date(typed: str) -> None:
    frame = make_frame()
    admin_dates.read_span(typed, "en", "GB", TODAY)
    for form in admin_form.FIELDS_OF:
        admin_form.read(frame, draft(form), typed)


# -- what buttons carry


drafts = st.builds(
    Draft,
    st.integers(0, 2**56 - 1),
    st.sampled_from(Form),
    st.integers(0, 2**48 - 1),
    st.booleans(),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**14 - 1),
    st.integers(0, 63),
    st.sampled_from(Reason),
)


@given(drafts)
@settings(max_examples=200, deadline=None)
def test_a_draft_comes_back_from_its_button_as_it_was(one: Draft) -> None:
    press = press_of(make_frame(), Action.ADMIN_SAVE, one, 5)
    data = make_frame().pack(press)
    assert draft_of(unpack(data, IDS)) == one


@given(st.integers(0, 2**56 - 1), st.integers(0, 2**56 - 1))
@settings(max_examples=200, deadline=None)
def test_a_forged_draft_is_an_old_button_or_a_draft_and_nothing_else(first: int, second: int) -> None:
    try:
        found = draft_of(Press(Action.ADMIN_SAVE, meeting=1, picked=(first, second)))
    except OutdatedButton:
        return
    assert isinstance(found.form, Form)
    admin_edit.marked(make_sheet(), found)


@given(st.integers(1, 2**40), st.lists(st.integers(1, 255), max_size=14))
@settings(max_examples=100, deadline=None)
def test_the_numbers_of_changes_written_together_fit_one_button(first: int, steps: list[int]) -> None:
    numbers = [first]
    for step in steps:
        numbers.append(numbers[-1] + step)
    picked = changes_packed(numbers)
    press = Press(Action.ADMIN_TAKE_BACK, meeting=2**56 - 1, picked=picked)
    assert changes_of(unpack(make_frame().pack(press), IDS)) == numbers


def test_changes_that_do_not_fit_have_no_button() -> None:
    assert changes_packed([1, 300]) == ()
    assert changes_packed(list(range(16))) == ()
    assert changes_packed([]) == ()


def test_the_mark_changes_with_the_meeting_and_with_what_is_chosen() -> None:
    others = (make_meeting(id=11, weekday=4),)
    one = make_sheet(others=others)
    drafted = draft(Form.TIME, one)
    assert Plan(one, drafted, {}).is_as_seen
    later = replace(one, meeting=replace(one.meeting, notes="new"))
    assert not Plan(later, drafted, {}).is_as_seen
    assert admin_edit.marked(one, replace(drafted, others=1)).mark != drafted.mark


def test_an_undo_that_is_stuck_leads_to_the_change_itself() -> None:
    meeting = make_meeting()
    subject = Subject("meeting", f"{meeting.id:014x}", "Night Lamp")
    change = Change(
        9, datetime(2026, 11, 24, tzinfo=UTC), OWNER.author, Deed.EDIT_MEETING, subject, {"start": 1}, {"start": 2}
    )
    stuck = Undone(change, conflicts=(Conflict("start", 2, 3),))
    screen = admin_edit.taken_back(make_frame(), meeting.id, [stuck, Undone(replace(change, id=10), ("start",))])
    assert "Undone." in screen.text
    assert "These were changed again since: Night Lamp." in text(screen)
    press = press_of_button(screen, "Night Lamp")
    assert (press.action, press.meeting) == (Action.ADMIN_CHANGE, 9)


@LANGUAGES
def test_what_is_moved_once_is_chosen_by_three_presses(language: str) -> None:
    frame, one = make_frame(language), make_sheet()
    first = press_of_button_first(admin_days.choose(frame, one, (), draft(Form.MOVED, one), 0))
    second = press_of_button_first(admin_days.choose(frame, one, (), first, 2))
    third = press_of_button_first(admin_days.choose(frame, one, (), second, 3))
    what = admin_days.what_of(third, one.meeting)
    assert what.first_day.isoweekday() == 2
    assert what.moved_to is not None
    assert what.moved_to != what.first_day or what.start != one.meeting.start
