"""What waits, on the web: the list, one item, and its answers. The services decide as they do for the chat."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.routing import Route

from bot.domain.admin import Admin, Deed, does
from bot.domain.desk_table import Asked
from bot.domain.edits import Done
from bot.domain.errors import MeetingChanged, MeetingGone, OutdatedButton
from bot.domain.queue import PUT_OFF_DAYS, REASONS, Item, Kind, sees
from bot.domain.report_kinds import ReportKind
from bot.domain.suggestion import State
from bot.services.queue import short
from bot.views import admin_item, admin_item_steps, admin_letter, admin_queue
from bot.views.admin_item import Case
from bot.web.desk import screens
from bot.web.desk.sitting import ROOT, Sitting, WebDesk, seated

A_PAGE = 25


def queue_routes(room: WebDesk) -> list[Route]:
    """/admin, and /admin/queue/<kind>/<key>."""
    one = f"/{ROOT}/queue/{{kind}}/{{key}}"
    return [
        Route(f"/{ROOT}", seated(room, _listed), methods=["GET"]),
        Route(one, seated(room, _one), methods=["GET"]),
        Route(one, seated(room, _do), methods=["POST"]),
    ]


async def _listed(at: Sitting) -> Response:
    if not sees(at.who):
        return at.said(at.label("desk.queue.none"))
    only = next((kind for kind in Kind if kind.name.lower() == at.asked("kind")), None)
    every = sorted(await at.desk.queue.items(at.who), key=lambda item: item.order)
    counts = {kind: sum(one.kind is kind for one in every) for kind in Kind}
    shown = [one for one in every if only is None or one.kind is only]
    page = min(max(1, number(at.asked("page"))), max(1, -(-len(shown) // A_PAGE)))
    rows = [
        {**admin_queue.line(at.frame, one), "path": f"queue/{one.kind.name.lower()}/{one.key}"}
        for one in shown[(page - 1) * A_PAGE : page * A_PAGE]
    ]
    kinds = [
        (kind.name.lower(), admin_queue.kind_name(at.frame, kind), count) for kind, count in counts.items() if count
    ]
    more = page * A_PAGE < len(shown)
    only_name = only.name.lower() if only else ""
    told = {"rows": rows, "kinds": kinds, "total": len(every), "only": only_name, "page": page, "more": more}
    return at.show("queue", **told, first_day=[] if every else await _first_day(at))


async def _first_day(at: Sitting) -> list[tuple[str, str]]:
    """What to do first, for somebody who may do it, as long as there is no meeting and no list is read."""
    states = await at.desk.feeds.listing(at.who)
    if any(one.state != "off" for one in states) or (await at.desk.table.page(at.who, Asked())).lines:
        return []
    ways = (
        ("lists", Deed.MANAGE_FEEDS, "lists"),
        ("upload", Deed.BULK, "upload"),
        ("meetings/new", Deed.EDIT_MEETING, "meeting"),
        ("numbers", Deed.ANSWER_SUGGESTIONS, "numbers"),
        ("people/new", Deed.MANAGE_ADMINS, "people"),
        ("preview", Deed.REVIEW, "preview"),
    )
    return [(path, at.label(f"desk.first.{name}")) for path, deed, name in ways if does(at.who, deed)]


def number(text: str) -> int:
    """A number of an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


async def _item(at: Sitting) -> Item:
    """The item that the address names; OutdatedButton where it waits no more, or for somebody else."""
    name, key = at.request.path_params["kind"], number(at.request.path_params["key"])
    kind = next((one for one in Kind if one.name.lower() == name), None)
    found = await at.desk.queue.one(at.who, kind, key) if kind else None
    if found is None:
        raise OutdatedButton
    return found


async def _case(at: Sitting, item: Item) -> Case:
    about = item.key if item.kind is Kind.REPORT else getattr(item.what, "meeting", None)
    meeting = await at.desk.queue.meeting(about) if about is not None else None
    alone_from = at.desk.queue.alone_from(at.who, item.what) if item.kind is Kind.PROPOSAL else None
    return Case(item, meeting, at.desk.feeds.card(item.feed), alone_from)


async def _one(at: Sitting) -> Response:
    """An item, or what is asked before it is answered."""
    try:
        item = await _item(at)
    except OutdatedButton:
        return at.said(at.label("admin.queue.done.gone"), 404)
    step = at.asked("step")
    if step == "ask_reject" and item.kind in REASONS:
        return screens.show(at, admin_item_steps.ask_reject(at.frame, item), reason=f"queue/{_path(item)}")
    if step == "ask_put_off":
        return screens.show(at, admin_item_steps.ask_put_off(at.frame, item))
    if step == "ask_end" and item.kind is Kind.REPORT:
        return screens.show(at, admin_item_steps.ask_end(at.frame, item))
    if step == "see" and item.kind in (Kind.VANISHED, Kind.OLD):
        return await _together(at, item)
    case = await _case(at, item)
    if step == "send_on" and case.card is not None:
        names = [one.name for one in await at.desk.queue.meetings_of(at.who, item)] if _is_group(item) else []
        return screens.show(at, admin_letter.send_on(at.frame, case, names))
    return screens.show(at, admin_item.one(at.frame, at.who, case))


