"""Files and lines: sheets of many meetings, lists of publishers, and what scripts write to the command line."""

import csv
import io
import json
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.feeds.rows import bmlt_row, online_row, row
from tests.soak.fuzzing import words
from tests.soak.fuzzing.known import Known
from tests.soak.fuzzing.mutate import BIG, damaged, mutated, odd_value

_NO_SHEETS = (b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"id,name\r\n", b"[[[[", b"[]", "id,name".encode("utf-16"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as a publisher gave it; `beside`: the file of formats that comes with some."""

    form: str
    data: bytes
    beside: bytes = b""


@dataclass(frozen=True, slots=True)
class Line:
    """A line for `understand --lines` or `find --lines`."""

    command: str
    text: str


def line(chance: Random) -> Line:
    """Mostly an object, with what a script might put in it."""
    command = chance.choice(("understand", "find"))
    if chance.random() < 0.15:
        return Line(command, json.dumps(odd_value(chance)) if chance.random() < 0.5 else words.text(chance))
    given: dict[str, Any] = {"text": words.text(chance)}
    more = {
        "lang": chance.choice(("en", "es", "xx", "", words.word(chance))),
        "now": chance.choice(("2026-11-24T19:00:00+00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00",
                              "2026-11-24", words.word(chance), 7)),
        "seed": chance.choice((0, 65535, "7", *BIG)), "page": chance.choice((1, 2, "3", *BIG)),
    }  # fmt: skip
    given |= {name: value for name, value in more.items() if chance.random() < 0.4}
    if chance.random() < 0.15:
        given[chance.choice(list(given))] = odd_value(chance)
    text = json.dumps(given)
    return Line(command, text if chance.random() < 0.9 else damaged(chance, text.encode()).decode("utf-8", "replace"))


def listed(chance: Random, known: Known) -> Listed:
    """A list with rows changed, bytes damaged, or both."""
    form = chance.choice(("meeting_guide", "bmlt", "csv"))
    if chance.random() < 0.1:
        return Listed(
            chance.choice(("meeting_guide", "bmlt", "csv")), chance.choice(known.parts + known.sheets)[:60_000]
        )
    data = _sheet_of_rows(chance) if form == "csv" else json.dumps(_rows(chance, form)).encode()
    beside = json.dumps([{"id": "1", "key_string": "O", "lang": "en"}]).encode() if form == "bmlt" else b""
    if chance.random() < 0.5:
        data, beside = damaged(chance, data), damaged(chance, beside)
    return Listed(form, data, beside)


def _rows(chance: Random, form: str) -> list[dict[str, Any]]:
    start = (bmlt_row,) if form == "bmlt" else (row, online_row)
    rows = [chance.choice(start)(slug=words.word(chance)) for _ in range(chance.randint(1, 4))]
    return [mutated(chance, one, chance.choice((0, 1, 1, 3, 6))) for one in rows]


def _sheet_of_rows(chance: Random) -> bytes:
    header = ["Name", "Day", "Time", "Types", "Address", "Notes", "Slug", "Latitude", "Timezone", "URL"]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=chance.choice(",;\t"))
    writer.writerow(header)
    for _ in range(chance.randint(0, 6)):
        cells = ["Early Birds", "Monday", "7:00 PM", "Open", "12 Example St, Denver", "", "a", "39.74", "", ""]
        for _ in range(chance.randint(0, 4)):
            cells[chance.randrange(len(cells))] = words.text(chance, 200)
        writer.writerow(cells)
    return out.getvalue().encode("utf-8", "surrogatepass")


def sheet(chance: Random, known: Known) -> bytes:
    """A file that somebody who helps sends back: the meetings with cells changed, or anything else."""
    way = chance.random()
    whole = chance.choice(known.sheets)
    if way < 0.5:
        return _edited(chance, known.sheets[0])
    if way < 0.8:
        return damaged(chance, whole)
    if way < 0.9:
        return damaged(chance, chance.choice(known.parts))
    return chance.choice((*_NO_SHEETS, chance.randbytes(200), words.text(chance).encode("utf-8", "replace")))


def _edited(chance: Random, data: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for _ in range(chance.choice((0, 1, 3, 10))):
        cells = chance.choice(rows[1:] or rows)
        cells[chance.randrange(len(cells))] = words.text(chance, 300)
    if chance.random() < 0.3:
        chance.shuffle(rows)
    if chance.random() < 0.5:
        del rows[chance.randrange(1, len(rows)) :]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=chance.choice(",;")).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")
