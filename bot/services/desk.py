"""What stands behind /admin, put together once: the people who help, the feeds, and the history of both."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.services import admins as people
from bot.services.admin_undo import UndoAdmins, UndoInvitations
from bot.services.admins import Admins
from bot.services.audit import Audit, Undoer
from bot.services.feed_desk import FeedDesk
from bot.services.feed_undo import UndoFeeds, UndoLinks, UndoRefusals
from bot.services.keys import KeyRing
from bot.services.sync import Sync
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """The services behind /admin."""

    admins: Admins
    feeds: FeedDesk
    audit: Audit


def desk_for(database: Database, keys: KeyRing, sync: Sync, owners: Collection[int], clock: Clock) -> Desk:
    """The desk; `owners`: Telegram ids of the settings. Every kind of change has its undoer here."""
    admins = Admins(database, keys, owners, clock=clock)
    undoers: dict[str, Undoer] = {
        people.KIND: UndoAdmins(admins),
        people.INVITED: UndoInvitations(),
        "feed": UndoFeeds(sync),
        "links": UndoLinks(sync),
        "held": UndoRefusals(sync),
    }
    return Desk(admins, FeedDesk(database, sync, clock=clock), Audit(database, undoers, clock=clock))
