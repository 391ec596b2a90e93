"""What a second person says to a change that one alone may not make."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.admin import Admin, Author, Deed, Role, may
from bot.domain.audit import Subject
from bot.domain.edits import ENDED, Done, Proposal
from bot.domain.errors import MeetingGone, NeedsTwo, OutdatedButton
from bot.domain.fields import typed
from bot.services import meeting_adding
from bot.services.audit import permit, record
from bot.services.meeting_rules import World
from bot.services.meeting_state import State
from bot.services.meeting_writing import PROPOSED, Asked, Wanted, Writing, states_of
from bot.store import admins, proposals
from bot.store.database import Connection

ALONE_AFTER = timedelta(hours=24)  # an owner, on second thoughts, is two people


@dataclass(frozen=True, slots=True)
class Deciding:
    """One person's decision, inside a transaction that has its turn."""

    connection: Connection
    world: World
    who: Admin | None
    at: datetime
    beside: Collection[int] = ()

    async def decide(self, number: int, *, accept: bool, reason: str) -> Done:
        """See MeetingDesk.decide."""
        found = await proposals.by_id(self.connection, number, lock=True)
        if found is None or found[1] != proposals.OPEN:
            raise OutdatedButton
        proposal, _, _ = found
        author = await permit(self.connection, self.who, Deed.REVIEW, proposal.about)
        if not accept:
            return await self._turn_down(proposal, own=author.id == proposal.author.id, reason=reason)
        if not await self._are_two(proposal, author):
            raise NeedsTwo
        done = await self._carry_out(proposal)
        if not done.faults:
            await proposals.settle(self.connection, [number], proposals.ACCEPTED)
        return done

    async def _turn_down(self, proposal: Proposal, *, own: bool, reason: str) -> Done:
        state = proposals.WITHDRAWN if own else proposals.REJECTED
        await proposals.settle(self.connection, [proposal.id], state, reason.strip())
        subject = Subject(PROPOSED, str(proposal.id), proposal.title, proposal.about)
        after = {"state": state, **({"why": reason.strip()} if reason.strip() else {})}
        before = {"state": proposals.OPEN}
        change = await record(self.connection, self.who, Deed.REVIEW, subject, before, after, self.at)
        return Done(changes=(change,))

    async def _are_two(self, proposal: Proposal, author: Author) -> bool:
        """Whether two people stand behind it: one who proposed and still may, and another one; or an owner twice."""
        if author.id != proposal.author.id and await self._still_stands(proposal):
            return True
        slept = self.at >= proposal.at + ALONE_AFTER
        return slept and (self.who is None or author.role is Role.OWNER)

    async def _still_stands(self, proposal: Proposal) -> bool:
        if proposal.author.id is None:
            return True
        row = await admins.by_id(self.connection, proposal.author.id, share=True)
        if row is None or row.revoked_at is not None:
            return False
        now = Admin(row.id, row.role, row.scope, row.name)
        return any(may(now, deed, proposal.about) for deed in (Deed.EDIT_MEETING, Deed.ACCEPT_HELD))

    async def _carry_out(self, proposal: Proposal) -> Done:
        asked = Asked(Deed.REVIEW, proposal.kind, proposal.why, proposal.until, agreed=proposal.author)
        writing = Writing(self.connection, self.world, self.who, self.at, asked, self.beside)
        if proposal.kind == "add":
            await meeting_adding.plan_proposed(writing, proposal.after)
            return await writing.write()
        states = await states_of(self.connection, [proposal.meeting])
        if not states:
            raise MeetingGone
        await writing.plan(states, {proposal.meeting: _wanted(proposal)})
        return await writing.write()


def _wanted(proposal: Proposal) -> Wanted:
    """What was proposed, for the meeting as it is by now."""

    def values(state: State) -> Mapping[str, Any]:
        names = [name for name in proposal.after if not name.startswith("edit:")]
        if proposal.kind == "give_up":
            return {one: False if one == ENDED else getattr(state.listed, one) for one in names}
        return {name: typed(name, proposal.after[name]) for name in names}

    return values
