"""All that is counted, as one table, and how Prometheus reads it.

No label ever says anything about a person: every value is one of a few words that stand in our own code.
"""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "updates": ("Updates taken in", ("kind", "outcome")),
    "polls": ("Questions for updates", ("outcome",)),
    "sends": ("Requests to Telegram", ("method", "outcome")),
    "handler_failures": ("Deeds that ended in an apology", ("route",)),
    "urgent_texts": ("Texts that sounded like an emergency", ("tier",)),
    "jobs": ("Runs of a job", ("job", "outcome")),
    "reminders": ("Messages that the bot starts", ("kind", "outcome")),
}
SECONDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "update_seconds": ("From the start of an update's work to its end", ("kind",)),
    "send_seconds": ("A request to Telegram, waits included", ("method",)),
    "answer_seconds": ("Work and words of one deed, without sending", ("route",)),
    "job_seconds": ("One run of a job", ("job",)),
}
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class PrometheusMetrics:
    """Counts in a registry of its own. A name or label that is not in the tables raises: it is a slip in our code."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counts = {
            name: Counter(f"openchair_{name}", help_line, labels, registry=self.registry)
            for name, (help_line, labels) in COUNTS.items()
        }
        self._seconds = {
            name: Histogram(f"openchair_{name}", help_line, labels, registry=self.registry, buckets=_BUCKETS)
            for name, (help_line, labels) in SECONDS.items()
        }

    def count(self, name: str, **labels: str) -> None:
        """One more of `name`. Raises KeyError or ValueError."""
        self._counts[name].labels(**labels).inc()

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """`name` took this long. Raises KeyError or ValueError."""
        self._seconds[name].labels(**labels).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


def metrics_route(metrics: PrometheusMetrics) -> Route:
    """GET /metrics."""

    async def show(_request: Request) -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Route("/metrics", show, methods=["GET"])
