"""Column types that hand out the domain's own values."""

import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.meeting import Status, bits_to_tags, tags_to_bits


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone, so it is given back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """ValueError for a naive time: it would mean another instant on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, whatever zone the database session shows."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Epoch(TypeDecorator[datetime]):
    """An aware instant as whole seconds since 1970: statements can add and subtract."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | int | None, dialect: Dialect) -> int | None:
        """The seconds, fractions cut off; ValueError for a naive time."""
        if not isinstance(value, datetime):
            return value
        if value.tzinfo is None:
            raise ValueError("a stored time needs its zone")
        return math.floor(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Tags(TypeDecorator[frozenset[str]]):
    """Tags of a meeting as one number with a bit each."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> int:
        """The bits of the tags."""
        return tags_to_bits(value or frozenset())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> frozenset[str]:
        """The tags this version knows."""
        return bits_to_tags(value) if value else frozenset()


class Words(TypeDecorator[tuple[str, ...]]):
    """Words without spaces in them, as one text: "en es"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """The words, a space between them."""
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The words in the order they came."""
        return tuple(value.split()) if value else ()


class StatusText(TypeDecorator[Status]):
    """A status by its own name, so that a person can read the table."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Status | None, dialect: Dialect) -> str:
        """The name."""
        return (value or Status.ACTIVE).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Status:
        """The member of that name."""
        return Status(value) if value else Status.ACTIVE
