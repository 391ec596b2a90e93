"""`make bench`: every measurement, as ratios side by side in one run. Name some to run only these."""

import importlib
import sys

ALL = ("startup", "imports", "updates", "search", "engines", "reminders", "risk", "desk")


def main() -> None:
    """Run the named measurements, or all."""
    for name in sys.argv[1:] or ALL:
        print(f"== {name}", flush=True)
        importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
