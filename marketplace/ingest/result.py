"""The result of accepting a segment or a statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diary.core.findings import Finding
from marketplace.records.chain_heads import ChainHead


@dataclass(frozen=True)
class IngestResult:
    """The result of an upload. `fresh` is False if the record had been logged before; `head` is the
    head of the segment's chain after logging, None for a statement. `pending` is true if the check
    of a segment follows later; then `findings` is empty. `earlier` are the findings, by hash, of
    segments of the same device whose check was pending before.
    """

    fresh: bool
    receipt: bytes
    findings: tuple[Finding, ...]
    head: ChainHead | None = None
    pending: bool = False
    earlier: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
