"""The library the bot is built on understands what the stand-in says."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.sandbox import Sandbox
from tests.sandbox_driver import SandboxDriver, Visitor


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    requests = {"request": HTTPXRequest(), "get_updates_request": HTTPXRequest()}
    base = {"base_url": f"{sandbox.api_url}/bot", "base_file_url": f"{sandbox.api_url}/file/bot"}
    async with Bot(sandbox.token, **base, **requests) as made:
        yield made


async def test_it_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.is_bot, me.username, me.id) == (True, "open_chair_sandbox_bot", 7000000001)


async def test_messages_arrive_whole(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    sent = await bot.send_message(sam.id, "Which <b>town</b>?", parse_mode="HTML", reply_markup=ForceReply())
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 6, 4)]
    await driver.post(f"chats/{sam.id}/say", text="Leeds")
    start, answer = await bot.get_updates()
    assert start.message
    assert start.message.text == "/start"
    assert start.message.entities[0].type == MessageEntity.BOT_COMMAND
    assert answer.message
    assert answer.message.reply_to_message
    assert answer.message.reply_to_message.text == "Which town?"
    assert answer.message.reply_to_message.entities == sent.entities
    assert answer.message.reply_to_message.from_user == await bot.get_me()
    assert answer.message.from_user
    assert answer.message.from_user.language_code == "en"
    assert abs(answer.message.date - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


async def test_a_press_is_answered_and_edits(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="m1", style="primary")]])
    sent = await bot.send_message(sam.id, "one", reply_markup=markup)
    assert sent.reply_markup == markup
    await driver.post(f"chats/{sam.id}/press", label="More")
    press = (await bot.get_updates(-1))[0].callback_query
    assert press
    assert press.message
    assert press.data == "m1"
    assert press.chat_instance
    assert press.message.message_id == sent.message_id
    assert await press.answer("here", show_alert=True)
    edited = await press.edit_message_text("two", reply_markup=markup)
    assert edited.text == "two"
    assert edited.edit_date
    with pytest.raises(BadRequest, match="Query is too old"):
        await press.answer()
    with pytest.raises(BadRequest, match="not modified"):
        await press.edit_message_text("two", reply_markup=markup)
    assert await bot.delete_message(sam.id, sent.message_id)


async def test_files_go_both_ways(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    sent = await bot.send_document(
        sam.id, b"BEGIN:VCALENDAR", filename="a.ics", caption="<b>For you</b>", parse_mode="HTML"
    )
    assert sent.document
    assert sent.document.mime_type == "text/calendar"
    assert sent.caption == "For you"
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"BEGIN:VCALENDAR"
    again = await bot.send_document(sam.id, sent.document.file_id)
    assert again.document
    assert again.document.file_name == "a.ics"
    await sam.look()
    assert await sam.download() == b"BEGIN:VCALENDAR"
    for kind in ("photo", "voice", "sticker", "document"):
        await driver.post(f"chats/{sam.id}/file", kind=kind)
    updates = await bot.get_updates()
    assert [bool(update.message and update.message.effective_attachment) for update in updates[1:]] == [True] * 4


async def test_photos_must_be_pictures(bot: Bot, sam: Visitor) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x05\x00\x00\x00\x07\x08\x06\x00\x00\x00"
    sent = await bot.send_photo(sam.id, png)
    assert (sent.photo[-1].width, sent.photo[-1].height) == (5, 7)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(sam.id, b"words")


async def test_places_and_keyboards(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    keys = ReplyKeyboardMarkup(
        [[KeyboardButton("Share my location", request_location=True)], ["Online"]],
        one_time_keyboard=True, input_field_placeholder="Town or postcode",
    )  # fmt: skip
    await bot.send_message(sam.id, "Where?", reply_markup=keys)
    await sam.look()
    assert (sam.keyboard, sam.placeholder) == (["Share my location", "Online"], "Town or postcode")
    await driver.post(f"chats/{sam.id}/location", latitude=53.8, longitude=-1.55)
    message = (await bot.get_updates(-1))[0].message
    assert message
    assert message.location
    assert message.reply_to_message is None
    assert (message.location.latitude, message.location.longitude) == (53.8, -1.55)
    await sam.look()
    assert sam.keyboard == []
    venue = await bot.send_venue(sam.id, 53.8, -1.55, "Mill Lane Centre", "14 Mill Lane")
    assert venue.venue
    assert venue.venue.title == "Mill Lane Centre"
    assert (await bot.send_location(sam.id, 1, 2)).location
    assert (await bot.send_message(sam.id, "Thanks", reply_markup=ReplyKeyboardRemove())).text == "Thanks"


async def test_replies_quote_and_previews_are_off(bot: Bot, sam: Visitor) -> None:
    first = await bot.send_message(sam.id, "one")
    options = LinkPreviewOptions(is_disabled=True)
    second = await bot.send_message(
        sam.id,
        "https://example.org",
        reply_parameters=ReplyParameters(first.message_id),
        link_preview_options=options,
    )
    assert second.reply_to_message
    assert second.reply_to_message.text == "one"
    assert second.entities[0].type == "url"


async def test_a_moment_keeps_its_time(bot: Bot, sam: Visitor) -> None:
    sent = await bot.send_message(sam.id, '<tg-time unix="1795500000" format="wDT">soon</tg-time>', parse_mode="HTML")
    assert sent.entities[0].type == "date_time"
    assert sent.entities[0].unix_time == dt.datetime.fromtimestamp(1795500000, dt.UTC)


async def test_it_introduces_itself(bot: Bot, sam: Visitor) -> None:
    commands = [BotCommand("find", "Find a meeting")]
    await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code="es")
    assert list(await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "es")) == commands
    await bot.set_my_name("Open Chair")
    await bot.set_my_short_description("Meetings")
    assert (await bot.get_my_name()).name == "Open Chair"
    assert (await bot.get_my_short_description()).short_description == "Meetings"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)
    assert (await bot.get_chat(sam.id)).first_name == "Sam"
    assert (await bot.get_webhook_info()).url == ""


async def test_inline_queries_are_answered(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    asked = await driver.post("inline", person=sam.id, query="aa leeds")
    query = (await bot.get_updates(-1))[0].inline_query
    assert query
    assert query.query == "aa leeds"
    await query.answer([InlineQueryResultArticle("1", "Mill Lane", InputTextMessageContent("Mill Lane Group"))])
    answer = (await driver.get(f"queries/{asked['query_id']}"))["answer"]
    assert answer["results"][0]["title"] == "Mill Lane"


async def test_blocking_and_groups_are_told(bot: Bot, driver: SandboxDriver, sam: Visitor) -> None:
    await driver.post(f"chats/{sam.id}/block")
    member = (await bot.get_updates(-1))[0].my_chat_member
    assert member
    assert member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(sam.id, "x")
    group = await driver.group("Tuesday", sam)
    silent = await driver.post(f"chats/{group}/say", text="hello all", person=sam.id)
    assert silent["update_id"] is None
    await driver.post(f"chats/{group}/say", text="/find@open_chair_sandbox_bot leeds", person=sam.id)
    message = (await bot.get_updates(-1))[0].message
    assert message
    assert message.chat.type == "supergroup"
    assert message.from_user
    assert message.from_user.id == sam.id
    assert await bot.leave_chat(group)
    with pytest.raises(Forbidden):
        await bot.send_message(group, "x")


async def test_faults_become_the_librarys_errors(
    bot: Bot, driver: SandboxDriver, sam: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    await driver.fault("sendMessage", 429, retry_after=3)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(sam.id, "x")
    assert caught.value.retry_after == dt.timedelta(seconds=3)
    for kind, error in ((400, BadRequest), (500, NetworkError), ("html", NetworkError), ("drop", NetworkError)):
        await driver.fault("sendMessage", kind)
        with pytest.raises(error):
            await bot.send_message(sam.id, "x")
    for code, error in ((401, InvalidToken), (409, Conflict)):
        await driver.fault("getUpdates", code)
        with pytest.raises(error):
            await bot.get_updates()
