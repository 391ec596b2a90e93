"""What Telegram refuses, in Telegram's words."""

from typing import Any

import pytest

from tests.sandbox.conftest import Call
from tests.sandbox_driver import SandboxDriver, Visitor


def _inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


def _data(data: str) -> dict[str, Any]:
    return _inline({"text": "Go", "callback_data": data})


def _url(url: str) -> dict[str, Any]:
    return _inline({"text": "Go", "url": url})


SENDING = [
    ({"text": ""}, "message text is empty"),
    ({"text": " \n "}, "text must be non-empty"),
    ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "x", "parse_mode": "Wiki"}, "unsupported parse_mode"),
    ({"text": "x", "reply_markup": _data("x" * 65)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": _data("ñ" * 33)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": _data("")}, "BUTTON_DATA_INVALID"),
    (
        {"text": "x", "reply_markup": _inline(*[{"text": "a", "callback_data": "a"}] * 101)},
        "reply markup is too long",
    ),
    (
        {"text": "x", "reply_markup": _inline({"text": "a", "copy_text": {"text": "x" * 257}})},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    (
        {"text": "x", "reply_markup": _inline({"text": "a"})},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "x", "reply_markup": _url("http://127.0.0.1/")},
        "inline keyboard button URL 'http://127.0.0.1/' is invalid: Wrong HTTP URL",
    ),
    (
        {"text": "x", "reply_markup": _url("http://localhost:8080/read")},
        "inline keyboard button URL 'http://localhost:8080/read' is invalid: Wrong HTTP URL",
    ),
    (
        {"text": "x", "reply_markup": _url("tel:+15550100")},
        "inline keyboard button URL 'tel:+15550100' is invalid: Unsupported URL protocol",
    ),
    ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
    ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
]


@pytest.mark.parametrize(("params", "problem"), SENDING)
async def test_a_message_telegram_would_refuse_is_refused(
    call: Call, sam: Visitor, params: dict[str, Any], problem: str
) -> None:
    answer = await call("sendMessage", chat_id=sam.id, **params)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {problem}")


async def test_what_just_fits_is_sent(call: Call, sam: Visitor) -> None:
    markup = _inline({"text": "Go", "callback_data": "x" * 64}, {"text": "Copy", "copy_text": {"text": "y" * 256}})
    sent = await call(
        "sendMessage", chat_id=sam.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML", reply_markup=markup
    )
    assert len(sent["result"]["text"]) == 4096
    assert sent["result"]["reply_markup"] == markup


async def test_a_chat_the_bot_does_not_know_is_not_found(call: Call, driver: SandboxDriver) -> None:
    stranger = await driver.visitor("Kim")
    for chat in (stranger.id, 42, "@nobody"):
        assert (await call("sendMessage", chat_id=chat, text="x"))["description"] == "Bad Request: chat not found"
    assert (await call("sendMessage", text="x"))["description"] == "Bad Request: chat_id is empty"


