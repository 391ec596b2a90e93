"""Memory that is free inside the process, given back to the machine."""

import ctypes
from functools import cache


def give_back() -> None:
    """Hand free memory of the C library to the system; where it has no such call, nothing happens. Work for a thread.

    What reads a long list leaves holes behind that would be kept for the next time, which is hours away.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> "ctypes._NamedFuncPointer | None":
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None  # another C library than GNU's
