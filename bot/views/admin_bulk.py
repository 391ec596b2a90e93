"""Many meetings at once: take them along as a sheet, send it back, see what it would change, say yes."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from bot.domain.admin import key_of
from bot.domain.bulk import MEDIA_TYPES, Added, Applied, Changed, Difference, Part, Refused, guarded
from bot.domain.buttons import Action, Press
from bot.domain.fields import FIELDS, BadField
from bot.domain.meeting import id_text
from bot.views.admin import home_row, stacked
from bot.views.admin_feeds import turns
from bot.views.admin_fields import called, shown
from bot.views.formatting import cut, weekday_name
from bot.views.frame import Frame
from bot.views.moments import hour_of
from bot.views.screen import Ask, Button, Document, Screen, pairs

SHOWN = 4  # of each kind on the screen; the file has all
NAME, VALUE = 60, 40  # characters
CHOICES = 6  # lists or kinds on a page
SURE = 2  # the search's page, once somebody was asked
UTF8_MARK = b"\xef\xbb\xbf"  # without it Excel takes the letters for others


class Export(IntEnum):
    """What a button of the export does. Numbers stand in buttons: never change or reuse one."""

    CSV = 0  # of the list in `meeting`, the kind of the search, or everything
    JSON = 1
    BY_LIST = 2
    BY_KIND = 3
    XLSX = 4  # as CSV


FILES = {Export.CSV: "csv", Export.JSON: "json", Export.XLSX: "xlsx"}
"""The kind of the file that each of them gives."""


def home(frame: Frame, *, left: bool = False) -> Screen:
    """What can be done with many meetings. `left`: a file was just left alone."""
    text = frame.texts.render("admin/bulk_home", left=left)
    rows = (
        (_export(frame, "admin.bulk.xlsx", Export.XLSX),),
        (_export(frame, "admin.bulk.csv", Export.CSV), _export(frame, "admin.bulk.json", Export.JSON)),
        (_export(frame, "admin.bulk.by_list", Export.BY_LIST), _export(frame, "admin.bulk.by_kind", Export.BY_KIND)),
        (frame.button("admin.bulk.link", Action.ADMIN_BULK_LINK, frame.blank()),),
        home_row(frame),
    )
    return Screen(text, rows)


def _export(frame: Frame, label: str, what: Export) -> Button:
    return frame.button(label, Action.ADMIN_BULK_EXPORT, frame.blank(), number=what)


def lists(frame: Frame, feeds: Sequence[tuple[str, str]]) -> Screen:
    """Which list to take along; `feeds` are ids with their publishers."""
    page, pages, some = _page(frame, feeds)
    buttons = [
        Button(
            cut(publisher or feed, 32),
            data=frame.data(Action.ADMIN_BULK_EXPORT, frame.blank(), key_of(feed), Export.XLSX),
        )
        for feed, publisher in some
    ]
    return _choice(frame, buttons, Export.BY_LIST, page, pages)


def kinds(frame: Frame, fellowships: Sequence[str]) -> Screen:
    """Which kind of group to take along."""
    page, pages, some = _page(frame, fellowships)
    buttons = [
        Button(
            frame.kind(one).short,
            data=frame.data(Action.ADMIN_BULK_EXPORT, replace(frame.blank(), fellowships=(one,)), None, Export.XLSX),
        )
        for one in some
    ]
    return _choice(frame, buttons, Export.BY_KIND, page, pages)


def _page(frame: Frame, every: Sequence[Any]) -> tuple[int, int, Sequence[Any]]:
    pages = max(1, -(-len(every) // CHOICES))
    page = min(frame.search.page, pages)
    return page, pages, every[(page - 1) * CHOICES : page * CHOICES]


def _choice(frame: Frame, buttons: list[Button], what: Export, page: int, pages: int) -> Screen:
    text = frame.texts.render("admin/bulk_which", by_list=what is Export.BY_LIST, some=bool(buttons))
    ways = turns(frame, Action.ADMIN_BULK_EXPORT, page, more=page < pages, number=what)
    return Screen(text, stacked(*pairs(buttons), ways, (back(frame),), home_row(frame)), edits=page > 1)


def back(frame: Frame) -> Button:
    """The way to the first screen of all this."""
    return frame.button("admin.bulk.home", Action.ADMIN_BULK, frame.blank())


def exported(frame: Frame, kind: str, data: bytes) -> Screen:
    """The file."""
    name = frame.texts.label("admin.bulk.file_name")
    document = Document(f"{name}.{kind}", data, MEDIA_TYPES[kind])
    return Screen(frame.texts.render("admin/bulk_exported"), ((back(frame),), home_row(frame)), document=document)


def too_large(frame: Frame, megabytes: int) -> Screen:
    """Telegram takes no such file: in parts, or by the command line."""
    text = frame.texts.render("admin/bulk_too_large", megabytes=megabytes)
    row = _export(frame, "admin.bulk.by_list", Export.BY_LIST), _export(frame, "admin.bulk.by_kind", Export.BY_KIND)
    return Screen(text, (row, home_row(frame)))


def ask_link(frame: Frame) -> Screen:
    """Asks where the sheet lies."""
    link = frame.start_link(Press(Action.ADMIN_BULK_LINK, frame.blank()))
    return Screen(
        frame.texts.render("admin/bulk_link", link=link), ask=Ask(frame.texts.label("admin.bulk.link_placeholder"))
    )


def working(frame: Frame, *, already: bool) -> Screen:
    """It takes a while; what comes of it is a message of its own."""
    return Screen(frame.texts.render("admin/bulk_working", already=already), (home_row(frame),))


def unreadable(frame: Frame, reason: str, about: str) -> Screen:
    """A file that is no sheet of meetings, and what it could be instead."""
    why = frame.texts.label(f"admin.bulk.bad.{reason}", about=about)
    return Screen(frame.texts.render("admin/bulk_unreadable", why=why), ((back(frame),), home_row(frame)))


def difference(frame: Frame, found: Difference, *, since: bool = False) -> Screen:
    """What the file would change, and the buttons that say yes. `since`: it is not what was looked at before."""
    parts: dict[str, Sequence[object]] = {
        "changed": [_changed_line(frame, one) for one in found.changed[:SHOWN]],
        "outdated": [_changed_line(frame, one) for one in found.outdated[:SHOWN]],
        "added": [added_line(frame, one) for one in found.added[:SHOWN]],
        "gone": [when(frame, one.name, one.weekday, one.start) for one in found.gone[:SHOWN]],
        "refused": [refused_line(frame, one) for one in found.refused[:SHOWN]],
    }
    counts = {name: len(getattr(found, name)) for name in parts}
    more = {name: counts[name] - len(some) for name, some in parts.items()}
    text = frame.texts.render(
        "admin/bulk_difference",
        counts=counts,
        more=more,
        parts=parts,
        rows=found.rows,
        unchanged=found.unchanged,
        ignored=[cut(name, NAME) for name in found.ignored[:SHOWN]],
        unsure=found.unsure,
        sheet=cut(found.sheet, NAME),
        hidden=found.hidden,
        two=len(found.second),
        most_gone=counts["gone"] > found.rows,
        since=since,
        anything=bool(found),
    )
    document = as_file(frame, found) if any(more.values()) else None
    return Screen(
        text, stacked(*_yes(frame, found), (_leave(frame), frame.urgent())), document=document, answers=True
    )


def _yes(frame: Frame, found: Difference) -> list[tuple[Button, ...]]:
    labels = {Part.CHANGES: "admin.bulk.apply", Part.OLDER: "admin.bulk.apply_older", Part.GONE: "admin.bulk.end"}
    return [(_part(frame, found, part, label),) for part, label in labels.items() if found.count(part)]


def _part(frame: Frame, found: Difference, part: Part, label: str, page: int = 1) -> Button:
    search = replace(frame.blank(), page=page)
    count, mark = found.count(part), found.mark(part)
    return frame.button(label, Action.ADMIN_BULK_APPLY, search, meeting=part, number=mark, count=count)


def _leave(frame: Frame) -> Button:
    return frame.button("admin.bulk.leave", Action.ADMIN_BULK, frame.blank(), number=1)


def ask_end(frame: Frame, found: Difference) -> Screen:
    """What ending them means, before it is done."""
    names = [when(frame, one.name, one.weekday, one.start) for one in found.gone[: SHOWN * 2]]
    more = len(found.gone) - len(names)
    text = frame.texts.render("admin/bulk_end", count=len(found.gone), names=names, more=more)
    sure = _part(frame, found, Part.GONE, "admin.bulk.end_now", SURE)
    return Screen(text, ((sure,), (_leave(frame), frame.urgent())), answers=True)


def done(frame: Frame, applied: Applied) -> Screen:
    """What was done, and where it can be taken back."""
    faults = [_fault(frame, one) for one in applied.faults[:SHOWN]]
    text = frame.texts.render(
        "admin/bulk_done",
        changed=applied.changed,
        added=applied.added,
        ended=applied.ended,
        proposed=applied.proposed,
        faults=faults,
    )
    history = frame.button("admin.history", Action.ADMIN_HISTORY, frame.blank())
    return Screen(text, ((history, back(frame)), home_row(frame)))


# -- lines


def _changed_line(frame: Frame, one: Changed) -> dict[str, object]:
    fields = moves(frame, one, VALUE)
    title = when(frame, one.meeting.name, one.meeting.weekday, one.meeting.start, one.meeting.country)
    return {"line": one.line, "title": title, "fields": fields[:SHOWN], "more": len(fields) - len(fields[:SHOWN])}


def moves(frame: Frame, one: Changed, most: int | None = None) -> list[tuple[str, str, str]]:
    """Each field that changes: what it is called, what it says now, and what it would say, in `most` letters."""
    country = one.meeting.country
    cuts = () if most is None else (most,)
    return [
        (
            called(frame, name),
            shown(frame, name, getattr(one.meeting, name), country, *cuts),
            shown(frame, name, value, country, *cuts),
        )
        for name, value in one.after.items()
    ]


def added_line(frame: Frame, one: Added) -> str:
    """A new one, in the same way."""
    values = one.values
    country = values.get("country", "")
    return when(frame, values.get("name", ""), values.get("weekday"), values.get("start"), country)


def when(frame: Frame, name: str, weekday: int | None, start: int | None, country: str = "") -> str:
    """A meeting by its name, day and hour."""
    day = weekday_name(frame.texts, weekday) if weekday else ""
    time = "" if start is None else hour_of(start, country)
    return ", ".join(part for part in (cut(name, NAME), " ".join(filter(None, (day, time)))) if part)


def refused_line(frame: Frame, one: Refused) -> dict[str, Any]:
    """A row that is not taken: its number, the column, what stands there, and why."""
    column = called(frame, one.column) if one.column in FIELDS else one.column
    return {"line": one.line, "column": column, "text": cut(one.text, VALUE), "why": why(frame, one.reason)}


def _fault(frame: Frame, bad: BadField) -> dict[str, str]:
    return {"column": called(frame, bad.field), "text": cut(bad.text, VALUE), "why": why(frame, bad.reason)}


def why(frame: Frame, reason: str) -> str:
    """A reason in words; one without words shows its name."""
    keys = (f"admin.bulk.why.{reason}", f"admin.bad.{reason}")
    return next((frame.texts.label(key) for key in keys if key in frame.texts.labels), reason)


# -- the whole difference as a file


def as_file(frame: Frame, found: Difference) -> Document:
    """All of it, a line for each field."""
    label = frame.texts.label
    heads = ("what", "row", "id", "name", "field", "before", "after", "reason")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([label(f"admin.bulk.column.{head}") for head in heads])
    for line in _lines(frame, found):
        writer.writerow([guarded("", str(one)) for one in line])
    return Document(f"{label('admin.bulk.difference_name')}.csv", UTF8_MARK + out.getvalue().encode(), "text/csv")


def _lines(frame: Frame, found: Difference) -> list[list[object]]:
    lines: list[list[object]] = []
    for what, some in (("changed", found.changed), ("outdated", found.outdated)):
        for one in some:
            start = [_what(frame, what), one.line, id_text(one.meeting.id), one.meeting.name]
            lines += [[*start, *move, ""] for move in moves(frame, one)]
    lines += [[_what(frame, "added"), one.line, "", added_line(frame, one), "", "", "", ""] for one in found.added]
    for gone in found.gone:
        title = when(frame, gone.name, gone.weekday, gone.start)
        lines.append([_what(frame, "gone"), "", id_text(gone.id), title, "", "", "", ""])
    for bad in found.refused:
        told = refused_line(frame, bad)
        lines.append([_what(frame, "refused"), bad.line, "", "", told["column"], "", told["text"], told["why"]])
    return lines


def _what(frame: Frame, what: str) -> str:
    return frame.texts.label(f"admin.bulk.what.{what}")
