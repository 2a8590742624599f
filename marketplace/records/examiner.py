"""Check stored segments with `diary.verification.check.check`.

The evidence is read from storage and not trusted. It includes the neighbours of the segments in
their chains, so that the check detects forks, gaps and broken chains, and the statements about the
segments and about all devices of their freelancers. Findings about neighbours are omitted.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Table, select, tuple_

from diary.core.findings import Code, DiaryError, Finding
from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.log.signed_note import NoteVerifier
from diary.objects.device_lifecycle import parse_retire
from diary.verification.chain_rules import SWITCH_BREAK_S
from diary.verification.check import Checked, Report, check
from diary.verification.evidence import BlobFacts, Evidence
from marketplace.log.beacons import files as beacon_files
from marketplace.log.log import key_receipts, parts, receipts
from marketplace.records.statements import Deletion, StatementRow, deletions, statements_about
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs

SegmentRow = Row[Any]
BlobReader = Callable[[str], bytes | None]

#: Neighbours of one segment at most, so that checking it stays cheap however many a device sends.
_NEIGHBOURS = 64
#: Further devices of one freelancer in the evidence at most, earliest first.
_DEVICES = 64
#: Segments between a late segment of a retired device and the head of its chain, at most.
_TO_HEAD = 4_096
_OVERLAPPING = (Code.W_OVERLAP, Code.W_PARALLEL)
#: Distance (s) within which another segment can be a change of device (`chain_rules`).
_NEAR_S = SWITCH_BREAK_S + SLOT
_KEY_LIFE = (LeafType.VOUCH, LeafType.RETIRE, LeafType.REVOKE)


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
        """Check the segments of `rows`; with `blob`, their pictures too.

        `beside` are segments of the same freelancer in the same slots, on any contract. They decide
        which overlapping time is paid; other results about them are omitted.
        """
        examined = self._examine(connection, rows, blob)
        if not beside:
            return examined
        slots = {row.slot for row in beside}
        near = [row for row in rows if row.slot in slots]
        together = self._examine(connection, (*near, *beside), None)
        found = examined.findings | {
            row.hash: _with_overlap(examined, together, row.hash) for row in near
        }
        checked = together.report.segments
        others = {row.hash: checked[row.hash] for row in beside if row.hash in checked}
        return replace(examined, findings=found, beside=others)

    def _examine(
        self, connection: Connection, rows: Sequence[SegmentRow], blob: BlobReader | None
    ) -> CheckResult:
        wanted = {row.hash: row for row in rows}
        near = (
            *_neighbours(connection, rows),
            *_newer_beacons(connection, rows),
            *_before(connection, rows),
        )
        context = {row.hash: row for row in near} | wanted
        devices = _devices(connection, {row.kid for row in context.values()})
        lives = statements_about(connection, _KEY_LIFE, {row.kid for row in devices})
        context = {row.hash: row for row in _to_heads(connection, rows, lives)} | context
        changes = statements_about(connection, (LeafType.AMEND, LeafType.TOMBSTONE), context)
        ctrs = {row.ctr for row in context.values()}
        terms = _select(connection, schema.terms, schema.terms.c.ctr, ctrs)
        hashes = {row.beacon for row in context.values() if row.beacon is not None}
        beacons = beacon_files(connection, hashes)
        logged = (*context.values(), *devices, *terms, *lives, *changes)
        of_leaf = receipts(connection, (row.idx for row in logged))
        statements = _StatementsByType((*lives, *changes), of_leaf)
        evidence = Evidence(
            aud=self.aud,
            verifiers=self.verifiers(),
            devices=[(row.jws, row.proof or of_leaf.get(row.idx, b"")) for row in devices],
            terms=[of_leaf.get(row.idx, b"") for row in terms],
            beacons={name: file for name, (_, file) in beacons.items()},
            segments={name: (row.data, of_leaf.get(row.idx, b"")) for name, row in context.items()},
            blob=None if blob is None else lambda sha: BlobFacts.of(blob(sha)),
            keys=key_receipts(connection),
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
            deletions(connection, self.aud, wanted),
            {},
        )


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
    columns = schema.blob_owner.c

    def read(sha: str) -> bytes | None:
        query = select(columns.sub).where(columns.sha256 == sha, columns.sub == sub)
        return None if connection.execute(query).first() is None else blobs.read(sha)

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


def near_in_time(connection: Connection, row: SegmentRow, *, after: bool) -> list[SegmentRow]:
    """The nearest automatic segment of the same freelancer and contract before a segment in time,
    or `after` it, on any device.
    """
    columns, device = schema.segment.c, schema.device
    order = (columns.t0, columns.seq, columns.hash)
    here = tuple_(row.t0, row.seq, row.hash)
    sub = select(device.c.sub).where(device.c.kid == row.kid).scalar_subquery()
    near = (
        select(schema.segment)
        .join(device)
        .where(device.c.sub == sub, columns.ctr == row.ctr, columns.kind == "auto")
        .where(columns.slot.between(row.slot - _NEAR_S, row.slot + _NEAR_S))
        .limit(1)
    )
    if after:
        return [*connection.execute(near.where(tuple_(*order) > here).order_by(*order))]
    latest = [each.desc() for each in order]
    return [*connection.execute(near.where(tuple_(*order) < here).order_by(*latest))]


def _before(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments recorded just before, on any device: before each segment of a short list; before
    the first of a long list, which covers whole weeks.
    """
    first = sorted(rows, key=lambda row: (row.t0, row.seq, row.hash))
    few = first if len(first) <= _NEIGHBOURS else first[:1]
    return [near for row in few for near in near_in_time(connection, row, after=False)]


