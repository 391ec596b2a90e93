"""Feeds as people who help see them: how each is, what waits, and what can be done about it."""

from dataclasses import dataclass, replace
from enum import IntEnum

from bot.domain.admin import Admin, Deed, Scope, key_of, may
from bot.domain.buttons import Action
from bot.domain.feed_state import FeedState, SyncReport, Waiting
from bot.views.admin import home_row, moment, stacked, trouble
from bot.views.formatting import cut
from bot.views.frame import Frame
from bot.views.screen import Button, Screen, pairs

A_PAGE = 6
HOSTS_SHOWN = 5
NAME_LENGTH = 60
REASON_LENGTH = 240
SURE = 2  # the search's page, once somebody was asked


class Step(IntEnum):
    """What a button of one feed does."""

    LOOK = 0
    ON = 1
    ASK_OFF = 2
    OFF = 3
    SYNC = 4


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed on a screen."""

    state: FeedState
    publisher: str
    about: Scope


def listed(frame: Frame, feeds: list[Feed]) -> Screen:
    """All that somebody looks after, a page at a time: what waits for them first."""
    pages = max(1, -(-len(feeds) // A_PAGE))
    page = min(frame.search.page, pages)
    shown = feeds[(page - 1) * A_PAGE : page * A_PAGE]
    text = frame.texts.render("admin/feeds", feeds=[line(frame, one) for one in shown], page=page, pages=pages)
    buttons = [_to(frame, one.state.id, label=cut(one.publisher or one.state.id, 32)) for one in shown]
    rows = stacked(*pairs(buttons), turns(frame, Action.ADMIN_FEEDS, page, more=page < pages), home_row(frame))
    return Screen(text, rows, edits=page > 1 or frame.search.page > 1)


def turns(frame: Frame, action: Action, page: int, *, more: bool, number: int = 0) -> tuple[Button, ...]:
    """The ways to the page before and after."""
    ways = (("previous", page - 1, page > 1), ("next_page", page + 1, more))
    blank = frame.blank()
    return tuple(
        frame.button(label, action, replace(blank, page=to), number=number) for label, to, there in ways if there
    )


def one(frame: Frame, who: Admin, feed: Feed, *, done: str = "", meetings: int = 0) -> Screen:
    """One feed. `done`: what has just been done, of admin/feed's words; `meetings` were taken out with it."""
    state = feed.state
    text = frame.texts.render("admin/feed", **line(frame, feed), id=state.id, done=done, removed=meetings)
    rows = [tuple(_deeds(frame, who, feed))]
    if state.held and may(who, Deed.ACCEPT_HELD, feed.about):
        look = Button(
            frame.texts.label("admin.look_at_held", count=state.held),
            data=frame.data(Action.ADMIN_HELD, frame.blank(), key_of(state.id)),
        )
        rows.insert(0, (look,))
    back = frame.button("admin.all_feeds", Action.ADMIN_FEEDS, frame.blank())
    return Screen(text, stacked(*rows, (back,), home_row(frame)))


def _deeds(frame: Frame, who: Admin, feed: Feed) -> list[Button]:
    state, found = feed.state, []
    if state.state != "off" and may(who, Deed.SYNC_FEED, feed.about):
        found.append(_step(frame, state.id, "admin.sync_now", Step.SYNC))
    if may(who, Deed.MANAGE_FEEDS, feed.about):
        is_off = state.state == "off"
        label, step = ("admin.turn_on", Step.ON) if is_off else ("admin.turn_off", Step.ASK_OFF)
        found.append(_step(frame, state.id, label, step))
    return found


def ask_off(frame: Frame, feed: Feed) -> Screen:
    """What turning it off does to people, before it is done."""
    text = frame.texts.render("admin/feed_off", **line(frame, feed))
    sure = _step(frame, feed.state.id, "admin.turn_off_now", Step.OFF)
    return Screen(text, ((sure,), (_to(frame, feed.state.id),), home_row(frame)))


def reading(frame: Frame, feed: Feed, *, already: bool) -> Screen:
    """It is being read; the result comes by itself."""
    text = frame.texts.render("admin/reading", publisher=feed.publisher or feed.state.id, already=already)
    return Screen(text, ((_to(frame, feed.state.id),), home_row(frame)))


