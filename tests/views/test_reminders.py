"""What the bot sends by itself tells nothing; what its buttons show leads on. In both languages, on both clocks."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.buttons import Action, Press, unpack
from bot.domain.found import Found, Row
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place, to_cell
from bot.domain.reminder import FOREVER, Due, Kind, Person, Plan, Reason, Reminder, ToughTime
from bot.domain.search import Search
from bot.domain.when import Window
from bot.texts.telling import load_telling
from bot.texts.urgent import load_urgent
from bot.views import check_in, notices, plan, preferences, privacy, remind, reminders, start, tough_times
from bot.views.frame import Frame, Operator
from bot.views.moments import wall_of
from bot.views.reminders import arrived
from bot.views.screen import Button, Screen
from bot.views.zones import country_of_zone, likely_zone, numbered_zone, zone_number
from tests.builders import make_meeting, make_online_meeting
from tests.views.frames import FELLOWSHIPS, NOW, ROOT, make_frame

LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
TELLING = load_telling(ROOT)
TONIGHT = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)  # in 58 minutes
ON = date(2026, 11, 24)
HARD = ToughTime(5, 18 * 60, 1800, "en", to_cell(53.8, -1.55), None)
LEEDS = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London")
COUNTRIES = {"24": ("GB", "Europe/London", "19:00"), "12": ("US", "America/New_York", "2:00 PM")}


def make_due(kind: Kind = Kind.REMINDER, **changes: Any) -> Due:
    """A reminder of tonight's meeting."""
    values: dict[str, Any] = {
        "kind": kind,
        "language": "en",
        "zone": "Europe/London",
        "named": False,
        "silent": False,
        "day": ON,
        "start": TONIGHT,
        "meeting": make_meeting(),
    }
    return Due(**(values | changes))


def make_reminder(**changes: Any) -> Reminder:
    """A reminder an hour before tonight's meeting, as it is just after the opt-in."""
    values: dict[str, Any] = {
        "meeting": make_meeting().id,
        "lead_s": 3600,
        "weekly": False,
        "named": False,
        "silent": False,
        "asks_afterwards": False,
        "language": "en",
        "zone": None,
        "paused_until": None,
        "skipped": None,
        "next_day": ON,
        "next_start": TONIGHT,
        "fires_at": TONIGHT - timedelta(hours=1),
    }
    return Reminder(**(values | changes))


def make_row(meeting: Meeting | None = None, next_start: datetime | None = TONIGHT) -> Row:
    """The meeting as it is listed now."""
    return Row(meeting or make_meeting(), next_start)


def make_found(search: Search, *rows: Row) -> Found:
    """A page of meetings."""
    return Found(search, Window(NOW, NOW + timedelta(days=7)), rows, len(rows), more=False, kinds=())


