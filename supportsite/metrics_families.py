"""What /metrics says, in families as Prometheus has them. Loaded when it is first asked for: few sites do."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from notifications import access, tallies
from supportsite.celery import task_failures


def written(accept: str) -> tuple[bytes, str]:
    """In the form that `accept` asks for, which is the second."""
    registry = CollectorRegistry()
    registry.register(News())
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class News(Collector):
    """Asked anew each time: what waits from the database, what was counted from the cache, for all processes together.

    A part that cannot be asked is left out, so that a line in a chart ends rather than falls to zero.
    """

    def describe(self) -> list[Metric]:
        """Nothing is asked when this is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("alongside_outbox_waiting", "What waits to be told.", labels=["what", "held_by"])
        oldest = GaugeMetricFamily("alongside_outbox_oldest_seconds", "How long it waits.", labels=["what", "held_by"])
        late = GaugeMetricFamily("alongside_outbox_late_seconds", "For how long without need.", labels=["what"])
        latest = dict.fromkeys(("events", "mails", "digests"), 0.0)
        for row in access.waiting():
            waiting.add_metric([row.what, row.reason], row.count)
            oldest.add_metric([row.what, row.reason], row.oldest.total_seconds())
            latest[row.what] = max(latest[row.what], row.late.total_seconds())
        for what, seconds in latest.items():
            late.add_metric([what], seconds)
        yield from (waiting, oldest, late, _mails(), _failures())


def _mails() -> Metric:
    mails = CounterMetricFamily("alongside_mails", "Mails sent and not sent.", labels=["what", "state", "reason"])
    for labels, number in tallies.mails().items():
        mails.add_metric(labels, number)
    return mails


def _failures() -> Metric:
    failures = CounterMetricFamily("alongside_task_failures", "Tasks that ended with an error.", labels=["task"])
    for task, number in task_failures().items():
        failures.add_metric([task], number)
    return failures
