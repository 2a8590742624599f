"""Rebuilds the index from the files of the state folder.

Rules kept: the files are authoritative; a damaged segment is set aside, and a mark stays under its
name, so that its number is never used again; nothing is deleted.

Files of one segment, `segments/<ctr>/<epoch>-<seq>` and a suffix: `.sdjwt` the segment,
`.tlog-proof` its receipt, `.findings.json` the marketplace's findings, `.refused.json` its reason
for refusing it, `.damaged.json` the path of a damaged file that was set aside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from diary.core.findings import UNPAYING, Code, DiaryError
from diary.formats import json_fields
from diary.formats.encoding import canonical, digest
from diary.formats.jws import verify_jws
from diary.log.receipt import Receipt
from diary.objects.enrolment import Enrolment, parse_enrolment
from diary.objects.segment import SealedSegment, parse
from uploader.errors import Problem
from uploader.store.index.index import Index
from uploader.store.index.rows import (
    IndexContents,
    IndexRow,
    SegmentFacts,
    UploadState,
    segment_name,
)
from uploader.store.report import Report
from uploader.store.state_folder import StateFolder

SEGMENT, RECEIPT, FINDINGS = ".sdjwt", ".tlog-proof", ".findings.json"
REFUSED, DAMAGED = ".refused.json", ".damaged.json"
ENROLMENT = "enrolment.jws"
FORMER = "former"
_STEM = re.compile(r"(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})")
_BEACON = re.compile(r"([0-9]{1,16})-([A-Za-z0-9_-]{43})\.tlog-proof")


@dataclass(frozen=True)
class _Place:
    """The files of one segment, by their common name."""

    ctr: str
    epoch: int
    seq: int
    endings: frozenset[str]

    @property
    def name(self) -> str:
        return segment_name(self.ctr, self.epoch, self.seq)

    @property
    def state(self) -> UploadState:
        """The state by the files alone."""
        if SEGMENT not in self.endings:
            return UploadState.DAMAGED
        if RECEIPT in self.endings:
            return UploadState.DONE
        return UploadState.REFUSED if REFUSED in self.endings else UploadState.WAITING


class IndexRebuilder:
    """Reads the state folder. `report` receives the damage; only marks are written. `erased` gives
    the deleted disclosures of a segment.
    """

    def __init__(
        self,
        folder: StateFolder,
        report: Report,
        erased: Callable[[str], frozenset[str]] = lambda _: frozenset(),
    ) -> None:
        self._folder = folder
        self._report = report
        self._erased = erased

    def contents(self) -> IndexContents:
        """The index's content as read from the files."""
        places = list(self._places())
        enrolment = self._enrolment()
        facts = [self._facts(place, enrolment) for place in places]
        beacons = []
        for name in self._folder.names("beacons"):
            match = _BEACON.fullmatch(name)
            if match:
                beacons.append((int(match[1]), match[2]))
        return IndexContents(facts, beacons)

    def changes(self, known: Mapping[str, str]) -> tuple[list[SegmentFacts], list[str]]:
        """The changes since the index was written: new facts, and the names of lost files.

        `known` are the index's states by name. Only names are compared, so that a long diary does
        not delay the start; bytes are compared when they are used.
        """
        news, found = [], set()
        for place in self._places():
            found.add(place.name)
            if _is_news(place.state, known.get(place.name)):
                news.append(place)
        enrolment = self._enrolment() if news else None
        facts = [self._facts(place, enrolment) for place in news]
        gone = [
            name for name, state in known.items() if name not in found and state != UploadState.LOST
        ]
        return facts, gone

    def reconcile(self, index: Index) -> None:
        """Update the index from the files: after a crash between the two, the files are right.
        Raises StoreError.
        """
        news, gone = self.changes(index.states())
        for facts in news:
            held = facts.row.state is UploadState.WAITING and index.get_meta(
                f"held/{facts.row.ctr}"
            )
            state = UploadState.HELD if held else facts.row.state
            index.put(replace(facts, row=replace(facts.row, state=state)))
        for name in gone:
            index.set_lost(name)
            self._report(Problem.FILE_LOST, name + SEGMENT)

    def read_segment(self, row: IndexRow) -> bytes | None:
        """The segment's bytes; None if they are lost or damaged (set aside and reported)."""
        data = self._folder.read(row.name + SEGMENT)
        if data is None:
            self._report(Problem.FILE_LOST, row.name + SEGMENT)
        elif digest(data) != row.file and not self._is_remainder(row, data):
            self.damage(row.name, row.hash)
            data = None
        return data

    def _is_remainder(self, row: IndexRow, data: bytes) -> bool:
        """Whether a file is that of the row, without disclosures deleted since the row was read."""
        try:
            opened = parse(data).sdjwt
        except DiaryError:
            return False
        whole = opened.jws.digest == row.hash and not opened.problems
        return whole and self._erased(row.hash).issuperset(opened.withheld)

    def damage(self, name: str, known_hash: str) -> None:
        """Set a segment's file aside; the mark keeps its number and its hash."""
        moved = self._folder.set_aside(name + SEGMENT)
        mark = canonical({"hash": known_hash, "moved": moved})
        self._folder.write(name + DAMAGED, mark)
        self._report(Problem.FILE_DAMAGED, name + SEGMENT)

    def _places(self) -> Iterator[_Place]:
        for ctr in self._folder.names("segments"):
            if not json_fields.ID.fullmatch(ctr):
                continue
            endings: dict[str, set[str]] = {}
            for name in self._folder.names(f"segments/{ctr}"):
                stem, dot, ending = name.partition(".")
                endings.setdefault(stem, set()).add(dot + ending)
            for stem, found in endings.items():
                match = _STEM.fullmatch(stem)
                if match and found & {SEGMENT, DAMAGED}:
                    yield _Place(ctr, int(match[1]), int(match[2]), frozenset(found))

    def _enrolment(self) -> Enrolment | None:
        data = self._folder.read(ENROLMENT)
        try:
            return None if data is None else parse_enrolment(data)
        except DiaryError as error:
            self._report(Problem.FILE_DAMAGED, f"{ENROLMENT}: {error.detail}")
            return None

    def _facts(self, place: _Place, enrolment: Enrolment | None) -> SegmentFacts:
        data = self._folder.read(place.name + SEGMENT)
        receipt = self._receipt(place)
        if data is not None:
            try:
                sealed = _authentic(data, place, enrolment)
            except DiaryError:
                # Without a receipt, the rest of its signed part identifies it.
                signed = data.partition(b"~")[0]
                self.damage(place.name, receipt.leaf.digest if receipt else digest(signed))
            else:
                return self._sealed_facts(place, data, sealed, receipt)
        known_hash = str(self._json(place.name + DAMAGED).get("hash", ""))
        if receipt is not None:
            known_hash = receipt.leaf.digest
        row = IndexRow(
            ctr=place.ctr,
            epoch=place.epoch,
            seq=place.seq,
            kid="",
            hash=known_hash,
            file="",
            kind="auto",
            slot=0,
            t0=0,
            t1=0,
            memo=None,
            state=UploadState.DAMAGED,
        )
        return SegmentFacts(row, (), UploadState.DONE)

    def _sealed_facts(
        self, place: _Place, data: bytes, sealed: SealedSegment, receipt: Receipt | None
    ) -> SegmentFacts:
        state, detail = UploadState.WAITING, ""
        if receipt is not None and receipt.leaf.digest == sealed.hash:
            state = UploadState.DONE
        elif place.state is UploadState.REFUSED:
            state = UploadState.REFUSED
            detail = str(self._json(place.name + REFUSED).get("detail", ""))
        if state is UploadState.DONE:
            detail = unpaying(sealed.hash, self._findings(place))
        row = IndexRow.of(
            sealed, data, state, detail, receipt if state is UploadState.DONE else None
        )
        # A receipt follows the pictures, unless the marketplace reported a missing one.
        sent = state is UploadState.DONE and Code.W_BLOB_MISSING not in self._finding_codes(place)
        return SegmentFacts(
            row, pictures(sealed), UploadState.DONE if sent else UploadState.WAITING
        )

    def _receipt(self, place: _Place) -> Receipt | None:
        data = self._folder.read(place.name + RECEIPT)
        if data is None:
            return None
        try:
            return Receipt.parse(data)
        except DiaryError:
            # The marketplace sends the same one again.
            self._folder.set_aside(place.name + RECEIPT)
            self._report(Problem.FILE_DAMAGED, place.name + RECEIPT)
            return None

    def _finding_codes(self, place: _Place) -> set[str]:
        return {code for _, code in self._findings(place)}

    def _findings(self, place: _Place) -> list[tuple[str, str]]:
        """Subject and code of the marketplace's findings."""
        found = self._json(place.name + FINDINGS).get("findings", [])
        items = [item for item in found if isinstance(item, dict)]
        return [(str(item.get("subject")), str(item.get("code"))) for item in items]

    def is_unchecked(self, name: str) -> bool:
        """Whether the marketplace had not checked the segment of this file name yet."""
        return self._json(name + FINDINGS).get("pending") is True

    def _json(self, name: str) -> dict[str, Any]:
        data = self._folder.read(name)
        try:
            value = json.loads(data) if data is not None else {}
        except ValueError:
            value = {}
        return value if isinstance(value, dict) else {}


