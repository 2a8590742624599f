"""What waits to be sent, and what became of it.

Rules kept (`docs/protocol.md` §6): a retry sends identical bytes; nothing counts as delivered
before a valid receipt lies beside it; what the marketplace refused is kept and shown and holds up
nothing; while a number of a contract may be taken by other bytes, nothing of that contract is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from diary.formats.encoding import canonical, digest
from diary.objects.received_parts import received_parts
from diary.objects.segment import parse
from uploader.api.responses import ServerFinding
from uploader.errors import Problem
from uploader.store.index import Index, IndexRow, UploadState
from uploader.store.index_rebuild import FINDINGS, RECEIPT, REFUSED, IndexRebuilder, unpaying
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder


@dataclass(frozen=True)
class QueueCounts:
    """How many segments wait, were refused, are held back, are damaged or lost; waiting blobs."""

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
    """The upload state. Methods may be called from any thread; what they write is durable.

    `kids` are this account's devices: what others have sealed in this folder is not theirs to send.
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
        """How things stand."""
        segments, blobs = self._index.counts(self._kids()), self._index.blob_counts()
        return QueueCounts(
            waiting=segments.get(UploadState.WAITING, 0),
            refused=segments.get(UploadState.REFUSED, 0),
            held=segments.get(UploadState.HELD, 0),
            damaged=segments.get(UploadState.DAMAGED, 0) + segments.get(UploadState.LOST, 0),
            blobs=blobs.get(UploadState.WAITING, 0),
        )

    def waiting(self, limit: int, without: Sequence[str] = ()) -> list[IndexRow]:
        """The oldest segments still to be sent, `without` those of some contracts."""
        return self._index.waiting(limit, self._kids(), without)

    def waiting_keys(self) -> set[str]:
        """The hashes of all segments, and the digests of all pictures, that wait."""
        return self._index.waiting_keys()

    def shown_in(self, sha: str) -> IndexRow | None:
        """A segment that shows the picture; None if none does."""
        return self._index.shows(sha)

    def taken_at(self, row: IndexRow) -> dict[str, int]:
        """When the pictures and thumbnails of a segment were taken (Unix ms), by their digests."""
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
        """A segment's bytes, or None if they are damaged or gone, which is noted and reported."""
        data = self._reader.read_segment(row)
        if data is None:
            gone = not self._folder.exists(f"{row.name}.damaged.json")
            self._index.set_state(row, UploadState.LOST if gone else UploadState.DAMAGED)
        return data

    def pictures_of(self, row: IndexRow) -> list[str]:
        """The digests of the segment's pictures that still wait."""
        return [
            sha for sha, state in self._index.blobs_of(row.hash) if state is UploadState.WAITING
        ]

    def late_pictures(self, limit: int) -> list[str]:
        """Pictures whose segments are delivered, but which the marketplace lacks."""
        return self._index.late_blobs(limit)

    def read_picture(self, sha: str) -> QueuedPicture | None:
        """A picture; None if it was deleted, or is damaged or gone, which is reported."""
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
        """Whether the segment still waits and none of its pictures does."""
        now = self._index.by_hash(row.hash)
        return now is not None and now.state is UploadState.WAITING and not self.pictures_of(row)

    def parts_of(self, row: IndexRow, data: bytes) -> int:
        """The mask of the parts that the marketplace must have when it logs the segment."""
        states = dict(self._index.blobs_of(row.hash))
        return received_parts(parse(data), lambda blob: states.get(blob.sha256) is UploadState.DONE)

    def picture_refused(self, sha: str, detail: str) -> None:
        """The marketplace will not take the picture. The segments that wait for it are set aside:
        logged without it, they could never be paid.
        """
        self._index.set_blob(sha, UploadState.REFUSED, detail)
        self._report(Problem.REFUSED, f"blobs/{sha}: {detail}")
        for row in self._index.naming(sha):
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
    ) -> None:
        """Keep a verified receipt; only now the segment counts as delivered."""
        found = list(findings)
        if found:
            listed = [{"subject": f.subject, "code": f.code, "detail": f.detail} for f in found]
            self._folder.write(row.name + FINDINGS, canonical({"findings": listed}))
        elif self._folder.exists(row.name + FINDINGS):
            self._folder.remove(row.name + FINDINGS)
        self._folder.write(row.name + RECEIPT, receipt)
        if self._folder.exists(row.name + REFUSED):
            self._folder.remove(row.name + REFUSED)
        for finding in found:
            if finding.code == "W_BLOB_MISSING":
                self.send_again(row)
        codes = unpaying(row.hash, ((f.subject, f.code) for f in found))
        self._index.set_done(row, log_index, rt_ms, codes)

    def refused(self, row: IndexRow, detail: str) -> None:
        """Set a segment aside by the marketplace's word; its bytes stay as they are."""
        self._folder.write(row.name + REFUSED, canonical({"detail": detail}))
        self._index.set_state(row, UploadState.REFUSED, detail)
        self._report(Problem.REFUSED, f"{row.name}: {detail}")

    def refused_rows(self) -> list[IndexRow]:
        """What the marketplace refused, the newest first."""
        return self._index.in_state(UploadState.REFUSED)

    def refused_pictures(self) -> list[str]:
        """The digests of the pictures that the marketplace refused."""
        return self._index.blobs_in_state(UploadState.REFUSED)

    def unpaid_rows(self) -> list[IndexRow]:
        """What the marketplace took with a finding that costs its pay."""
        return self._index.unpaid()

    def lost_to_another(self, ctr: str, kid: str) -> list[IndexRow]:
        """A device's delivered segments of a contract that are unpaid for nothing but their number:
        another copy of the state folder used it first (E_FORK), or used the one before (E_PREV).
        """
        return [
            row
            for row in self._index.unpaid()
            if (row.ctr, row.kid) == (ctr, kid) and set(row.unpaying) <= {"E_FORK", "E_PREV"}
        ]

    def times_anew(self, row: IndexRow, *, more: bool = False) -> int:
        """How often a stretch of time was delivered in vain and sealed anew; `more`: once more."""
        key = f"anew/{row.ctr}/{row.t0}-{row.t1}"
        count = int(self._index.get_meta(key) or b"0")
        if more:
            count += 1
            self._index.set_meta(key, str(count).encode("ascii"))
        return count

    def try_refused_again(self, hashes: Collection[str] | None = None) -> int:
        """Put what was refused back in the queue, or of it the segments of these hashes with their
        pictures; returns how many segments, and pictures of delivered ones.
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
        """Send nothing more of a contract whose numbers may be taken by other bytes. `foreign`: by
        bytes that this device has not signed, so that nothing more is sealed either.
        """
        self._index.set_meta(f"held/{ctr}", b"foreign" if foreign else b"1")
        self._index.move(ctr, UploadState.WAITING, UploadState.HELD, Problem.RESTORED_BACKUP)

    def delivered(self) -> list[IndexRow]:
        """This account's segments with a receipt, the newest leaf first."""
        kids = set(self._kids())
        rows = [row for row in self._index.in_state(UploadState.DONE) if row.kid in kids]
        return sorted(rows, key=lambda row: (row.rt_ms or 0, row.log_index or 0), reverse=True)

    def lost(self, row: IndexRow, evidence: str) -> None:
        """Put a delivered segment back in the queue, with its pictures; its receipt is evidence."""
        for ending in (RECEIPT, FINDINGS):
            if self._folder.exists(row.name + ending):
                self._folder.move(row.name + ending, f"{evidence}/{row.hash}{ending}")
        self.send_again(row)
        self._index.set_state(row, UploadState.WAITING)

    def is_held(self, ctr: str) -> bool:
        """Whether the contract is held back."""
        return self._index.get_meta(f"held/{ctr}") is not None

    def is_foreign(self, ctr: str) -> bool:
        """Whether the contract is held back for a head that this device has not signed."""
        return self._index.get_meta(f"held/{ctr}") == b"foreign"

    def any_foreign(self) -> bool:
        """Whether any contract is held back for such a head."""
        return any(self.is_foreign(ctr) for ctr in self._index.chains())

    def last(self, ctr: str, state: UploadState | None = None) -> IndexRow | None:
        """The segment of the highest number of a contract, perhaps only of those in a state."""
        return self._index.last(ctr, state)

    def heads(self, kid: str) -> list[IndexRow]:
        """The last segment of each chain of a device."""
        return self._index.heads(kid)

    def chains(self) -> set[str]:
        """The contracts that have segments here."""
        return self._index.chains()

    def at(self, ctr: str, seq: int, kid: str) -> IndexRow | None:
        """A device's segment of a number, in the latest epoch that has it."""
        return self._index.numbered(ctr, seq, kid)

    def unsent(self, ctr: str, kid: str) -> list[IndexRow]:
        """A device's segments of a contract without a receipt, in the order of their numbers."""
        return self._index.unsent(ctr, kid)

    def epochs(self, ctr: str) -> list[IndexRow]:
        """The last segment of a contract, whoever signed it: none has a higher epoch."""
        last = self._index.last(ctr)
        return [] if last is None else [last]

    def release(self, ctr: str) -> None:
        """Send what was held back of a contract."""
        self._index.drop_meta(f"held/{ctr}")
        self._index.move(ctr, UploadState.HELD, UploadState.WAITING)

    def send_again(self, row: IndexRow) -> None:
        """Send the segment's pictures once more: the marketplace lacks one."""
        for sha, state in self._index.blobs_of(row.hash):
            if state is UploadState.DONE:
                self._index.set_blob(sha, UploadState.WAITING)