def text(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def labels(screen: Screen) -> list[list[str]]:
    """The words of the buttons, row by row."""
    return [[button.label for button in row] for row in screen.rows]


def words(screen: Screen) -> list[str]:
    """The words of all buttons."""
    return [button.label for button in buttons(screen)]


def buttons(screen: Screen) -> Iterator[Button]:
    """Every button."""
    return (button for row in screen.rows for button in row)


def press_of(screen: Screen, label: str) -> Press:
    """What a button means."""
    return unpack(next(button.data for button in buttons(screen) if button.label == label), IDS)


def started_by_the_bot(meeting: Meeting | None, **more: Any) -> Iterator[Due]:
    """Everything that can come by itself for a meeting, and for a tough time."""
    later = TONIGHT + timedelta(days=1)
    yield make_due(Kind.REMINDER, meeting=meeting, **more)
    yield make_due(Kind.LATER, meeting=meeting, **more)
    yield make_due(Kind.CHECK_IN, meeting=meeting, **more)
    for reason in Reason:
        yield make_due(Kind.NOTICE, meeting=meeting, reason=reason, next_start=later, **more)
    yield make_due(Kind.NOTICE, meeting=None, reason=Reason.GONE, **more | {"start": None})
    for kind in (Kind.QUESTION, Kind.EXPIRY):
        yield make_due(kind, meeting=meeting, ends_on=ON + timedelta(days=7), **more)
        yield make_due(kind, meeting=None, tough=HARD, ends_on=ON + timedelta(days=7), **more | {"start": None})
    yield make_due(Kind.TOUGH_TIME, meeting=None, tough=HARD, **more)


@LANGUAGES
@pytest.mark.parametrize("clock", COUNTRIES)
def test_no_message_that_the_bot_starts_tells_what_it_is_about(language: str, clock: str) -> None:
    country, zone, _ = COUNTRIES[clock]
    frame = make_frame(language, operator=Operator("Recovery House", "help@example.org", country))
    kinds = {Kind(due.kind) for due in started_by_the_bot(make_meeting())}
    assert kinds == set(Kind)
    for kind in FELLOWSHIPS.values():
        for make in (make_meeting, make_online_meeting):
            meeting = make(fellowship=kind.id, name=f"{kind.name} group", country=country, zone=zone, group=kind.name)
            for due in started_by_the_bot(meeting, zone=zone):
                screen = arrived(frame, due)
                assert TELLING.found(text(screen)) == [], f"{kind.id} {due.kind.name}"
                assert screen.then == ()
                assert screen.document is None


def test_the_list_of_telling_words_finds_what_it_is_there_for() -> None:
    assert TELLING.found("Your AA meeting at 19:00") == ["meeting", "AA"]
    assert TELLING.found("Tu reunión de Alcohólicos") == ["reunion", "alcoholicos"]
    assert TELLING.found("Smart Recovery tonight") == ["recovery"]
    assert TELLING.found("Your 19:00 reminder. Step-free?") == ["step"]


@LANGUAGES
@pytest.mark.parametrize("clock", COUNTRIES)
def test_a_reminder_is_one_line_with_the_time_on_the_clock_of_the_place(language: str, clock: str) -> None:
    country, zone, time = COUNTRIES[clock]
    meeting = make_meeting(country=country, zone=zone)
    screen = arrived(make_frame(language), make_due(meeting=meeting, zone=zone))
    assert text(screen) == {"en": f"Your {time} reminder", "es": f"Tu recordatorio, {time}"}[language]


def test_the_buttons_of_a_reminder_stand_where_people_expect_them() -> None:
    screen = arrived(make_frame(), make_due())
    assert labels(screen) == [
        ["Open", "Later"],
        ["Not this week", "Change"],
        ["Stop all reminders", "Urgent help"],
    ]
    spanish = arrived(make_frame("es"), make_due(language="es"))
    assert labels(spanish)[2] == ["Parar todos los recordatorios", "Ayuda urgente"]


def test_the_same_reminder_put_off_and_a_tough_time_look_like_any_other() -> None:
    frame = make_frame()
    assert arrived(frame, make_due(Kind.LATER, later_left=0)) == arrived(frame, make_due())
    tough = arrived(frame, make_due(Kind.TOUGH_TIME, meeting=None, tough=HARD, start=None))
    assert text(tough) == "Your 18:00 reminder"


def test_the_name_stands_in_the_line_only_for_those_who_chose_it() -> None:
    assert text(arrived(make_frame(), make_due(named=True))) == "Your 19:00 reminder: Tuesday Tools"
    evil = make_meeting(name="<b>A & B</b>")
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in arrived(make_frame(), make_due(named=True, meeting=evil)).text


def test_an_online_meeting_is_told_by_the_person_s_clock_and_a_room_by_its_own() -> None:
    online, room = make_online_meeting(country=""), make_meeting()
    assert text(arrived(make_frame(), make_due(meeting=online, zone="America/New_York"))) == "Your 2:00 PM reminder"
    assert text(arrived(make_frame(), make_due(meeting=room, zone="America/New_York"))) == "Your 19:00 reminder"


def test_open_tells_how_soon_and_where_and_hide_brings_the_very_line_back() -> None:
    frame, meeting = make_frame(), make_meeting()
    line = arrived(frame, make_due())
    shown = reminders.opened(frame, make_row(), ON, None)
    assert shown.edits
    assert text(shown).startswith("19:00 today, Tue 24 Nov, in 58 minutes.\n\nTuesday Tools\nSMART Recovery")
    assert "Example Hall" in text(shown)
    assert labels(shown) == [
        ["Directions", "Talk to someone first"],
        ["What to expect"],
        ["Hide again", "Urgent help"],
    ]
    assert press_of(shown, "Hide again") == Press(
        Action.REMINDER_HIDE, frame.blank(), meeting.id, press_of(line, "Open").number
    )
    assert reminders.resting(frame, meeting, ON, edits=True) == replace(line, edits=True)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (TONIGHT - timedelta(hours=26), "19:00 tomorrow, Tue 24 Nov, in 26 hours."),
        (TONIGHT + timedelta(minutes=5), "19:00 today, Tue 24 Nov, began 5 minutes ago."),
        (TONIGHT + timedelta(hours=2), "That was today, Tue 24 Nov, 19:00. Next: Tue 1 Dec, 19:00."),
    ],
)
def test_what_is_opened_is_worked_out_in_that_moment(now: datetime, said: str) -> None:
    row = make_row(next_start=TONIGHT if now < TONIGHT + timedelta(hours=1) else TONIGHT + timedelta(days=7))
    assert text(reminders.opened(make_frame(now=now), row, ON, None)).startswith(said)


