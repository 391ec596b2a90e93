"""All that is counted, as one table, and how Prometheus reads it.

No label ever says anything about a person: every value is one of a few words that stand in our own code. None is
called `job` or `instance`: Prometheus gives these names to whom it asks.
"""

import math
from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "updates": ("Updates taken in", ("kind", "outcome")),
    "polls": ("Questions for updates", ("outcome",)),
    "sends": ("Requests to Telegram", ("method", "outcome")),
    "handler_failures": ("Deeds that ended in an apology", ("route",)),
    "urgent_texts": ("Texts that sounded like an emergency", ("tier",)),
    "jobs": ("Runs of a job", ("task", "outcome")),
    "reminders": ("Messages that the bot starts", ("kind", "outcome")),
    "database_errors": ("Statements and connections that the database refused or lost", ()),
}
SECONDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "update_seconds": ("From the start of an update's work to its end", ("kind",)),
    "send_seconds": ("A request to Telegram, waits included", ("method",)),
    "answer_seconds": ("Work and words of one deed, without sending", ("route",)),
    "job_seconds": ("One run of a job", ("task",)),
    "wait_seconds": ("Waits before a request may go: for Telegram's limit, or for our own pace", ("reason",)),
}
LEVELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "build_info": ("1, with the version that runs", ("version",)),
    "updates_in_hand": ("Updates that wait or are worked on", ()),
    "heard_age_seconds": ("Since the last good poll, or the last update that was brought", ("mode",)),
    "tick_age_seconds": ("Since the clock last ticked or looked for due reminders, whichever is longer", ()),
    "database_up": ("Whether the database answered at the last look", ()),
    "outbox_waiting": ("Messages of the bot that could have left already", ()),
    "outbox_oldest_seconds": ("How long the oldest of them waits", ()),
    "outbox_overdue": ("Those that wait for more than a minute", ()),
    "feeds": ("Lists that are on, late, failing, or held for a decision", ("state",)),
    "feed_oldest_seconds": ("Since the last good reading of the list that was read longest ago", ()),
    "backup_age_seconds": ("Since the newest backup in this machine's folder; +Inf: none", ()),
    "disk_free_bytes": ("Free on the disk under the data folder", ()),
    "disk_free_ratio": ("The same as a share, 0 to 1", ()),
    "urgent_numbers_oldest_days": (
        "Since somebody checked the urgent numbers, in the country where that is longest",
        (),
    ),
    "webhook_ours": ("Whether Telegram brings updates to the address of the settings", ()),
    "webhook_pending": ("Updates that wait at Telegram to be brought", ()),
}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class PrometheusMetrics:
    """Counts in a registry of its own. A name or label that is not in the tables raises: it is a slip in our code."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # each count would be told twice, once as a time
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counts = {
            name: Counter(f"openchair_{name}", help_line, labels, registry=self.registry)
            for name, (help_line, labels) in COUNTS.items()
        }
        self._seconds = {
            name: Histogram(f"openchair_{name}", help_line, labels, registry=self.registry, buckets=_BUCKETS)
            for name, (help_line, labels) in SECONDS.items()
        }
        self._levels: dict[str, Gauge] = {}  # what was never measured shows no value

    def count(self, name: str, **labels: str) -> None:
        """One more of `name`. Raises KeyError or ValueError."""
        counter = self._counts[name]
        (counter.labels(**labels) if COUNTS[name][1] or labels else counter).inc()

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """`name` took this long. Raises KeyError or ValueError."""
        self._seconds[name].labels(**labels).observe(seconds)

    def put(self, name: str, value: float, **labels: str) -> None:
        """`name` stands at this value now. Raises KeyError or ValueError."""
        self._level(name, labels).set(value)

    def follow(self, name: str, ask: Callable[[], float | None], **labels: str) -> None:
        """`name` is whatever `ask` says when somebody looks; None: not a number. Raises KeyError or ValueError."""

        def told() -> float:
            value = ask()
            return math.nan if value is None else value

        self._level(name, labels).set_function(told)

    def _level(self, name: str, labels: dict[str, str]) -> Gauge:
        help_line, names = LEVELS[name]
        if name not in self._levels:
            self._levels[name] = Gauge(f"openchair_{name}", help_line, names, registry=self.registry)
        level = self._levels[name]
        return level.labels(**labels) if names or labels else level

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


def metrics_route(metrics: PrometheusMetrics) -> Route:
    """GET /metrics."""

    async def show(_request: Request) -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Route("/metrics", show, methods=["GET"])
