"""Writes a bundle: the names of its objects, the consistency proofs of its receipts, the ZIP.

The archive is a stream, one file after the other; the manifest comes last and names the files that
were written. The same files always give the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import IO, cast

from diary.bundle.layout import MANIFEST, PROOF
from diary.bundle.manifest import Manifest
from diary.core.findings import DiaryError
from diary.formats.encoding import b64url_encode, decimal, digest
from diary.log.leaf import LeafType
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.shard_keys import LogKey
from diary.objects.device_lifecycle import parse_retire
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse as parse_segment

#: A file's bytes, or a function that returns them in pieces: a picture is never in memory as a
#: whole.
Content = bytes | Callable[[], Iterator[bytes]]
File = tuple[str, Content]
#: Returns the file of the proof from an older size of a log (by name) to the size of the checkpoint
#: in the bundle; None if it is not available.
Prove = Callable[[str, int, int], bytes | None]
#: The earliest time that a ZIP can represent: the time of a file's creation is not disclosed.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_REGULAR = 0o100644 << 16


def signed_files(folder: str, data: bytes, receipt: bytes | None) -> Iterator[File]:
    """A signed object and its receipt under their names. Raises the errors of its parser."""
    jws = data.partition(b"~")[0]
    if folder == "segments":
        sealed = parse_segment(data)
        stem = f"{sealed.kid}/{sealed.hash}"
    else:
        stem = parse_enrolment(data).kid if folder == "devices" else digest(jws)
    yield f"{folder}/{stem}.{'jws' if jws == data else 'sdjwt'}", data
    if receipt is not None:
        yield f"{folder}/{stem}.{PROOF}", receipt


def statement_file(folder: str, receipt: bytes) -> File:
    """A receipt with the marketplace's object in it, under its name. Raises E_FORMAT."""
    named = receipt if folder == "keys" else Receipt.parse(receipt).object or b""
    return f"{folder}/{digest(named)}.{PROOF}", receipt


def beacon_file(data: bytes) -> File:
    """A beacon's file under its name. Raises E_FORMAT."""
    return f"beacons/{Receipt.parse(data).leaf.attrs}-{digest(data)}.{PROOF}", data


def with_heads_of(data: bytes, ctr: str) -> bytes:
    """A retirement that discloses its head on one contract and withholds all others, so that one
    client does not learn about another. Raises the errors of `parse_retire`.
    """
    opened = parse_retire(data).sdjwt
    shown = [part.text for part in opened.disclosures if _is_of(part.value, ctr)]
    return b"~".join([opened.jws.data, *(text.encode("ascii") for text in shown), b""])


def _is_of(value: object, ctr: str) -> bool:
    return isinstance(value, dict) and value.get("ctr") == ctr


def with_history(
    files: Iterable[File],
    checkpoints: Mapping[str, bytes],
    prove: Prove,
    seen: Iterable[tuple[str, int]] = (),
    preferred: Mapping[str, bytes] = MappingProxyType({}),
) -> Iterator[File]:
    """The files, then `checkpoints` (the newest of each log, by its name), and a proof of
    consistency from every older checkpoint found in the files, and from those that the reader has
    `seen` (name and size of a log).

    A checkpoint in `preferred`, such as the newest that witnesses have cosigned, replaces the
    newest of its log unless one of those is larger.
    """
    states: set[tuple[str, int]] = set(seen)
    for name, data in files:
        yield name, data
        if name.endswith(f".{PROOF}") and isinstance(data, bytes):
            # The check of the bundle reports a malformed receipt.
            with contextlib.suppress(DiaryError):
                states |= set(_states(Receipt.parse(data)))
    chosen = dict(checkpoints)
    for name, note in preferred.items():
        size = state_of(note)[1]
        if all(size >= seen_size for seen_name, seen_size in states if seen_name == name):
            chosen[name] = note
    newest = {name: state_of(note)[1] for name, note in chosen.items()}
    for name, note in sorted(chosen.items()):
        yield f"checkpoint/{name}", note
    for name, size in sorted(states):
        if name in newest and size < newest[name]:
            proof = prove(name, size, newest[name])
            if proof is not None:
                yield f"consistency/{name}/{size}", proof


def _states(receipt: Receipt) -> Iterator[tuple[str, int]]:
    yield state_of(receipt.checkpoint)
    if receipt.leaf.type is LeafType.KEY and receipt.index == 0:
        key = LogKey.parse(receipt.object or b"")
        yield Origin.parse(key.prev_origin).name, key.prev_size


def state_of(note: bytes) -> tuple[str, int]:
    """The log's name and the size in a checkpoint, without verification. Raises E_FORMAT or
    E_POLICY for a malformed one.
    """
    lines = note.decode("utf-8", "replace").split("\n")
    return Origin.parse(lines[0]).name, decimal(lines[1] if len(lines) > 1 else "")


def write(files: Iterable[File], about: Manifest, *, packed: bool = True) -> Iterator[bytes]:
    """The ZIP in pieces. `about` is the manifest without its files. A repeated name, and a file
    without pieces, are left out. Without `packed`, no file is compressed.
    """
    sink = _Sink()
    digests: dict[str, str] = {}
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w") as archive:
        for name, content in files:
            pieces = _pieces(content)
            first = next(pieces, None)
            if name in digests or name == MANIFEST or first is None:
                continue
            hasher = hashlib.sha256()
            with archive.open(_info(name, packed=packed), "w") as entry:
                for piece in itertools.chain([first], pieces):
                    hasher.update(piece)
                    entry.write(piece)
                    yield sink.take()
            digests[name] = b64url_encode(hasher.digest())
        manifest = replace(about, files=digests).data()
        archive.writestr(_info(MANIFEST, packed=packed), manifest)
    yield sink.take()


def _pieces(content: Content) -> Iterator[bytes]:
    return iter([content]) if isinstance(content, bytes) else content()


def _info(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _NO_TIME)
    # Pictures are compressed already.
    stored = not packed or name.startswith("blobs/")
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    # The same on every system.
    info.create_system, info.external_attr = _UNIX, _REGULAR
    return info


class _Sink:
    """Collects the archive's output until `take`; not seekable."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered elsewhere."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data
