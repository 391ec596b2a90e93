"""What people read where a meeting's weeks are not alike: the card, lists, the calendar file, what arrives."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.domain.buttons import unpack
from bot.domain.exceptions import DatedException, Days, closed, held_between, moved_once, next_held
from bot.domain.found import Found, Row
from bot.domain.handoff import Handed
from bot.domain.meeting import Status
from bot.domain.place import Place
from bot.domain.reminder import Due, Kind, Reason
from bot.domain.search import Search
from bot.domain.when import ANY_TIME, window
from bot.views import days as words
from bot.views import find, handed, handoff_card, meeting, notices, remind, reminders
from bot.views.calendar import calendar_file
from tests.builders import LEEDS, make_meeting
from tests.views.frames import FELLOWSHIPS, NOW, make_frame

HERE = Place("Leeds", *LEEDS, country="GB", zone="Europe/London")
NUMBERS = {one.number: kind for kind, one in FELLOWSHIPS.items()}
LONDON = ZoneInfo("Europe/London")
TODAY, TOMORROW, NEXT, AFTER = date(2026, 11, 24), date(2026, 11, 25), date(2026, 12, 1), date(2026, 12, 8)


def row_with(*days: DatedException, **values: Any) -> Row:
    """A Tuesday meeting with exceptions, as it is opened on a Tuesday evening."""
    one = make_meeting(**values)
    assert one.weekday is not None
    assert one.start is not None
    coming = next_held(one.weekday, one.start, ZoneInfo(one.zone), days, NOW)
    return Row(one, coming.start if coming else None, days=days, sources=(one.feed,))


SAID = {
    closed(TODAY, TODAY): ("Not on Tue 24 Nov.", "No hay reunión el mar 24 nov."),
    closed(TODAY, AFTER): ("Suspended until Tue 8 Dec.", "Suspendida hasta el mar 8 dic."),
    closed(NEXT, AFTER): (
        "Suspended from Tue 1 Dec until Tue 8 Dec.",
        "Suspendida desde el mar 1 dic hasta el mar 8 dic.",
    ),
    closed(TODAY, None): ("Suspended until further notice.", "Suspendida hasta nuevo aviso."),
    closed(NEXT, None): (
        "Suspended from Tue 1 Dec until further notice.",
        "Suspendida desde el mar 1 dic hasta nuevo aviso.",
    ),
    moved_once(TODAY, TOMORROW, 18 * 60): (
        "Once on Wed 25 Nov, 18:00, instead of Tue 24 Nov.",
        "Una vez el mié 25 nov, a las 18:00, en lugar del mar 24 nov.",
    ),
    moved_once(NEXT, NEXT, 18 * 60): ("Once at 18:00 on Tue 1 Dec.", "Una vez a las 18:00 el mar 1 dic."),
    closed(TODAY, TODAY, "The hall is shut."): (
        "Not on Tue 24 Nov. The hall is shut.",
        "No hay reunión el mar 24 nov. The hall is shut.",
    ),
}


@pytest.mark.parametrize("one", SAID, ids=str)
def test_the_card_says_plainly_on_which_days_it_is_not_as_every_week(one: DatedException) -> None:
    for language, said in zip(("en", "es"), SAID[one], strict=True):
        text = meeting.card(make_frame(language), row_with(one)).text
        assert f"<b>{said}</b>\n" in text
        assert said in meeting.share(make_frame(language), row_with(one)).then[0].text


def test_the_next_start_of_a_card_and_its_hours_are_those_of_the_one_that_is_moved() -> None:
    text = meeting.card(make_frame(), row_with(moved_once(TODAY, TOMORROW, 18 * 60))).text
    assert "<b>When:</b> Tomorrow, Wed 25 Nov, 18:00 to 19:00 London time. Every week.\n<b>Once on" in text


def test_a_meeting_in_a_twelve_hour_country_is_told_in_its_way() -> None:
    one = moved_once(TODAY, TOMORROW, 18 * 60)
    row = row_with(one, country="US", zone="America/New_York")
    assert "Once on Wed Nov 25, 6:00 PM, instead of Tue Nov 24." in meeting.card(make_frame(), row).text


def test_what_pauses_is_not_called_by_appointment() -> None:
    frame, search = make_frame(), Search(HERE)
    for row in (row_with(closed(TODAY, None)), Row(make_meeting(status=Status.SUSPENDED), None)):
        assert "<b>When:</b> paused for now." in meeting.card(frame, row).text
        found = Found(search, window(ANY_TIME, NOW, LONDON), (row,), 1, False, ("smart",))
        screen = find.results(frame, found)
        assert "paused for now" in screen.text
        assert "by appointment" not in screen.text
    vague = Row(make_meeting(weekday=None, start=None, status=Status.BY_APPOINTMENT), None)
    assert "by appointment" in meeting.card(frame, vague).text


def test_a_note_of_a_helper_is_shown_as_text() -> None:
    one = closed(TODAY, TODAY, "<b>{{ 7*7 }}</b> & more")
    text = meeting.card(make_frame(), row_with(one)).text
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt; &amp; more." in text


def test_three_at_the_most_are_said() -> None:
    days = tuple(closed(TODAY + timedelta(weeks=week), TODAY + timedelta(weeks=week)) for week in range(6))
    row = row_with(*days)
    assert len(words.all_said(make_frame(), row, "GB")) == words.MOST
    assert len(meeting.card(make_frame(), row).text) < 1000


def test_a_notice_says_which_day_it_is_not_held_and_when_next() -> None:
    frame, number = make_frame(), (2 - 1) * 1440 + 19 * 60 + 1
    text = notices.opened(frame, row_with(closed(TODAY, TODAY)), number, None).text
    assert "<b>Not on Tue 24 Nov.</b>\nNext: Tue 1 Dec, 19:00.\nExample Hall" in text
    assert "changed" not in text
    text = notices.opened(frame, row_with(moved_once(TODAY, TOMORROW, 18 * 60)), number, None).text
    assert "<b>Once on Wed 25 Nov, 18:00, instead of Tue 24 Nov.</b>\nNext: tomorrow, Wed 25 Nov, 18:00." in text
    text = notices.opened(frame, row_with(closed(TODAY, None)), number, None).text
    assert "<b>Suspended until further notice.</b>\nIf it comes back, so does your reminder." in text


def test_a_notice_about_a_day_that_is_over_says_so_and_a_far_day_is_no_news() -> None:
    frame, number = make_frame(), (2 - 1) * 1440 + 19 * 60 + 1
    due = Due(
        kind=Kind.NOTICE, language="en", zone="Europe/London", named=False, silent=False, day=TODAY,
        start=datetime(2026, 11, 24, 19, 0, tzinfo=UTC), meeting=make_meeting(), reason=Reason.CLOSED,
    )  # fmt: skip
    arrived = notices.arrived(frame, due)
    assert "19:00 on Tuesday" in arrived.text
    (press, *_) = [unpack(one.data, NUMBERS) for row in arrived.rows for one in row if one.data]
    text = notices.opened(frame, row_with(), press.number, None).text
    assert "<b>One day was not as every week.</b> Next: " in text
    text = notices.opened(frame, row_with(closed(AFTER, AFTER)), number, None).text
    assert "The place or the way to join changed." in text
    assert "8 Dec" not in text


def test_a_reminder_that_is_opened_tells_the_hour_of_the_one_that_is_moved() -> None:
    row = row_with(moved_once(TODAY, TOMORROW, 18 * 60))
    assert "<b>18:00 tomorrow, Wed 25 Nov" in reminders.opened(make_frame(), row, TOMORROW, None).text
    gone = reminders.opened(make_frame(), row, TODAY, None).text
    assert "it is not on today, Tue 24 Nov" in gone or "it is not on Tue 24 Nov" in gone
    assert reminders.starts(row.meeting, TODAY, row.days) is None
    assert reminders.starts(row.meeting, NEXT, row.days) == datetime(2026, 12, 1, 19, 0, tzinfo=UTC)


def test_the_question_how_long_before_tells_the_hour_of_the_next_one() -> None:
    row = row_with(moved_once(TODAY, TOMORROW, 18 * 60))
    assert "18:00" in remind.ask(make_frame(), row, (3600,)).text


def expanded(data: bytes, first: datetime, last: datetime) -> list[datetime]:
    """Every start of a calendar file, as a calendar would show it."""
    events: list[Any] = [one for one in Calendar.from_ical(data).walk() if one.name == "VEVENT"]
    once = {one["recurrence-id"].dt: one["dtstart"].dt for one in events if "recurrence-id" in one}
    found = set(once.values())
    for one in events:
        if "recurrence-id" in one:
            continue
        start = one["dtstart"].dt
        if "rrule" not in one:
            found.add(start)
            continue
        out = one.get("exdate", [])
        left = {day.dt for some in (out if isinstance(out, list) else [out]) for day in some.dts}
        rule = rrulestr(one["rrule"].to_ical().decode(), dtstart=start)
        found |= {day for day in rule.between(first, last, inc=True) if day not in left and day not in once}
    return sorted(day for day in found if first <= day < last)


dates = st.dates(TODAY - timedelta(days=20), TODAY + timedelta(days=50))


@st.composite
def exceptions(draw: st.DrawFn) -> Days:
    found = {}
    for first in draw(st.lists(dates, max_size=4)):
        if draw(st.booleans()):
            own = first + timedelta(days=(2 - first.isoweekday()) % 7)
            to = own + timedelta(days=draw(st.integers(-6, 6)))
            found[own] = moved_once(own, to, draw(st.sampled_from((18 * 60, 90))))
        else:
            length = draw(st.none() | st.integers(0, 20))
            found[first] = closed(first, None if length is None else first + timedelta(days=length))
    return tuple(one for one in found.values() if not one.is_over(TODAY))


@given(exceptions())
def test_a_calendar_shows_the_meeting_on_the_days_on_which_it_is_held(days: Days) -> None:
    row = row_with(*days)
    made = calendar_file(row.meeting, row.next, "Appointment", NOW, days)
    last = NOW + timedelta(days=90)
    right = [one.start for one in held_between(2, 19 * 60, LONDON, days, NOW, last)]
    assert [one.astimezone(UTC) for one in expanded(made, NOW.astimezone(LONDON), last.astimezone(LONDON))] == right


def test_a_meeting_that_has_no_exceptions_is_a_plain_series() -> None:
    row = row_with()
    made = calendar_file(row.meeting, row.next, "Appointment", NOW).decode()
    assert made.count("BEGIN:VEVENT") == made.count("RRULE:FREQ=WEEKLY\r\n") == 1
    assert "EXDATE" not in made
    checks = replace(row.meeting, check_date=True)
    assert (
        "RRULE"
        not in calendar_file(checks, row.next, "Appointment", NOW, (closed(NEXT, NEXT),))
        .decode()
        .split("BEGIN:VEVENT")[1]
    )


def test_the_lines_that_calendars_know() -> None:
    days = (closed(NEXT, NEXT), moved_once(AFTER, date(2026, 12, 9), 18 * 60))
    row = row_with(*days)
    made = calendar_file(row.meeting, row.next, "Appointment", NOW, days).decode()
    assert "EXDATE;TZID=Europe/London:20261201T190000\r\n" in made
    assert "RECURRENCE-ID;TZID=Europe/London:20261208T190000\r\n" in made
    assert "DTSTART;TZID=Europe/London:20261209T180000\r\n" in made


def test_a_card_on_paper_tells_the_usual_hours_the_true_next_date_and_the_days() -> None:
    row = replace(row_with(moved_once(TODAY, TOMORROW, 18 * 60)), listed_by=("Leeds Intergroup",))
    search = Search(HERE)
    paper = handoff_card.paper(make_frame(search=search), Handed(search, (row,), ()), None, "https://t.me/x?start=h")
    (told,) = paper.meetings
    when = next(fact.text for fact in told.facts if fact.what == "When")
    assert "Tuesday" in when
    assert "19:00 to 20:00" in when
    assert "25 Nov 2026" in when
    assert told.notes[0] == "Once on Wed 25 Nov, 18:00, instead of Tue 24 Nov."


def test_what_a_link_opens_shows_the_true_date_and_what_pauses() -> None:
    search = Search(HERE)
    rows = row_with(moved_once(TODAY, TOMORROW, 18 * 60)), row_with(closed(TODAY, None), key="2")
    text = handed.opened(make_frame(search=search), Handed(search, rows, ())).text
    assert "Tomorrow, Wed 25 Nov, 18:00." in text
    assert "paused for now." in text
