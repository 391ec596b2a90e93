"""Importing a feed beside parsing the same bytes with msgspec and inserting the same rows, taking turns."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from bot.app import open_work
from bot.settings import Settings
from bot.store import meetings as store
from bot.store.database import Database

ROWS, ROUNDS = 20_000, 3


def made_feed(rows: int) -> bytes:
    """A Meeting Guide feed of invented rows, with the fields and the notes that real ones have."""
    made = [
        {
            "name": f"Group {at}",
            "slug": f"group-{at}",
            "day": at % 7,
            "time": f"{at % 24:02d}:{at % 4 * 15:02d}",
            "end_time": f"{(at + 1) % 24:02d}:{at % 4 * 15:02d}",
            "timezone": "America/New_York",
            "types": [["O", "D"], ["C", "ST", "X"], ["O", "W", "EN"], ["C", "BE", "S"]][at % 4],
            "location": f"Hall {at % 900}",
            "formatted_address": f"{at} Main St, Springfield, NY {10000 + at % 900}, USA",
            "latitude": 40.5 + at % 1000 / 1000,
            "longitude": -74.2 + at % 777 / 777,
            "notes": "Ring the bell at the side door. Meeting is on the second floor." if at % 3 else "",
            "region": "Springfield",
            "updated": "2026-11-01 10:00:00",
            **({"conference_url": f"https://zoom.us/j/{5550100000 + at}"} if at % 5 == 0 else {}),
        }
        for at in range(rows)
    ]
    return json.dumps(made).encode()


async def _bare(data: bytes, meetings: list, folder: Path) -> float:  # type: ignore[type-arg]
    """Parse the bytes, and insert rows that are already meetings into the same tables."""
    database = Database(f"sqlite+aiosqlite:///{folder / f'bare-{time.monotonic_ns()}.db'}")
    await database.open()
    await database.upgrade()
    began = time.perf_counter()
    await asyncio.to_thread(msgspec.json.decode, data)
    async with database.begin() as connection:
        await store.replace_feed(connection, "bench", meetings)
    seconds = time.perf_counter() - began
    await database.close()
    return seconds


async def measure() -> tuple[float, float]:
    """Median seconds: bare, and the whole import."""
    data = made_feed(ROWS)
    bare, whole = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for turn in range(ROUNDS):
            settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{folder / f'{turn}.db'}")  # type: ignore[call-arg]
            async with open_work(settings, cache=folder) as work:
                began = time.perf_counter()
                result = await work.feeds.import_bytes(data, feed="bench", format="meeting_guide", fellowship="aa")
                whole.append(time.perf_counter() - began)
            bare.append(await _bare(data, result.meetings, folder))
    return statistics.median(bare), statistics.median(whole)


def main() -> None:
    """Print rows a second and the ratio."""
    bare, whole = asyncio.run(measure())
    print(
        f"import of {ROWS} rows: {ROWS / whole:.0f} rows/s; parse and insert alone {ROWS / bare:.0f} rows/s "
        f"(import runs at {bare / whole:.2f} of that speed)"
    )


if __name__ == "__main__":
    main()
