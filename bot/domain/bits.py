"""Small numbers packed side by side, most significant first: what buttons and hand-off links are made of."""

from bot.domain.errors import OutdatedButton


class BitWriter:
    """Collects bits, most significant first."""

    def __init__(self) -> None:
        self.value, self.bits = 0, 0

    def put(self, value: int, width: int) -> None:
        """Append a number; ValueError if it does not fit."""
        if not 0 <= value < 1 << width:
            raise ValueError(f"{value} does not fit {width} bits")
        self.value = self.value << width | value
        self.bits += width

    def put_optional(self, value: int | None, width: int) -> None:
        """A presence bit, and the number if there is one."""
        self.put(value is not None, 1)
        if value is not None:
            self.put(value, width)

    def to_bytes(self) -> bytes:
        """Everything so far, filled up with zeros to whole bytes."""
        self.put(0, -self.bits % 8)
        return self.value.to_bytes(self.bits // 8, "big")


class BitReader:
    """Hands the bits out again; past the end is an outdated button."""

    def __init__(self, data: bytes) -> None:
        self.value, self.left = int.from_bytes(data, "big"), len(data) * 8

    def take(self, width: int) -> int:
        """The next number."""
        self.left -= width
        if self.left < 0:
            raise OutdatedButton
        return self.value >> self.left & ((1 << width) - 1)

    def take_optional(self, width: int) -> int | None:
        """The next number if its presence bit is set."""
        return self.take(width) if self.take(1) else None
