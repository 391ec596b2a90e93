"""What people see of a screen, and what happens when Telegram does not take it."""

import time
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.chat import sender as sender_module
from bot.chat.backend import NotSentError
from bot.chat.errors import Trouble, trouble
from bot.chat.sender import NotSent, Sender, Sent, markup_of
from bot.sandbox.faults import Fault
from bot.views.qr import qr_png
from bot.views.screen import Ask, Button, Document, Keys, Screen
from tests.chat.conftest import Town

ROWS = (
    (Button("Find a meeting", data="1f"), Button("Web", url="https://example.org")),
    (Button("Copy", copy="555"),),
)


@pytest.fixture
def me(town: Town) -> int:
    return town.person(1)


async def shown(bot: Bot, me: int, screen: Screen, **options: Any) -> tuple[int, ...]:
    done = await Sender(bot).show(me, screen, **options)
    assert isinstance(done, Sent)
    return done.messages


async def test_a_screen_is_a_message_with_its_buttons(bot: Bot, town: Town, me: int) -> None:
    await shown(bot, me, Screen("<b>Hello</b> &amp; welcome", ROWS))
    (message,) = town.messages(1)
    assert message["text"] == "Hello & welcome"
    assert message["entities"][0]["type"] == "bold"
    first, second = message["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in (*first, *second)] == ["Find a meeting", "Web", "Copy"]
    assert first[0]["callback_data"] == "1f"
    assert first[1]["url"] == "https://example.org/"
    assert second[0]["copy_text"] == {"text": "555"}


async def test_links_never_open_a_preview(bot: Bot, town: Town, me: int) -> None:
    (number,) = await shown(bot, me, Screen("https://example.org", ROWS))
    await shown(bot, me, Screen("https://example.org/2", ROWS, edits=True), edit_message_id=number)
    previews = [
        str(town.calls(method)[0]["params"]["link_preview_options"]) for method in ("sendMessage", "editMessageText")
    ]
    assert all("is_disabled" in preview and "rue" in preview for preview in previews)


def test_a_question_opens_the_keyboard_with_its_hint() -> None:
    markup = markup_of(Screen("Where?", ask=Ask("Town or postcode")))
    assert markup == {"force_reply": True, "selective": True, "input_field_placeholder": "Town or postcode"}


def test_a_keyboard_of_words_goes_away_after_use_and_can_share_the_place() -> None:
    keys = Keys((("Share my location",), ("Online",)), location="Share my location", placeholder="Or type a town")
    markup = markup_of(Screen("Where?", ask=keys))
    assert markup["one_time_keyboard"] is True
    assert markup["keyboard"] == [[{"request_location": True, "text": "Share my location"}], [{"text": "Online"}]]


def test_a_screen_can_take_the_keyboard_away() -> None:
    assert markup_of(Screen("Thanks", clears_keys=True)) == {"remove_keyboard": True, "selective": True}
    assert markup_of(Screen("Thanks")) is None


async def test_paging_changes_the_message_in_place(bot: Bot, town: Town, me: int) -> None:
    (number,) = await shown(bot, me, Screen("Page 1", ROWS))
    assert await shown(bot, me, Screen("Page 2", ROWS, edits=True), edit_message_id=number) == (number,)
    assert town.hears(1) == ["Page 2"]


async def test_a_new_list_is_a_new_message(bot: Bot, town: Town, me: int) -> None:
    (number,) = await shown(bot, me, Screen("One", ROWS))
    await shown(bot, me, Screen("Two", ROWS), edit_message_id=number)
    assert town.hears(1) == ["One", "Two"]


async def test_pressing_twice_changes_nothing_and_is_no_error(bot: Bot, town: Town, me: int) -> None:
    (number,) = await shown(bot, me, Screen("Page 1", ROWS))
    assert await shown(bot, me, Screen("Page 1", ROWS, edits=True), edit_message_id=number) == (number,)
    assert town.hears(1) == ["Page 1"]


@pytest.mark.parametrize(
    "screen",
    [
        Screen("Page 2", ROWS, edits=True),
        Screen("Page 2", ask=Ask("?"), edits=True),
        Screen("Page 2", document=Document("a.txt", b"x", "text/plain"), edits=True),
    ],
)
async def test_what_cannot_be_changed_in_place_comes_as_a_new_message(
    bot: Bot, town: Town, me: int, screen: Screen
) -> None:
    await shown(bot, me, screen, edit_message_id=999)
    assert town.hears(1) == ["Page 2"]


async def test_a_file_comes_with_its_words_and_its_own_name(bot: Bot, town: Town, me: int) -> None:
    await shown(
        bot,
        me,
        Screen("Your <b>calendar</b>", ROWS, document=Document("Café reunión.ics", b"BEGIN", "text/calendar")),
    )
    (message,) = town.messages(1)
    assert message["document"]["file_name"] == "Café reunión.ics"
    assert message["caption"] == "Your calendar"
    assert message["reply_markup"]["inline_keyboard"]
    (stored,) = town.account.files.values()
    assert stored.content == b"BEGIN"


async def test_a_picture_is_shown_in_the_chat_and_not_as_a_file(bot: Bot, town: Town, me: int) -> None:
    await shown(bot, me, Screen("Scan this", ROWS, document=Document("link.png", qr_png("hello"), "image/png")))
    (message,) = town.messages(1)
    assert message["photo"][-1]["width"] > 100
    assert message["caption"] == "Scan this"


async def test_words_too_long_for_a_file_come_before_it(bot: Bot, town: Town, me: int) -> None:
    await shown(bot, me, Screen("x" * 1025, ROWS, document=Document("a.txt", b"x" * 2_000_000, "text/plain")))
    words, file = town.messages(1)
    assert words["text"] == "x" * 1025
    assert words["reply_markup"]["inline_keyboard"]
    assert "caption" not in file


async def test_a_long_text_comes_in_pieces_with_the_buttons_below_the_last(bot: Bot, town: Town, me: int) -> None:
    text = "\n".join(f"Line {number} {'é' * 40}" for number in range(200))
    numbers = await shown(bot, me, Screen(text, ROWS))
    assert len(numbers) == 3
    assert "\n".join(town.hears(1)) == text
    assert ["reply_markup" in message for message in town.messages(1)] == [False, False, True]


async def test_what_follows_comes_after(bot: Bot, town: Town, me: int) -> None:
    numbers = await shown(bot, me, Screen("One", then=(Screen("Two", then=(Screen("Three"),)), Screen("Four"))))
    assert town.hears(1) == ["One", "Two", "Three", "Four"]
    assert len(numbers) == 4


async def test_an_answer_quotes_the_message_it_belongs_to_even_when_that_is_gone(
    bot: Bot, town: Town, me: int
) -> None:
    town.says(1, "hello")
    await shown(bot, me, Screen("Hi"), reply_to=1)
    await shown(bot, me, Screen("Hi again"), reply_to=999)
    assert town.messages(1)[0]["reply_to_message"]["text"] == "hello"
    assert town.hears(1) == ["Hi", "Hi again"]


async def test_an_answer_stays_in_its_thread(bot: Bot, town: Town, me: int) -> None:
    await shown(bot, me, Screen("Hi", document=Document("a.txt", b"x", "text/plain")), thread_id=7)
    await shown(bot, me, Screen("Hi"), thread_id=7)
    for method in ("sendDocument", "sendMessage"):
        assert str(town.calls(method)[0]["params"]["message_thread_id"]) == "7"


async def test_a_thread_that_is_gone_is_left(bot: Bot, town: Town, me: int) -> None:
    town.account.faults.append(
        Fault("sendmessage", "error", 400, description="Bad Request: message thread not found")
    )
    await shown(bot, me, Screen("Hi"), thread_id=7)
    assert town.hears(1) == ["Hi"]


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
    ],
)
async def test_nobody_there_is_told_and_not_raised(
    bot: Bot, town: Town, me: int, code: int, description: str
) -> None:
    town.account.faults.append(Fault("sendmessage", "error", code, description=description))
    assert await Sender(bot).show(me, Screen("Hi")) == NotSent("blocked")


