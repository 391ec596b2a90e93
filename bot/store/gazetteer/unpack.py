"""Turn the committed gazetteer file into a SQLite file that is read in place."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkstemp

import numpy as np
from numpy.typing import NDArray

from bot.store.gazetteer import layout
from bot.store.gazetteer.letters import LONGEST, SHORTEST, masks

CHIEF_TOWNS = 6  # of each region, for those who name no town
KNOWN = 1000  # people a place has whose name is worth finding behind a typo

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, cell INTEGER, region INTEGER, zone INTEGER, people INTEGER);
CREATE TABLE names (
    key TEXT, place INTEGER, region INTEGER, people INTEGER, PRIMARY KEY (key, place)
) WITHOUT ROWID;
CREATE TABLE chief (region INTEGER, place INTEGER, people INTEGER, PRIMARY KEY (region, place)) WITHOUT ROWID;
CREATE TABLE regions (id INTEGER PRIMARY KEY, country TEXT, name TEXT);
CREATE TABLE zones (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE qualifiers (
    key TEXT, country TEXT, region TEXT, vague INTEGER, PRIMARY KEY (key, country, region)
) WITHOUT ROWID;
CREATE TABLE postcodes (country TEXT, prefix TEXT, place INTEGER, PRIMARY KEY (prefix, country)) WITHOUT ROWID;
CREATE TABLE zips (zip INTEGER PRIMARY KEY, cell INTEGER, name TEXT, country TEXT, region TEXT, zone TEXT);
CREATE TABLE spellings (length INTEGER PRIMARY KEY, masks BLOB, letters BLOB, people BLOB);
CREATE TABLE grid (cells BLOB, people BLOB);
"""


def unpack(target: Path) -> None:
    """Write the database, whole or not at all; several processes may do so at once. OSError where it cannot."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=target.stem, suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            database.executescript(_TABLES)
            database.execute("BEGIN")
            _fill(database, layout.read(layout.FILE))
            database.execute("COMMIT")
        part.replace(target)
    except sqlite3.Error as error:  # a full disk, mostly
        raise OSError(str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _fill(database: sqlite3.Connection, contents: layout.Contents) -> None:
    numbers, tables = contents.numbers, contents.tables
    cells = np.cumsum(numbers["cells"])
    people = numbers["population"]
    described = (cells, numbers["region"], numbers["zone"], people)
    places = zip(range(len(cells)), contents.texts["names"], *(column.tolist() for column in described), strict=True)
    database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", places)
    names = list(_names(numbers["shared"].tolist(), contents.texts["endings"]))
    links = numbers["links"]
    repeated = (name for name, count in zip(names, numbers["counts"].tolist(), strict=True) for _ in range(count))
    linked = (links.tolist(), numbers["region"][links].tolist(), people[links].tolist())
    database.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", zip(repeated, *linked, strict=True))
    database.executemany("INSERT INTO chief VALUES (?, ?, ?)", _chief_towns(numbers["region"], people))
    for table in ("regions", "zones"):
        rows = ((place, *row) for place, row in enumerate(tables[table]))
        marks = ", ".join("?" * (len(tables[table][0]) + 1))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - names of our own tables
    database.executemany("INSERT INTO qualifiers VALUES (?, ?, ?, ?)", tables["qualifiers"])
    database.executemany("INSERT INTO postcodes VALUES (?, ?, ?)", tables["postcodes"])
    kinds = [line.split("\t") for line in contents.texts["zip_towns"]]
    columns = (np.cumsum(numbers["zips"]), numbers["zip_cells"], numbers["zip_kinds"])
    zips = zip(*(column.tolist() for column in columns), strict=True)
    database.executemany("INSERT INTO zips VALUES (?, ?, ?, ?, ?, ?)", ((*row, *kinds[kind]) for *row, kind in zips))
    grid = (cells.astype("<u4").tobytes(), people.astype("<u4").tobytes())
    database.execute("INSERT INTO grid VALUES (?, ?)", grid)
    starts = np.concatenate(([0], np.cumsum(numbers["counts"])[:-1]))
    _spell(database, names, np.maximum.reduceat(people[numbers["links"]], starts))


def _names(shared: list[int], endings: list[str]) -> Iterator[str]:
    name = ""
    for same, ending in zip(shared, endings, strict=True):
        name = name[:same] + ending
        yield name


def _chief_towns(region: NDArray[np.int64], people: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """(region, place, people) of the few largest places of every region."""
    largest_first = np.lexsort((-people, region))
    ordered = region[largest_first]
    starts = np.searchsorted(ordered, ordered)
    for place in largest_first[np.arange(len(ordered)) - starts < CHIEF_TOWNS].tolist():
        yield int(region[place]), place, int(people[place])


def _spell(database: sqlite3.Connection, names: list[str], people: NDArray[np.int64]) -> None:
    """All names of one length side by side, with the letters of each as a mask (see `letters`)."""
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, (name, known) in enumerate(zip(names, (people >= KNOWN).tolist(), strict=True)):
        if known and SHORTEST <= len(name) <= LONGEST and name.isascii():
            by_length[len(name)].append(place)
    for length, places in sorted(by_length.items()):
        letters = "".join([names[place] for place in places]).encode("ascii")
        weights = people[places].astype("<u4").tobytes()
        database.execute(
            "INSERT INTO spellings VALUES (?, ?, ?, ?)", (length, masks(letters, length).tobytes(), letters, weights)
        )
