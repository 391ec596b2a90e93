"""What whoever looks after the bot watches: ages and numbers, never anything about a person."""

import asyncio
import math
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.clock import Clock, system_clock
from bot.domain.errors import StoreError
from bot.domain.feed import FeedCard
from bot.domain.metrics import Metrics
from bot.domain.urgent import UrgentCountry
from bot.services import feed_states
from bot.services.backup import SUFFIX
from bot.store import held, syncs, vitals
from bot.store.database import Database

PATIENCE = timedelta(seconds=60)  # a message that waits longer is overdue


class Vitals:
    """Measures now and then; each process for itself."""

    def __init__(
        self,
        database: Database,
        cards: Mapping[str, FeedCard],
        urgent: Mapping[str, UrgentCountry],
        *,
        country: str | None,
        data: Path,
        backups: Path,
        clock: Clock = system_clock,
    ) -> None:
        """`country`: the operator's. `data`, `backups`: folders, which need not exist."""
        self._database, self._cards, self._urgent, self._country = database, cards, urgent, country
        self._data, self._backups, self._clock = data, backups, clock

    async def measure(self, metrics: Metrics) -> None:
        """Put every level as it stands now. Never raises for a database that is away: that is a level too."""
        now = self._clock()
        await asyncio.to_thread(self._disk, metrics, now)
        try:
            await self._messages(metrics, now)
            await self._lists(metrics, now)
        except StoreError:
            metrics.put("database_up", 0.0)
        else:
            metrics.put("database_up", 1.0)

    async def _messages(self, metrics: Metrics, now: datetime) -> None:
        async with self._database.read() as connection:
            found = await vitals.waiting(connection, now, PATIENCE)
        metrics.put("outbox_waiting", found.count)
        metrics.put("outbox_overdue", found.overdue)
        metrics.put("outbox_oldest_seconds", _age(found.since, now) if found.since else 0.0)

    async def _lists(self, metrics: Metrics, now: datetime) -> None:
        async with self._database.read() as connection:
            on = await syncs.listed(connection)
            waits = {*await held.reasons(connection), *await held.waiting_links(connection)}
        found = await feed_states.troubles(self._database, self._cards, now)
        for state, count in (("on", len(on)), ("late", len(found.late)), ("failing", len(found.failing))):
            metrics.put("feeds", count, state=state)
        metrics.put("feeds", len(waits), state="held")
        read = [record.succeeded_at for record in on if record.succeeded_at]
        metrics.put("feed_oldest_seconds", _age(min(read), now) if read else 0.0)
        countries = {country for one in on if one.id in self._cards for country in self._cards[one.id].countries}
        metrics.put("urgent_numbers_oldest_days", self._oldest_number(countries, now))

    def _oldest_number(self, countries: set[str], now: datetime) -> float:
        """Days since somebody looked at the urgent numbers of the countries this bot is run for; inf: never."""
        asked = countries | {self._country}
        served = [row for code, row in self._urgent.items() if code in asked] or self._urgent.values()
        return float(max(((now.date() - row.checked_on).days for row in served), default=math.inf))

    def _disk(self, metrics: Metrics, now: datetime) -> None:
        """The disk under the data, and the newest backup here; inf: there is none."""
        try:
            disk = shutil.disk_usage(
                next(one for one in (self._data, *self._data.absolute().parents) if one.exists())
            )
            metrics.put("disk_free_bytes", disk.free)
            metrics.put("disk_free_ratio", disk.free / disk.total)
            made = max((one.stat().st_mtime for one in self._backups.glob(f"*{SUFFIX}")), default=None)
        except OSError:
            made = None
        metrics.put("backup_age_seconds", math.inf if made is None else max(0.0, now.timestamp() - made))


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
