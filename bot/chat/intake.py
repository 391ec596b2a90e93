"""Updates in: fetched or brought, handed out in order per chat, and acknowledged only after they were handled.

A crash therefore loses nothing: Telegram brings again whatever was not finished, and an update that was finished but
not yet acknowledged is answered twice rather than never. Nothing about an update is written to disk.

One exception, chosen with open eyes. Telegram shows the lowest hundred unacknowledged updates and no more, so one
slow handler at the head of a full hundred would hold up everybody behind it until its 20 seconds are over. When the
hundred are full and the update at their head belongs to a chat whose handler has run for more than `PATIENCE_S`, or
which has kept us busy without a break for more than `FLOOD_S`, that update is acknowledged while its work goes on
here. Only such an update can be lost, and only by a crash in those seconds.
"""

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError

from bot.chat.backend import ask
from bot.chat.errors import Trouble, for_operator, trouble, wait_seconds
from bot.chat.ledger import Ledger
from bot.chat.queues import ChatQueues, Job
from bot.chat.shapes import check_shape
from bot.domain.errors import OperatorError
from bot.domain.metrics import Metrics, NoMetrics

log = logging.getLogger(__name__)

KINDS = ("message", "callback_query", "my_chat_member")
LIMIT = 100  # updates in one answer; Telegram gives no more
LONG_POLL_S = 30
SAME_OFFSET_S = 0.5  # asked again sooner, Telegram answers with one update
NEXT_OFFSET_S = 0.05  # under load, a few answers are acknowledged together
HANDLER_S = 20.0
APOLOGY_S = 5.0
STOP_S = 20.0
PATIENCE_S = 3.0
FLOOD_S = 10.0
CONFLICT_S = 5.0  # the other process needs time to notice, and answers to both would be worse than late ones
IN_HAND = 1000  # beyond this nothing more is acknowledged early, and nothing more is let in
MOST_OF_ONE = 400  # that wait for one chat: nobody fills all there is
REMEMBERED = 10_000  # numbers of updates that were brought and handled
MOST_CONFLICTS, NEWCOMER_S = 3, 180.0  # so many so soon after the start: the other one was here first
TOKEN_REFUSALS = 5  # in a row, once it has worked: a passing fault of Telegram must not end the bot

Handler = Callable[[Update], Awaitable[None]]


