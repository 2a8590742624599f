"""The outbox: `diary.interfaces.Store` over the state folder of one marketplace.

Rules kept (`docs/protocol.md` §6): files are the truth, the database is index and upload state; a
sealed segment is durable before `commit` returns and never overwritten; at the start,
index and files are brought together again, whatever a crash left between them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, Self

from diary.core.findings import DiaryError
from diary.core.slots import WEEK, week_of
from diary.formats import json_fields
from diary.formats.encoding import digest
from diary.formats.jws import Jws
from diary.formats.jws import parse as parse_jws
from diary.formats.sd_jwt import remove_disclosures
from diary.interfaces import BeaconFile, ContractInfo, Head
from diary.objects.amendment import Amendment
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.enrolment import Enrolment, parse_enrolment
from diary.objects.segment import SealedSegment, parse
from diary.objects.tombstone import Tombstone
from diary.verification.credit import CreditEntry, credit
from diary.verification.statements import lock_ms
from uploader.errors import Problem, SeqTakenError, StoreError
from uploader.incidents import Incident, IncidentList
from uploader.store.chain_rebase import EVIDENCE, ChainBase, PendingResign, keep_base, load_base
from uploader.store.contract_cache import ContractCache
from uploader.store.credited_time import OwnSegment, credited
from uploader.store.erasure import LocalEraser, visible
from uploader.store.index import Facts, Index, IndexRow, UploadState, segment_name
from uploader.store.index_rebuild import (
    DAMAGED,
    ENROLMENT,
    FORMER,
    RECEIPT,
    SEGMENT,
    IndexRebuilder,
    pictures,
)
from uploader.store.journal_files import JournalFiles
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Kind, Statement, StatementStore, read_statement
from uploader.store.upload_queue import UploadQueue

_MEMOS = 10
_STATEMENTS = "statements/after"


class Resigner(Protocol):
    """Seals anew, by this device's key (`uploader.store.chain_rebase`)."""

    def seal(self, sealed: SealedSegment, head: Head) -> bytes:
        """The same time on another head."""

    def say(self, body: Amendment | Tombstone, segment: str) -> tuple[Kind, bytes] | None:
        """The same said of another segment; None if nothing is left of it."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Outbox:
    """Sealed segments, pictures, beacons, contracts and the journal of one marketplace.

    `sending` is the upload state, `shelf` what the marketplace told. Thread-safe. Every failure of
    the disk is a `StoreError`, which is an OSError.
    """

    def __init__(
        self, folder: StateFolder, now_ms: Callable[[], int] = _wall_ms, *, ahead_s: int = 300
    ) -> None:
        """Open the store in a locked folder; `now_ms` is session time in Unix ms. A segment that
        ends more than `ahead_s` after it was sealed by a wrong clock.

        A damaged index is set aside and made again; what was found is in `troubles()`.
        """
        self.folder = self._folder = folder
        self._now_ms = now_ms
        self._ahead_s = ahead_s
        self._lock = threading.RLock()  # guards the chains: head, check and commit go together
        # Guarded by the same lock.
        self._device: Jws | None = None
        self._kids: tuple[str, ...] | None = None
        # It has a lock of its own, since the index reports while it holds its lock.
        self.book = IncidentList()
        self.on_commit: Callable[[], None] = lambda: None
        self._journal = JournalFiles(folder, self.report)
        self.deeds = StatementStore(folder, self.report)
        reader = IndexRebuilder(folder, self.report, self.deeds.erased)
        self._index = Index(folder, reader.contents, self.report)
        self._bring_together(reader)
        self._eraser = LocalEraser(folder, self._index, self.deeds)
        self._eraser.finish()
        self.sending = UploadQueue(folder, self._index, reader, self.report, self.own_kids)
        self.shelf = ContractCache(folder, self._index, self.report, now_ms)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the index and release the folder."""
        self._index.close()
        self._folder.close()

    def incidents(self) -> tuple[Incident, ...]:
        """What was found damaged or lost in this run, oldest first."""
        return self.book.events()

    def report(self, code: Problem, detail: str) -> None:
        """Tell a person of something, once in a run."""
        self.book.report(code, detail)

    # The chain

    def head(self, ctr: str) -> Head:
        """See `diary.interfaces.Store`.

        Raises StoreError: FOREIGN_HEAD for a contract whose head at the marketplace this device has
        not signed, SIGNED_OUT for a device that has said its last word.
        """
        with self._lock:
            if self.sending.is_foreign(ctr):
                raise StoreError(Problem.FOREIGN_HEAD, ctr)
            if self.deeds.retired(self._own_device().kid) is not None:
                raise StoreError(Problem.SIGNED_OUT)
            return self._head(_checked(ctr))

    def commit(self, ctr: str, head: Head, sdjwt: bytes) -> None:
        """See `diary.interfaces.Store`. The same bytes again are no error.

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
            self._keep(sealed, sdjwt)
        self.on_commit()

    def device_changed(self) -> None:
        """The enrolment on the disk is another one now."""
        with self._lock:
            self._device = self._kids = None

    def former(self, kid: str) -> Enrolment | None:
        """The enrolment of a device that was here before."""
        data = self._folder.read(f"{FORMER}/{kid}.jws")
        try:
            return None if data is None else parse_enrolment(data)
        except DiaryError:
            return None

    def own_kids(self) -> tuple[str, ...]:
        """The devices of this account that were here: what they have signed may be sent."""
        with self._lock:
            if self._kids is None:
                sub = str(self._own_device().payload.get("sub"))
                kids = [self._own_device().kid]
                for name in self._folder.names(FORMER):
                    former = self.former(name.removesuffix(".jws"))
                    if former is not None and former.sub == sub:
                        kids.append(former.kid)
                self._kids = tuple(kids)
            return self._kids

    def segments(self, ctr: str, from_s: int, to_s: int) -> list[IndexRow]:
        """A contract's segments in the slots of [from_s, to_s), for one's own diary."""
        return self._index.between(ctr, from_s, to_s)

    def totals(self, now_s: int, ctr: str) -> tuple[int, int]:
        """See `Store`: what the marketplace has credited on all devices, and what this
        device has and the marketplace does not have yet.
        """
        week = week_of(now_s)
        rows = [
            row
            for each in self.shelf.of_client(ctr)
            for row in self._index.between(each, week, week + WEEK)
            if row.state is not UploadState.REFUSED
        ]
        entries = [self._entry(row) for row in rows]
        # As if nothing were given back: how much that takes from the marketplace's sums is another
        # question.
        whole = credit([replace(entry, given_back=False) for entry in entries])
        left = credit(entries)
        own = [
            OwnSegment(
                row,
                (whole if entry.given_back else left)[row.hash].payable,
                given_back=entry.given_back,
            )
            for row, entry in zip(rows, entries, strict=True)
            if row.ctr == ctr
        ]
        try:
            limit_s = self.shelf.contract(ctr).terms.limit_s
        except KeyError:
            limit_s = None
        return credited(self.shelf.figure(ctr), own, now_s, limit_s)

    def _entry(self, row: IndexRow) -> CreditEntry:
        # Log times never fall from one leaf to the next, over all shards.
        order = None if row.rt_ms is None else (row.rt_ms, row.log_index or 0)
        deletions = self._time_deletions(row)
        logged = [(d.rt_ms, d.log_index or 0) for d in deletions if d.rt_ms is not None]
        return CreditEntry(
            row.hash,
            order,
            row.kind,  # type: ignore[arg-type]
            row.t0,
            row.t1,
            pays=not row.unpaying,
            given_back=bool(deletions),
            given_back_at=min(logged, default=None),
        )

    # What is changed afterwards

    def segment(self, digest_: str) -> tuple[IndexRow, SealedSegment] | None:
        """A sealed segment, by its hash, without what was deleted of it; None if it is not here, or
        damaged.
        """
        row = self._index.by_hash(digest_)
        data = None if row is None else self.sending.read(row)
        if row is None or data is None:
            return None
        return row, visible(data, self.deeds.erased(digest_))

    def row(self, digest_: str) -> IndexRow | None:
        """What the index knows of a sealed segment, by its hash; None if it is not here."""
        return self._index.by_hash(digest_)

    def sealed_before(self, row: IndexRow) -> list[SealedSegment]:
        """The forms of a segment that the log holds and in whose place it was sealed anew."""
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

    def lock_ms(self, row: IndexRow) -> int:
        """When a segment's week locks, session ms."""
        found = self.segment(row.hash)
        terms = None if found is None else self.shelf.terms(row.ctr, found[1].segment.terms)
        return lock_ms(row.t0, terms)

    def gives_back(self, row: IndexRow) -> bool:
        """Whether the segment's time was given back, in time."""
        return bool(self._time_deletions(row))

    def _time_deletions(self, row: IndexRow) -> list[Statement]:
        """The tombstones that give the segment's time back."""
        said = [
            deed
            for deed in self.deeds.about(row.hash)
            if isinstance(deed.body, Tombstone) and "time" in deed.body.scope
        ]
        lock = self.lock_ms(row) if said else 0
        return [deed for deed in said if deed.made_ms < lock]

    def say(self, kind: Kind, data: bytes) -> Statement:
        """Keep what a device of this account has signed about a segment or a device, let it have
        its effect here, and queue it for upload. Raises StoreError; then it may be half done, and
        is finished at the next start.
        """
        with self._lock:
            deed = self.deeds.put(kind, data)
            if kind is Kind.TOMBSTONE:
                self._eraser.erase(deed.about)
            elif kind is Kind.AMEND:
                self._eraser.remember_memo(deed.about)
        self.on_commit()
        return deed

    def learn(self, kind: Kind, data: bytes, receipt: bytes, rt_ms: int) -> None:
        """Keep and carry out what a device of this account said of a segment that is here; it is in
        the log. Raises DiaryError, StoreError.
        """
        read = read_statement(kind, data)
        with self._lock:
            if self._index.by_hash(read.about) is None:
                return
            deed = self.deeds.put(kind, data, learnt=read.signed.kid not in self.own_kids())
            if deed.state is not UploadState.DONE:
                self.deeds.done(deed, receipt, rt_ms)
            if kind is Kind.TOMBSTONE:
                self._eraser.erase(deed.about)
            self._eraser.remember_memo(deed.about)

    def learn_theirs(self, digest_: str, receipt: bytes, body: Tombstone) -> None:
        """Keep and carry out a deletion of the marketplace of a segment that is here."""
        with self._lock:
            self.deeds.put_theirs(digest_, receipt, body)
            self._eraser.erase(body.segment)

    def lost(self, row: IndexRow) -> None:
        """The log holds a delivered segment no more: its receipt is evidence, and it is sent again
        with the same bytes, after its pictures.
        """
        with self._lock:
            self.sending.lost(row, EVIDENCE)
        self.on_commit()

    def lost_statement(self, deed: Statement) -> None:
        """The log holds a delivered statement no more: likewise."""
        with self._lock:
            self.deeds.lost(deed, EVIDENCE)
        self.on_commit()

    def beacon_of(self, row: IndexRow) -> tuple[int, bytes] | None:
        """The slot and the file of the beacon that a segment names, if it is here."""
        found = self.segment(row.hash)
        named = None if found is None else found[1].segment.bcn
        data = None if named is None else self.shelf.beacon_file(named.slot, named.h)
        return None if named is None or data is None else (named.slot, data)

    def picture_erased(self, segment: str, sha: str) -> None:
        """The marketplace takes a picture of a segment no more, because it was deleted: destroy the
        copy here, unless another segment shows the same bytes.
        """
        with self._lock:
            for stray in self._index.unname(segment, [_digest(sha)]):
                self._folder.remove(f"blobs/{stray}")

    def statements_after(self) -> int:
        """Up to which place of the marketplace's log its statements were learnt; -1 for none."""
        return int(self._index.get_meta(_STATEMENTS) or b"-1")

    def set_statements_after(self, place: int) -> None:
        """Note it."""
        self._index.set_meta(_STATEMENTS, str(place).encode("ascii"))

    def delivered(self, row: IndexRow) -> None:
        """The segment is in the log: carry out the deletions that waited for that."""
        with self._lock:
            if self.deeds.erased(row.hash):
                self._eraser.erase(row.hash)

    def may_send(self, deed: Statement) -> bool:
        """Whether the marketplace can take it now: what speaks of a segment goes after it."""
        if deed.signed.kid not in self.own_kids():
            return False
        if deed.kind in {Kind.RETIRE, Kind.VOUCH}:
            return True
        row = self._index.by_hash(deed.about)
        return row is None or row.state is UploadState.DONE

    def waiting_statements(self) -> int:
        """How many deeds may go and are not delivered."""
        return sum(self.may_send(deed) for deed in self.deeds.waiting())

    def unsaid(self, deed: Statement, detail: str) -> None:
        """The marketplace will not take it: it is kept, and has no effect any more."""
        with self._lock:
            self.deeds.refused(deed, detail)
            if deed.kind is Kind.AMEND:
                self._eraser.remember_memo(deed.about)

    def try_refused_again(self, segment: str | None = None) -> int:
        """Put what the marketplace refused back in the queue: one segment with its pictures, by its
        hash, or everything. Returns how many things. Raises StoreError.
        """
        with self._lock:
            count = self.sending.try_refused_again(None if segment is None else [segment])
            for deed in self.deeds.in_state(UploadState.REFUSED) if segment is None else ():
                self.deeds.try_again(deed)
                if deed.kind is Kind.AMEND:
                    self._eraser.remember_memo(deed.about)
                count += 1
        self.on_commit()
        return count

    def refused_details(self) -> list[str]:
        """Why the marketplace refused what it refused, one reason for each thing."""
        rows = [row.detail for row in self.sending.refused_rows()]
        pictures_ = self.sending.refused_pictures()
        return rows + pictures_ + [deed.name for deed in self.deeds.in_state(UploadState.REFUSED)]

    def recent_memos(self, ctr: str) -> tuple[str, ...]:
        """See `diary.interfaces.Store`."""
        return self._index.memos(ctr, _MEMOS)

    # A folder that comes from a backup

    def go_on(
        self, ctr: str, base: ChainBase, rows: Sequence[IndexRow], resealer: Resigner
    ) -> None:
        """Let a contract's chain go on from `base`, and seal `rows` anew behind it."""
        with self._lock:
            keep_base(self._folder, ctr, base)
            waiting = PendingResign(self._folder)
            for row in rows:
                if row.state is UploadState.DONE:
                    self.sending.times_anew(row, more=True)
                # The row first: a file without a row is found again at the next start.
                self._index.remove(row)
                waiting.add(row)
            self.finish_resealing(resealer)
            self.sending.release(ctr)
        self.on_commit()

    def finish_resealing(self, resealer: Resigner) -> None:
        """Seal anew what is on its way to another number; what a crash left, at the start."""
        with self._lock:
            waiting = PendingResign(self._folder)
            for ctr in waiting.contracts():
                base = load_base(self._folder, ctr)
                if base is None or base.kid != self._own_device().kid:
                    continue
                for path, sealed in waiting.of(ctr):
                    body = sealed.segment
                    row = self._index.sealed_at(ctr, base.epoch, body.t0, body.t1)
                    if row is None:
                        data = resealer.seal(sealed, self._head(ctr))
                        self._keep(parse(data), data)
                        row = self._index.sealed_at(ctr, base.epoch, body.t0, body.t1)
                    if row is not None:
                        self._say_again(sealed, row, resealer)
                        self._folder.write(path, self._left_of(sealed, row))
                    waiting.settle(path, sealed)

    def _say_again(self, old: SealedSegment, new: IndexRow, resealer: Resigner) -> None:
        anew = self._digests(old, new)
        for deed in self.deeds.about(old.hash):
            body = deed.body
            if isinstance(body, Tombstone):
                body = replace(body, digests=tuple(anew.get(name, name) for name in body.digests))
            if isinstance(body, Amendment | Tombstone):
                again = resealer.say(body, new.hash)
                if again is not None:
                    self.deeds.put(*again)
                if deed.state is not UploadState.DONE:
                    self.deeds.drop(deed, EVIDENCE)
        self._eraser.remember_memo(new.hash)

    def _digests(self, old: SealedSegment, new: IndexRow) -> dict[str, str]:
        """The digests of a segment's parts, and those of the same parts sealed anew."""
        data = self.sending.read(new)
        parts = () if data is None else parse(data).sdjwt.disclosures
        names = {part.name: part.digest for part in parts}
        return {
            part.digest: names[part.name] for part in old.sdjwt.disclosures if part.name in names
        }

    def _left_of(self, old: SealedSegment, new: IndexRow) -> bytes:
        """What the evidence keeps of a segment that was sealed anew: nothing that was deleted."""
        erased = self.deeds.erased(new.hash)
        gone = {was for was, now in self._digests(old, new).items() if now in erased}
        return remove_disclosures(old.sdjwt.text(), gone)

    # Pictures

    def put_blob(self, data: bytes) -> str:
        """See `diary.interfaces.Store`. It is not sent before a sealed segment names it."""
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
        """A picture's bytes, for showing it."""
        return self._folder.read(f"blobs/{_digest(sha)}")

    def unclaimed_blobs(self) -> tuple[str, ...]:
        """Pictures that no sealed segment names: of the open segment, or left by a crash.

        None as long as a segment is damaged or lost, since nobody can tell which pictures it
        named, or one is on its way to another number.
        """
        if self.sending.counts().damaged or PendingResign(self._folder).contracts():
            return ()
        named = self._index.named_blobs()
        return tuple(sha for sha in self._folder.names("blobs") if sha not in named)

    # What the marketplace told

    def beacon(self, slot: int) -> BeaconFile | None:
        """See `diary.interfaces.Store`."""
        return self.shelf.beacon(slot)

    def contract(self, ctr: str) -> ContractInfo:
        """See `diary.interfaces.Store`."""
        return self.shelf.contract(ctr)

    def contracts(self) -> tuple[ContractInfo, ...]:
        """See `diary.interfaces.Store`."""
        return self.shelf.contracts()

    def newest_signed_ms(self) -> int:
        """The newest time (Unix ms) that the marketplace's log has signed, as far as it is kept
        here; 0 without any.
        """
        return max(self._index.newest_receipt_ms(), self.shelf.newest_beacon_ms())

    # Journal

    def write_journal(self, key: str, data: bytes | None) -> None:
        """See `diary.interfaces.Store`."""
        self._journal.write(key, data)

    def read_journal(self) -> dict[str, bytes]:
        """See `diary.interfaces.Store`."""
        return self._journal.read()

    # Inside

    def _head(self, ctr: str) -> Head:
        latest = self._now_ms() // 1000 + self._ahead_s
        # Not the end of the marketplace's head: a copy of this folder may have sealed it while this
        # one recorded the same seconds, and the ledger counts a second once.
        last_t1 = self._index.last_end(ctr, latest)
        future_t1 = self._index.epoch_end(ctr, 0)
        if future_t1 <= latest:
            future_t1 = 0
        return replace(self._next(ctr, latest), last_t1=last_t1, future_t1=future_t1)

    def _next(self, ctr: str, latest: int) -> Head:
        """What comes next on a chain. One whose epoch ends after `latest` (Unix s) was sealed by a
        wrong clock: it goes on in another.
        """
        device, last = self._own_device(), self._index.last(ctr)
        base = load_base(self._folder, ctr)
        if base is not None and base.kid == device.kid:
            after = last is not None and last.kid in {device.kid, ""} and last.epoch >= base.epoch
            if not after:
                return base.head
        if last is None:
            return Head(0, 0, device.digest, 0)
        if last.kid not in {device.kid, ""}:
            # A new device begins its own chain; a new epoch keeps the names of its files apart
            # from those of the device that was here before.
            return Head(last.epoch + 1, 0, device.digest, 0)
        wrong = self._index.epoch_end(ctr, last.epoch) > latest
        return Head(last.epoch + wrong, last.seq + 1, last.hash, 0)

    def _keep(self, sealed: SealedSegment, sdjwt: bytes) -> None:
        """Keep a sealed segment under a number that is free."""
        body = sealed.segment
        row = IndexRow(
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
            state=UploadState.HELD if self.sending.is_held(body.ctr) else UploadState.WAITING,
        )
        self._folder.write(row.name + SEGMENT, sdjwt)
        try:
            self._index.put(Facts(row, pictures(sealed), UploadState.WAITING))
        except StoreError:
            # Not half kept: the caller still has the time in its journal and tries again.
            self._folder.remove(row.name + SEGMENT)
            raise

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

    def _bring_together(self, reader: IndexRebuilder) -> None:
        """A crash may have come between a file and its row: the file counts."""
        news, gone = reader.changes(self._index.states())
        for facts in news:
            held = facts.row.state is UploadState.WAITING and self._index.get_meta(
                f"held/{facts.row.ctr}"
            )
            state = UploadState.HELD if held else facts.row.state
            self._index.put(replace(facts, row=replace(facts.row, state=state)))
        for name in gone:
            self._index.set_lost(name)
            self.report(Problem.FILE_LOST, name + SEGMENT)


def _checked(ctr: str) -> str:
    """A contract's id becomes a folder's name: nothing else may."""
    if not json_fields.ID.fullmatch(ctr):
        raise ValueError("not a contract's id")
    return ctr


def _digest(sha: str) -> str:
    """A digest becomes a file's name: nothing else may."""
    json_fields.b64({"sha": sha}, "sha", 32)
    return sha
