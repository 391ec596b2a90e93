"""Counting, without saying how: every room may count, only the web room knows the library that shows it."""

from typing import Protocol


class Metrics(Protocol):
    """Counts, durations and levels. A label is one of a few fixed words, never anything about a person."""

    def count(self, name: str, **labels: str) -> None:
        """One more of `name`."""
        ...

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """`name` took this long."""
        ...

    def put(self, name: str, value: float, **labels: str) -> None:
        """`name` stands at this value now."""
        ...


class NoMetrics:
    """Counts nothing."""

    def count(self, name: str, **labels: str) -> None:
        """Forgotten at once."""

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Forgotten at once."""

    def put(self, name: str, value: float, **labels: str) -> None:
        """Forgotten at once."""
