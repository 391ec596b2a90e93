"""Uses the bot as people do, to find out every button and link it shows: those are what attackers change."""

import json
import re
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.domain.admin import key_of
from bot.domain.buttons import Action, unpack
from bot.domain.errors import OutdatedButton
from bot.domain.handoff import PREFIX
from bot.domain.meeting import SAMPLES
from bot.sandbox.samples import sample_parts
from bot.store import meetings as listings
from tests.soak.fuzzing import kinds
from tests.soak.fuzzing.kinds import Json
from tests.soak.fuzzing.known import BOT_ID, HELPERS, ORDINARY, OWNER, Known

if TYPE_CHECKING:
    from tests.soak.fuzzing.world import World

SAID = (
    "/start", "/find leeds", "/now", "/online", "/options", "/family", "/read", "/reminders", "/plan", "/handoff",
    "/urgent", "/privacy", "/language", "/help", "/admin", "springfield", "women aa tonight london", "smart spanish",
)  # fmt: skip
PRESSES = 260  # of each of the two
TYPED = "7:30 pm"  # what is typed wherever something is asked
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Open Chair"}
_LINK = re.compile(r"start=([A-Za-z0-9_-]{3,64})")
_NUMBERS = count()


async def found_out(world: "World") -> Known:
    """Walk as somebody and as an owner; every other helper says hello, so that their rows are as they stay."""
    for chat in HELPERS:
        await _update(world, message=_message(chat, {"text": "/admin"}))
    owner = await world.work.desk.admins.of(OWNER)
    sheets = [await world.work.desk.bulk.exported(owner, form, 1_000_000) or b"" for form in ("csv", "json")]
    changed = sheets[0].replace(b",19:00,", b",18:05,")
    first, second = Walk(world, ORDINARY[0]), Walk(world, OWNER)
    document = {"file_id": "f1", "file_unique_id": "u", "file_name": "list.csv", "file_size": len(changed)}
    second.note(await _update(world, {"f1": changed}, message=_message(OWNER, {"document": document})))
    for walk in (first, second):
        await walk.walk()
    return await _known(world, first.seen | second.seen, first.links | second.links, (*sheets, changed))


class Walk:
    """One person who presses whatever was pressed least, and answers every question."""

    def __init__(self, world: "World", chat: int) -> None:
        self.world, self.chat = world, chat
        self.seen: dict[str, Action] = {}
        self.links: dict[str, None] = {}
        self._pressed: set[str] = set()
        self._times: Counter[Action] = Counter()
        self._kinds = {one.number: kind for kind, one in world.work.fellowships.items()}
        self._questions: list[str] = []

    def note(self, sent: list[Json]) -> None:
        """Keep what was shown."""
        for call in sent:
            markup = json.loads(call.get("reply_markup") or "{}")
            buttons = [button.get("callback_data", "") for row in markup.get("inline_keyboard", ()) for button in row]
            links = _LINK.findall(str(call.get("text")) + str(markup))
            for one in (*buttons, *links):
                self._keep(one)
            if links and "force_reply" in markup:
                self._questions.append(links[0])

    def _keep(self, payload: str) -> None:
        if payload.startswith(PREFIX):
            self.links[payload] = None
            return
        try:
            self.seen[payload] = unpack(payload, self._kinds).action
        except OutdatedButton:
            return

    async def walk(self) -> None:
        """Say all that can be said, then press."""
        for said in SAID:
            self.note(await _update(self.world, message=_message(self.chat, {"text": said})))
        for _ in range(PRESSES):
            waiting = [one for one in self.seen if one not in self._pressed]
            if not waiting:
                return
            await self._press(min(waiting, key=lambda one: self._times[self.seen[one]]))
            asked, self._questions = self._questions, []
            for question in asked:  # what is asked again is left open
                await self._reply(question)
            self._questions.clear()

    async def _press(self, payload: str) -> None:
        self._pressed.add(payload)
        self._times[self.seen[payload]] += 1
        about = {"message_id": 2, "from": BOT, "reply_to_message": _message(self.chat, {"text": TYPED})}
        own = _message(self.chat, {"text": "x"}) | about
        query = {"id": "7", "from": _user(self.chat), "chat_instance": "1", "message": own, "data": payload}
        self.note(await _update(self.world, callback_query=query))

    async def _reply(self, payload: str) -> None:
        link = {"type": "text_link", "offset": 0, "length": 1, "url": f"https://t.me/x?start={payload}"}
        question = _message(self.chat, {"text": "x", "entities": [link]}) | {"message_id": 2, "from": BOT}
        reply = _message(self.chat, {"text": TYPED, "reply_to_message": question})
        self.note(await _update(self.world, message=reply))


async def _update(world: "World", files: dict[str, bytes] | None = None, **kind: Any) -> list[Json]:
    number = -1 - next(_NUMBERS)  # cases count from 0
    await world.bring(json.dumps({"update_id": number, **kind}).encode(), files or {})
    sent = list(world.standin.sent)
    world.standin.clear_up()
    return sent


def _user(chat: int) -> Json:
    return {"id": chat, "is_bot": False, "first_name": "Sam"}


def _message(chat: int, held: Json) -> Json:
    about = {"id": chat, "type": "private", "first_name": "Sam"}
    return {"message_id": 3, "date": kinds.DATE, "chat": about, "from": _user(chat), **held}


async def _known(
    world: "World", seen: dict[str, Action], links: dict[str, None], sheets: tuple[bytes, bytes, bytes]
) -> Known:
    work = world.work
    async with work.database.read() as connection:
        meetings = [one.id for one in await listings.all_meetings(connection, SAMPLES)]
    drawn = (Action.ADMIN_OFFER, Action.ADMIN_JOIN)  # codes are drawn anew each time, and cases have to stay the same
    by_action = {
        action: tuple(one for one, its in seen.items() if its is action)
        for action in dict.fromkeys(seen.values())
        if action not in drawn
    }
    names = (SAMPLES, "join_url", "start", *(one.id for one in await work.sync.listing()))
    slugs = dict.fromkeys(slug for shelf in work.articles.values() for slug in shelf)
    return Known(
        kinds={kind: one.number for kind, one in work.fellowships.items()},
        meetings=tuple(meetings),
        keys=tuple(key_of(name) for name in names),
        buttons=tuple(by_action.values()),
        links=tuple(links),
        link_key=(await work.keys.keys()).primary.link,
        sheets=sheets[:2],
        changed=sheets[2],
        parts=tuple(sample_parts().values()),
        paths=("/health", "/metrics", "/", *(f"/read/en/{slug}" for slug in slugs), "/urgent/gb", "/urgent/es"),
    )
