"""What no phone ever sends is turned away at the door; what is merely odd is answered."""

import copy
import json
from typing import Any

import pytest
from telegram import Bot, Update

from bot.chat.intake import Intake
from bot.chat.parse import question_of
from bot.chat.shapes import check_shape

CHAT = {"id": 5550100, "type": "private", "first_name": "Sam"}
SAM = {"id": 5550100, "is_bot": False, "first_name": "Sam", "language_code": "en"}
DOCUMENT = {"file_id": "f", "file_unique_id": "u", "file_name": "a.csv", "file_size": 7}
POINT = {"latitude": 53.8, "longitude": -1.5}
REPLIED = {"message_id": 2, "date": 1, "chat": CHAT, "from": SAM, "document": DOCUMENT}
MESSAGE = {
    "message_id": 3, "date": 1, "chat": CHAT, "from": SAM, "text": "leeds", "reply_to_message": REPLIED,
    "venue": {"location": POINT, "title": "t", "address": "a"}, "location": POINT, "document": DOCUMENT,
    "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "https://example.org"}],
}  # fmt: skip
PRESSED = {"id": "7", "from": SAM, "chat_instance": "1", "data": "x", "message": REPLIED}
UPDATE: dict[str, Any] = {"update_id": 1, "message": MESSAGE, "callback_query": PRESSED}


def altered(path: str, value: Any) -> dict[str, Any]:
    """The update with one field, named by its way from the top, of another value."""
    update = copy.deepcopy(UPDATE)
    *way, last = path.split(".")
    part: Any = update
    for step in way:
        part = part[int(step)] if step.isdigit() else part[step]
    part[last] = value
    return update


def test_what_telegram_sends_is_taken() -> None:
    check_shape(UPDATE)
    check_shape({"update_id": 1, "poll": {"id": []}})  # nobody reads it
    check_shape(altered("message.text", None))
    check_shape(altered("message.chat", {"id": -(2**52), "type": "supergroup", "title": "x"}))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("message.text", {"a": 1}),
        ("message.chat", None),
        ("message.chat.id", "5550100"),
        ("message.chat.id", True),
        ("message.chat.id", 2**63),
        ("message.chat.id", -5550100),
        ("message.chat.type", 7),
        ("message.from.language_code", ["en"]),
        ("message.from", "Sam"),
        ("message.message_thread_id", "4"),
        ("message.location.latitude", "53.8"),
        ("message.location.latitude", 90.5),
        ("message.location.longitude", None),
        ("message.venue.location", None),
        ("message.document.file_name", 5),
        ("message.document.file_size", 10**30),
        ("message.entities", [None]),
        ("message.entities.0.url", {}),
        ("message.reply_to_message.chat.id", []),
        ("callback_query.data", 4),
        ("callback_query.message.message_id", 0.5),
    ],
)
def test_a_field_of_another_type_than_documented_is_noticed_at_the_door(path: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        check_shape(altered(path, value))


ANSWERED = {"poll_id": "1", "option_ids": [], "option_persistent_ids": [], "user": SAM | {"id": ["x"]}}


@pytest.mark.parametrize("update", [altered("message.text", [1]), {"update_id": 1, "poll_answer": ANSWERED}])
async def test_an_update_of_no_documented_shape_stops_nobody(update: dict[str, Any]) -> None:
    taken: list[int] = []

    async def handle(one: Update) -> None:
        taken.append(one.update_id)

    intake = Intake(Bot("1:a"), handle, handle)
    assert await intake.feed(json.dumps(update).encode())
    await intake.feed(json.dumps({"update_id": 2, "message": MESSAGE}).encode())
    assert taken[-1] == 2
    await intake.stop()


def test_a_question_whose_link_is_no_address_is_no_question() -> None:
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "http://[x"}
    bot = {"id": 99, "is_bot": True, "first_name": "Open Chair"}
    question = {"message_id": 2, "date": 1, "chat": CHAT, "from": bot, "text": "Where", "entities": [link]}
    update = Update.de_json({"update_id": 1, "message": MESSAGE | {"reply_to_message": question}}, Bot("1:a"))
    assert update.message is not None
    assert question_of(update.message, 99, {}) is None