async def _together(at: Sitting, item: Item) -> Response:
    """The meetings that an item holds together."""
    every = await at.desk.queue.meetings_of(at.who, item)
    rows = [(one.id, one.name, admin_queue.day_said(at.frame, one.at)) for one in every]
    return at.show("queue_together", rows=rows[:500], title=admin_queue.title(at.frame, item), count=len(every))


def _is_group(item: Item) -> bool:
    return item.kind in (Kind.VANISHED, Kind.OLD)


def _path(item: Item) -> str:
    return f"{item.kind.name.lower()}/{item.key}"


async def _do(at: Sitting) -> Response:
    try:
        item = await _item(at)
        deed = _DEEDS.get((at.form.get("step"), item.kind))
        if deed is None:
            raise OutdatedButton
        return await deed(at, at.who, item)
    except (OutdatedButton, MeetingGone, MeetingChanged):  # somebody else was quicker
        return at.go("", "gone")


def _came_of_it(at: Sitting, item: Item, done: Done, word: str) -> Response:
    if done.faults:
        reasons = [at.label(f"admin.bad.{one.reason}") for one in done.faults]
        return screens.show(at, admin_item_steps.not_done(at.frame, item, reasons), 409)
    return at.go("", "proposed" if done.proposed else word, undo=done.changes)


async def _put_right(at: Sitting, who: Admin, item: Item) -> Response:
    await at.desk.reports.answer(who, item.key, True)
    return at.go("", "put_right")


async def _confirm(at: Sitting, who: Admin, item: Item) -> Response:
    return _came_of_it(at, item, await at.desk.meetings.decide(who, item.key, True), "confirmed")


async def _used(at: Sitting, who: Admin, item: Item) -> Response:
    change = await at.desk.queue.answer_suggestion(who, item.key, State.USED)
    return at.go(f"commit/{item.key}", "used", undo=[change])


async def _seen(at: Sitting, who: Admin, item: Item) -> Response:
    _, change = await at.desk.queue.put_off(who, item, max(PUT_OFF_DAYS))
    return at.go("", "seen", undo=[change])


async def _reject(at: Sitting, who: Admin, item: Item) -> Response:
    reason = short(at.form.get("reason"))
    reason = reason or admin_item_steps.reason_said(at.frame, item.kind, number(at.form.get("choice")))
    if not reason:
        return at.go(f"queue/{_path(item)}?step=ask_reject", "no_reason")
    if item.kind is Kind.REPORT:
        await at.desk.reports.answer(who, item.key, False, reason)
        return at.go("", "rejected")
    if item.kind is Kind.PROPOSAL:
        return _came_of_it(at, item, await at.desk.meetings.decide(who, item.key, False, reason), "rejected")
    change = await at.desk.queue.answer_suggestion(who, item.key, State.DECLINED, reason)
    return at.go("", "rejected", undo=[change])


async def _put_off(at: Sitting, who: Admin, item: Item) -> Response:
    days = number(at.form.get("choice"))
    if days not in PUT_OFF_DAYS:
        raise OutdatedButton
    _, change = await at.desk.queue.put_off(who, item, days)
    return at.go("", "put_off", undo=[change])


async def _take_down(at: Sitting, who: Admin, item: Item) -> Response:
    why = admin_queue.reports_said(at.frame, item.what)
    done = await at.desk.queue.take_down(who, item.key, number(at.form.get("choice")), why)
    closes = not done.faults and set(item.what.counts) <= {ReportKind.LINK}
    if closes:
        await at.desk.reports.answer(who, item.key, True)
    return _came_of_it(at, item, done, "taken_down" if closes else "taken_down_open")


async def _end(at: Sitting, who: Admin, item: Item) -> Response:
    done = await at.desk.meetings.end(who, [item.key], why=admin_queue.reports_said(at.frame, item.what))
    if not done.faults:
        await at.desk.reports.answer(who, item.key, True)
    return _came_of_it(at, item, done, "ended")


async def _keep(at: Sitting, who: Admin, item: Item) -> Response:
    edit = item.what
    values = {edit.field: edit.value}
    done = await at.desk.meetings.change(who, [edit.meeting], values, why=edit.why, until=edit.until)
    return _came_of_it(at, item, done, "kept")


async def _give_up(at: Sitting, who: Admin, item: Item) -> Response:
    done = await at.desk.meetings.give_up(who, [item.what.meeting], [item.what.field])
    return _came_of_it(at, item, done, "list_counts")


_DEEDS: dict[tuple[str, Kind], Callable[[Sitting, Admin, Item], Awaitable[Response]]] = {
    ("accept", Kind.REPORT): _put_right,
    ("accept", Kind.PROPOSAL): _confirm,
    ("accept", Kind.SUGGESTION): _used,
    ("accept", Kind.VANISHED): _seen,
    **{("reject", kind): _reject for kind in (Kind.REPORT, Kind.PROPOSAL, Kind.SUGGESTION)},
    **{("put_off", kind): _put_off for kind in Kind},
    ("take_down", Kind.REPORT): _take_down,
    ("end", Kind.REPORT): _end,
    ("keep", Kind.CONFLICT): _keep,
    ("give_up", Kind.CONFLICT): _give_up,
}
