"""Exports the freelancer's record of a week as a bundle, from the state folder alone
(`docs/protocol.md` §9.1).

Rules kept: it only reads and needs no lock, key or network, so that it can run beside the program;
a retirement discloses the head of this contract only. With the log's tiles (`LogReader`) every
receipt is renewed under the newest checkpoint and one history is proven; without them the receipts
stay unchanged, and unproven checkpoints are counted and reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from diary.bundle.html_verifier import verify_page
from diary.bundle.layout import PAGE, POLICY
from diary.bundle.manifest import Manifest
from diary.bundle.writer import (
    File,
    signed_files,
    statement_file,
    with_heads_of,
    with_history,
    write,
)
from diary.core.demo_clock import TimeLapse
from diary.core.findings import DiaryError
from diary.core.slots import WEEK
from diary.formats import json_fields
from diary.formats.encoding import Json, digest
from diary.log.policy import PolicyLog, write_policy
from diary.log.receipt import Receipt
from diary.log.shard_keys import extend_trust
from diary.log.signed_note import NoteVerifier
from diary.objects.amendment import parse_amend
from diary.objects.device_lifecycle import parse_retire, parse_vouch
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import SealedSegment, parse
from diary.objects.terms import Terms
from diary.objects.tombstone import parse_tombstone
from uploader.errors import Problem, StoreError
from uploader.log.receipt_renewal import LogReader, ReceiptRenewal

_PIECE = 64 * 1024
_PROOF = ".tlog-proof"
_SEGMENT = re.compile(r"(0|[1-9][0-9]*)-(0|[1-9][0-9]*)\.sdjwt")


@dataclass
class ExportSummary:
    """The contents of a bundle, and the missing parts.

    `segments` are included; `waiting` segments are not, since they have no receipt yet; `damaged`
    files cannot be read; segments name `beacons`, `terms` and `pictures` that the folder does not
    have; no proof connects the `unproven` checkpoints to the newest one.
    """

    segments: int = 0
    waiting: int = 0
    damaged: int = 0
    beacons: int = 0
    terms: int = 0
    pictures: int = 0
    unproven: int = 0
    shas: set[str] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        gaps = (self.waiting, self.damaged, self.beacons, self.terms, self.unproven)
        return not any(gaps) and not self.pictures


def export(
    root: Path, ctr: str, week: int, now_ms: int, log: LogReader | None = None
) -> tuple[Iterator[bytes], ExportSummary]:
    """The bundle of the week that begins at `week` (Unix s) in pieces, and its summary.

    `root` is the folder of one marketplace, `now_ms` this machine's clock. Raises StoreError:
    NOT_ENROLLED, FILE_DAMAGED, or an error of the disk.
    """
    kept = _Kept(root)
    settings = kept.settings()
    announced = [data for _, data in kept.all("keys", _PROOF)]
    vkeys = [*settings.get("earlier", []), settings["vkey"]]
    trusted, _ = extend_trust([NoteVerifier.parse(vkey) for vkey in vkeys], announced)
    contents = ExportSummary()
    chosen = list(_chosen(kept, ctr, week, contents))
    files = list(_objects(kept, ctr, chosen, contents, announced))
    known = [data for _, data in kept.all("checkpoints", "")]
    history = ReceiptRenewal(known, trusted, log)
    history.cover(files)
    files = [_named(name, history.renewed(name, data)) for name, data in files]
    about = Manifest(
        aud=settings["aud"],
        ctr=ctr,
        sub=kept.sub(),
        first=week,
        end=week + WEEK,
        made=_now_s(settings, now_ms),
        files={},
    )
    policy = write_policy([PolicyLog(each) for each in trusted], history.witnesses)
    own: list[File] = [(POLICY, policy)]
    own.append((PAGE, verify_page()))
    with_proofs = with_history(
        [*own, *files], history.newest(files), history.prove, preferred=history.cosigned
    )
    gathered = list(with_proofs)
    contents.unproven = history.unproven
    contents.pictures = sum(not (root / "blobs" / sha).is_file() for sha in contents.shas)
    pictures: list[File] = [
        (f"blobs/{sha}", lambda sha=sha: _pieces(root / "blobs" / sha))  # type: ignore[misc]
        for sha in sorted(contents.shas)
    ]
    return write([*gathered, *pictures], about), contents


def _named(name: str, data: bytes) -> tuple[str, bytes]:
    """The file's name in the bundle: the digest of its object, for a log key's receipt its own."""
    return (f"keys/{digest(data)}{_PROOF}" if name.startswith("keys/") else name), data


def _now_s(settings: Json, now_ms: int) -> int:
    demo = settings.get("demo")
    if not isinstance(demo, dict):
        return now_ms // 1000
    return TimeLapse(demo["speed"], demo["origin_ms"]).wall(now_ms) // 1000


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while piece := file.read(_PIECE):
            yield piece


class _Kept:
    """The files of the state folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def all(self, folder: str, ending: str) -> Iterator[tuple[str, bytes]]:
        """The files of a folder by their names without the ending, sorted."""
        for path in sorted((self._root / folder).glob(f"[!.]*{ending}")):
            data = self.read(f"{folder}/{path.name}") if path.is_file() else None
            if data is not None:
                yield f"{folder}/{path.name.removesuffix(ending)}", data

    def settings(self) -> Json:
        data = self.read("marketplace.json")
        if data is None:
            raise StoreError(Problem.NOT_ENROLLED)
        try:
            obj: Json = json.loads(data)
            json_fields.matching(obj, "aud", json_fields.AUD)
            for vkey in (*obj.get("earlier", []), obj["vkey"]):
                NoteVerifier.parse(vkey)
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(Problem.FILE_DAMAGED, "marketplace.json") from error
        return obj

    def sub(self) -> str:
        data = self.read("enrolment.jws")
        if data is None:
            raise StoreError(Problem.NOT_ENROLLED)
        try:
            return parse_enrolment(data).sub
        except DiaryError as error:
            raise StoreError(Problem.FILE_DAMAGED, "enrolment.jws") from error


