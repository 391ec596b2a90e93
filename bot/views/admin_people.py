"""People who help: the list, one of them, and how somebody is invited or given another role. No Telegram data."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeVar

from bot.domain.admin import GIVES, Admin, Deed, Role, Scope, key_of, may
from bot.domain.buttons import Action, Press
from bot.domain.invitation import halves, read
from bot.domain.search import Search
from bot.views.admin import called, home_row, moment, role_name, scope_said, stacked
from bot.views.admin_feeds import turns
from bot.views.formatting import country_name, cut
from bot.views.frame import Frame
from bot.views.screen import Ask, Button, Screen, pairs

A_PAGE = 6
_ROLES = tuple(Role)
_PARTS = 8  # of the number: steps of one role
T = TypeVar("T")


class Step(IntEnum):
    """What a button of one person does."""

    LOOK = 0
    ASK_REVOKE = 1
    REVOKE = 2


class Part(IntEnum):
    """What is chosen next for a role, or was chosen."""

    SCOPE = 0
    EVERYTHING = 1
    KINDS = 2  # asks which fellowship; the search's page
    KIND = 3  # the search's fellowships
    FEEDS = 4  # asks which feed; the search's page
    FEED = 5  # picked


@dataclass(frozen=True, slots=True)
class Gift:
    """A role that is being given: to somebody who helps (`person`), or to whoever uses an invitation (none)."""

    person: int | None
    role: Role
    part: Part = Part.SCOPE

    @property
    def number(self) -> int:
        """As a button carries it; never 0, which asks for the role."""
        return 1 + _ROLES.index(self.role) * _PARTS + self.part


def gift_of(press: Press) -> Gift | None:
    """What a button says of a gift; None: its role is still to be chosen. ValueError for what it cannot be."""
    if not press.number:
        return None
    role, part = divmod(press.number - 1, _PARTS)
    if role >= len(_ROLES):
        raise ValueError("no such role")
    return Gift(press.meeting, _ROLES[role], Part(part))


def listed(frame: Frame, who: Admin, people: list[Admin]) -> Screen:
    """Everybody who helps, by name and role."""
    pages = max(1, -(-len(people) // A_PAGE))
    page = min(frame.search.page, pages)
    shown = people[(page - 1) * A_PAGE : page * A_PAGE]
    text = frame.texts.render("admin/people", people=[told(frame, who, one) for one in shown], page=page, pages=pages)
    blank = frame.blank()
    buttons = [
        Button(cut(called(frame, one.name, one.id), 32), data=frame.data(Action.ADMIN_PERSON, blank, one.id))
        for one in shown
    ]
    invite = (frame.button("admin.invite", Action.ADMIN_GIVE, blank),)
    ways = turns(frame, Action.ADMIN_PEOPLE, page, more=page < pages)
    rows = stacked(*pairs(buttons), ways, invite, home_row(frame))
    return Screen(text, rows, edits=frame.search.page > 1)


def one(frame: Frame, who: Admin, person: Admin, *, done: bool = False) -> Screen:
    """One person who helps. `done`: the role or scope was just changed."""
    text = frame.texts.render("admin/person", **told(frame, who, person), done=done)
    rows: list[tuple[Button, ...]] = []
    if may_change(who, person):
        change = frame.button("admin.change_role", Action.ADMIN_GIVE, frame.blank(), meeting=person.id)
        revoke = _step(frame, person, "admin.revoke", Step.ASK_REVOKE)
        rows.append((change, revoke))
    return Screen(text, (*rows, (_everybody(frame),), home_row(frame)))


def ask_revoke(frame: Frame, who: Admin, person: Admin) -> Screen:
    """What taking a role means, before it is done."""
    text = frame.texts.render("admin/revoke", **told(frame, who, person))
    sure = _step(frame, person, "admin.revoke_now", Step.REVOKE)
    return Screen(text, ((sure,), (_step(frame, person, "back", Step.LOOK),), home_row(frame)))


def revoked(frame: Frame, person: Admin) -> Screen:
    """The role is taken."""
    text = frame.texts.render("admin/revoked", name=called(frame, person.name, person.id))
    return Screen(text, ((_everybody(frame),), home_row(frame)))


def choose_role(frame: Frame, who: Admin, person: Admin | None) -> Screen:
    """Which role: those that somebody may give, each with what it may do."""
    roles = [role for role in Role if role in GIVES[who.role]]
    named = [(role_name(frame, role), frame.texts.label(f"admin.does.{role.value}")) for role in roles]
    text = frame.texts.render("admin/role", roles=named, name=_name(frame, person))
    number = person.id if person else None
    buttons = [_gift(frame, Gift(number, role), role_name(frame, role)) for role in roles]
    return Screen(text, (*pairs(buttons), home_row(frame)))


def choose_scope(frame: Frame, who: Admin, gift: Gift, person: Admin | None) -> Screen:
    """What to look after."""
    text = frame.texts.render(
        "admin/scope", role=role_name(frame, gift.role), name=_name(frame, person), mine=scope_said(frame, who.scope)
    )
    label = frame.texts.label
    everything = label("admin.all_of_mine" if who.scope else "admin.all")
    buttons = [_gift(frame, replace(gift, part=Part.EVERYTHING), everything)]
    if gift.role is not Role.OWNER:
        area = frame.data(Action.ADMIN_AREA, frame.blank(), gift.person, gift.number)
        buttons += [
            _gift(frame, replace(gift, part=Part.KINDS), label("admin.one_kind")),
            Button(label("admin.one_area"), data=area),
            _gift(frame, replace(gift, part=Part.FEEDS), label("admin.one_feed")),
        ]
    return Screen(text, (*pairs(buttons), home_row(frame)))


def choose_kind(frame: Frame, gift: Gift, kinds: list[str]) -> Screen:
    """Which fellowship, a page at a time."""
    page, pages, shown = _page(frame, kinds)
    done = replace(gift, part=Part.KIND)
    buttons = [
        _gift(frame, done, cut(frame.kind(one).name, 32), replace(frame.blank(), fellowships=(one,))) for one in shown
    ]
    text = frame.texts.render("admin/which", what="kind", role=role_name(frame, gift.role))
    return Screen(text, stacked(*pairs(buttons), _turns(frame, gift, page, pages), home_row(frame)), edits=True)


def choose_feed(frame: Frame, gift: Gift, feeds: list[tuple[str, str]]) -> Screen:
    """Which feed, a page at a time. `feeds`: ids and publishers."""
    page, pages, shown = _page(frame, feeds)
    done = replace(gift, part=Part.FEED).number
    buttons = [
        Button(
            cut(publisher, 32),
            data=frame.pack(Press(Action.ADMIN_GIVE, frame.blank(), gift.person, done, picked=(key_of(feed),))),
        )
        for feed, publisher in shown
    ]
    text = frame.texts.render("admin/which", what="feed", role=role_name(frame, gift.role))
    return Screen(text, stacked(*pairs(buttons), _turns(frame, gift, page, pages), home_row(frame)), edits=True)


def is_country(frame: Frame, code: str) -> bool:
    """Whether there is a country of these two letters."""
    return country_name(frame.texts, code) != code


def ask_area(frame: Frame, gift: Gift, *, again: bool = False) -> Screen:
    """Asks for a country, or a part of one."""
    link = frame.start_link(Press(Action.ADMIN_AREA, frame.blank(), gift.person, gift.number))
    text = frame.texts.render("admin/area", link=link, again=again)
    return Screen(text, ask=Ask(frame.texts.label("admin.area_placeholder")))


def invited(frame: Frame, role: Role, scope: Scope, code: str) -> Screen:
    """The code and the link to pass on."""
    first, second = halves(read(code) or 0)
    link = frame.start_link(Press(Action.ADMIN_OFFER, frame.blank(), first, picked=(second,)))
    values = {"role": role_name(frame, role), "scope": scope_said(frame, scope)}
    text = frame.texts.render("admin/invited", link=link, code=code, **values)
    copy = Button(frame.texts.label("admin.copy_link"), copy=link)
    return Screen(text, ((copy,), (_everybody(frame),), home_row(frame)))


def _page(frame: Frame, every: list[T]) -> tuple[int, int, list[T]]:
    pages = max(1, -(-len(every) // A_PAGE))
    page = min(frame.search.page, pages)
    return page, pages, every[(page - 1) * A_PAGE : page * A_PAGE]


def _turns(frame: Frame, gift: Gift, page: int, pages: int) -> tuple[Button, ...]:
    ways = (("previous", page - 1), ("next_page", page + 1))
    return tuple(
        _gift(frame, gift, frame.texts.label(label), replace(frame.blank(), page=to))
        for label, to in ways
        if 1 <= to <= pages
    )


def _gift(frame: Frame, gift: Gift, label: str, search: Search | None = None) -> Button:
    return Button(label, data=frame.data(Action.ADMIN_GIVE, search or frame.blank(), gift.person, gift.number))


def _step(frame: Frame, person: Admin, label: str, step: Step) -> Button:
    return frame.button(label, Action.ADMIN_PERSON, frame.blank(), meeting=person.id, number=step)


def _everybody(frame: Frame) -> Button:
    return frame.button("admin.people", Action.ADMIN_PEOPLE, frame.blank())


def may_change(who: Admin, person: Admin) -> bool:
    """Whether somebody may give this person another role, or take it."""
    return who.id != person.id and not person.by_settings and may(who, Deed.MANAGE_ADMINS, person.scope, person.role)


def _name(frame: Frame, person: Admin | None) -> str:
    return called(frame, person.name, person.id) if person else ""


def told(frame: Frame, who: Admin, person: Admin) -> dict[str, object]:
    """One person, by their names in the screens."""
    return {
        "name": called(frame, person.name, person.id),
        "role": role_name(frame, person.role),
        "scope": scope_said(frame, person.scope),
        "since": moment(frame, person.since) if person.since else "",
        "me": who.id == person.id,
        "by_settings": person.by_settings,
    }
