"""The formats that can be read, by the names that cards and the command line use."""

from bot.domain.feed import Reader
from bot.feeds.readers.bmlt import read_bmlt
from bot.feeds.readers.meeting_guide import read_meeting_guide
from bot.feeds.readers.sheet import read_csv

READERS: dict[str, Reader] = {"meeting_guide": read_meeting_guide, "bmlt": read_bmlt, "csv": read_csv}
