"""Renews receipts under the newest checkpoint and proves one history, from the log's tiles.

Rules kept: a checkpoint counts only if a trusted key has signed it, and a tile only as far as the
checkpoint proves it; a receipt that cannot be renewed stays unchanged, and a missing proof is
counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from diary.core.findings import DiaryError
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.receipt_set import write_consistency
from diary.log.signed_note import NoteVerifier
from diary.log.tiles import Tile, TileReader
from uploader.errors import UploaderError

_PROOF = ".tlog-proof"


class LogReader(Protocol):
    """A source of the log's files, such as `uploader.api.client.MarketplaceClient`. Methods raise
    UploaderError.
    """

    def log_tile(self, log: str, tile: Tile) -> bytes: ...
    def log_checkpoint(self, log: str) -> bytes: ...


class ReceiptRenewal:
    """The newest available checkpoints, and the proofs that connect older ones to them."""

    def __init__(
        self, checkpoints: Sequence[bytes], trusted: Iterable[NoteVerifier], log: LogReader | None
    ) -> None:
        """`checkpoints` are all known ones, trusted or not."""
        self._checkpoints = checkpoints
        self._trusted = tuple(trusted)
        self._log = log
        self._readers: dict[str, tuple[bytes, TileReader] | None] = {}
        self.unproven = 0

    def renewed(self, name: str, data: bytes) -> bytes:
        """A receipt under the newest available checkpoint; other files unchanged. A beacon's file
        stays unchanged, because segments name it by its digest.
        """
        if not name.endswith(_PROOF) or name.startswith("beacons/"):
            return data
        try:
            receipt = Receipt.parse(data)
            found = self._reader(self._checked(receipt.checkpoint))
            if found is None:
                return data
            proof = tuple(found[1].inclusion(receipt.index))
        except (UploaderError, DiaryError, ValueError):
            return data
        return Receipt(receipt.leaf, receipt.object, receipt.index, proof, found[0]).data()

    def newest(self, files: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        """The newest checkpoint of each log of the receipts, by the log's name."""
        best: dict[str, tuple[int, bytes]] = {}
        notes = [*self._checkpoints]
        for name, data in files:
            if name.endswith(_PROOF):
                with contextlib.suppress(DiaryError):
                    notes.append(Receipt.parse(data).checkpoint)
        notes += [found[0] for found in self._readers.values() if found is not None]
        for note in notes:
            try:
                checkpoint = self._checked(note)
            except DiaryError:
                continue
            name = Origin.parse(checkpoint.origin).name
            if name not in best or best[name][0] < checkpoint.size:
                best[name] = (checkpoint.size, note)
        return {name: note for name, (_, note) in best.items()}

    def prove(self, name: str, old: int) -> bytes | None:
        """The proof from an older size; None without one, which is counted."""
        found = self._readers.get(name)
        if found is not None:
            try:
                return write_consistency(found[1].consistency(old))
            except (UploaderError, DiaryError, ValueError):
                pass
        self.unproven += 1
        return None

    def _checked(self, note: bytes) -> Checkpoint:
        return open_checkpoint(note, self._trusted)

    def _reader(self, older: Checkpoint) -> tuple[bytes, TileReader] | None:
        """The tiles of a checkpoint's log."""
        name = Origin.parse(older.origin).name
        if name not in self._readers:
            self._readers[name] = self._open(name)
        return self._readers[name]

    def _open(self, name: str) -> tuple[bytes, TileReader] | None:
        if self._log is None:
            return None
        log = self._log
        try:
            note = log.log_checkpoint(name)
            checkpoint = self._checked(note)
            reader = TileReader(checkpoint, lambda tile: log.log_tile(name, tile))
            reader.inclusion(0)
        except (UploaderError, DiaryError, ValueError):
            return None
        return note, reader
