"""How people get in: links, numbers and passcodes, and what of a text nobody should read."""

import pytest

from bot.feeds.joining import told
from bot.feeds.links import dial_in, helpline, join_link, web_link
from bot.feeds.privacy import cleared
from tests.feeds.rows import one, online_row, read, row, tables

HOSTS = frozenset({"zoom.us", "meet.google.com", "discord.gg"})


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://zoom.us/j/5550100123", "https://zoom.us/j/5550100123"),
        ("https://us02web.zoom.us/j/5550100123?pwd=Ab1", "https://us02web.zoom.us/j/5550100123?pwd=Ab1"),
        ("Http://zoom.us/j/5550100123", "https://zoom.us/j/5550100123"),
        ("http://ZOOM.us/j/5550100123", "https://zoom.us/j/5550100123"),
        ("zoom.us/j/5550100123", "https://zoom.us/j/5550100123"),
        ("https://zoom.us/j/555 0100 123", "https://zoom.us/j/5550100123"),
        ("https://zoom.us/j/5550100123#success", "https://zoom.us/j/5550100123"),
        ("https://zoom.us/j/5550100123?pwd=a&amp;x=1", "https://zoom.us/j/5550100123?pwd=a&x=1"),
        ("Register to receive: https://zoom.us/meeting/register/abc.", "https://zoom.us/meeting/register/abc"),
        ("https://discord.gg/abc1", "https://discord.gg/abc1"),
    ],
)
def test_a_link_of_a_known_service_becomes_a_button(written: str, link: str) -> None:
    assert join_link(written, HOSTS).url == link


@pytest.mark.parametrize(
    "written",
    [
        "https://evilzoom.us/j/1",
        "https://zoom.us.example.org/j/1",
        "https://zoom.us@example.org/j/1",
        "https://example.org\\@zoom.us/j/1",
        "https://zoom.us:8443/j/1",
        "https://xn--zom-hoa.us/j/1",
        "https://zoom。us/j/1",
        "https://us04web.zoomus/j/1",
        "https://192.0.2.7/j/1",
        "https://tinyurl.com/abc",
        "https://zoom.us/",
        "https://zoom.us",
        "javascript:alert(1)//zoom.us/j/1",
        "ftp://zoom.us/j/1",
        "https://[::1",
        "Ask for the link",
    ],
)
def test_anything_else_is_no_button(written: str) -> None:
    link = join_link(written, HOSTS)
    assert link.url == ""
    assert link.note == "link_not_known"


@pytest.mark.parametrize("written", ["https://zoom.us@example.org/j/1", "https://xn--zom-hoa.us/j/1"])
def test_a_disguised_link_is_not_even_text(written: str) -> None:
    assert join_link(written, HOSTS).text == ""


def test_a_link_that_is_not_known_goes_as_text() -> None:
    result = read(online_row(conference_url="https://www.example.org/groups/early"))
    meeting = result.meetings[0]
    assert (meeting.join_url, meeting.join_notes, meeting.online) == (
        "",
        "https://www.example.org/groups/early",
        True,
    )
    assert result.notes["link_not_known"] == 1


def test_a_mail_filters_wrapper_is_taken_off_with_the_address_in_it() -> None:
    wrapped = (
        "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F5550100123"
        "&amp;data=02%7C01%7Cperson%40example.org"
    )
    link = join_link(wrapped, HOSTS)
    assert (link.url, link.text, link.note) == ("https://zoom.us/j/5550100123", "", "link_mended")


def test_every_host_of_the_table_is_a_plain_name() -> None:
    assert len(tables().join_hosts) == 21
    assert all(host == host.lower() and "/" not in host for host in tables().join_hosts)


@pytest.mark.parametrize(
    ("written", "number", "text"),
    [
        ("+16465550100,,555010012#", "+16465550100,,555010012#", ""),
        ("+1 (646) 555-0100", "+16465550100", ""),
        ("646.555.0100", "6465550100", ""),
        ("+16465550100,,555-0100-1028#,,,#", "+16465550100,,55501001028#,,,#", ""),
        ("Conference Call Phone # 6465550100", "6465550100", ""),
        ("+16465550100,,5550100#+16465550101,,5550100#", "+16465550100,,5550100#", ""),
        ("+16465550100,,1678#,,#,,AbCdEfGh#", "+16465550100,,1678#", ""),
        ("(646) 555-0100 id#555010013", "6465550100", "(646) 555-0100 id#555010013"),
        ("646-555-0100  Code: 123 456", "6465550100", "646-555-0100 Code: 123 456"),
        ("ID: 555 010 014  Password: example", "", "ID: 555 010 014 Password: example"),
        ("ID 555 010 015 PW: 555010016017", "", "ID 555 010 015 PW: 555010016017"),
        ("+11", "", "+11"),
        ("", "", ""),
    ],
)
def test_only_what_can_be_dialled_is_a_number(written: str, number: str, text: str) -> None:
    assert dial_in(written)[:2] == (number, text)


def test_a_number_is_never_made_of_a_number_and_its_code() -> None:
    assert len(dial_in("646-555-0100 Code: 123456").number) == 10


def test_junk_in_the_telephone_field_makes_no_meeting_online() -> None:
    result = read(row(conference_phone="+11"))
    assert not result.meetings[0].online
    assert result.meetings[0].dial_in_notes == ""


