"""Answers to presses of a button and to inline queries."""

from __future__ import annotations

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.links import checked_link
from bot.sandbox.methods.call import Call, Method

MAX_ANSWER = 200
MAX_RESULTS = 50


async def answer_callback_query(call: Call) -> bool:
    """Stops the spinner on a button, with a short text or an alert."""
    params, bot = call.params, call.bot
    text, url = params.text("text"), params.text("url")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and checked_link(url) is None:
        raise bad_request("URL_INVALID")
    answer: Json = {"text": text, "show_alert": params.flag("show_alert"), "url": url}
    query = bot.answer_query(params.text("callback_query_id"), answer)
    chat = bot.chats.get(query.chat_id)
    message = chat.messages.get(query.message_id) if chat else None
    if message:
        message.answers.append(answer)
        del message.answers[:-20]
    event = {"type": "answer", "query_id": query.id, "message_id": query.message_id, **answer}
    bot.broadcast.tell(query.chat_id, event)
    bot.acted(chat)
    return True


async def answer_inline_query(call: Call) -> bool:
    """Results of an inline query, kept for the control API."""
    results = call.params.decoded("results", "can't parse inline query results JSON object") or []
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    for result in results:
        if not isinstance(result, dict) or not 1 <= len(str(result.get("id", "")).encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
    ids = [result["id"] for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    answer = {
        "results": results,
        "cache_time": call.params.integer("cache_time", 300),
        "is_personal": call.params.flag("is_personal"),
        "button": call.params.decoded("button", "can't parse inline query results button JSON object"),
    }
    query = call.bot.answer_query(call.params.text("inline_query_id"), answer)
    call.bot.acted(call.bot.chats.get(query.chat_id))
    return True


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
