"""The operator's postal codes: kept country by country, found by code."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.place import Place
from bot.store.tables import postal_codes as table

ASKED_BATCH = 400  # codes in one question


class PostalCode(NamedTuple):
    """A code in capitals without spaces, and its place: ISO alpha-2 country, degrees."""

    country: str
    code: str
    name: str
    region: str
    latitude: float
    longitude: float


async def countries(connection: AsyncConnection) -> set[str]:
    """The countries that have codes."""
    return set(await connection.scalars(select(table.c.country).distinct()))


async def remove(connection: AsyncConnection, gone: Collection[str]) -> None:
    """Delete all codes of some countries."""
    await connection.execute(delete(table).where(table.c.country.in_(gone)))


async def add(connection: AsyncConnection, codes: Iterable[PostalCode]) -> None:
    """Add codes; one that stands there already moves to the middle of all its places and keeps its name."""
    statement = _insert(connection)
    new = statement.excluded
    together = table.c.places + new.places
    middle = {
        axis: (table.c[axis] * table.c.places + new[axis] * new.places) / together
        for axis in ("latitude", "longitude")
    }
    statement = statement.on_conflict_do_update(index_elements=_KEY, set_={**middle, "places": together})
    await _write(connection, statement, codes)


async def add_missing(connection: AsyncConnection, codes: Iterable[PostalCode]) -> None:
    """Add those codes that do not stand there yet."""
    await _write(connection, _insert(connection).on_conflict_do_nothing(index_elements=_KEY), codes)


async def known(connection: AsyncConnection, codes: Collection[str]) -> dict[str, dict[str, Place]]:
    """Code -> country -> place, at the centre of its grid cell and without zone; unknown codes are left out."""
    found: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    wanted = sorted(codes)
    columns = (table.c[name] for name in PostalCode._fields)
    statement = select(*columns).order_by(table.c.code, table.c.country)
    for first in range(0, len(wanted), ASKED_BATCH):
        part = wanted[first : first + ASKED_BATCH]
        for row in await connection.execute(statement.where(table.c.code.in_(part))):
            place = Place(row.name, row.latitude, row.longitude, row.region, row.country)
            found[row.code][row.country] = place.on_grid()
    return dict(found)


_KEY = ("code", "country")


def _insert(connection: AsyncConnection) -> Any:
    # The same clause in both databases, and in neither of them standard SQL.
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def _write(connection: AsyncConnection, statement: Any, codes: Iterable[PostalCode]) -> None:
    if rows := [code._asdict() | {"places": 1} for code in codes]:
        await connection.execute(statement, rows)
