"""My plan: shown, made, changed, dropped. Nothing is counted, and nothing is sent."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.context import Visit
from bot.services.plan_texts import read_plan
from bot.views import plan as views
from bot.views.screen import Screen

LONGEST = 300  # of a typed plan, in characters


async def plan(visit: Visit) -> Screen:
    """The plan, or the next question on the way to one."""
    number = visit.press.number if visit.press else views.SHOW
    meetings, weeks, kinds = views.parts(number)
    if meetings and weeks:
        return await _made(visit, meetings, views.until_in(weeks, await _today(visit)), kinds)
    if meetings:
        return views.ask_until(visit.frame(), meetings, kinds)
    if number == views.DROP:
        await visit.rooms.plans.drop(visit.chat)
        return views.dropped(visit.frame())
    kept = await visit.rooms.plans.get(visit.chat) if number == views.SHOW else None
    return views.show(visit.frame(), kept) if kept else views.ask(visit.frame())


async def typed(visit: Visit) -> Screen:
    """A plan in words; what is not understood is asked for with buttons."""
    heard = read_plan(visit.text[:LONGEST], visit.rooms.plan_words, await _today(visit))
    if heard.meetings and heard.until:
        return await _made(visit, heard.meetings, heard.until, heard.kinds or 0)
    if heard.meetings:
        return views.ask_until(visit.frame(visit.blank()), heard.meetings, heard.kinds or 0)
    return views.ask_count(visit.frame(visit.blank()), heard=True)


async def _made(visit: Visit, meetings: int, until: date, kinds: int) -> Screen:
    made = await visit.rooms.plans.set(visit.chat, meetings, until, kinds or None)
    return views.show(visit.frame(visit.blank()), made, fresh=True)


async def _today(visit: Visit) -> date:
    zone = (await visit.rooms.people.of(visit.chat)).zone
    return visit.now.astimezone(ZoneInfo(zone)).date() if zone else visit.now.date()
