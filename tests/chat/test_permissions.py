"""The table of permissions, walked whole: every role and scope tries every deed by buttons never shown to it.

Each deed is tried where it would do something; whether it was done is read from the history, not from the screen.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.domain.admin import EVERYTHING, Admin, Deed, Role, Scope, key_of, may
from bot.domain.bulk import Part as BulkPart
from bot.domain.buttons import Action, Press
from bot.domain.edits import scope_of
from bot.domain.errors import NotPermitted
from bot.domain.queue import Kind, Step, numbered
from bot.domain.report_kinds import ReportKind
from bot.domain.search import Search
from bot.domain.suggestion import Kind as About
from bot.domain.suggestion import Subject
from bot.services.suggestions import Suggestions
from bot.views import admin_feeds, admin_meetings, admin_people
from tests.chat.desk import NOT_YOURS, OUTDATED, Desk, desk_in
from tests.chat.phone import Phone
from tests.chat.test_admin_queue import EMPTIED, SOURCE
from tests.helping import AA, CARDS, IN_AA, MEET, NA, NOT_IN_AA

pytestmark = pytest.mark.asyncio(loop_scope="module")
STRANGER, QUOTED, SURE = 5550199, 97, 2
FEEDS = admin_feeds.Step
OWNER = Admin(0, Role.OWNER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_in(tmp_path_factory.mktemp("permissions")) as desk:
        yield desk


@dataclass
class Tried:
    """Somebody's phone, and a list of which everything waits for somebody."""

    desk: Desk
    phone: Phone

    async def press(self, action: Action, meeting: int | None = None, number: int = 0, *, quoted: str = "") -> str:
        """Any button, of somebody who is sure; what is done beside is waited for. `quoted`: what it answers."""
        press = Press(action, Search(page=SURE), meeting, number)
        changes = {"reply_to_message": self.phone._message(QUOTED, self.phone._person(), quoted)} if quoted else {}
        self.phone.sent[QUOTED] = quoted
        said = await self.phone.press_data(self.desk.data(press), **changes)
        await asyncio.gather(*self.phone.dispatcher._rooms.errands._running.values())
        return said

    async def item(self, kind: Kind, key: int, step: Step, choice: int = 0) -> None:
        """A button below something that waits."""
        press = Press(Action.ADMIN_ITEM_DO, meeting=key, number=numbered(kind, step, choice))
        await self.phone.press_data(self.desk.data(press))

    async def lamp(self) -> int:
        return (await self.desk.meeting("Night Lamp")).id

    async def manages_people(self) -> None:
        gift = admin_people.Gift(None, Role.REVIEWER, admin_people.Part.EVERYTHING)
        await self.press(Action.ADMIN_GIVE, number=gift.number)

    async def manages_feeds(self) -> None:
        await self.press(Action.ADMIN_FEED, key_of(AA), FEEDS.OFF)

    async def reads_a_list(self) -> None:
        await self.press(Action.ADMIN_FEED, key_of(AA), FEEDS.SYNC)

    async def takes_what_is_held(self) -> None:
        await self.press(Action.ADMIN_ACCEPT, key_of(AA), (await self.desk.world.sync.waiting(AA)).mark)

    async def refuses_it(self) -> None:
        await self.press(Action.ADMIN_REFUSE, key_of(AA), (await self.desk.world.sync.waiting(AA)).mark)

    async def changes_a_meeting(self) -> None:
        await self.press(Action.ADMIN_MEETING, await self.lamp(), admin_meetings.Part.CHECKED)

    async def puts_an_item_off(self) -> None:
        await self.item(Kind.REPORT, await self.lamp(), Step.PUT_OFF, 1)

    async def answers_reports(self) -> None:
        await self.item(Kind.REPORT, await self.lamp(), Step.ACCEPT)

    async def answers_a_suggestion(self) -> None:
        waiting = await self.desk.world.desk.queue.items(OWNER)
        key = next(one.key for one in waiting if one.kind is Kind.SUGGESTION)
        await self.item(Kind.SUGGESTION, key, Step.REJECT, 1)

    async def changes_many(self) -> None:
        world = self.desk.world
        world.answers[NA] = [{"id": f"{await self.lamp():014x}", "venue": "Town Hall"}]
        url = CARDS[NA].url
        found = await world.desk.bulk.look(None, await world.desk.bulk.published(url))
        await self.press(Action.ADMIN_BULK_APPLY, BulkPart.CHANGES, found.mark(BulkPart.CHANGES), quoted=url)

    async def looks_at_history(self) -> None:
        number = next(one.id for one in await self.desk.world.history() if one.subject.kind == "feed")
        said = await self.press(Action.ADMIN_CHANGE, number)
        if NOT_YOURS in said or OUTDATED in said:
            raise NotPermitted

    async def exports_it(self) -> None:
        """No button does that: only the command line and the service under it."""
        who = await self.desk.world.admins.of(self.phone.chat)
        if who is None:
            raise NotPermitted
        await self.desk.world.desk.audit.export(who, "csv")


