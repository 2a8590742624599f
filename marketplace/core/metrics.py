"""Metrics for Prometheus, without names of people or contracts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE_LATEST", "AuditFigures", "Metrics", "WitnessMetrics"]


@dataclass(frozen=True)
class AuditFigures:
    """The results of the background audit: the end of the last complete pass (Unix s, real time;
    None before the first one), the number of its findings about the log, and the findings of the
    last check of each segment by code.
    """

    ended_s: int | None
    log_findings: int
    findings: Mapping[str, int]


class WitnessMetrics:
    """The metrics of the witnesses, by their names in the policy."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "workdiary_witness_requests",
            "Requests to witnesses, by result: cosigned, or the code of the failure.",
            ["witness", "result"],
            registry=registry,
        )
        self._lag = Gauge(
            "workdiary_witness_lag",
            "Leaves of the newest shard that the witness has not cosigned.",
            ["witness"],
            registry=registry,
        )
        self._failing = Gauge(
            "workdiary_witness_failing",
            "Whether the last request to the witness failed.",
            ["witness"],
            registry=registry,
        )

    def count(self, witness: str, result: str) -> None:
        """Count a request."""
        self._requests.labels(_text(witness), result).inc()

    def set(self, witness: str, lag: int, *, failing: bool) -> None:
        """Set the state of a witness; `lag` is in leaves."""
        self._lag.labels(_text(witness)).set(lag)
        self._failing.labels(_text(witness)).set(failing)


def _text(name: str) -> str:
    """A name as UTF-8: names in a policy are octets."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Metrics:
    """The metrics of one application, in a separate registry. `log_size` returns the number of
    leaves, `audit` the results of the audit; each scrape calls them.
    """

    def __init__(self, log_size: Callable[[], int], audit: Callable[[], AuditFigures]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "workdiary_requests",
            "Answers by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.duration = Histogram(
            "workdiary_request_seconds",
            "Time from the request's head to the end of its answer.",
            ["route"],
            registry=self.registry,
        )
        self.segments = Counter(
            "workdiary_segments", "Segments logged for the first time.", registry=self.registry
        )
        self.findings = Counter(
            "workdiary_findings",
            "Findings of new segments, by code.",
            ["code"],
            registry=self.registry,
        )
        self.blob_bytes = Counter(
            "workdiary_blob_bytes", "Bytes of pictures stored.", registry=self.registry
        )
        self.segments_waiting = Gauge(
            "workdiary_segments_waiting",
            "Logged segments that wait for their check.",
            registry=self.registry,
        )
        self.leader = Gauge(
            "workdiary_leader",
            "Whether the process runs the work in the background.",
            registry=self.registry,
        )
        self.leader.set(1)
        size = Gauge("workdiary_log_size", "Leaves in the log.", registry=self.registry)
        size.set_function(log_size)
        self.registry.register(_Audit(audit))
        self.witnesses = WitnessMetrics(self.registry)

    def watch(self, open_connections: Callable[[], int], closed: Mapping[str, int]) -> None:
        """Add the connections of a server: the number of open ones, and closed ones by reason."""
        Gauge("workdiary_connections", "Open connections.", registry=self.registry).set_function(
            open_connections
        )
        self.registry.register(_Closed(closed))

    @contextlib.contextmanager
    def on_port(self, port: int) -> Iterator[None]:
        """Serve the metrics on a port of 127.0.0.1. Raises OSError if the port is taken."""
        server, thread = start_http_server(port, "127.0.0.1", self.registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def text(self) -> bytes:
        """The metrics in the text exposition format."""
        return generate_latest(self.registry)


class _Audit(Collector):
    """The results of the background audit."""

    def __init__(self, figures: Callable[[], AuditFigures]) -> None:
        self._figures = figures

    def describe(self) -> Iterator[Metric]:
        # Registration would otherwise read the database.
        yield from ()

    def collect(self) -> Iterator[Metric]:
        figures = self._figures()
        if figures.ended_s is not None:
            yield GaugeMetricFamily(
                "workdiary_audit_end_timestamp_seconds",
                "End of the last complete audit of all stored bytes, Unix time.",
                figures.ended_s,
            )
        yield GaugeMetricFamily(
            "workdiary_audit_log_findings",
            "Findings about the log in that audit.",
            figures.log_findings,
        )
        family = GaugeMetricFamily(
            "workdiary_stored_findings",
            "Findings of the last check of each segment, by code.",
            labels=["code"],
        )
        for code, count in figures.findings.items():
            family.add_metric([code], count)
        yield family


class _Closed(Collector):
    """Connections that were closed or refused, by reason."""

    def __init__(self, closed: Mapping[str, int]) -> None:
        self._closed = closed

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily(
            "workdiary_connections_closed", "Connections closed or refused.", labels=["reason"]
        )
        for reason, count in dict(self._closed).items():
            family.add_metric([reason], count)
        yield family
