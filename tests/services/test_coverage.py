"""Which kinds are known near a place."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from bot.domain.feed_state import FeedState
from bot.domain.fellowship import Fellowship, Tradition
from bot.domain.meeting import Status
from bot.domain.place import Place
from bot.services.coverage import Coverage, coverage
from bot.store import meetings
from bot.store.database import Database
from bot.store.tables import meetings as table
from tests.builders import make_meeting, make_online_meeting

LEEDS = Place("Leeds", 53.7973, -1.54358, "England", "GB", "Europe/London")
BRADFORD = {"latitude": 53.7950, "longitude": -1.7594}
NEWCASTLE = {"latitude": 54.9783, "longitude": -1.6178}  # 130 km away
HULL = {"latitude": 53.7676, "longitude": -0.3274}  # 80 km away, on the same latitude
READ = datetime(2026, 11, 24, 12, tzinfo=UTC)


def kind(name: str, number: int, **more: Any) -> Fellowship:
    values = {"finder": f"https://example.org/{name}"} | more
    return Fellowship(name, number, name.upper(), name.upper(), Tradition.OTHER, ("alcohol",), **values)


KINDS = {name: kind(name, at) for at, name in enumerate(("aa", "lifering", "na", "smart"), start=1)}


async def covered(db: Database, *listed: dict[str, Any], place: Place = LEEDS, **kinds: Fellowship) -> Coverage:
    by_feed: dict[str, list[Any]] = {}
    for number, values in enumerate(listed):
        make = make_online_meeting if values.get("online") and "in_person" not in values else make_meeting
        one = make(**{"feed": values.get("fellowship", "smart") + "-list", "key": str(number)} | values)
        by_feed.setdefault(one.feed, []).append(one)
    async with db.begin() as connection:
        for feed, rows in by_feed.items():
            await meetings.replace_feed(connection, feed, rows)
    states = [FeedState(feed, "fresh", len(rows), READ) for feed, rows in by_feed.items()]
    return await coverage(db, kinds or KINDS, states, place)


async def test_kinds_within_fifty_kilometres_are_known_and_the_others_have_their_finder(db: Database) -> None:
    found = await covered(
        db,
        {"fellowship": "smart"},
        {"fellowship": "smart", "feed": "other-smart"} | BRADFORD,
        {"fellowship": "aa"},
        {"fellowship": "aa"},
        {"fellowship": "aa"} | BRADFORD,
        {"fellowship": "na"} | NEWCASTLE,
        {"fellowship": "na"} | HULL,
    )
    assert found.report() == {
        "place": {"name": "Leeds", "country": "GB", "latitude": 53.7973, "longitude": -1.54358},
        "known": [
            {"fellowship": "aa", "meetings": 3, "feeds": ["aa-list"]},
            {"fellowship": "smart", "meetings": 2, "feeds": ["other-smart", "smart-list"]},
        ],
        "unknown": [
            {"fellowship": "lifering", "finder": "https://example.org/lifering"},
            {"fellowship": "na", "finder": "https://example.org/na"},
        ],
    }
    assert [state.last_success for state in found.known[0].feeds] == [READ]


async def test_online_meetings_are_counted_beside_and_make_no_kind_known_here(db: Database) -> None:
    hybrid = {"fellowship": "smart", "online": True, "in_person": True}
    shut = {"fellowship": "na", "status": Status.ONLINE_FOR_NOW}
    found = await covered(db, hybrid, {"fellowship": "lifering", "online": True}, shut)
    assert [(one.fellowship, one.meetings, one.online) for one in found.known] == [("smart", 1, 1)]
    assert [(one.fellowship, one.online) for one in found.unknown] == [("aa", 0), ("lifering", 1), ("na", 1)]


async def test_suspended_and_vanished_meetings_make_no_kind_known(db: Database) -> None:
    listed = ({"fellowship": "smart", "status": Status.SUSPENDED}, {"fellowship": "aa"}, {"fellowship": "na"})
    assert [one.fellowship for one in (await covered(db, *listed)).known] == ["aa", "na"]
    async with db.begin() as connection:
        await connection.execute(update(table).where(table.c.fellowship == "na").values(vanished_at=READ))
    assert [one.fellowship for one in (await coverage(db, KINDS, [], LEEDS)).known] == ["aa"]


async def test_a_kind_that_appears_only_where_it_is_listed_is_not_missed(db: Database) -> None:
    kinds = {"smart": KINDS["smart"], "local": kind("local", 9, live=False)}
    assert [one.fellowship for one in (await covered(db, **kinds)).unknown] == ["smart"]
    found = await covered(db, {"fellowship": "local"}, **kinds)
    assert [one.fellowship for one in found.known] == ["local"]


async def test_the_line_where_days_change_is_no_border(db: Database) -> None:
    fiji = Place("Taveuni", -16.85, 179.99, "", "FJ")
    found = await covered(db, {"fellowship": "aa", "latitude": -16.85, "longitude": -179.99}, place=fiji)
    assert [one.fellowship for one in found.known] == ["aa"]