def test_a_meeting_that_is_over_offers_the_next_one_and_no_way_in() -> None:
    row = make_row(make_online_meeting(passcode="1234"), TONIGHT + timedelta(days=7))
    shown = reminders.opened(make_frame(now=TONIGHT + timedelta(hours=2)), row, ON, None)
    assert "Remind me" in words(shown)
    assert "1234" not in shown.text


def test_an_online_meeting_opens_with_its_way_in() -> None:
    row = make_row(make_online_meeting(passcode="1234", dial_in="+12025550100"))
    shown = reminders.opened(make_frame(), row, ON, "Europe/London")
    assert {"Join online", "Copy passcode", "Copy phone number"} <= set(words(shown))
    assert "Passcode: 1234" in text(shown)


def test_later_says_when_and_not_this_week_says_which_date() -> None:
    frame, wall = make_frame(), wall_of(make_frame(), make_meeting(), None)
    line = arrived(frame, make_due())
    again = reminders.put_off(frame, line, NOW + timedelta(minutes=10), wall, began=False)
    assert text(again) == "Your 19:00 reminder\n\nIt comes once more at 18:12."
    assert "It has begun" in text(reminders.put_off(frame, line, None, wall, began=True))
    out = reminders.left_out(frame, line, make_meeting(), "Tue 1 Dec, 19:00", on="Tue 24 Nov", began=False)
    assert "Left out: Tue 24 Nov. The next reminder is for Tue 1 Dec, 19:00." in text(out)
    assert "Other meetings" in words(out)


@pytest.mark.parametrize(
    ("number", "row", "said"),
    [
        (2 * 1440 + 18 * 60 + 1, make_row(), "It was on Wednesday, 18:00. Now: today, Tue 24 Nov, 19:00."),
        (1 * 1440 + 19 * 60 + 1, make_row(), "The place or the way to join changed."),
        (0, make_row(make_meeting(status=Status.SUSPENDED), None), "Its list says that it pauses for now."),
        (1 * 1440 + 19 * 60 + 1, None, "It is no longer in its list."),
    ],
)
def test_a_notice_opens_what_the_list_says_now_with_other_ways(number: int, row: Row | None, said: str) -> None:
    frame = make_frame(search=Search(place=LEEDS, fellowships=("smart",)))
    shown = notices.opened(frame, row, number, make_reminder())
    assert said in text(shown)
    assert {"SMART: next meetings", "Other meetings", "Online"} <= set(words(shown))
    others = press_of(shown, "Other meetings").search
    assert others.fellowships == ()
    assert others.needs
    assert others.place


def test_a_notice_carries_all_it_needs_to_be_opened_long_after() -> None:
    notice = arrived(make_frame(), make_due(Kind.NOTICE, reason=Reason.MOVED, next_start=TONIGHT))
    assert text(notice) == "Something changed for your 19:00 on Tuesday."
    press = press_of(notice, "Open")
    assert press.search.fellowships == ("smart",)
    hidden = notices.resting(make_frame(), press.meeting, press.number, "Europe/London", press.search, edits=True)
    assert text(hidden) == text(notice)


