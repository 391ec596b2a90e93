"""Every screen: short enough, with a way on, urgent help in reach, in both languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.buttons import Action, unpack
from bot.domain.found import Found, Row
from bot.domain.meeting import Meeting, Status
from bot.domain.place import Place
from bot.domain.search import Search
from bot.domain.understood import Understood
from bot.domain.urgent import UrgentCountry
from bot.domain.when import Day, When, Window
from bot.texts.treatment import load_treatment
from bot.texts.urgent import load_urgent
from bot.views import (
    doors,
    fellowship,
    find,
    meeting,
    options,
    privacy,
    start,
    talk_first,
    topics,
    treatment,
    urgent,
)
from bot.views.frame import Frame
from bot.views.screen import Button, Screen
from bot.views.talk_first import Contact
from tests.builders import make_meeting, make_online_meeting
from tests.views.frames import FELLOWSHIPS, NOW, ROOT, make_frame

LEEDS = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London", 455_123)
IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
URGENT, TREATMENT = load_urgent(ROOT), load_treatment(ROOT)
NAVIGATION = 3
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


def visible(screen: Screen) -> str:
    """The text without its markup."""
    return re.sub(r"<[^>]+>", "", screen.text)


def buttons(screen: Screen) -> Iterator[Button]:
    """Every button."""
    return (button for row in screen.rows for button in row)


def turns_a_page(button: Button) -> bool:
    """Whether a button leads to another page of the kinds; each page has one of its own."""
    press = unpack(button.data, IDS) if button.data else None
    return press is not None and press.action == Action.OPTIONS and press.number == options.TURNED


def make_row(one: Meeting | None = None, hours: float = 1, km: float | None = 1.2, **more: object) -> Row:
    """A row of a list that starts in some hours."""
    return Row(one or make_meeting(), NOW + timedelta(hours=hours), km, **more)  # type: ignore[arg-type]


def make_found(*rows: Row, search: Search | None = None, **more: object) -> Found:
    """A page of results."""
    window = Window(NOW, NOW + timedelta(days=7))
    values: dict[str, object] = {
        "search": search or Search(LEEDS, needs=("alcohol",)),
        "window": window,
        "rows": rows,
        "total": len(rows),
        "more": False,
        "kinds": tuple(dict.fromkeys(row.meeting.fellowship for row in rows)),
    } | more
    return Found(**values)  # type: ignore[arg-type]


def long_meeting(**changes: object) -> Meeting:
    """A meeting whose list says a great deal."""
    return make_meeting(
        online=True,
        name="A very long name of a very friendly group that meets on Tuesdays in the evening",
        venue="The Community Centre of the Mill Lane Residents and Friends Association",
        directions="Ring the bell at the side door, second floor, room with the blue door " * 3,
        notes="Bring a mug. " * 80,
        join_url="https://zoom.us/j/55500000",
        join_id="555 00 000",
        passcode="1234",
        dial_in="+12025550100,,55500000#",
        tags=frozenset({"women", "lgbtq", "wheelchair", "newcomers", "open"}),
        updated=datetime(2026, 11, 12, tzinfo=UTC),
        entity="The Intergroup of the whole North of England and its neighbours",
        **changes,
    )


def every_screen(frame: Frame) -> Iterator[tuple[str, Screen]]:
    """One of each, with the longest values there are."""
    listed = make_found(*(make_row(make_meeting(key=str(at))) for at in range(5)), more=True, total=12)
    online = make_row(make_online_meeting(fellowship="lifering"), km=None)
    kind = FELLOWSHIPS["smart"]
    search = listed.search
    yield "welcome", start.welcome(frame)
    yield "help", start.help_screen(frame, [("start", "x")])
    yield "languages", start.languages(frame, {"en": "English", "es": "Español"})
    yield "cannot_read", start.cannot_read(frame)
    for message in ("sorry", "slow", "outdated", "place_unknown", "meeting_gone"):
        yield message, start.failed(frame, message)
    yield "where", find.where(frame)
    yield "where_begun", find.where(frame, search)
    yield "about", doors.about(frame, search)
    for door in (1, 2, 3, 4, 99):
        yield f"about_{door}", doors.about_more(frame, search, door)
    yield "choose", find.choose_place(frame, search, (LEEDS, Place("Leeds", 30.5, -86.6, "Alabama", "US")))
    yield "list", find.results(frame, listed)
    yield (
        "list_online",
        find.results(
            frame, make_found(online, search=Search(online=True), online_next=None), Understood(needs=("alcohol",))
        ),
    )
    yield (
        "nothing",
        find.results(
            frame,
            make_found(nearest=make_row(km=120.0), wider=(100, 3), online_kinds=("lifering",), online_next=online),
        ),
    )
    yield "nothing_at_all", find.results(frame, make_found(finder_kinds=("aa", "smart")))
    yield "not_understood", find.not_understood(frame, ("blorb",))
    yield "why", find.why_order(frame, search)
    yield "change", find.change(frame, search)
    yield "when", find.ask_when(frame, search)
    yield "filters", find.ask_filters(frame, search)
    for topic in topics.WRITTEN:
        yield f"topic_{topic}", topics.answer(frame, topic)
    yield "card", meeting.card(frame, make_row(long_meeting()))
    yield "card_bare", meeting.card(frame, Row(make_meeting(weekday=None, start=None, venue="", address=""), None))
    yield "other_actions", meeting.other_actions(frame, make_row())
    yield "calendar", meeting.calendar(frame, make_row())
    yield "share", meeting.share(frame, make_row())
    for one in FELLOWSHIPS.values():
        yield f"kind_{one.id}", fellowship.card(frame, one)
        yield f"expect_{one.id}", fellowship.expect(frame, one, 1, online=True)
    for needs in ((), ("alcohol",), ("family", "opioids")):
        yield f"options_{needs}", options.options(frame, Search(needs=needs))
    for code in ("US", "FR"):
        yield f"treatment_{code}", treatment.card(frame, TREATMENT[code], code)
    yield "treatment_elsewhere", treatment.card(frame, TREATMENT["ZZ"], "IT")
    yield "treatment_countries", treatment.countries(frame, TREATMENT, 0)
    yield (
        "talk",
        talk_first.talk_first(
            frame, kind, [Contact("Helpline", "0113 496 0000", True), Contact("Site", "https://example.org")], 1
        ),
    )
    yield "talk_none", talk_first.talk_first(frame, kind, [], None)
    yield "join_help", fellowship.join_help(frame, kind, 1)
    yield "privacy", privacy.privacy(frame)
    yield "forgotten", privacy.forgotten(frame)
    yield "cleared", privacy.cleared(frame, count=3)
    for country in URGENT.values():
        for kind in ("", *urgent.CARDS):
            yield f"urgent_{country.country}_{kind}", urgent.card(frame, country, [], kind=kind)
    yield "urgent_unknown", urgent.card(frame, None, list(URGENT.values())[:3])
    yield "countries", urgent.countries(frame, URGENT, 0)


@LANGUAGES
def test_every_screen_is_short_and_leads_on(language: str) -> None:
    for name, screen in every_screen(make_frame(language)):
        assert visible(screen).strip(), name
        assert len(visible(screen)) <= 1400, f"{name}: {len(visible(screen))}"
        assert screen.rows or screen.ask or screen.then, name
        ways = [button for button in buttons(screen) if button.data]
        assert len([button for button in buttons(screen) if not turns_a_page(button)]) <= 8 + NAVIGATION, name
        assert ways or screen.ask or screen.then, name


@LANGUAGES
def test_urgent_help_is_one_tap_away_on_every_screen(language: str) -> None:
    frame = make_frame(language)
    for name, screen in every_screen(frame):
        if name.startswith("urgent"):
            continue
        labels = {button.label for button in buttons(screen)}
        reachable = frame.texts.label("urgent_help") in labels or "/urgent" in screen.text
        assert reachable or screen.then, name


@LANGUAGES
def test_a_meeting_card_has_at_most_nine_hundred_characters(language: str) -> None:
    for notes in ("", "short", "Bring a mug. " * 80, "x" * 1000):
        frame = make_frame(language, search=Search(LEEDS))
        card = meeting.card(frame, make_row(make_meeting(notes=notes)))
        assert len(visible(card)) <= 900
        assert len(visible(meeting.card(frame, make_row(long_meeting())))) <= 900
    bodies = tuple(f"Area {at}: the service committee of the north, its districts, its friends" for at in range(7))
    assert len(visible(meeting.card(make_frame(language), make_row(long_meeting(), listed_by=bodies)))) <= 900


@pytest.mark.parametrize(
    ("language", "bodies", "said"),
    [
        ("en", (), "Listed by: Leeds Intergroup. "),
        ("en", ("Leeds Intergroup", "North Area"), "Listed by: Leeds Intergroup and North Area. "),
        ("es", ("Leeds Intergroup", "North Area"), "Lista: Leeds Intergroup y North Area. "),
        ("en", ("North Area", ""), "Listed by: North Area and SMART Recovery. "),
        ("en", ("", "SMART Recovery"), "Listed by: SMART Recovery. "),
        ("en", tuple("ABC"), "Listed by: A, B, and C. "),
        ("en", ("A" * 70, "B" * 70, "C"), f"Listed by: {'A' * 70} and 2 more lists. "),
        ("es", ("A" * 70, "B", "C" * 70), f"Lista: {'A' * 70}, B y 1 lista más. "),
    ],
)
def test_a_card_names_everyone_who_lists_the_meeting_once(language: str, bodies: tuple[str, ...], said: str) -> None:
    row = make_row(make_meeting(entity="Leeds Intergroup"), listed_by=bodies)
    assert said in visible(meeting.card(make_frame(language), row))


@LANGUAGES
def test_a_fellowship_card_has_at_most_nine_hundred_characters(language: str) -> None:
    for kind in FELLOWSHIPS.values():
        assert len(visible(fellowship.card(make_frame(language), kind))) <= 900, kind.id


@LANGUAGES
def test_every_button_says_something_and_can_be_pressed(language: str) -> None:
    for name, screen in every_screen(make_frame(language)):
        for button in buttons(screen):
            assert button.label.strip(), name
            assert sum(map(bool, (button.data, button.url, button.copy))) == 1, f"{name}: {button}"
            assert not button.url or button.url.startswith("https://"), f"{name}: {button}"
            assert len(button.copy) <= 256, name
            if button.data:
                unpack(button.data, IDS)


def test_names_from_a_feed_cannot_break_the_markup() -> None:
    evil = make_meeting(name="<b>A & B</b>", notes="<script>", venue="<i>", address="a < b & c", group="&lt;")
    for screen in (
        meeting.card(make_frame(), make_row(evil)),
        find.results(make_frame(), make_found(make_row(evil))),
    ):
        assert "<script>" not in screen.text
        assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in screen.text


def test_the_list_says_back_what_was_asked() -> None:
    search = Search(LEEDS, None, ("alcohol",), (), When(Day.FRIDAY, 18 * 60), frozenset({"women", "lang_pl"}), page=2)
    text = visible(find.results(make_frame(), make_found(make_row(), search=search, total=12)))
    assert "Drinking, near Leeds, England, on Friday after 18:00, in Polish, women. Page 2 of 3." in text


def test_a_stand_in_is_marked_as_one() -> None:
    text = find.results(make_frame(), make_found(make_row(), make_row(make_online_meeting(), instead=True))).text
    assert "no group of this kind meets near here" in text


def test_what_the_list_does_not_say_is_said() -> None:
    one = find.results(make_frame(), make_found(make_row(unsaid=frozenset({"wheelchair"})))).text
    assert "The list does not say whether these fit:" in one
    two = find.results(make_frame(), make_found(make_row(unsaid=frozenset({"wheelchair", "women"})))).text
    assert "The list does not say: step-free, women." in two


def test_an_online_meeting_shows_the_person_s_time_with_its_zone() -> None:
    row = make_row(make_online_meeting(zone="America/New_York", country="US"), km=None)
    frame = make_frame(search=Search(LEEDS))
    assert "19:02 London time" in find.results(frame, make_found(row, search=Search(LEEDS, online=True))).text
    card = visible(meeting.card(frame, row))
    assert "New York time" in card
    assert "For you: Today, Tue 24 Nov, 19:02 London time" in card


def test_without_a_place_an_online_meeting_says_how_soon_it_is() -> None:
    row = make_row(make_online_meeting(), hours=0.5, km=None)
    screen = find.results(make_frame(), make_found(row, search=Search(online=True)))
    assert "In 30 minutes" in screen.text
    assert '<tg-time unix="' in screen.text
    assert next(buttons(screen)).label == "1. SMART, in 30 minutes"


def test_the_language_of_a_meeting_is_said_where_it_is_not_the_person_s() -> None:
    row = make_row(make_meeting(languages=("es",)))
    assert "In Spanish." in find.results(make_frame(), make_found(row)).text
    assert "En español" not in find.results(make_frame("es"), make_found(row)).text


def test_a_suspended_room_that_goes_on_online_says_so() -> None:
    one = make_online_meeting(status=Status.ONLINE_FOR_NOW)
    assert "The room is closed for now." in meeting.card(make_frame(), make_row(one, km=None)).text


def test_the_calendar_file_tells_nothing_in_its_title() -> None:
    screen = meeting.calendar(make_frame(), make_row())
    assert screen.document is not None
    made = screen.document.data.decode()
    assert "SUMMARY:Appointment" in made
    assert "RRULE:FREQ=WEEKLY" in made
    assert "BEGIN:VTIMEZONE" in made
    assert "SMART" not in made


def test_a_doubtful_country_shows_only_its_emergency_number() -> None:
    doubtful = UrgentCountry("IT", ("112",), ("it",), URGENT["GB"].lines, NOW.date(), "x", "?")
    text = urgent.card(make_frame(), doubtful, []).text
    assert "112" in text
    assert "Samaritans" not in text


def test_a_search_for_drinking_warns_of_stopping_fast() -> None:
    assert "Stopping fast can be dangerous" in find.results(make_frame(), make_found(make_row())).text
    family = Search(LEEDS, needs=("family", "alcohol"))
    assert "Stopping fast" not in find.results(make_frame(), make_found(make_row(), search=family)).text


def test_rows_on_which_the_list_is_silent_stand_under_their_own_line() -> None:
    silent = make_row(make_meeting(key="2", name="Silent One"), unsaid=frozenset({"women"}))
    text = find.results(make_frame(), make_found(make_row(), silent)).text
    assert text.index("Tuesday Tools") < text.index("The list does not say whether these fit:") < text.index("Silent")


def test_a_filter_that_holds_by_the_fellowship_s_own_word_says_whose_word_it_is() -> None:
    search = Search(LEEDS, filters=frozenset({"secular"}))
    text = find.results(make_frame(), make_found(make_row(), search=search)).text
    assert "Secular: SMART says so of all its groups." in text


def test_a_pressed_filter_is_marked_and_can_be_taken_off() -> None:
    labels = {
        button.label for button in buttons(find.ask_filters(make_frame(), Search(filters=frozenset({"women"}))))
    }
    assert "women: on" in labels
    assert "men" in labels


@LANGUAGES
def test_the_first_page_of_a_list_of_several_kinds_names_them_and_counts_the_rest(language: str) -> None:
    frame, rows = make_frame(language), [make_row(make_meeting(key=str(at))) for at in range(5)]
    kinds = ("smart", "aa", "na", "lifering", "dharma", "ca")
    line = {
        "en": "Kinds in this list: SMART, AA, NA, LifeRing, and 2 more.",
        "es": "Tipos en esta lista: SMART, AA, NA, LifeRing y 2 más.",
    }
    assert line[language] in visible(find.results(frame, make_found(*rows, kinds=kinds, total=60))).splitlines()
    assert line[language].partition(":")[0] not in visible(find.results(frame, make_found(*rows, total=5)))
    second = make_found(*rows, kinds=kinds, total=60, search=Search(LEEDS).with_page(2))
    assert line[language].partition(":")[0] not in visible(find.results(frame, second))
