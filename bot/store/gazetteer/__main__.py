"""Unpack the gazetteer: `python -m bot.store.gazetteer FILE`.

A program of its own, so that neither its memory nor its work weighs on the bot.
"""

import sys
from pathlib import Path

from bot.store.gazetteer.unpack import unpack

if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
