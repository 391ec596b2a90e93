"""What the desk looks meetings up by: in the order of names, whatever wrote the row."""

import pytest
from sqlalchemy import update

from bot.domain.admin import EVERYTHING, Role
from bot.domain.desk_table import Asked
from bot.domain.desk_words import LONGEST, words_of
from bot.store import desk_meetings, desk_words, upgrade
from bot.store import meetings as listings
from bot.store.database import Database
from bot.store.tables import meetings as table
from tests.builders import make_meeting
from tests.helping import AA, World


def test_words_begin_with_the_name_and_hold_a_postcode_with_its_blank_and_without() -> None:
    told = words_of("Réunion", "Orléans", "Centre", "Salle 3", "12 rue de l'Église", "LS1 1AA")
    assert told == "reunion orleans centre salle 3 12 rue de l eglise ls1 1aa ls11aa"
    assert words_of("", "", "", "", "", "") == ""


@pytest.mark.parametrize("letter", ["a", "ж", "東", "\U0001d54f", "ﷺ"])
def test_words_of_any_letters_fit_into_an_entry_of_an_index(letter: str) -> None:
    assert len(words_of(*[letter * 300] * 6).encode()) <= LONGEST


async def test_the_longest_texts_that_lists_may_have_are_kept(db: Database) -> None:
    long = {name: "\U0001f54a東" * 127 for name in ("name", "city", "region", "venue", "address", "postal_code")}
    one = make_meeting(**long)
    async with db.begin() as connection:
        await listings.replace_feed(connection, one.feed, [one])
    async with db.read() as connection:
        assert await listings.by_ids(connection, [one.id]) == {one.id: one}


async def test_rows_that_an_older_version_wrote_are_found_once_the_desk_is_asked(db: Database) -> None:
    world = World(db)
    some = [
        make_meeting(feed=AA, key=str(at), name=name) for at, name in enumerate(("Élan", "Zebra", "eagle", "Fox"))
    ]
    async with db.begin() as connection:
        await listings.replace_feed(connection, AA, some)
        await connection.execute(update(table).values(words=None))
    who = await world.helper(Role.EDITOR)
    page = await world.desk.table.page(who, Asked())
    assert [one.meeting.name for one in page.lines] == ["eagle", "Élan", "Fox", "Zebra"]
    async with db.begin() as connection:
        await connection.execute(update(table).values(words=None))
    assert [one.meeting.name for one in await world.desk.meetings.find(who, "zebra")] == ["Zebra"]
    async with db.read() as connection:
        assert not await desk_words.missing(connection)


async def test_an_upgrade_puts_in_the_words_of_all_rows(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_words, "MOST", 3)
    db = Database(empty_url)
    await db.upgrade()
    await db.open()
    some = [make_meeting(key=str(at), name=f"Row {at}") for at in range(8)]
    async with db.begin() as connection:
        await listings.replace_feed(connection, some[0].feed, some)
    await upgrade.move(db.url, "0009", back=True)
    await db.upgrade()
    async with db.read() as connection:
        assert not await desk_words.missing(connection)
        found = await desk_meetings.find(connection, ["row", "5"], EVERYTHING)
    assert [one.meeting.name for one in found] == ["Row 5"]
    await db.close()


async def test_other_days_of_a_group_are_found_by_its_key_and_by_its_name(db: Database) -> None:
    one = make_meeting(key="house", position=0)
    same_key = make_meeting(key="house", position=3, name="Sunday", weekday=7)
    same_name = make_meeting(key="other", weekday=1)
    strangers = [
        make_meeting(key="x", name="Tuesday Tools Two"),
        make_meeting(key="y", city="York"),
        make_meeting(key="z", fellowship="aa"),
    ]
    async with db.begin() as connection:
        await listings.replace_feed(connection, one.feed, [one, same_key, same_name, *strangers])
        assert await desk_meetings.others(connection, one) == [same_name, same_key]
