"""What is said about what is wrong: on the card, in the questions, afterwards, and to people who help."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.admin import Admin, Author, Deed, Role
from bot.domain.audit import Change, Subject
from bot.domain.buttons import Action, unpack
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.domain.news import Alert, Wanted
from bot.domain.report_kinds import Kept, ReportKind, Verdict
from bot.domain.search import Search
from bot.domain.standing import Standing
from bot.domain.suggestion import Finding, Personal
from bot.domain.when import When
from bot.sandbox.html_text import parse_html
from bot.views import admin_history, admin_news, meeting, report
from bot.views.screen import Screen
from tests.builders import make_meeting, make_online_meeting
from tests.views.frames import FELLOWSHIPS, NOW, make_frame

IDS = {kind.number: kind.id for kind in FELLOWSHIPS.values()}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
KNOWN = Standing(date(2026, 11, 20), ("time", "place", "link", "phone", "details"), NOW, date(2025, 12, 18))
NEXT = NOW + timedelta(hours=1)


def plain(screen: Screen) -> str:
    """A screen as it is read."""
    return parse_html(screen.text)[0]


def labels(screen: Screen) -> list[str]:
    return [one.label for row in screen.rows for one in row]


def screens(language: str, one: Meeting, typed: str = "x") -> Iterator[Screen]:
    """Every screen that speaks of a report on this meeting."""
    frame = make_frame(language)
    yield report.choose(frame, Row(one, NEXT))
    yield report.ask(frame, one)
    found = tuple(Finding(kind, typed[:60]) for kind in Personal)[:3]
    for verdict in (Verdict.SHORT, Verdict.LONG, Verdict.PERSONAL):
        yield report.again(frame, one, Kept(verdict, found if verdict is Verdict.PERSONAL else ()), 501, 500)
    for kind in ReportKind:
        yield report.thanks(frame, one, kind)
    yield report.known(frame, one, told_today=True)
    yield report.known(frame, one, told_today=False)
    yield report.later(frame, one, 60)


@pytest.mark.parametrize(
    ("language", "standing", "said"),
    [
        ("en", Standing(date(2026, 11, 20)), "Someone reported a problem on 20 Nov. Not checked yet."),
        ("es", Standing(date(2026, 11, 20)), "Alguien avisó de un problema el 20 nov. Aún sin comprobar."),
        ("en", Standing(None, ("time",), NOW), "Corrected here on 24 Nov: time."),
        ("en", Standing(None, ("time", "link"), NOW), "Corrected here on 24 Nov: time, link."),
        ("es", Standing(None, ("place", "phone"), NOW), "Corregido aquí el 24 nov: lugar, teléfono."),
        ("en", Standing(checked_on=date(2026, 11, 18)), "Checked by a volunteer on 18 Nov."),
        ("en", Standing(checked_on=date(2025, 11, 18)), "Checked by a volunteer on 18 Nov 2025."),
    ],
)
def test_a_card_says_what_is_known_beside_the_list_and_only_that(
    language: str, standing: Standing, said: str
) -> None:
    row = Row(make_meeting(), NEXT)
    card = plain(meeting.card(make_frame(language), row, standing=standing))
    bare = plain(meeting.card(make_frame(language), row))
    assert said in card
    assert card.replace(said, "").split() == bare.split()


def test_a_card_names_the_day_of_a_correction_where_the_meeting_is() -> None:
    evening = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # still Friday the 20th in Oregon
    row = Row(make_meeting(zone="America/Los_Angeles", country="US"), NEXT)
    card = plain(meeting.card(make_frame(), row, standing=Standing(None, ("time",), evening)))
    assert "Corrected here on Nov 20: time." in card


@LANGUAGES
def test_however_much_is_known_a_card_has_at_most_nine_hundred_characters(language: str) -> None:
    bodies = tuple(f"Area {at}: the service committee of the north, its districts, its friends" for at in range(7))
    for notes in ("", "Bring a mug. " * 80):
        for directions in ("", "Ring the bell at the side door, second floor, room with the blue door " * 3):
            one = make_meeting(
                online=True,
                name="A very long name of a very friendly group that meets on Tuesdays in the evening",
                venue="The Community Centre of the Mill Lane Residents and Friends Association",
                directions=directions,
                notes=notes,
                join_url="https://zoom.us/j/55500000",
                join_id="555 00 000",
                passcode="1234",
                dial_in="+12025550100,,55500000#",
                tags=frozenset({"women", "lgbtq", "wheelchair", "newcomers", "open"}),
                updated=datetime(2026, 11, 12, tzinfo=UTC),
            )
            text = plain(meeting.card(make_frame(language), Row(one, NEXT, listed_by=bodies), standing=KNOWN))
            assert len(text) <= 900
            assert "2025" in text, "what is known of it stays whole"


@LANGUAGES
def test_every_screen_is_short_and_leads_on_to_urgent_help(language: str) -> None:
    for one in (make_meeting(contact="hello@example.org"), make_online_meeting(entity_url="https://example.org")):
        for screen in screens(language, one):
            assert len(plain(screen)) <= 600
            assert screen.ask or any(
                unpack(button.data, IDS).action is Action.URGENT
                for row in screen.rows
                for button in row
                if button.data
            )
            assert not screen.ask or "/urgent" in screen.text


def test_after_a_report_other_meetings_near_there_and_online_and_the_groups_contact_are_offered() -> None:
    one = make_meeting(contact="hello@example.org", entity="Leeds Intergroup", entity_phone="+44 113 496 0000")
    thanks = report.thanks(make_frame(), one, ReportKind.LOCKED)
    assert labels(thanks) == [
        "Near there",
        "Online now",
        "Copy hello@example.org",
        "Back to the meeting",
        "Urgent help",
    ]
    near = unpack(thanks.rows[0][0].data, IDS)
    assert near.action is Action.LIST
    assert near.search.place is not None
    assert abs(near.search.place.latitude - 53.8) < 0.01
    page = report.thanks(make_frame(), make_online_meeting(url="https://example.org/m"), ReportKind.LINK)
    assert labels(page) == ["Online now", "Open: Tuesday Tools", "Back to the meeting", "Urgent help"]
    nobody = report.thanks(make_frame(), make_online_meeting(), ReportKind.LINK)
    assert "You can also tell them" not in nobody.text


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=40).map(lambda text: f"<b>{text}</b>&amp;{{{{ 7*7 }}}}{{% x %}}"))
def test_what_lists_and_people_wrote_is_shown_as_text(text: str) -> None:
    one = make_meeting(name=text, entity=text, contact=text, group=text)
    for language in ("en", "es"):
        for screen in screens(language, one, text):
            read, entities = parse_html(screen.text)
            assert "{{ 7*7 }}" in read or "<b>" not in read
            links = [entity["url"] for entity in entities if entity["type"] == "text_link"]
            assert all(link.startswith("https://t.me/open_chair_bot?start=") for link in links)


TELLING = ("meeting", "group", "reunión", "grupo", "recover", "sober", "AA", "SMART", "Tuesday Tools", "alcohol")


@LANGUAGES
def test_on_a_lock_screen_no_word_of_news_tells_what_it_is_about(language: str) -> None:
    frame = make_frame(language)
    one = make_meeting(fellowship="aa", country="US")
    told = [admin_news.alert(frame, Alert(one, kind)) for kind in ReportKind]
    told.append(admin_news.digest(frame, dict.fromkeys(admin_news.KINDS, 2)))
    for screen in told:
        assert [word for word in TELLING if word in plain(screen)] == []
    assert "7:00 PM" in told[0].text


def test_a_digest_names_the_kinds_that_wait_and_how_many() -> None:
    screen = admin_news.digest(make_frame(), {"old": 1, "report": 3, "unheard_of": 4})
    assert "Waiting for you: 3 reports and 1 old list." in plain(screen)
    assert labels(screen) == ["See what waits", "News for me", "Urgent help"]


@LANGUAGES
def test_news_shows_what_was_chosen_and_every_hour_can_be_pressed(language: str) -> None:
    frame = make_frame(language, search=Search(language=language))
    for wanted in (Wanted(), Wanted(8 * 60, "Europe/London"), Wanted(None, "Europe/London", alerts=True)):
        screen = admin_news.news(frame, wanted)
        assert len(plain(screen)) <= 600
        pressed = [unpack(one.data, IDS) for row in screen.rows for one in row]
        hours = [
            admin_news.numbered_minute(one.number)
            for one in pressed
            if one.action is Action.ADMIN_NEWS_SET and one.search.page == admin_news.Choice.HOUR and one.number
        ]
        assert hours == [hour * 60 for hour in admin_news.HOURS]
    carried = admin_news.ask_zone(frame, 8 * 60)
    links = [one["url"] for one in parse_html(carried.text)[1] if one["type"] == "text_link"]
    assert unpack(links[0].partition("start=")[2], IDS).search.when == When(start=8 * 60)


def test_in_the_history_an_answer_says_what_became_of_each_report() -> None:
    author = Author(1, "Kim", Role.EDITOR)
    before, after = {"reason": "", "17": "open"}, {"reason": "I was there.", "17": "rejected"}
    subject = Subject("reports", "00" * 7, "Mill Lane")
    change = Change(1, NOW, author, Deed.ANSWER_REPORTS, subject, before, after)
    text = plain(admin_history.one(make_frame(), Admin(1, Role.OWNER), change))
    assert "Report: Mill Lane" in text
    assert "Report: open → nothing wrong" in text
    assert "I was there." in text
