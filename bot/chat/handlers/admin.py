"""/admin: the door for people who help. For everybody else it answers as a command that does not exist."""

from bot.chat import finding
from bot.chat.context import Visit
from bot.domain import invitation as codes
from bot.domain.admin import Admin, Deed, does
from bot.domain.errors import CodeRefused, OutdatedButton
from bot.views import admin as views
from bot.views import start as start_views
from bot.views.screen import Screen


async def home(visit: Visit) -> Screen:
    """/admin."""
    who = await visit.rooms.desk.admins.of(visit.chat)
    frame = visit.frame()
    if who is None:
        return start_views.help_screen(frame, visit.rooms.commands(frame.texts))
    await visit.rooms.menus.saw(visit.chat)
    return views.home(frame, who, await _waiting(visit, who), web=_web(visit))


async def pressed_home(visit: Visit) -> Screen:
    """The button that leads there, or to what is about oneself."""
    who = await visit.admin()
    if visit.press is not None and visit.press.number == views.ME:
        return views.me(visit.frame(visit.blank()), who)
    return views.home(visit.frame(), who, await _waiting(visit, who), web=_web(visit))


async def _waiting(visit: Visit, who: Admin) -> int:
    """How many things wait for somebody."""
    return sum((await visit.rooms.desk.queue.counts(who)).values())


def _web(visit: Visit) -> bool:
    return bool(visit.rooms.desk_address)


async def typed_code(visit: Visit) -> Screen:
    """/admin and a code: it is used at once. Other words of somebody who may change meetings look for one."""
    code = codes.read(visit.text)
    if code is not None:
        return await _joined(visit, code)
    who = await visit.rooms.desk.admins.of(visit.chat)
    if who is None or not does(who, Deed.EDIT_MEETING):
        return await home(visit)
    await visit.rooms.menus.saw(visit.chat)
    return await finding.found(visit, who)


async def offer(visit: Visit) -> Screen:
    """The link of an invitation: says what it is for, and changes nothing."""
    code = _pressed_code(visit)
    offered = await _tried(visit, code)
    return views.offer(visit.frame(visit.blank()), offered.role, offered.scope, offered.until, code)


async def join(visit: Visit) -> Screen:
    """Yes, I would like to help."""
    return await _joined(visit, _pressed_code(visit))


async def ask_name(visit: Visit) -> Screen:
    """Asks for the name that others see."""
    return views.ask_name(visit.frame(visit.blank()), await visit.admin())


async def named(visit: Visit) -> Screen:
    """Takes it."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    try:
        named = await visit.rooms.desk.admins.rename(who, visit.text)
        return views.home(frame, named, await _waiting(visit, named), web=_web(visit))
    except ValueError:
        return views.ask_name(frame, who, again=True)


async def leave(visit: Visit) -> Screen:
    """Stop helping: asks first, then erases the id."""
    who, frame = await visit.admin(), visit.frame(visit.blank())
    if visit.press is None or visit.press.number != 1:
        return views.leave(frame)
    await visit.rooms.desk.admins.leave(who)
    await visit.rooms.menus.refresh()
    return views.left(frame)


async def _joined(visit: Visit, code: int) -> Screen:
    await _tried(visit, code)
    joined = await visit.rooms.desk.admins.join(visit.chat, code)
    await visit.rooms.menus.refresh()
    return views.joined(visit.frame(visit.blank()), joined.admin, changed=joined.changed)


async def _tried(visit: Visit, code: int) -> codes.Invitation:
    """What a code is good for. Who tried several that were none is not looked up again for a while."""
    rooms = visit.rooms
    if rooms.guesses.wait_s(visit.chat):
        raise CodeRefused
    try:
        return await rooms.desk.admins.offered(code)
    except CodeRefused:
        rooms.guesses.count(visit.chat)
        raise


def _pressed_code(visit: Visit) -> int:
    press = visit.press
    if press is None or press.meeting is None or len(press.picked) != 1:
        raise OutdatedButton
    try:
        return codes.joined(press.meeting, press.picked[0])
    except ValueError:
        raise OutdatedButton from None
