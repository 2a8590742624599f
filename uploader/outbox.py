"""The outbox: `diary.ports.Store` over the state folder of one marketplace.

Rules kept (`docs/protocol.md` §6): files are the truth, the database is journal, index and upload
state; a sealed segment is durable before `commit` returns and never overwritten; at the start,
index and files are brought together again, whatever a crash left between them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from diary import fields
from diary.encoding import digest
from diary.enrolment import TYP as DEVICE_TYP
from diary.errors import DiaryError
from diary.jws import Jws
from diary.jws import parse as parse_jws
from diary.ports import BeaconFile, ContractInfo, Head
from diary.segment import parse
from diary.times import DAY, WEEK, day_of, week_of
from uploader.errors import Problem, SeqTakenError, StoreError
from uploader.files import StateFolder
from uploader.index import Facts, Index, Row, State, segment_name
from uploader.recovery import DAMAGED, ENROLMENT, SEGMENT, Reader, pictures
from uploader.sending import Sending
from uploader.shelf import Shelf

_MEMOS = 10


@dataclass(frozen=True)
class Trouble:
    """Something that was found and dealt with, and that a person should hear of."""

    code: Problem
    detail: str


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Outbox:
    """Sealed segments, pictures, beacons, contracts and the journal of one marketplace.

    `sending` is the upload state, `shelf` what the marketplace told. Thread-safe. Every failure of
    the disk is a `StoreError`, which is an OSError.
    """

    def __init__(self, folder: StateFolder, now_ms: Callable[[], int] = _wall_ms) -> None:
        """Open the store in a locked folder; `now_ms` is session time in Unix ms.

        A damaged index is set aside and made again; what was found is in `troubles()`.
        """
        self._folder = folder
        self._lock = threading.RLock()  # guards the chains: head, check and commit go together
        self._device: Jws | None = None  # guarded by the same lock
        # A lock of its own, since the index reports while it holds its own lock.
        self._troubles_lock = threading.Lock()
        self._troubles: list[Trouble] = []
        self.on_commit: Callable[[], None] = lambda: None
        reader = Reader(folder, self.report)
        self._index = Index(folder, reader.contents, self.report)
        self._bring_together(reader)
        self.sending = Sending(folder, self._index, reader, self.report)
        self.shelf = Shelf(folder, self._index, self.report, now_ms)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index and release the folder."""
        self._index.close()
        self._folder.close()

    def troubles(self) -> tuple[Trouble, ...]:
        """What was found damaged or lost in this run, oldest first."""
        with self._troubles_lock:
            return tuple(self._troubles)

    def report(self, code: Problem, detail: str) -> None:
        """Tell a person of something, once in a run."""
        trouble = Trouble(code, detail)
        with self._troubles_lock:
            if trouble not in self._troubles:
                self._troubles.append(trouble)

    def keep_split_view(self, one: bytes, other: bytes) -> None:
        """Keep two checkpoints of one size and different roots as evidence."""
        for note in (one, other):
            self._folder.write(f"evidence/{digest(note)}.checkpoint", note)
        self.report(Problem.SPLIT_VIEW, f"{digest(one)} {digest(other)}")

    # The chain

    def head(self, ctr: str) -> Head:
        """See `diary.ports.Store`.

        Raises StoreError(RESTORED_BACKUP) for a contract whose numbers may be taken elsewhere.
        """
        with self._lock:
            if self.sending.is_held(ctr):
                raise StoreError(Problem.RESTORED_BACKUP, ctr)
            return self._head(_checked(ctr))

    def commit(self, ctr: str, head: Head, sdjwt: bytes) -> None:
        """See `diary.ports.Store`. The same bytes again are no error.

        Raises SeqTakenError (a ValueError) if the number is taken by other bytes, ValueError if
        the segment does not carry `head`, StoreError if the disk refuses; then nothing was kept.
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
            due = self._head(ctr)
            taken = kept is not None or self._folder.exists(name + DAMAGED)
            if taken or (head.epoch, head.seq) < (due.epoch, due.seq):
                raise SeqTakenError(name)
            if (head.epoch, head.seq, head.prev) != (due.epoch, due.seq, due.prev):
                raise ValueError("the segment does not follow the last one")
            row = Row(
                ctr=ctr,
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
                state=State.HELD if self.sending.is_held(ctr) else State.WAITING,
            )
            self._folder.write(name + SEGMENT, sdjwt)
            try:
                self._index.put(Facts(row, pictures(sealed), State.WAITING))
            except StoreError:
                # Not half kept: the caller still has the time in its journal and tries again.
                self._folder.remove(name + SEGMENT)
                raise
        self.on_commit()

    def device_changed(self) -> None:
        """The enrolment on the disk is another one now."""
        with self._lock:
            self._device = None

    def segments(self, ctr: str, from_s: int, to_s: int) -> list[Row]:
        """A contract's segments in the slots of [from_s, to_s), for one's own diary."""
        return self._index.between(ctr, from_s, to_s)

    def totals(self, now_s: int, ctr: str) -> tuple[int, int]:
        """See `diary.ports.Store`."""
        day, week = day_of(now_s), week_of(now_s)
        return (
            self._index.seconds(ctr, day, day + DAY),
            self._index.seconds(ctr, week, week + WEEK),
        )

    def recent_memos(self, ctr: str) -> tuple[str, ...]:
        """See `diary.ports.Store`."""
        return self._index.memos(ctr, _MEMOS)

    # Pictures

    def put_blob(self, data: bytes) -> str:
        """See `diary.ports.Store`. It is not sent before a sealed segment names it."""
        sha = digest(data)
        if self._folder.read(f"blobs/{sha}") != data:
            self._folder.write(f"blobs/{sha}", data)
        return sha

    def drop_blob(self, sha: str) -> None:
        """See `diary.ports.Store`. A picture that a sealed segment names stays."""
        with self._lock:
            if not self._index.is_named(sha):
                self._folder.remove(f"blobs/{_digest(sha)}")

    def blob(self, sha: str) -> bytes | None:
        """A picture's bytes, for showing it."""
        return self._folder.read(f"blobs/{_digest(sha)}")

    def unclaimed_blobs(self) -> tuple[str, ...]:
        """Pictures that no sealed segment names: of the open segment, or left by a crash.

        None as long as a segment is damaged or lost: nobody can tell which pictures it named.
        """
        if self.sending.counts().damaged:
            return ()
        named = self._index.named_blobs()
        return tuple(sha for sha in self._folder.names("blobs") if sha not in named)

    # What the marketplace told

    def beacon(self, slot: int) -> BeaconFile | None:
        """See `diary.ports.Store`."""
        return self.shelf.beacon(slot)

    def contract(self, ctr: str) -> ContractInfo:
        """See `diary.ports.Store`."""
        return self.shelf.contract(ctr)

    def contracts(self) -> tuple[ContractInfo, ...]:
        """See `diary.ports.Store`."""
        return self.shelf.contracts()

    # Journal

    def write_journal(self, key: str, data: bytes | None) -> None:
        """See `diary.ports.Store`."""
        self._index.write_journal(key, data)

    def read_journal(self) -> dict[str, bytes]:
        """See `diary.ports.Store`."""
        return self._index.read_journal()

    # Inside

    def _head(self, ctr: str) -> Head:
        device, last = self._own_device(), self._index.last(ctr)
        last_t1 = self._index.last_end(ctr)
        if last is None:
            return Head(0, 0, device.digest, last_t1)
        if last.kid not in {device.kid, ""}:
            # A new device begins its own chain; a new epoch keeps the names of its files apart
            # from those of the device that was here before.
            return Head(last.epoch + 1, 0, device.digest, last_t1)
        return Head(last.epoch, last.seq + 1, last.hash, last_t1)

    def _own_device(self) -> Jws:
        if self._device is None:
            data = self._folder.read(ENROLMENT)
            if data is None:
                raise StoreError(Problem.NOT_ENROLLED)
            try:
                self._device = parse_jws(data, DEVICE_TYP)
            except DiaryError as error:
                raise StoreError(Problem.FILE_DAMAGED, ENROLMENT) from error
        return self._device

    def _bring_together(self, reader: Reader) -> None:
        """A crash may have come between a file and its row: the file counts."""
        news, gone = reader.changes(self._index.states())
        for facts in news:
            held = facts.row.state is State.WAITING and self._index.note(f"held/{facts.row.ctr}")
            state = State.HELD if held else facts.row.state
            self._index.put(replace(facts, row=replace(facts.row, state=state)))
        for name in gone:
            self._index.set_lost(name)
            self.report(Problem.FILE_LOST, name + SEGMENT)


def _checked(ctr: str) -> str:
    """A contract's id becomes a folder's name: nothing else may."""
    if not fields.ID.fullmatch(ctr):
        raise ValueError("not a contract's id")
    return ctr


def _digest(sha: str) -> str:
    """A digest becomes a file's name: nothing else may."""
    fields.b64({"sha": sha}, "sha", 32)
    return sha
