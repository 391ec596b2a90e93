"""`make load`: every load and fault test, one after the other. The first word may name one, with its options."""

import importlib
import sys

ALL = ("visits", "faults", "throughput")


def main() -> int:
    """Run the named one, or all; 0 when every promise was kept."""
    words, broken = sys.argv[1:], 0
    for name in words[:1] or ALL:
        print(f"== {name}", flush=True)
        broken += importlib.import_module(f"tests.load.{name}").main(words[1:])
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
