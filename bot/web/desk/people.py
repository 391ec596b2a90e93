"""People who help, on the web: who they are, invitations, other roles, and roles that are taken.

Every form shows before and after first; the services look once more whether it is permitted, as they do for the chat.
"""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import GIVES, Admin, Deed, Role, Scope, does, is_area, may
from bot.domain.errors import NotPermitted, OutdatedButton
from bot.services.admins import INVITED, KIND, mark_of
from bot.views import admin_people as views
from bot.views.admin import called, moment, role_name, scope_said
from bot.web.desk.queue import number
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

MOST_AREAS = 20
LONGEST_AREAS = 1000  # characters


@dataclass(frozen=True, slots=True)
class Gift:
    """What a form wants to give. `areas`: as typed; `wrong`: the lines of them that name no country."""

    role: Role
    scope: Scope
    areas: str = ""
    wrong: tuple[str, ...] = ()


def people_routes(room: WebDesk) -> list[Route]:
    """/admin/people, /admin/people/new, /admin/people/<number>."""
    one = f"/{ROOT}/people/{{person}}"
    return [
        Route(f"/{ROOT}/people", seated(room, _listed), methods=["GET"]),
        Route(f"/{ROOT}/people/new", seated(room, _new), methods=["GET"]),
        Route(f"/{ROOT}/people/new", seated(room, _invite), methods=["POST"]),
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


def _check(at: Sitting) -> None:
    if not does(at.who, Deed.MANAGE_ADMINS):
        raise NotPermitted


async def _person(at: Sitting) -> Admin:
    _check(at)
    return await at.desk.admins.one(number(at.request.path_params["person"]))


async def _listed(at: Sitting) -> Response:
    _check(at)
    people = await at.desk.admins.listed()
    names = {one.id: called(at.frame, one.name, one.id) for one in people}
    waiting = []
    for one in await at.desk.admins.invited(at.who):
        changes = await at.desk.audit.of(at.who, [INVITED], one.code.hex())
        waiting.append(
            {
                "role": role_name(at.frame, one.role),
                "scope": scope_said(at.frame, one.scope),
                "by": names.get(one.made_by or 0, called(at.frame, "", one.made_by)),
                "until": moment(at.frame, one.until),
                "change": changes[0].id if changes else 0,
            }
        )
    rows = [{"id": one.id, **views.told(at.frame, at.who, one)} for one in people]
    return at.show("people", rows=rows, waiting=waiting)


async def _new(at: Sitting) -> Response:
    _check(at)
    return _form(at, None, Gift(_roles(at)[-1], Scope()))


async def _one(at: Sitting) -> Response:
    person = await _person(at)
    if not views.may_change(at.who, person):
        return at.show("person", **_told(at, person), editable=False, **_nothing())
    return _form(at, person, Gift(person.role, person.scope, _lines(person.scope)))


async def _invite(at: Sitting) -> Response:
    """An invitation: before and after, and then its code, which nobody sees again."""
    _check(at)
    gift = _gift(at)
    if gift.wrong or at.form.get("do") != "save":
        return _form(at, None, gift) if gift.wrong else _sure(at, None, gift)
    code = await at.desk.admins.invite(at.who, gift.role, gift.scope)
    screen = views.invited(at.frame, gift.role, gift.scope, code)
    link = next(button.copy for row in screen.rows for button in row if button.copy)
    said = {"role": role_name(at.frame, gift.role), "scope": scope_said(at.frame, gift.scope)}
    return at.show("people_invited", code=code, link=link, **said)


async def _do(at: Sitting) -> Response:
    """Another role, or none. Somebody who is something else by now is shown anew."""
    person = await _person(at)
    if not views.may_change(at.who, person):
        raise NotPermitted
    do, seen = at.form.get("do"), number(at.form.get("seen"))
    if seen != mark_of(person):
        return _changed(at, person)
    if do == "ask_revoke":
        text = views.ask_revoke(at.frame, at.who, person).text
        return at.show("person_revoke", **_told(at, person), text=text, seen=seen)
    try:
        if do == "revoke":
            await at.desk.admins.revoke(at.who, person.id, seen=seen)
            return at.go("people", "role_taken", undo=await _last(at, person))
        gift = _gift(at)
        if gift.wrong or do != "save":
            return _form(at, person, gift) if gift.wrong else _sure(at, person, gift)
        await at.desk.admins.change(at.who, person.id, gift.role, gift.scope, seen=seen)
    except OutdatedButton:  # between the look above and the deed
        return _changed(at, await at.desk.admins.one(person.id))
    return at.go(f"people/{person.id}", "role_given", undo=await _last(at, person))


async def _last(at: Sitting, person: Admin) -> list[int]:
    """The number of the change that was just made, for taking it back."""
    return [one.id for one in await at.desk.audit.of(at.who, [KIND], str(person.id))][:1]


def _changed(at: Sitting, person: Admin) -> Response:
    gift = Gift(person.role, person.scope, _lines(person.scope))
    return _form(at, person, gift, HTTPStatus.CONFLICT)


def _gift(at: Sitting) -> Gift:
    """What a form says. NotPermitted for what somebody could not give, whatever the page had offered."""
    role = next((one for one in _roles(at) if one.value == at.form.get("role")), None)
    if role is None:
        raise NotPermitted
    typed = at.form.get("areas")[:LONGEST_AREAS]
    areas, wrong = _areas(at, typed)
    kinds, feeds = frozenset(at.form.all("kind")), frozenset(at.form.all("feed"))
    if not kinds <= {one for one, _ in _kinds(at)} or not feeds <= {one for one, _ in _feeds(at)}:
        raise NotPermitted
    scope = Scope() if role is Role.OWNER else Scope(kinds, areas, feeds)
    scope = scope.inside(at.who.scope)
    if not may(at.who, Deed.MANAGE_ADMINS, scope, role):
        raise NotPermitted
    return Gift(role, scope, typed, () if role is Role.OWNER else wrong)


def _areas(at: Sitting, typed: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Countries and parts of them, one a line; and the lines that are none."""
    found, wrong = set(), []
    for line in typed.splitlines()[:MOST_AREAS]:
        country, _, region = line.strip().partition("/")
        area = "/".join(filter(None, (country.strip().upper(), region.strip())))
        if area and is_area(area) and views.is_country(at.frame, area[:2]):
            found.add(area)
        elif area:
            wrong.append(line.strip())
    return frozenset(found), tuple(wrong)


def _lines(scope: Scope) -> str:
    return "\n".join(sorted(scope.areas))


def _roles(at: Sitting) -> list[Role]:
    return [role for role in Role if role in GIVES[at.who.role]]


def _kinds(at: Sitting) -> list[tuple[str, str]]:
    mine = at.who.scope.fellowships
    known = [(one.id, one.name) for one in at.frame.fellowships.values() if not mine or one.id in mine]
    return sorted(known, key=lambda one: one[1].casefold())


def _feeds(at: Sitting) -> list[tuple[str, str]]:
    return [(feed, at.desk.feeds.publisher(feed) or feed) for feed in at.desk.feeds.within(at.who)]


def _form(at: Sitting, person: Admin | None, gift: Gift, status: int = HTTPStatus.OK) -> Response:
    """Role and scope to choose, for somebody who helps or for whoever uses an invitation."""
    kept = gift.scope
    return at.show(
        "person" if person else "person_new",
        HTTPStatus.UNPROCESSABLE_ENTITY if gift.wrong else status,
        **(_told(at, person) if person else {}),
        editable=True,
        changed=status == HTTPStatus.CONFLICT,
        roles=[
            (one.value, role_name(at.frame, one), at.label(f"admin.does.{one.value}"), one is gift.role)
            for one in _roles(at)
        ],
        kinds=[(one, words, one in kept.fellowships) for one, words in _kinds(at)],
        feeds=[(one, words, one in kept.feeds) for one, words in _feeds(at)],
        areas=gift.areas,
        wrong=gift.wrong,
        mine=scope_said(at.frame, at.who.scope),
        seen=mark_of(person) if person else 0,
    )


def _nothing() -> dict[str, object]:
    """The values of a form that is not shown."""
    return dict.fromkeys(("roles", "kinds", "feeds", "wrong"), ()) | {
        "areas": "",
        "mine": "",
        "seen": 0,
        "changed": False,
    }


def _sure(at: Sitting, person: Admin | None, gift: Gift) -> Response:
    """Before and after; the form that says yes carries what was chosen."""
    fields = [("role", gift.role.value), ("areas", gift.areas)]
    fields += [("kind", one) for one in at.form.all("kind")] + [("feed", one) for one in at.form.all("feed")]
    before = (role_name(at.frame, person.role), scope_said(at.frame, person.scope)) if person else None
    return at.show(
        "people_sure",
        name=called(at.frame, person.name, person.id) if person else "",
        before=before,
        after=(role_name(at.frame, gift.role), scope_said(at.frame, gift.scope)),
        may=at.label(f"admin.does.{gift.role.value}"),
        fields=fields,
        seen=mark_of(person) if person else 0,
        back=f"people/{person.id}" if person else "people/new",
    )


def _told(at: Sitting, person: Admin) -> dict[str, object]:
    return {"id": person.id, "person": views.told(at.frame, at.who, person)}
