"""Sheets of many meetings as bytes: CSV as every spreadsheet program saves it, workbooks, JSON; both ways."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from bot.domain.bulk import COLUMNS, PROBLEM, Row, guarded
from bot.domain.errors import UnreadableSheet
from bot.services import bulk_workbook as workbook
from bot.services.bulk_rows import Lists, Objects, Text, cell_of, columns_of, is_header

KINDS = {".csv": "csv", ".xlsx": "xlsx", ".json": "json"}
LARGEST = 400 * 1024 * 1024  # bytes of a file; in a chat Telegram's limit is much lower
MOST_ROWS = 500_000
MOST_IN_WORKBOOK = workbook.MOST_ROWS
_DELIMITERS = (",", ";", "\t")
_PIECE = 1024 * 1024
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),  # .xls, and any workbook behind a password
    (b"\x1f\x8b", "packed"),
    (b"%PDF", "not_a_sheet"),
    (b"\x89PNG", "not_a_sheet"),
    (b"\xff\xd8\xff", "not_a_sheet"),
)
_ZIP = b"PK\x03\x04"  # a workbook is one
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


Records = Text | Lists | Objects | workbook.Workbook


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header, and its rows as often as they are asked for. `unknown`: the columns that mean nothing here."""

    columns: tuple[str, ...]  # "" for an unknown one
    unknown: tuple[str, ...]
    records: Records
    kind: str = "csv"
    sheet: str = ""  # of a workbook that has others too
    hidden: int = 0  # rows that a program does not show

    def rows(self) -> Iterator[Row]:
        """Every row that is not empty. Raises UnreadableSheet where there are too many."""
        for count, row in enumerate(self.records.rows(self.columns)):
            if count >= MOST_ROWS:
                raise UnreadableSheet("too_many_rows", str(MOST_ROWS))
            yield row


def opened(data: bytes) -> Table:
    """The table in a file. Raises UnreadableSheet."""
    _check_kind(data)
    if data.startswith(_ZIP):
        book = workbook.opened(data)
        return _table(book.header(), book, "xlsx", sheet=book.sheet, hidden=book.hidden)
    encoding = _encoding(data)
    start = data[:400].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if not start:
        raise UnreadableSheet("empty")
    if start.startswith("<"):
        raise UnreadableSheet("web_page")
    if start[0] in "[{":
        return _of_json(
            data.removeprefix(_BOM) if encoding == "utf-8-sig" else data.decode(encoding, "replace").encode()
        )
    return _of_text(data, encoding)


