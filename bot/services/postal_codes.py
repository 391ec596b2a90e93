"""An operator's file of postal codes, read row by row: the format of download.geonames.org/export/zip."""

import asyncio
import codecs
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import BinaryIO

from bot.domain.errors import OperatorError
from bot.domain.place import valid_coordinates
from bot.store import postal
from bot.store.database import Connection, Database
from bot.store.gazetteer import compact, first_half
from bot.store.postal import PostalCode

BATCH = 1_000  # rows read and written at once
LONGEST_ROW = 2_000  # bytes
LEAST_COLUMNS = 11  # as far as the longitude; the accuracy may be missing
LONGEST_NAME = 180  # characters, as GeoNames has it

Progress = Callable[[int], None]  # bytes read so far


@dataclass(frozen=True, slots=True)
class PostalReport:
    """What came of an import: rows = taken + refused; several rows may be of one code."""

    rows: int
    taken: int
    refused: int
    countries: tuple[str, ...]  # ISO alpha-2, whose codes were replaced

    def report(self) -> dict[str, object]:
        """The object that `places import --json` prints."""
        return asdict(self)


@dataclass(slots=True)
class _Half:
    """The full codes that begin alike: the middle of their places, and the name of the first."""

    first: PostalCode
    count: int = 0
    latitude: float = 0.0
    longitude: float = 0.0

    def add(self, code: PostalCode) -> None:
        self.count += 1
        self.latitude += code.latitude
        self.longitude += code.longitude

    def middle(self, code: str) -> PostalCode:
        return self.first._replace(
            code=code, latitude=self.latitude / self.count, longitude=self.longitude / self.count
        )


@dataclass(slots=True)
class _Import:
    """A file on its way into the table."""

    there: set[str]  # countries whose codes stand in the table from before
    rows: int = 0
    taken: int = 0
    met: set[str] = field(default_factory=set)
    halves: dict[tuple[str, str], _Half] = field(default_factory=dict)

    async def take(self, connection: Connection, lines: list[bytes]) -> None:
        found = await asyncio.to_thread(self._read, lines)
        new = {code.country for code in found} - self.met
        if old := new & self.there:
            await postal.remove(connection, old)
        self.met |= new
        await postal.add(connection, found)

    def _read(self, lines: list[bytes]) -> list[PostalCode]:
        filled = [line for line in lines if line.strip()]
        found = [code for code in map(_code_of, filled) if code is not None]
        self.rows += len(filled)
        self.taken += len(found)
        for code in found:
            if half := first_half(code.country, code.code):
                self.halves.setdefault((code.country, half), _Half(code)).add(code)
        return found


async def import_codes(
    database: Database, file: BinaryIO, *, name: str, progress: Progress | None = None
) -> PostalReport:
    """Put the codes of a file in the place of all that its countries had, in one transaction.

    A row that cannot be read is refused. OperatorError, which calls the file by `name`, for another kind of file;
    nothing is changed then.
    """
    async with database.begin() as connection:
        work = _Import(await postal.countries(connection))
        while lines := await asyncio.to_thread(_lines, file, first=not work.rows):
            await work.take(connection, lines)
            if not work.taken:
                break
            if progress is not None:
                progress(file.tell())
        if not work.taken:
            raise OperatorError(
                f"{name} is no list of postal codes: unpack the .zip of a country from "
                "download.geonames.org/export/zip and give the .txt in it."
            )
        await postal.add_missing(connection, [half.middle(code) for (_, code), half in work.halves.items()])
    return PostalReport(work.rows, work.taken, work.rows - work.taken, tuple(sorted(work.met)))


def _lines(file: BinaryIO, *, first: bool) -> list[bytes]:
    lines = list(islice(iter(lambda: file.readline(LONGEST_ROW), b""), BATCH))
    if first and lines:
        lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
    return lines


def _code_of(line: bytes) -> PostalCode | None:
    """The code of a row; None for a row that is not one."""
    try:
        cells = [cell.strip() for cell in line.decode().split("\t")]
        country, typed, name, region = cells[:4]
        latitude, longitude = map(float, cells[9:LEAST_COLUMNS])
    except ValueError:  # not UTF-8, too few columns, no number
        return None
    code = compact(typed)
    usable = (
        len(country) == 2 and country.isascii() and country.isalpha() and country.isupper(),
        code != "",
        0 < len(name) <= LONGEST_NAME and len(region) <= LONGEST_NAME and "\x00" not in name + region,
        valid_coordinates(latitude, longitude),
    )
    return PostalCode(country, code, name, region, latitude, longitude) if all(usable) else None
