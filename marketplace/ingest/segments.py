"""Accept segments: store and log every authentic segment, with its findings.

Only bytes that are malformed, or that no enrolled device of the sender's account signed, are
refused (422). A device may send segments of the account's other devices, also of retired and
revoked ones. Every other fault is a finding, which can make time unpaid but never keeps it out of
the log. The stored findings serve lists; pages and exports check the bytes again.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select, update

from diary.core.findings import Code, DiaryError, Finding
from diary.log.leaf import LeafType
from diary.objects.enrolment import Enrolment
from diary.objects.picture import Blob
from diary.objects.received_parts import received_parts
from diary.objects.segment import SealedSegment
from diary.verification import credit
from diary.verification.check import authenticate
from diary.verification.evidence import BlobFacts
from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.devices.lookup import device
from marketplace.ingest.result import IngestResult
from marketplace.log import shards
from marketplace.log.log import Log, LogEntry, Row, parts, receipt
from marketplace.records import credited_totals, exceptions, segment_facts
from marketplace.records.chain_heads import chain_head
from marketplace.records.checked_segment import checked_entry
from marketplace.records.examiner import (
    RecordChecker,
    SegmentRow,
    blob_reader_for,
    near_in_time,
    overlapping,
    with_older_beacon,
)
from marketplace.records.quota import PictureQuota, assign_to_contract, too_large
from marketplace.records.segment_facts import CheckFacts
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database, DatabaseError

_CACHED_DEVICES = 4_096
#: Segments in one recheck at most.
_RECHECKED = 64


class _Found(NamedTuple):
    """The check of a segment: its row, its findings and those about its device or the log, its
    ledger entry, the log row after which its seconds can be recorded again, its facts, and the
    reasons for which its client should look at it.
    """

    row: SegmentRow
    findings: tuple[Finding, ...]
    general: tuple[Finding, ...]
    entry: credit.CreditEntry
    given_back_idx: int | None
    facts: CheckFacts | None
    attention: tuple[str, ...]


class SegmentIngest:
    """Verifies, stores and logs segments. Blocks; use it from worker threads."""

    def __init__(
        self,
        store: Database,
        log: Log,
        blobs: Blobs,
        examiner: RecordChecker,
        quota: PictureQuota,
        clock: MarketplaceClock,
    ) -> None:
        self._store = store
        self._clock = clock
        self._quota = quota
        self._log = log
        self._blobs = blobs
        self._examiner = examiner
        self._devices: OrderedDict[str, Enrolment] = OrderedDict()

    def put(
        self,
        sub: str,
        address: str,
        data: bytes,
        expected: int = 0,
        admit: Callable[[SealedSegment], None] = lambda _: None,
    ) -> IngestResult:
        """Accept a segment of the account `sub` with the hash `address`. `expected` is the mask of
        the parts that the sender expects the marketplace to hold (`received_parts`). `admit` is
        called with each authentic segment that is not logged yet, and may raise a problem.

        Raises a 422 problem with the verifier's code for bytes that are not an authentic segment
        of that account and hash, 412 `parts_missing` for a new segment without an expected part,
        507 `quota` if its pictures exceed a limit, and DatabaseError on a failed write.
        """
        try:
            sealed = authenticate(data, self._device, self._examiner.aud)
            if sealed.sdjwt.problems:
                raise sealed.sdjwt.problems[0]
            if sealed.hash != address:
                raise DiaryError(Code.E_FORMAT, "the address is not the hash of the segment")
            if sealed.segment.sub != sub:
                raise DiaryError(Code.E_KID_UNKNOWN, "the segment is of another account")
        except DiaryError as error:
            raise ProblemError(error.code.value, f"Not stored: {error.detail}.") from error
        parts_here = self._received(sub, sealed)
        logged = self._is_logged(sealed.hash)
        if not logged:
            admit(sealed)
        if expected & ~parts_here and not logged:
            raise ProblemError(
                "parts_missing",
                "Not stored: the marketplace does not hold every part that the request names."
                " Send the pictures again, then the segment.",
            )
        held = frozenset() if logged else self._held(sealed)
        entry = LogEntry(
            LeafType.SEGMENT,
            sealed.hash,
            str(parts_here),
            rows=lambda index, _rt_ms: _rows(sealed, data, index, held),
        )
        placed = self._log.append(entry).result()
        if held:
            self._store.write(
                lambda c: assign_to_contract(c, sub, sealed.segment.ctr, held)
            ).result()
        with self._store.read() as connection:
            found = self._findings(connection, [sealed.hash])
            proof = receipt(connection, placed.index)
            after = {
                *_successors(connection, sealed),
                *_earlier_unpaid(connection, sealed),
                *_next(connection, sealed),
                *with_older_beacon(connection, sealed.hash),
            }
            found.update(self._findings(connection, after))
            head = chain_head(connection, sealed.kid, sealed.segment.ctr)
        # Before the response, so that a client that has it finds the time in all totals.
        self._keep(found)
        return IngestResult(placed.fresh, proof, found[sealed.hash].findings, head)

    def _received(self, sub: str, sealed: SealedSegment) -> int:
        """The mask of the parts that are stored now; the leaf records it permanently."""
        with self._store.read() as connection:
            read = blob_reader_for(connection, self._blobs, sub)
            large = too_large(connection, {s.thumb.sha256 for s in sealed.pictures.values()})

            def held(blob: Blob) -> bool:
                if blob.sha256 in large:
                    return False
                return BlobFacts.of(read(blob.sha256)) == BlobFacts(blob.bytes, blob.sha256)

            return received_parts(sealed, held)

    def _is_logged(self, name: str) -> bool:
        columns = schema.segment.c
        with self._store.read() as connection:
            known = connection.execute(select(columns.hash).where(columns.hash == name)).first()
        return known is not None

    def _held(self, sealed: SealedSegment) -> frozenset[str]:
        """The files that are charged to the segment's contract."""
        shots = sealed.pictures.values()
        with self._store.read() as connection:
            thumbs = {shot.thumb.sha256 for shot in shots}
            named = {shot.blob.sha256 for shot in shots} | thumbs - too_large(connection, thumbs)
            holds = self._quota.check_segment(connection, sealed.segment, named)
        return frozenset(named) if holds else frozenset()

    def blob_arrived(self, sha: str) -> None:
        """Check the segments again that name a picture that has arrived."""
        columns = schema.segment_blob.c
        with self._store.read() as connection:
            query = select(columns.segment).where(columns.sha256 == sha).limit(_RECHECKED)
            names = [row.segment for row in connection.execute(query)]
        self.recheck(names)

    def recheck(self, names: Sequence[str]) -> None:
        """Check segments again, for example after a statement about them."""
        with self._store.read() as connection:
            found = self._findings(connection, names)
        self._keep(found)

    def check_unchecked(self) -> None:
        """Check the segments without a stored result: after a crash or an upgrade."""
        columns, summary = schema.segment.c, schema.segment_summary.c
        query = (
            select(columns.hash)
            .outerjoin(schema.segment_summary, summary.segment == columns.hash)
            .where(or_(columns.checked.is_(False), summary.segment.is_(None)))
            .order_by(columns.idx.desc())
        )
        with self._store.read() as connection:
            names = [row.hash for row in connection.execute(query)]
        for part in parts(names, _RECHECKED):
            self.recheck(part)

    def _device(self, kid: str) -> Enrolment | None:
        """An enrolled device. Enrolments never change, so they are cached."""
        known = self._devices.get(kid)
        if known is not None:
            return known
        with self._store.read() as connection:
            enrolment = device(connection, kid)
        if enrolment is not None:
            self._devices[kid] = enrolment
            if len(self._devices) > _CACHED_DEVICES:
                with contextlib.suppress(KeyError):
                    self._devices.popitem(last=False)
        return enrolment

    def _findings(self, connection: Connection, names: Iterable[str]) -> dict[str, _Found]:
        wanted = list(names)
        columns = schema.segment.c
        query = select(schema.segment, schema.device.c.sub).join(schema.device)
        by_sub: dict[str, list[SegmentRow]] = defaultdict(list)
        if wanted:
            for row in connection.execute(query.where(columns.hash.in_(wanted))):
                by_sub[row.sub].append(row)
        found: dict[str, _Found] = {}
        present = shards.read(connection)
        for sub, rows in by_sub.items():
            reader = blob_reader_for(connection, self._blobs, sub)
            beside = overlapping(connection, rows)
            examined = self._examiner.examine(connection, rows, reader, beside)
            for row in rows:
                findings = examined.findings.get(row.hash, ())
                checked = examined.report.segments.get(row.hash)
                position = checked.shown.given_back_at if checked is not None else None
                index = None if position is None else shards.row_of(present, position)
                facts = None if checked is None else CheckFacts.of(checked)
                found[row.hash] = _Found(
                    row,
                    findings,
                    examined.general,
                    checked_entry(row, checked, findings),
                    index,
                    facts,
                    exceptions.reasons(
                        row.kind,
                        facts,
                        findings,
                        picture_missing=any(f.code is Code.W_BLOB_MISSING for f in findings),
                        deleted=any(
                            each.by is not None and each.effective
                            for each in examined.deletions.get(row.hash, ())
                        ),
                    ),
                )
        return found

    def _keep(self, found: dict[str, _Found]) -> None:
        """Store findings and the totals in one transaction. If the write fails, the next start
        checks the segments again.
        """
        now = self._clock.real_s()

        def job(connection: Connection) -> None:
            for name, each in found.items():
                entry, table = each.entry, schema.finding
                connection.execute(delete(table).where(table.c.segment == name))
                listed = (*each.findings, *each.general)
                if listed:
                    schema.insert(connection, table, [_finding_row(name, f) for f in listed])
                segment_facts.write(connection, each.row, each.facts, now)
                segments = schema.segment
                connection.execute(
                    update(segments)
                    .where(segments.c.hash == name)
                    .values(
                        checked=True,
                        pays=entry.pays,
                        limit_s=entry.limit_s,
                        client=entry.client or None,
                        given_back_idx=each.given_back_idx,
                        attention=" ".join(each.attention) or None,
                    )
                )
            credited_totals.refresh(connection, credited_totals.weeks_of(connection, found))

        if found:
            with contextlib.suppress(DatabaseError):
                self._store.write(job).result()


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


