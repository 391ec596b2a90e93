"""One small example of every kind of update and of message that Telegram has."""

from random import Random
from typing import Any

from tests.soak.fuzzing import words

Json = dict[str, Any]
DATE = 1_795_000_000
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
PHOTO = FILE | {"width": 1, "height": 1}
USER = {"id": 5_550_900, "is_bot": False, "first_name": words.CANARY}
STICKER = PHOTO | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
POLL = {
    "id": "7", "question": "q", "options": [{"text": "a", "voter_count": 1, "persistent_id": "1"}],
    "total_voter_count": 1, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False,
}  # fmt: skip
POINT = {"latitude": 53.7973, "longitude": -1.54358}
STAR = {"id": "1", "currency": "XTR", "total_amount": 1, "invoice_payload": "x"}

# What a message may hold beside its text; service messages among them.
CONTENTS: dict[str, Any] = {
    "animation": PHOTO | {"duration": 1}, "audio": FILE | {"duration": 1}, "document": FILE | {"file_name": "a.csv"},
    "paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]}, "photo": [PHOTO], "sticker": STICKER,
    "story": {"chat": {"id": 9, "type": "private"}, "id": 1}, "video": PHOTO | {"duration": 1},
    "video_note": FILE | {"length": 1, "duration": 1}, "voice": FILE | {"duration": 1},
    "checklist": {"title": "t", "tasks": [{"id": 1, "text": "x"}]},
    "contact": {"phone_number": "555", "first_name": "x"},
    "dice": {"emoji": "🎲", "value": 3}, "game": {"title": "g", "description": "d", "photo": [PHOTO]}, "poll": POLL,
    "venue": {"location": POINT, "title": "t", "address": "a"}, "location": POINT,
    "new_chat_members": [USER], "left_chat_member": USER, "new_chat_title": "t", "new_chat_photo": [PHOTO],
    "delete_chat_photo": True, "group_chat_created": True, "supergroup_chat_created": True,
    "channel_chat_created": True, "message_auto_delete_timer_changed": {"message_auto_delete_time": 60},
    "migrate_to_chat_id": -1001, "migrate_from_chat_id": -1, "invoice": {"title": "t", "description": "d",
    "start_parameter": "x", "currency": "USD", "total_amount": 1}, "pinned_message": {"message_id": 1, "date": 0,
    "chat": {"id": 9, "type": "private"}},
    "successful_payment": STAR | {"telegram_payment_charge_id": "1", "provider_payment_charge_id": "1"},
    "refunded_payment": STAR | {"telegram_payment_charge_id": "1"},
    "users_shared": {"request_id": 1, "users": [{"user_id": 1}]}, "chat_shared": {"request_id": 1, "chat_id": 1},
    "connected_website": "example.org", "write_access_allowed": {}, "passport_data": {"data": [], "credentials":
    {"data": "x", "hash": "x", "secret": "x"}}, "proximity_alert_triggered": {"traveler": USER, "watcher": USER,
    "distance": 1}, "boost_added": {"boost_count": 1}, "forum_topic_created": {"name": "t", "icon_color": 1},
    "forum_topic_edited": {}, "forum_topic_closed": {}, "forum_topic_reopened": {}, "general_forum_topic_hidden": {},
    "general_forum_topic_unhidden": {}, "giveaway_created": {}, "video_chat_scheduled": {"start_date": DATE},
    "video_chat_started": {}, "video_chat_ended": {"duration": 1},
    "video_chat_participants_invited": {"users": [USER]},
    "web_app_data": {"data": "x", "button_text": "x"}, "direct_message_price_changed":
    {"are_direct_messages_enabled": True}, "something_new": {"x": 1},
}  # fmt: skip