def _chosen(
    kept: _Kept, ctr: str, week: int, contents: ExportSummary
) -> Iterator[tuple[SealedSegment, bytes, bytes]]:
    """The segments of the week that the log holds."""
    for stem, data in kept.all(f"segments/{ctr}", ".sdjwt"):
        try:
            sealed = parse(data)
        except DiaryError:
            contents.damaged += 1
            continue
        if not week <= sealed.segment.t0 < week + WEEK:
            continue
        receipt = kept.read(stem + _PROOF)
        if receipt is None:
            contents.waiting += 1
            continue
        contents.segments += 1
        yield sealed, data, receipt


def _objects(
    kept: _Kept,
    ctr: str,
    chosen: Iterable[tuple[SealedSegment, bytes, bytes]],
    contents: ExportSummary,
    announced: Iterable[bytes],
) -> Iterator[tuple[str, bytes]]:
    """All files that the segments rest on, under the names of a bundle."""
    beacons: set[str] = set()
    terms: set[str] = set()
    names: set[str] = set()
    for sealed, data, receipt in chosen:
        yield from _small(signed_files("segments", data, receipt))
        names.add(sealed.hash)
        terms.add(sealed.segment.terms)
        if sealed.segment.bcn is not None:
            beacons.add(f"beacons/{sealed.segment.bcn.slot}-{sealed.segment.bcn.h}")
        for shot in sealed.pictures.values():
            contents.shas |= {shot.blob.sha256, shot.thumb.sha256}
    for stem in sorted(beacons):
        beacon = kept.read(stem + _PROOF)
        if beacon is None:
            contents.beacons += 1
        else:
            yield stem + _PROOF, beacon
    known = set()
    for _, data in kept.all("terms", _PROOF):
        try:
            obj = Receipt.parse(data).object or b""
            mine = Terms.parse(obj).ctr == ctr
        except DiaryError:
            contents.damaged += 1
            continue
        if mine:
            known.add(digest(obj))
            yield from _small([statement_file("terms", data)])
    contents.terms = len(terms - known)
    for data in announced:
        yield from _small([statement_file("keys", data)])
    yield from _devices_and_statements(kept, ctr, names, contents)


def _devices_and_statements(
    kept: _Kept, ctr: str, names: set[str], contents: ExportSummary
) -> Iterator[tuple[str, bytes]]:
    kids = set()
    stems = ["enrolment", *(stem for stem, _ in kept.all("former", ".jws"))]
    for stem in stems:
        data, receipt = kept.read(f"{stem}.jws"), kept.read(stem + _PROOF)
        if data is None or receipt is None:
            continue
        try:
            kids.add(parse_enrolment(data).kid)
        except DiaryError:
            contents.damaged += 1
            continue
        yield from _small(signed_files("devices", data, receipt))
    for folder, ending in (
        ("vouches", ".jws"),
        ("retires", ".sdjwt"),
        ("amends", ".sdjwt"),
        ("tombstones", ".jws"),
    ):
        for stem, data in kept.all(folder, ending):
            receipt = kept.read(stem + _PROOF)
            try:
                if receipt is not None and _concerns(folder, data, kids, names):
                    shown = with_heads_of(data, ctr) if folder == "retires" else data
                    yield from _small(signed_files(folder, shown, receipt))
            except DiaryError:
                contents.damaged += 1


def _concerns(folder: str, data: bytes, kids: set[str], names: set[str]) -> bool:
    """Whether a statement is about these devices or segments."""
    if folder == "vouches":
        return parse_vouch(data).kid in kids
    if folder == "retires":
        return parse_retire(data).sdjwt.jws.kid in kids
    about = parse_amend(data) if folder == "amends" else parse_tombstone(data)
    return about.segment in names


def _small(files: Iterable[File]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        if isinstance(data, bytes):
            yield name, data