def _finding_row(name: str, finding: Finding) -> dict[str, object]:
    return {
        "segment": name,
        "kind": finding.kind,
        "subject": finding.subject,
        "code": finding.code.value,
        "detail": finding.detail,
    }


def _successors(connection: Connection, sealed: SealedSegment) -> list[str]:
    columns = schema.segment.c
    rows = connection.execute(
        select(columns.hash).where(
            columns.kid == sealed.kid,
            columns.ctr == sealed.segment.ctr,
            columns.seq == sealed.segment.seq + 1,
        )
    )
    return [row.hash for row in rows]


def _next(connection: Connection, sealed: SealedSegment) -> set[str]:
    """The segment recorded just after it, on any device."""
    columns = schema.segment.c
    row = connection.execute(select(schema.segment).where(columns.hash == sealed.hash)).first()
    if row is None:
        return set()
    return {near.hash for near in near_in_time(connection, row, after=True)}


def _earlier_unpaid(connection: Connection, sealed: SealedSegment) -> list[str]:
    """The unpaid earlier segments of a revoked or retired device, which this one may connect to the
    head that its retirement names.
    """
    columns = schema.segment.c
    rows = connection.execute(
        select(columns.hash)
        .join(schema.finding, schema.finding.c.segment == columns.hash)
        .where(schema.finding.c.code.in_([Code.E_REVOKED.value, Code.E_RETIRED.value]))
        .where(columns.kid == sealed.kid, columns.ctr == sealed.segment.ctr)
        .where(columns.seq < sealed.segment.seq)
        .limit(_RECHECKED)
    )
    return [row.hash for row in rows]
