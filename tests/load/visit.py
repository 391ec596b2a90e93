"""A whole visit of one person, and what stood on their screen in the end."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.sandbox import people
from bot.sandbox.errors import ControlError
from bot.sandbox.state import BotAccount, Chat, Message, Person
from tests.load.telegram import WatchedQueue

TOWNS = ("Leeds", "London", "Madrid", "New York")
TOPICS = ("Drinking", "Show all groups")
SIGNS = {  # how each answer is known; every step has its own
    "start": r"Hello\. I am Open Chair",
    "find": r"Where would you like to look\?",
    "place": r"Looking near ",
    "topic": r"What is it about\?",
    "more": r"[^\n]*Page 2 of",
    "list": r"[^\n]*, near [^\n]*next 7 days",
    "card": r"[^\n]+\n[^\n]+\n\nWhen: ",
    "lead": r"How long before",
    "reminded": r"Done\.",
    "help": r"You can write to me in your own words",
    "privacy": r"What I keep about you",
    "options": r"There are many kinds of groups",
    "expect": r"A first visit to",
    "about": r"[^\n]*\n\nWhat it is:",
    "why": r"Kinds of groups take turns",
    "urgent": r"I am glad you wrote this",
    "forget": r"I hold nothing about you now",
    "sorry": r"Sorry, ",
}
KNOWN = {name: re.compile(pattern) for name, pattern in SIGNS.items()}
TAKEN_S = 200.0  # an update that was not taken by then is lost: a press has expired
AGAIN = 8  # times that somebody asks again after an apology or silence


@dataclass
class Seen:
    """What a person saw. `twice`: the steps whose answer came more than once, with how often too often."""

    updates: int = 0
    unanswered: int = 0
    never_taken: int = 0
    apologies: int = 0
    again: int = 0
    gave_up: int = 0
    skipped: int = 0  # steps whose button was not there, such as a second page
    in_gap: int = 0  # answered twice, the worker having died with the update in hand
    twice: int = 0  # answered twice for no such reason
    out_of_order: int = 0
    not_known: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Visit:
    """One person who comes, looks around, and goes."""

    def __init__(self, account: BotAccount, number: int, seed: int, interrupted: Callable[[int], bool]) -> None:
        assert isinstance(account.updates, WatchedQueue)
        self._account, self._queue, self._interrupted = account, account.updates, interrupted
        self._person = account.add_person(Person(number, "Somebody"))
        self._chat: Chat = account.chats[number]
        self._chance = Random(seed * 1_000_003 + number)
        self._sent: dict[str, list[int]] = {}  # each step's updates
        self.seen = Seen()

    async def run(self) -> Seen:
        """All of it. The person is gone from the sandbox afterwards."""
        try:
            await self._walk()
            self._judge()
        except asyncio.CancelledError:
            raise
        finally:
            self._leave()
        return self.seen

    async def _walk(self) -> None:
        town, topic = self._chance.choice(TOWNS), self._chance.choice(TOPICS)
        await self._step("start", lambda: self._say("/start"))
        await self._step("find", lambda: self._press("start", "Find a meeting"))
        await self._step("topic", lambda: self._say(town, reply_to=self._last("find")))
        await self._step("list", lambda: self._press("topic", topic))
        await self._step("more", lambda: self._press("list", "More"))
        await self._step("card", lambda: self._press("list", self._first_meeting()))
        await self._step("lead", lambda: self._press("card", "Remind me"))
        await self._step("reminded", lambda: self._press("lead", "1 hour before"))
        await self._all_at_once()
        await self._step("urgent", lambda: self._say("I want to kill myself"))
        await self._step("forget", lambda: self._say("/forget"))

    async def _all_at_once(self) -> None:
        """Three messages and three presses without waiting: each of the two rows keeps its order."""
        before = max(self._chat.messages, default=0)
        said = ("help", "privacy", "options")
        pressed = ("why", "expect", "about")
        deeds = {
            "help": lambda: self._say("/help"),
            "why": lambda: self._press("list", "Why this order?"),
            "privacy": lambda: self._say("/privacy"),
            "expect": lambda: self._press("card", "What to expect"),
            "options": lambda: self._say("/options"),
            "about": lambda: self._press("card", self._about()),
        }
        if not self._last("card") or not self._last("list"):
            self.seen.skipped += len(deeds)
            return
        numbers = [self._note(name, deed()) for name, deed in deeds.items()]
        await asyncio.gather(*(self._taken(number) for number in numbers))
        answers = [name for name in map(_name_of, self._heard(before)) if name in deeds]
        first = list(dict.fromkeys(answers))
        for lane in (said, pressed):
            self.seen.out_of_order += [name for name in first if name in lane] != [n for n in lane if n in first]
        for name in set(deeds) - set(first):
            if "sorry" not in map(_name_of, self._heard(before)):
                self.seen.unanswered += 1
            await self._step(name, deeds[name], again=True)

    async def _step(self, name: str, deed: Callable[[], int], *, again: bool = False) -> None:
        """Do it, and again after an apology or silence, as people do."""
        for attempt in range(AGAIN):
            before = time.monotonic(), max(self._chat.messages, default=0)
            try:
                number = self._note(name, deed())
            except ControlError:
                self.seen.skipped += 1
                return
            self.seen.again += again or attempt > 0
            await self._taken(number)
            if self._last(name) is not None or (name == "more" and self._turned()):
                return
            apologies = [one for one in self._heard(before[1]) if _name_of(one) == "sorry"]
            self.seen.unanswered += not apologies
            await asyncio.sleep(self._chance.uniform(0.3, 0.7) * (attempt + 1))
        self.seen.gave_up += 1

    # -- deeds

    def _say(self, text: str, reply_to: int | None = None) -> int:
        return int(people.say(self._account, self._chat, self._person, text, reply_to)["update_id"])

    def _press(self, step: str, label: str) -> int:
        wanted = {"message_id": self._last(step), "label": label}
        return int(people.press(self._account, self._chat, self._person, wanted)["update_id"])

    def _first_meeting(self) -> str:
        return self._label("list", r"\d+\. ")

    def _about(self) -> str:
        return self._label("card", "About ")

    def _label(self, step: str, pattern: str) -> str:
        message = self._chat.messages.get(self._last(step) or 0)
        rows = message.raw["reply_markup"]["inline_keyboard"] if message else []
        labels = [button["text"] for row in rows for button in row]
        return next((label for label in labels if re.match(pattern, label)), "")

    def _note(self, step: str, number: int) -> int:
        self._sent.setdefault(step, []).append(number)
        self.seen.updates += 1
        return number

    async def _taken(self, number: int) -> None:
        try:
            self.seen.waits.append(await self._queue.taken(number, TAKEN_S))
        except TimeoutError:
            self.seen.never_taken += 1

    # -- what there is to see

    def _heard(self, after: int = 0) -> list[Message]:
        return [one for one in self._chat.messages.values() if one.from_bot and one.id > after]

    def _last(self, step: str) -> int | None:
        """The number of the newest answer to a step."""
        return next((one.id for one in reversed(self._heard()) if _name_of(one) == step), None)

    def _turned(self) -> bool:
        return any(one.edits and "Page 2" in one.raw["text"] for one in self._heard())

    def _judge(self) -> None:
        names = [_name_of(one) for one in self._heard()]
        counted = Counter(names)
        self.seen.apologies = counted.pop("sorry", 0)
        counted.pop("place", None)  # it comes before "topic", which is counted
        self.seen.not_known = [one.raw["text"][:80] for one in self._heard() if _name_of(one) is None]
        counted.pop(None, None)
        for name, many in counted.items():
            if many > 1 and name is not None:
                gaps = sum(map(self._interrupted, self._sent.get(name, ())))
                self.seen.in_gap += min(gaps, many - 1)
                self.seen.twice += max(0, many - 1 - gaps)

    def _leave(self) -> None:
        self._account.chats.pop(self._person.id, None)
        self._account.people.pop(self._person.id, None)


def _name_of(message: Message) -> str | None:
    """Which step a message answers, by its words when it came."""
    text = str((message.edits[0] if message.edits else message.raw).get("text", ""))
    return next((name for name, sign in KNOWN.items() if sign.match(text)), None)
