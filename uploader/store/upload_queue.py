"""The upload state of segments and pictures.

Rules kept (`docs/protocol.md` §6): a retry sends identical bytes; a segment counts as delivered
once its valid receipt is stored; refused segments stay visible and delay no others; while other
bytes may have a contract's number, nothing of that contract is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from diary.formats.encoding import canonical, digest
from diary.objects.received_parts import received_parts
from diary.objects.segment import parse
from uploader.api.responses import ServerFinding
from uploader.errors import Problem
from uploader.store.index.index import Index
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.index_rebuild import FINDINGS, RECEIPT, REFUSED, IndexRebuilder, unpaying
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder


@dataclass(frozen=True)
class QueueCounts:
    """Numbers of waiting, refused, held, and damaged or lost segments; of waiting pictures."""

    waiting: int
    refused: int
    held: int
    damaged: int
    blobs: int


@dataclass(frozen=True)
class QueuedPicture:
    """A stored picture to send: its digest and bytes."""

    sha: str
    data: bytes


class UploadQueue:
    """The upload state. Methods may be called from any thread; their writes are durable.

    `kids` gives this account's devices; segments of other devices in this folder are not sent.
    """

    def __init__(
        self,
        folder: StateFolder,
        index: Index,
        reader: IndexRebuilder,
        report: Report,
        kids: Callable[[], Sequence[str]],
    ) -> None:
        self._kids = kids
        self._folder = folder
        self._index = index
        self._reader = reader
        self._report = report

    def counts(self) -> QueueCounts:
        """The numbers of queued items."""
        segments, blobs = self._index.counts(self._kids()), self._index.blob_counts()
        return QueueCounts(
            waiting=segments.get(UploadState.WAITING, 0),
            refused=segments.get(UploadState.REFUSED, 0),
            held=segments.get(UploadState.HELD, 0),
            damaged=segments.get(UploadState.DAMAGED, 0) + segments.get(UploadState.LOST, 0),
            blobs=blobs.get(UploadState.WAITING, 0),
        )

    def waiting(self, limit: int, without: Sequence[str] = ()) -> list[IndexRow]:
        """The oldest waiting segments, `without` those of some contracts."""
        return self._index.waiting(limit, self._kids(), without)

    def waiting_keys(self) -> set[str]:
        """The hashes of all waiting segments, and the digests of all waiting pictures."""
        return self._index.waiting_keys()

    def shown_in(self, sha: str) -> IndexRow | None:
        """A segment that shows the picture; None if none does."""
        return self._index.shows(sha)

    def taken_at(self, row: IndexRow) -> dict[str, int]:
        """The capture times (Unix ms) of a segment's pictures and thumbnails, by their digests."""
        data = self.read(row)
        if data is None:
            return {}
        sealed = parse(data)
        return {
            part.sha256: sealed.segment.shot_at[index]
            for index, shot in sealed.pictures.items()
            for part in (shot.blob, shot.thumb)
        }

    def read(self, row: IndexRow) -> bytes | None:
        """A segment's bytes; None if they are damaged or lost, which is stored and reported."""
        data = self._reader.read_segment(row)
        if data is None:
            gone = not self._folder.exists(f"{row.name}.damaged.json")
            self._index.set_state(row, UploadState.LOST if gone else UploadState.DAMAGED)
        return data

    def pictures_of(self, row: IndexRow) -> list[str]:
        """The digests of the segment's waiting pictures."""
        return [
            sha for sha, state in self._index.blobs_of(row.hash) if state is UploadState.WAITING
        ]

    def late_pictures(self, limit: int) -> list[str]:
        """Waiting pictures of delivered segments, which the marketplace lacks."""
        return self._index.late_blobs(limit)

    def read_picture(self, sha: str) -> QueuedPicture | None:
        """A picture; None if it was deleted, or is damaged or lost, which is reported."""
        name = f"blobs/{sha}"
        data = self._folder.read(name)
        if data is None and not self._index.is_named(sha):
            return None  # deleted in the meantime
        if data is None:
            self._index.set_blob(sha, UploadState.LOST)
            self._report(Problem.FILE_LOST, name)
            return None
        if digest(data) != sha:
            self._folder.set_aside(name)
            self._index.set_blob(sha, UploadState.DAMAGED)
            self._report(Problem.FILE_DAMAGED, name)
            return None
        return QueuedPicture(sha, data)

    def picture_done(self, sha: str) -> None:
        """The marketplace has the picture."""
        self._index.set_blob(sha, UploadState.DONE)

    def may_go(self, row: IndexRow) -> bool:
        """Whether the segment waits and none of its pictures does."""
        now = self._index.by_hash(row.hash)
        return now is not None and now.state is UploadState.WAITING and not self.pictures_of(row)

    def parts_of(self, row: IndexRow, data: bytes) -> int:
        """The mask of the parts that the marketplace must hold when it logs the segment."""
        states = dict(self._index.blobs_of(row.hash))
        return received_parts(parse(data), lambda blob: states.get(blob.sha256) is UploadState.DONE)

    def picture_refused(self, sha: str, detail: str) -> None:
        """Set aside a refused picture and the segments that wait for it: logged without it, they
        would never be paid.
        """
        self._index.set_blob(sha, UploadState.REFUSED, detail)
        self._report(Problem.REFUSED, f"blobs/{sha}: {detail}")
        for row in self._index.segments_naming(sha):
            if row.state is UploadState.WAITING:
                self.refused(row, detail)

    def done(
        self,
        row: IndexRow,
        receipt: bytes,
        findings: Iterable[ServerFinding],
        *,
        log_index: int,
        rt_ms: int,
        pending: bool = False,
    ) -> None:
        """Store a verified receipt; from now on the segment counts as delivered. `pending`: the
        marketplace has not checked it yet.
        """
        found = list(findings)
        self._write_findings(row, found, pending=pending)
        self._folder.write(row.name + RECEIPT, receipt)
        if self._folder.exists(row.name + REFUSED):
            self._folder.remove(row.name + REFUSED)
        self._apply(row, found, log_index, rt_ms)

    def checked(self, digest: str, findings: Iterable[ServerFinding]) -> None:
        """Store the findings of a delivered segment that waited for its check."""
        row = self._index.by_hash(digest)
        if row is None or row.log_index is None or row.rt_ms is None:
            return
        found = list(findings)
        self._apply(row, found, row.log_index, row.rt_ms)
        # Last, so that the findings are asked for again after a crash.
        self._write_findings(row, found, pending=False)

    def unchecked(self, from_s: int, to_s: int) -> list[str]:
        """The hashes of the delivered segments in the slots of [from_s, to_s) whose check the
        marketplace had not finished.
        """
        return [
            row.hash
            for ctr in sorted(self._index.chains())
            for row in self._index.between(ctr, from_s, to_s)
            if row.state is UploadState.DONE and self._reader.is_unchecked(row.name)
        ]

    def _write_findings(
        self, row: IndexRow, found: Sequence[ServerFinding], *, pending: bool
    ) -> None:
        if found or pending:
            listed = [{"subject": f.subject, "code": f.code, "detail": f.detail} for f in found]
            more = {"pending": True} if pending else {}
            self._folder.write(row.name + FINDINGS, canonical({"findings": listed, **more}))
        elif self._folder.exists(row.name + FINDINGS):
            self._folder.remove(row.name + FINDINGS)

    def _apply(
        self, row: IndexRow, found: Sequence[ServerFinding], log_index: int, rt_ms: int
    ) -> None:
        for finding in found:
            if finding.code == "W_BLOB_MISSING":
                self.send_again(row)
        codes = unpaying(row.hash, ((f.subject, f.code) for f in found))
        self._index.set_done(row, log_index, rt_ms, codes)

    def refused(self, row: IndexRow, detail: str) -> None:
        """Set aside a segment that the marketplace refused; its bytes stay."""
        self._folder.write(row.name + REFUSED, canonical({"detail": detail}))
        self._index.set_state(row, UploadState.REFUSED, detail)
        self._report(Problem.REFUSED, f"{row.name}: {detail}")

    def refused_rows(self) -> list[IndexRow]:
        """The refused segments, the newest first."""
        return self._index.in_state(UploadState.REFUSED)

    def refused_pictures(self) -> list[str]:
        """The digests of the pictures that the marketplace refused."""
        return self._index.blobs_in_state(UploadState.REFUSED)

    def unpaid_rows(self) -> list[IndexRow]:
        """The delivered segments with a finding that costs their pay."""
        return self._index.unpaid()

    def lost_to_another(self, ctr: str, kid: str) -> list[IndexRow]:
        """A device's delivered segments of a contract that are unpaid only because of their number:
        another copy of the state folder used it first (E_FORK), or used the one before (E_PREV).
        """
        return [
            row
            for row in self._index.unpaid()
            if (row.ctr, row.kid) == (ctr, kid) and set(row.unpaying) <= {"E_FORK", "E_PREV"}
        ]

    def resign_count(self, row: IndexRow, *, more: bool = False) -> int:
        """The count of unpaid deliveries of an interval that were signed again; `more` adds one."""
        key = f"anew/{row.ctr}/{row.t0}-{row.t1}"
        count = int(self._index.get_meta(key) or b"0")
        if more:
            count += 1
            self._index.set_meta(key, str(count).encode("ascii"))
        return count

    def try_refused_again(self, hashes: Collection[str] | None = None) -> int:
        """Queue refused segments and pictures again, all or those of the given hashes; returns the
        number of segments, and of pictures of other segments.
        """
        rows = [row for row in self.refused_rows() if hashes is None or row.hash in hashes]
        for row in rows:
            self._folder.remove(row.name + REFUSED)
            self._index.set_state(row, UploadState.WAITING)
        if hashes is None:
            shas = self._index.blobs_in_state(UploadState.REFUSED)
        else:
            named = [pair for name in hashes for pair in self._index.blobs_of(name)]
            shas = [sha for sha, state in named if state is UploadState.REFUSED]
        of_rows = {sha for row in rows for sha, _ in self._index.blobs_of(row.hash)}
        for sha in shas:
            self._index.set_blob(sha, UploadState.WAITING)
        return len(rows) + len(set(shas) - of_rows)

    def hold(self, ctr: str, *, foreign: bool = False) -> None:
        """Hold a contract whose numbers other bytes may have. `foreign`: this device did not sign
        those bytes, so that nothing more is sealed either.
        """
        self._index.set_meta(f"held/{ctr}", b"foreign" if foreign else b"1")
        self._index.move(ctr, UploadState.WAITING, UploadState.HELD, Problem.RESTORED_BACKUP)

    def delivered(self) -> list[IndexRow]:
        """This account's segments with a receipt, the newest leaf first."""
        kids = set(self._kids())
        rows = [row for row in self._index.in_state(UploadState.DONE) if row.kid in kids]
        return sorted(rows, key=lambda row: (row.rt_ms or 0, row.log_index or 0), reverse=True)

    def lost(self, row: IndexRow, evidence: str) -> None:
        """Queue a delivered segment and its pictures again; its receipt becomes evidence."""
        for ending in (RECEIPT, FINDINGS):
            if self._folder.exists(row.name + ending):
                self._folder.move(row.name + ending, f"{evidence}/{row.hash}{ending}")
        self.send_again(row)
        self._index.set_state(row, UploadState.WAITING)

    def is_held(self, ctr: str) -> bool:
        """Whether the contract is held."""
        return self._index.get_meta(f"held/{ctr}") is not None

    def is_foreign(self, ctr: str) -> bool:
        """Whether the contract is held for a head that this device did not sign."""
        return self._index.get_meta(f"held/{ctr}") == b"foreign"

    def any_foreign(self) -> bool:
        """Whether any contract is held for such a head."""
        return any(self.is_foreign(ctr) for ctr in self._index.chains())

    def last(self, ctr: str, state: UploadState | None = None) -> IndexRow | None:
        """The last segment of a contract, or the last one in a state."""
        return self._index.last(ctr, state)

    def heads(self, kid: str) -> list[IndexRow]:
        """The last segment of each chain of a device."""
        return self._index.heads(kid)

    def chains(self) -> set[str]:
        """The contracts that have segments here."""
        return self._index.chains()

    def at(self, ctr: str, seq: int, kid: str) -> IndexRow | None:
        """A device's segment of a number in the latest epoch that has the number."""
        return self._index.numbered(ctr, seq, kid)

    def unsent(self, ctr: str, kid: str) -> list[IndexRow]:
        """A device's segments of a contract without a receipt, in the order of their numbers."""
        return self._index.unsent(ctr, kid)

    def epochs(self, ctr: str) -> list[IndexRow]:
        """The last segment of a contract by any signer: none has a higher epoch."""
        last = self._index.last(ctr)
        return [] if last is None else [last]

    def release(self, ctr: str) -> None:
        """Queue the held segments of a contract."""
        self._index.drop_meta(f"held/{ctr}")
        self._index.move(ctr, UploadState.HELD, UploadState.WAITING)

    def send_again(self, row: IndexRow) -> None:
        """Queue the segment's pictures again, one of which the marketplace lacks."""
        for sha, state in self._index.blobs_of(row.hash):
            if state is UploadState.DONE:
                self._index.set_blob(sha, UploadState.WAITING)