def overlapping(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The other segments of the same freelancers in the same seconds, on any contract, the earliest
    logged ones of each slot. `rows` have the `sub` of their device.
    """
    spans: defaultdict[tuple[str, int], list[SegmentRow]] = defaultdict(list)
    for row in rows:
        spans[row.sub, row.slot].append(row)
    slots: defaultdict[str, list[int]] = defaultdict(list)
    for sub, slot in spans:
        slots[sub].append(slot)
    known = {row.hash for row in rows}
    columns = schema.segment.c
    found: list[SegmentRow] = []
    for sub, listed in slots.items():
        of_person = select(schema.segment).join(schema.device).where(schema.device.c.sub == sub)
        number: Counter[int] = Counter()
        for part in parts(sorted(listed)):
            query = of_person.where(columns.slot.in_(part)).order_by(columns.idx)
            for other in connection.execute(query):
                near = spans[sub, other.slot]
                if other.hash in known or not any(
                    other.t0 < row.t1 and other.t1 > row.t0 for row in near
                ):
                    continue
                number[other.slot] += 1
                if number[other.slot] <= _NEIGHBOURS:
                    found.append(other)
    return found


def _neighbours(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments with the same, the previous and the next numbers of each chain.

    Only the first logged segment of a number matters, so the limit loses nothing.
    """
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in rows:
        numbers[row.kid, row.ctr] |= {row.seq - 1, row.seq, row.seq + 1}
    columns = schema.segment.c
    found: list[SegmentRow] = []
    for (kid, ctr), seqs in numbers.items():
        of_chain = select(schema.segment).where(columns.kid == kid, columns.ctr == ctr)
        for part in parts(sorted(seqs)):
            near = of_chain.where(columns.seq.in_(part)).order_by(columns.idx)
            found += connection.execute(near.limit(_NEIGHBOURS + 2 * len(part)))
    return found


def _newer_beacons(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments of the same chains and weeks that name a newer beacon than all before them:
    after them an older beacon costs pay.
    """
    weeks: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for row in rows:
        if row.kind == "auto":
            weeks[row.kid, row.ctr, row.epoch].add(week_of(row.slot))
    names: set[str] = set()
    for chain, begins in weeks.items():
        for begin in begins:
            newest = -1
            for other in _chain_of(connection, chain, begin, begin + WEEK):
                if other.beacon_slot > newest:
                    newest = other.beacon_slot
                    names.add(other.hash)
    return _select(connection, schema.segment, schema.segment.c.hash, names)


def with_older_beacon(connection: Connection, name: str) -> list[str]:
    """The later segments of the week in a segment's chain (by hash) that name an older beacon;
    this segment decides whether they are paid.
    """
    columns = schema.segment.c
    row = connection.execute(select(schema.segment).where(columns.hash == name)).one()
    if row.kind != "auto" or row.beacon_slot is None:
        return []
    chain, end = (row.kid, row.ctr, row.epoch), week_of(row.slot) + WEEK
    later = _chain_of(connection, chain, row.slot, end)
    return [other.hash for other in later if other.beacon_slot < row.beacon_slot][:_NEIGHBOURS]


def _chain_of(
    connection: Connection, chain: tuple[str, str, int], begin: int, end: int
) -> list[Row[Any]]:
    """The `auto` segments of a chain with begin <= slot < end, in the order of time."""
    columns = schema.segment.c
    kid, ctr, epoch = chain
    return list(
        connection.execute(
            select(columns.hash, columns.beacon_slot)
            .where(columns.ctr == ctr, columns.slot >= begin, columns.slot < end)
            .where(columns.kid == kid, columns.epoch == epoch, columns.kind == "auto")
            .where(columns.beacon_slot.is_not(None))
            .order_by(columns.t0, columns.seq, columns.hash)
        )
    )


def _devices(connection: Connection, kids: Collection[str]) -> list[Row[Any]]:
    """The devices `kids` and others of their freelancers, which the check of vouches needs."""
    columns = schema.device.c
    own = _select(connection, schema.device, columns.kid, kids)
    found = {row.kid: row for row in own}
    for sub in {row.sub for row in own}:
        query = select(schema.device).where(columns.sub == sub).order_by(columns.idx)
        for row in connection.execute(query.limit(_DEVICES)):
            found.setdefault(row.kid, row)
    return list(found.values())


def _to_heads(
    connection: Connection, rows: Sequence[SegmentRow], lives: Sequence[StatementRow]
) -> list[SegmentRow]:
    """The segments between late segments of revoked or retired devices and the heads that their
    retirements name.
    """
    since: dict[str, int] = {}
    heads: defaultdict[tuple[str, str], int] = defaultdict(int)
    for life in lives:
        if life.type != LeafType.VOUCH:
            since.setdefault(life.subject, life.idx)
        if life.type == LeafType.RETIRE:
            with contextlib.suppress(DiaryError):
                for head in parse_retire(life.data).heads:
                    heads[life.subject, head.ctr] = max(heads[life.subject, head.ctr], head.seq)
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.idx > since.get(row.kid, row.idx) and (row.kid, row.ctr) in heads:
            first[row.kid, row.ctr] = min(row.seq, first.get((row.kid, row.ctr), row.seq))
    columns = schema.segment.c
    found: list[SegmentRow] = []
    for (kid, ctr), seq in first.items():
        chain = select(schema.segment).where(columns.kid == kid, columns.ctr == ctr)
        between = chain.where(columns.seq >= seq, columns.seq <= heads[kid, ctr])
        found += connection.execute(between.order_by(columns.seq).limit(_TO_HEAD))
    return found


def _select(
    connection: Connection, table: Table, column: Any, values: Collection[str]
) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for part in parts(sorted(values)):
        found += connection.execute(select(table).where(column.in_(part)))
    return found
