"""The first screen behind /admin, invitations, names; and what all screens of people who help have in common."""

from datetime import datetime

from bot.domain.admin import Admin, Deed, Role, Scope, does
from bot.domain.buttons import Action, Press
from bot.domain.invitation import halves
from bot.domain.meeting import BY_HAND
from bot.views.formatting import clock, country_name, date_with_year, listed
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Screen, pairs

UTC = "UTC"
ME = 1  # number of a button to /admin: what is about oneself


def moment(frame: Frame, instant: datetime) -> str:
    """An instant as people who help see it, wherever they are: "24 Nov 2026, 18:02 UTC"."""
    date = date_with_year(frame.texts, instant, frame.operator.country)
    return frame.texts.label("admin.moment", date=date, time=clock(instant, UTC, frame.operator.country))


def role_name(frame: Frame, role: Role) -> str:
    """What a role is called."""
    return frame.texts.label(f"admin.role.{role.value}")


def called(frame: Frame, name: str, number: int | None) -> str:
    """A name somebody chose, or their number as long as they chose none."""
    if number is None:
        return frame.texts.label("admin.command_line")
    return name or frame.texts.label("admin.unnamed", number=number)


def scope_said(frame: Frame, scope: Scope) -> str:
    """What somebody looks after, in words."""
    if not scope:
        return frame.texts.label("admin.everything")
    kinds = [frame.kind(one).short for one in sorted(scope.fellowships)]
    areas = [_area(frame, one) for one in sorted(scope.areas)]
    parts = [listed(frame.texts, some) for some in (kinds, areas, sorted(scope.feeds)) if some]
    return "; ".join(parts)


def _area(frame: Frame, area: str) -> str:
    country, _, region = area.partition("/")
    name = country_name(frame.texts, country)
    return f"{region} ({name})" if region else name


def stacked(*rows: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    """Rows one below the other, without those that hold nothing."""
    return tuple(row for row in rows if row)


def home_row(frame: Frame) -> tuple[Button, ...]:
    """The last row of every screen here."""
    return frame.button("admin.home", Action.ADMIN, frame.blank()), frame.urgent()


def home(frame: Frame, who: Admin, waiting: int = 0, *, web: bool = False) -> Screen:
    """Who you are here, and what there is. `waiting`: how many things wait for you; `web`: there is a desk too."""
    text = frame.texts.render(
        "admin/home",
        name=who.name,
        number=who.id,
        role=role_name(frame, who.role),
        scope=scope_said(frame, who.scope),
    )
    blank = frame.blank()
    first = []
    if does(who, Deed.REVIEW):
        first.append(frame.button("admin.queue.open", Action.ADMIN_QUEUE, blank, count=waiting))
    if does(who, Deed.EDIT_MEETING):
        first.append(frame.button("admin.change_meeting", Action.ADMIN_FIND, blank))
    if adds(who):
        first.append(frame.button("admin.add_meeting", Action.ADMIN_ADD, blank))
    if does(who, Deed.SYNC_FEED) or does(who, Deed.ACCEPT_HELD):
        first.append(frame.button("admin.feeds", Action.ADMIN_FEEDS, blank))
    if does(who, Deed.MANAGE_ADMINS):
        first.append(frame.button("admin.people", Action.ADMIN_PEOPLE, blank))
    if does(who, Deed.BULK):
        first.append(frame.button("admin.bulk.home", Action.ADMIN_BULK, blank))
    first.append(frame.button("admin.history", Action.ADMIN_HISTORY, blank))
    first.append(frame.button("admin.me", Action.ADMIN, blank, number=ME))
    desk = (frame.button("desk.open", Action.ADMIN_DESK, blank),) if web else ()
    return Screen(text, (*pairs(first), (*desk, frame.urgent())))


def adds(who: Admin) -> bool:
    """Whether somebody may add a meeting: those whom lists were given look after no meeting without one."""
    return does(who, Deed.EDIT_MEETING) and (not who.scope.feeds or BY_HAND in who.scope.feeds)


def me(frame: Frame, who: Admin) -> Screen:
    """What is about nobody but whoever looks: news, the name that others see, and leaving."""
    text = frame.texts.render(
        "admin/me", name=who.name, number=who.id, role=role_name(frame, who.role), scope=scope_said(frame, who.scope)
    )
    blank = frame.blank()
    buttons = [
        frame.button("admin.news.title", Action.ADMIN_NEWS, blank),
        frame.button("admin.name", Action.ADMIN_NAME, blank),
        frame.button("admin.leave", Action.ADMIN_LEAVE, blank),
    ]
    return Screen(text, (*pairs(buttons), home_row(frame)))


def offer(frame: Frame, role: Role, scope: Scope, until: datetime, code: int) -> Screen:
    """What an invitation is for; nothing happens before the button."""
    first, second = halves(code)
    join = Button(
        frame.texts.label("admin.join"),
        data=frame.pack(Press(Action.ADMIN_JOIN, frame.blank(), first, picked=(second,))),
    )
    values = {"role": role_name(frame, role), "scope": scope_said(frame, scope), "until": moment(frame, until)}
    text = frame.texts.render("admin/offer", **values, does=frame.texts.label(f"admin.does.{role.value}"))
    return Screen(text, ((join,), (frame.urgent(),)))


def joined(frame: Frame, who: Admin, *, changed: bool) -> Screen:
    """Welcome; or that nothing is new. Whoever has no name yet is asked for one."""
    text = frame.texts.render(
        "admin/joined", role=role_name(frame, who.role), scope=scope_said(frame, who.scope), changed=changed
    )
    asks = () if who.name else (ask_name(frame, who),)
    return Screen(text, (home_row(frame),), then=asks)


def ask_name(frame: Frame, who: Admin, *, again: bool = False) -> Screen:
    """Asks for the name that others see here. `again`: the last one had no letters."""
    link = frame.start_link(Press(Action.ADMIN_NAME, frame.blank()))
    text = frame.texts.render("admin/ask_name", link=link, name=who.name, again=again)
    return Screen(text, ask=Ask(frame.texts.label("admin.name_placeholder")))


def leave(frame: Frame) -> Screen:
    """What leaving means, before it is done."""
    sure = frame.button("admin.leave_now", Action.ADMIN_LEAVE, frame.blank(), number=1)
    return Screen(frame.texts.render("admin/leave"), ((sure,), home_row(frame)))


def left(frame: Frame) -> Screen:
    """Thanks; from now on everything is as for anybody."""
    find = frame.button("find_a_meeting", Action.ASK_PLACE, frame.blank())
    return Screen(frame.texts.render("admin/left"), ((find, frame.urgent()),))


def trouble(frame: Frame, reason: str, back: Button) -> Screen:
    """Something that could not be done, in the operator's words, and the way back."""
    return Screen(frame.texts.render("admin/trouble", reason=reason), ((back,), home_row(frame)))
