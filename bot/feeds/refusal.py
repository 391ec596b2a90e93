"""The one exception inside this room: why a row becomes no meeting."""


class Refused(Exception):
    """A row that cannot be taken; `reason` is an id of reasons.COMPLAINTS. Never leaves the readers."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
