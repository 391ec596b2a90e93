"""From one update to one screen: urgent help first, then what was pressed, commanded, sent or typed.

Whatever goes wrong is answered here and nowhere else: a PersonError by its own screen, anything else by an
apology and a log line without a word of what the person wrote.
"""

import logging
import time
from dataclasses import replace

import telegram

from bot.chat.context import Rooms, Visit
from bot.chat.doings import admin_bulk, find, handed, start, urgent
from bot.chat.parse import own_message, question_of, sent_file, spoken
from bot.chat.routes import (
    ACTIONS,
    NOT_BY_LINK,
    REPLIES,
    SURE_COMMANDS,
    SURE_REPLIES,
    Handler,
    command_labelled,
    command_named,
)
from bot.chat.sender import Sender
from bot.domain import handoff
from bot.domain.admin import Deed, does
from bot.domain.buttons import Press, unpack
from bot.domain.errors import OutdatedButton, PersonError
from bot.domain.later import made
from bot.domain.metrics import Metrics
from bot.texts.library import DEFAULT
from bot.views import start as start_views
from bot.views.screen import Screen

logger = logging.getLogger(__name__)


class Dispatcher:
    """Answers updates, one call each; never raises for what a person sent."""

    def __init__(self, rooms: Rooms, sender: Sender, bot_id: int, metrics: Metrics) -> None:
        self._rooms = rooms
        self._sender = sender
        rooms.errands.bind(sender.show)
        self._bot_id = bot_id
        self._metrics = metrics
        self._fellowship_ids = {kind.number: name for name, kind in rooms.fellowships.items()}
        self._every = tuple(rooms.library.texts(code) for code in rooms.library.languages)

    async def handle(self, update: telegram.Update) -> None:
        """Answer one update."""
        if update.callback_query is not None:
            await self._pressed(update.callback_query)
        elif update.message is not None and update.message.from_user is not None:
            await self._written(update.message)

    async def apologise(self, update: telegram.Update) -> None:
        """The answer to an update whose handling took too long or failed altogether."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or chat.type != telegram.Chat.PRIVATE:
            return
        visit = Visit(self._rooms, chat.id, self._language(chat.id, user))
        await self._sender.show(chat.id, start_views.failed(visit.frame(), "slow"))

    async def _pressed(self, query: telegram.CallbackQuery) -> None:
        await self._sender.answer(query.id)
        message = query.message
        if message is None:
            return
        try:
            press: Press | None = unpack(query.data or "", self._fellowship_ids)
        except OutdatedButton:
            press = None
        language = self._language(message.chat.id, query.from_user)
        if press is not None:
            language = press.search.language if self._rooms.library.speaks(press.search.language) else language
        quoted = own_message(message)
        visit = Visit(
            self._rooms,
            message.chat.id,
            language,
            press=press,
            quoted=(quoted.text or quoted.caption or "") if quoted else "",
            file=sent_file(quoted),
            message=quoted.message_id if quoted else None,
        )
        route, handler = (press.action.name.lower(), ACTIONS.get(press.action)) if press else ("outdated", None)
        if message.chat.type != telegram.Chat.PRIVATE:  # no button of ours stands there
            route, handler = "group", start.in_a_group
        screen = await self._answer(visit, route, handler or _outdated)
        thread = message.message_thread_id if isinstance(message, telegram.Message) else None
        reply_to = quoted.message_id if quoted and screen.answers else None
        await self._sender.show(
            message.chat.id, screen, thread_id=thread, edit_message_id=message.message_id, reply_to=reply_to
        )

    async def _written(self, message: telegram.Message) -> None:
        visit = self._visit(message)
        if message.chat.type != telegram.Chat.PRIVATE:
            await self._in_a_group(message, visit)
            return
        if not visit.text or visit.text.startswith("/"):  # other texts mostly tell their language themselves
            visit = visit.speaking(await visit.saved_language())
        sheet = visit.file is not None and await _may_send_sheets(visit)
        if _has_words(visit.text):
            await made(self._rooms.risk)
        visit, route, handler = self._route(message, visit, sheet=sheet)
        screen = await self._answer(visit, route, handler)
        reply_to = message.message_id if screen.answers else None
        await self._sender.show(message.chat.id, screen, thread_id=message.message_thread_id, reply_to=reply_to)
        if visit.alarm is not None and (then := self._after_urgent(visit, sheet=sheet)):
            screen = await self._answer(*then)
            reply_to = message.message_id if screen.answers else None
            await self._sender.show(message.chat.id, screen, thread_id=message.message_thread_id, reply_to=reply_to)

    async def _in_a_group(self, message: telegram.Message, visit: Visit) -> None:
        """One line to whoever calls on the bot by a command; silence to everything else, such as joins."""
        if (message.text or "").startswith("/"):
            await self._sender.show(
                message.chat.id,
                await self._answer(visit, "group", start.in_a_group),
                thread_id=message.message_thread_id,
            )

    def _visit(self, message: telegram.Message) -> Visit:
        text = message.text or message.caption or ""
        place = message.venue.location if message.venue else message.location
        replied = question_of(message, self._bot_id, self._fellowship_ids)
        language = self._language(message.chat.id, message.from_user)
        if replied is not None and self._rooms.library.speaks(replied.search.language):
            language = replied.search.language
        return Visit(
            self._rooms,
            message.chat.id,
            language,
            text=text,
            replied=replied,
            location=(place.latitude, place.longitude) if place else None,
            file=sent_file(message),
            message=message.message_id,
        )

    def _route(self, message: telegram.Message, visit: Visit, *, sheet: bool) -> tuple[Visit, str, Handler]:
        """Which handler answers a private message. All words are looked at for urgency before anything else.

        `sheet`: it is a file of somebody who may send one.
        """
        alarm = self._rooms.risk.alarm(visit.text) if _has_words(visit.text) else None
        if alarm is not None:
            self._metrics.count("urgent_texts", tier=alarm.tier)
            return replace(visit, alarm=alarm), "detected", urgent.detected
        if sheet:
            return visit, "sheet", admin_bulk.sent
        if visit.location is not None:
            return visit, "location", find.location
        if visit.text.startswith("/"):
            return self._command(visit)
        if not visit.text:
            return visit, "cannot_read", start.cannot_read
        command = command_labelled(visit.text, self._every)
        stops = command is not None and command.name == "stop"
        if visit.replied is not None and visit.replied.action in REPLIES and not stops:
            return visit, f"reply_{visit.replied.action.name.lower()}", REPLIES[visit.replied.action]
        if command is not None:
            return replace(visit, language=self._label_language(visit)), command.name, command.handler
        return visit, "text", find.free_text

    def _command(self, visit: Visit) -> tuple[Visit, str, Handler]:
        name, _, words = visit.text[1:].strip().partition(" ")
        command = command_named(name.partition("@")[0].lower())
        words = words.strip()
        if command is None:
            return visit, "unknown_command", start.help_screen
        if command.name == "start" and words:
            return self._linked(visit, words)
        if words and command.argued:
            return replace(visit, text=words), command.name, command.argued
        return visit, command.name, command.handler

    def _after_urgent(self, visit: Visit, *, sheet: bool) -> tuple[Visit, str, Handler] | None:
        """What a text that sounded urgent surely asked for as well; None where that is not sure."""
        if sheet:
            return visit, "sheet_after_urgent", admin_bulk.sent
        if visit.replied is not None and _surely_answers(visit, visit.replied):
            return visit, "reply_after_urgent", REPLIES[visit.replied.action]
        if not visit.text.startswith("/"):
            return None
        meant, route, handler = self._command(visit)
        return (meant, route, handler) if route in SURE_COMMANDS and SURE_COMMANDS[route](meant) else None

    def _linked(self, visit: Visit, payload: str) -> tuple[Visit, str, Handler]:
        """A start link opens what it carries; a cut or unknown one is a plain start."""
        if payload.startswith(handoff.PREFIX):
            return replace(visit, text=payload), "link_handoff", handed.opened
        try:
            press = unpack(payload, self._fellowship_ids)
        except OutdatedButton:
            return visit, "start", start.start
        language = press.search.language if self._rooms.library.speaks(press.search.language) else visit.language
        handler = ACTIONS.get(press.action, start.start)
        if press.action in NOT_BY_LINK:
            return replace(visit, language=language), "start", start.start
        return replace(visit, press=press, language=language), f"link_{press.action.name.lower()}", handler

    async def _answer(self, visit: Visit, route: str, handler: Handler) -> Screen:
        began = time.perf_counter()
        try:
            if visit.alarm is None and _has_words(visit.text):  # they may name a town that only the lists know
                await self._rooms.places.taken_up()
            return await handler(visit)
        except PersonError as error:
            route = f"{route}_{error.screen}"
            return start_views.failed(visit.frame(visit.blank()), error.screen)
        except Exception as error:  # the one place that answers for every failure
            logger.error("handler_failed", exc_info=error, extra={"route": route})
            self._metrics.count("handler_failures", route=route)
            return start_views.failed(visit.frame(visit.blank()), "sorry")
        finally:
            self._metrics.observe("answer_seconds", time.perf_counter() - began, route=route)

    def _language(self, chat: int, user: telegram.User | None) -> str:
        hint = self._rooms.hints.get(chat)
        return hint.language if hint else spoken(self._rooms.library, user.language_code if user else DEFAULT)

    def _label_language(self, visit: Visit) -> str:
        """A typed button label answers in its own language, the present one first."""
        mine = self._rooms.library.texts(visit.language)
        if command_labelled(visit.text, (mine,)):
            return visit.language
        return next(
            (texts.language for texts in self._every if command_labelled(visit.text, (texts,))), visit.language
        )


async def _may_send_sheets(visit: Visit) -> bool:
    """Whether a file means something here; for everybody else it is one of the things that cannot be read.

    A failure here costs nobody an answer.
    """
    try:
        who = await visit.rooms.desk.admins.of(visit.chat)
    except Exception as error:
        logger.error("who_sends_failed", exc_info=error)
        return False
    return who is not None and does(who, Deed.BULK)


def _has_words(text: str) -> bool:
    """Whether somebody said anything: a command alone is but a button of another form."""
    return bool(text) and not (text.startswith("/") and command_named(text[1:].strip().partition("@")[0].lower()))


def _surely_answers(visit: Visit, question: Press) -> bool:
    sure = SURE_REPLIES.get(question.action)
    return sure is not None and sure(visit)


async def _outdated(visit: Visit) -> Screen:
    raise OutdatedButton
