"""Opting in to a reminder, changing it, and the list of them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import IntEnum

from bot.domain.buttons import Action
from bot.domain.filters import joins_online, room_open
from bot.domain.found import Row
from bot.domain.meeting import Meeting
from bot.domain.reminder import FOREVER, HOUR_S, LEADS_S, MINUTE_S, Reminder, ToughTime, day_number
from bot.views.formatting import weekday_name, zone_name
from bot.views.frame import Frame
from bot.views.moments import Wall, before, date_of, day_of, hour_of, wall_of
from bot.views.plan import DROP
from bot.views.screen import Button, Screen, pairs
from bot.views.zones import ASK, country_of_zone, zone_number

ON_CARD = (HOUR_S, 15 * MINUTE_S)  # the two leads that one press from the card leads to
PAGE = 4  # reminders and tough times on one page of the list
PAUSE_WEEKS = (1, 2, 4)
WITHOUT_END = 255
_SHIFT = 8


class Part(IntEnum):
    """Which choices a reminder's screen shows; `BACK`: the first ones, in place."""

    MAIN = 0
    LEADS = 1
    PAUSES = 2
    BACK = 3


class Choice(IntEnum):
    """What a press changes; stands in buttons: never change a number."""

    LEAD = 1  # value: place in LEADS_S
    WEEKLY = 2
    NAMED = 3
    SILENT = 4
    CHECK_IN = 5
    PAUSE = 6  # value: weeks, WITHOUT_END: until resumed
    RESUME = 7
    UNSKIP = 8


def numbered(choice: Choice, value: int = 0) -> int:
    """A choice and its value as the number of a button."""
    return choice << _SHIFT | value


def chosen(number: int) -> tuple[int, int]:
    """The reverse of numbered; the choice may be none that is known."""
    return divmod(number, 1 << _SHIFT)


def ask(frame: Frame, row: Row, leads: tuple[int, ...]) -> Screen:
    """How long before. `leads`: seconds that still fit before the very next start; none: it is for the week after."""
    meeting = row.meeting
    offered = [lead for lead in ON_CARD if lead in leads] or list(ON_CARD)
    wall = wall_of(frame, meeting, _their_zone(frame))
    text = frame.texts.render(
        "remind/ask",
        name=meeting.name,
        time=wall.time(row.next) if row.next else "",
        fits=bool(set(ON_CARD) & set(leads)),
    )
    buttons = [
        Button(
            _upper(before(frame, lead)),
            data=frame.data(Action.REMINDER_SET, meeting=meeting.id, number=lead // MINUTE_S),
        )
        for lead in offered
    ]
    back = frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id)
    return Screen(text, (tuple(buttons), (back, frame.urgent())))


def done(frame: Frame, meeting: Meeting, reminder: Reminder, *, guess: str = "") -> Screen:
    """It is set: when it comes, what it says, what is kept and for how long. `guess`: a zone to confirm."""
    wall = wall_of(frame, meeting, reminder.zone)
    start = reminder.next_start
    text = frame.texts.render(
        "remind/done",
        day=day_of(frame, start, wall) if start else "",
        time=wall.time(start) if start else "",
        before=before(frame, reminder.lead_s),
        weekly=reminder.weekly,
        named=reminder.named,
        check_date=meeting.check_date,
        city=zone_name(frame.texts.language, wall.zone) if guess else "",
        guess=zone_name(frame.texts.language, guess) if guess else "",
    )
    rows: list[tuple[Button, ...]] = []
    if guess:
        number, city = zone_number(guess), zone_name(frame.texts.language, guess)
        yes = frame.button("yes_city", Action.ZONE, meeting=meeting.id, number=number, city=city)
        other = frame.button("another_zone", Action.ZONE, meeting=meeting.id, number=ASK)
        rows.append((yes, other))
    rows.append(
        (
            frame.button("change_it", Action.REMINDER, meeting=meeting.id),
            frame.button("stop_this", Action.REMINDER_STOP, meeting=meeting.id),
        )
    )
    rows.append((frame.button("back_to_meeting", Action.MEETING, meeting=meeting.id), frame.urgent()))
    return Screen(text, tuple(rows))


def _their_zone(frame: Frame) -> str | None:
    place = frame.search.place
    return place.zone if place and place.zone else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def reminder(frame: Frame, row: Row | None, kept: Reminder, part: int = Part.MAIN, *, edits: bool = False) -> Screen:
    """One reminder, how it stands, and everything that can be changed. `row`: None once the meeting is not listed."""
    meeting = row.meeting if row else None
    wall = wall_of(frame, meeting, kept.zone)
    text = frame.texts.render(
        "remind/one",
        name=meeting.name if meeting else "",
        kind=frame.kind(meeting.fellowship).name if meeting else "",
        before=before(frame, kept.lead_s),
        weekly=kept.weekly,
        silent=kept.silent,
        named=kept.named,
        asks=kept.asks_afterwards,
        part=Part(part).name.lower() if part in (Part.LEADS, Part.PAUSES) else "main",
        **_state(frame, kept, wall),
    )
    choices = {Part.LEADS: _leads, Part.PAUSES: _pauses}.get(Part(part), _choices)(frame, meeting, kept)
    stop = frame.button("stop_this", Action.REMINDER_STOP, frame.blank(), meeting=kept.meeting)
    mine = frame.button("my_reminders", Action.REMINDERS, frame.blank())
    return Screen(text, (*choices, (stop, mine), (frame.urgent(),)), edits=edits or part != Part.MAIN)


