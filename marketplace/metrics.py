"""Figures for Prometheus: of one application, without names of people or contracts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]


class Metrics:
    """Counters of one application; each has a registry of its own."""

    def __init__(self) -> None:
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
        self.log_size = Gauge("workdiary_log_size", "Leaves in the log.", registry=self.registry)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