def test_a_question_about_keeping_it_can_be_answered_in_one_press() -> None:
    ends = ON + timedelta(days=7)
    asked = arrived(make_frame(), make_due(Kind.QUESTION, ends_on=ends))
    assert labels(asked)[0] == ["Keep", "Pause"]
    assert "Without an answer it pauses on Tue 1 Dec." in text(asked)
    word = arrived(make_frame(), make_due(Kind.EXPIRY, meeting=None, tough=HARD, start=None, ends_on=ends))
    assert text(word).startswith("Your Friday 18:00 ends on Tue 1 Dec.")
    assert press_of(word, "Keep") == Press(Action.REMINDER_KEEP, make_frame().blank(), None, HARD.number)


@LANGUAGES
def test_opting_in_takes_one_press_and_says_what_is_kept(language: str) -> None:
    frame = make_frame(language)
    asked = remind.ask(frame, make_row(), (900, 1800))
    assert [press_of(asked, label).number for label in labels(asked)[0]] == [15]
    both = remind.ask(frame, make_row(), ())
    assert [press_of(both, label).number for label in labels(both)[0]] == [60, 15]
    done = text(remind.done(frame, make_meeting(), make_reminder()))
    kept = {"en": "this chat's sealed number. They go the day after.", "es": "Se borran al día siguiente."}
    assert kept[language] in done
    weekly = text(remind.done(frame, make_meeting(), make_reminder(weekly=True)))
    assert "90" in weekly


def test_a_meeting_that_may_not_be_every_week_says_so_when_it_is_saved_and_when_it_is_opened() -> None:
    monthly = make_meeting(check_date=True)
    hint = "the list hints that it is not every week"
    assert hint in text(remind.done(make_frame(), monthly, make_reminder()))
    assert hint in text(reminders.opened(make_frame(), make_row(monthly), ON, None))


def test_a_zone_is_guessed_from_the_place_else_from_the_operator_and_asked_to_be_confirmed() -> None:
    near = make_frame(search=Search(place=replace(LEEDS, zone="America/New_York", country="US")))
    assert likely_zone(near, "Europe/Paris") == "America/New_York"
    assert likely_zone(make_frame(), "Europe/Paris") == "Europe/London"
    assert likely_zone(make_frame(operator=Operator(country="US")), "Europe/Paris") == "Europe/Paris"
    done = remind.done(make_frame(), make_online_meeting(), make_reminder(), guess="Europe/London")
    assert press_of(done, "Yes, London").number == zone_number("Europe/London")
    assert "Is your clock that of London?" in text(done)


def test_every_zone_has_a_number_of_its_own() -> None:
    for zone in ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo"):
        assert numbered_zone(zone_number(zone)) == zone
        assert len(country_of_zone(zone)) == 2
    assert country_of_zone("UTC") == ""


def test_every_part_of_a_reminder_can_be_changed_and_a_switch_says_how_it_stands() -> None:
    shown = remind.reminder(make_frame(), make_row(make_online_meeting()), make_reminder(weekly=True, silent=True))
    every = words(shown)
    assert {"Every week: on", "With its name: off", "Without sound: on", "Ask me afterwards: off"} <= set(every)
    assert {"1 hour before", "Pause", "Not on Tue 24 Nov", "Time zone"} <= set(every)
    assert remind.chosen(press_of(shown, "Every week: on").number) == (remind.Choice.WEEKLY, 0)
    leads = remind.reminder(make_frame(), make_row(), make_reminder(), remind.Part.LEADS)
    assert "1 day before" in words(leads)
    assert leads.edits


def test_a_paused_one_says_until_when_and_can_be_resumed() -> None:
    waiting = {"next_start": None, "next_day": None, "fires_at": None}
    for until, said in ((FOREVER, "Paused until you resume it."), (date(2026, 12, 8), "Paused until Tue 8 Dec.")):
        shown = remind.reminder(make_frame(), make_row(), make_reminder(paused_until=until, **waiting))
        assert said in text(shown)
        assert "Resume" in words(shown)


