"""The road to treatment in one country: who tells where treatment is, with a source and the day of the check."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TreatmentFinder:
    """One public directory or line that says where treatment is."""

    name: str
    url: str = ""  # https, or "" where it has none that is sure
    phone: str = ""
    hours: str = ""  # "always", or "" where not known


@dataclass(frozen=True, slots=True)
class Treatment:
    """The finders of one country, the first for any kind of treatment."""

    country: str  # ISO alpha-2
    finders: tuple[TreatmentFinder, ...]
    checked_on: date
    source: str
    confidence: str  # "A": two sources; "B": one; "?": doubt, show no finder
