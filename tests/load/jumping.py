"""The real bot on a machine whose clock jumps. Arguments: seconds after the start, and how far."""

import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.app import open_work
from bot.cli import running


def main(after_s: float, by_s: float) -> None:
    """`openchair run`, with such a clock."""
    began = time.monotonic()

    def clock() -> datetime:
        jumped = time.monotonic() - began > after_s
        return datetime.now(UTC) + timedelta(seconds=by_s if jumped else 0)

    running.open_work = partial(open_work, clock=clock)
    from bot.__main__ import main as run

    sys.argv = ["openchair", "run"]
    run()


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