def unpaying(segment: str, findings: Iterable[tuple[str, str]]) -> str:
    """The codes about a segment that cost its pay, ascending, separated by spaces."""
    return " ".join(sorted({code for subject, code in findings if subject == segment} & UNPAYING))


def pictures(sealed: SealedSegment) -> tuple[str, ...]:
    """The digests of all stored pictures that a segment names, thumbnails included."""
    shas = {sha for s in sealed.pictures.values() for sha in (s.blob.sha256, s.thumb.sha256)}
    return tuple(sorted(shas))


def _is_news(files: UploadState, index: str | None) -> bool:
    """Whether the files have changed since the index was written.

    Only the index records that a waiting segment is HELD; a LOST one may have been restored.
    """
    return files != (UploadState.WAITING if index == UploadState.HELD else index)


def _authentic(data: bytes, place: _Place, enrolment: Enrolment | None) -> SealedSegment:
    """The segment, if its bytes are authentic and in the right place; DiaryError otherwise.

    Without the enrolment, or for an earlier device, no key is known; then the segment is accepted.
    """
    sealed = parse(data)
    if enrolment is not None and sealed.kid == enrolment.kid:
        verify_jws(sealed.sdjwt.jws, enrolment.public)
    body = sealed.segment
    if sealed.sdjwt.problems:
        raise sealed.sdjwt.problems[0]
    if (body.ctr, body.epoch, body.seq) != (place.ctr, place.epoch, place.seq):
        raise DiaryError(Code.E_FORMAT, "it lies under another name")
    return sealed
