"""What waits behind /admin and was put off: an item's mark, and until when."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import put_off as table


async def still(connection: AsyncConnection, now: datetime) -> set[str]:
    """The marks of all that is put off to later than now."""
    return set(await connection.scalars(select(table.c.item).where(table.c.until > now)))


async def until(connection: AsyncConnection, item: str) -> datetime | None:
    """Until when an item was put off, even if that is over; None: it never was."""
    found: datetime | None = await connection.scalar(
        select(table.c.until).where(table.c.item == item).with_for_update()
    )
    return found


async def put(connection: AsyncConnection, item: str, until: datetime | None) -> None:
    """Put an item off; None: it waits again."""
    await connection.execute(delete(table).where(table.c.item == item))
    if until is not None:
        await connection.execute(insert(table).values(item=item, until=until))


async def trim(connection: AsyncConnection, before: datetime) -> None:
    """Forget what came back before that instant."""
    await connection.execute(delete(table).where(table.c.until < before))