@pytest.mark.parametrize(
    ("text", "passcode", "meeting", "rest"),
    [
        ("Password: letme", "letme", "", ""),
        ("Meeting ID: 555 010 0999 Passcode: 123456", "123456", "5550100999", ""),
        ("Meeting ID: 5550100456#\nPassword: 123456\nBring a book", "123456", "5550100456", "Bring a book"),
        ("Password 12345", "12345", "", ""),
        ("Passcode: 123 456, see you", "123456", "", "see you"),
        ("Meeting ID: 555 010 0789Password: letme", "letme", "5550100789", ""),
        ("Contraseña: hola", "hola", "", ""),
        ("No password needed", "", "", "No password needed"),
        ("Email for Password: person@example.org", "", "", "Email for Password: person@example.org"),
        ("password protected", "", "", "password protected"),
        (
            "Dial-In ID: 555 0100 1234\nDial-In-passcode: 123456",
            "",
            "",
            "Dial-In ID: 555 0100 1234\nDial-In-passcode: 123456",
        ),
        ("https://zoom.us/j/1?pwd=Ab12", "", "", "https://zoom.us/j/1?pwd=Ab12"),
        ("Please be kind.", "", "", "Please be kind."),
    ],
)
def test_a_passcode_and_a_number_are_found_and_never_invented(
    text: str, passcode: str, meeting: str, rest: str
) -> None:
    assert tuple(told(text)) == (passcode, meeting, rest)


def test_a_number_that_contradicts_the_link_stays_in_the_text() -> None:
    assert told("Meeting ID: 555 010 0999", "5550100123").rest == "Meeting ID: 555 010 0999"


def test_what_gets_people_in_moves_from_the_notes_to_its_fields() -> None:
    meeting = one(
        online_row(
            notes="Zoom: https://zoom.us/j/5550100123\nMeeting ID: 555 0100 123\nPassword: letme\nAll welcome."
        )
    )
    assert (meeting.join_id, meeting.passcode, meeting.notes) == ("5550100123", "letme", "All welcome.")


def test_the_same_words_in_two_fields_are_shown_once() -> None:
    meeting = one(online_row(notes="Camera on, please", conference_url_notes="Camera on, please"))
    assert (meeting.notes, meeting.join_notes) == ("", "Camera on, please")


@pytest.mark.parametrize(
    "text",
    [
        "Contact Laura at 646-555-0100 or laura@example.org",
        "Phone: Mary Beth 646-555-0100",
        "Questions? Call Sam T. 646-555-0100.",
        "person@example.org",
        "aaron@example.org",
    ],
)
def test_names_and_numbers_of_individuals_are_taken_out(text: str) -> None:
    left = cleared("Side door.\n" + text, False)
    assert left.text == "Side door."
    assert left.notes == ("contact_removed",)


@pytest.mark.parametrize(
    "text",
    [
        "Dial-In Phone No.: 646-555-0100",
        "Central Office 646-555-0100",
        "Email info@example.org with questions",
        "12 Example St\nDenver, CO 80202",
    ],
)
def test_public_numbers_and_addresses_stay(text: str) -> None:
    assert cleared(text, False).text == text


def test_a_contact_stays_where_it_is_the_only_way_in() -> None:
    text = "To get the Zoom link, contact Sam at 646-555-0100."
    only = one(online_row(conference_url=None, notes=text))
    assert only.notes == text
    known = one(online_row(notes=text, conference_url_notes="Passcode: letme"))
    assert known.notes == ""


def test_calls_for_money_are_left_out() -> None:
    result = read(
        row(notes="Bring a chair. Seventh tradition by Venmo @example.", venmo="@example", paypal="example")
    )
    assert result.meetings[0].notes == "Bring a chair."
    assert result.notes["money_removed"] == 1
    assert web_link("https://paypal.me/example") == ""


def test_contacts_of_individuals_and_the_editors_page_are_never_read() -> None:
    secret = {f"contact_{n}_{what}": f"hidden-{n}-{what}" for n in (1, 2, 3) for what in ("name", "email", "phone")}
    meeting = one(row(email="hidden@example.org", phone="hidden", edit_url="https://example.org/hidden", **secret))
    assert "hidden" not in repr(meeting)


def test_the_groups_own_page_and_its_service_body_stay() -> None:
    meeting = one(
        row(
            website="https://group.example.org",
            entity="Example Intergroup",
            entity_phone="+1-646-555-0100",
            entity_website_url="https://example.org",
            url="https://example.org/meetings/early-birds",
        )
    )
    assert (meeting.contact, meeting.entity_url) == ("https://group.example.org", "https://example.org")
    assert (meeting.entity, meeting.entity_phone) == ("Example Intergroup", "+1-646-555-0100")
    assert meeting.url == "https://example.org/meetings/early-birds"


@pytest.mark.parametrize(
    "written", ["http://192.0.2.7/x", "javascript:alert(1)", "http:/x.org", "https://a@b.example", 7, None]
)
def test_a_page_without_a_real_host_name_is_left_out(written: object) -> None:
    assert web_link(written) == ""


@pytest.mark.parametrize(
    ("written", "number"),
    [("646-555-0100", "646-555-0100"), ("yap", ""), ("yap->12", ""), ("", ""), ("116 123", "116 123")],
)
def test_a_helpline_is_a_telephone_number(written: str, number: str) -> None:
    assert helpline(written) == number
