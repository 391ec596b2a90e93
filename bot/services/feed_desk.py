"""What people who help do to feeds: each deed is looked at first, and written down with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.admin import Admin, Author, Deed, Scope, does, key_of, may
from bot.domain.audit import Subject, Values
from bot.domain.clock import Clock, system_clock
from bot.domain.edits import Proposal, scope_of
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.domain.feed import FeedCard
from bot.domain.feed_state import FeedState, Health, SyncReport, Waiting
from bot.domain.guarded import puts_up
from bot.domain.meeting import Meeting
from bot.services.audit import permit, record
from bot.services.differences import with_links
from bot.services.feed_states import late
from bot.services.held_look import Noted, Sifted, all_taken
from bot.services.laying import JOINING
from bot.services.meeting_writing import propose
from bot.services.sync import Sync
from bot.store.database import Connection, Database
from bot.store.held import HeldLink


class FeedDesk:
    """Feeds, for one who is an Admin, or (None) for the command line. All raise NotPermitted and FeedError."""

    def __init__(
        self, database: Database, sync: Sync, *, kinds: Collection[str] = (), clock: Clock = system_clock
    ) -> None:
        """`kinds`: see domain.guarded.kinds_of()."""
        self._database, self._sync, self._clock = database, sync, clock
        self._kinds = kinds

    def about(self, feed: str) -> Scope:
        """What a feed is about, by its card: whoever looks after all of it may decide on it."""
        card = self._sync.cards.get(feed)
        if card is None:
            return Scope(feeds=frozenset({feed}))
        return Scope(frozenset({card.fellowship}), frozenset(card.countries), frozenset({feed}))

    def publisher(self, feed: str) -> str:
        """Whose list it is; "" where no card says so."""
        card = self._sync.cards.get(feed)
        return card.publisher if card else ""

    def card(self, feed: str) -> FeedCard | None:
        """The card of a feed."""
        return self._sync.cards.get(feed)

    async def late(self, connection: Connection) -> dict[str, datetime]:
        """The lists that were not read for too long, each with the last time."""
        return await late(connection, self._sync.cards, self._clock())

    def known(self, key: int) -> str:
        """The feed whose name a button carries (domain.admin.key_of); OutdatedButton for none that has a card."""
        for feed in self._sync.cards:
            if key_of(feed) == key:
                return feed
        raise OutdatedButton

    def within(self, who: Admin) -> list[str]:
        """Ids of the cards that somebody looks after."""
        return [feed for feed in sorted(self._sync.cards) if who.scope.covers(self.about(feed))]

    async def listing(self, who: Admin) -> list[FeedState]:
        """Every feed that somebody looks after: those that wait for a decision first, those that are off last."""
        if not any(does(who, deed) for deed in (Deed.SYNC_FEED, Deed.ACCEPT_HELD, Deed.MANAGE_FEEDS)):
            raise NotPermitted
        states = await self._sync.listing()
        mine = [state for state in states if state.id in self._sync.cards and who.scope.covers(self.about(state.id))]
        order = ("held", "failing", "late", "never", "fresh", "off")
        return sorted(mine, key=lambda state: (order.index(state.state), state.id))

    async def state(self, who: Admin, feed: str) -> FeedState:
        """How one feed is; OutdatedButton for one that somebody does not look after."""
        for state in await self.listing(who):
            if state.id == feed:
                return state
        raise OutdatedButton

    async def health(self, who: Admin) -> dict[str, Health]:
        """How readings go, of the feeds that somebody looks after and that are on or were ever read."""
        mine = set(self.within(who))
        return {feed: one for feed, one in (await self._sync.health()).items() if feed in mine}

    async def enable(self, who: Admin | None, feed: str) -> bool:
        """Turn a feed on; whether it was off."""
        self.check(who, Deed.MANAGE_FEEDS, feed)
        return await self._sync.enable(feed, note=self._noting(who, Deed.MANAGE_FEEDS, feed))

    async def disable(self, who: Admin | None, feed: str) -> int | None:
        """Turn a feed off: how many meetings were taken out of the searches; None: it was off."""
        self.check(who, Deed.MANAGE_FEEDS, feed)
        return await self._sync.disable(feed, note=self._noting(who, Deed.MANAGE_FEEDS, feed))

    async def sync(self, who: Admin, feed: str) -> SyncReport:
        """Read a feed now. That it was asked for is written down before; it takes as long as the publisher does."""
        subject = Subject("feed", feed, self.publisher(feed), self.about(feed))
        async with self._database.begin() as connection:
            await record(connection, who, Deed.SYNC_FEED, subject, {}, {"asked": True}, self._clock())
        return await self._sync.sync(feed)

    async def waiting(self, who: Admin, feed: str) -> Waiting:
        """What is held of a feed, in numbers."""
        self.check(who, Deed.ACCEPT_HELD, feed)
        return await self._sync.waiting(feed)

    async def accept(self, who: Admin | None, feed: str, seen: int | None = None) -> SyncReport:
        """Take what is held; `seen`: its mark when it was looked at (HeldChanged).

        Links of meetings that domain.guarded names wait for a second person; the command line takes them at once.
        """
        self.check(who, Deed.ACCEPT_HELD, feed)
        sift = all_taken if who is None else self._sifting(who, feed)
        return await self._sync.accept(feed, seen=seen, note=self._noting(who, Deed.ACCEPT_HELD, feed), sift=sift)

    async def refuse(self, who: Admin | None, feed: str, seen: int | None = None) -> int:
        """Give it up; the same does not ask again."""
        self.check(who, Deed.REFUSE_HELD, feed)
        return await self._sync.refuse(feed, seen=seen, note=self._noting(who, Deed.REFUSE_HELD, feed))

    def check(self, who: Admin | None, deed: Deed, feed: str) -> None:
        """Raises NotPermitted. Asked before the work; with it `record` asks again, as things are by then."""
        if who is not None and not may(who, deed, self.about(feed)):
            raise NotPermitted

    def _sifting(self, who: Admin, feed: str) -> Sifted:
        """Lets the links of guarded meetings wait, as proposals of whoever accepts."""

        async def sift(
            connection: Connection, meetings: Mapping[int, Meeting], links: Sequence[HeldLink]
        ) -> Collection[int]:
            after = {one.id: one for one in with_links(meetings, links, self._clock()).put}
            guarded = [one for one in after.values() if puts_up(meetings[one.id], one, self._kinds)]
            if guarded:
                author = await permit(connection, who, Deed.ACCEPT_HELD, self.about(feed))
                for one in guarded:
                    asked = self._proposal(author, meetings[one.id], one)
                    await propose(connection, who, Deed.ACCEPT_HELD, asked)
            return {one.id for one in guarded}

        return sift

    def _proposal(self, author: Author, before: Meeting, after: Meeting) -> Proposal:
        names = [name for name in JOINING if getattr(before, name) != getattr(after, name)]
        was, wanted = ({name: getattr(one, name) for name in names} for one in (before, after))
        about = scope_of(before)
        return Proposal(0, before.id, "links", before.name, about, was, wanted, author, self._clock())

    def _noting(self, who: Admin | None, deed: Deed, feed: str) -> Noted:
        about = self.about(feed)

        async def note(connection: Connection, kind: str, before: Values, after: Values) -> None:
            subject = Subject(kind, feed, self.publisher(feed), about)
            await record(connection, who, deed, subject, before, after, self._clock())

        return note
