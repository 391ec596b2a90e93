"""Reads the feeds that are due, one after the other; one that fails does not keep the others waiting."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.domain.errors import FeedError, StoreError

if TYPE_CHECKING:
    from bot.services.sync import Sync

log = logging.getLogger(__name__)


async def refresh_feeds(feeds: Sync) -> None:
    """One round: until no feed is due any more. StoreError ends it, and the next round comes."""
    while (feed := await feeds.claim()) is not None:
        try:
            report = await feeds.sync(feed)
        except StoreError:
            raise
        except FeedError as error:
            log.warning("a feed could not be read", extra={"feed": feed, "reason": str(error)})
        except Exception as error:
            log.error("a feed met a fault", exc_info=error, extra={"feed": feed})
        else:
            log.info(
                "a feed was read",
                extra={
                    "feed": feed,
                    "outcome": report.outcome,
                    "meetings": report.meetings,
                    "waiting": report.held,
                },
            )