def _state(frame: Frame, kept: Reminder, wall: Wall) -> dict[str, object]:
    """When it is next, or why it is not."""
    paused = kept.paused_until if kept.paused_until and not kept.paused else None
    return {
        "day": day_of(frame, kept.next_start, wall, inline=True) if kept.next_start else "",
        "time": wall.time(kept.next_start) if kept.next_start else "",
        "paused": kept.paused,
        "until": date_of(frame, paused, wall.country) if paused else "",
        "left_out": date_of(frame, kept.skipped, wall.country) if kept.skipped else "",
    }


def _put(frame: Frame, kept: Reminder, label: str, choice: Choice, value: int = 0) -> Button:
    """A button that makes one change. `label`: its words."""
    return Button(label, data=frame.data(Action.REMINDER_PUT, frame.blank(), kept.meeting, numbered(choice, value)))


def _switch(frame: Frame, kept: Reminder, name: str, choice: Choice, *, on: bool) -> Button:
    label = frame.texts.label("switch_on" if on else "switch_off", name=frame.texts.label(name))
    return _put(frame, kept, label, choice, int(not on))


def _choices(frame: Frame, meeting: Meeting | None, kept: Reminder) -> tuple[tuple[Button, ...], ...]:
    blank = frame.blank()
    leads = Button(
        _upper(before(frame, kept.lead_s)),
        data=frame.data(Action.REMINDER, blank, meeting=kept.meeting, number=Part.LEADS),
    )
    buttons = [
        _switch(frame, kept, "every_week", Choice.WEEKLY, on=kept.weekly),
        leads,
        _switch(frame, kept, "with_name", Choice.NAMED, on=kept.named),
        _switch(frame, kept, "without_sound", Choice.SILENT, on=kept.silent),
        _switch(frame, kept, "ask_afterwards", Choice.CHECK_IN, on=kept.asks_afterwards),
    ]
    if kept.paused_until is not None:
        buttons.append(_put(frame, kept, frame.texts.label("resume_it"), Choice.RESUME))
    else:
        buttons.append(frame.button("pause", Action.REMINDER, blank, meeting=kept.meeting, number=Part.PAUSES))
    buttons += _exception(frame, meeting, kept)
    if meeting and joins_online(meeting.online, meeting.status) and not room_open(meeting.in_person, meeting.status):
        buttons.append(frame.button("time_zone", Action.ZONE, blank, meeting=kept.meeting, number=ASK))
    return pairs(buttons)


def _exception(frame: Frame, meeting: Meeting | None, kept: Reminder) -> list[Button]:
    """Leave the next date out, or take that back."""
    country = meeting.country if meeting else ""
    if kept.skipped is not None and kept.skipped >= frame.now.date() - timedelta(days=1):
        label = frame.texts.label("after_all", day=date_of(frame, kept.skipped, country))
        return [_put(frame, kept, label, Choice.UNSKIP)]
    if kept.next_day is None or not kept.weekly:
        return []
    number, on = day_number(kept.next_day), date_of(frame, kept.next_day, country)
    return [frame.button("not_on", Action.REMINDER_SKIP, frame.blank(), meeting=kept.meeting, number=number, day=on)]


def _leads(frame: Frame, meeting: Meeting | None, kept: Reminder) -> tuple[tuple[Button, ...], ...]:
    buttons = [_put(frame, kept, _upper(before(frame, lead)), Choice.LEAD, at) for at, lead in enumerate(LEADS_S)]
    return (*pairs(buttons), (_back(frame, kept),))


def _pauses(frame: Frame, meeting: Meeting | None, kept: Reminder) -> tuple[tuple[Button, ...], ...]:
    label = frame.texts.label
    buttons = [_put(frame, kept, label("for_weeks", weeks), Choice.PAUSE, weeks) for weeks in PAUSE_WEEKS]
    buttons.append(_put(frame, kept, label("until_resumed"), Choice.PAUSE, WITHOUT_END))
    return (*pairs(buttons), (_back(frame, kept),))


def _back(frame: Frame, kept: Reminder) -> Button:
    return frame.button("back", Action.REMINDER, frame.blank(), meeting=kept.meeting, number=Part.BACK)


def pause_until(weeks: int, today: date) -> date:
    """The day on which a pause of so many weeks ends."""
    return FOREVER if weeks == WITHOUT_END else today + timedelta(weeks=weeks)


