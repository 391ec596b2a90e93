"""How far Telegram may forget.

Asking for updates from an offset on makes Telegram forget everything below it, and the updates above come back with
every answer until they are forgotten too. So the offset is the lowest update that is not settled, and what comes
back meanwhile is recognised.
"""


class Ledger:
    """The numbers of the updates in hand. Numbers may have gaps, be huge, or start again lower."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._settled: set[int] = set()  # from the offset last confirmed upwards
        self._top: int | None = None  # the highest number seen since the queue was last empty

    @property
    def offset(self) -> int:
        """What to ask from: 0 confirms nothing. Never negative, which to Telegram means "from the end"."""
        if self._open:
            return max(min(self._open), 0)
        return 0 if self._top is None else max(self._top + 1, 1)

    @property
    def lowest(self) -> int | None:
        """The update that holds the offset, if any."""
        return min(self._open, default=None)

    def __len__(self) -> int:
        """How many updates are not settled."""
        return len(self._open)

    def take(self, number: int) -> bool:
        """Note an update as in hand; False if it is known already."""
        if number in self._open or number in self._settled:
            return False
        self._open.add(number)
        self._top = number if self._top is None else max(self._top, number)
        return True

    def settle(self, number: int) -> None:
        """Telegram may forget this update."""
        if number in self._open:
            self._open.remove(number)
            self._settled.add(number)

    def confirmed(self, offset: int, *, empty: bool) -> None:
        """Telegram answered a question from `offset` on, perhaps with nothing.

        With nothing pending and nothing in hand the count starts anew: after a week without updates Telegram may go
        on with lower numbers, which an old offset would make it skip.
        """
        self._settled = {number for number in self._settled if number >= offset}
        if empty and not self._open:
            self._settled.clear()
            self._top = None
