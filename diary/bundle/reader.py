"""Reads the files of a bundle once, as evidence for the check (`docs/protocol.md` §9.4).

Names are compared with contents. A mismatch is reported (E_MANIFEST) and the file is checked all
the same, since signatures prove what counts. A file that cannot be read counts as absent. Of
pictures only length and digest are kept.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from diary.bundle.layout import MAX_IN, MAX_TEXT, PAGE, PROOF, FileKind, parse_name
from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import digest
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteVerifier
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse as parse_segment
from diary.verification.evidence import BlobFacts, Evidence


class FileSource(Protocol):
    """The files of a bundle. Reading an unreadable file raises DiaryError(E_MANIFEST); `findings`
    are about files that are not among the names.
    """

    @property
    def findings(self) -> Sequence[Finding]: ...
    def names(self) -> Sequence[str]: ...
    def length(self, name: str) -> int: ...
    def read(self, name: str) -> bytes: ...
    def facts(self, name: str) -> BlobFacts: ...


@dataclass(frozen=True)
class BundleFiles:
    """Files in memory."""

    held: Mapping[str, bytes]
    findings: Sequence[Finding] = ()

    def names(self) -> list[str]:
        """All names."""
        return list(self.held)

    def length(self, name: str) -> int:
        """The length of a file in bytes."""
        return len(self.held[name])

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        return self.held[name]

    def facts(self, name: str) -> BlobFacts:
        """The length and digest of a file."""
        return BlobFacts(len(self.held[name]), digest(self.held[name]))


@dataclass
class BundleContents:
    """The files read: the small ones by name (`held`), the facts of pictures by digest (`blobs`);
    `digests` of all files, None for an unreadable one; `subjects` the file of each subject.
    """

    held: dict[str, bytes] = field(default_factory=dict)
    named: dict[str, FileKind] = field(default_factory=dict)
    digests: dict[str, str | None] = field(default_factory=dict)
    blobs: dict[str, BlobFacts] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    subjects: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, detail: str, code: Code = Code.E_MANIFEST) -> None:
        """Add a finding about a file of the bundle."""
        self.findings.append(Finding("bundle", name, code, detail))
        self.subjects.setdefault(name, name)

    def about(self, subject: str, name: str) -> None:
        """Map findings about `subject` to this file."""
        self.subjects.setdefault(subject, name)

    def of(self, folder: str, ending: str) -> Iterator[FileKind]:
        """The files of a folder, sorted by name."""
        for name in sorted(self.held):
            named = self.named[name]
            if (named.folder, named.ending) == (folder, ending):
                yield named


def read(files: FileSource, progress: Callable[[int], None]) -> BundleContents:
    """Read all files, each once. Raises E_MANIFEST for more text than a bundle can have."""
    contents = BundleContents()
    for finding in files.findings:
        contents.note(finding.subject, finding.detail, finding.code)
    names = sorted(files.names())
    texts = [name for name in names if not name.startswith("blobs/")]
    folders = Counter(name.partition("/")[0] for name in texts)
    too_many = any(folders[folder] > most for folder, most in MAX_IN.items())
    if too_many or sum(files.length(name) for name in texts) > MAX_TEXT:
        raise DiaryError(Code.E_MANIFEST, "it holds more than a bundle can hold")
    for name in names:
        named, length = parse_name(name), files.length(name)
        progress(length)
        if named is None:
            contents.note(name, "no file of a bundle has this name")
            continue
        contents.named[name] = named
        if length > named.longest:
            contents.digests[name] = None
            contents.note(name, "the file is longer than its kind may be")
            continue
        try:
            if named.folder == "blobs":
                facts = files.facts(name)
                contents.blobs[named.parts[0]] = facts
                contents.digests[name] = facts.digest
                if facts.digest != named.parts[0]:
                    contents.note(name, "the file belongs under another name")
            else:
                data = files.read(name)
                contents.digests[name] = digest(data)
                if name != PAGE:
                    contents.held[name] = data
        except DiaryError as error:
            contents.digests[name] = None
            contents.note(name, error.detail)
    return contents


def evidence_of(
    contents: BundleContents,
    aud: str,
    keys: Sequence[NoteVerifier],
    ctr: str | None,
    sub: str | None,
    period: tuple[int, int] | None,
) -> Evidence:
    """The files as evidence. Adds findings about files with a wrong name."""
    for name in contents.named:
        contents.about(name, name)
    consistency = {
        (named.parts[0], int(named.parts[1])): contents.held[named.name]
        for named in contents.of("consistency", "")
    }
    return Evidence(
        aud=aud,
        verifiers=keys,
        devices=_pairs(contents, "devices", "jws", _kid_of),
        terms=_marketplace_objects(contents, "terms"),
        beacons=_beacons(contents),
        segments=_segments(contents),
        blob=contents.blobs.get if contents.blobs else None,
        partial=True,
        keys=_marketplace_objects(contents, "keys", lambda data, _receipt: digest(data)),
        vouches=_pairs(contents, "vouches", "jws"),
        retires=_pairs(contents, "retires", "sdjwt"),
        revokes=_marketplace_objects(contents, "revokes"),
        amends=_pairs(contents, "amends", "sdjwt"),
        tombstones=[
            *_pairs(contents, "tombstones", "jws"),
            *((None, data) for data in _marketplace_objects(contents, "tombstones")),
        ],
        reviews=_marketplace_objects(contents, "reviews"),
        checkpoints={n.parts[0]: contents.held[n.name] for n in contents.of("checkpoint", "")},
        consistency=consistency,
        ctr=ctr,
        sub=sub,
        period=period,
    )


def _kid_of(data: bytes) -> str:
    return parse_enrolment(data).kid


def _jws_digest(data: bytes) -> str:
    return digest(data.partition(b"~")[0])


def _pairs(
    contents: BundleContents,
    folder: str,
    ending: str,
    name_of: Callable[[bytes], str] = _jws_digest,
) -> list[tuple[bytes, bytes]]:
    """Signed objects of a folder with their receipts; an empty receipt for a missing one."""
    pairs = []
    for named in contents.of(folder, ending):
        data = contents.held[named.name]
        own = _jws_digest(data)
        for subject in (own, digest(data), f"{folder}/{own}"):
            contents.about(subject, named.name)
        if folder == "devices":
            with contextlib.suppress(DiaryError):
                contents.about(name_of(data), named.name)
        _compare(contents, named, lambda data=data: name_of(data))  # type: ignore[misc]
        pairs.append((data, contents.held.get(f"{named.stem}.{PROOF}", b"")))
    if folder != "tombstones":
        _note_lonely_receipts(contents, folder, ending)
    return pairs


def _note_lonely_receipts(contents: BundleContents, folder: str, ending: str) -> None:
    for named in contents.of(folder, PROOF):
        if f"{named.stem}.{ending}" not in contents.held:
            contents.note(named.name, "the object of this receipt is missing")


def _marketplace_objects(
    contents: BundleContents,
    folder: str,
    name_of: Callable[[bytes, Receipt], str] = lambda _data, r: digest(r.object or b""),
) -> list[bytes]:
    """Receipts of a folder that contain an object of the marketplace."""
    found = []
    for named in contents.of(folder, PROOF):
        if f"{named.stem}.jws" in contents.held:
            continue
        data = contents.held[named.name]
        contents.about(f"{folder}/{digest(data)}", named.name)
        _compare(contents, named, lambda data=data: name_of(data, Receipt.parse(data)))  # type: ignore[misc]
        found.append(data)
    return found


def _compare(contents: BundleContents, named: FileKind, name_of: Callable[[], str]) -> None:
    try:
        right = name_of() == named.parts[-1]
    except DiaryError:
        return  # the check reports the error
    if not right:
        contents.note(named.name, "the file belongs under another name")


def _beacons(contents: BundleContents) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for named in contents.of("beacons", PROOF):
        slot, h = named.parts
        if h in found:
            contents.note(named.name, "this beacon has another file too")
            continue
        found[h] = contents.held[named.name]
        contents.about(f"beacons/{h}", named.name)
        try:
            if Receipt.parse(found[h]).leaf.attrs != slot:
                contents.note(named.name, "the file belongs under another name")
        except DiaryError:
            pass  # the check reports the error
    return found


def _segments(contents: BundleContents) -> dict[str, tuple[bytes, bytes | None]]:
    found: dict[str, tuple[bytes, bytes | None]] = {}
    for named in contents.of("segments", "sdjwt"):
        kid, name = named.parts
        if name in found:
            contents.note(named.name, "this segment has another file too")
            continue
        data = contents.held[named.name]
        contents.about(name, named.name)
        contents.about(f"segments/{name}", named.name)
        try:
            if _jws_digest(data) != name or parse_segment(data).kid != kid:
                contents.note(named.name, "the file belongs under another name")
        except DiaryError:
            pass  # the check reports the error
        # A segment without a receipt is E_INCLUSION: nothing proves that the log holds it.
        found[name] = (data, contents.held.get(f"{named.stem}.{PROOF}", b""))
    _note_lonely_receipts(contents, "segments", "sdjwt")
    return found