DEEDS: dict[Deed, Callable[[Tried], Awaitable[None]]] = {
    Deed.MANAGE_ADMINS: Tried.manages_people,
    Deed.MANAGE_FEEDS: Tried.manages_feeds,
    Deed.SYNC_FEED: Tried.reads_a_list,
    Deed.ACCEPT_HELD: Tried.takes_what_is_held,
    Deed.REFUSE_HELD: Tried.refuses_it,
    Deed.EDIT_MEETING: Tried.changes_a_meeting,
    Deed.REVIEW: Tried.puts_an_item_off,
    Deed.BULK: Tried.changes_many,
    Deed.ANSWER_REPORTS: Tried.answers_reports,
    Deed.ANSWER_SUGGESTIONS: Tried.answers_a_suggestion,
    Deed.SEE_HISTORY: Tried.looks_at_history,
    Deed.EXPORT_AUDIT: Tried.exports_it,
}
UNWRITTEN = {Deed.SEE_HISTORY, Deed.EXPORT_AUDIT}  # nothing is changed by them
SCOPES = {name: {**IN_AA, **NOT_IN_AA}[name] for name in ("everything", "all three", "another kind", "another feed")}
SCOPES["another country"] = NOT_IN_AA["another country"]
WALKED = [(role, name) for role in Role for name in SCOPES if role is not Role.OWNER or name == "everything"]


async def ready(desk: Desk) -> None:
    """A list with links that wait, and a report and a suggestion on it."""
    world = desk.world
    async with world.database.begin() as connection:
        for table in EMPTIED:
            await connection.execute(table.delete())
    await world.listed("Night Lamp", "Early Birds")
    await world.listed("Night Lamp", "Early Birds", url=MEET)
    await world.desk.feeds.enable(None, AA)
    await world.desk.reports.keep(await desk.meeting("Night Lamp"), ReportKind.TIME)
    await Suggestions(world.database, clock=lambda: world.now).keep(Subject(About.FELLOWSHIP, "aa", "en"), SOURCE)


async def done(tried: Tried, deed: Deed) -> bool:
    """Whether somebody could do it."""
    before = {one.id for one in await tried.desk.world.history()}
    try:
        await DEEDS[deed](tried)
    except NotPermitted:
        return False
    new = [one for one in await tried.desk.world.history() if one.id not in before]
    assert all(one.deed is deed for one in new), (deed, new)
    return bool(new) or deed in UNWRITTEN


def expected(who: Admin, deed: Deed, lamp: Scope, feed: Scope) -> bool:
    """What the one table says, for what the deed is done to."""
    about = {
        Deed.MANAGE_ADMINS: who.scope,
        Deed.ANSWER_SUGGESTIONS: Scope(frozenset({"aa"})),
        Deed.EXPORT_AUDIT: EVERYTHING,
        **dict.fromkeys((Deed.EDIT_MEETING, Deed.REVIEW, Deed.BULK, Deed.ANSWER_REPORTS), lamp),
    }
    return may(who, deed, about.get(deed, feed))


async def test_every_deed_is_tried() -> None:
    assert DEEDS.keys() == set(Deed)


@pytest.mark.parametrize(("role", "name"), WALKED)
async def test_each_role_does_in_chat_what_the_table_says_and_nothing_else(desk: Desk, role: Role, name: str) -> None:
    who = await desk.world.helper(role, SCOPES[name])
    tried = Tried(desk, desk.of(desk.world.chat_of[who.id]))
    feed = desk.world.desk.feeds.about(AA)
    for deed in Deed:
        await ready(desk)
        lamp = scope_of(await desk.meeting("Night Lamp"))
        assert await done(tried, deed) is expected(who, deed, lamp, feed), deed


async def test_who_helps_no_longer_and_who_never_did_can_do_nothing(desk: Desk) -> None:
    who = await desk.world.helper(Role.ADMIN)
    await desk.world.admins.revoke(None, who.id)
    await ready(desk)
    for chat in (desk.world.chat_of[who.id], STRANGER):
        for deed in Deed:
            assert not await done(Tried(desk, desk.of(chat)), deed), deed
