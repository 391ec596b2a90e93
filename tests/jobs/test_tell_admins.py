"""What waits is told at the hour that was chosen, to whom it concerns, and never twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.admin import EVERYTHING, Admin, Role, Scope
from bot.domain.errors import NotPermitted
from bot.domain.meeting import Meeting
from bot.domain.news import Alert, Reader, Wanted
from bot.domain.reminder import Blocked, NotSent, Outcome, Rejected, Sent, Unsure
from bot.domain.report_kinds import ReportKind
from bot.jobs.tell_admins import TellAdmins
from bot.services.admins import Admins
from bot.services.keys import KeyRing
from bot.services.limiter import Limiter
from bot.services.news import News
from bot.services.reports import Reports
from bot.store import meetings as listings
from bot.store.database import Database
from bot.views.screen import Screen
from tests.builders import make_meeting
from tests.helping import KEY

TUESDAY = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
LONDON, OREGON = "Europe/London", "America/Los_Angeles"
LEEDS = make_meeting(country="GB", region="England")
RIVER = make_meeting(feed="na-oregon", fellowship="na", zone=OREGON, country="US", region="Oregon")
HOUR = timedelta(hours=1)
EIGHT = 8 * 60


@dataclass
class World:
    """Some who help, a clock, and a Telegram that answers as the test wants."""

    db: Database
    now: datetime = TUESDAY
    told: list[tuple[int, str, bool]] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)
    chats: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.admins = Admins(self.db, KeyRing(self.db, setting=KEY), clock=self.clock)
        self.news = News(self.db, self.admins, clock=self.clock)
        self.reports = Reports(self.db, clock=self.clock)
        self.limiter = Limiter(self.db, 1000.0)
        self.job = self.another()

    def clock(self) -> datetime:
        return self.now

    def another(self) -> TellAdmins:
        """A second process, as it were."""
        return TellAdmins(self.news, self.reports.counts, self.limiter, self.composed, self.deliver, clock=self.clock)

    def composed(self, language: str, what: Mapping[str, int] | Alert) -> Screen:
        said = f"alert {what.meeting.feed} {what.kind}" if isinstance(what, Alert) else f"digest {dict(what)}"
        return Screen(f"{language} {said}")

    async def deliver(self, chat: int, screen: Screen, silent: bool) -> Outcome:
        await asyncio.sleep(0)
        outcome = self.answers.pop(0) if self.answers else Sent()
        if isinstance(outcome, Sent | Unsure):
            self.told.append((chat, screen.text, silent))
        return outcome

    async def helper(self, role: Role = Role.EDITOR, scope: Scope = EVERYTHING) -> Admin:
        chat = 7_700_200 + len(self.chats)
        admin = await self.admins.grant(chat, role, scope)
        self.chats[admin.id] = chat
        return admin

    async def reported(self, meeting: Meeting = LEEDS) -> None:
        await self.reports.keep(meeting, ReportKind.LOCKED)

    async def run(self, now: datetime | None = None) -> list[str]:
        """One round; what was said in it."""
        self.now = now or self.now
        before = len(self.told)
        await self.job.run()
        return [text for _, text, _ in self.told[before:]]


async def opened(db: Database) -> World:
    world = World(db)
    async with db.begin() as connection:
        for meeting in (LEEDS, RIVER):
            await listings.replace_feed(connection, meeting.feed, [meeting], at=TUESDAY)
    return world


async def test_nobody_is_told_anything_unless_they_asked(db: Database) -> None:
    world = await opened(db)
    who = await world.helper(Role.OWNER)
    await world.reported()
    assert await world.news.of(who) == Wanted()
    for hours in range(24):
        assert await world.run(TUESDAY + hours * HOUR) == []


async def test_a_digest_comes_once_a_day_at_its_hour_and_not_when_nothing_waits(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "es")
    await world.reported()
    assert await world.run(TUESDAY + HOUR - timedelta(minutes=1)) == []
    assert await world.run(TUESDAY + HOUR) == ["es digest {'report': 1}"]
    assert await world.run(TUESDAY + HOUR + timedelta(minutes=1)) == []
    assert world.told == [(world.chats[who.id], "es digest {'report': 1}", False)]
    assert await world.run(TUESDAY + 25 * HOUR) == ["es digest {'report': 1}"]
    await world.reports.answer(None, LEEDS.id, accept=True)
    assert await world.run(TUESDAY + 49 * HOUR) == []
    await world.reported()
    assert await world.run(TUESDAY + 50 * HOUR) == [], "that day is done"
    assert await world.run(TUESDAY + 73 * HOUR) == ["es digest {'report': 1}"]


async def test_a_digest_counts_what_lies_in_the_scope_alone(db: Database) -> None:
    world = await opened(db)
    for scope in (Scope(areas=frozenset({"GB"})), Scope(frozenset({"lifering"})), EVERYTHING):
        await world.news.set_digest(await world.helper(Role.REVIEWER, scope), EIGHT, LONDON, "en")
    await world.reported(LEEDS)
    await world.reported(RIVER)
    assert await world.run(TUESDAY + HOUR) == ["en digest {'report': 1}", "en digest {'report': 2}"]


@pytest.mark.parametrize(
    ("hours", "comes"), [(0, False), (1, True), (4.9, True), (5, False), (12, False), (25, True), (29, False)]
)
async def test_a_digest_that_is_hours_late_stays_away(sqlite_db: Database, hours: float, comes: bool) -> None:
    world = await opened(sqlite_db)
    await world.news.set_digest(await world.helper(), EIGHT, LONDON, "en")
    await world.reported()
    assert bool(await world.run(TUESDAY + hours * HOUR)) is comes


async def test_an_hour_that_is_over_today_begins_tomorrow_and_a_second_hour_brings_no_second_digest(
    db: Database,
) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.reported()
    await world.news.set_digest(who, 7 * 60, LONDON, "en")
    assert await world.run() == []
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    assert await world.run(TUESDAY + HOUR) == [], "it was set for seven first, and that is today's"
    assert len(await world.run(TUESDAY + 25 * HOUR)) == 1
    await world.news.set_digest(who, 20 * 60, LONDON, "en")
    assert await world.run(TUESDAY + 37 * HOUR) == []
    await world.news.set_digest(who, 20 * 60, OREGON, "en")  # where it is still Wednesday, for longer
    assert await world.run(datetime(2026, 11, 26, 4, 0, tzinfo=UTC)) == []
    assert len(await world.run(datetime(2026, 11, 27, 4, 0, tzinfo=UTC))) == 1


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])  # half past one: skipped; comes twice
async def test_in_the_night_of_a_clock_change_a_digest_comes_once(sqlite_db: Database, day: date) -> None:
    world = await opened(sqlite_db)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    world.now = midnight - 6 * HOUR
    await world.news.set_digest(await world.helper(), 90, LONDON, "en")
    await world.reported()
    said = [await world.run(midnight + quarter * HOUR / 4) for quarter in range(-8, 32)]
    assert sum(map(len, said)) == 1


async def test_two_processes_at_the_same_instant_send_one_digest_and_one_alert(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported()
    world.now = TUESDAY + HOUR
    await asyncio.gather(*(world.another().run() for _ in range(4)))
    assert sorted(text for _, text, _ in world.told) == [
        "en alert smart-sample locked",
        "en digest {'report': 1}",
    ]


async def test_a_report_that_concerns_today_is_told_once_a_day_to_whoever_looks_after_it(db: Database) -> None:
    world = await opened(db)
    mine = await world.helper(Role.EDITOR, Scope(areas=frozenset({"GB"})))
    other = await world.helper(Role.ADMIN, Scope(areas=frozenset({"US"})))
    for who in (mine, other):
        await world.news.set_alerts(who, True, "en")
    assert await world.run() == []
    await world.reported(LEEDS)
    await world.reported(LEEDS)
    assert await world.run() == ["en alert smart-sample locked"]
    assert world.told[0][0] == world.chats[mine.id]
    assert await world.run() == []
    world.now += 24 * HOUR
    await world.reported(LEEDS)
    assert await world.run() == [], "on a Wednesday it is not held"
    await world.news.set_alerts(other, False, "en")
    world.now = TUESDAY + timedelta(days=7, hours=12)
    await world.reported(RIVER)
    assert await world.run() == []


async def test_an_alert_that_waited_past_its_day_is_told_to_nobody(db: Database) -> None:
    world = await opened(db)
    await world.news.set_alerts(await world.helper(), True, "en")
    await world.reported()
    assert await world.run(TUESDAY + 24 * HOUR) == []
    assert await world.run(TUESDAY + timedelta(days=7)) == []


async def test_at_night_where_somebody_is_an_alert_makes_no_sound(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, OREGON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported(LEEDS)
    await world.run(TUESDAY + 2 * HOUR)
    world.now = TUESDAY + 11 * HOUR
    await world.reported(RIVER)
    await world.run()
    assert [silent for _, text, silent in world.told if "alert" in text] == [True, False]


@pytest.mark.parametrize("outcome", [Unsure(), Rejected()])
async def test_what_may_have_arrived_or_would_be_refused_again_is_not_sent_again(
    sqlite_db: Database, outcome: Outcome
) -> None:
    world = await opened(sqlite_db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported()
    world.answers = [outcome, outcome]
    await world.run(TUESDAY + HOUR)
    world.told.clear()
    assert await world.run() == []
    assert await world.run(TUESDAY + 2 * HOUR) == []


async def test_what_was_surely_not_sent_comes_in_the_next_round(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported()
    world.answers = [NotSent(10.0), NotSent(10.0)]
    assert await world.run(TUESDAY + HOUR) == []
    assert await world.run() == ["en alert smart-sample locked", "en digest {'report': 1}"]
    assert await world.run() == []


async def test_while_nobody_may_be_written_to_nothing_is_lost(sqlite_db: Database) -> None:
    world, seconds = await opened(sqlite_db), [0.0]
    world.limiter = Limiter(sqlite_db, 1000.0, clock=lambda: seconds[0])
    seconds[0] = 1.0
    world.job = world.another()
    for language in ("en", "es"):
        await world.news.set_digest(await world.helper(), EIGHT, LONDON, language)
    await world.reported()
    world.answers = [NotSent(30.0, everybody=True)]
    assert await world.run(TUESDAY + HOUR) == []
    seconds[0] = 30.0
    assert await world.run() == []
    seconds[0] = 31.5
    assert sorted(await world.run()) == ["en digest {'report': 1}", "es digest {'report': 1}"]


async def test_whoever_blocked_the_bot_is_not_told_until_they_ask_again(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported()
    world.answers = [Blocked()]
    assert await world.run(TUESDAY + HOUR) == []
    assert await world.news.of(who) == Wanted()
    assert await world.admins.of(world.chats[who.id]) is not None, "they help all the same"
    assert await world.run(TUESDAY + 25 * HOUR) == []
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    assert len(await world.run(TUESDAY + 49 * HOUR)) == 1


async def test_whoever_lost_the_role_is_told_nothing_and_can_choose_nothing(db: Database) -> None:
    world = await opened(db)
    who = await world.helper()
    await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.news.set_alerts(who, True, "en")
    await world.reported()
    await world.admins.revoke(None, who.id)
    assert await world.run(TUESDAY + HOUR) == []
    for wish in (
        world.news.of(who),
        world.news.set_digest(who, EIGHT, LONDON, "en"),
        world.news.set_alerts(who, True, "en"),
    ):
        with pytest.raises(NotPermitted):
            await wish


async def test_a_fault_in_one_digest_keeps_nobody_else_waiting(sqlite_db: Database) -> None:
    world = await opened(sqlite_db)
    first, second = await world.helper(), await world.helper()
    for who in (first, second):
        await world.news.set_digest(who, EIGHT, LONDON, "en")
    await world.reported()
    counts = world.reports.counts

    async def faulty(who: Admin) -> Mapping[str, int]:
        if who.id == first.id:
            raise RuntimeError("cannot count")
        return await counts(who)

    world.job._counts = faulty
    assert len(await world.run(TUESDAY + HOUR)) == 1
    assert world.told[0][0] == world.chats[second.id]


@pytest.mark.parametrize(("minute", "zone"), [(-1, LONDON), (1440, LONDON), (60, ""), (60, "Mars/Base")])
async def test_an_impossible_hour_or_clock_is_refused_and_kept_nowhere(
    sqlite_db: Database, minute: int, zone: str
) -> None:
    world = await opened(sqlite_db)
    who = await world.helper()
    with pytest.raises(ValueError, match=r"zone"):
        await world.news.set_digest(who, minute, zone, "en")
    assert await world.news.of(who) == Wanted()


def test_the_chat_of_a_reader_is_in_no_log_line() -> None:
    assert "7700299" not in repr(Reader(Admin(1, Role.OWNER), 7_700_299, "en", Wanted()))
