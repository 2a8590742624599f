"""The result of accepting a segment or a statement."""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.findings import Finding
from marketplace.records.chain_heads import ChainHead


@dataclass(frozen=True)
class IngestResult:
    """The result of an upload. `fresh` is False if the record had been logged before; `head` is the
    head of the segment's chain after logging, None for a statement.
    """

    fresh: bool
    receipt: bytes
    findings: tuple[Finding, ...]
    head: ChainHead | None = None
