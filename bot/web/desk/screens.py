"""The chat's screens behind /admin as pages: the same words, and each button as a link or as a form.

What only looks is a link; what changes something is a form with the token of the session. A button that has no page
here is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from bot.domain.admin import key_of
from bot.domain.buttons import Action, Press, unpack
from bot.domain.errors import OutdatedButton
from bot.domain.meeting import id_text
from bot.domain.queue import Step, told
from bot.views.admin_feeds import SURE
from bot.views.admin_feeds import Step as FeedStep
from bot.views.admin_history import Step as HistoryStep
from bot.views.screen import Button, Screen
from bot.web.desk.sitting import Sitting

_LOOKS = frozenset({Step.LOOK, Step.ASK_REJECT, Step.ASK_PUT_OFF, Step.ASK_END, Step.SEND_ON})


@dataclass(frozen=True, slots=True)
class Way:
    """What a button became. `fields`: of a form that is posted there; None: a link."""

    label: str
    path: str
    fields: Mapping[str, str] | None = None


def show(at: Sitting, screen: Screen, status: int = 200, **values: object) -> Response:
    """A screen as a page of its own."""
    return at.show("told", status, **pieces(at, screen) | values)


def pieces(at: Sitting, screen: Screen) -> dict[str, object]:
    """What a page shows of a screen: text, deeds, links and title."""
    every = ways(at, screen)
    return {
        "text": screen.text,
        "deeds": [one for one in every if one.fields is not None],
        "links": [one for one in every if one.fields is None],
        "title": plain(screen.text),
    }


def ways(at: Sitting, screen: Screen) -> list[Way]:
    """What the buttons of a screen lead to, as far as there is a page for it."""
    numbers = {kind.number: name for name, kind in at.room.frames.fellowships.items()}
    found = [_way(at, button, numbers) for row in screen.rows for button in row]
    return [one for one in found if one is not None]


def plain(text: str) -> str:
    """The first line of a screen, without its marks: for the title of the page."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    for mark in ("<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "<code>", "</code>"):
        first = first.replace(mark, "")
    for name, letter in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        first = first.replace(name, letter)
    return "" if "<" in first and ">" in first else first[:120]


def _way(at: Sitting, button: Button, numbers: dict[int, str]) -> Way | None:
    if not button.data:
        return Way(button.label, button.url) if button.url else None
    try:
        press = unpack(button.data, numbers)
    except OutdatedButton:
        return None
    lead = _LEADS.get(press.action)
    return lead(at, button.label, press) if lead else None


def _item(at: Sitting, label: str, press: Press) -> Way:
    kind, _, _ = told(press.number)
    return Way(label, f"queue/{kind.name.lower()}/{press.meeting}")


def _item_do(at: Sitting, label: str, press: Press) -> Way:
    kind, step, choice = told(press.number)
    if step is Step.TEXT:
        return Way(label, f"commit/{press.meeting}")
    path = f"queue/{kind.name.lower()}/{press.meeting}"
    if step in _LOOKS:
        return Way(label, f"{path}?step={step.name.lower()}")
    return Way(label, path, {"step": step.name.lower(), "choice": str(choice)})


def _together(at: Sitting, label: str, press: Press) -> Way:
    kind, _, _ = told(press.number)
    return Way(label, f"queue/{kind.name.lower()}/{press.meeting}?step=see&page={press.search.page}")


def _meeting(at: Sitting, label: str, press: Press) -> Way:
    return Way(label, f"meetings/{id_text(press.meeting or 0)}")


def _feed(at: Sitting, label: str, press: Press) -> Way:
    path = f"lists/{_named(at, press)}"
    if press.number == FeedStep.LOOK:
        return Way(label, path)
    if press.number == FeedStep.ASK_OFF:
        return Way(label, f"{path}?step=ask_off")
    return Way(label, path, {"step": FeedStep(press.number).name.lower()})


def _held(at: Sitting, label: str, press: Press) -> Way:
    return Way(label, f"lists/{_named(at, press)}?step=held")


def _decide(at: Sitting, label: str, press: Press) -> Way:
    path, step = f"lists/{_named(at, press)}", "accept" if press.action is Action.ADMIN_ACCEPT else "refuse"
    if press.search.page == SURE:
        return Way(label, path, {"step": step, "mark": str(press.number)})
    return Way(label, f"{path}?step={step}&mark={press.number}")


def _change(at: Sitting, label: str, press: Press) -> Way:
    path = f"history/{press.meeting}"
    if press.number == HistoryStep.LOOK:
        return Way(label, path)
    return Way(label, path, {"step": HistoryStep(press.number).name.lower()})


def _history(at: Sitting, label: str, press: Press) -> Way:
    return Way(label, f"history?page={press.search.page}")


def _bulk(at: Sitting, label: str, press: Press) -> Way:
    sure = {"sure": "1"} if press.search.page == SURE else {}
    return Way(label, "upload", {"part": str(press.meeting), "mark": str(press.number), **sure})


def _named(at: Sitting, press: Press) -> str:
    return at.desk.feeds.known(press.meeting or key_of(""))


_LEADS = {
    Action.ADMIN_ITEM: _item,
    Action.ADMIN_ITEM_DO: _item_do,
    Action.ADMIN_ITEM_MEETINGS: _together,
    Action.ADMIN_OLD: _meeting,
    Action.ADMIN_MEETING: _meeting,
    Action.ADMIN_FEED: _feed,
    Action.ADMIN_HELD: _held,
    Action.ADMIN_ACCEPT: _decide,
    Action.ADMIN_REFUSE: _decide,
    Action.ADMIN_CHANGE: _change,
    Action.ADMIN_HISTORY: _history,
    Action.ADMIN_BULK_APPLY: _bulk,
}
