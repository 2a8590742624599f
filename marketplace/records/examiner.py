"""Check stored segments with `diary.verification.check.check`.

The evidence is read from storage and not trusted. It includes the neighbours of the segments in
their chains, so that the check detects forks, gaps and broken chains, and the statements about the
segments and about all devices of their freelancers. Findings about neighbours are omitted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from diary.core.findings import Code, Finding
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.log.signed_note import NoteVerifier
from diary.verification.check import Checked, Report, check
from diary.verification.evidence import BlobFacts, Evidence
from marketplace.log.beacons import files as beacon_files
from marketplace.log.log import key_receipts, parts, receipts
from marketplace.records import neighbours
from marketplace.records.neighbours import SegmentRow
from marketplace.records.statements import Deletion, StatementRow, deletions_in, statements_about
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs

BlobReader = Callable[[str], bytes | None]

#: Further devices of one freelancer in the evidence at most, earliest first.
_DEVICES = 64
#: Checks whose evidence is read together at most; bounds its memory.
_TOGETHER = 16
_OVERLAPPING = (Code.W_OVERLAP, Code.W_PARALLEL)
_KEY_LIFE = (LeafType.VOUCH, LeafType.RETIRE, LeafType.REVOKE)

_OWNED = select(schema.blob_owner.c.sub).where(
    schema.blob_owner.c.sha256 == bindparam("sha"), schema.blob_owner.c.sub == bindparam("sub")
)
_OF_PERSON = (
    select(schema.device)
    .where(schema.device.c.sub == bindparam("sub"))
    .order_by(schema.device.c.idx)
    .limit(_DEVICES)
)


@dataclass(frozen=True)
class CheckResult:
    """The result of a check: `findings` and `deletions` by segment; `general` findings about the
    log, a device or a beacon; `beside`, the overlapping segments that were checked only for their
    overlap.
    """

    report: Report
    findings: dict[str, tuple[Finding, ...]]
    general: tuple[Finding, ...]
    deletions: dict[str, tuple[Deletion, ...]]
    beside: dict[str, Checked]


@dataclass(frozen=True)
class CheckRequest:
    """Segments of one freelancer to check: `rows`, and with `blob` their pictures too.

    `beside` are segments of the same freelancer in the same slots, on any contract. They decide
    which overlapping time is paid; other results about them are omitted.
    """

    rows: Sequence[SegmentRow]
    blob: BlobReader | None
    beside: Sequence[SegmentRow] = ()

    @property
    def near_beside(self) -> list[SegmentRow]:
        """Those of `rows` in the slots of `beside`."""
        slots = {row.slot for row in self.beside}
        return [row for row in self.rows if row.slot in slots]

    @property
    def with_beside(self) -> list[SegmentRow]:
        """`near_beside` and `beside`."""
        return [*self.near_beside, *self.beside]


@dataclass(frozen=True)
class RecordChecker:
    """Checks stored segments of the marketplace `aud`; `verifiers` returns the keys of its log."""

    aud: str
    verifiers: Callable[[], Sequence[NoteVerifier]]

    def examine(
        self,
        connection: Connection,
        rows: Sequence[SegmentRow],
        blob: BlobReader | None,
        beside: Sequence[SegmentRow] = (),
    ) -> CheckResult:
        """Check the segments of one freelancer, as in `CheckRequest`."""
        return self.examine_all(connection, [CheckRequest(rows, blob, beside)])[0]

    def examine_all(
        self, connection: Connection, requests: Sequence[CheckRequest]
    ) -> list[CheckResult]:
        """Check the segments of several freelancers, each with only their own evidence, which is
        read from storage together.
        """
        return [
            result
            for part in parts(requests, _TOGETHER)
            for result in self._examine_part(connection, part)
        ]

    def _examine_part(
        self, connection: Connection, requests: Sequence[CheckRequest]
    ) -> list[CheckResult]:
        contexts: list[_Context] = []
        for request in requests:
            contexts.append(_Context.of(connection, request.rows, request.blob))
            if request.beside:
                contexts.append(_Context.of(connection, request.with_beside, None))
        stored = _StoredEvidence(connection, self.aud, contexts)
        results = iter([self._check(context, stored) for context in contexts])
        found = []
        for request in requests:
            result = next(results)
            found.append(_joined(request, result, next(results)) if request.beside else result)
        return found

    def _check(self, context: _Context, stored: _StoredEvidence) -> CheckResult:
        rows = context.rows
        wanted = {row.hash for row in rows}
        segments = stored.segments(context)
        devices = stored.devices_of(row.kid for row in segments.values())
        of_leaf = stored.receipts
        lives = stored.about(row.kid for row in devices)
        changes = stored.about(segments)
        statements = _StatementsByType((*lives, *changes), of_leaf)
        hashes = {row.beacon for row in segments.values() if row.beacon is not None}
        evidence = Evidence(
            aud=self.aud,
            verifiers=self.verifiers(),
            devices=[(row.jws, row.proof or of_leaf.get(row.idx, b"")) for row in devices],
            terms=[
                of_leaf.get(idx, b"")
                for ctr in sorted({row.ctr for row in segments.values()})
                for idx in stored.terms[ctr]
            ],
            beacons={name: stored.beacons[name] for name in hashes if name in stored.beacons},
            segments={
                name: (row.data, of_leaf.get(row.idx, b"")) for name, row in segments.items()
            },
            blob=None if context.blob is None else _facts(context.blob),
            keys=stored.keys,
            vouches=statements.signed(LeafType.VOUCH),
            retires=statements.signed(LeafType.RETIRE),
            revokes=[receipt for _, receipt in statements.of(LeafType.REVOKE)],
            amends=statements.signed(LeafType.AMEND),
            tombstones=statements.of(LeafType.TOMBSTONE),
        )
        report = check(evidence)
        findings: dict[str, list[Finding]] = defaultdict(list)
        general = []
        kids = {row.kid for row in rows}
        # The subject of a finding on a damaged enrolment is its hash.
        kids |= {digest(row.jws) for row in devices if row.kid in kids}
        for finding in report.findings:
            name = finding.subject.partition("/")[0]
            if finding.kind in ("segment", "disclosure"):
                if name in wanted:
                    findings[name].append(finding)
            elif finding.kind == "device" and finding.subject not in kids:
                continue  # another device of the freelancer
            elif not _is_late_statement(finding):
                general.append(finding)
        for row in rows:
            findings[row.hash] += _index_findings(row, report)
        return CheckResult(
            report,
            {name: tuple(sorted(set(found))) for name, found in findings.items()},
            tuple(general),
            {name: each for name, each in stored.deletions.items() if name in wanted},
            {},
        )


@dataclass(frozen=True)
class _Context:
    """Segments to check, a reader of their pictures, and their neighbours by hash."""

    rows: Sequence[SegmentRow]
    blob: BlobReader | None
    near: Mapping[str, SegmentRow]

    @classmethod
    def of(
        cls, connection: Connection, rows: Sequence[SegmentRow], blob: BlobReader | None
    ) -> _Context:
        near = (
            *neighbours.of_number(connection, rows),
            *neighbours.with_newer_beacon(connection, rows),
            *neighbours.before(connection, rows),
        )
        return cls(rows, blob, {row.hash: row for row in (*near, *rows)})


class _StoredEvidence:
    """The evidence of several checks, read with few queries. Each check takes only its own part."""

    def __init__(self, connection: Connection, aud: str, contexts: Sequence[_Context]) -> None:
        """Read everything that belongs to the contexts."""
        kids = {row.kid for context in contexts for row in context.near.values()}
        self._devices = {
            row.kid: row for row in neighbours.select_in(connection, schema.device.c.kid, kids)
        }
        self._of_person: dict[str, list[Row[Any]]] = {
            sub: list(connection.execute(_OF_PERSON, {"sub": sub}))
            for sub in {row.sub for row in self._devices.values()}
        }
        devices = {row.kid: row for listed in self._of_person.values() for row in listed}
        devices |= self._devices
        self._about: defaultdict[str, list[StatementRow]] = defaultdict(list)
        lives = statements_about(connection, _KEY_LIFE, devices)
        for row in lives:
            self._about[row.subject].append(row)
        self._to_heads = {
            id(context): {
                row.hash: row
                for row in neighbours.to_heads(
                    connection,
                    context.rows,
                    self.about(row.kid for row in self.devices_of(r.kid for r in context.rows)),
                )
            }
            for context in contexts
        }
        segments = {
            name: row for context in contexts for name, row in self.segments(context).items()
        }
        changes = statements_about(connection, (LeafType.AMEND, LeafType.TOMBSTONE), segments)
        for row in changes:
            self._about[row.subject].append(row)
        wanted = {row.hash for context in contexts for row in context.rows}
        self.deletions = deletions_in(connection, aud, [r for r in changes if r.subject in wanted])
        self.terms: defaultdict[str, list[int]] = defaultdict(list)
        ctrs = {row.ctr for row in segments.values()}
        terms = neighbours.select_in(connection, schema.terms.c.ctr, ctrs)
        for row in terms:
            self.terms[row.ctr].append(row.idx)
        hashes = {row.beacon for row in segments.values() if row.beacon is not None}
        self.beacons = {name: file for name, (_, file) in beacon_files(connection, hashes).items()}
        logged = (*segments.values(), *devices.values(), *terms, *lives, *changes)
        self.receipts = receipts(connection, (row.idx for row in logged))
        self.keys = key_receipts(connection)

    def segments(self, context: _Context) -> dict[str, SegmentRow]:
        """The segments of a check, by hash."""
        return {**self._to_heads[id(context)], **context.near}

    def devices_of(self, kids: Iterable[str]) -> list[Row[Any]]:
        """The devices `kids` and others of their freelancers, which the check of vouches needs."""
        own = {kid: self._devices[kid] for kid in sorted(set(kids)) if kid in self._devices}
        found = dict(own)
        for sub in {row.sub for row in own.values()}:
            for row in self._of_person[sub]:
                found.setdefault(row.kid, row)
        return list(found.values())

    def about(self, subjects: Iterable[str]) -> list[StatementRow]:
        """The statements about segments (by hash) or devices (by kid), in log order."""
        found = [row for each in set(subjects) for row in self._about.get(each, ())]
        return sorted(found, key=lambda row: int(row.idx))


def _facts(blob: BlobReader) -> Callable[[str], BlobFacts | None]:
    return lambda sha: BlobFacts.of(blob(sha))


def _joined(request: CheckRequest, examined: CheckResult, together: CheckResult) -> CheckResult:
    """A result with the findings on overlaps and the segments `beside` of the check with them."""
    found = examined.findings | {
        row.hash: _with_overlap(examined, together, row.hash) for row in request.near_beside
    }
    checked = together.report.segments
    others = {row.hash: checked[row.hash] for row in request.beside if row.hash in checked}
    return replace(examined, findings=found, beside=others)


class _StatementsByType:
    """Statements with their receipts, by type."""

    def __init__(self, rows: Sequence[StatementRow], of_leaf: Mapping[int, bytes]) -> None:
        self._by_type: defaultdict[str, list[tuple[bytes | None, bytes]]] = defaultdict(list)
        for row in rows:
            self._by_type[row.type].append((row.data, of_leaf.get(row.idx, b"")))

    def of(self, type_: LeafType) -> list[tuple[bytes | None, bytes]]:
        return self._by_type[type_.value]

    def signed(self, type_: LeafType) -> list[tuple[bytes, bytes]]:
        return [(data or b"", receipt) for data, receipt in self.of(type_)]


def _with_overlap(examined: CheckResult, together: CheckResult, name: str) -> tuple[Finding, ...]:
    """The findings on a segment, those on overlaps from the check with overlapping segments."""
    own = [f for f in examined.findings.get(name, ()) if f.code not in _OVERLAPPING]
    more = [f for f in together.findings.get(name, ()) if f.code in _OVERLAPPING]
    return tuple(sorted((*own, *more)))


def _is_late_statement(finding: Finding) -> bool:
    """Whether it reports a statement after the lock: not a fault of the record, and shown on the
    page of its segment.
    """
    later = finding.subject.startswith(("amends/", "tombstones/"))
    return finding.kind == "bundle" and finding.code is Code.E_LATE and later


def blob_reader_for(connection: Connection, blobs: Blobs, sub: str) -> BlobReader:
    """A reader of the pictures that the account `sub` has sent.

    An attacker who knows the hash of another account's picture could otherwise name it in a segment
    and see it.
    """

    def read(sha: str) -> bytes | None:
        owned = connection.execute(_OWNED, {"sha": sha, "sub": sub}).first()
        return None if owned is None else blobs.read(sha)

    return read


def _index_findings(row: SegmentRow, report: Report) -> list[Finding]:
    """A finding if the index columns of a segment differ from its signed fields."""
    checked = report.segments.get(row.hash)
    if checked is None:
        return []
    body = checked.sealed.segment
    signed = (checked.sealed.kid, body.ctr, body.epoch, body.seq, body.slot, body.t0, body.t1)
    if signed == (row.kid, row.ctr, row.epoch, row.seq, row.slot, row.t0, row.t1):
        return []
    return [Finding("segment", row.hash, Code.E_FORMAT, "its entry in the index was changed")]