def test_the_list_has_pages_and_names_tough_times_as_well() -> None:
    many, rows = (make_reminder(),) * 5, {make_meeting().id: make_row()}
    first = remind.listed(make_frame(), many, rows, (HARD,), "Europe/London", plan=True)
    assert "page 1 of 2" in text(first)
    assert "More" in words(first)
    assert len(list(buttons(first))) <= 11
    second = remind.listed(make_frame(), many, rows, (HARD,), "Europe/London", plan=False, page=2, edits=True)
    assert "6. Friday 18:00: a tough time, 30 minutes before." in text(second)


def test_a_plan_travels_in_buttons_and_is_shown_in_the_person_s_numbers() -> None:
    assert plan.parts(plan.numbered(3, 4, 2)) == (3, 4, 2)
    assert plan.parts(plan.DROP) == (0, 0, 0)
    shown = text(plan.show(make_frame(), Plan(3, date(2026, 12, 5), 2)))
    assert shown.startswith("3 meetings before Sat 5 Dec, of at least 2 kinds.")
    assert "gone by" in text(plan.show(make_frame(), Plan(1, date(2026, 11, 1))))


def test_quiet_hours_travel_in_a_button() -> None:
    for quiet in ((22 * 60, 8 * 60), (0, 0), (23 * 60 + 45, 0)):
        assert preferences.numbered_quiet(preferences.quiet_number(quiet)) == quiet
    assert preferences.numbered_quiet(0) is None
    assert "Quiet hours: 10:00 PM to 8:00 AM" in text(
        preferences.quiet(make_frame(), Person(zone="America/New_York"))
    )