def _check_kind(data: bytes) -> None:
    if len(data) > LARGEST:
        raise UnreadableSheet("too_large", str(LARGEST // 1024 // 1024))
    for magic, reason in _MAGIC:
        if data.startswith(magic):
            raise UnreadableSheet(reason)
    if not data.strip():
        raise UnreadableSheet("empty")


def _encoding(data: bytes) -> str:
    """Unicode where it is that; else what Windows programs of Western Europe and America save."""
    if data[:2] in _UTF16:
        return "utf-16"
    if b"\x00" in data[:1000]:
        raise UnreadableSheet("not_a_sheet")
    return "utf-8-sig" if _decodes(data, "utf-8-sig") else "cp1252" if _decodes(data, "cp1252") else "latin-1"


def _decodes(data: bytes, encoding: str) -> bool:
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    try:
        while text.read(_PIECE):
            pass
    except UnicodeError:
        return False
    return True


# -- cells between commas


def _of_text(data: bytes, encoding: str) -> Table:
    best: tuple[int, tuple[str, ...], Text] | None = None
    for delimiter in _DELIMITERS:
        text = Text(data, encoding, delimiter)
        header = text.header()
        columns = columns_of(header)
        count = sum(map(bool, columns))
        if best is None or count > best[0]:
            best = (count, header, text)
    assert best is not None
    return _table(best[1], best[2])


def _table(header: Sequence[str], records: Records, kind: str = "csv", *, sheet: str = "", hidden: int = 0) -> Table:
    if not is_header(header):
        raise UnreadableSheet("no_header")
    columns = columns_of(header)
    named = [(name.strip(), key) for name, key in zip(header, columns, strict=True)]
    unknown = tuple(name for name, key in named if name and not key and name != PROBLEM)
    return Table(columns, unknown, records, kind, sheet, hidden)


# -- JSON


def _of_json(data: bytes) -> Table:
    try:
        if data.lstrip()[:1] == b"{":
            return _of_object(msgspec.json.decode(data, type=dict[str, msgspec.Raw]))
        rows = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UnreadableSheet("broken_json") from None
    return _of_rows(rows)


def _of_object(found: Mapping[str, msgspec.Raw]) -> Table:
    """`{"meetings": [...]}`, or the answer of a sheet's own interface, `{"values": [[...], ...]}`."""
    if "values" in found:
        lists = _decoded(found["values"], list[list[Any]])
        if not lists:
            raise UnreadableSheet("empty")
        return _table([cell_of(one) for one in lists[0]], Lists(lists[1:]), "json")
    if "meetings" in found:
        return _of_rows(_decoded(found["meetings"], list[msgspec.Raw]))
    raise UnreadableSheet("no_header")


def _decoded(raw: msgspec.Raw, kind: Any) -> Any:
    return msgspec.json.decode(raw, type=kind)


def _of_rows(rows: list[msgspec.Raw]) -> Table:
    if not rows:
        raise UnreadableSheet("empty")
    try:
        first = msgspec.json.decode(rows[0], type=dict[str, Any])
    except msgspec.MsgspecError:
        raise UnreadableSheet("no_header") from None
    return _table(list(first), Objects(rows), "json")


# -- out


def head(kind: str, columns: Sequence[str] = COLUMNS) -> bytes:
    """How a file begins that is written in pieces (CSV, JSON). The mark at the front tells Excel that the letters are
    Unicode; the others skip it."""
    return b"[\n" if kind == "json" else _BOM + _line(columns)


def body(kind: str, rows: Sequence[Sequence[str]], *, first: bool) -> bytes:
    """Some rows, in the order of COLUMNS. `first`: nothing stands before them but the head."""
    if kind != "json":
        return b"".join(_line([guarded(name, text) for name, text in zip(COLUMNS, row, strict=True)]) for row in rows)
    lines = b",\n".join(msgspec.json.encode(dict(zip(COLUMNS, row, strict=True))) for row in rows)
    return lines if first or not lines else b",\n" + lines


def tail(kind: str) -> bytes:
    """How it ends."""
    return b"\n]\n" if kind == "json" else b""


def whole(kind: str, rows: Sequence[Sequence[str]]) -> bytes:
    """A file of any kind, at once. UnreadableSheet for a workbook of more rows than would be taken back."""
    if kind != "xlsx":
        return head(kind) + body(kind, rows, first=True) + tail(kind)
    if len(rows) > MOST_IN_WORKBOOK:
        raise UnreadableSheet("too_many_rows", str(MOST_IN_WORKBOOK))
    return workbook.written(rows)


def to_mend(table: Table, problems: Mapping[int, str]) -> bytes:
    """The rows of a table that have a problem, each behind its words, as a file of the same kind.

    What a row lacks it still lacks there, and a cell that could not be trusted holds an error: a row that nobody
    mended is refused again, and never empties a field.
    """
    rows = [row for row in table.rows() if row.line in problems]
    if table.kind == "json":
        lines = b",\n".join(msgspec.json.encode({PROBLEM: problems[row.line], **row.cells}) for row in rows)
        return head("json") + lines + tail("json")
    columns = (PROBLEM, *(name for name in table.columns if name))
    cells = [[problems[row.line], *_as_it_was(row, columns[1:])] for row in rows]
    if table.kind == "xlsx":
        return workbook.written(cells, columns)
    return head("csv", columns) + b"".join(_line([guarded("", one or "") for one in some]) for some in cells)


def _as_it_was(row: Row, columns: Sequence[str]) -> list[str | None]:
    spoiled = {bad.field for bad in row.faults}
    own = [name for name in columns if not row.broken and name not in row.missing]
    return [None if name in spoiled else row.cells.get(name, "") for name in own]


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode(errors="replace")


# -- published sheets


def sheet_address(text: str) -> str:
    """The address under which a published sheet gives its cells, from the one that people copy; "" for no address."""
    parts = urlsplit(text.strip())
    if parts.scheme != "https" or not parts.hostname or any(map(str.isspace, text.strip())):
        return ""
    path = parts.path.split("/")
    if parts.hostname != "docs.google.com" or path[1:3] != ["spreadsheets", "d"] or len(path) < 4:
        return text.strip()
    tab = (parse_qs(parts.query) | parse_qs(parts.fragment)).get("gid", [""])[0]
    gid = f"&gid={tab}" if tab.isdecimal() else ""
    if path[3] == "e" and len(path) > 4:  # published to the web
        return f"https://docs.google.com/spreadsheets/d/e/{path[4]}/pub?output=csv{gid}&single=true"
    return f"https://docs.google.com/spreadsheets/d/{path[3]}/export?format=csv{gid}"
