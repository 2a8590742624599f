"""Values of the index: one row for each sealed segment, and its upload state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class UploadState(StrEnum):
    """The upload state of a segment or a picture."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"  # refused by the marketplace; kept and shown
    HELD = "held"  # other bytes may have its number: not sent until that is reconciled
    DAMAGED = "damaged"  # the file's bytes have changed
    LOST = "lost"  # the file is gone


@dataclass(frozen=True)
class IndexRow:
    """The index row of a sealed segment.

    `kid` is the signer (empty if unknown); `file` is the digest of the whole SD-JWT, `hash` that of
    its signed part; `slot`, `t0`, `t1` are Unix s; `log_index` and `rt_ms` (Unix ms) come from a
    valid receipt. `detail` is the reason of a REFUSED segment, or the codes that cost the pay of a
    DONE one, separated by spaces.
    """

    ctr: str
    epoch: int
    seq: int
    kid: str
    hash: str
    file: str
    kind: str
    slot: int
    t0: int
    t1: int
    memo: str | None
    state: UploadState = UploadState.WAITING
    detail: str = ""
    log_index: int | None = None
    rt_ms: int | None = None

    @property
    def name(self) -> str:
        """The common name of its files, without the ending."""
        return segment_name(self.ctr, self.epoch, self.seq)

    @property
    def unpaying(self) -> tuple[str, ...]:
        """The codes of the marketplace's findings that cost its pay."""
        return tuple(self.detail.split()) if self.state is UploadState.DONE else ()


@dataclass(frozen=True)
class SegmentFacts:
    """The content of one segment's files: its row, its pictures, and their upload state."""

    row: IndexRow
    shas: tuple[str, ...]
    blobs: UploadState


@dataclass(frozen=True)
class IndexContents:
    """The part of the index that comes from files."""

    facts: Sequence[SegmentFacts]
    beacons: Sequence[tuple[int, str]]


def segment_name(ctr: str, epoch: int, seq: int) -> str:
    """The common name of a segment's files, below the state folder."""
    return f"segments/{ctr}/{epoch}-{seq}"
