"""A list of meetings in words: how its readings go, what was refused, what its card says, and what is held of it."""

from collections.abc import Iterable

from bot.domain.feed import FeedCard
from bot.domain.feed_state import Health, HeldChange, Waiting
from bot.views.admin import moment
from bot.views.admin_fields import called, shown
from bot.views.formatting import country_name, cut, listed
from bot.web.desk.said import ago
from bot.web.desk.sitting import Sitting

NAME_LENGTH = 80
VALUE_LENGTH = 120
_KINDS = ("vanished", "changed", "added", "returned")


def health_said(at: Sitting, health: Health | None) -> list[str]:
    """Sentences: the failures in a row, the last try, the next one. None for a list that is off."""
    if health is None or not health.on:
        return []
    said = []
    if health.failures:
        said.append(at.label("desk.lists.failures", health.failures))
    if health.attempted_at:
        said.append(at.label("desk.lists.tried", ago=ago(at, health.attempted_at)))
    if health.due_at:
        late = health.due_at <= at.frame.now
        said.append(
            at.label("desk.lists.due") if late else at.label("desk.lists.next", at=moment(at.frame, health.due_at))
        )
    return said


def refused_said(at: Sitting, health: Health | None) -> dict[str, object]:
    """How many rows the last reading had, and why some of them became no meeting; the most frequent reason first."""
    if health is None or not health.rows:
        return {}
    reasons = sorted(health.complaints.items(), key=lambda one: (-one[1], one[0]))
    return {
        "rows": at.label("desk.lists.rows", health.rows),
        "refused": at.label("desk.lists.refused", health.refused),
        "mended": at.label("desk.lists.mended", sum(health.notes.values())) if health.notes else "",
        "reasons": [(count, _why(at, reason)) for reason, count in reasons],
    }


def _why(at: Sitting, reason: str) -> str:
    key = f"desk.lists.why.{reason}"
    return at.label(key) if key in at.frame.texts.labels else reason


def card_said(at: Sitting, card: FeedCard) -> list[tuple[str, str]]:
    """What its card says, by name; what it does not say is left out."""
    countries = listed(at.frame.texts, [country_name(at.frame.texts, one) for one in card.countries])
    told = (
        ("kind", at.frame.kind(card.fellowship).name),
        ("countries", countries),
        ("areas", listed(at.frame.texts, list(card.areas))),
        ("every", at.label("desk.lists.hours", card.every)),
        ("expect", at.label("desk.lists.expected", least=card.least, most=card.most)),
        ("zone", card.zone or ""),
        ("url", card.url),
        ("contact", card.contact),
        ("feedback", card.feedback),
        ("terms", card.terms),
        ("file", f"content/feeds/{card.id}.yml"),
    )
    return [(at.label(f"desk.lists.card.{name}"), value) for name, value in told if value]


def examples_said(at: Sitting, waiting: Waiting) -> list[dict[str, object]]:
    """The first changes of a held reading by kind: what would go, what would change and how, what would come."""
    groups: list[dict[str, object]] = []
    for kind in _KINDS:
        some = [one for one in waiting.examples if one.kind == kind]
        if some:
            groups.append({"title": at.label(f"desk.lists.held_kind.{kind}"), "rows": list(_rows(at, some))})
    return groups


def _rows(at: Sitting, some: Iterable[HeldChange]) -> Iterable[dict[str, object]]:
    for one in some:
        fields = [
            (called(at.frame, name), _value(at, name, before), _value(at, name, after))
            for name, before, after in one.fields
        ]
        yield {"name": cut(one.name, NAME_LENGTH) or at.label("admin.nothing"), "fields": fields}


def _value(at: Sitting, name: str, value: object) -> str:
    return shown(at.frame, name, value, longest=VALUE_LENGTH)