async def test_who_blocked_the_bot_is_not_written_to(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    await driver.post(f"chats/{sam.id}/block")
    answer = await call("sendMessage", chat_id=sam.id, text="x")
    assert (answer["error_code"], answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    member = (await call("getUpdates"))["result"][-1]["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == ("member", "kicked")
    await driver.post(f"chats/{sam.id}/unblock")
    assert (await call("sendMessage", chat_id=sam.id, text="x"))["ok"]


async def test_a_location_is_asked_for_in_private_chats_only(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    group = await driver.group("Tuesday", sam)
    markup = {"keyboard": [[{"text": "Here", "request_location": True}]]}
    refused = await call("sendMessage", chat_id=group, text="x", reply_markup=markup)
    assert refused["description"] == "Bad Request: location can be requested in private chats only"
    assert (await call("sendMessage", chat_id=sam.id, text="x", reply_markup=markup))["ok"]


async def test_an_edit_must_change_something(call: Call, sam: Visitor) -> None:
    where = {"chat_id": sam.id, "text": "one", "reply_markup": _data("a")}
    sent = (await call("sendMessage", **where))["result"]
    same = await call("editMessageText", message_id=sent["message_id"], **where)
    assert same["description"].startswith("Bad Request: message is not modified: specified new message content")
    edited = (await call("editMessageText", message_id=sent["message_id"], chat_id=sam.id, text="one"))["result"]
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= sent["date"]
    again = await call("editMessageReplyMarkup", message_id=sent["message_id"], chat_id=sam.id)
    assert "not modified" in again["description"]


async def test_only_own_messages_that_are_there_can_be_edited(call: Call, sam: Visitor) -> None:
    gone = await call("editMessageText", chat_id=sam.id, message_id=999, text="x")
    assert gone["description"] == "Bad Request: message to edit not found"
    theirs = await call("editMessageText", chat_id=sam.id, message_id=1, text="x")
    assert theirs["description"] == "Bad Request: message can't be edited"


async def test_a_deleted_message_is_gone(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    number = (await call("sendMessage", chat_id=sam.id, text="x"))["result"]["message_id"]
    assert (await call("deleteMessage", chat_id=sam.id, message_id=number))["result"] is True
    again = await call("deleteMessage", chat_id=sam.id, message_id=number)
    assert again["description"] == "Bad Request: message to delete not found"
    edit = await call("editMessageText", chat_id=sam.id, message_id=number, text="y")
    assert edit["description"] == "Bad Request: message to edit not found"
    assert (await call("deleteMessages", chat_id=sam.id, message_ids=[1, number]))["ok"]
    kept = (await driver.get(f"chats/{sam.id}"))["messages"]
    assert kept == []


async def _press(call: Call, driver: SandboxDriver, sam: Visitor) -> str:
    await call("sendMessage", chat_id=sam.id, text="x", reply_markup=_data("go"))
    return (await driver.post(f"chats/{sam.id}/press", label="Go"))["query_id"]


TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_is_answered_once(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    query = await _press(call, driver, sam)
    assert (await call("answerCallbackQuery", callback_query_id=query, text="Yes"))["result"] is True
    assert (await call("answerCallbackQuery", callback_query_id=query))["description"] == TOO_OLD
    assert (await call("answerCallbackQuery", callback_query_id="12345"))["description"] == TOO_OLD
    transcript = await driver.transcript(sam.id)
    assert transcript["messages"][-1]["answers"][0]["text"] == "Yes"


async def test_a_press_that_waited_too_long_cannot_be_answered(
    call: Call, driver: SandboxDriver, sam: Visitor
) -> None:
    await driver.settings(callback_expiry_s=-1)
    query = await _press(call, driver, sam)
    assert (await call("answerCallbackQuery", callback_query_id=query))["description"] == TOO_OLD


async def test_an_answer_to_a_press_has_at_most_200_characters(
    call: Call, driver: SandboxDriver, sam: Visitor
) -> None:
    query = await _press(call, driver, sam)
    long = await call("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert (await call("answerCallbackQuery", callback_query_id=query, text="x" * 200))["ok"]


async def test_the_bot_says_who_it_is_within_the_limits(call: Call) -> None:
    assert (await call("setMyName", name="x" * 65))["ok"] is False
    assert (await call("setMyShortDescription", short_description="x" * 121))["ok"] is False
    assert (await call("setMyDescription", description="hola", language_code="es"))["ok"]
    assert (await call("getMyDescription", language_code="es"))["result"] == {"description": "hola"}
    assert (await call("getMyDescription"))["result"] == {"description": ""}


async def test_each_scope_and_language_has_its_own_commands(call: Call, driver: SandboxDriver, sam: Visitor) -> None:
    find = [{"command": "find", "description": "Find a meeting"}]
    busca = [{"command": "find", "description": "Buscar una reunión"}]
    admin = [{"command": "admin", "description": "Desk"}]
    await call("setMyCommands", commands=find)
    await call("setMyCommands", commands=busca, language_code="es")
    await call("setMyCommands", commands=admin, scope={"type": "chat", "chat_id": sam.id})
    ana = await driver.visitor("Ana", language="es")
    seen = [(await driver.get(f"chats/{person.id}"))["profile"]["commands"] for person in (sam, ana)]
    assert seen == [admin, busca]
    await call("deleteMyCommands", scope={"type": "chat", "chat_id": sam.id})
    assert (await driver.get(f"chats/{sam.id}"))["profile"]["commands"] == find
    bad = await call("setMyCommands", commands=[{"command": "Find me", "description": "x"}])
    assert bad["description"] == "Bad Request: BOT_COMMAND_INVALID"