def stopped(frame: Frame, meeting: int | None) -> Screen:
    """One reminder is gone, and all that was kept for it."""
    blank = frame.blank()
    first = [frame.button("my_reminders", Action.REMINDERS, blank)]
    if meeting is not None:
        first.insert(0, frame.button("to_meeting", Action.MEETING, blank, meeting=meeting))
    return Screen(frame.texts.render("remind/stopped"), (tuple(first), (frame.urgent(),)), edits=True)


def gone(frame: Frame, meeting: int | None) -> Screen:
    """There is no such reminder any more."""
    blank = frame.blank()
    first = [frame.button("my_reminders", Action.REMINDERS, blank)]
    if meeting is not None:
        first.insert(0, frame.button("remind_me", Action.REMIND, blank, meeting=meeting))
    return Screen(frame.texts.render("remind/gone"), (tuple(first), (frame.urgent(),)))


def all_stopped(frame: Frame, *, anything: bool, plan: bool, kept: bool) -> Screen:
    """Nothing comes by itself any more. `plan`: there is one; `kept`: or something else that was chosen."""
    blank = frame.blank()
    text = frame.texts.render("remind/all_stopped", anything=anything, plan=plan, kept=kept and not plan)
    rows: list[tuple[Button, ...]] = []
    if plan:
        rows.append((frame.button("drop_plan", Action.PLAN, blank, number=DROP),))
    if plan or kept:
        rows.append((frame.button("forget", Action.FORGET, blank),))
    rows.append((frame.button("find_a_meeting", Action.ASK_PLACE, blank), frame.urgent()))
    return Screen(text, tuple(rows), edits=True)


def paged(page: int, total: int) -> tuple[int, int]:
    """The page that there is, from 1, and how many there are."""
    pages = max(1, -(-total // PAGE))
    return min(max(page, 1), pages), pages


def listed(
    frame: Frame,
    reminders: Sequence[Reminder],
    rows: Mapping[int, Row],
    hours: Sequence[ToughTime],
    zone: str | None,
    *,
    plan: bool,
    page: int = 1,
    edits: bool = False,
) -> Screen:
    """All reminders and tough times, the soonest first, and what else can be kept.

    `rows`: the meetings of those on this page that are listed, by id. `zone`: the person's, if known.
    """
    items: list[Reminder | ToughTime] = [*reminders, *hours]
    page, pages = paged(page, len(items))
    first = (page - 1) * PAGE
    shown = [
        _hour(frame, one, zone) if isinstance(one, ToughTime) else _item(frame, one, rows.get(one.meeting))
        for one in items[first : first + PAGE]
    ]
    text = frame.texts.render(
        "remind/list", lines=[line for line, _ in shown], first=first, page=page, pages=pages, plan=plan
    )
    openers = [
        Button(f"{first + at}. {button.label}", data=button.data) for at, (_, button) in enumerate(shown, start=1)
    ]
    blank = frame.blank()
    beside = [
        frame.button("my_plan", Action.PLAN, blank),
        frame.button("add_tough_time", Action.TOUGH_TIME, blank),
        frame.button("quiet_hours", Action.QUIET, blank),
    ]
    turns = tuple(
        frame.button(label, Action.REMINDERS, frame.search.with_page(to), number=1)
        for label, to in (("previous", page - 1), ("more", page + 1))
        if 1 <= to <= pages
    )
    find = frame.button("find_a_meeting", Action.ASK_PLACE, blank)
    last = (frame.button("stop_all", Action.STOP_ALL, blank) if items else find, frame.urgent())
    return Screen(text, (*pairs(openers), *pairs(beside), *((turns,) if turns else ()), last), edits=edits)


def _item(frame: Frame, kept: Reminder, row: Row | None) -> tuple[dict[str, object], Button]:
    """The line of a reminder and the button that opens it."""
    meeting = row.meeting if row else None
    wall = wall_of(frame, meeting, kept.zone)
    line = {
        "name": meeting.name if meeting else "",
        "kind": frame.kind(meeting.fellowship).short if meeting else "",
        "before": before(frame, kept.lead_s),
        "weekly": kept.weekly,
        "hour": "",
        **_state(frame, kept, wall),
    }
    label = line["kind"] or frame.texts.label("off_the_list")
    if meeting and meeting.weekday and meeting.start is not None:
        label = f"{label}, {weekday_name(frame.texts, meeting.weekday)} {hour_of(meeting.start, wall.country)}"
    return line, Button(str(label), data=frame.data(Action.REMINDER, frame.blank(), meeting=kept.meeting))


def _hour(frame: Frame, hour: ToughTime, zone: str | None) -> tuple[dict[str, object], Button]:
    """The line of a tough time and the button that opens it."""
    country = country_of_zone(zone or "") or frame.operator.country
    words = f"{weekday_name(frame.texts, hour.weekday)} {hour_of(hour.minute, country)}"
    line: dict[str, object] = {"hour": words, "before": before(frame, hour.lead_s)}
    return line, Button(_upper(words), data=frame.data(Action.TOUGH_TIME_OPEN, frame.blank(), number=hour.number))