def every_screen(frame: Frame) -> Iterator[tuple[str, Screen]]:
    """One of each of the screens around reminders."""
    meeting, row, kept = make_meeting(name="N" * 90), make_row(make_meeting(notes="x")), make_reminder()
    hybrid = make_meeting(online=True, join_url="https://zoom.us/j/5550100", passcode="1", dial_in="+12025550100")
    for due in started_by_the_bot(meeting):
        yield f"arrived_{due.kind.name}_{due.reason}", arrived(frame, due)
    yield "opened", reminders.opened(frame, make_row(hybrid), ON, None)
    yield "opened_moved", reminders.opened(frame, make_row(make_meeting(weekday=3)), ON, None)
    yield "over", reminders.opened(replace(frame, now=TONIGHT + timedelta(days=1)), row, ON, None)
    line, wall = arrived(frame, make_due()), wall_of(frame, meeting, None)
    for again, began in ((TONIGHT, False), (None, False), (None, True)):
        yield "later", reminders.put_off(frame, line, again, wall, began=began)
        yield "left_out", reminders.left_out(frame, line, meeting, "x" if again else "", on="x", began=began)
    near = replace(frame, search=Search(place=LEEDS, fellowships=("smart",), language=frame.search.language))
    for number, now in ((0, row), (1, row), (1, None), (0, make_row(meeting, None))):
        yield "notice", notices.opened(near, now, number, kept)
    yield "notice_unknown", notices.opened(frame, None, 0, None)
    yield "ask", remind.ask(frame, row, (900, 3600))
    yield "ask_soon", remind.ask(frame, row, ())
    yield "done", remind.done(frame, meeting, kept)
    yield "done_zone", remind.done(frame, make_online_meeting(), replace(kept, weekly=True), guess="Europe/Madrid")
    for part in remind.Part:
        yield f"one_{part.name}", remind.reminder(frame, make_row(hybrid), replace(kept, weekly=True), part)
    yield "one_skipped", remind.reminder(frame, row, replace(kept, skipped=ON, asks_afterwards=True))
    yield "one_paused", remind.reminder(frame, row, replace(kept, paused_until=FOREVER, next_start=None))
    yield "one_gone", remind.reminder(frame, None, replace(kept, next_start=None))
    yield "stopped", remind.stopped(frame, meeting.id)
    yield "gone", remind.gone(frame, meeting.id)
    yield "all_stopped", remind.all_stopped(frame, anything=True, plan=True, kept=True)
    yield "nothing_stopped", remind.all_stopped(frame, anything=False, plan=False, kept=True)
    yield "list", remind.listed(frame, (kept,) * 6, {kept.meeting: row}, (HARD,), "Europe/London", plan=True)
    yield "list_end", remind.listed(frame, (kept,) * 3, {}, (HARD,), None, plan=False)
    yield "list_empty", remind.listed(frame, (), {}, (), None, plan=False)
    for helped in (check_in.in_the_way, check_in.another_kind, check_in.transport, check_in.nerves, check_in.belief,
                   check_in.technical):  # fmt: skip
        yield helped.__name__, helped(frame, meeting)
        yield f"{helped.__name__}_online", helped(frame, make_online_meeting(fellowship="alanon"))
    yield "not_asked_again", check_in.not_asked_again(frame)
    yield "unlisted", check_in.unlisted(frame)
    yield "day", tough_times.ask_day(frame)
    hard = replace(frame.blank(), when=tough_times.at(5, 18 * 60))
    yield "hour", tough_times.ask_hour(frame, hard)
    yield "words", tough_times.ask_words(frame, again=True)
    yield "zone", tough_times.ask_zone(frame, hard, "Europe/London")
    yield "place", tough_times.ask_place(frame, hard, unknown=True)
    yield "places", tough_times.choose_place(frame, hard, (LEEDS, replace(LEEDS, region="Alabama", country="US")))
    yield "added", tough_times.added(frame, HARD, "Europe/London", replace(hard, place=LEEDS))
    yield "added_online", tough_times.added(frame, replace(HARD, cell=None), "Europe/London", hard)
    found = make_found(replace(hard, place=LEEDS), *(row,) * 5)
    online = make_found(replace(hard, online=True), *(make_row(make_online_meeting()),) * 5)
    country = load_urgent(ROOT)["GB"]
    yield "tough", tough_times.opened(frame, HARD.number, "Europe/London", found, online, country)
    yield "tough_bare", tough_times.opened(frame, 0, "UTC", None, make_found(replace(hard, online=True)), None)
    yield "tough_stopped", tough_times.stopped(frame)
    yield "plan", plan.show(frame, Plan(3, date(2026, 12, 5), 2), fresh=True)
    yield "plan_over", plan.show(frame, Plan(1, date(2026, 11, 5)))
    yield "plan_ask", plan.ask(frame)
    yield "plan_count", plan.ask_count(frame, heard=True)
    yield "plan_until", plan.ask_until(frame, 3, 2)
    yield "plan_dropped", plan.dropped(frame)
    yield "quiet", preferences.quiet(frame, Person())
    yield "never_quiet", preferences.quiet(frame, Person(zone="America/New_York", quiet=(0, 0)))
    yield "ask_zone", preferences.ask_zone(frame, hard, None, unknown=True)
    yield "choose_zone", preferences.choose_zone(frame, hard, 1, (LEEDS, replace(LEEDS, zone="America/Chicago")))
    yield "zone_set", preferences.zone_set(frame, "America/New_York")
    yield "language_kept", preferences.language_kept(frame, kept=True)
    yield "language_gone", preferences.language_kept(frame, kept=False)
    yield "in_language", start.in_language(frame)
    yield "privacy_kept", privacy.privacy(frame, kept=True)
    yield "forgotten", privacy.forgotten(frame, had=True)
    for anything in (True, False):
        yield "export", privacy.export(frame, kept=anything)
    yield "export_file", privacy.export_file(frame, b"{}")


@LANGUAGES
def test_every_screen_around_reminders_is_short_leads_on_and_has_urgent_help_in_reach(language: str) -> None:
    frame = make_frame(language)
    for name, screen in every_screen(frame):
        every = list(buttons(screen))
        assert text(screen).strip(), name
        assert len(text(screen)) <= 1300, f"{name}: {len(text(screen))}"
        assert len(every) <= 11, f"{name}: {len(every)}"
        assert all(screen.rows) or screen.ask, name
        assert screen.ask or any(button.data for button in every), name
        urgent = frame.texts.label("urgent_help") in [button.label for button in every] or "/urgent" in screen.text
        assert urgent, name
        for button in every:
            assert button.label.strip(), name
            if button.data:
                unpack(button.data, IDS)
        assert not re.search(r"streak|missed|fallaste|perdiste", text(screen)), name
