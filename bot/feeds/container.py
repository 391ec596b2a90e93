"""From bytes to rows: encodings, what is no list at all, and which shape the rows have."""

import re
from typing import Any, NamedTuple

import msgspec

from bot.domain.errors import FeedError
from bot.feeds.columns import enough, fields_of

SIZE_LIMIT = 100 * 1024 * 1024
_SAMPLE = 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Scripts that cut a text in the middle of an emoji leave half a pair, which no JSON reader takes.
_ESCAPES = re.compile(
    rb"\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_ONE_ESCAPE = 6
_CELL_ENDS = re.compile("[,;\t]")
_EMPTY_OBJECT, _NOTHING = msgspec.Raw(b"{}"), msgspec.Raw(b"null")
NOT_THIS = "This is not a list of meetings."
_MEETING_GUIDE = frozenset(("slug", "day", "time", "formatted_address", "conference_url", "types", "location"))
_BMLT = frozenset(("id_bigint", "weekday_tinyint", "meeting_name", "service_body_bigint"))


class Container(NamedTuple):
    """The rows of a feed, each still as bytes, and what stood beside them."""

    rows: list[msgspec.Raw]
    beside: dict[str, msgspec.Raw]
    guessed_encoding: bool = False


def opened(data: bytes) -> Container:
    """The rows of a JSON array, or of an object with `meetings`; FeedError says in a sentence what it is instead."""
    text, guessed = plain(data)
    if text[:200].lstrip()[:1] not in (b"{", b"["):
        is_sheet = enough(fields_of(_CELL_ENDS.split(text[:2000].partition(b"\n")[0].decode("utf-8", "replace"))))
        raise FeedError(
            "This is a sheet of cells: import it with --format csv." if is_sheet else f"{NOT_THIS} It is not JSON."
        )
    rows, beside = rows_of(text)
    return Container(rows, beside, guessed)


def plain(data: bytes) -> tuple[bytes, bool]:
    """The bytes as UTF-8 without a mark, and whether the encoding had to be guessed.

    FeedError for a file that is too large, empty or a web page.
    """
    if len(data) > SIZE_LIMIT:
        megabytes = SIZE_LIMIT // 1024 // 1024
        raise FeedError(f"This file is larger than {megabytes} MB, too large for a list of meetings.")
    text, guessed = _utf8(data)
    head = text[:200].lstrip()
    if not head:
        raise FeedError("This file is empty.") if not text.strip() else FeedError(NOT_THIS)
    if head.startswith(b"<"):
        raise FeedError("This is a web page, not a list of meetings. The server may be asking for a browser check.")
    return text, guessed


def rows_of(text: bytes) -> tuple[list[msgspec.Raw], dict[str, msgspec.Raw]]:
    """The rows of a JSON array or of an object with `meetings`, and what stands beside them."""
    beside: dict[str, msgspec.Raw] = {}
    if text[:200].lstrip().startswith(b"{"):
        beside = json_of(text, dict[str, msgspec.Raw])
        rows = _rows_beside(beside)
    else:
        rows = json_of(text, list[msgspec.Raw])
    if not rows:
        raise FeedError("This list holds no meetings.")
    return rows, beside


def sample(rows: list[msgspec.Raw]) -> list[dict[str, Any]]:
    """Some of the first rows, where they are objects."""
    found = []
    for raw in rows[:_SAMPLE]:
        try:
            found.append(msgspec.json.decode(raw, type=dict[str, Any]))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
    return found


def check_shape(rows: list[msgspec.Raw], wanted: str) -> None:
    """FeedError when most of the first rows are in another known format than `wanted`."""
    some = sample(rows)
    shapes = [_shape(row) for row in some]
    for shape, sentence in _OTHER_SHAPES.items():
        if shape != wanted and 2 * shapes.count(shape) > len(shapes):
            raise FeedError(sentence)


_OTHER_SHAPES = {
    "meeting_guide": "These rows are in Meeting Guide format: import them with --format meeting_guide.",
    "bmlt": "These rows are in BMLT format: import them with --format bmlt.",
    "oiaa": "This is the online intergroup's own format, not Meeting Guide format: it counts the days from 1 to 7, "
    "so that every meeting would land on a wrong day.",
    "scraped": "This was copied from web pages and is not Meeting Guide format: its rows have lists of days and "
    "times instead of one day and one time.",
}


def _shape(row: dict[str, Any]) -> str:
    if isinstance(row.get("_id"), dict) and "$oid" in row["_id"]:
        return "oiaa"
    if isinstance(row.get("days"), list) and isinstance(row.get("times"), list) and "day" not in row:
        return "scraped"
    if "id_bigint" in row or "weekday_tinyint" in row or len(_BMLT & row.keys()) > 1:
        return "bmlt"
    return "meeting_guide" if len(_MEETING_GUIDE & row.keys()) > 1 else ""


def _rows_beside(beside: dict[str, msgspec.Raw]) -> list[msgspec.Raw]:
    if beside.get("meetings") in (_EMPTY_OBJECT, _NOTHING):  # old BMLT servers, where they have nothing to list
        raise FeedError("This list holds no meetings.")
    if "meetings" in beside:
        rows: list[msgspec.Raw] = json_of(bytes(beside["meetings"]), list[msgspec.Raw])
        return rows
    if "values" in beside:
        raise FeedError("This is a sheet of cells: import it with --format csv.")
    if not beside:
        raise FeedError("This list holds no meetings.")
    for key in ("message", "error"):
        if key in beside:
            said = bytes(beside[key])[:200].decode("utf-8", "replace").strip('"')
            raise FeedError(f"The server answered with an error instead of a list: {said}")
    raise FeedError(f"{NOT_THIS} It is one object, and there is no `meetings` in it.")


def _utf8(data: bytes) -> tuple[bytes, bool]:
    """The bytes as UTF-8 without a mark, and whether the encoding had to be guessed."""
    if data[:2] in _UTF16:
        try:
            return data.decode("utf-16").encode(), False
        except UnicodeError as error:
            raise FeedError(f"{NOT_THIS} It is broken UTF-16.") from error
    text = data.removeprefix(b"\xef\xbb\xbf")
    try:
        str(text, "utf-8")
    except UnicodeDecodeError:  # Windows-1252 where every byte has a letter in it, else Latin-1, which takes all
        try:
            return text.decode("cp1252").encode(), True
        except UnicodeDecodeError:
            return text.decode("latin-1").encode(), True
    return text, False


def json_of(data: bytes, kind: Any) -> Any:
    """The JSON of the bytes as `kind`; FeedError when it is none, or something else."""
    try:
        return msgspec.json.decode(data, type=kind)
    except RecursionError as error:
        raise FeedError(f"{NOT_THIS} Its parts are nested too deeply.") from error
    except msgspec.ValidationError as error:
        raise FeedError(NOT_THIS) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        mended = _ESCAPES.sub(_whole, data)
        if mended != data:  # at most once more: nothing is left to mend then
            return json_of(mended, kind)
        raise FeedError(f"{NOT_THIS} It is not whole JSON: {error}.") from error


def _whole(match: re.Match[bytes]) -> bytes:
    """A pair of escapes or an escaped backslash as it is; half a pair as the sign for a damaged letter."""
    return b"\\ufffd" if len(match[0]) == _ONE_ESCAPE else match[0]
