"""Accept segments: store and log every authentic segment, then check it.

Only bytes that are malformed, or that no enrolled device of the sender's account signed, are
refused (422). A device may send segments of the account's other devices, also of retired and
revoked ones. Every other fault is a finding, which can make time unpaid but never keeps it out of
the log. The stored findings serve lists; exports check the bytes again.

Before a segment is logged only its own bytes are verified. The check with its neighbours follows
(`marketplace.ingest.checks`); the response waits for it if no other segment does.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select
from starlette.concurrency import run_in_threadpool

from diary.core.findings import Code, DiaryError
from diary.log.leaf import LeafType
from diary.objects.enrolment import Enrolment
from diary.objects.picture import Blob
from diary.objects.received_parts import received_parts
from diary.objects.segment import SealedSegment
from diary.verification.check import authenticate
from diary.verification.evidence import BlobFacts
from marketplace.core.problems import ProblemError
from marketplace.devices.lookup import device
from marketplace.ingest.checks import SegmentChecks
from marketplace.ingest.result import IngestResult
from marketplace.log.log import Log, LogEntry, PlacedLeaf, Row, receipt
from marketplace.records.chain_heads import ChainHead, chain_head
from marketplace.records.examiner import blob_reader_for
from marketplace.records.quota import PictureQuota, assign_to_contract, too_large
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database

_CACHED_DEVICES = 4_096
_CACHED_HEADS = 16_384
#: The longest wait of a response for the check, in seconds.
_WAIT_S = 10.0


@dataclass(frozen=True)
class Upload:
    """A segment as sent: the hash in its address, its bytes, and the mask of the parts that the
    sender expects the marketplace to hold (`received_parts`).
    """

    address: str
    data: bytes
    expected: int = 0


@dataclass(frozen=True)
class _Admitted:
    """An authentic segment with its log entry, and the files that are charged to its contract."""

    sealed: SealedSegment
    entry: LogEntry
    held: frozenset[str]


class SegmentIngest:
    """Verifies, stores and logs segments."""

    def __init__(
        self,
        store: Database,
        log: Log,
        blobs: Blobs,
        quota: PictureQuota,
        checks: SegmentChecks,
        aud: str,
    ) -> None:
        self._store = store
        self._quota = quota
        self._log = log
        self._blobs = blobs
        self._checks = checks
        self._aud = aud
        self._gate = threading.Lock()  # guards the two below
        self._devices: OrderedDict[str, Enrolment] = OrderedDict()
        self._heads: OrderedDict[tuple[str, str], ChainHead] = OrderedDict()

    async def put(
        self, sub: str, upload: Upload, admit: Callable[[SealedSegment], None] = lambda _: None
    ) -> IngestResult:
        """Accept a segment of the account `sub`. `admit` is called with an authentic segment, and
        may raise a problem, which counts only for a segment that is not logged yet.

        Raises a 422 problem with the verifier's code for bytes that are not an authentic segment
        of that account and hash, 412 `parts_missing` for a new segment without an expected part,
        507 `quota` if its pictures exceed a limit, and DatabaseError on a failed write.
        """
        with self._checks.accepting():
            sealed = self._authentic(sub, upload)
            if sealed.pictures:
                # Reads the pictures.
                admitted = await run_in_threadpool(self._admitted, sub, sealed, upload, admit)
            else:
                admitted = self._admitted(sub, sealed, upload, admit)
            placed = await asyncio.wrap_future(self._log.append(admitted.entry))
            await self._charge(sub, [admitted])
        check = self._checks.request(sealed.hash)
        result = await self._result(admitted, placed)
        if not check.before:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WAIT_S):
                    findings = await asyncio.shield(asyncio.wrap_future(check.findings))
                    result = replace(result, findings=findings or (), pending=findings is None)
        if result.pending:
            self._checks.owe(sealed.kid, sealed.hash)
        # After the check, which can change the findings of earlier segments.
        return replace(result, earlier=self._checks.take_ready(sealed.kid))

    async def put_batch(
        self,
        sub: str,
        uploads: Sequence[Upload],
        admit: Callable[[SealedSegment], None] = lambda _: None,
    ) -> list[IngestResult | ProblemError]:
        """Accept segments in this order, each as `put` does. After a segment that is refused, the
        rest of its chain gets the problem `not_tried`. The checks follow later.
        """
        with self._checks.accepting():
            prepared = await run_in_threadpool(self._admit_all, sub, uploads, admit)
            logged = [each for each in prepared if isinstance(each, _Admitted)]
            futures = [self._log.append(each.entry) for each in logged]
            placed = iter([await asyncio.wrap_future(future) for future in futures])
            await self._charge(sub, logged)
        for each in logged:
            self._checks.owe(each.sealed.kid, each.sealed.hash)
            self._checks.request(each.sealed.hash)
        return [
            await self._result(each, next(placed)) if isinstance(each, _Admitted) else each
            for each in prepared
        ]

    def _admit_all(
        self, sub: str, uploads: Sequence[Upload], admit: Callable[[SealedSegment], None]
    ) -> list[_Admitted | ProblemError]:
        prepared: list[_Admitted | ProblemError] = []
        charged: defaultdict[str, set[str]] = defaultdict(set)
        for upload in uploads:
            if prepared and isinstance(prepared[-1], ProblemError):
                prepared.append(ProblemError("not_tried"))
                continue
            try:
                sealed = self._authentic(sub, upload)
                of_contract = charged[sealed.segment.ctr]
                admitted = self._admitted(sub, sealed, upload, admit, of_contract)
                of_contract |= admitted.held
                prepared.append(admitted)
            except ProblemError as problem:
                prepared.append(problem)
        return prepared

    def _admitted(
        self,
        sub: str,
        sealed: SealedSegment,
        upload: Upload,
        admit: Callable[[SealedSegment], None],
        charged: Collection[str] = frozenset(),
    ) -> _Admitted:
        """`charged` are the pictures that earlier segments of a batch charge to the contract."""
        if sealed.pictures:
            parts, held = self._stored_parts(sub, sealed, charged)
        else:
            parts, held = received_parts(sealed, lambda _: False), frozenset()
        try:
            admit(sealed)
            if upload.expected & ~parts:
                raise ProblemError(
                    "parts_missing",
                    "Not stored: the marketplace does not hold every part that the request names."
                    " Send the pictures again, then the segment.",
                )
        except ProblemError:
            if not self._is_logged(sealed.hash):
                raise
        entry = LogEntry(
            LeafType.SEGMENT,
            sealed.hash,
            str(parts),
            rows=lambda index, _rt_ms: _rows(sealed, upload.data, index, held),
        )
        return _Admitted(sealed, entry, held)

    async def _charge(self, sub: str, logged: Sequence[_Admitted]) -> None:
        """Charge the pictures of logged segments to their contracts."""
        charged = [(each.sealed.segment.ctr, each.held) for each in logged if each.held]

        def job(connection: Connection) -> None:
            for ctr, held in charged:
                assign_to_contract(connection, sub, ctr, held)

        if charged:
            await asyncio.wrap_future(self._store.write(job))

    async def _result(self, admitted: _Admitted, placed: PlacedLeaf) -> IngestResult:
        """The result without findings."""
        sealed = admitted.sealed
        proof = (
            placed.batch.receipt(placed.index)
            if placed.batch is not None
            else await run_in_threadpool(self._receipt, placed)
        )
        head = self._advanced(sealed) or await run_in_threadpool(self._stored_head, sealed)
        return IngestResult(placed.fresh, proof, (), head, pending=True)

    def _authentic(self, sub: str, upload: Upload) -> SealedSegment:
        try:
            sealed = authenticate(upload.data, self._device, self._aud)
            if sealed.sdjwt.problems:
                raise sealed.sdjwt.problems[0]
            if sealed.hash != upload.address:
                raise DiaryError(Code.E_FORMAT, "the address is not the hash of the segment")
            if sealed.segment.sub != sub:
                raise DiaryError(Code.E_KID_UNKNOWN, "the segment is of another account")
        except DiaryError as error:
            raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error
        return sealed

    def _stored_parts(
        self, sub: str, sealed: SealedSegment, charged: Collection[str]
    ) -> tuple[int, frozenset[str]]:
        """The mask of the stored parts, which the leaf records permanently, and the files that are
        charged to the contract.
        """
        shots = sealed.pictures.values()
        thumbs = {shot.thumb.sha256 for shot in shots}
        with self._store.read() as connection:
            read = blob_reader_for(connection, self._blobs, sub)
            large = too_large(connection, thumbs)

            def held(blob: Blob) -> bool:
                if blob.sha256 in large:
                    return False
                return BlobFacts.of(read(blob.sha256)) == BlobFacts(blob.bytes, blob.sha256)

            mask = received_parts(sealed, held)
        if self._is_logged(sealed.hash):
            return mask, frozenset()
        with self._store.read() as connection:
            named = {shot.blob.sha256 for shot in shots} | thumbs - large
            holds = self._quota.check_segment(connection, sealed.segment, named, charged)
        return mask, frozenset(named) if holds else frozenset()

    def _is_logged(self, name: str) -> bool:
        columns = schema.segment.c
        with self._store.read() as connection:
            known = connection.execute(select(columns.hash).where(columns.hash == name)).first()
        return known is not None

    def _receipt(self, placed: PlacedLeaf) -> bytes:
        with self._store.read() as connection:
            return receipt(connection, placed.index)

    def _advanced(self, sealed: SealedSegment) -> ChainHead | None:
        """The head of the chain after the segment was logged; None if it is not known here."""
        if self._store.shared:
            # Other processes advance it too.
            return None
        body = sealed.segment
        with self._gate:
            known = self._heads.get((sealed.kid, body.ctr))
            if known is not None and known.seq < body.seq:
                known = ChainHead(body.ctr, body.seq, sealed.hash)
                self._heads[sealed.kid, body.ctr] = known
        return known

    def _stored_head(self, sealed: SealedSegment) -> ChainHead | None:
        key = (sealed.kid, sealed.segment.ctr)
        with self._store.read() as connection:
            stored = chain_head(connection, *key)
        if stored is not None:
            with self._gate:
                known = self._heads.get(key)
                if known is None or known.seq < stored.seq:
                    self._heads[key] = stored
                if len(self._heads) > _CACHED_HEADS:
                    self._heads.popitem(last=False)
        return stored

    def _device(self, kid: str) -> Enrolment | None:
        """An enrolled device. Enrolments never change, so they are cached."""
        with self._gate:
            known = self._devices.get(kid)
        if known is not None:
            return known
        with self._store.read() as connection:
            enrolment = device(connection, kid)
        if enrolment is not None:
            with self._gate:
                self._devices[kid] = enrolment
                if len(self._devices) > _CACHED_DEVICES:
                    self._devices.popitem(last=False)
        return enrolment


def _rows(sealed: SealedSegment, data: bytes, index: int, held: Collection[str]) -> list[Row]:
    body = sealed.segment
    rows: list[Row] = [
        (
            schema.segment,
            {
                "hash": sealed.hash,
                "idx": index,
                "kid": sealed.kid,
                "ctr": body.ctr,
                "epoch": body.epoch,
                "seq": body.seq,
                "slot": body.slot,
                "t0": body.t0,
                "t1": body.t1,
                "kind": body.kind,
                "beacon": body.bcn.h if body.bcn else None,
                "beacon_slot": body.bcn.slot if body.bcn else None,
                "data": data,
                "checked": False,
            },
        ),
        (
            schema.device_head,
            {"kid": sealed.kid, "ctr": body.ctr, "seq": body.seq, "hash": sealed.hash},
        ),
    ]
    for sha in sorted(held):
        rows.append((schema.segment_blob, {"segment": sealed.hash, "sha256": sha}))  # noqa: PERF401
    return rows