def was_read(frame: Frame, feed: str, publisher: str, report: SyncReport) -> Screen:
    """What came of it."""
    text = frame.texts.render(
        "admin/was_read",
        publisher=publisher or feed,
        outcome=report.outcome,
        added=report.added,
        changed=report.changed,
        gone=report.vanished,
        meetings=report.meetings,
        held=report.held,
        proposed=report.proposed,
        reason=cut(report.reason, REASON_LENGTH),
    )
    return Screen(text, ((_to(frame, feed),), home_row(frame)))


def failed(frame: Frame, feed: str, reason: str) -> Screen:
    """What could not be done with a feed, in the words for operators."""
    return trouble(frame, cut(reason, REASON_LENGTH), _to(frame, feed))


def held(frame: Frame, publisher: str, waiting: Waiting, *, changed: bool = False) -> Screen:
    """What waits and why, in numbers. `changed`: it is not what it was a moment ago."""
    text = frame.texts.render("admin/held", **_waiting(frame, publisher, waiting), changed_since=changed)
    rows = []
    if waiting:
        rows.append(
            (
                _decide(frame, waiting, "admin.accept", Action.ADMIN_ACCEPT),
                _decide(frame, waiting, "admin.refuse", Action.ADMIN_REFUSE),
            )
        )
    return Screen(text, (*rows, (_to(frame, waiting.feed),), home_row(frame)))


def ask_sure(frame: Frame, publisher: str, waiting: Waiting, action: Action) -> Screen:
    """Accept, or refuse: what that means, once more."""
    accepts = action is Action.ADMIN_ACCEPT
    text = frame.texts.render("admin/held_sure", **_waiting(frame, publisher, waiting), accepts=accepts)
    label = "admin.accept_now" if accepts else "admin.refuse_now"
    sure = _decide(frame, waiting, label, action, page=SURE)
    back = Button(frame.texts.label("back"), data=frame.data(Action.ADMIN_HELD, frame.blank(), key_of(waiting.feed)))
    return Screen(text, ((sure,), (back,), home_row(frame)))


def refused(frame: Frame, feed: str, publisher: str, count: int) -> Screen:
    """It was given up."""
    text = frame.texts.render("admin/refused", publisher=publisher or feed, count=count)
    return Screen(text, ((_to(frame, feed),), home_row(frame)))


def _decide(frame: Frame, waiting: Waiting, label: str, action: Action, *, page: int = 1) -> Button:
    search = replace(frame.blank(), page=page)
    return frame.button(label, action, search, meeting=key_of(waiting.feed), number=waiting.mark)


def _to(frame: Frame, feed: str, *, label: str = "") -> Button:
    text = label or frame.texts.label("admin.the_feed")
    return Button(text, data=frame.data(Action.ADMIN_FEED, frame.blank(), key_of(feed)))


def _step(frame: Frame, feed: str, label: str, step: Step) -> Button:
    return frame.button(label, Action.ADMIN_FEED, frame.blank(), meeting=key_of(feed), number=step)


def line(frame: Frame, feed: Feed) -> dict[str, object]:
    """A feed in a few words, by their names in the list."""
    state = feed.state
    return {
        "publisher": cut(feed.publisher or state.id, NAME_LENGTH),
        "state": frame.texts.label(f"admin.state.{state.state}"),
        "is_off": state.state == "off",
        "meetings": state.meetings,
        "last": moment(frame, state.last_success) if state.last_success else "",
        "held": state.held,
        "reason": cut(state.reason, REASON_LENGTH),
    }


def _waiting(frame: Frame, publisher: str, waiting: Waiting) -> dict[str, object]:
    hosts = [(cut(one.name, NAME_LENGTH), one.before, one.after) for one in waiting.hosts[:HOSTS_SHOWN]]
    return {
        "publisher": cut(publisher or waiting.feed, NAME_LENGTH),
        "answer": waiting.answer,
        "reason": cut(waiting.reason, REASON_LENGTH),
        "unreadable": cut(waiting.unreadable, REASON_LENGTH),
        "since": moment(frame, waiting.since) if waiting.since else "",
        "added": waiting.added,
        "changed": waiting.changed,
        "gone": waiting.gone,
        "hosts": hosts,
        "more_hosts": max(0, len(waiting.hosts) - HOSTS_SHOWN),
    }
