"""Meeting Guide JSON: an array of objects, or an object with `meetings`."""

import re
from collections import Counter

import msgspec

from bot.domain.feed import FeedSource
from bot.domain.report import FeedResult
from bot.feeds.container import check_shape, opened
from bot.feeds.reading import Reading
from bot.feeds.tsml import TsmlRow, TsmlRows, row_name

_UPDATED = re.compile(rb'"updated"\s*:\s*"([^"\\]{8,40})"')
_ENOUGH_ROWS = 20
_NEARLY_ALL = 0.9


def read_meeting_guide(data: bytes, source: FeedSource) -> FeedResult:
    """Meetings and complaints of a Meeting Guide feed; FeedError when the bytes are something else."""
    container = opened(data)
    check_shape(container.rows, "meeting_guide")
    reading = Reading(source)
    rows = TsmlRows(reading, _export_stamp(data, len(container.rows)))
    decoder = msgspec.json.Decoder(TsmlRow)
    return reading.each(container.rows, decoder, rows.convert, row_name, container.guessed_encoding)


def _export_stamp(data: bytes, rows: int) -> str:
    """The moment at which nearly all rows say they were changed: when the file was made, not when they were."""
    if rows < _ENOUGH_ROWS:
        return ""
    stamps: list[bytes] = _UPDATED.findall(data)
    common = Counter(stamps).most_common(1)
    if not common or common[0][1] < _NEARLY_ALL * rows:
        return ""
    return common[0][0].decode("utf-8", "replace")
