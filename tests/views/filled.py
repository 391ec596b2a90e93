"""Arguments for any view, made from its signature: every text that a list or a person could have written is the same.

So a view that is added tomorrow is looked at too, without a word here.
"""

import dataclasses
import html
import importlib
import inspect
import pkgutil
import types
import typing
from collections import abc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any

import bot.views
from bot.domain import queue, report_kinds
from bot.domain.admin import Admin
from bot.domain.audit import Change, Subject, Undone, Values
from bot.domain.bulk import Applied
from bot.domain.edits import Edit, Proposal
from bot.domain.exceptions import DatedException
from bot.domain.feed_state import SyncReport, Waiting
from bot.domain.fields import BadField
from bot.domain.meeting import Meeting
from bot.domain.place import Place
from bot.domain.suggestion import Suggestion
from bot.texts.pages import Article
from bot.views import handoff, urgent
from bot.views.admin_draft import Draft, Form
from bot.views.frame import Frame
from bot.views.screen import Button, Screen
from bot.views.talk_first import Contact
from tests.views.frames import NOW

View = Callable[..., Screen]
LATER = NOW + timedelta(hours=1)
# What no list writes: chosen by the bot, or held to be right before it is shown.
_OWN: dict[str, Any] = {
    "zone": "Europe/London",
    "country": "GB",
    "countries": ("GB",),
    "fellowship": "smart",
    "fellowships": ("smart",),
    "kinds": ("smart",),
    "next_kinds": ("smart",),
    "online_kinds": ("smart",),
    "stated_kinds": (),
    "finder_kinds": (),
    "needs": ("alcohol",),
    "filters": frozenset({"open"}),
    "unsaid": frozenset({"open"}),
    "corrected": ("time",),
    "languages": ("en",),
    "language": "en",
    "tags": frozenset({"women", "open"}),
    "weekday": 2,
    "start": 19 * 60,
    "duration": 60,
    "latitude": 53.8,
    "longitude": -1.55,
    "distance_km": 1.2,
    "lead_s": 3600,
    "leads": (60, 30),
    "online": True,
    "join_url": "https://zoom.us/j/5550100",
    "url": "https://example.org/",
    "entity_url": "https://example.org/",
    "reach_km": 5,
    "form": Form.PLACE,
    "field": "venue",
    "listed": "x",
    "values": {"venue": "x"},
    "areas": frozenset({"GB"}),
    "state": "fresh",
    "day": 2,
    "wider": (5, 3),
    "guess": "Europe/London",
    "others": (),
}
WORDS_OF_OTHERS = (
    Meeting, queue.Item, queue.Light, Change, Undone, BadField, Place, Admin, Waiting, SyncReport, Applied, Contact
)  # fmt: skip
# Given templates, languages and names of labels; of others' words they show the name of a place at most.
_NO_WORDS = (handoff.language, handoff.made, handoff.printed, urgent.card)
_MOMENTS = {"until": LATER, "next": LATER, "coming": LATER}


_WAITING: dict[queue.Kind, Any] = {
    queue.Kind.REPORT: report_kinds.Item,
    queue.Kind.PROPOSAL: Proposal,
    queue.Kind.HELD: None,
    queue.Kind.CONFLICT: Edit,
    queue.Kind.SUGGESTION: Suggestion,
    queue.Kind.VANISHED: queue.Gone,
    queue.Kind.OLD: queue.Old,
}


@dataclasses.dataclass(frozen=True)
class Filler:
    """Makes values of any type; `text` stands in every text."""

    text: str
    waits: queue.Kind = queue.Kind.REPORT  # what an item of the queue is about

    def arguments(self, view: View) -> dict[str, Any]:
        """Everything that a view has to be given beside its frame, and what it may be given."""
        hints = hints_of(view)
        return {name: self.make(hints[name], name) for name in list(inspect.signature(view).parameters)[1:]}

    def make(self, kind: Any, name: str = "") -> Any:
        """A value of a type, for an argument or field of that name."""
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            kind = next(one for one in parts if one is not type(None))
            return self.make(kind, name)
        if kind is datetime or kind is date:
            return _MOMENTS.get(name, NOW) if kind is datetime else LATER.date()
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self._object(kind)
        if name in _OWN and not (origin and any(dataclasses.is_dataclass(part) for part in parts)):
            return frozenset(_OWN[name]) if origin in (frozenset, abc.Set) else _OWN[name]
        if origin is not None or kind is Values:
            return self._many(origin, parts, name)
        return self._plain(kind)

    def _object(self, kind: type) -> Any:
        if kind is Button:
            return Button(self.text, url="https://example.org/")
        if kind is Screen:
            return Screen(html.escape(self.text))
        if kind is Draft:
            return Draft(7, Form.PLACE, value=1 << 16)
        hints = hints_of(kind)
        made = {one.name: self.make(hints[one.name], one.name) for one in dataclasses.fields(kind) if one.init}
        if kind is queue.Item:
            what = _WAITING[self.waits]
            made |= {"kind": self.waits, "what": self.make(what) if what else self.text}
        if kind is Subject:
            made |= {"kind": "meeting", "id": "7"}
        if kind is Meeting:
            made |= {"id": 7, "feed": "aa-denver", "position": 0}
        return kind(**made)

    def _many(self, origin: Any, parts: tuple[Any, ...], name: str) -> Any:
        if origin is abc.Mapping or origin is dict:
            return {("venue" if parts[0] is str else self.make(parts[0])): self.make(parts[1], name)}
        if origin is tuple and parts[-1] is not Ellipsis:
            return tuple(self.make(part, name) for part in parts)
        some = [self.make(parts[0], name)]
        return frozenset(some) if origin in (frozenset, abc.Set) else tuple(some) if origin is tuple else some

    def _plain(self, kind: Any) -> Any:
        if kind is BadField:
            return BadField("venue", "time", self.text)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind))
        if kind is bool:
            return True
        if kind is int:
            return 1
        if kind is float:
            return 1.0
        if kind is timedelta:
            return timedelta(hours=1)
        return self.text  # also of what may be anything


@cache
def hints_of(one: Any) -> dict[str, Any]:
    """The types of fields or arguments, names in quotation marks looked up."""
    return typing.get_type_hints(one, localns={"DatedException": DatedException})


@cache
def views() -> tuple[View, ...]:
    """Every view that is given what a list, a person or a gazetteer wrote, alone or inside of something."""
    every = (view for view in _every() if view not in _NO_WORDS)
    return tuple(view for view in every if any(map(_holds, hints_of(view).values())))


def _every() -> Iterator[View]:
    for found in pkgutil.iter_modules(bot.views.__path__):
        module = importlib.import_module(f"bot.views.{found.name}")
        for name, one in vars(module).items():
            if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_"):
                parameters = list(inspect.signature(one).parameters.values())
                if parameters and parameters[0].name == "frame" and _gives_screen(one):
                    yield one


def _gives_screen(view: View) -> bool:
    return hints_of(view).get("return") is Screen


@cache
def _holds(kind: Any) -> bool:
    """Whether a type holds words of others somewhere."""
    if kind in WORDS_OF_OTHERS:
        return True
    if kind in (Frame, Screen, Button, Article):
        return False
    if dataclasses.is_dataclass(kind):
        return any(map(_holds, hints_of(kind).values()))
    return any(map(_holds, typing.get_args(kind)))


def about_what_waits(view: View) -> bool:
    """Whether a view is given an item of the queue, which may be about many things."""
    return queue.Item in hints_of(view).values()
