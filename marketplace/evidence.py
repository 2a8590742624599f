"""Putting together what `diary.verify.check` needs to know about some segments.

Everything is taken from storage as it is; nothing is believed. Beside the segments in question come
those of the same numbers and the ones before and after them in their chains, so that forks, gaps
and broken chains show; findings about those neighbours are left out of the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from diary.errors import Code, Finding
from diary.evidence import BlobFacts, Evidence
from diary.note import NoteVerifier
from diary.verify import Report, check
from marketplace import schema
from marketplace.blobs import Blobs
from marketplace.log import parts, receipts

SegmentRow = Row[Any]
BlobReader = Callable[[str], bytes | None]

#: How many others are looked at beside a segment, at most: what somebody sends by the thousand
#: must not make each of them as dear as all together.
_NEIGHBOURS = 64


@dataclass(frozen=True)
class Examined:
    """What was found. `findings` are by segment, `general` about the log, a device, a beacon."""

    report: Report
    findings: dict[str, tuple[Finding, ...]]
    general: tuple[Finding, ...]


@dataclass(frozen=True)
class Examiner:
    """Checks stored segments of the marketplace `aud` whose log has the key `verifier`."""

    aud: str
    verifier: NoteVerifier

    def examine(
        self,
        connection: Connection,
        rows: Sequence[SegmentRow],
        blob: BlobReader | None,
        beside: Sequence[SegmentRow] = (),
    ) -> Examined:
        """Check the segments of `rows`; with `blob`, their pictures too.

        `beside` are others of the same freelancer that may overlap with them.
        """
        wanted = {row.hash: row for row in rows}
        others = (*_neighbours(connection, rows), *beside)
        context = {**{row.hash: row for row in others}, **wanted}
        kids = {row.kid for row in context.values()}
        devices = _select(connection, schema.device, schema.device.c.kid, kids)
        ctrs = {row.ctr for row in context.values()}
        terms = _select(connection, schema.terms, schema.terms.c.ctr, ctrs)
        hashes = {row.beacon for row in context.values() if row.beacon is not None}
        beacons = _select(connection, schema.beacon, schema.beacon.c.hash, hashes)
        of_leaf = receipts(connection, (row.idx for row in (*context.values(), *devices, *terms)))
        evidence = Evidence(
            aud=self.aud,
            verifiers=[self.verifier],
            devices=[(row.jws, of_leaf.get(row.idx, b"")) for row in devices],
            terms=[of_leaf.get(row.idx, b"") for row in terms],
            beacons={row.hash: row.file or b"" for row in beacons},
            segments={name: (row.data, of_leaf.get(row.idx, b"")) for name, row in context.items()},
            blob=None if blob is None else lambda sha: BlobFacts.of(blob(sha)),
        )
        report = check(evidence)
        findings: dict[str, list[Finding]] = defaultdict(list)
        general = []
        for finding in report.findings:
            name = finding.subject.partition("/")[0]
            if finding.kind not in ("segment", "disclosure"):
                general.append(finding)
            elif name in wanted:
                findings[name].append(finding)
        for row in rows:
            findings[row.hash] += _index_findings(row, report)
        return Examined(
            report,
            {name: tuple(sorted(set(found))) for name, found in findings.items()},
            tuple(general),
        )


def owned(connection: Connection, blobs: Blobs, sub: str) -> BlobReader:
    """Reads pictures that the account `sub` has sent itself.

    Without this, whoever learns the hash of somebody else's picture could name it in a segment of
    their own and have it shown.
    """
    columns = schema.blob_owner.c

    def read(sha: str) -> bytes | None:
        query = select(columns.sub).where(columns.sha256 == sha, columns.sub == sub)
        return None if connection.execute(query).first() is None else blobs.read(sha)

    return read


def _index_findings(row: SegmentRow, report: Report) -> list[Finding]:
    """Whether the columns by which a segment is found still say what it says itself."""
    checked = report.segments.get(row.hash)
    if checked is None:
        return []
    body = checked.sealed.segment
    signed = (checked.sealed.kid, body.ctr, body.epoch, body.seq, body.slot, body.t0, body.t1)
    if signed == (row.kid, row.ctr, row.epoch, row.seq, row.slot, row.t0, row.t1):
        return []
    return [Finding("segment", row.hash, Code.E_FORMAT, "its entry in the index was changed")]


def overlapping(connection: Connection, row: SegmentRow) -> list[SegmentRow]:
    """What else the freelancer has in the same seconds, the earliest logged first."""
    columns = schema.segment.c
    return list(
        connection.execute(
            select(schema.segment)
            .join(schema.device)
            .where(schema.device.c.sub == row.sub, columns.ctr == row.ctr)
            .where(columns.slot == row.slot, columns.t0 < row.t1, columns.t1 > row.t0)
            .order_by(columns.idx)
            .limit(_NEIGHBOURS)
        )
    )


def _neighbours(connection: Connection, rows: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The same and the next numbers of each chain.

    Of many segments of one number the first logged one matters, so a bound loses nothing.
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


def _select(
    connection: Connection, table: Table, column: Any, values: Collection[str]
) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for part in parts(sorted(values)):
        found += connection.execute(select(table).where(column.in_(part)))
    return found
