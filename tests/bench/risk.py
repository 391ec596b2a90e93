"""What it costs to ask of one message whether it sounds like an emergency.

    .venv/bin/python -m tests.bench.risk

Every message of the tables, one after the other, five times over; the bar is one millisecond at the 99th percentile.
"""

import statistics
import time
from pathlib import Path

import yaml

from bot.services import ear
from bot.services.risk import Risk
from bot.texts.words import load_lexicon

PASSES, BAR_MS = 5, 1.0
TABLES = ("risk_table.yml", "heldout_risk.yml")
HERE = Path(__file__).parents[1] / "services"


def milliseconds(risk: Risk, texts: list[str]) -> list[float]:
    """Processor time of each reading, shortest first."""
    times = []
    for text in texts:
        began = time.process_time()
        risk.alarm(text)
        times.append((time.process_time() - began) * 1000)
    return sorted(times)


def messages() -> list[str]:
    """Everything in the tables."""
    tables = [yaml.safe_load((HERE / name).read_text(encoding="utf-8")) for name in TABLES]
    return [one["text"] for table in tables for part in ("risk", "safe") for one in table[part]]


def main() -> None:
    """Print the median, the 99th percentile and the longest message's time."""
    risk = Risk(load_lexicon(HERE.parents[1] / "content"), ear.load())
    texts = messages()
    times = sorted(time for _ in range(PASSES) for time in milliseconds(risk, texts))
    high = times[int(len(times) * 0.99)]
    longest = milliseconds(risk, ["I have been going to meetings for a year and it was good. " * 70])[0]
    print(f"{len(texts)} messages: median {statistics.median(times):.2f} ms, p99 {high:.2f} ms (bar {BAR_MS:g} ms)")
    print(f"one of 4,096 characters, the most that Telegram sends: {longest:.1f} ms")


if __name__ == "__main__":
    main()
