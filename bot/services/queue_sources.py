"""Where the things that wait come from: each kind is read from where it lies, as items that somebody may see."""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, time
from functools import partial

from bot.domain.admin import EVERYTHING, Admin, Scope, key_of, may, place_scope, scope_as_json
from bot.domain.edits import Edit, Proposal
from bot.domain.exceptions import Days
from bot.domain.meeting import Meeting, id_text
from bot.domain.queue import DEEDS, OLD, Gone, Item, Kind, Light, Old, key_for
from bot.domain.report_kinds import Item as Reported
from bot.domain.suggestion import Kind as Subjects
from bot.domain.suggestion import State, Subject, Suggestion
from bot.services.feed_desk import FeedDesk
from bot.services.reports import local_day, takes_place
from bot.services.takeover import VANISHED_KEPT
from bot.store import aged, held, suggestions
from bot.store.aged import Group
from bot.store.database import Connection

Source = Callable[[Connection, Admin, FeedDesk, datetime], Awaitable[list[Item]]]


def scope_of(meeting: Meeting | Light | Group) -> Scope:
    """Whose business a meeting, or a group of such, is."""
    return place_scope(
        fellowship=meeting.fellowship, country=meeting.country, region=meeting.region, feed=meeting.feed
    )


def about_subject(subject: Subject) -> Scope:
    """A card is its fellowship's; an article or an urgent number is for those who look after everything."""
    return Scope(frozenset({subject.id})) if subject.kind is Subjects.FELLOWSHIP else EVERYTHING


async def suggested(connection: Connection, who: Admin, _feeds: FeedDesk, _now: datetime) -> list[Item]:
    """Revisions that were suggested."""
    found = await suggestions.every(connection, State.WAITING)
    return [_suggestion(one) for one in found if may(who, DEEDS[Kind.SUGGESTION], about_subject(one.subject))]


def _suggestion(one: Suggestion) -> Item:
    return Item(
        Kind.SUGGESTION,
        one.id,
        f"suggestion {one.id}",
        one.subject.id,
        _midnight(one.received_on),
        one,
        about_subject(one.subject),
    )


async def held_back(connection: Connection, who: Admin, feeds: FeedDesk, _now: datetime) -> list[Item]:
    """Lists of which an answer or links wait."""
    found = []
    for feed, since in (await held.since(connection)).items():
        about = feeds.about(feed)
        if feeds.card(feed) and may(who, DEEDS[Kind.HELD], about):
            mark = f"held {feed} {since.isoformat(timespec='seconds')}"
            key = key_for(Kind.HELD, feed)
            found.append(Item(Kind.HELD, key, mark, feeds.publisher(feed), since, feed, about, feed))
    return found


async def vanished(connection: Connection, who: Admin, feeds: FeedDesk, now: datetime) -> list[Item]:
    """Meetings that their lists dropped, together by list. More of them are another item than before."""
    groups = _by_feed(await aged.gone(connection, now - VANISHED_KEPT), who, Kind.VANISHED)
    items = []
    for feed, some in groups.items():
        since = max(one.at for one in some)
        mark = f"vanished {feed}{_part(who, feeds, feed)} {since.isoformat(timespec='seconds')}"
        gone = Gone(sum(one.count for one in some))
        key = key_for(Kind.VANISHED, feed)
        items.append(Item(Kind.VANISHED, key, mark, feeds.publisher(feed), since, gone, _joint(some), feed))
    return items


async def old(connection: Connection, who: Admin, feeds: FeedDesk, now: datetime) -> list[Item]:
    """Rows that nobody touched for long, together by list; and lists that are late."""
    groups = _by_feed(await aged.old(connection, now - OLD), who, Kind.OLD)
    late = {
        feed: at
        for feed, at in (await feeds.late(connection)).items()
        if may(who, DEEDS[Kind.OLD], feeds.about(feed))
    }
    items = []
    for feed in sorted({*groups, *late}):
        some = groups.get(feed, [])
        since = late.get(feed) or min(one.at for one in some)
        what = Old(sum(one.count for one in some), late.get(feed))
        about = feeds.about(feed) if feed in late else _joint(some)
        mark = f"old {feed}{_part(who, feeds, feed)}{' late' if feed in late else ''}"
        key = key_for(Kind.OLD, feed)
        items.append(Item(Kind.OLD, key, mark, feeds.publisher(feed), since, what, about, feed))
    return items


def reported(
    found: Iterable[Reported],
    meetings: Mapping[int, Meeting],
    days: Mapping[int, Days],
    feeds: FeedDesk,
    now: datetime,
) -> list[Item]:
    """Reports by meeting; one more report is another item than before. `days`: see domain.exceptions."""
    told = ((one, meetings.get(one.meeting), days.get(one.meeting, ())) for one in found)
    return [_report(one, meeting, some, feeds.publisher(one.feed), now) for one, meeting, some in told]


def _report(one: Reported, meeting: Meeting | None, days: Days, source: str, now: datetime) -> Item:
    return Item(
        Kind.REPORT,
        one.meeting,
        f"report {id_text(one.meeting)} {one.count} {one.last.isoformat()}",
        one.name,
        _midnight(one.first),
        one,
        one.about,
        one.feed,
        source,
        meeting is not None and takes_place(meeting, local_day(meeting, now), days),
    )


def proposed(found: Iterable[Proposal]) -> list[Item]:
    """Changes that wait for a second person."""
    return [Item(Kind.PROPOSAL, one.id, f"proposal {one.id}", one.title, one.at, one, one.about) for one in found]


def contested(found: Iterable[Edit], meetings: Mapping[int, Meeting], who: Admin, feeds: FeedDesk) -> list[Item]:
    """Edits whose list says something new since, for those who may choose."""
    there = [(one, meetings[one.meeting]) for one in found if one.meeting in meetings and not one.derived]
    mine = [one for one in there if may(who, DEEDS[Kind.CONFLICT], scope_of(one[1]))]
    return [_conflict(edit, meeting, feeds.publisher(edit.feed)) for edit, meeting in mine]


def _conflict(edit: Edit, meeting: Meeting, source: str) -> Item:
    name = f"{id_text(edit.meeting)} {edit.field}"
    key = key_for(Kind.CONFLICT, name)
    mark, about = f"conflict {name} {edit.listed!r}", scope_of(meeting)
    return Item(Kind.CONFLICT, key, mark, meeting.name, edit.at, edit, about, edit.feed, source)


def _by_feed(groups: Iterable[Group], who: Admin, kind: Kind) -> dict[str, list[Group]]:
    found: defaultdict[str, list[Group]] = defaultdict(list)
    for one in groups:
        if may(who, DEEDS[kind], scope_of(one)):
            found[one.feed].append(one)
    return dict(found)


def _joint(groups: Iterable[Group]) -> Scope:
    """A scope that covers all of them."""
    scopes = [scope_of(one) for one in groups]
    joint = scopes[0]
    for one in scopes[1:]:
        joint = joint.together(one)
    return joint


def _part(who: Admin, feeds: FeedDesk, feed: str) -> str:
    """Whoever looks after a part of a list puts off that part: it waits for the others still."""
    if who.scope.covers(feeds.about(feed)):
        return ""
    return f" {key_of(json.dumps(scope_as_json(who.scope))):x}"


_midnight = partial(datetime.combine, time=time(), tzinfo=UTC)