async def test_a_short_wait_is_waited_out(bot: Bot, town: Town, me: int) -> None:
    town.account.faults.append(Fault("sendmessage", "error", 429, retry_after=1))
    began = time.monotonic()
    await shown(bot, me, Screen("Hi"))
    assert 1 <= time.monotonic() - began < 4
    assert town.hears(1) == ["Hi"]


async def test_a_long_wait_is_given_up_at_once_and_for_that_chat_only(bot: Bot, town: Town, me: int) -> None:
    town.account.faults.append(Fault("sendmessage", "error", 429, chat=me, retry_after=60))
    sender = Sender(bot)
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await sender.show(me, Screen("Hi"))
    assert len(town.calls("sendMessage")) == 1  # the second was not even asked
    assert isinstance(await sender.show(town.person(2), Screen("Hi")), Sent)


async def test_a_message_that_may_have_arrived_is_not_sent_again(bot: Bot, town: Town, me: int) -> None:
    town.account.faults.append(Fault("sendmessage", "drop_after", chat=me))
    with pytest.raises(NetworkError):
        await Sender(bot).show(me, Screen("Hi"))
    assert town.hears(1) == ["Hi"]


async def test_a_message_that_surely_did_not_arrive_is_sent_again(
    bot: Bot, town: Town, me: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, tries = Bot.send_message, 0

    async def unreachable_once(self: Bot, *args: Any, **kwargs: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise NotSentError("no connection")
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(Bot, "send_message", unreachable_once)
    await shown(bot, me, Screen("Hi"))
    assert town.hears(1) == ["Hi"]


async def test_a_change_in_place_is_tried_again_whatever_happened(bot: Bot, town: Town, me: int) -> None:
    (number,) = await shown(bot, me, Screen("Page 1", ROWS))
    town.account.faults.append(Fault("editmessagetext", "drop_after"))
    await shown(bot, me, Screen("Page 2", ROWS, edits=True), edit_message_id=number)
    assert town.hears(1) == ["Page 2"]


async def test_trying_again_ends(bot: Bot, town: Town, me: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = await shown(bot, me, Screen("Page 1", ROWS))
    town.account.faults.append(Fault("editmessagetext", "error", 500, times=99))
    with pytest.raises(NetworkError):
        await Sender(bot).show(me, Screen("Page 2", ROWS, edits=True), edit_message_id=number)
    assert len(town.calls("editMessageText")) == sender_module.RESENDS + 1


@pytest.mark.parametrize("fault", [Fault("sendmessage", "html", 502), Fault("sendmessage", "html", 200)])
async def test_an_answer_that_is_no_json_is_raised_as_telegrams_error(
    bot: Bot, town: Town, me: int, fault: Fault
) -> None:
    town.account.faults.append(fault)
    with pytest.raises(TelegramError) as caught:
        await Sender(bot).show(me, Screen("Hi"))
    assert trouble(caught.value) is Trouble.UNSURE


async def test_a_fault_of_ours_is_raised_and_not_repeated(bot: Bot, town: Town, me: int) -> None:
    with pytest.raises(BadRequest) as caught:
        await Sender(bot).show(me, Screen("<b>never closed"))
    assert trouble(caught.value) is Trouble.REFUSED
    assert len(town.calls("sendMessage")) == 1


async def test_a_group_that_moved_is_followed(bot: Bot, town: Town, me: int, monkeypatch: pytest.MonkeyPatch) -> None:
    old = town.account.add_group("Old", [me])
    moved = Fault("sendmessage", "error", 400, chat=old.id)
    monkeypatch.setattr(
        Fault, "body", lambda self: {"ok": False, "description": "moved", "parameters": {"migrate_to_chat_id": me}}
    )
    town.account.faults.append(moved)
    assert isinstance(await Sender(bot).show(old.id, Screen("Hi", then=(Screen("There"),))), Sent)
    assert town.hears(1) == ["Hi", "There"]


async def test_a_press_that_expired_is_nobodys_fault(bot: Bot) -> None:
    await Sender(bot).answer("12345")


async def test_no_trouble_with_a_press_keeps_its_answer_away(bot: Bot, town: Town) -> None:
    town.account.faults.append(Fault("answercallbackquery", "error", code=400))
    await Sender(bot).answer("12345")
    assert town.calls("answerCallbackQuery")[0]["code"] == 400


def test_waiting_times_are_read_as_seconds() -> None:
    assert sender_module.wait_seconds(RetryAfter(timedelta(seconds=3))) == 3.0
