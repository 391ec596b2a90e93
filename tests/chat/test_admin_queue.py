"""What waits behind /admin, on a phone: each kind of thing is looked at, answered, taken back and put off."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.admin import Role, Scope
from bot.domain.buttons import Action, Press
from bot.domain.queue import Kind, Step, key_for, numbered
from bot.domain.report_kinds import ReportKind
from bot.domain.search import Search
from bot.domain.suggestion import Kind as About
from bot.domain.suggestion import State, Subject
from bot.services.suggestions import Suggestions
from bot.store.desk_tables import checks, meeting_edits, proposals, put_off, reports
from bot.store.tables import changes, held_links, held_snapshots, meetings, revision_suggestions
from tests.chat.desk import NOT_YOURS, OUTDATED, Desk, desk_in
from tests.chat.phone import Phone
from tests.feeds.rows import online_row, row
from tests.helping import AA, CARDS, MEET, NA
from tests.views.frames import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")
GONE = "That was answered already, or went away."
STRANGE = "Ana {{ 7*7 }} & 1 < 2"
SOURCE = "The third sentence is not what the source says: https://example.org/page"
MINE = [action for action in Action if Action.ADMIN_QUEUE <= action <= Action.ADMIN_LINE]
EMPTIED = (
    checks,
    reports,
    proposals,
    put_off,
    meeting_edits,
    revision_suggestions,
    changes,
    held_links,
    held_snapshots,
    meetings,
)
ROWS = [
    row(slug="lamp", name="Night Lamp", day=2, phone="+1 303 555 0100"),
    online_row(slug="room", name="Women's Room", types=["W", "ONL"], conference_phone="+1-303-555-0101"),
    online_row(slug="strange", name=STRANGE, day=3),
    *(online_row(slug=f"room{number}", name=f"Room {number}", updated="2020-01-01 10:00:00") for number in range(6)),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    card = replace(CARDS[AA], feedback="lists@example.org", contact="https://aa.example.org/contact")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CARDS, AA, card)
        async with desk_in(tmp_path_factory.mktemp("queue")) as desk:
            yield desk


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def fresh(desk: Desk) -> None:
    """The list as it was, and nothing that waits but old rows."""
    async with desk.world.database.begin() as connection:
        for table in EMPTIED:
            await connection.execute(table.delete())
    await read(desk)


async def read(desk: Desk, *without: str, **changed: dict[str, Any]) -> None:
    """The publisher lists them without some, and others (by slug) changed; the list is read."""
    desk.world.now += timedelta(days=1)
    rows = [one | changed.get(one["slug"], {}) for one in ROWS if one["name"] not in without]
    desk.world.answers[AA] = rows
    await desk.world.sync.enable(AA)
    await desk.world.sync.sync(AA, whole=True)


async def report(desk: Desk, name: str, kind: ReportKind, text: str = "") -> int:
    meeting = await desk.meeting(name)
    kept = await desk.world.desk.reports.keep(meeting, kind, text)
    assert kept.verdict == "kept"
    return meeting.id


async def suggest(desk: Desk, subject: Subject, text: str = SOURCE) -> None:
    await Suggestions(desk.world.database, clock=lambda: desk.world.now).keep(subject, text)


async def opened(phone: Phone, title: str) -> str:
    """From /admin over the list to one item; what it says."""
    await phone.say("/admin")
    await phone.press(phone.labels[0])
    return await phone.press(next(label for label in phone.labels if title in label))


async def waiting(desk: Desk, role: Role = Role.OWNER) -> set[tuple[Kind, str]]:
    """What waits for somebody new."""
    who = await desk.world.helper(role)
    return {(one.kind, one.title) for one in await desk.world.desk.queue.items(who)}


async def test_the_first_button_says_how_much_waits_and_the_most_urgent_stands_first(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Women's Room", ReportKind.TIME)
    await report(desk, STRANGE, ReportKind.LINK)
    await joan.say("/admin")
    assert joan.labels[0] == "What waits (3)"
    said = await joan.press("What waits (3)")
    assert f"1. Report, for today: {STRANGE}\nLink or phone dead. Denver AA. Since " in said
    assert joan.labels[1:3] == ["2. Report: Women's Room", "3. Old or late: Denver AA"]


@pytest.mark.parametrize("answer", ["It is put right", "Nothing is wrong"])
async def test_a_report_that_came_since_somebody_looked_is_not_closed_unseen(desk: Desk, answer: str) -> None:
    joan = await desk.phone()
    await report(desk, "Night Lamp", ReportKind.TIME)
    await opened(joan, "Night Lamp")
    if answer == "Nothing is wrong":
        await joan.press(answer)
        answer = joan.labels[0]
    await report(desk, "Night Lamp", ReportKind.LOCKED)
    assert "More has come since you looked." in await joan.press(answer)
    assert (Kind.REPORT, "Night Lamp") in await waiting(desk)
    assert "wrong time, door locked" in await opened(joan, "Night Lamp")
    assert "The reports are closed." in await joan.press("It is put right")


async def test_nor_when_the_reason_is_typed(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Night Lamp", ReportKind.TIME)
    await opened(joan, "Night Lamp")
    await joan.press("Nothing is wrong")
    await joan.press("Another reason")
    await report(desk, "Night Lamp", ReportKind.LOCKED)
    assert "More has come since you looked." in await joan.reply("I was there, all was well")
    assert (Kind.REPORT, "Night Lamp") in await waiting(desk)


async def test_a_dead_link_is_taken_down_with_four_presses_and_the_reports_are_closed(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Women's Room", ReportKind.LINK)
    said = await opened(joan, "Women's Room")
    assert "People say (1): link or phone dead" in said
    assert "Link: https://zoom.us/j/5550100123\nPhone: +13035550101" in said
    said = await joan.press("Take the link down")
    assert "Taken down. The reports are closed." in said
    assert joan.presses == 3
    found = await desk.meeting("Women's Room")
    assert (found.join_url, found.dial_in) == ("", "+13035550101")
    assert await waiting(desk) == {(Kind.OLD, "Denver AA")}


async def test_other_reports_on_the_meeting_wait_on_when_its_number_is_taken_down(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Women's Room", ReportKind.LINK)
    await report(desk, "Women's Room", ReportKind.TIME)
    await opened(joan, "Women's Room")
    assert "The other reports still wait." in await joan.press("Take the number down")
    assert (await desk.meeting("Women's Room")).dial_in == ""
    await opened(joan, "Women's Room")
    assert "Take the number down" not in joan.labels
    await joan.press("It is put right")
    assert await waiting(desk) == {(Kind.OLD, "Denver AA")}


async def test_what_was_taken_down_can_be_put_back_from_the_same_screen(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, STRANGE, ReportKind.LINK)
    await opened(joan, STRANGE)
    await joan.press("Take the link down")
    await joan.press("Undo")
    assert (await desk.meeting(STRANGE)).join_url == "https://zoom.us/j/5550100123"


async def test_a_report_is_turned_down_with_a_usual_reason_or_with_ones_own_words(desk: Desk) -> None:
    joan = await desk.phone()
    for reason in ("I looked, it is right", "Another reason"):
        await report(desk, "Night Lamp", ReportKind.LOCKED)
        await opened(joan, "Night Lamp")
        await joan.press("Nothing is wrong")
        await joan.press(reason)
        if reason == "Another reason":
            assert "I found no words in that." in await joan.reply("\u200b")
            await joan.reply("The door is around the corner")
            reason = "The door is around the corner"
        assert "Turned down. The reason is kept." in joan.text
        (change, *_) = await desk.world.history()
        assert change.after["reason"] == reason
        assert await waiting(desk) == {(Kind.OLD, "Denver AA")}


async def test_a_meeting_that_has_ended_is_shown_no_more_after_one_question(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Night Lamp", ReportKind.ENDED)
    await opened(joan, "Night Lamp")
    assert "does not take place any more?" in await joan.press("It has ended")
    assert "Ended. Nobody finds it now." in await joan.press("Yes, it has ended")
    assert "Night Lamp" not in await desk.world.meetings()
    await read(desk)
    assert "Night Lamp" not in await desk.world.meetings()
    assert await waiting(desk) == {(Kind.OLD, "Denver AA")}


async def test_a_report_is_sent_on_with_a_text_that_is_ready_to_copy(desk: Desk) -> None:
    joan = await desk.phone()
    words = "Nobody was there at seven. " * 11
    await report(desk, "Night Lamp", ReportKind.OTHER, words)
    await opened(joan, "Night Lamp")
    said = await joan.press("Tell the publisher")
    assert "I cannot send mail." in said
    assert "Corrections: lists@example.org" in said
    assert words.strip() in said
    assert "The whole text stands above." in said
    copied = joan.button("Copy the text").copy
    assert len(copied) == 256
    assert copied.startswith("Hello. Your list names this meeting: Night Lamp, Tuesday, 7:00 PM")
    assert joan.button("Their page").url == "https://aa.example.org/contact"


async def test_what_is_put_off_leaves_the_list_and_can_be_called_back(desk: Desk) -> None:
    joan = await desk.phone()
    await report(desk, "Night Lamp", ReportKind.TIME)
    await opened(joan, "Night Lamp")
    await joan.press("Later")
    said = await joan.press("In a week")
    assert "Put off until" in said
    assert "Night Lamp" not in said
    await joan.press("Undo")
    assert "Night Lamp" in await opened(joan, "Night Lamp")


async def test_whoever_comes_second_hears_that_it_was_answered_and_sees_the_rest(desk: Desk) -> None:
    joan, bo = await desk.phone(), await desk.phone()
    meeting = await report(desk, "Night Lamp", ReportKind.TIME)
    await opened(bo, "Night Lamp")
    put_right = bo.button("It is put right").data
    reject = desk.data(Press(Action.ADMIN_ITEM_DO, meeting=meeting, number=numbered(Kind.REPORT, Step.REJECT, 1)))
    await joan.press_data(put_right)
    for data in (put_right, reject, desk.data(Press(Action.ADMIN_ITEM, meeting=meeting, number=Kind.REPORT))):
        said = await bo.press_data(data)
        assert GONE in said
        assert "Old or late" in said


async def test_a_change_that_takes_two_says_who_proposed_it_and_who_may_confirm(desk: Desk) -> None:
    first, second = await desk.phone(Role.OWNER), await desk.phone(Role.REVIEWER)
    meeting = await desk.meeting("Women's Room")
    owner = await desk.world.admins.of(first.chat)
    await desk.world.desk.meetings.change(owner, [meeting.id], {"join_url": MEET}, why="They wrote to us")
    said = await opened(first, "Women's Room")
    assert "Joan proposed this on" in said
    assert "Why: They wrote to us" in said
    assert f"https://zoom.us/j/5550100123 → {MEET}" in said
    assert "You cannot confirm it yet. Someone else can, or you from" in said
    assert "Confirm" not in first.labels
    forged = Press(Action.ADMIN_ITEM_DO, meeting=await proposal(desk), number=numbered(Kind.PROPOSAL, Step.ACCEPT))
    await first.press_data(desk.data(forged))
    assert (await desk.meeting("Women's Room")).join_url != MEET
    await opened(second, "Women's Room")
    assert "Confirmed. People see it now." in await second.press("Confirm")
    assert (await desk.meeting("Women's Room")).join_url == MEET


async def test_an_owner_alone_confirms_after_a_day(desk: Desk) -> None:
    joan = await desk.phone(Role.OWNER)
    meeting = await desk.meeting("Women's Room")
    await desk.world.desk.meetings.change(await desk.world.admins.of(joan.chat), [meeting.id], {"join_url": MEET})
    desk.world.now += timedelta(hours=24)
    assert "A day has passed, so you can confirm it alone." in await opened(joan, "Women's Room")
    await joan.press("Confirm")
    assert (await desk.meeting("Women's Room")).join_url == MEET


async def proposal(desk: Desk) -> int:
    (found,) = await desk.world.desk.meetings.proposals(None)
    return found.id


async def test_a_proposal_is_turned_down_with_its_reason(desk: Desk) -> None:
    joan = await desk.phone(Role.REVIEWER)
    bo = await desk.world.helper(Role.EDITOR)
    meeting = await desk.meeting("Women's Room")
    await desk.world.desk.meetings.change(bo, [meeting.id], {"join_url": MEET})
    await opened(joan, "Women's Room")
    await joan.press("Turn down")
    await joan.press("It is wrong")
    (change, *_) = await desk.world.history()
    assert (change.after["state"], change.after["why"]) == ("rejected", "It is wrong")


async def test_accepted_links_of_guarded_meetings_are_told_to_wait_for_a_second_person(desk: Desk) -> None:
    joan = await desk.phone(Role.REVIEWER)
    await read(desk, room={"conference_url": MEET})
    assert "It has waited since" in await opened(joan, "New list")
    await joan.press("Look at it")
    assert "a new link takes two people" in await joan.press("Accept")
    assert "New ways to join that wait for a second person: 1" in await joan.press("Yes, accept")
    assert (await desk.meeting("Women's Room")).join_url != MEET
    assert await waiting(desk) == {(Kind.PROPOSAL, "Women's Room"), (Kind.OLD, "Denver AA")}


@pytest.mark.parametrize(("way", "start"), [("Keep what was set", 20 * 60), ("Take the list's", 18 * 60)])
async def test_an_edit_that_the_list_speaks_against_is_kept_or_given_up(desk: Desk, way: str, start: int) -> None:
    joan = await desk.phone()
    meeting = await desk.meeting("Night Lamp")
    await desk.world.desk.meetings.change(None, [meeting.id], {"start": 20 * 60})
    await read(desk, lamp={"time": "18:00"})
    said = await opened(joan, "Night Lamp")
    for words in ("Time, as set here: 8:00 PM", "The list says now: 6:00 PM", "Before, it said: 7:00 PM"):
        assert words in said
    await joan.press(way)
    assert (await desk.meeting("Night Lamp")).start == start
    await read(desk, lamp={"time": "18:00"})
    assert (await desk.meeting("Night Lamp")).start == start
    assert await waiting(desk) == {(Kind.OLD, "Denver AA")}


async def test_meetings_that_a_list_dropped_are_shown_and_told_to_the_publisher(desk: Desk) -> None:
    joan = await desk.phone(Role.REVIEWER)
    await read(desk, "Room 0")
    assert "One meeting is no longer in this list." in await opened(joan, "Gone")
    await joan.press("Tell the publisher")
    assert joan.button("Copy the text").copy.endswith("Did they end? Thank you.\nRoom 0")
    await opened(joan, "Gone")
    assert "1. Room 0" in await joan.press("See the meetings")
    await opened(joan, "Gone")
    assert "Seen. It comes back if more go." in await joan.press("Seen, all right")
    assert await waiting(desk, Role.REVIEWER) == set()


async def test_old_rows_are_found_right_one_after_another(desk: Desk) -> None:
    joan = await desk.phone()
    assert "6 meetings were not changed or checked for a year." in await opened(joan, "Old or late")
    await joan.press("See the meetings")
    assert (joan.labels[4], joan.labels[5]) == ("5. Room 4", "Next page")
    assert "1. Room 5" in await joan.press("Next page")
    for left in range(5, -1, -1):
        await joan.press(joan.labels[0])
        assert "Is this still right?" in joan.text
        assert "It counts as checked today." in await joan.press("Right, checked today")
        if left:
            await joan.press("More like this")
    assert GONE in await joan.press("More like this")
    assert await waiting(desk) == set()


@pytest.mark.parametrize(
    ("subject", "path", "title"),
    [
        (Subject(About.ARTICLE, "counselors-hand-off", "en", "1.0"), "en/pages/counselors-hand-off.md", "counselors"),
        (Subject(About.FELLOWSHIP, "aa", "es"), "es/fellowships/aa.md", "Alcoholics Anonymous"),
    ],
)
async def test_a_suggestion_that_is_used_becomes_a_text_to_commit(
    desk: Desk, subject: Subject, path: str, title: str
) -> None:
    joan = await desk.phone(Role.ADMIN)
    await suggest(desk, subject)
    before = {one: one.read_bytes() for one in (ROOT / path.split("/")[0]).rglob("*.md")}
    assert SOURCE in await opened(joan, title)
    said = await joan.press("Use it")
    assert "counts as used" in said
    assert f"content/{path}" in said
    document = joan.screen.document
    assert document is not None
    written = document.data.decode()
    assert written.startswith(f"# content/{path}\n")
    assert SOURCE in written
    assert (ROOT / path).read_text().rstrip() in written
    assert "Commit message" in written
    assert {one: one.read_bytes() for one in before} == before
    assert await states(desk) == [State.USED]
    (change, *_) = await desk.world.history()
    await desk.world.desk.audit.undo(change.id, None)
    assert await states(desk) == [State.WAITING]


async def states(desk: Desk) -> list[State]:
    every = await Suggestions(desk.world.database, clock=lambda: desk.world.now).queue()
    return [one.state for one in every]


async def test_a_suggestion_about_a_text_that_is_gone_can_still_be_answered(desk: Desk) -> None:
    joan = await desk.phone(Role.OWNER)
    await suggest(desk, Subject(About.ARTICLE, "no-such-page", "en", "1.0"), f"``` {STRANGE} {SOURCE}")
    assert STRANGE in await opened(joan, "no-such-page")
    await joan.press("Text to commit")
    assert joan.screen.document is not None
    assert f"````\n``` {STRANGE} {SOURCE}\n````" in joan.screen.document.data.decode()
    await opened(joan, "no-such-page")
    await joan.press("Decline")
    assert "Turned down." in await joan.press("The source does not say so")
    assert await states(desk) == [State.DECLINED]


async def test_an_urgent_number_that_is_wrong_becomes_a_text_to_commit(desk: Desk) -> None:
    joan = await desk.phone(Role.ADMIN)
    await joan.say("/admin")
    await joan.press(joan.labels[0])
    await joan.press("Urgent numbers")
    await joan.press("Argentina")
    await joan.press("107, Emergency")
    said = await joan.reply("Overdose help is 108, says https://example.org/numbers")
    assert "content/urgent/ar.yml" in said
    assert "Nothing changed yet." in said
    assert joan.screen.document is not None
    written = joan.screen.document.data.decode()
    assert "Overdose help is 108" in written
    assert (ROOT / "urgent/ar.yml").read_text().rstrip() in written
    (change, *_) = await desk.world.history()
    assert (change.subject.kind, change.subject.id, change.can_be_undone) == ("urgent", "AR", False)


async def test_numbers_and_articles_are_for_those_who_look_after_everything(desk: Desk) -> None:
    await suggest(desk, Subject(About.ARTICLE, "counselors-hand-off", "en", "1.0"))
    joan = await desk.phone(Role.ADMIN, Scope(fellowships=frozenset({"aa"})))
    await joan.say("/admin")
    await joan.press(joan.labels[0])
    assert "Urgent numbers" not in joan.labels
    assert "Suggestion" not in joan.text
    for number in (0, 18):
        assert NOT_YOURS in await joan.press_data(desk.data(Press(Action.ADMIN_LINE, meeting=1, number=number)))


@pytest.mark.parametrize("role", Role)
async def test_nobody_answers_what_lies_outside_of_role_and_scope(desk: Desk, role: Role) -> None:
    """Forged presses of every step at every item, by everybody who may not: nothing changes."""
    await report(desk, "Night Lamp", ReportKind.TIME)
    await suggest(desk, Subject(About.FELLOWSHIP, "aa", "en"))
    meeting = await desk.meeting("Women's Room")
    await desk.world.desk.meetings.change(await desk.world.helper(Role.EDITOR), [meeting.id], {"join_url": MEET})
    lamp = await desk.meeting("Night Lamp")
    await desk.world.desk.meetings.change(None, [lamp.id], {"start": 20 * 60})
    await read(desk, "Room 0", lamp={"time": "18:00"}, strange={"conference_url": MEET})
    owner = await desk.world.helper(Role.OWNER)
    items = await desk.world.desk.queue.items(owner)
    assert {one.kind for one in items} == set(Kind)
    scope = Scope(feeds=frozenset({NA})) if role is not Role.OWNER else Scope()
    joan = await desk.phone(role, scope)
    if role is Role.OWNER:
        await desk.world.admins.revoke(owner, (await desk.world.helper(Role.OWNER)).id)
        who = await desk.world.admins.of(joan.chat)
        assert who is not None
        await desk.world.admins.revoke(None, who.id)
    before = len(await desk.world.history())
    for item in items:
        for step in Step:
            press = Press(Action.ADMIN_ITEM_DO, meeting=item.key, number=numbered(item.kind, step, 1))
            said = await joan.press_data(desk.data(press))
            assert GONE in said or OUTDATED in said or NOT_YOURS in said, (item.kind, step, said)
    for one in (await desk.world.meetings()).values():
        press = Press(Action.ADMIN_OLD, meeting=one.id, number=numbered(Kind.OLD, Step.CHECKED))
        said = await joan.press_data(desk.data(press))
        assert OUTDATED in said or NOT_YOURS in said
    assert len(await desk.world.history()) == before
    assert {one.mark for one in await desk.world.desk.queue.items(owner)} == {one.mark for one in items}


@pytest.mark.parametrize("action", MINE)
async def test_to_everybody_else_such_a_button_means_nothing(desk: Desk, action: Action) -> None:
    stranger = desk.of(5550177)
    meeting = await report(desk, "Night Lamp", ReportKind.TIME)
    for number in (0, numbered(Kind.REPORT), numbered(Kind.REPORT, Step.TAKE_DOWN), 65535):
        assert OUTDATED in await stranger.press_data(desk.data(Press(action, meeting=meeting, number=number)))


presses = st.builds(
    Press,
    st.sampled_from(MINE),
    st.builds(Search, page=st.integers(1, 255), language=st.sampled_from(["en", "es"])),
    st.none() | st.integers(0, 8) | st.sampled_from([key_for(kind, AA) for kind in Kind]) | st.integers(0, 2**56 - 1),
    st.builds(numbered, st.sampled_from(Kind), st.sampled_from(Step), st.integers(0, 31)) | st.integers(0, 65535),
)


async def test_any_button_of_the_queue_is_answered(desk: Desk) -> None:
    joan = await desk.phone(Role.OWNER)
    await suggest(desk, Subject(About.FELLOWSHIP, "aa", "en"))
    await read(desk, "Room 0", strange={"conference_url": MEET})
    seen: list[Press] = []

    @given(presses)
    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def collect(press: Press) -> None:
        seen.append(press)

    collect()
    for press in seen:
        assert await joan.press_data(desk.data(press))


async def test_the_history_says_in_words_what_was_answered_and_put_off(desk: Desk) -> None:
    joan = await desk.phone(Role.OWNER)
    await suggest(desk, Subject(About.FELLOWSHIP, "aa", "en"))
    meeting = await desk.meeting("Women's Room")
    await desk.world.desk.meetings.change(await desk.world.helper(Role.EDITOR), [meeting.id], {"join_url": MEET})
    await opened(joan, "Women's Room")
    await joan.press("Confirm")
    await opened(joan, "Old or late")
    await joan.press("Later")
    await joan.press("Tomorrow")
    await opened(joan, "Alcoholics Anonymous")
    await joan.press("Decline")
    await joan.press("It does not fit here")
    await joan.say("/admin")
    said = await joan.press("History")
    day = desk.world.now + timedelta(days=1)
    for words in ("What became of it: waiting → declined", f"Put off until: {day.day} {day:%b %Y}, 12:00 UTC"):
        assert words in said
