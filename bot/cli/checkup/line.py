"""One thing that was looked at, and how it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`says`: how it is; where it is not well, one sentence with what to do."""

    name: str
    ok: bool
    says: str


def well(name: str, says: str) -> Line:
    """Nothing to do."""
    return Line(name, True, says)


def ill(name: str, says: str) -> Line:
    """Something to do."""
    return Line(name, False, says)
