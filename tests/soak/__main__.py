"""`make soak`: every long run, one after the other. Name some to run only these."""

import importlib
import sys

from tests import postgres

ALL = ("kill", "recurrence", "model", "reminders", "claims", "pace", "copy", "sheets", "fuzz")
ON_BOTH = {"reminders": ["--database", "postgresql", "--kills", "60"]}


def main() -> int:
    """Run the named ones, or all; 0 when every promise was kept."""
    broken = 0
    for name in sys.argv[1:] or ALL:
        for words in ([], ON_BOTH.get(name)):
            if words is None or (words and not postgres.available()):
                continue
            print(f"== {name} {' '.join(words)}", flush=True)
            broken += importlib.import_module(f"tests.soak.{name}").main(words)
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
