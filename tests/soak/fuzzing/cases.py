"""Everything that can reach the bot from outside, one case for each number: the same number gives the same case."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.chat.routes import REPLIES
from bot.domain.buttons import Action
from tests.soak.fuzzing import kinds, presses, words
from tests.soak.fuzzing.files import Line, Listed, line, listed, sheet
from tests.soak.fuzzing.kinds import Json
from tests.soak.fuzzing.known import BOT_ID, HELPERS, ORDINARY, Known
from tests.soak.fuzzing.mutate import BIG, damaged, mutated
from tests.soak.fuzzing.presses import ADMIN_ACTIONS
from tests.soak.fuzzing.requests import Asked, Wire, asked, wire


@dataclass(frozen=True, slots=True)
class Brought:
    """An update as Telegram brings it; `files`: what stands behind the ids of files in it."""

    body: bytes
    files: dict[str, bytes] = field(default_factory=dict)


Case = Brought | Asked | Wire | Listed | Line


def case(seed: int, index: int, known: Known) -> tuple[str, Case]:
    """The kind of case and the case itself."""
    chance = Random(f"{seed}:{index}")
    makers = [make for make, _ in MAKERS]
    make = chance.choices(makers, [weight for _, weight in MAKERS])[0]
    return make.__name__.strip("_"), make(chance, known, index)


def _text(chance: Random, _known: Known, index: int) -> Brought:
    return _message(chance, index, kinds.content(chance) | kinds.beside(chance))


def _link(chance: Random, known: Known, index: int) -> Brought:
    start = chance.choice(("/start ", "/start ", "/start@open_chair_bot ", "/START ", "/admin "))
    return _message(chance, index, {"text": start + presses.payload(chance, known)})


def _press(chance: Random, known: Known, index: int) -> Brought:
    helping = chance.random() < 0.4
    number = chance.choice(HELPERS) if helping and chance.random() < 0.7 else _who(chance)
    own = _own(chance, number)
    files: dict[str, bytes] = {}
    if chance.random() < 0.3:
        document = {"document": {"file_id": "f1", "file_unique_id": "u", "file_name": words.text(chance, 64)}}
        held = document if chance.random() < 0.4 else {"text": words.text(chance)}
        quoted = {"message_id": 1, "date": kinds.DATE, "from": kinds.person(chance, number), **held}
        own["reply_to_message"] = quoted | {"chat": own["chat"]}
        files = {"f1": known.changed if chance.random() < 0.3 else sheet(chance, known)} if "document" in held else {}
    pressed: Json = {"id": str(index), "from": kinds.person(chance, number), "chat_instance": "1"}
    pressed |= {"message": own, "data": presses.payload(chance, known, ADMIN_ACTIONS if helping else tuple(Action))}
    match chance.randrange(40):
        case 0:
            pressed["message"] = {"chat": own["chat"], "message_id": 2, "date": 0}  # too old to be shown
        case 1:
            del pressed["message"]
            pressed["inline_message_id"] = "x"
        case 2:
            pressed["game_short_name"] = pressed.pop("data")
    return _brought(index, callback_query=pressed, files=files)


def _reply(chance: Random, known: Known, index: int) -> Brought:
    """A reply to a question of ours, or to what looks like one."""
    asking = tuple(REPLIES) if chance.random() < 0.8 else tuple(Action)
    links = [presses.payload(chance, known, asking) for _ in range(chance.choice((1, 1, 1, 2, 0)))]
    url = chance.choice(
        ("https://t.me/open_chair_bot?start={}", "https://t.me/x?start={}&start=1", "http://[{}", "{}")
    )
    entities = [{"type": "text_link", "offset": 0, "length": 5, "url": url.format(one)} for one in links]
    sender = {"id": BOT_ID if chance.random() < 0.9 else 8, "is_bot": True, "first_name": "Open Chair"}
    question = {"message_id": 2, "date": kinds.DATE, "from": sender, "text": "Where", "entities": entities}
    who = chance.choice(HELPERS) if chance.random() < 0.3 else None
    return _message(chance, index, {**kinds.content(chance), "reply_to_message": question}, who=who)


def _sheet(chance: Random, known: Known, index: int) -> Brought:
    name = chance.choice(("list.csv", "list.json", "list.xlsx", "", words.text(chance, 99)))
    size = chance.choice((0, 100, 100, 100, *BIG))
    document = {"file_id": "f1", "file_unique_id": "u", "file_name": name, "mime_type": "text/csv", "file_size": size}
    content = {"document": document} | ({"caption": words.text(chance, 1024)} if chance.random() < 0.2 else {})
    who = chance.choice(HELPERS) if chance.random() < 0.9 else None
    files = {"f1": sheet(chance, known)} if chance.random() < 0.95 else {}
    return _message(chance, index, content, who=who, files=files)


def _other(chance: Random, _known: Known, index: int) -> Brought:
    kind = chance.choice(list(kinds.OTHERS))
    number = _who(chance)
    chat = {"chat": kinds.chat_of(chance, number)} if kind in kinds.IN_A_CHAT else {}
    return _brought(index, **{kind: kinds.OTHERS[kind] | chat})


def _altered(chance: Random, known: Known, index: int) -> Brought:
    """Any update, with fields gone, swapped, of another type, or huge."""
    whole = chance.choice((_text, _text, _link, _press, _press, _reply, _sheet, _other))(chance, known, index)
    update = mutated(chance, json.loads(whole.body), chance.choice((1, 1, 1, 2, 4)))
    if chance.random() < 0.97:
        update["update_id"] = index
    return Brought(json.dumps(update).encode(), whole.files)


def _bytes(chance: Random, known: Known, index: int) -> Brought:
    """Any update whose bytes were damaged on the way."""
    whole = chance.choice((_text, _press, _other))(chance, known, index)
    return Brought(damaged(chance, whole.body), whole.files)


def _asked(chance: Random, known: Known, index: int) -> Asked:
    whole = chance.choice((_text, _press))(chance, known, index)
    return asked(chance, known, whole.body)


def _wire(chance: Random, known: Known, index: int) -> Wire:
    return wire(chance, known)


def _listed(chance: Random, known: Known, _index: int) -> Listed:
    return listed(chance, known)


def _line(chance: Random, _known: Known, _index: int) -> Line:
    return line(chance)


MAKERS: tuple[tuple[Callable[[Random, Known, int], Case], float], ...] = (
    (_text, 16), (_link, 7), (_press, 30), (_reply, 8), (_sheet, 4), (_other, 3), (_altered, 15), (_bytes, 3),
    (_asked, 5), (_wire, 1), (_listed, 4), (_line, 4),
)  # fmt: skip


def _message(
    chance: Random, index: int, held: Json, *, who: int | None = None, files: dict[str, bytes] | None = None
) -> Brought:
    number = who or _who(chance)
    chat = kinds.chat_of(chance, number) if who is None else {"id": who, "type": "private"}
    message: Json = {"message_id": index % 1000 + 3, "date": kinds.DATE, "chat": chat}
    message |= {"from": kinds.person(chance, number)} | held
    if "reply_to_message" in message:
        message["reply_to_message"] = {"chat": chat} | message["reply_to_message"]
    return _brought(index, **{chance.choice(kinds.MESSAGES): message}, files=files)


def _own(chance: Random, number: int) -> Json:
    chat = kinds.chat_of(chance, number)
    sender = {"id": BOT_ID, "is_bot": True, "first_name": "Open Chair"}
    return {"message_id": 2, "date": kinds.DATE, "chat": chat, "from": sender, "text": "x"}


def _brought(index: int, *, files: dict[str, bytes] | None = None, **kind: Any) -> Brought:
    return Brought(json.dumps({"update_id": index, **kind}).encode(), files or {})


def _who(chance: Random) -> int:
    way = chance.random()
    if way < 0.6:
        return chance.choice(ORDINARY)
    return chance.choice(HELPERS) if way < 0.95 else chance.choice(BIG)
