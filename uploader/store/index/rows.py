"""Values of the index: one row for each sealed segment, and its upload state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from diary.formats.encoding import digest
from diary.log.receipt import Receipt
from diary.objects.segment import SealedSegment


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

    @classmethod
    def of(
        cls,
        sealed: SealedSegment,
        sdjwt: bytes,
        state: UploadState,
        detail: str = "",
        receipt: Receipt | None = None,
    ) -> Self:
        """The row of a segment with the bytes `sdjwt` and its valid receipt, if any."""
        body = sealed.segment
        return cls(
            ctr=body.ctr,
            epoch=body.epoch,
            seq=body.seq,
            kid=sealed.kid,
            hash=sealed.hash,
            file=digest(sdjwt),
            kind=body.kind,
            slot=body.slot,
            t0=body.t0,
            t1=body.t1,
            memo=sealed.memo,
            state=state,
            detail=detail,
            log_index=receipt.index if receipt else None,
            rt_ms=receipt.leaf.rt_ms if receipt else None,
        )

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
