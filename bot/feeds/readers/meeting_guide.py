"""Meeting Guide JSON: an array of objects, or an object with `meetings`."""

import re

import msgspec

from bot.domain.feed import FeedSource
from bot.domain.report import FeedResult
from bot.feeds.container import check_shape, opened
from bot.feeds.export_dates import export_stamp
from bot.feeds.reading import Reading, has_other_letters
from bot.feeds.tsml import TsmlRow, TsmlRows, row_name

_UPDATED = re.compile(rb'"updated"\s*:\s*"([^"\\]{8,40})"')


def read_meeting_guide(data: bytes, source: FeedSource) -> FeedResult:
    """Meetings and complaints of a Meeting Guide feed; FeedError when the bytes are something else."""
    container = opened(data)
    check_shape(container.rows, "meeting_guide")
    reading = Reading(source)
    rows = TsmlRows(reading, export_stamp(_UPDATED.findall(data), len(container.rows)))
    decode = msgspec.json.Decoder(TsmlRow).decode
    guessed = has_other_letters if container.guessed_encoding else None
    return reading.each(container.rows, decode, rows.convert, row_name, guessed)
