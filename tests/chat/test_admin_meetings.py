"""Correcting a meeting in chat: by few presses, never by accident, and never by somebody who may not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import fields
from bot.domain.admin import EVERYTHING, Role, Scope
from bot.domain.buttons import Action, Press
from bot.domain.meeting import BY_HAND, id_text
from bot.store.desk_tables import exceptions, meeting_edits, proposals
from bot.store.tables import meetings
from bot.views.admin_draft import Draft, Form
from tests.chat.desk import NOT_YOURS, OUTDATED, Desk, desk_in
from tests.chat.phone import Phone
from tests.feeds.rows import online_row, row
from tests.helping import AA, IN_AA, NOT_IN_AA

pytestmark = pytest.mark.asyncio(loop_scope="module")
EDITING = [action for action in Action if Action.ADMIN_FIND <= action <= Action.ADMIN_DAY_GONE]


LISTED = [
    row(slug="lamp", name="Night Lamp", day=2),
    row(slug="birds", name="Early Birds", day=[1, 3, 5], time="07:00", end_time="08:00"),
    online_row(slug="room", name="Women's Room", types=["W", "ONL"]),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_in(tmp_path_factory.mktemp("editing")) as desk:
        yield desk


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def fresh(desk: Desk) -> None:
    """The list as it was, without a correction."""
    async with desk.world.database.begin() as connection:
        for table in (exceptions, meeting_edits, proposals, meetings):
            await connection.execute(table.delete())
    await read(desk)


async def read(desk: Desk, **changes: Any) -> None:
    """The publisher lists them, one changed by name, and the list is read."""
    desk.world.now += timedelta(days=1)
    name, changed = changes.pop("name", ""), changes
    desk.world.answers[AA] = [one | (changed if one["name"] == name else {}) for one in LISTED]
    await desk.world.sync.enable(AA)
    await desk.world.sync.sync(AA, whole=True)


async def test_a_wrong_time_is_corrected_by_four_presses_and_one_reply(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin")
    await joan.press("Change a meeting")
    assert "Time: 7:00 PM" in await joan.reply("night lamp")
    await joan.press("Time")
    said = await joan.press("7:30 PM")
    assert "Night Lamp, Tuesday 7:00 PM\nTime: 7:00 PM → 7:30 PM" in said
    assert "Saved." in await joan.press("Save")
    assert (joan.presses, joan.replies) == (4, 1)
    assert (await desk.meeting("Night Lamp")).start == 19 * 60 + 30
    await read(desk)
    assert (await desk.meeting("Night Lamp")).start == 19 * 60 + 30
    await joan.press("Back to the meeting")
    assert "Time: 7:30 PM (the list says: 7:00 PM)" in joan.text
    await read(desk, name="Night Lamp", time="19:30", end_time="20:30")
    await joan.say("/admin Night Lamp")
    assert "the list says" not in joan.text
    assert "Time: 7:30 PM" in joan.text


async def test_any_other_time_takes_one_reply_behind_admin_and_the_words(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Time")
    await joan.press("Write it")
    assert "Length: 1 hour → 75 minutes" in (await joan.reply("18:10 - 19:25")).replace("60 minutes", "1 hour")
    await joan.press("Save")
    assert (joan.presses, joan.replies) == (3, 1)
    found = await desk.meeting("Night Lamp")
    assert (found.start, found.duration) == (18 * 60 + 10, 75)


async def test_what_was_typed_is_kept_until_it_is_right(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Link and phone")
    said = await joan.reply("Link: zoom dot us\nPasscode: lamp")
    assert "Link: that is no link (“zoom dot us”)" in said
    assert "Passcode: lamp" in said
    said = await joan.reply("Link: https://zoom.us/j/5550177\nPasscode: lamp")
    assert "Link: – → https://zoom.us/j/5550177" in said
    assert "You wrote:\nLink: https://zoom.us/j/5550177" in await joan.press("Change again")
    await joan.reply("Passcode: lamp2")
    await joan.press("Save")
    found = await desk.meeting("Night Lamp")
    assert (found.join_url, found.passcode) == ("", "lamp2")


async def test_undo_is_there_at_once_and_tells_what_stands_in_its_way(desk: Desk) -> None:
    joan = await desk.phone()
    await change_time(joan, "Night Lamp", "7:30 PM")
    first = joan.button("Undo").data
    assert "Undone." in await joan.press("Undo")
    assert (await desk.meeting("Night Lamp")).start == 19 * 60
    assert "It is as it was before." in await joan.press_data(first)
    await change_time(joan, "Night Lamp", "7:30 PM")
    first = joan.button("Undo").data
    await change_time(joan, "Night Lamp", "8:00 PM")
    assert "Time: 19:30 → 20:00" in await joan.press_data(first)
    assert (await desk.meeting("Night Lamp")).start == 20 * 60


async def change_time(phone: Phone, name: str, time: str) -> None:
    await phone.say(f"/admin {name}")
    await phone.press("Time")
    await phone.press(time)
    await phone.press("Save")
    assert "Saved." in phone.text


async def test_several_days_are_changed_and_taken_back_together(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin early birds")
    assert "Which one?" in joan.text
    await joan.press("Early Birds, Monday 7:00 AM")
    await joan.press("Time")
    await joan.press("6:30 AM")
    await joan.press("Several days at once")
    said = await joan.press("Also Friday 7:00 AM")
    assert "The same change also for: Friday 7:00 AM." in said
    said = await joan.press("See the change")
    assert said.count("Time: 7:00 AM → 6:30 AM") == 2
    assert "Wednesday" not in said
    await joan.press("Save")
    assert {day: (await desk.meeting("Early Birds", weekday=day)).start for day in (1, 3, 5)} == {
        1: 390,
        3: 420,
        5: 390,
    }
    assert "Undone." in await joan.press("Undo")
    assert [(await desk.meeting("Early Birds", weekday=day)).start for day in (1, 3, 5)] == [420, 420, 420]


async def test_a_change_may_count_for_some_weeks_and_say_why(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    await joan.reply("Notes: The lift is broken.")
    await joan.press("Only until a date")
    until = next(label for label in joan.labels if label.startswith("Until"))
    assert "Then the list counts again." in await joan.press(until)
    await joan.press("Say why")
    assert "I was there." in await joan.press("I was there")
    assert "Saved." in await joan.press("Save")
    assert (await desk.meeting("Night Lamp")).notes == "The lift is broken."
    said = await joan.press("Back to the meeting")
    assert "Corrected here: Notes. By Joan" in said
    assert "Why: I was there" in said
    desk.world.now += timedelta(days=8)
    await read(desk)
    assert (await desk.meeting("Night Lamp")).notes == ""


async def test_a_meeting_that_somebody_else_changed_meanwhile_is_shown_anew_with_what_was_typed(desk: Desk) -> None:
    joan, sam = await desk.phone(), await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    await joan.reply("Notes: Ring twice.")
    save = joan.button("Save").data
    shown = list(desk.kept.screens)
    await change_time(sam, "Night Lamp", "7:15 PM")
    desk.kept.screens[:] = shown
    said = await joan.press_data(save)
    assert "Something has changed since you looked." in said
    assert "Night Lamp, Tuesday 7:15 PM" in said
    assert "Notes: – → Ring twice." in said
    assert "Saved." in await joan.press("Save")
    found = await desk.meeting("Night Lamp")
    assert (found.start, found.notes) == (19 * 60 + 15, "Ring twice.")


async def test_a_message_that_was_edited_after_the_difference_is_shown_anew(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    await joan.reply("Notes: Ring twice.")
    joan.sent[joan.number] = "Notes: Ring three times."
    said = await joan.press("Save")
    assert "Something has changed since you looked." in said
    assert "Notes: – → Ring three times." in said
    assert (await desk.meeting("Night Lamp")).notes == ""
    await joan.press("Save")
    assert (await desk.meeting("Night Lamp")).notes == "Ring three times."


async def test_notes_that_sound_like_an_emergency_get_urgent_help_first_and_are_kept_all_the_same(desk: Desk) -> None:
    joan, notes = await desk.phone(), "For families. I want to kill myself is what some say."
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    said = await joan.reply(f"Notes: {notes}")
    assert said.index("999") < said.index(f"Notes: – → {notes}")
    await joan.press("Save")
    assert (await desk.meeting("Night Lamp")).notes == notes
    await joan.press("Back to the meeting")
    await joan.press("Name and notes")
    said = await joan.reply("I want to kill myself")
    assert "999" in said
    assert "You wrote:" not in said


async def test_what_was_typed_and_is_gone_from_the_chat_is_an_old_button(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    await joan.reply("Notes: Ring twice.")
    save = joan.button("Save").data
    desk.kept.screens.clear()
    assert OUTDATED in await joan.press_data(save)


async def test_a_link_of_a_womens_meeting_waits_for_a_second_person_and_goes_down_at_once(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin women's room")
    await joan.press("Link and phone")
    said = await joan.reply("Link: https://zoom.us/j/5550199")
    assert "This needs a second person: Link." in said
    assert "It waits, and you can see it on the sheet." in await joan.press("Save")
    assert (await desk.meeting("Women's Room")).join_url == LISTED[2]["conference_url"]
    said = await joan.press("Back to the meeting")
    assert "Waits for a second person, from Joan" in said
    assert "→ https://zoom.us/j/5550199" in said
    await joan.press("Link and phone")
    await joan.reply("Link:")
    assert "Saved." in await joan.press("Save")
    assert (await desk.meeting("Women's Room")).join_url == ""


async def test_tags_are_put_in_and_taken_out_by_buttons(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Who can come")
    assert "Now: open to anyone." in joan.text
    await joan.press("Take out: open to anyone")
    await joan.press("More of these")
    await joan.press("Put in: newcomers")
    assert "Now: newcomers." in joan.text
    await joan.press("See the change")
    assert "Who can come: open to anyone → newcomers" in joan.text
    await joan.press("Save")
    assert (await desk.meeting("Night Lamp")).tags == {"newcomers"}


async def test_it_ends_and_is_shown_again(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("More …")
    await joan.press("It has ended")
    assert "Not shown any more:" in joan.text
    await joan.press("Save")
    await read(desk)
    await joan.say("/admin night lamp")
    assert "Not shown: it was ended here." in joan.text
    await joan.press("More …")
    await joan.press("Show it again")
    await joan.press("Save")
    assert "Saved." in joan.text
    await joan.press("Back to the meeting")
    assert "Not shown" not in joan.text


async def test_the_list_counts_again_when_the_correction_is_given_up(desk: Desk) -> None:
    joan = await desk.phone()
    await change_time(joan, "Night Lamp", "7:30 PM")
    await joan.press("Back to the meeting")
    await joan.press("What the list says")
    assert "Time. The list: 7:00 PM. Here: 7:30 PM." in joan.text
    assert "The list counts again." in await joan.press("As listed: Time")
    assert (await desk.meeting("Night Lamp")).start == 19 * 60
    await joan.press("Undo")
    assert (await desk.meeting("Night Lamp")).start == 19 * 60 + 30


async def test_whoever_finds_it_right_says_so_by_one_press(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    assert "Thank you. I noted that it is right today." in await joan.press("It is right")
    await joan.say("/admin night lamp")
    assert "Last checked by a person:" in joan.text


async def test_a_new_meeting_is_added_in_one_form_and_its_faults_are_told(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin")
    await joan.press("Add a meeting")
    await joan.press(next(label for label in joan.labels if label.startswith(("Adult", "Al-Anon", "AA", "Alcohol"))))
    await joan.press("Online or by phone")
    said = await joan.reply("Name: Late Lamp\nDay: Frday\nTime: 21:00")
    assert "Day: I do not know that day (“Frday”)" in said
    said = await joan.reply("Name: Late Lamp\nDay: Friday\nTime: 21:00\nZone: Europe/London")
    assert "Link: there is no link and no number to join by" in said
    said = await joan.reply(
        "Name: Late Lamp\nDay: Friday\nTime: 21:00\nTime zone: Europe/London\nLink: https://zoom.us/j/5550133"
    )
    assert "Add this meeting?" in said
    assert "Day: Friday" in said
    assert "Added: Late Lamp." in await joan.press("Save")
    found = await desk.meeting("Late Lamp", BY_HAND)
    assert (found.weekday, found.start, found.zone, found.online) == (5, 21 * 60, "Europe/London", True)
    assert await shown(desk, "Late Lamp") == [found.id]
    await joan.press("Undo")
    assert await shown(desk, "Late Lamp") == []


async def test_a_new_meeting_in_a_room_gets_its_place_and_its_clock_from_the_town(desk: Desk) -> None:
    joan = await desk.phone(scope=Scope(areas=frozenset({"GB"})))
    await joan.say("/admin")
    await joan.press("Add a meeting")
    while "SMART Recovery" not in joan.labels:
        await joan.press("Next page")
    await joan.press("SMART Recovery")
    assert "Country: GB\n" in await joan.press("In a room")
    lines = "Name: Mill Lane\nDay: Mon\nTime: 6:30 pm\nAddress: 9 Mill Lane\nTown: Leeds\nCountry: "
    said = await joan.reply(f"{lines}US")
    assert "That lies outside what you look after" in said
    assert f"{lines}US" in said
    assert "Add this meeting?" in await joan.reply(f"{lines}GB")
    assert f"{lines}GB" in await joan.press("Change again"), "nothing has to be typed twice"
    assert "Added: Mill Lane." in await confirmed(joan, f"{lines}GB")
    found = await desk.meeting("Mill Lane", BY_HAND)
    assert (found.weekday, found.start, found.zone, found.latitude) == (1, 18 * 60 + 30, "Europe/London", 53.8)
    await joan.press("Back to the meeting")
    assert "What the list says" not in joan.labels


async def test_who_looks_after_one_list_is_not_asked_to_add_what_no_list_has(desk: Desk) -> None:
    joan = await desk.phone(scope=Scope(feeds=frozenset({AA})))
    await joan.say("/admin")
    assert "Change a meeting" in joan.labels
    assert "Add a meeting" not in joan.labels
    assert NOT_YOURS in await joan.press_data(desk.data(Press(Action.ADMIN_ADD)))


async def test_a_button_that_is_pressed_twice_adds_one_meeting(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin")
    await joan.press("Add a meeting")
    await joan.press("Alcoholics Anonymous")
    await joan.press("In a room")
    await joan.reply("Name: Twice\nDay: Mon\nTime: 18:30\nAddress: 9 Mill Lane\nTown: Leeds\nCountry: GB")
    save, answered = joan.button("Save").data, joan.kept.screens[-1]
    assert "Added: Twice." in await joan.press_data(save)
    joan.kept.screens.append(answered)
    assert "It is there already: Twice." in await joan.press_data(save)
    assert len(await shown(desk, "Twice")) == 1


async def test_the_first_page_of_nobody_has_more_than_eight_buttons_beside_the_way_to_help(desk: Desk) -> None:
    for role in Role:
        phone = await desk.phone(role)
        await phone.say("/admin")
        assert phone.labels[-1] == "Urgent help"
        assert len(phone.labels) <= 9
        await phone.press("About me")
        assert phone.labels == ["News for me", "My name", "Stop helping", "My helper page", "Urgent help"]


async def confirmed(phone: Phone, lines: str) -> str:
    """Reply to the form, and keep it."""
    assert "Add this meeting?" in await phone.reply(lines)
    return await phone.press("Save")


async def shown(desk: Desk, name: str) -> list[int]:
    """The meetings of that name that people can find."""
    return [one.meeting.id for one in await desk.world.desk.meetings.find(None, name) if not one.ended]


async def test_the_same_group_on_another_day_is_a_new_meeting(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("More …")
    await joan.press("The same, another day")
    await joan.press("Thursday")
    said = await joan.press("7:30 PM")
    assert "A new meeting like this one:" in said
    assert "Day: Tuesday → Thursday" in said
    await joan.press("Save")
    found = await desk.meeting("Night Lamp", BY_HAND)
    assert (found.weekday, found.start, found.address) == (
        4,
        19 * 60 + 30,
        (await desk.meeting("Night Lamp")).address,
    )


async def test_it_is_closed_for_a_while_not_once_and_moved_once(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("More …")
    await joan.press("Not this once")
    day = joan.labels[0]
    await joan.press(day)
    assert f"Not on {day}." in joan.text
    assert "Saved." in await joan.press("Save")
    await joan.press("Back to the meeting")
    assert "Not as every week:" in joan.text
    await joan.press("More …")
    await joan.press("Moved once")
    assert day not in joan.labels
    await joan.press(joan.labels[0])
    await joan.press(joan.labels[0])
    await joan.press("7:30 PM")
    assert "Saved." in await joan.press("Save")
    await joan.press("Back to the meeting")
    await joan.press("More …")
    await joan.press("Closed for a while")
    await joan.press("Write it")
    assert "You wrote: “at Easter”." in await joan.reply("at Easter")
    await joan.reply("2027-03-01 to 2027-03-14")
    assert "Saved." in await joan.press("Save")
    meeting = await desk.meeting("Night Lamp")
    assert len(await desk.world.desk.days.of(meeting.id)) == 3
    await joan.press("Back to the meeting")
    await joan.press("More …")
    await joan.press("Days that differ")
    await joan.press(next(label for label in joan.labels if label.startswith("As every week")))
    assert "That day is as every week." in joan.text
    assert "Undone." in await joan.press("Undo")
    assert len(await desk.world.desk.days.of(meeting.id)) == 3


async def test_days_that_make_no_sense_are_refused_in_words(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("More …")
    await joan.press("Closed for a while")
    await joan.press("Write it")
    await joan.reply("2020-01-01 to 2020-01-08")
    assert "Nothing was changed." in await joan.press("Save")
    assert "Change again" in joan.labels


async def test_a_new_place_is_checked_on_the_map_before_it_is_kept(desk: Desk) -> None:
    joan = await desk.phone()
    await joan.say("/admin night lamp")
    await joan.press("Place")
    said = await joan.reply(
        "Building: Mill House\nAddress: 9 Mill Lane\nTown: Leeds\nRegion:\nPostcode:\nCountry: GB"
    )
    assert "Directions would lead to: 9 Mill Lane, Leeds" in said
    assert joan.button("Try the directions").url
    await joan.press("Save")
    found = await desk.meeting("Night Lamp")
    assert (found.venue, found.city, found.latitude, found.zone) == ("Mill House", "Leeds", 53.8, "Europe/London")


# -- who may


@pytest.mark.parametrize("role", Role)
async def test_meetings_are_changed_by_those_who_look_after_them_and_nobody_else(desk: Desk, role: Role) -> None:
    lamp = await desk.meeting("Night Lamp")
    for scope in (EVERYTHING,) if role is Role.OWNER else (*IN_AA.values(), *NOT_IN_AA.values()):
        phone = await desk.phone(role, scope)
        inside = not scope or scope in IN_AA.values()
        edits = inside and role is not Role.REVIEWER
        mark = fields.mark([lamp])
        drafted = Draft(lamp.id, Form.TIME, 19 * 60, mark=mark).packed()
        day = Draft(lamp.id, Form.CLOSED, 1 << 16, mark=mark).packed()
        table = [
            (Press(Action.ADMIN_MEETING, meeting=lamp.id), inside),
            (Press(Action.ADMIN_MEETING, meeting=lamp.id, number=1), inside),
            (Press(Action.ADMIN_MEETING, meeting=lamp.id, number=3), edits),
            (Press(Action.ADMIN_FORM, meeting=lamp.id, picked=drafted), edits),
            (Press(Action.ADMIN_FORM, meeting=lamp.id, picked=day), edits),
            (Press(Action.ADMIN_DRAFT, meeting=lamp.id, picked=drafted), edits),
            (Press(Action.ADMIN_SAVE, meeting=lamp.id, picked=drafted), edits),
            (Press(Action.ADMIN_SAVE, meeting=lamp.id, picked=day), edits),
        ]
        for press, allowed in table:
            said = await phone.press_data(desk.data(press))
            assert (NOT_YOURS not in said and OUTDATED not in said) is allowed, (press, scope, said)
        await phone.say("/admin night lamp")
        assert ("Night Lamp" in phone.text and "Time:" in phone.text) is edits


@pytest.mark.parametrize("action", EDITING)
async def test_to_everybody_else_such_a_button_means_nothing(desk: Desk, action: Action) -> None:
    lamp, before = await desk.meeting("Night Lamp"), len(await desk.world.history())
    stranger = desk.of(5550120)
    for picked in ((), Draft(lamp.id, Form.END, mark=fields.mark([lamp])).packed(), (1, 2, 3)):
        press = Press(action, meeting=lamp.id, picked=picked)
        assert OUTDATED in await stranger.press_data(desk.data(press))
        await stranger.say(f"/start {desk.data(press)}")
        assert "Night Lamp" not in stranger.text
    assert len(await desk.world.history()) == before


async def test_a_link_that_somebody_was_sent_changes_nothing_for_an_editor_either(desk: Desk) -> None:
    joan, lamp = await desk.phone(), await desk.meeting("Night Lamp")
    draft = Draft(lamp.id, Form.END, mark=fields.mark([lamp])).packed()
    await joan.say(f"/start {desk.data(Press(Action.ADMIN_SAVE, meeting=lamp.id, picked=draft))}")
    assert await shown(desk, "Night Lamp") == [lamp.id]


async def test_the_card_of_a_meeting_offers_the_change_to_whoever_may_and_asks_nothing_of_others(desk: Desk) -> None:
    joan = await desk.phone()
    assert not desk.menus.may_help(joan.chat)
    await joan.say("/admin")
    assert desk.menus.may_help(joan.chat)
    assert not desk.menus.may_help(5550121)
    await desk.menus.refresh()
    assert desk.menus.may_help(joan.chat)


async def test_a_meeting_is_found_by_the_link_of_its_card_and_by_its_id(desk: Desk) -> None:
    joan, lamp = await desk.phone(), await desk.meeting("Night Lamp")
    link = f"https://t.me/open_chair_bot?start={desk.data(Press(Action.MEETING, meeting=lamp.id))}"
    for words in (link, id_text(lamp.id), "NIGHT lamp", "  example hall night ", "aa night lamp"):
        await joan.say("/admin")
        await joan.press("Change a meeting")
        assert "Night Lamp" in await joan.reply(words), words
    await joan.press("Another meeting") if "Another meeting" in joan.labels else await joan.say("/admin nosuch words")
    assert "I found no meeting for “nosuch words”" in joan.text
    assert "I found no meeting" in await joan.reply("na night lamp")
    await joan.reply("http://[broken?start=x")
    assert "I found no meeting" in joan.text


async def test_what_was_typed_with_markup_is_shown_as_text_on_the_way(desk: Desk) -> None:
    joan, strange = await desk.phone(), "<b>Ana</b> {{ 7*7 }} &amp; *x*"
    await joan.say("/admin night lamp")
    await joan.press("Name and notes")
    assert f"Name: Night Lamp → {strange}" in await joan.reply(f"Name: {strange}")
    assert f"→ {strange}" in await joan.press("Save")
    await joan.press("Back to the meeting")
    assert joan.text.startswith(strange)
    await joan.press("Time")
    assert strange in joan.text
    await joan.say("/admin ana nosuch <i>")
    assert "“ana nosuch <i>”" in joan.text


presses = st.builds(
    Press,
    st.sampled_from(EDITING),
    meeting=st.integers(0, 2**56 - 1),
    number=st.integers(0, 12) | st.integers(0, 65535),
    picked=st.lists(st.integers(0, 2**56 - 1), max_size=3).map(tuple),
)


async def test_any_button_an_owner_could_ever_press_is_answered(desk: Desk) -> None:
    owner, lamp = await desk.phone(Role.OWNER), await desk.meeting("Night Lamp")
    seen: list[tuple[Press, bool, int, int]] = []

    @given(presses, st.booleans(), st.sampled_from(Form), st.integers(0, 2**48 - 1) | st.integers(0, 2000))
    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def collect(press: Press, known: bool, form: Form, value: int) -> None:
        seen.append((press, known, form, value))

    collect()
    for press, known, form, value in seen:
        if known:
            picked = Draft(lamp.id, Form(form), value, typed=value % 7 == 0).packed()
            press = replace(press, meeting=lamp.id, picked=picked if press.action is not Action.ADMIN_GIVE_UP else ())
        assert await owner.press_data(desk.data(press))
