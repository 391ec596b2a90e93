"""Adding a meeting: its kind, how it is joined, and then all the rest in one message."""

import binascii
from dataclasses import replace
from typing import Any

from bot.chat.context import Visit
from bot.domain import guarded
from bot.domain.admin import Admin, Deed, may
from bot.domain.edits import scope_of
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.domain.fields import BadField
from bot.domain.meeting import Meeting
from bot.views import admin_add as views
from bot.views import admin_edit, admin_form
from bot.views.admin import adds
from bot.views.admin_draft import Draft
from bot.views.admin_edit import PAGE
from bot.views.admin_form import IN_ROOM, ONLINE, Typed
from bot.views.frame import Frame
from bot.views.screen import Screen


async def begin(visit: Visit, who: Admin, draft: Draft | None, number: int) -> Screen:
    """Which kind of group; then how it is joined."""
    if not adds(who):
        raise NotPermitted
    frame = visit.frame(visit.blank())
    if draft is None or not views.kind_of(frame, draft):
        return views.choose_kind(frame, kinds(visit, who), max(0, number - PAGE))
    return views.choose_ways(frame, draft)


def kinds(visit: Visit, who: Admin) -> list[str]:
    """The fellowships that somebody looks after, by name."""
    known = visit.rooms.fellowships
    mine = [one for one in known if not who.scope.fellowships or one in who.scope.fellowships]
    return sorted(mine, key=lambda one: known[one].name.casefold())


async def form(visit: Visit, who: Admin, draft: Draft, number: int) -> Screen:
    """The form to fill in; what was typed before stands in it."""
    frame = _permitted(visit, who, draft)
    typed = visit.quoted if draft.typed else ""
    return admin_edit.question(frame, replace(draft, typed=False), None, typed=typed)


async def typed(visit: Visit, who: Admin, draft: Draft) -> Screen:
    """What the new meeting would say; or what is wrong with it."""
    return await _confirm(visit, who, replace(draft, typed=True), visit.text)


async def draft(visit: Visit, who: Admin, drafted: Draft, number: int) -> Screen:
    """The same once more."""
    return await _confirm(visit, who, drafted, visit.quoted)


async def _confirm(visit: Visit, who: Admin, drafted: Draft, text: str) -> Screen:
    frame, desk = _permitted(visit, who, drafted), visit.rooms.desk.meetings
    found = _read(frame, drafted, text)
    if found.faults:
        return _again(frame, drafted, found, text)
    made = await desk.drafted(found.values)
    if not isinstance(made, Meeting):
        return _again(frame, drafted, Typed(found.values, made), text)
    if not may(who, Deed.EDIT_MEETING, scope_of(made)):
        elsewhere = BadField("", "not_yours", made.place_line if made.in_person else "")
        return _again(frame, drafted, Typed(found.values, (elsewhere,)), text)
    return views.confirm(frame, _sealed(drafted, text), made, guarded=bool(guarded.puts_up(None, made, desk.kinds)))


async def save(visit: Visit, who: Admin, drafted: Draft) -> Screen:
    """Keep it, or say what is wrong with the whole."""
    frame = _permitted(visit, who, drafted)
    if drafted != _sealed(drafted, visit.quoted):
        return await _confirm(visit, who, drafted, visit.quoted)
    found = _read(frame, drafted, visit.quoted)
    if found.faults:
        return _again(frame, drafted, found, visit.quoted)
    done = await visit.rooms.desk.meetings.add(who, found.values)
    if done.faults:
        return _again(frame, drafted, Typed(found.values, done.faults), visit.quoted)
    return views.added(frame, found.values, done)


def _sealed(drafted: Draft, text: str) -> Draft:
    """The draft with a mark of what was typed: a message may be edited after it was shown."""
    return replace(drafted, mark=binascii.crc_hqx(text.encode(errors="replace"), 0))


def _read(frame: Frame, drafted: Draft, text: str) -> Typed:
    """Everything that was typed and chosen, as far as it says anything."""
    if not drafted.typed or not text:
        raise OutdatedButton
    found = admin_form.read(frame, drafted, text)
    ways = views.ways_of(drafted)
    chosen: dict[str, Any] = {
        "fellowship": views.kind_of(frame, drafted),
        "in_person": bool(ways & IN_ROOM),
        "online": bool(ways & ONLINE),
    }
    said = {name: value for name, value in found.values.items() if value not in ("", None, (), frozenset())}
    return Typed(chosen | said, found.faults)


def _again(frame: Frame, drafted: Draft, found: Typed, text: str) -> Screen:
    plain = replace(drafted, typed=False)
    return admin_edit.question(frame, plain, None, faults=found.faults, typed=text)


def _permitted(visit: Visit, who: Admin, draft: Draft) -> Frame:
    frame = visit.frame(visit.blank())
    kind = views.kind_of(frame, draft)
    if not kind or not views.ways_of(draft):
        raise OutdatedButton
    if not adds(who) or kind not in kinds(visit, who):
        raise NotPermitted
    return frame
