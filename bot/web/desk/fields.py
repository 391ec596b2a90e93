"""The fields of a meeting as a form of the web: what each is shown as, and what comes back of it.

A field goes to the browser as a text, and its text of then comes back beside what was typed: so it is known what
somebody changed, also where somebody else changed the meeting meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain import fields
from bot.domain.fields import FIELDS, BadField, Kind
from bot.domain.meeting import TAGS, Meeting, Status
from bot.views.admin_fields import called, said, tag_called
from bot.views.formatting import weekday_name
from bot.views.frame import Frame
from bot.web.desk.body import Form

GROUPS: Mapping[str, tuple[str, ...]] = {
    "what": ("name", "fellowship", "group", "status", "check_date"),
    "when": ("weekday", "start", "duration", "zone"),
    "room": (
        "in_person",
        "venue",
        "address",
        "city",
        "region",
        "postal_code",
        "country",
        "directions",
        "latitude",
        "longitude",
        "approximate",
    ),
    "call": ("online", "join_url", "join_id", "passcode", "join_notes", "dial_in", "dial_in_notes"),
    "who": ("tags", "languages"),
    "more": ("notes", "url", "contact"),
}
WAS = "was-"


@dataclass(frozen=True, slots=True)
class Typed:
    """What came back: the texts that were changed, their values, and what could not be read."""

    cells: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    faults: tuple[BadField, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. `sort`: text, lines, time, choice or ticks."""

    name: str
    label: str
    sort: str
    value: str
    was: str
    longest: int
    choices: tuple[tuple[str, str, bool], ...] = ()  # value, words, chosen
    fault: str = ""
    note: str = ""  # that it was corrected here, and what the list says


def groups(
    frame: Frame, cells: Mapping[str, str], was: Mapping[str, str], typed: Typed, notes: Mapping[str, str]
) -> list[tuple[str, list[Input]]]:
    """The whole form, in groups. `cells`: texts as they are to stand there; `was`: as they were."""
    bad = {one.field: frame.texts.label(f"admin.bad.{one.reason}") for one in reversed(typed.faults)}
    found = []
    for group, names in GROUPS.items():
        some = [_input(frame, one, cells[one], was[one], bad.get(one, ""), notes.get(one, "")) for one in names]
        found.append((frame.texts.label(f"desk.group.{group}"), some))
    return found


def one(frame: Frame, name: str, value: str, was: str, typed: Typed) -> Input:
    """One field alone, with the text that is to stand in it."""
    bad = next((frame.texts.label(f"admin.bad.{fault.reason}") for fault in typed.faults), "")
    return _input(frame, name, value, was, bad, "")


def cells_of(meeting: Meeting | None) -> dict[str, str]:
    """Every field as text; of a new one nothing, but what nearly every meeting is."""
    if meeting is None:
        usual = {"status": Status.ACTIVE.value, "check_date": "no", "approximate": "no", "online": "no"}
        return {name: "" for name in FIELDS} | usual | {"in_person": "yes"}
    return {name: fields.cell(name, getattr(meeting, name)) for name in FIELDS}


def faults_said(frame: Frame, typed: Typed) -> list[tuple[str, str, str]]:
    """Field, what it is called, and what is wrong with it."""
    return [
        (one.field, called(frame, one.field), frame.texts.label(f"admin.bad.{one.reason}")) for one in typed.faults
    ]


def read(frame: Frame, form: Form) -> Typed:
    """What somebody changed in a form."""
    cells = {}
    for name in FIELDS:
        text = ", ".join(filter(None, form.all(name))) if FIELDS[name].kind is Kind.TAGS else form.get(name)
        if name in form.fields and text.split() != form.get(f"{WAS}{name}").split():
            cells[name] = text
    return values(frame, cells)


def values(frame: Frame, cells: Mapping[str, str]) -> Typed:
    """The values of texts, as somebody typed them in their language."""
    found, faults = {}, []
    for name, text in cells.items():
        try:
            found[name] = fields.read(name, _in_code(frame, name, text))
        except BadField as fault:
            faults.append(fault)
    return Typed(dict(cells), found, tuple(faults))


def _in_code(frame: Frame, name: str, text: str) -> str:
    kind, word = FIELDS[name].kind, text.strip().casefold()
    if kind is Kind.DAY:
        days = {weekday_name(frame.texts, day).casefold(): str(day) for day in range(1, 8)}
        return days.get(word, text)
    if kind is Kind.YES_NO:
        both = {frame.texts.label(f"admin.value.{one}").casefold(): one for one in ("yes", "no")}
        return both.get(word, text)
    if kind is Kind.FELLOWSHIP:
        every = frame.fellowships.values()
        return next((one.id for one in every if word in (one.name.casefold(), one.short.casefold())), text)
    return text


def _input(frame: Frame, name: str, value: str, was: str, fault: str, note: str) -> Input:
    about, choices = FIELDS[name], tuple(_choices(frame, name, value))
    sort = "lines" if about.lines else "time" if about.kind is Kind.TIME else "text"
    if about.kind is Kind.TAGS:
        sort = "ticks"
    elif choices:
        sort = "choice"
    if sort == "time" and fault:
        sort = "text"  # so that what could not be read stands there
    return Input(name, called(frame, name), sort, value, was, about.longest, choices, fault, note)


def _choices(frame: Frame, name: str, value: str) -> list[tuple[str, str, bool]]:
    kind = FIELDS[name].kind
    if kind is Kind.YES_NO:
        return [(one, frame.texts.label(f"admin.value.{one}"), one == value) for one in ("yes", "no")]
    if kind is Kind.DAY:
        days = [(fields.cell(name, day), weekday_name(frame.texts, day)) for day in range(1, 8)]
        return [(one, words, one == value) for one, words in [("", frame.texts.label("admin.nothing")), *days]]
    if kind is Kind.STATUS:
        return [(one.value, said(frame, name, one.value), one.value == value) for one in Status]
    if kind is Kind.FELLOWSHIP:
        known = sorted((one.name, one.id) for one in frame.fellowships.values())
        every = known if any(one == value for _, one in known) else [(frame.kind(value).name, value), *known]
        return [(one, words, one == value) for words, one in every]
    if kind is Kind.TAGS:
        chosen = {one.strip() for one in value.split(",")}
        return [(tag, tag_called(frame, tag), tag in chosen) for tag in TAGS]
    return []
