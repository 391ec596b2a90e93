"""What the card of one meeting says beside its list: by three look-ups of keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.prepared import Among, Prepared
from bot.store.reports import open_days
from bot.store.tables import checks, meeting_edits

_EDITS = Prepared(
    select(meeting_edits.c.field, meeting_edits.c.at).where(
        meeting_edits.c.meeting == bindparam("meeting", type_=BigInteger), ~meeting_edits.c.derived
    )
)
_CHECKED = Among(checks.c.meeting, lambda same: select(func.max(checks.c.day)).where(same))


@dataclass(frozen=True, slots=True)
class Facts:
    """The days of open reports, fields that were set here with the instant, and the last look at it."""

    reported: tuple[date, ...]
    edited: dict[str, datetime]
    checked_on: date | None


async def facts(connection: AsyncConnection, meeting: int, same: Sequence[int]) -> Facts:
    """Of a meeting and of all rows that are the same meeting; what was set counts where it shows."""
    edited = {field: at for field, at in await _EDITS.rows(connection, {"meeting": meeting})}
    checked = [day for (day,) in await _CHECKED.rows(connection, same) if day is not None]
    return Facts(tuple(await open_days(connection, same)), edited, max(checked, default=None))
