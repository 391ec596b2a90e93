"""What the card of a meeting says beside its list; only what there is evidence of."""

from bot.domain.meeting import Meeting
from bot.domain.report_kinds import INDEPENDENT
from bot.domain.standing import Standing, parts_of
from bot.services.reports import Same
from bot.store import standing as store
from bot.store.database import Database


class Standings:
    """Asked when a card opens. `same`: the ids under which one meeting is listed."""

    def __init__(self, database: Database, *, same: Same) -> None:
        self._database, self._same = database, same

    async def of(self, meeting: Meeting) -> Standing:
        """What is known of a meeting.

        A report is told of from the second one on, and not after somebody looked at the meeting on a later day.
        """
        async with self._database.read() as connection:
            found = await store.facts(connection, meeting.id, self._same(meeting.id))
        since = [day for day in found.reported if found.checked_on is None or day >= found.checked_on]
        reported = max(since) if len(since) >= INDEPENDENT else None
        return Standing(
            reported_on=reported,
            corrected=parts_of(found.edited),
            corrected_at=max(found.edited.values(), default=None),
            checked_on=None if reported and reported == found.checked_on else found.checked_on,
        )
