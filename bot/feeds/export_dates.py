"""An `updated` that nearly all rows share tells when the file was made, not when the rows were changed."""

from collections import Counter
from collections.abc import Sequence

_ENOUGH_ROWS = 20
_NEARLY_ALL = 0.9


def export_stamp(stamps: Sequence[bytes], rows: int) -> str:
    """The moment that nearly all of so many rows give, "" where there is none."""
    if rows < _ENOUGH_ROWS or not stamps:
        return ""
    stamp, times = Counter(stamps).most_common(1)[0]
    return stamp.decode("utf-8", "replace") if times >= _NEARLY_ALL * rows else ""
