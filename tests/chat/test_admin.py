"""Behind /admin: whose press does what, and what everybody else sees."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot, Update

from bot.app import open_work, rooms_for
from bot.chat.dispatch import Dispatcher
from bot.chat.errands import Errands
from bot.chat.hourly import Hourly
from bot.chat.menus import Menus
from bot.chat.routes import NOT_BY_LINK, whole_menu
from bot.domain import invitation
from bot.domain.admin import EVERYTHING, Admin, Deed, Role, Scope, key_of
from bot.domain.audit import Change, Conflict, Subject, Undone
from bot.domain.buttons import Action, Press, pack
from bot.domain.feed_state import FeedState, OtherHost, SyncReport, Waiting
from bot.domain.search import Search
from bot.sandbox.html_text import parse_html
from bot.services.forgetting import Forgetting
from bot.services.forgotten import ForgottenFile
from bot.services.people import People
from bot.store.database import Database
from bot.views import admin, admin_feeds, admin_history, admin_people
from bot.views.admin_people import Gift, Part
from bot.views.screen import Screen
from tests.chat.test_fuzz import BOT_ID, Counted
from tests.helping import AA, IN_AA, MEET, NA, NOT_IN_AA, World
from tests.stories.conftest import story_settings
from tests.views.frames import NOW, make_frame

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOT_YOURS, OUTDATED = "That is not yours to change.", "That button is out of date."
FEEDS = admin_feeds.Step
ADMIN_ACTIONS = [action for action in Action if action >= Action.ADMIN]


@dataclass
class Shown:
    """Stands in for the sender, and keeps what it is given."""

    screens: list[Screen]

    async def show(self, chat_id: int, screen: Screen, **_: Any) -> None:
        self.screens += [screen, *screen.then]

    async def answer(self, query_id: str) -> None:
        """Nothing to keep."""


class Rig:
    """The real dispatcher over a desk of its own."""

    def __init__(self, world: World, dispatcher: Dispatcher, shown: Shown, counted: Counted, numbers: Any) -> None:
        self.world, self.dispatcher, self.shown, self.counted = world, dispatcher, shown, counted
        self.numbers: dict[str, int] = numbers
        self.bot = Bot("1:a")  # making one reads all certificates of the machine

    async def update(self, chat: int, **raw: Any) -> str:
        """All that is said to one update."""
        self.shown.screens.clear()
        person = {"id": chat, "is_bot": False, "first_name": "Sam"}
        about = {"from": person, "chat": {"id": chat, "type": "private", "first_name": "Sam"}}
        own = {"message_id": 2, "date": 1, "chat": about["chat"], "text": "x"}
        sent = {"message_id": 3, "date": 1, **about, "text": raw.get("text", "")}
        asked = {"id": "7", "from": person, "message": own, "chat_instance": "1", "data": raw.get("data", "")}
        kind = {"message": sent} if "text" in raw else {"callback_query": asked}
        await self.dispatcher.handle(Update.de_json({"update_id": 1, **kind}, self.bot))
        assert self.counted.failures == []
        return "\n".join(screen.text for screen in self.shown.screens)

    async def press(self, who: Admin | int, press: Press) -> str:
        """The same for a press of somebody who helps, or of any chat."""
        return await self.update(self.chat(who), data=pack(press, self.numbers))

    def chat(self, who: Admin | int) -> int:
        """Where somebody writes from."""
        return who if isinstance(who, int) else self.world.chat_of[who.id]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    folder: Path = tmp_path_factory.mktemp("admin")
    async with open_work(story_settings(folder)) as work:
        database = Database(f"sqlite+aiosqlite:///{folder / 'desk.db'}")
        await database.open()
        await database.upgrade()
        world = World(database)
        await world.helper(Role.OWNER, name="First")
        await world.listed("Night Lamp", "Early Birds")
        await world.listed("Night Lamp", "Early Birds", url=MEET)
        await world.desk.feeds.enable(None, NA)
        menus, guesses = Menus(world.admins, work.library, whole_menu), Hourly(5)
        rooms = rooms_for(work, "open_chair_bot", preview=True)
        people, file = People(database, world.keys), ForgottenFile(folder / "openchair.forgotten")
        forgetting = Forgetting(database, world.keys, people, world.admins, file)
        rooms = replace(rooms, desk=world.desk, menus=menus, guesses=guesses, forgetting=forgetting)
        shown, counted = Shown([]), Counted()
        async with rooms.errands:
            dispatcher = Dispatcher(rooms, shown, BOT_ID, counted)  # type: ignore[arg-type]
            yield Rig(world, dispatcher, shown, counted, {kind: one.number for kind, one in work.fellowships.items()})
        await database.close()


def feed(action: Action, number: int = 0, page: int = 1) -> Press:
    return Press(action, Search(page=page), key_of(AA), number)


@pytest.mark.parametrize("role", Role)
async def test_each_button_does_what_the_table_permits_to_each_role_in_each_scope(rig: Rig, role: Role) -> None:
    world = rig.world
    enabled = next(one for one in await world.history() if one.subject.id == NA)
    for scope in (EVERYTHING,) if role is Role.OWNER else (*IN_AA.values(), *NOT_IN_AA.values()):
        who = await world.helper(role, scope)
        person = await world.helper(Role.REVIEWER, Scope(feeds=frozenset({AA})))
        mark = (await world.sync.waiting(AA)).mark
        inside, manager = not scope or scope in IN_AA.values(), role in (Role.OWNER, Role.ADMIN)
        gives_feed = manager and (not scope or (scope == Scope(feeds=frozenset({AA}))))
        over_na = scope.covers(world.desk.feeds.about(NA))
        table = [
            (feed(Action.ADMIN_FEED), inside),
            (feed(Action.ADMIN_FEED, FEEDS.ON), inside and manager),
            (feed(Action.ADMIN_FEED, FEEDS.ASK_OFF), inside and manager),
            (feed(Action.ADMIN_FEED, FEEDS.SYNC), inside and role is not Role.REVIEWER),
            (feed(Action.ADMIN_HELD), inside),
            (feed(Action.ADMIN_ACCEPT, mark), inside),
            (feed(Action.ADMIN_REFUSE, mark), inside),
            (feed(Action.ADMIN_ACCEPT, 1, page=2), inside),
            (Press(Action.ADMIN_PEOPLE), manager),
            (Press(Action.ADMIN_GIVE, number=Gift(None, Role.OWNER).number), role is Role.OWNER),
            (Press(Action.ADMIN_GIVE, number=Gift(None, Role.EDITOR, Part.EVERYTHING).number), manager),
            (Press(Action.ADMIN_GIVE, meeting=who.id, number=Gift(who.id, role, Part.EVERYTHING).number), False),
            (Press(Action.ADMIN_PERSON, meeting=person.id, number=2), gives_feed),
            (Press(Action.ADMIN_HISTORY), True),
            (Press(Action.ADMIN_CHANGE, meeting=enabled.id), over_na),
            (Press(Action.ADMIN_CHANGE, meeting=10**15), False),
        ]
        for press, allowed in table:
            said = await rig.press(who, press)
            assert (NOT_YOURS not in said and OUTDATED not in said) is allowed, (press, scope, said)
        if not over_na or not manager:
            said = await rig.press(who, Press(Action.ADMIN_CHANGE, meeting=enabled.id, number=1))
            assert NOT_YOURS in said or OUTDATED in said
    assert await world.state(NA) == "never"


@pytest.mark.parametrize("action", ADMIN_ACTIONS)
async def test_to_everybody_else_such_a_button_means_nothing(rig: Rig, action: Action) -> None:
    before = await rig.world.history()
    revoked = await rig.world.helper(Role.ADMIN)
    chat = rig.chat(revoked)
    await rig.world.admins.revoke(None, revoked.id)
    for stranger in (chat, 5550100):
        for number in (0, 1, 2, 3):
            said = await rig.press(stranger, Press(action, meeting=key_of(AA), number=number, picked=(7,)))
            assert OUTDATED in said or (action in (Action.ADMIN_OFFER, Action.ADMIN_JOIN) and "invitation" in said)
    assert len(await rig.world.history()) == len(before) + 2


async def test_admin_is_unknown_to_everybody_else_whatever_follows(rig: Rig) -> None:
    unknown = await rig.update(5550101, text="/nosuchcommand")
    for text in ("/admin", "/admin please", "/admin <b>", "/ADMIN", f"/admin {'x' * 3000}"):
        assert await rig.update(5550101, text=text) == unknown
    assert "/admin" not in unknown


async def test_after_some_wrong_codes_the_right_one_is_not_looked_at_for_a_while(rig: Rig) -> None:
    code = await rig.world.admins.invite(None, Role.REVIEWER)
    refused = ""
    for number in range(5):
        refused = await rig.update(5550102, text=f"/admin {invitation.written(number)}")
        assert "This invitation does not work any more." in refused
    assert await rig.update(5550102, text=f"/admin {code}") == refused
    assert "Welcome, and thank you." in await rig.update(5550103, text=f"/admin {code}")


async def test_a_link_shows_an_invitation_and_only_the_button_uses_it(rig: Rig) -> None:
    owner = await rig.world.helper(Role.OWNER)
    code = invitation.read(await rig.world.admins.invite(owner, Role.EDITOR, Scope(frozenset({"aa"}))))
    first, second = invitation.halves(code or 0)
    link = pack(Press(Action.ADMIN_OFFER, meeting=first, picked=(second,)), rig.numbers)
    assert "You would look after: AA." in await rig.update(5550104, text=f"/start {link}")
    join = Press(Action.ADMIN_JOIN, meeting=first, picked=(second,))
    await rig.update(5550104, text=f"/start {pack(join, rig.numbers)}")
    assert await rig.world.admins.of(5550104) is None
    assert "Welcome, and thank you." in await rig.press(5550104, join)
    assert "This invitation does not work any more." in await rig.press(5550105, join)


async def test_no_deed_of_people_who_help_is_done_by_a_link() -> None:
    asks = {Action.ADMIN_OFFER, Action.ADMIN_NAME, Action.ADMIN_AREA}
    assert set(ADMIN_ACTIONS) - NOT_BY_LINK == asks


async def test_whoever_leaves_finds_the_door_closed(rig: Rig) -> None:
    who = await rig.world.helper(Role.EDITOR)
    chat = rig.chat(who)
    assert "Stop helping?" in await rig.press(chat, Press(Action.ADMIN_LEAVE))
    assert "Thank you for your help." in await rig.press(chat, Press(Action.ADMIN_LEAVE, number=1))
    assert OUTDATED in await rig.press(chat, Press(Action.ADMIN))


async def test_whoever_is_forgotten_helps_no_longer(rig: Rig) -> None:
    chat = rig.chat(await rig.world.helper(Role.EDITOR))
    assert "I hold nothing about you now." in await rig.update(chat, text="/forget")
    assert OUTDATED in await rig.press(chat, Press(Action.ADMIN))


presses = st.builds(
    Press,
    st.sampled_from(ADMIN_ACTIONS),
    st.builds(Search, page=st.integers(1, 255), fellowships=st.sampled_from([(), ("aa",)])),
    st.none() | st.integers(0, 30) | st.just(key_of(AA)) | st.integers(0, 2**56 - 1),
    st.integers(0, 40) | st.integers(0, 65535),
    st.sampled_from([(), (key_of(AA),), (1,), (1, 2)]),
)


async def test_any_button_an_owner_could_ever_press_is_answered(rig: Rig) -> None:
    chat = rig.chat(await rig.world.helper(Role.OWNER))
    seen: list[Press] = []

    @given(presses)
    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def collect(press: Press) -> None:
        seen.append(press)

    collect()
    for press in seen:
        if press.action is not Action.ADMIN_LEAVE:
            assert await rig.press(chat, press)


async def test_an_errand_is_run_once_at_a_time_and_a_failed_one_is_forgotten() -> None:
    errands, begun = Errands(), []

    def work(name: str) -> Callable[[], Awaitable[Screen]]:
        async def run() -> Screen:
            begun.append(name)
            raise RuntimeError(name)

        return run

    async with errands:
        assert errands.run(1, "a", work("first")) is True
        assert errands.run(2, "a", work("second")) is False
        await asyncio.gather(*errands._running.values())
    assert begun == ["first"]


strange = st.text(min_size=1, max_size=40).map(lambda text: f"<b>{text}</b>&amp;{{{{ 7*7 }}}}{{% x %}}")


@pytest.mark.asyncio(loop_scope="function")
async def test_what_people_who_help_and_publishers_wrote_is_shown_as_text() -> None:
    @given(strange)
    @settings(max_examples=40, deadline=None)
    def shown_as_text(text: str) -> None:
        who = Admin(1, Role.OWNER, Scope(areas=frozenset({f"US/{text}"}), feeds=frozenset({text})), text, NOW)
        state = FeedState(AA, "failing", 3, NOW, 1, text)
        one = admin_feeds.Feed(state, text, EVERYTHING)
        waiting = Waiting(AA, True, text, text, NOW, 1, 2, 3, (OtherHost(text, text, text),), 7)
        report = SyncReport(AA, "held", 1, reason=text)
        subject, values = Subject("links", AA, text), {"00": [text]}
        change = Change(1, NOW, who.author, Deed.ACCEPT_HELD, subject, values, values)
        undone = Undone(change, (), (Conflict("name", text, text),))
        for language in ("en", "es"):
            frame = make_frame(language)
            for screen in (
                admin.home(frame, who), admin.trouble(frame, text, frame.urgent()), admin.ask_name(frame, who),
                admin_feeds.listed(frame, [one]), admin_feeds.one(frame, who, one),
                admin_feeds.held(frame, text, waiting), admin_feeds.was_read(frame, AA, text, report),
                admin_people.listed(frame, who, [who]), admin_people.one(frame, who, who),
                admin_people.invited(frame, Role.EDITOR, who.scope, "AAAAA-AAAAA-AAAAA-AAAAA"),
                admin_history.listed(frame, [change], more=False), admin_history.one(frame, who, change),
                admin_history.undone(frame, undone),
            ):  # fmt: skip
                plain, entities = parse_html(screen.text)
                assert "<b>" in plain
                links = [entity["url"] for entity in entities if entity["type"] == "text_link"]
                assert all(link.startswith("https://t.me/open_chair_bot?start=") for link in links)

    shown_as_text()
