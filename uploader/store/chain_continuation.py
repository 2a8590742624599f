"""Segments and statements that this device signs again, so that a chain continues after the head
that the marketplace holds (`chain.rebase` has the rules and the files).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from diary.core.findings import DiaryError
from diary.formats.sd_jwt import remove_disclosures
from diary.interfaces import Head
from diary.objects.amendment import Amendment
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import Tombstone
from uploader.store.chain.own_devices import OwnDevices
from uploader.store.chain.rebase import EVIDENCE, ChainBase, PendingResign, keep_base, load_base
from uploader.store.erasure import LocalEraser
from uploader.store.index.index import Index
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.index_rebuild import RECEIPT, SEGMENT
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind, StatementStore
from uploader.store.upload_queue import UploadQueue


class Resigner(Protocol):
    """Signs again with this device's key (`uploader.store.chain.rebase`)."""

    def resign(self, sealed: SealedSegment, head: Head) -> bytes:
        """Seal the same time after another head."""

    def resign_statement(
        self, body: Amendment | Tombstone, segment: str
    ) -> tuple[StatementKind, bytes] | None:
        """The same statement about another segment; None if none of it remains."""


class ChainContinuation:
    """Used by the outbox, which holds its lock meanwhile. `head` gives a contract's head,
    `store_segment` stores a signed segment. Methods raise StoreError.
    """

    def __init__(
        self,
        folder: StateFolder,
        index: Index,
        queue: UploadQueue,
        statements: StatementStore,
        eraser: LocalEraser,
        devices: OwnDevices,
        *,
        head: Callable[[str], Head],
        store_segment: Callable[[SealedSegment, bytes], None],
    ) -> None:
        self._folder = folder
        self._index = index
        self._queue = queue
        self._statements = statements
        self._eraser = eraser
        self._devices = devices
        self._head = head
        self._store_segment = store_segment

    @property
    def pending(self) -> bool:
        """Whether segments wait for their new number."""
        return bool(PendingResign(self._folder).contracts())

    def continue_chain(
        self, ctr: str, base: ChainBase, rows: Sequence[IndexRow], resigner: Resigner
    ) -> None:
        """Continue a contract's chain after `base`, and sign `rows` again behind it."""
        keep_base(self._folder, ctr, base)
        waiting = PendingResign(self._folder)
        for row in rows:
            if row.state is UploadState.DONE:
                self._queue.resign_count(row, more=True)
            # The row first: the next start finds a file without a row.
            self._index.remove(row)
            waiting.add(row)
        self.finish(resigner)
        self._queue.release(ctr)

    def finish(self, resigner: Resigner) -> None:
        """Sign all segments that wait for a new number, including those left by a crash."""
        waiting = PendingResign(self._folder)
        for ctr in waiting.contracts():
            base = load_base(self._folder, ctr)
            if base is None or base.kid != self._devices.current().kid:
                continue
            for path, sealed in waiting.of(ctr):
                body = sealed.segment
                row = self._index.sealed_at(ctr, base.epoch, body.t0, body.t1)
                if row is None:
                    data = resigner.resign(sealed, self._head(ctr))
                    self._store_segment(parse(data), data)
                    row = self._index.sealed_at(ctr, base.epoch, body.t0, body.t1)
                if row is not None:
                    self._repeat_statements(sealed, row, resigner)
                    self._folder.write(path, self._remaining_evidence(sealed, row))
                waiting.finish(path, sealed)

    def earlier_forms(self, row: IndexRow) -> list[SealedSegment]:
        """The forms of a segment that the log holds and that this device signed again."""
        found = []
        for name in self._folder.names(EVIDENCE):
            stem = name.removesuffix(SEGMENT)
            if stem == name or not self._folder.exists(f"{EVIDENCE}/{stem}{RECEIPT}"):
                continue
            try:
                sealed = parse(self._folder.read(f"{EVIDENCE}/{name}") or b"")
            except DiaryError:
                continue
            body = sealed.segment
            if (sealed.kid, body.ctr, body.t0, body.t1) == (row.kid, row.ctr, row.t0, row.t1):
                found.append(sealed)
        return found

    def _repeat_statements(self, old: SealedSegment, new: IndexRow, resigner: Resigner) -> None:
        renamed = self._digests(old, new)
        for statement in self._statements.about(old.hash):
            body = statement.body
            if isinstance(body, Tombstone):
                body = replace(
                    body, digests=tuple(renamed.get(name, name) for name in body.digests)
                )
            if isinstance(body, Amendment | Tombstone):
                again = resigner.resign_statement(body, new.hash)
                if again is not None:
                    self._statements.put(*again)
                if statement.state is not UploadState.DONE:
                    self._statements.drop(statement, EVIDENCE)
        self._eraser.remember_memo(new.hash)

    def _digests(self, old: SealedSegment, new: IndexRow) -> dict[str, str]:
        """The digests of a segment's parts, and those of the same parts in the new form."""
        data = self._queue.read(new)
        parts = () if data is None else parse(data).sdjwt.disclosures
        names = {part.name: part.digest for part in parts}
        return {
            part.digest: names[part.name] for part in old.sdjwt.disclosures if part.name in names
        }

    def _remaining_evidence(self, old: SealedSegment, new: IndexRow) -> bytes:
        """The bytes of a replaced segment for the evidence, without its deleted parts."""
        erased = self._statements.erased(new.hash)
        gone = {was for was, now in self._digests(old, new).items() if now in erased}
        return remove_disclosures(old.sdjwt.text(), gone)