class Intake:
    """Takes updates from Telegram, by polling (`poll`) or as they are brought (`feed`), and sees each one handled.

    `handle` answers an update; when it raises or takes longer than `handler_s` seconds, `apologise` gets the update
    and it counts as handled. `kinds` are the kinds of update asked for.
    """

    def __init__(
        self,
        bot: Bot,
        handle: Handler,
        apologise: Handler,
        *,
        metrics: Metrics | None = None,
        kinds: Sequence[str] = KINDS,
        places: int = 64,
        handler_s: float = HANDLER_S,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._apologise = apologise
        self._metrics = metrics or NoMetrics()
        self._kinds = tuple(kinds)
        self._handler_s = handler_s
        self._queues = ChatQueues(self._work, places=places)
        self._ledger = Ledger()
        self._jobs: dict[int, Job] = {}
        self._brought: dict[int, None] = {}  # handled of late, oldest first
        self._progress = asyncio.Event()
        self._stopping = asyncio.Event()
        self._asking: asyncio.Task[list[Any]] | None = None
        self._asked: tuple[int, float] = (-1, 0.0)  # offset and monotonic time of the last question
        self._failures = 0
        self._conflicts, self._began = 0, 0.0
        self._worked = False
        self.mode = "webhook"
        self.last_poll: float | None = None  # monotonic seconds of the last good answer, or of the last update fed

    @property
    def age_s(self) -> float | None:
        """Seconds since the last good poll (since the start when there was none), or since the last update fed."""
        return None if self.last_poll is None else time.monotonic() - self.last_poll

    @property
    def in_hand(self) -> int:
        """How many updates wait or run."""
        return len(self._queues)

    # -- polling

    async def poll(self) -> None:
        """Fetch updates until `stop`. OperatorError: the token is unknown, or somebody else takes the updates."""
        self._began = self.last_poll = time.monotonic()
        self.mode = "polling"
        while not self._stopping.is_set():
            answer = await self._ask()
            if answer is not None:
                await self._take(answer)
            await self._rest()

    async def stop(self, seconds: float = STOP_S) -> None:
        """Fetch no more, finish what is in hand (cut off after `seconds`), and acknowledge what was finished.

        A second call does nothing.
        """
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._progress.set()
        if self._asking is not None:
            self._asking.cancel()
        if not await self._queues.drain(seconds):
            log.warning("stopped before every handler had finished", extra={"waiting": len(self._ledger)})
        if self.mode == "polling" and self._ledger.offset > 0 and self._worked:
            try:
                await self._fetch(self._ledger.offset, limit=1, long_poll_s=0)
            except TelegramError as error:
                log.warning("the last updates could not be acknowledged", extra={"problem": trouble(error)})

    async def _ask(self) -> list[Any] | None:
        """One question to Telegram; None when it failed, after waiting as long as the failure asks for."""
        offset = self._ledger.offset
        self._asked = (offset, time.monotonic())
        self._asking = asyncio.create_task(self._fetch(offset, LIMIT, 0 if len(self._ledger) else LONG_POLL_S))
        try:
            answer = await self._asking
        except asyncio.CancelledError:
            if self._stopping.is_set():
                return None
            raise
        except TelegramError as error:
            await self._recover(error)
            return None
        finally:
            self._asking = None
        self._failures, self._worked, self.last_poll = 0, True, time.monotonic()
        self._metrics.count("polls", outcome="ok")
        self._ledger.confirmed(offset, empty=not answer)
        return answer

    async def _fetch(self, offset: int, limit: int, long_poll_s: int) -> list[Any]:
        """The raw updates. Not through `Bot.get_updates`, which gives up the whole answer for one bad update."""
        question = {"offset": offset, "limit": limit, "timeout": long_poll_s, "allowed_updates": self._kinds}
        answer = await ask(self._bot, "getUpdates", question, read_timeout=long_poll_s + 10)
        if not isinstance(answer, list):
            raise TelegramError("not a list of updates")
        return answer

    async def _take(self, answer: list[Any]) -> None:
        for raw in answer:
            if self._stopping.is_set():
                return
            number = raw.get("update_id") if isinstance(raw, dict) else None
            if type(number) is not int:
                self._metrics.count("updates", kind="other", outcome="malformed")
            elif self._ledger.take(number):
                self._admit(number, raw)
            await asyncio.sleep(0)  # a hundred updates are not parsed in one piece
        if len(answer) >= LIMIT:
            self._let_go()

    def _let_go(self) -> None:
        """Acknowledge early what alone holds up a full answer (see the module's docstring)."""
        while (lowest := self._ledger.lowest) is not None and self._queues.has_place and len(self._queues) < IN_HAND:
            job = self._jobs.get(lowest)
            if job is None or not self._queues.slow(job.chat, one_s=PATIENCE_S, all_s=FLOOD_S):
                return
            self._ledger.settle(lowest)
            self._metrics.count("updates", kind=kind_of(job.update), outcome="let_go")

    async def _rest(self) -> None:
        """Wait until asking again can bring something new."""
        while not self._stopping.is_set():
            offset, at = self._ledger.offset, self._asked[1]
            gap = SAME_OFFSET_S if offset == self._asked[0] else NEXT_OFFSET_S if len(self._ledger) else 0.0
            left = at + gap - time.monotonic()
            if left <= 0:
                return
            self._progress.clear()
            await _wait(self._progress, left)

    async def _recover(self, error: TelegramError) -> None:
        """Log a failed question and wait. Raises OperatorError when waiting will not help."""
        kind = trouble(error)
        self._failures += 1
        self._metrics.count("polls", outcome=kind)
        if kind is Trouble.TOKEN and (not self._worked or self._failures >= TOKEN_REFUSALS):
            raise for_operator(error) from None  # the cause may quote the token
        if kind is Trouble.CONFLICT:
            self._give_way(error)
        pause = min(30.0, 0.5 * 2**self._failures) * random.uniform(0.5, 1.0)  # noqa: S311 - only spreads load
        if kind is Trouble.CONFLICT:
            pause = max(CONFLICT_S, pause)
        elif isinstance(error, RetryAfter):
            pause = wait_seconds(error)
        log.warning("no updates", extra={"problem": kind, "attempt": self._failures, "wait_s": round(pause, 1)})
        await _wait(self._stopping, pause)

    def _give_way(self, error: TelegramError) -> None:
        """Somebody else takes the updates too. Raises OperatorError when it is this process that came later."""
        if "webhook" in error.message.lower():
            raise OperatorError(
                "A webhook was set for this bot while this process fetched its updates: stop this process, or the "
                "one that set it. Only one of the two ways works at a time; OPENCHAIR_WEBHOOK chooses."
            ) from None
        self._conflicts += 1
        if self._conflicts >= MOST_CONFLICTS and time.monotonic() - self._began < NEWCOMER_S:
            raise OperatorError(
                "Another process already fetches the updates of this bot: stop it first. Only one may run with a "
                "token; several need OPENCHAIR_WEBHOOK=1."
            ) from None
        if self._failures == 1:
            log.error("another process fetches the updates of this bot; only one may run with a token")

    # -- webhook

    async def feed(self, raw: bytes) -> bool:
        """Handle one update as Telegram brought it; returns when that is done, whatever came of it.

        False when `stop` cut it off, when there is too much in hand, or when neither an answer nor an apology got
        through to Telegram, so that it should bring the update again. One that was handled here is not handled again,
        however often it is brought.
        """
        self.last_poll = time.monotonic()
        try:
            update = json.loads(raw)
            number = update["update_id"]
        except (ValueError, TypeError, KeyError, RecursionError):
            number = None
        if type(number) is not int:
            self._metrics.count("updates", kind="other", outcome="malformed")
            return True
        if number in self._brought:
            self._metrics.count("updates", kind="other", outcome="repeated")
            return True
        if number not in self._jobs:  # else Telegram brings again what is still being handled
            if len(self._queues) >= IN_HAND:
                self._metrics.count("updates", kind="other", outcome="put_off")
                return False
            self._admit(number, update)
        job = self._jobs.get(number)
        if job is None:
            return True
        await job.done.wait()
        if job.unheard:  # the way to Telegram was cut: what it brings again finds a better moment
            return False
        if job.finished:
            self._remember(number)
        return job.finished

    def _remember(self, number: int) -> None:
        self._brought[number] = None
        while len(self._brought) > REMEMBERED:
            del self._brought[next(iter(self._brought))]

    # -- both

    def _admit(self, number: int, raw: dict[str, Any]) -> None:
        """Parse one update and put it into its chat's queue; one that cannot be parsed is counted and settled."""
        try:
            check_shape(raw)
            update = Update.de_json(raw, self._bot)
            chat = _chat_of(update)
        except Exception as error:  # noqa: BLE001 - whatever the library raises on what it did not expect
            log.warning("an update could not be read", extra={"reason": type(error).__name__})
            self._metrics.count("updates", kind="other", outcome="malformed")
            self._ledger.settle(number)
            return
        if self._queues.waiting(chat) >= MOST_OF_ONE:
            self._metrics.count("updates", kind=kind_of(update), outcome="flooding")
            self._ledger.settle(number)
            return
        job = self._jobs[number] = Job(number, chat, update)
        self._queues.add(job)

    async def _work(self, job: Job) -> None:
        """Handle one update to its end. It stays unacknowledged only when `stop` cut it off."""
        kind, began = kind_of(job.update), time.monotonic()
        outcome = "cut_off"
        try:
            outcome = await self._attempt(job.update, kind)
        finally:
            job.finished, job.unheard = outcome != "cut_off", outcome == "unheard"
            if job.finished:
                self._ledger.settle(job.number)
            self._jobs.pop(job.number, None)
            self._progress.set()
            self._metrics.count("updates", kind=kind, outcome=outcome)
            self._metrics.observe("update_seconds", time.monotonic() - began, kind=kind)

    async def _attempt(self, update: Update, kind: str) -> str:
        try:
            async with asyncio.timeout(self._handler_s):
                await self._handle(update)
        except asyncio.CancelledError as error:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            failure: BaseException = error  # something inside was cancelled, not we
        except Exception as error:  # noqa: BLE001 - one update must never stop the others
            failure = error
        else:
            return "handled"
        log.error("an update could not be handled", exc_info=failure, extra={"kind": kind})
        try:
            async with asyncio.timeout(APOLOGY_S):
                await self._apologise(update)
        except Exception as error:  # noqa: BLE001
            log.warning("an apology could not be sent", extra={"kind": kind, "reason": type(error).__name__})
            if isinstance(error, TelegramError) and trouble(error) in (Trouble.NOT_SENT, Trouble.UNSURE):
                return "unheard"
        return "too_slow" if isinstance(failure, TimeoutError) else "failed"


def kind_of(update: Update) -> str:
    """The kind of update, as a word that is safe to show."""
    return next((kind for kind in (*KINDS, "inline_query") if getattr(update, kind) is not None), "other")


def _chat_of(update: Update) -> int | str:
    """Whose queue an update stands in: its chat's, else its sender's, else one of its own."""
    for one in (update.effective_chat, update.effective_user):
        if one is not None and isinstance(one.id, int):
            return one.id
    return f"update {update.update_id}"


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Until the event is set, at most this long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
