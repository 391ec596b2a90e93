"""What the web desk asks of the database, on both: sessions that begin once, and pages of the table."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.admin import Role, Scope
from bot.domain.desk_table import Asked, Only
from bot.domain.errors import LinkRefused, NotPermitted
from bot.domain.queue import OLD
from bot.store import meetings as listings
from bot.store.database import Database
from tests.builders import make_meeting
from tests.helping import AA, NA, World


async def test_a_link_begins_one_session_and_signing_out_everywhere_ends_it(db: Database) -> None:
    world = World(db)
    who, sessions = await world.helper(Role.EDITOR), world.desk.sessions
    link = await sessions.link(who)
    answers = await asyncio.gather(*(sessions.begin(link, "en") for _ in range(3)), return_exceptions=True)
    secrets = [one for one in answers if isinstance(one, str)]
    assert len(secrets) == 1
    assert all(isinstance(one, LinkRefused) for one in answers if not isinstance(one, str))
    found = await sessions.of(secrets[0])
    assert found is not None
    assert (found.who.id, found.language) == (who.id, "en")
    assert await sessions.of(secrets[0][:-1]) is None
    assert await sessions.is_token(secrets[0], found.token)
    waiting = await sessions.link(who)
    await sessions.end_all(who)
    assert await sessions.of(secrets[0]) is None
    with pytest.raises(LinkRefused):
        await sessions.begin(waiting, "en")


async def test_the_table_shows_what_somebody_looks_after_by_name_and_page(db: Database) -> None:
    world = World(db)
    some = [make_meeting(feed=AA, key=str(n), name=f"Row {n:03d}", fellowship="aa") for n in range(60)]
    far = [replace(one, region="Wales", updated=world.now - OLD - timedelta(days=1)) for one in some[:3]]
    other = make_meeting(feed=NA, key="x", name="Café Único", fellowship="na", country="ES", postal_code="08 001")
    async with db.begin() as connection:
        await listings.replace_feed(connection, AA, [*far, *some[3:]])
        await listings.replace_feed(connection, NA, [other])
    everything = await world.helper(Role.EDITOR)

    async def names(asked: Asked, scope: Scope = Scope()) -> list[str]:
        who = await world.helper(Role.EDITOR, scope)
        return [line.meeting.name for line in (await world.desk.table.page(who, asked)).lines]

    first = await world.desk.table.page(everything, Asked())
    assert first.more
    assert [line.meeting.name for line in first.lines] == ["Café Único", *(one.name for one in some[:49])]
    assert await names(Asked(page=2)) == [one.name for one in some[49:]]
    assert await names(Asked(words="cafe unico")) == ["Café Único"]
    assert await names(Asked(words="08001")) == ["Café Único"]
    assert await names(Asked(words="row 005")) == ["Row 005"]
    assert await names(Asked(only=Only.OLD)) == ["Row 000", "Row 001", "Row 002"]
    await world.desk.meetings.checked(None, some[1].id)
    assert await names(Asked(only=Only.OLD)) == ["Row 000", "Row 002"]
    assert await names(Asked(), Scope(areas=frozenset({"GB/Wales"}))) == ["Row 000", "Row 001", "Row 002"]
    assert await names(Asked(), Scope(areas=frozenset({"ES"}))) == ["Café Único"]
    assert await names(Asked(feed=AA), Scope(fellowships=frozenset({"na"}))) == []
    await world.desk.meetings.change(None, [some[7].id], {"notes": "x"})
    assert await names(Asked(only=Only.CORRECTED)) == ["Row 007"]
    await world.desk.meetings.end(None, [some[7].id])
    assert await names(Asked(only=Only.ENDED)) == ["Row 007"]


async def test_meetings_that_lie_outside_cannot_be_ticked(sqlite_db: Database) -> None:
    world = World(sqlite_db)
    one = make_meeting(feed=AA, fellowship="aa")
    async with sqlite_db.begin() as connection:
        await listings.replace_feed(connection, AA, [one])
    inside = await world.helper(Role.EDITOR, Scope(fellowships=frozenset({"aa"})))
    outside = await world.helper(Role.EDITOR, Scope(fellowships=frozenset({"na"})))
    assert await world.desk.table.these(inside, [one.id, 5]) == [one]
    assert await world.desk.table.these(outside, [one.id]) == []
    with pytest.raises(NotPermitted):
        await world.desk.meetings.change(outside, [one.id], {"notes": "x"})
