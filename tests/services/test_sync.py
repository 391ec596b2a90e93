"""Feeds kept in step with a publisher on loopback: what people see right after each thing it may do."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import FeedError, MeetingGone
from bot.domain.feed import FeedCard
from bot.domain.feed_state import FeedState, SyncReport
from bot.domain.meeting import Meeting, meeting_id
from bot.domain.search import Search
from bot.feeds.fetch import Fetcher, Limits
from bot.feeds.registry import READERS
from bot.services.feeds import Feeds, Part
from bot.services.meetings import Meetings
from bot.services.sync import Sync
from bot.store import changes, held, revising, syncs
from bot.store import feeds as records
from bot.store import meetings as listings
from bot.store.changes import Change
from bot.store.database import Database
from tests.feeds.feed_server import FeedServer
from tests.feeds.rows import row, tables, zone_of
from tests.services.test_meetings import FELLOWSHIPS

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FEED = "aa-denver"
DAY = timedelta(days=1)
ZOOM, MEET = "https://zoom.us/j/5550100", "https://meet.google.com/abc-defg-hij"


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [row(slug=f"m{number}", name=f"Meeting {number}", **more) for number in range(count)]


class World:
    """A publisher, a card for its list that is on, and the searches of people over the same database."""

    def __init__(self, database: Database, server: FeedServer) -> None:
        self.database, self.server, self.now = database, server, START
        self.card = FeedCard(
            id=FEED, publisher="Denver AA", url=server.url, format="meeting_guide", fellowship="aa", every=24,
            least=3, most=50,
        )  # fmt: skip
        self.feeds = Feeds(database, READERS, tables(), zone_of=zone_of, clock=lambda: self.now)
        self.meetings = Meetings(database, FELLOWSHIPS, lambda: self.now, lambda _place: "America/Denver")
        self.sync = self.process()

    def process(self, **changed: Any) -> Sync:
        """The service as another process would have it, with the card as it is now."""
        limits = Limits(total_s=2, connect_s=1, read_s=0.3, size=1024 * 1024)
        self.card = replace(self.card, **changed)
        fetch = Fetcher(allow_http_hosts=frozenset({"127.0.0.1"}), limits=limits).fetch
        self.sync = Sync(self.database, self.feeds, {FEED: self.card}, fetch, clock=lambda: self.now, draw=lambda: 0)
        return self.sync

    async def synced(self, *listed: dict[str, Any]) -> SyncReport:
        """A day later the publisher lists these, and the feed is read."""
        self.now += DAY
        self.server.rows = list(listed)
        return await self.sync.sync(FEED)

    async def seen(self) -> dict[str, Meeting]:
        """What people find, by name."""
        await self.meetings.refresh()
        found, page = [], 1
        while True:
            listed = await self.meetings.search(Search(fellowships=("aa",), online=None, page=page, place=None))
            found += [shown.meeting for shown in listed.rows]
            if not listed.more:
                return {meeting.name: meeting for meeting in found}
            page += 1

    async def state(self) -> FeedState:
        (state,) = await self.sync.listing()
        return state

    async def told(self) -> list[Change]:
        async with self.database.read() as connection:
            return await changes.of_feed(connection, FEED)

    async def revision(self) -> int:
        async with self.database.read() as connection:
            return await listings.revision(connection)


def online(count: int, url: str = ZOOM) -> list[dict[str, Any]]:
    """Rows that a search without a place finds."""
    return rows(count, types=["O", "ONL"], conference_url=url)


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    async with FeedServer() as server:
        world = World(db, server)
        await world.sync.enable(FEED)
        yield world


TEN = online(10)
NAMES = {f"Meeting {number}" for number in range(10)}


async def test_a_card_is_off_until_an_operator_turns_it_on(db: Database) -> None:
    async with FeedServer(*TEN) as server:
        world = World(db, server)
        assert await world.state() == FeedState(FEED, "off", 0, None)
        with pytest.raises(FeedError, match=r"^aa-denver is off: `openchair feeds enable aa-denver` turns it on\.$"):
            await world.sync.sync(FEED)
        assert await world.sync.claim() is None
        assert server.asked == []


async def test_a_feed_that_was_turned_on_is_listed_after_its_first_reading(world: World) -> None:
    assert await world.sync.enable(FEED) is False
    assert await world.state() == FeedState(FEED, "never", 0, None)
    report = await world.synced(*TEN)
    assert report == SyncReport(FEED, "updated", 10, added=10)
    assert (await world.seen()).keys() == NAMES
    assert await world.state() == FeedState(FEED, "fresh", 10, world.now)


async def test_a_feed_without_a_card_cannot_be_turned_on_or_read(world: World) -> None:
    for deed in (world.sync.enable, world.sync.sync):
        with pytest.raises(FeedError, match="There is no card for a feed nowhere"):
            await deed("nowhere")
    with pytest.raises(FeedError, match="There is no feed nowhere"):
        await world.sync.disable("nowhere")


async def test_an_unchanged_list_is_asked_for_once_and_stays_fresh(world: World) -> None:
    await world.synced(*TEN)
    before = await world.revision()
    assert await world.synced(*TEN) == SyncReport(FEED, "unchanged", 10)
    assert world.server.asked[-1].headers["If-None-Match"]
    assert (await world.state()).last_success == world.now
    assert await world.revision() == before  # nothing has to be built anew
    assert len(await world.told()) == 10


async def test_a_changed_card_or_a_wish_reads_even_an_unchanged_list(world: World) -> None:
    await world.synced(*TEN)
    await world.sync.sync(FEED, whole=True)
    assert "If-None-Match" not in world.server.asked[-1].headers
    world.process(zone="America/Chicago")
    await world.sync.sync(FEED)
    assert "If-None-Match" not in world.server.asked[-1].headers


async def test_what_changed_is_told_field_by_field(world: World) -> None:
    await world.synced(*TEN)
    moved = TEN[0] | {"time": "20:30", "end_time": "21:30", "types": ["C", "ONL"]}
    report = await world.synced(moved, *TEN[1:])
    assert report == SyncReport(FEED, "updated", 10, changed=1)
    assert (await world.seen())["Meeting 0"].start == 20 * 60 + 30
    (change,) = [one for one in await world.told() if one.kind == "changed"]
    assert (change.at, change.meeting) == (world.now, meeting_id(FEED, "m0", 0))
    assert change.fields == {"start": [19 * 60, 20 * 60 + 30], "tags": [["open"], ["closed"]]}


async def test_a_new_date_of_change_alone_is_taken_and_tells_nothing(world: World) -> None:
    await world.synced(*online(10))
    dated = [one | {"updated": f"2026-11-{number + 1:02d} 10:00:00"} for number, one in enumerate(TEN)]
    report = await world.synced(*dated)
    assert report == SyncReport(FEED, "unchanged", 10)
    assert (await world.seen())["Meeting 3"].updated == datetime(2026, 11, 4, 10, 0, tzinfo=UTC)


async def test_letters_that_no_database_takes_are_no_change_every_day(world: World) -> None:
    odd = TEN[0] | {"notes": "Bring a \x00 friend"}
    await world.synced(odd, *TEN[1:])
    assert (await world.sync.sync(FEED, whole=True)).outcome == "unchanged"


@pytest.mark.parametrize(
    "play", ["challenge", "challenge with 200", "error", "slow", "half", "half gzip", "bomb", "redirect"]
)
async def test_a_reading_that_fails_leaves_yesterdays_list_and_says_why(world: World, play: str) -> None:
    await world.synced(*TEN)
    last, before = world.now, await world.told()
    world.server.play, world.server.target = play, "https://10.0.0.1/meetings"
    with pytest.raises(FeedError) as caught:
        await world.synced(*TEN[:9])
    assert (await world.seen()).keys() == NAMES
    assert await world.state() == FeedState(FEED, "failing", 10, last, reason=str(caught.value))
    assert (await world.sync.troubles()).failing == (FEED,)
    assert await world.told() == before
    world.server.play = "well"
    assert (await world.synced(*TEN[:9])).vanished == 1
    assert (await world.state()).state == "fresh"
    assert (await world.sync.troubles()).failing == ()


@pytest.mark.parametrize(
    ("play", "listed", "says"),
    [
        ("cut json", TEN, "This is not a list of meetings. It is not whole JSON"),
        ("empty", TEN, "This file is empty."),
        ("well", [], "This list holds no meetings."),
        ("well", [{"name": "Meeting", "slug": str(number)} for number in range(10)], "None of the 10 rows"),
        ("well", TEN[:2], "It holds 2 meetings, fewer than the 3 that the card expects."),
        ("well", online(51), "It holds 51 meetings, more than the 50 that the card expects."),
        ("well", TEN[:5], "It holds 5 meetings where there were 10: more than 20% are gone."),
    ],
)
async def test_a_list_that_nobody_would_believe_is_held_and_yesterdays_stays(
    world: World, play: str, listed: list[dict[str, Any]], says: str
) -> None:
    await world.synced(*TEN)
    last, before = world.now, await world.told()
    world.server.play = play
    report = await world.synced(*listed)
    assert (report.outcome, report.meetings, report.held) == ("held", 10, 1)
    assert says in report.reason
    assert (await world.seen()).keys() == NAMES
    state = await world.state()
    assert (state.state, state.meetings, state.held, state.last_success) == ("held", 10, 1, last)
    assert says in state.reason
    assert await world.told() == before


async def test_the_first_list_of_a_feed_can_be_held_too(world: World) -> None:
    assert (await world.synced(*TEN[:2])).outcome == "held"
    assert await world.seen() == {}
    assert (await world.sync.accept(FEED)).added == 2
    assert (await world.state()).state == "fresh"


async def test_a_fifth_may_go_and_no_more(world: World) -> None:
    await world.synced(*TEN)
    assert (await world.synced(*TEN[:8])).outcome == "updated"
    assert (await world.synced(*TEN[:6])).outcome == "held"


async def test_what_is_accepted_is_taken_as_if_it_had_been_believed(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5], TEN[0] | {"slug": "new", "name": "New"})
    held_on = world.now
    world.now += timedelta(hours=1)
    report = await world.sync.accept(FEED)
    assert report == SyncReport(FEED, "updated", 6, added=1, vanished=5)
    assert (await world.seen()).keys() == {*(f"Meeting {number}" for number in range(5)), "New"}
    assert await world.state() == FeedState(FEED, "fresh", 6, held_on)
    with pytest.raises(FeedError, match=r"^Nothing of aa-denver waits for a decision\.$"):
        await world.sync.accept(FEED)


async def test_what_is_refused_does_not_ask_again_and_what_comes_next_does(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5])
    assert await world.sync.refuse(FEED) == 1
    assert await world.state() == FeedState(FEED, "fresh", 10, START + DAY)
    assert (await world.synced(*TEN[:5])).outcome == "unchanged"
    assert (await world.sync.sync(FEED, whole=True)).outcome == "unchanged"
    assert (await world.seen()).keys() == NAMES
    assert (await world.synced(*TEN[:4])).outcome == "held"
    with pytest.raises(FeedError, match="waits"):
        await world.sync.refuse("elsewhere")


async def test_a_refused_list_is_not_mistaken_for_a_fresh_one(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5])
    await world.sync.refuse(FEED)
    for _ in range(2):
        await world.synced(*TEN[:5])
    assert (await world.state()).state == "late"
    assert (await world.sync.troubles()).late == (FEED,)


async def test_a_good_list_lets_a_held_one_be_forgotten(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5])
    assert (await world.synced(*TEN[:9])).outcome == "updated"
    assert await world.state() == FeedState(FEED, "fresh", 9, world.now)


async def test_a_held_list_that_cannot_be_read_cannot_be_accepted_and_can_be_refused(world: World) -> None:
    await world.synced(*TEN)
    await world.synced()
    with pytest.raises(FeedError, match=r"What is held of aa-denver cannot be taken\. This list holds no meetings\."):
        await world.sync.accept(FEED)
    assert (await world.state()).held == 1
    assert await world.sync.refuse(FEED) == 1


async def test_a_held_list_does_not_fill_the_database(world: World) -> None:
    world.process(most=2000)
    await world.synced(*online(1000))
    await world.synced(*online(100))
    async with world.database.read() as connection:
        snapshot = await held.snapshot(connection, FEED)
    assert snapshot is not None
    assert len(snapshot.data) < len(json.dumps(online(100))) / 5
    await world.sync.refuse(FEED)
    async with world.database.read() as connection:
        snapshot = await held.snapshot(connection, FEED)
    assert snapshot is not None
    assert snapshot.data == b""


async def test_a_link_to_another_host_waits_and_people_join_where_they_did(world: World) -> None:
    await world.synced(*TEN)
    report = await world.synced(TEN[0] | {"conference_url": MEET, "time": "20:00", "end_time": "21:00"}, *TEN[1:])
    assert (report.outcome, report.changed, report.held) == ("updated", 1, 1)
    seen = (await world.seen())["Meeting 0"]
    assert (seen.join_url, seen.start) == (ZOOM, 20 * 60)
    state = await world.state()
    assert (state.state, state.held, state.last_success) == ("held", 1, world.now)
    assert (await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:])).held == 1
    assert (await world.seen())["Meeting 0"].join_url == ZOOM


async def test_an_accepted_link_is_what_people_press_from_then_on(world: World) -> None:
    await world.synced(*TEN)
    other = TEN[0] | {"conference_url": MEET}
    await world.synced(other, *TEN[1:])
    report = await world.sync.accept(FEED)
    assert report == SyncReport(FEED, "updated", 10, changed=1)
    assert (await world.seen())["Meeting 0"].join_url == MEET
    change = (await world.told())[-1]
    assert change.fields["join_url"] == [ZOOM, MEET]
    assert (await world.sync.sync(FEED, whole=True)).held == 0
    assert (await world.state()).state == "fresh"


async def test_a_refused_link_stays_away_until_the_publisher_sends_another_one(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:])
    assert await world.sync.refuse(FEED) == 1
    assert (await world.synced(TEN[0] | {"conference_url": MEET, "time": "20:00"}, *TEN[1:])).held == 0
    assert (await world.seen())["Meeting 0"].join_url == ZOOM
    third = TEN[0] | {"conference_url": "https://meet.jit.si/ExampleRoom"}
    assert (await world.synced(third, *TEN[1:])).held == 1


async def test_a_link_that_went_back_to_its_host_waits_no_longer(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:])
    report = await world.synced(TEN[0] | {"conference_url": "https://zoom.us/j/5550199"}, *TEN[1:])
    assert report.held == 0
    assert (await world.seen())["Meeting 0"].join_url == "https://zoom.us/j/5550199"


async def test_a_link_to_an_unknown_host_waits_as_well(world: World) -> None:
    await world.synced(*TEN)
    report = await world.synced(TEN[0] | {"conference_url": "https://zoom.example.org/j/5550100"}, *TEN[1:])
    assert report.held == 1
    seen = (await world.seen())["Meeting 0"]
    assert (seen.join_url, seen.join_notes) == (ZOOM, "")


async def test_a_link_that_is_gone_or_new_is_simply_taken(world: World) -> None:
    phone = {"types": ["O", "ONL"], "conference_phone": "+1-555-010-0123"}
    first = row(slug="m0", name="Meeting 0", conference_url=ZOOM, **phone)
    await world.synced(first, *TEN[1:])
    assert (await world.synced(row(slug="m0", name="Meeting 0", **phone), *TEN[1:])).held == 0
    assert (await world.seen())["Meeting 0"].join_url == ""
    assert (await world.synced(row(slug="m0", name="Meeting 0", conference_url=MEET, **phone), *TEN[1:])).held == 0
    assert (await world.seen())["Meeting 0"].join_url == MEET


async def test_links_and_a_list_that_wait_are_accepted_together(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:])
    assert (await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:5])).held == 2
    report = await world.sync.accept(FEED)
    assert (report.meetings, report.changed, report.vanished, report.held) == (5, 1, 5, 0)
    assert (await world.seen())["Meeting 0"].join_url == MEET


async def test_links_can_be_accepted_while_a_list_that_cannot_be_read_goes_on_waiting(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(TEN[0] | {"conference_url": MEET}, *TEN[1:])
    await world.synced()
    report = await world.sync.accept(FEED)
    assert (report.outcome, report.changed, report.held, report.meetings) == ("held", 1, 1, 10)
    assert (await world.seen())["Meeting 0"].join_url == MEET


async def test_a_vanished_meeting_is_not_found_and_its_old_button_says_so_kindly(world: World) -> None:
    await world.synced(*TEN)
    gone = (await world.seen())["Meeting 9"]
    assert (await world.synced(*TEN[:9])).vanished == 1
    assert (await world.seen()).keys() == NAMES - {"Meeting 9"}
    with pytest.raises(MeetingGone):
        await world.meetings.open(gone.id)
    assert await world.meetings.many([gone.id]) == ()
    assert (await world.state()).meetings == 9
    async with world.database.read() as connection:
        assert await listings.count_by_fellowship(connection) == {"aa": 9}
        assert sum(place[-1] for place in await listings.place_rows(connection)) == 9


async def test_a_vanished_meeting_that_comes_back_is_the_same_one(world: World) -> None:
    await world.synced(*TEN)
    before = (await world.seen())["Meeting 9"]
    await world.synced(*TEN[:9])
    assert (await world.synced(*TEN)).added == 1
    assert (await world.seen())["Meeting 9"] == before
    assert [one.kind for one in await world.told() if one.meeting == before.id] == ["added", "vanished", "returned"]


async def test_a_vanished_meeting_is_kept_for_thirty_days_and_what_changed_for_ninety(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:9])
    world.now += 28 * DAY
    await world.synced(*TEN[:9], row(slug="x", name="X"))
    assert await stored(world) == 11
    world.now += DAY
    await world.synced(*TEN[:9], row(slug="y", name="Y"))
    assert await stored(world) == 11  # Y came, X vanished, Meeting 9 was deleted
    world.now += 62 * DAY
    await world.synced(*TEN[:9], row(slug="z", name="Z"))
    assert {one.kind for one in await world.told() if one.at < START + 3 * DAY} == set()


async def stored(world: World) -> int:
    async with world.database.read() as connection:
        return sum([len(part) async for part in revising.known(connection, FEED)])


async def test_turning_a_feed_off_takes_its_meetings_out_of_the_searches(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5])
    assert await world.sync.disable(FEED) == 10
    assert await world.seen() == {}
    assert await world.state() == FeedState(FEED, "off", 0, None)
    assert await world.sync.disable(FEED) is None
    with pytest.raises(FeedError, match="waits"):
        await world.sync.accept(FEED)
    await world.sync.enable(FEED)
    assert (await world.state()).state == "never"


async def test_a_feed_that_is_turned_off_while_it_is_read_stays_off(world: World) -> None:
    await world.synced(*TEN)
    world.server.play = "slow"
    world.server.rows = online(9)
    reading = asyncio.create_task(world.process().sync(FEED))
    while len(world.server.asked) < 2:
        await asyncio.sleep(0.01)
    await World(world.database, world.server).sync.disable(FEED)  # as another process does
    world.server.release.set()
    with pytest.raises(FeedError, match="turned off while it was read"):
        await reading
    assert await world.seen() == {}
    assert (await world.state()).state == "off"


async def test_two_readings_of_one_feed_at_once_agree(world: World) -> None:
    world.server.rows = TEN
    reports = await asyncio.gather(*(world.sync.sync(FEED) for _ in range(4)))
    assert sorted(report.added for report in reports) == [0, 0, 0, 10]
    assert (await world.seen()).keys() == NAMES
    assert len(await world.told()) == 10


async def test_two_processes_that_read_one_feed_at_once_agree(world: World) -> None:
    world.server.rows = TEN
    reports = await asyncio.gather(*(world.process().sync(FEED) for _ in range(3)))
    assert sorted(report.added for report in reports) == [0, 0, 10]
    assert len(await world.told()) == 10
    assert await world.sync.claim() is None


async def test_an_answer_that_was_overtaken_changes_nothing(world: World) -> None:
    await world.synced(*TEN)
    slow, world.server.play, world.server.rows = world.process(), "slow", TEN[:9]
    reading = asyncio.create_task(slow.sync(FEED))
    while len(world.server.asked) < 2:
        await asyncio.sleep(0.01)
    world.process()
    world.server.play = "well"
    await world.synced(*online(11))
    world.server.rows = TEN[:9]
    world.server.release.set()
    await reading
    assert len(await world.seen()) == 11


@pytest.mark.parametrize("step", ["write", "trim"])
async def test_a_crash_in_the_middle_changes_nothing_at_all(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.synced(*TEN)
    before, revision = await world.told(), await world.revision()

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(changes, step, crash)
        with pytest.raises(KeyboardInterrupt):
            await world.synced(*online(9, MEET), *online(12)[10:])
    assert (await world.seen()).keys() == NAMES
    assert (await world.told(), await world.revision()) == (before, revision)
    assert (await world.state()).held == 0
    assert (await world.sync.sync(FEED)).added == 2


async def test_a_bot_that_is_stopped_in_the_middle_of_writing_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.synced(*TEN)
    before, writing = await world.told(), asyncio.Event()

    async def slow(*_: object) -> None:
        writing.set()
        await asyncio.sleep(60)

    with monkeypatch.context() as slowed:
        slowed.setattr(changes, "write", slow)
        reading = asyncio.create_task(world.synced(*TEN[:9]))
        await writing.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert (await world.seen()).keys() == NAMES
    assert await world.told() == before
    assert (await world.sync.sync(FEED)).vanished == 1


async def test_a_fault_of_the_program_is_told_as_a_failure_of_the_feed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.synced(*TEN)

    def stumble(*_: object) -> None:
        raise ZeroDivisionError("about nobody")

    monkeypatch.setattr(world.feeds, "read", stumble)
    with pytest.raises(ZeroDivisionError):
        await world.synced(*TEN[:9])
    state = await world.state()
    assert (state.state, state.reason) == ("failing", "Something went wrong in the program: ZeroDivisionError.")


async def test_a_feed_is_due_when_its_hours_are_over_and_only_one_process_takes_it(world: World) -> None:
    assert await world.sync.claim() == FEED
    assert await world.process().claim() is None
    await world.sync.sync(FEED)
    world.now += timedelta(hours=23)
    assert await world.sync.claim() is None
    world.now += timedelta(hours=1)
    assert await world.sync.claim() == FEED


async def test_a_process_that_died_with_a_feed_in_its_hands_does_not_keep_it(world: World) -> None:
    assert await world.sync.claim() == FEED
    world.now += timedelta(minutes=16)
    assert await world.process().claim() == FEED


async def test_a_failing_publisher_is_asked_less_and_less_but_no_less_than_usual(world: World) -> None:
    world.server.play = "error"
    waits = []
    for _ in range(8):
        with pytest.raises(FeedError):
            await world.sync.sync(FEED)
        async with world.database.read() as connection:
            record = await syncs.by_id(connection, FEED)
        assert record is not None
        waits.append((record.due_at - world.now).total_seconds() / 3600)
        world.now = record.due_at
    assert waits == [0.5, 1, 2, 4, 8, 16, 24, 24]
    assert (await world.state()).last_success is None


async def test_readings_are_spread_over_a_tenth_of_their_hours(world: World) -> None:
    sync = Sync(
        world.database, world.feeds, {FEED: world.card}, world.sync._fetch, clock=lambda: world.now, draw=lambda: 1
    )
    world.server.rows = TEN
    await sync.sync(FEED)
    world.now += timedelta(hours=26)
    assert await sync.claim() is None
    world.now += timedelta(minutes=24)
    assert await sync.claim() == FEED


async def test_a_list_that_nobody_heard_for_two_rounds_is_late(world: World) -> None:
    await world.synced(*TEN)
    world.now += 2 * DAY
    assert (await world.state()).state == "fresh"
    world.now += timedelta(minutes=1)
    assert (await world.state()).state == "late"
    assert (await world.sync.troubles()).late == (FEED,)


async def test_a_list_that_a_person_brings_for_a_card_is_believed_and_tells_what_changed(world: World) -> None:
    await world.synced(*TEN)
    await world.synced(*TEN[:5])
    part = Part(json.dumps(online(4, MEET)).encode(), "meeting_guide", "aa")
    told: list[tuple[int, int]] = []
    result = await world.sync.import_bytes(FEED, part, progress=lambda done, of: told.append((done, of)))
    assert (len(result.meetings), told) == (4, [(4, 4)])
    assert {one.join_url for one in (await world.seen()).values()} == {MEET}
    assert await world.state() == FeedState(FEED, "fresh", 4, world.now)
    assert [one.kind for one in await world.told()].count("vanished") == 6


async def test_a_list_for_a_card_that_is_off_counts_as_brought_by_hand(db: Database) -> None:
    async with FeedServer() as server:
        world = World(db, server)
        await world.sync.import_bytes(FEED, Part(json.dumps(TEN).encode(), "meeting_guide", "aa"))
        assert await world.state() == FeedState(FEED, "fresh", 10, START)
        assert await world.sync.disable(FEED) == 10


async def test_a_feed_without_a_card_is_imported_as_before(world: World) -> None:
    await world.sync.import_bytes("aa-files", Part(json.dumps(TEN).encode(), "meeting_guide", "aa"))
    states = {state.id: state.state for state in await world.sync.listing()}
    assert states == {FEED: "never", "aa-files": "fresh"}
    await world.sync.import_bytes("aa-files", Part(json.dumps(TEN[:1]).encode(), "meeting_guide", "aa"))
    assert (await world.seen()).keys() == {"Meeting 0"}


async def test_what_a_format_needs_beside_its_list_is_fetched_too(world: World) -> None:
    server = world.server
    server.beside = {
        "formats": [{"key_string": "O", "id": "1", "world_id": "OPEN", "lang": "en", "name_string": "Open"}],
        "info": [{"defaultDuration": "01:15"}],
    }
    server.rows = [
        {
            "id_bigint": str(number), "weekday_tinyint": "2", "start_time": "19:00:00", "duration_time": "00:00:00",
            "meeting_name": f"Meeting {number}", "formats": "O", "format_shared_id_list": "1", "venue_type": "2",
            "virtual_meeting_link": ZOOM, "time_zone": "America/Denver", "published": "1", "service_body_bigint": "1",
        }
        for number in range(10)
    ]  # fmt: skip
    world.process(format="bmlt", formats_url=server.at("formats"), server_info_url=server.at("info"))
    assert (await world.sync.sync(FEED)).added == 10
    seen = (await world.seen())["Meeting 3"]
    assert seen.has_tag("open")
    assert seen.duration == 75
    world.process(server_info_url="http://10.0.0.1/info")
    with pytest.raises(FeedError, match=r"10\.0\.0\.1"):
        await world.sync.sync(FEED, whole=True)
    assert len(await world.seen()) == 10


async def test_a_card_that_was_taken_away_is_late_and_can_still_be_turned_off(world: World) -> None:
    await world.synced(*TEN)
    orphan = Sync(world.database, world.feeds, {}, world.sync._fetch, clock=lambda: world.now)
    assert [state.state for state in await orphan.listing()] == ["late"]
    assert await orphan.claim() is None
    assert await orphan.disable(FEED) == 10
    async with world.database.read() as connection:
        assert await records.listed(connection) == []
