"""People who help, behind /admin: see them, invite, give another role, take it."""

from bot.chat.context import Visit
from bot.domain.admin import Admin, Deed, Role, Scope, does, is_area, may
from bot.domain.buttons import Press
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.views import admin_people as views
from bot.views.screen import Screen


async def listed(visit: Visit) -> Screen:
    """Everybody."""
    who = await _manager(visit)
    return views.listed(visit.frame(), who, await visit.rooms.desk.admins.listed())


async def one(visit: Visit) -> Screen:
    """One of them; a role is taken after asking."""
    who, admins = await _manager(visit), visit.rooms.desk.admins
    frame, press = visit.frame(visit.blank()), visit.press
    if press is None or press.meeting is None:
        raise OutdatedButton
    person = await admins.one(press.meeting)
    if press.number == views.Step.REVOKE:
        await admins.revoke(who, person.id)
        await visit.rooms.menus.refresh()
        return views.revoked(frame, person)
    if press.number == views.Step.ASK_REVOKE and may(who, Deed.MANAGE_ADMINS, person.scope, person.role):
        return views.ask_revoke(frame, who, person)
    return views.one(frame, who, person)


async def give(visit: Visit) -> Screen:
    """Step by step: a role, what to look after, and then it is given or an invitation made."""
    who, press = await _manager(visit), visit.press
    gift = _gift(press)
    person = await _receiver(visit, press)
    frame = visit.frame()
    if gift is None or press is None:
        return views.choose_role(frame, who, person)
    if not may(who, Deed.MANAGE_ADMINS, who.scope, gift.role):
        raise NotPermitted
    match gift.part:
        case views.Part.EVERYTHING:
            return await _given(visit, who, gift, Scope())
        case views.Part.KINDS:
            return views.choose_kind(frame, gift, _kinds(visit, who))
        case views.Part.KIND:
            return await _given(visit, who, gift, Scope(fellowships=frozenset(press.search.fellowships)))
        case views.Part.FEEDS:
            feeds = visit.rooms.desk.feeds
            return views.choose_feed(frame, gift, [(one, feeds.publisher(one)) for one in feeds.within(who)])
        case views.Part.FEED:
            feed = visit.rooms.desk.feeds.known(press.picked[0] if press.picked else 0)
            return await _given(visit, who, gift, Scope(feeds=frozenset({feed})))
    if gift.role is Role.OWNER:
        return await _given(visit, who, gift, Scope())
    return views.choose_scope(frame, who, gift, person)


async def ask_area(visit: Visit) -> Screen:
    """Asks which country or part of one."""
    await _manager(visit)
    gift = _gift(visit.press)
    if gift is None:
        raise OutdatedButton
    return views.ask_area(visit.frame(visit.blank()), gift)


async def area_typed(visit: Visit) -> Screen:
    """Takes it."""
    who, gift = await _manager(visit), _gift(visit.replied)
    if gift is None:
        raise OutdatedButton
    country, _, region = visit.text.strip().partition("/")
    area = "/".join(filter(None, (country.strip().upper(), region.strip())))
    frame = visit.frame(visit.blank())
    if not is_area(area) or not views.is_country(frame, area[:2]):
        return views.ask_area(frame, gift, again=True)
    return await _given(visit, who, gift, Scope(areas=frozenset({area})))


async def _given(visit: Visit, who: Admin, gift: views.Gift, scope: Scope) -> Screen:
    """Give it; what the giver does not look after is no part of it."""
    admins, frame, scope = visit.rooms.desk.admins, visit.frame(visit.blank()), scope.inside(who.scope)
    if gift.person is None:
        return views.invited(frame, gift.role, scope, await admins.invite(who, gift.role, scope))
    if gift.person == who.id:
        raise NotPermitted
    changed = await admins.change(who, gift.person, gift.role, scope)
    return views.one(frame, who, changed, done=True)


async def _manager(visit: Visit) -> Admin:
    who = await visit.admin()
    if not does(who, Deed.MANAGE_ADMINS):
        raise NotPermitted
    return who


async def _receiver(visit: Visit, press: Press | None) -> Admin | None:
    if press is None or press.meeting is None:
        return None
    return await visit.rooms.desk.admins.one(press.meeting)


def _gift(press: Press | None) -> views.Gift | None:
    try:
        return views.gift_of(press) if press else None
    except ValueError:
        raise OutdatedButton from None


def _kinds(visit: Visit, who: Admin) -> list[str]:
    known = visit.rooms.fellowships
    mine = [one for one in known if not who.scope.fellowships or one in who.scope.fellowships]
    return sorted(mine, key=lambda one: known[one].name.casefold())
