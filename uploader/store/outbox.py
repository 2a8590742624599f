"""The outbox: `diary.interfaces.Store` over the state folder of one marketplace.

Rules kept (`docs/protocol.md` §6): the files are authoritative, the database holds the index and
the upload state; `commit` returns after a sealed segment is durable, and never overwrites one; the
start reconciles index and files after a crash.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Self

from diary.formats import json_fields
from diary.formats.encoding import digest
from diary.interfaces import BeaconFile, ContractInfo, Head
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import Tombstone
from diary.verification.statements import lock_ms
from uploader.errors import Problem, SeqTakenError, StoreError
from uploader.incidents import Incident, IncidentList
from uploader.store.chain.heads import ChainHeads
from uploader.store.chain.own_devices import OwnDevices
from uploader.store.chain.rebase import EVIDENCE, ChainBase
from uploader.store.chain_continuation import ChainContinuation, Resigner
from uploader.store.contract_cache import ContractCache
from uploader.store.credited_time import LocalCredit
from uploader.store.erasure import LocalEraser, visible
from uploader.store.index.index import Index
from uploader.store.index.rows import IndexRow, SegmentFacts, UploadState, segment_name
from uploader.store.index_rebuild import (
    DAMAGED,
    SEGMENT,
    IndexRebuilder,
    pictures,
)
from uploader.store.journal_files import JournalFiles
from uploader.store.reviews.entries import ReviewStore
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Statement, StatementKind, StatementStore, read_statement
from uploader.store.upload_queue import UploadQueue

_MEMOS = 10
LIMIT_BYTES = 5 * 10**9


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Outbox:
    """Sealed segments, pictures, beacons, contracts and the journal of one marketplace.

    `queue` is the upload state, `cache` holds the marketplace's contracts and beacons, `statements`
    the account's signed statements. Thread-safe. Every failure of the disk is a `StoreError`, which
    is an OSError.
    """

    def __init__(
        self, folder: StateFolder, now_ms: Callable[[], int] = _wall_ms, *, ahead_s: int = 300
    ) -> None:
        """Open the store in a locked folder. `now_ms` is session time (Unix ms); a wrong clock
        sealed each segment that ends more than `ahead_s` seconds later.

        The start sets a damaged index aside and rebuilds it; `incidents()` lists such events.
        """
        self.folder = self._folder = folder
        self._lock = threading.RLock()  # guards the chains: head, check and commit are one step
        # A separate lock, since the index reports while it holds its own.
        self.incident_list = IncidentList()
        self.devices = OwnDevices(folder)
        self.on_commit: Callable[[], None] = lambda: None
        #: Bytes of pictures that wait for their upload, at which no further segment begins.
        self.limit_bytes = LIMIT_BYTES
        self._journal = JournalFiles(folder, self.report)
        self.statements = StatementStore(folder, self.report)
        reader = IndexRebuilder(folder, self.report, self.statements.erased)
        self._index = Index(folder, reader.contents, self.report)
        reader.reconcile(self._index)
        self._eraser = LocalEraser(folder, self._index, self.statements)
        self._eraser.finish()
        self.queue = UploadQueue(folder, self._index, reader, self.report, self.devices.kids)
        self.cache = ContractCache(folder, self._index, self.report, now_ms)
        self.reviews = ReviewStore(folder, self.report)
        self._credit = LocalCredit(self._index, self.cache, self.statements, self.lock_ms)
        self._heads = ChainHeads(folder, self._index, self.devices, now_ms, ahead_s)
        self.continuation = ChainContinuation(
            folder,
            self._index,
            self.queue,
            self.statements,
            self._eraser,
            self.devices,
            head=self._heads.head,
            store_segment=self._store_segment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index and release the folder."""
        self._index.close()
        self._folder.close()

    def incidents(self) -> tuple[Incident, ...]:
        """Damage and losses found in this run, oldest first."""
        return self.incident_list.events()

    def report(self, code: Problem, detail: str) -> None:
        """Report an event to the user, once in a run."""
        self.incident_list.report(code, detail)

    # The chain

    def head(self, ctr: str) -> Head:
        """See `diary.interfaces.Store`.

        Raises StoreError: FOREIGN_HEAD if this device did not sign the contract's head at the
        marketplace, SIGNED_OUT if it has signed its retirement.
        """
        with self._lock:
            if self.queue.is_foreign(ctr):
                raise StoreError(Problem.FOREIGN_HEAD, ctr)
            if self.statements.retired(self.devices.current().kid) is not None:
                raise StoreError(Problem.SIGNED_OUT)
            return self._heads.head(_checked(ctr))

    def commit(self, ctr: str, head: Head, sdjwt: bytes) -> None:
        """See `diary.interfaces.Store`. Committing the same bytes again is no error.

        Raises SeqTakenError (a ValueError) if other bytes have the number, ValueError if the
        segment does not carry `head`, StoreError if the disk fails; then nothing is stored.
        """
        sealed = parse(sdjwt)
        body = sealed.segment
        if (body.ctr, body.epoch, body.seq, body.prev) != (ctr, head.epoch, head.seq, head.prev):
            raise ValueError("the segment was not sealed on this head")
        name = segment_name(_checked(ctr), head.epoch, head.seq)
        with self._lock:
            kept = self._folder.read(name + SEGMENT)
            if kept == sdjwt:
                return
            due = self._heads.head(ctr)
            taken = kept is not None or self._folder.exists(name + DAMAGED)
            if taken or (head.epoch, head.seq) < (due.epoch, due.seq):
                raise SeqTakenError(name)
            if (head.epoch, head.seq, head.prev) != (due.epoch, due.seq, due.prev):
                raise ValueError("the segment does not follow the last one")
            self._store_segment(sealed, sdjwt)
        self.on_commit()

    def segments(self, ctr: str, from_s: int, to_s: int) -> list[IndexRow]:
        """A contract's segments in the slots of [from_s, to_s) (Unix s)."""
        return self._index.between(ctr, from_s, to_s)

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        """See `diary.interfaces.Store`."""
        return self._credit.totals(at_s, ctr)

    def over_limit(self, now_s: int, ctr: str) -> frozenset[str]:
        """The hashes of this device's segments that are over the limit of the week of `now_s`."""
        return self._credit.over_limit(now_s, ctr)

    # Statements about segments

    def segment(self, digest_: str) -> tuple[IndexRow, SealedSegment] | None:
        """A sealed segment by its hash, without its deleted parts; None if it is damaged or not in
        this folder.
        """
        row = self._index.by_hash(digest_)
        data = None if row is None else self.queue.read(row)
        if row is None or data is None:
            return None
        return row, visible(data, self.statements.erased(digest_))

    def row(self, digest_: str) -> IndexRow | None:
        """The index row of a sealed segment by its hash; None if there is none."""
        return self._index.by_hash(digest_)

    def lock_ms(self, row: IndexRow) -> int:
        """When a segment's week locks, session ms."""
        found = self.segment(row.hash)
        terms = None if found is None else self.cache.terms(row.ctr, found[1].segment.terms)
        return lock_ms(row.t0, terms)

    def gives_back(self, row: IndexRow) -> bool:
        """Whether the segment's time was deleted before the week locked."""
        return bool(self._credit.time_deletions(row))

    def add_statement(self, kind: StatementKind, data: bytes) -> Statement:
        """Store a statement of a device of this account, carry it out here and queue it for upload.
        Raises StoreError; the next start then finishes it.
        """
        with self._lock:
            statement = self.statements.put(kind, data)
            if kind is StatementKind.TOMBSTONE:
                self._eraser.erase(statement.about)
            elif kind is StatementKind.AMEND:
                self._eraser.remember_memo(statement.about)
        self.on_commit()
        return statement

    def learn(self, kind: StatementKind, data: bytes, receipt: bytes, rt_ms: int) -> None:
        """Store and carry out a logged statement of a device of this account about a segment in
        this folder. Raises DiaryError, StoreError.
        """
        read = read_statement(kind, data)
        with self._lock:
            if self._index.by_hash(read.about) is None:
                return
            statement = self.statements.put(
                kind, data, learnt=read.signed.kid not in self.devices.kids()
            )
            if statement.state is not UploadState.DONE:
                self.statements.done(statement, receipt, rt_ms)
            if kind is StatementKind.TOMBSTONE:
                self._eraser.erase(statement.about)
            self._eraser.remember_memo(statement.about)

    def learn_server_deletion(self, digest_: str, receipt: bytes, body: Tombstone) -> None:
        """Store and carry out the marketplace's deletion of parts of a segment in this folder."""
        with self._lock:
            self.statements.put_server_deletion(digest_, receipt, body)
            self._eraser.erase(body.segment)

    def lost(self, row: IndexRow) -> None:
        """Send a delivered segment again that the log has lost: the same bytes, after its pictures.
        Its receipt becomes evidence.
        """
        with self._lock:
            self.queue.lost(row, EVIDENCE)
        self.on_commit()

    def lost_statement(self, statement: Statement) -> None:
        """Send a delivered statement again that the log has lost."""
        with self._lock:
            self.statements.lost(statement, EVIDENCE)
        self.on_commit()

    def picture_erased(self, segment: str, sha: str) -> None:
        """Destroy the local copy of a segment's picture that the marketplace refuses as deleted,
        unless another segment shows the same bytes.
        """
        with self._lock:
            for stray in self._index.drop_references(segment, [_digest(sha)]):
                self._folder.remove(f"blobs/{stray}")

    def delivered(self, row: IndexRow) -> None:
        """Carry out the deletions that waited for the segment to be logged."""
        with self._lock:
            if self.statements.erased(row.hash):
                self._eraser.erase(row.hash)

    def may_send(self, statement: Statement) -> bool:
        """Whether the marketplace can take a statement now: one about a segment goes after it.

        A statement of another device of the account is sent too: if both the marketplace and that
        device were restored from backups, this folder may hold the only copy of a deletion.
        """
        kids, row = self.devices.kids(), self._index.by_hash(statement.about)
        sent = row is None or row.state is UploadState.DONE
        if statement.learnt:
            return sent and row is not None and row.kid in kids
        if statement.signed.kid not in kids:
            return False
        return statement.kind in {StatementKind.RETIRE, StatementKind.VOUCH} or sent

    def waiting_statements(self) -> int:
        """The number of statements that are ready to be sent, and of answers to questions."""
        found = sum(self.may_send(statement) for statement in self.statements.waiting())
        return found + len(self.reviews.waiting())

    def statement_refused(self, statement: Statement, detail: str) -> None:
        """Keep a statement that the marketplace refused; it loses its effect."""
        with self._lock:
            self.statements.refused(statement, detail)
            if statement.kind is StatementKind.AMEND:
                self._eraser.remember_memo(statement.about)

    def try_refused_again(self, segment: str | None = None) -> int:
        """Queue again what the marketplace refused: one segment, by its hash, with its pictures, or
        everything. Returns the number of segments, pictures and statements. Raises StoreError.
        """
        with self._lock:
            count = self.queue.try_refused_again(None if segment is None else [segment])
            for statement in (
                self.statements.in_state(UploadState.REFUSED) if segment is None else ()
            ):
                self.statements.try_again(statement)
                if statement.kind is StatementKind.AMEND:
                    self._eraser.remember_memo(statement.about)
                count += 1
        self.on_commit()
        return count

    def refused_details(self) -> list[str]:
        """The marketplace's reasons, one for each refused segment, picture and statement."""
        rows = [row.detail for row in self.queue.refused_rows()]
        pictures_ = self.queue.refused_pictures()
        return (
            rows
            + pictures_
            + [statement.name for statement in self.statements.in_state(UploadState.REFUSED)]
        )

    def recent_memos(self, ctr: str) -> tuple[str, ...]:
        """See `diary.interfaces.Store`."""
        return self._index.memos(ctr, _MEMOS)

    # A chain that continues after a backup or a copy

    def continue_chain(
        self, ctr: str, base: ChainBase, rows: Sequence[IndexRow], resigner: Resigner
    ) -> None:
        """Continue a contract's chain after `base`, and sign `rows` again behind it."""
        with self._lock:
            self.continuation.continue_chain(ctr, base, rows, resigner)
        self.on_commit()

    def finish_resigning(self, resigner: Resigner) -> None:
        """At the start: sign the segments that a crash left without their new number."""
        with self._lock:
            self.continuation.finish(resigner)

    # Pictures

    def put_blob(self, data: bytes) -> str:
        """See `diary.interfaces.Store`. A picture is sent after a sealed segment names it."""
        sha = digest(data)
        if self._folder.read(f"blobs/{sha}") != data:
            self._folder.write(f"blobs/{sha}", data)
        return sha

    def drop_blob(self, sha: str) -> None:
        """See `diary.interfaces.Store`. A picture that a sealed segment names stays."""
        with self._lock:
            if not self._index.is_named(sha):
                self._folder.remove(f"blobs/{_digest(sha)}")

    def blob(self, sha: str) -> bytes | None:
        """A picture's bytes; None if it is not in this folder."""
        return self._folder.read(f"blobs/{_digest(sha)}")

    def has_room(self) -> bool:
        """See `diary.interfaces.Store`."""
        waiting = self._index.waiting_blobs()
        return sum(self._folder.size(f"blobs/{sha}") for sha in waiting) < self.limit_bytes

    def unclaimed_blobs(self) -> tuple[str, ...]:
        """Pictures that no sealed segment names: of the open segment, or left by a crash.

        Empty while a segment is damaged or lost, since its pictures are unknown, and while one
        waits for its new number.
        """
        if self.queue.counts().damaged or self.continuation.pending:
            return ()
        named = self._index.named_blobs()
        return tuple(sha for sha in self._folder.names("blobs") if sha not in named)

    # Contracts and beacons

    def beacon(self, slot: int) -> BeaconFile | None:
        """See `diary.interfaces.Store`."""
        return self.cache.beacon(slot)

    def contract(self, ctr: str) -> ContractInfo:
        """See `diary.interfaces.Store`."""
        return self.cache.contract(ctr)

    def contracts(self) -> tuple[ContractInfo, ...]:
        """See `diary.interfaces.Store`."""
        return self.cache.contracts()

    def newest_signed_ms(self) -> int:
        """The newest time (Unix ms) in this folder that the marketplace's log has signed; 0 without
        any.
        """
        return max(self._index.newest_receipt_ms(), self.cache.newest_beacon_ms())

    # Journal

    def write_journal(self, key: str, data: bytes | None) -> None:
        """See `diary.interfaces.Store`."""
        self._journal.write(key, data)

    def read_journal(self) -> dict[str, bytes]:
        """See `diary.interfaces.Store`."""
        return self._journal.read()

    # Inside

    def _store_segment(self, sealed: SealedSegment, sdjwt: bytes) -> None:
        """Store a sealed segment under a free number."""
        held = self.queue.is_held(sealed.segment.ctr)
        row = IndexRow.of(sealed, sdjwt, UploadState.HELD if held else UploadState.WAITING)
        self._folder.write(row.name + SEGMENT, sdjwt)
        try:
            self._index.put(SegmentFacts(row, pictures(sealed), UploadState.WAITING))
        except StoreError:
            # The caller still has the time in its journal and retries.
            self._folder.remove(row.name + SEGMENT)
            raise


def _checked(ctr: str) -> str:
    """Check a contract's id, which becomes a folder's name. Raises ValueError."""
    if not json_fields.ID.fullmatch(ctr):
        raise ValueError("not a contract's id")
    return ctr


def _digest(sha: str) -> str:
    """Check a digest, which becomes a file's name. Raises DiaryError."""
    json_fields.b64({"sha": sha}, "sha", 32)
    return sha
