"""What stands behind /admin, put together once: the people who help, the feeds, and the history of both."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.domain.exceptions import KIND as DAYS
from bot.services import admins as people
from bot.services import meeting_writing
from bot.services.admin_undo import UndoAdmins, UndoInvitations
from bot.services.admins import Admins
from bot.services.audit import Audit, Undoer
from bot.services.bulk import Bulk
from bot.services.desk_sessions import DeskSessions
from bot.services.exceptions import Days, UndoDays
from bot.services.feed_desk import FeedDesk
from bot.services.feed_undo import UndoFeeds, UndoLinks, UndoRefusals
from bot.services.keys import KeyRing
from bot.services.meeting_desk import MeetingDesk
from bot.services.meeting_rules import World
from bot.services.meeting_table import MeetingTable
from bot.services.meeting_undo import UndoMeetings, UndoProposals
from bot.services.news import News
from bot.services.queue import Queue
from bot.services.queue_undo import PUT_OFF, SUGGESTION, UndoPutOff, UndoSuggestions
from bot.services.reports import KIND as REPORTS
from bot.services.reports import Reports, Same, UndoReports, alone
from bot.services.sync import Sync
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """The services behind /admin."""

    admins: Admins
    feeds: FeedDesk
    audit: Audit
    reports: Reports
    news: News
    days: Days
    meetings: MeetingDesk
    queue: Queue
    bulk: Bulk
    sessions: DeskSessions
    table: MeetingTable


def desk_for(
    database: Database,
    keys: KeyRing,
    sync: Sync,
    owners: Collection[int],
    clock: Clock,
    *,
    world: World,
    same: Same = alone,
) -> Desk:
    """The desk; `owners`: Telegram ids of the settings. Every kind of change has its undoer here.

    `same`: the ids under which one meeting is listed; `world`: what is known beyond the meetings.
    """
    admins = Admins(database, keys, owners, clock=clock)
    days = Days(database, same=same, kinds=world.guarded, clock=clock)
    of_meetings = UndoMeetings(world)  # one for both kinds: what was made together is taken back together
    undoers: dict[str, Undoer] = {
        people.KIND: UndoAdmins(admins),
        people.INVITED: UndoInvitations(),
        "feed": UndoFeeds(sync),
        "links": UndoLinks(sync, world.guarded),
        "held": UndoRefusals(sync),
        REPORTS: UndoReports(),
        DAYS: UndoDays(days),
        meeting_writing.KIND: of_meetings,
        meeting_writing.ADDED: of_meetings,
        meeting_writing.PROPOSED: UndoProposals(),
        PUT_OFF: UndoPutOff(),
        SUGGESTION: UndoSuggestions(),
    }
    feeds = FeedDesk(database, sync, clock=clock, kinds=world.guarded)
    reports = Reports(database, same=same, clock=clock)
    meetings = MeetingDesk(database, world, clock=clock)
    return Desk(
        admins,
        feeds,
        Audit(database, undoers, clock=clock),
        reports,
        News(database, admins, same=same, clock=clock),
        days,
        meetings,
        Queue(database, feeds, meetings, reports, clock=clock),
        Bulk(database, meetings, sync.fetch, world.kinds, clock=clock),
        DeskSessions(database, keys, admins, clock=clock),
        MeetingTable(database, clock=clock),
    )