# What may stand beside any content.
BESIDE: dict[str, Any] = {
    "caption": "in leeds", "edit_date": DATE, "media_group_id": "7", "author_signature": "x",
    "has_protected_content": True,
    "message_thread_id": 4, "is_topic_message": True, "via_bot": {"id": 8, "is_bot": True, "first_name": "b"},
    "sender_chat": {"id": -7, "type": "channel", "title": "c"}, "business_connection_id": "b1",
    "forward_origin": {"type": "hidden_user", "date": DATE, "sender_user_name": "x"}, "is_automatic_forward": True,
    "quote": {"text": "x", "position": 0},
    "external_reply": {"origin": {"type": "user", "date": DATE, "sender_user": USER}},
    "entities": [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"}], "is_from_offline": True,
    "caption_entities": [{"type": "bold", "offset": 0, "length": 900}], "effect_id": "1",
    "show_caption_above_media": True,
    "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
    "direct_messages_topic": {"topic_id": 3},
    "link_preview_options": {"is_disabled": False, "url": "https://example.org"}, "sender_boost_count": 1,
    "reply_to_story": {"chat": {"id": 9, "type": "private"}, "id": 1}, "paid_star_count": 3,
}  # fmt: skip

MEMBER = {"user": USER, "status": "member"}
REACTION = {"type": "emoji", "emoji": "👍"}

# Updates that are no messages; CHAT and USER are put in.
OTHERS: dict[str, Json] = {
    "business_connection": {"id": "b", "user": USER, "user_chat_id": 5, "date": DATE, "is_enabled": True,
                            "can_reply": True},
    "deleted_business_messages": {"business_connection_id": "b", "message_ids": [1, 2]},
    "message_reaction": {"message_id": 1, "date": DATE, "user": USER, "old_reaction": [], "new_reaction": [REACTION]},
    "message_reaction_count": {"message_id": 1, "date": DATE, "reactions": [{"type": REACTION, "total_count": 2}]},
    "inline_query": {"id": "7", "from": USER, "query": "aa leeds", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": USER, "query": "x"},
    "shipping_query": {"id": "1", "from": USER, "invoice_payload": "x", "shipping_address": {"country_code": "GB",
                       "state": "", "city": "x", "street_line1": "x", "street_line2": "", "post_code": "x"}},
    "pre_checkout_query": STAR | {"from": USER}, "purchased_paid_media": {"from": USER, "paid_media_payload": "x"},
    "poll": POLL, "poll_answer": {"poll_id": "7", "user": USER, "option_ids": [0], "option_persistent_ids": ["1"]},
    "my_chat_member": {"from": USER, "date": DATE, "old_chat_member": MEMBER,
                       "new_chat_member": {"user": USER, "status": "kicked", "until_date": 0}},
    "chat_member": {"from": USER, "date": DATE, "old_chat_member": MEMBER,
                    "new_chat_member": {"user": USER, "status": "left"}},
    "chat_join_request": {"from": USER, "user_chat_id": 5, "date": DATE},
    "chat_boost": {"boost": {"boost_id": "1", "add_date": DATE, "expiration_date": DATE,
                   "source": {"source": "premium", "user": USER}}},
    "removed_chat_boost": {"boost_id": "1", "remove_date": DATE, "source": {"source": "premium", "user": USER}},
    "managed_bot": {"user": USER}, "something_new": {"from": USER},
}  # fmt: skip
IN_A_CHAT = frozenset(OTHERS) - {
    "business_connection", "inline_query", "chosen_inline_result", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "managed_bot",
}  # fmt: skip
MESSAGES = ("message",) * 12 + (
    "edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message",
)  # fmt: skip


def person(chance: Random, number: int) -> Json:
    """Whoever writes: a name and now and then what else Telegram says of somebody."""
    more = {
        "last_name": words.CANARY, "username": words.CANARY.lower(), "is_premium": True,
        "added_to_attachment_menu": True,
        "language_code": chance.choice(("en", "es", "pt-BR", "xx", "", "es-419", words.text(chance, 20))),
    }  # fmt: skip
    chosen = {name: value for name, value in more.items() if chance.random() < 0.5}
    return {"id": number, "is_bot": chance.random() < 0.02, "first_name": words.CANARY, **chosen}


def chat_of(chance: Random, number: int) -> Json:
    """The chat with somebody, or now and then one of many."""
    if chance.random() < 0.88:
        return {"id": number, "type": "private", "first_name": words.CANARY}
    kind = chance.choice(("group", "supergroup", "channel", "sender", "x"))
    return {"id": -1_000_000_000_000 - number, "type": kind, "title": words.text(chance, 128), "is_forum": True}


def content(chance: Random) -> Json:
    """What a message holds: mostly a text."""
    if chance.random() < 0.7:
        return {"text": words.text(chance)}
    kind = chance.choice(list(CONTENTS))
    held = {kind: CONTENTS[kind]}
    if kind == "location" and chance.random() < 0.8:
        held = {kind: {"latitude": chance.uniform(-90, 90), "longitude": chance.uniform(-180, 180)}}
    return held | ({"caption": words.text(chance, 1024)} if chance.random() < 0.3 else {})


def beside(chance: Random) -> Json:
    """What may stand beside it."""
    return {name: BESIDE[name] for name in chance.sample(list(BESIDE), chance.choice((0, 0, 0, 1, 3)))}
