"""A quarter of a million meetings as the desk has them: several lists, names and streets of their own, twins."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.meeting import Meeting, meeting_id
from bot.store import meetings as store
from bot.store import revising
from bot.store.database import Database
from tests.bench.world import NOW, World

LISTS = "na-ohio na-spain na-ireland na-canada na-france na-italy na-denmark na-india eda-worldwide".split()
SECOND = "aa-orange-county"  # the list in which some of them stand again
KINDS = "aa na alanon smart dharma lifering oa ca cma ga coda aca".split()
SYLLABLES = "bar den fol gar hel kim lor mar nev os pel quin ros sal tor ul ven wil yor zan cre dra gle mo".split()
FIRST = "Serenity Morning Harbour Hope Steps Sunday Women's Big Noon Early New Keep Just One".split()
PLACES = (("US", "Ohio"), ("US", "Oregon"), ("US", "Texas"), ("GB", "Wales"), ("GB", "Kent"), ("ES", "Madrid"))
TWIN = 0.05  # of all meetings stand in a second list
NAMES = 6_000


def dressed(size: int) -> Iterator[Meeting]:
    """The meetings of the made-up world, with what the desk looks at; a town has one name, country and postcode."""
    draw = random.Random(5)
    names = ["".join(draw.choices(SYLLABLES, k=draw.randint(2, 3))).title() for _ in range(NAMES)]
    for at, one in enumerate(World(round(size / (1 + TWIN))).meetings()):
        made = replace(
            _in_list(one, LISTS[int(len(LISTS) * draw.random() ** 2)], f"k{at // 3}", at % 3),
            name=f"{draw.choice(FIRST)} {draw.choice(names)} Group" if at % 5 else "Serenity Group",
            fellowship=KINDS[min(int(draw.expovariate(0.5)), len(KINDS) - 1)],
            updated=None if draw.random() < 0.2 else NOW - timedelta(days=draw.expovariate(1 / 300)),
            **_place(one, names, draw),
        )
        yield made
        if draw.random() < TWIN:
            yield _in_list(made, SECOND, f"t{at}", 0)


def _place(one: Meeting, names: list[str], draw: random.Random) -> dict[str, Any]:
    if one.latitude is None or one.longitude is None:
        return {"country": "US"}
    town = zlib.crc32(f"{one.latitude * 2:.0f} {one.longitude * 2:.0f}".encode())
    country, region = random.Random(town).choices(PLACES, (8, 5, 4, 2, 1, 0.2))[0]
    return {
        "venue": f"St {draw.choice(names)} Church",
        "address": f"{draw.randrange(1, 400)} {draw.choice(names)} Street",
        "city": f"{names[town % NAMES]} {names[town // NAMES % NAMES]}",
        "region": region,
        "country": country,
        "postal_code": f"{town % 26**2 // 26 + 10:X}{town % 97} {town % 10}XY",
    }


def _in_list(one: Meeting, feed: str, key: str, position: int) -> Meeting:
    return replace(one, id=meeting_id(feed, key, position), feed=feed, key=key, position=position)


async def fill(url: str, size: int) -> None:
    """Put the meetings into a new database; one of two hundred is then dropped by its list."""
    database = Database(url)
    await database.upgrade()
    await database.open()
    lists: dict[str, list[Meeting]] = {}
    for one in dressed(size):
        lists.setdefault(one.feed, []).append(one)
    for feed, some in lists.items():
        async with database.begin() as connection:
            await store.replace_feed(connection, feed, some, at=NOW)
            await revising.write(connection, (), [one.id for one in some[::200]], NOW - timedelta(days=40))
    await database.close()
