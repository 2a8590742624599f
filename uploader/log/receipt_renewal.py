"""Renews receipts under the newest checkpoint and proves one history, from the log's tiles.

Rules kept: if the marketplace publishes witnesses, the newest checkpoint that reaches their quorum
is used where it covers all receipts; a checkpoint counts only if a trusted key has signed it, and a
tile only as far as the checkpoint proves it; a receipt that cannot be renewed stays unchanged, and
a missing proof is counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from diary.bundle.writer import state_of
from diary.core.findings import DiaryError
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.policy import parse_policy
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.receipt_set import write_consistency
from diary.log.signed_note import NoteVerifier
from diary.log.tiles import Tile, TileReader
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy
from uploader.errors import UploaderError

_PROOF = ".tlog-proof"


class LogReader(Protocol):
    """A source of the log's files, such as `uploader.api.client.MarketplaceClient`. Methods raise
    UploaderError.
    """

    def log_tile(self, log: str, tile: Tile) -> bytes: ...
    def log_checkpoint(self, log: str, *, cosigned: bool = False) -> bytes: ...
    def log_policy(self) -> bytes: ...


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
        #: The witnesses that the marketplace publishes, and their quorum.
        self.witnesses = self._published_witnesses()
        #: The checkpoints that reach the quorum and cover all receipts, by the log's name.
        self.cosigned: dict[str, bytes] = {}
        self._needed: dict[str, int] = {}
        self.unproven = 0

    def cover(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Choose checkpoints that are large enough for the receipts among these files."""
        for name, data in files:
            if not name.endswith(_PROOF):
                continue
            with contextlib.suppress(DiaryError):
                receipt = Receipt.parse(data)
                log, size = state_of(receipt.checkpoint)
                # A beacon's file stays under its own checkpoint.
                needed = size if name.startswith("beacons/") else receipt.index + 1
                self._needed[log] = max(needed, self._needed.get(log, 0))

    def _published_witnesses(self) -> WitnessPolicy:
        if self._log is None:
            return NO_WITNESSES
        try:
            return parse_policy(self._log.log_policy()).witnesses
        except (UploaderError, DiaryError):
            return NO_WITNESSES

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

    def prove(self, name: str, old: int, new: int) -> bytes | None:
        """The proof from an older size to `new`; None without one, which is counted."""
        found = self._readers.get(name)
        if found is not None and self._checked(found[0]).size == new:
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
            note = self._newest_note(log, name)
            checkpoint = self._checked(note)
            reader = TileReader(checkpoint, lambda tile: log.log_tile(name, tile))
            reader.inclusion(0)
        except (UploaderError, DiaryError, ValueError):
            return None
        return note, reader

    def _newest_note(self, log: LogReader, name: str) -> bytes:
        """The newest checkpoint that reaches the quorum, or else the newest one."""
        if self.witnesses.witnesses:
            with contextlib.suppress(UploaderError, DiaryError):
                note = log.log_checkpoint(name, cosigned=True)
                checkpoint = open_checkpoint(note, self._trusted, self.witnesses)
                if checkpoint.size >= self._needed.get(name, 0):
                    self.cosigned[name] = note
                    return note
        return log.log_checkpoint(name)
