"""Metrics for Prometheus, without names of people or contracts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]


class Metrics:
    """The metrics of one application, in a separate registry. `log_size` returns the number of
    leaves; each scrape calls it.
    """

    def __init__(self, log_size: Callable[[], int]) -> None:
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
            "Findings on arrival, by code.",
            ["code"],
            registry=self.registry,
        )
        self.blob_bytes = Counter(
            "workdiary_blob_bytes", "Bytes of pictures stored.", registry=self.registry
        )
        size = Gauge("workdiary_log_size", "Leaves in the log.", registry=self.registry)
        size.set_function(log_size)

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
