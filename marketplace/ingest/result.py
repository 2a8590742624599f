"""The result of accepting a segment or a statement."""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.findings import Finding


@dataclass(frozen=True)
class ChainHead:
    """The segment of the highest number that a device has in a contract; of several of one number,
    the one that was logged first.
    """

    ctr: str
    seq: int
    hash: str


@dataclass(frozen=True)
class IngestResult:
    """The answer to an upload. `fresh` is False if it was there already; `head` is the head of a
    segment's chain after it was logged, None for a deed.
    """

    fresh: bool
    receipt: bytes
    findings: tuple[Finding, ...]
    head: ChainHead | None = None
