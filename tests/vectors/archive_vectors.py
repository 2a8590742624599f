"""Archives, each with the result of reading it (`docs/protocol.md` §9.4)."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace
from typing import Any

from diary.bundle.zip_reader import Archive, ArchiveError
from diary.core.findings import DiaryError
from diary.formats.encoding import b64url_encode, digest
from tests.diary.zips import ZipEnd, ZipEntry, built, entry, streamed

TEXT = b"log a+b+c\nquorum none\n" * 20
PICTURE = b"RIFF" + bytes(range(256))
BLOB = f"blobs/{digest(PICTURE)}"

#: The results: read completely, refused, or with one file that counts as absent.
READ, REFUSED, ABSENT = "read", "refused", "absent"

#: The text, deflated. Stored, since programs that deflate differ in the bytes.
_STREAM_OF_TEXT = bytes.fromhex("cbc94f5748d44ed24ee62a2ccd2f2acd55c8cbcf4be5ca19151de4a200")
_EMPTY_STREAM = bytes.fromhex("0300")
_PACKED = entry("policy.txt", TEXT, packed=_STREAM_OF_TEXT, method=zipfile.ZIP_DEFLATED)
_STREAM = streamed(_PACKED)
_EMPTY = entry("policy.txt", b"", packed=_EMPTY_STREAM, method=zipfile.ZIP_DEFLATED)


def _deflated(packed: bytes, **changes: Any) -> ZipEntry:
    return entry("policy.txt", TEXT, method=zipfile.ZIP_DEFLATED, packed=packed, **changes)


def _in_stored_blocks() -> bytes:
    """A deflate stream of stored blocks (RFC 1951 section 3.2.4)."""
    return b"\1" + struct.pack("<HH", len(TEXT), len(TEXT) ^ 0xFFFF) + TEXT


def _around(**changes: Any) -> bytes:
    return built([_PACKED, entry(BLOB, PICTURE)], ZipEnd(**changes))


def _one(made: ZipEntry) -> bytes:
    return built([made, entry(BLOB, PICTURE)])


def _zip64_end() -> bytes:
    """A record and a locator of the 64-bit form, equal to the end record."""
    return b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16)


#: Name, archive, result; the first file of each archive is the one in question.
ARCHIVES: tuple[tuple[str, bytes, str], ...] = (
    ("deflated and stored", _one(_PACKED), READ),
    ("both stored", _one(entry("policy.txt", TEXT)), READ),
    ("no file", built([]), READ),
    ("an empty file, stored", _one(entry("policy.txt", b"")), READ),
    ("an empty file, deflated", _one(_EMPTY), READ),
    ("deflated in stored blocks", _one(_deflated(_in_stored_blocks())), READ),
    ("lengths after the bytes", _one(_STREAM), READ),
    ("lengths after stored bytes", _one(streamed(entry("policy.txt", TEXT))), READ),
    ("another time", _one(entry("policy.txt", TEXT, time=7, date=99)), READ),
    ("another maker", _one(entry("policy.txt", TEXT, made_by=63, internal=1)), READ),
    ("no mode", _one(entry("policy.txt", TEXT, external=0)), READ),
    ("attributes of DOS", _one(entry("policy.txt", TEXT, external=0x20)), READ),
    ("bits for the effort", _one(_deflated(_PACKED.packed, flags=6)), READ),
    ("a name that is said to be UTF-8", _one(entry("policy.txt", TEXT, flags=0x800)), READ),
    ("a later version needed", _one(entry("policy.txt", TEXT, needed=45)), READ),
    # The archive.
    ("nothing", b"", REFUSED),
    ("cut short", _one(_PACKED)[:-1], REFUSED),
    ("without its first byte", _one(_PACKED)[1:], REFUSED),
    ("a byte before", _around(prefix=b"x"), REFUSED),
    ("a byte before, and places that do not count it", b"x" + _one(_PACKED), REFUSED),
    ("a script before", b"#!/bin/sh\n" + _one(_PACKED), REFUSED),
    ("a byte after", _around(suffix=b"\0"), REFUSED),
    ("an archive after", _one(_PACKED) + built([]), REFUSED),
    ("a comment", _around(comment=b"a remark"), REFUSED),
    ("a comment that is not there", _around(claimed_comment=1), REFUSED),
    ("an end record in the comment", _around(comment=built([])), REFUSED),
    ("a byte between the files and their list", _around(between=b"x"), REFUSED),
    ("a byte between the list and the end", _around(before=b"x"), REFUSED),
    ("a 64-bit end record", _around(before=_zip64_end()), REFUSED),
    ("a list that is said to begin earlier", _around(shift=-1), REFUSED),
    ("a list that is said to be longer", _around(longer=1), REFUSED),
    ("a list that is said to be shorter", _around(longer=-1), REFUSED),
    ("one file fewer than there are", _around(count=1, here=1), REFUSED),
    ("one file more than there are", _around(count=3, here=3), REFUSED),
    ("no file of two", _around(count=0, here=0), REFUSED),
    ("one of two files on this disk", _around(here=1), REFUSED),
    ("two of one file on this disk", _around(count=1), REFUSED),
    ("65,535 files", _around(count=0xFFFF, here=0xFFFF), REFUSED),
    ("a second disk", _around(disk=1), REFUSED),
    ("a list on a second disk", _around(first=1), REFUSED),
    # The list.
    ("extra fields", _one(entry("policy.txt", TEXT, extra=b"UT\1\0\0")), REFUSED),
    (
        "extra fields in both places",
        _one(entry("policy.txt", TEXT, extra=b"UT\1\0\0", local={"extra": b"UT\1\0\0"})),
        REFUSED,
    ),
    (
        "lengths of 64 bits",
        _one(entry("policy.txt", TEXT, extra=b"\1\0\x08\0" + bytes(8), length=0xFFFFFFFF)),
        REFUSED,
    ),
    ("a length that only 64 bits could hold", _one(entry("x", b"", claimed=0xFFFFFFFF)), REFUSED),
    ("a comment of a file", _one(entry("policy.txt", TEXT, comment=b"x")), REFUSED),
    ("a file on a second disk", _one(entry("policy.txt", TEXT, disk=1)), REFUSED),
    ("a file that begins later", _one(entry("policy.txt", TEXT, shift=1)), REFUSED),
    ("a file that begins before the archive", _one(entry("policy.txt", TEXT, shift=-1)), REFUSED),
    ("a byte before a file", _one(entry("policy.txt", TEXT, before=b"x")), REFUSED),
    ("a byte after a file", _one(entry("policy.txt", TEXT, after=b"x")), REFUSED),
    ("a hidden file between two", _one(entry("policy.txt", TEXT, after=b"PK\3\4")), REFUSED),
    ("more packed bytes than there are", _one(entry("policy.txt", TEXT, claimed=9999)), REFUSED),
    ("fewer packed bytes than there are", _one(entry("policy.txt", TEXT, claimed=9)), REFUSED),
    (
        "two files that share their bytes",
        built(
            [
                entry("policy.txt", TEXT),
                entry(BLOB, TEXT, packed=b"", claimed=len(TEXT), shift=-len(TEXT) - 40),
            ]
        ),
        REFUSED,
    ),
    (
        "a file within another",
        built(
            [
                entry("policy.txt", built([entry(BLOB, PICTURE)])),
                entry(BLOB, PICTURE, packed=b"", claimed=len(PICTURE), shift=-500),
            ]
        ),
        REFUSED,
    ),
    ("a list in another order than the files", _around(reverse=True), REFUSED),
    ("no lengths after the bytes, though it is said", _one(entry("x", b"", flags=8)), REFUSED),
    (
        "lengths after the bytes without their signature",
        _one(streamed(_PACKED, after=_STREAM.after[4:])),
        REFUSED,
    ),
    (
        "lengths of 64 bits after the bytes",
        _one(streamed(_PACKED, after=_STREAM.after + bytes(8))),
        REFUSED,
    ),
    ("a name that is not UTF-8", _one(entry(b"\xff", b"", flags=0x800)), REFUSED),
    ("a claim of a mountain", _one(entry("verify.html", b"", length=0x7FFFFFFF)), REFUSED),
    # One file.
    ("a CRC of something else", _one(entry("policy.txt", TEXT, crc=1)), ABSENT),
    ("a length that is too small", _one(entry("policy.txt", TEXT, length=9)), ABSENT),
    ("a length that is too large", _one(entry("policy.txt", TEXT, length=999)), ABSENT),
    ("a deflated length that is too small", _one(_deflated(_PACKED.packed, length=9)), ABSENT),
    ("a deflated length that is too large", _one(_deflated(_PACKED.packed, length=999)), ABSENT),
    ("a byte after the deflate stream", _one(_deflated(_PACKED.packed + b"x")), ABSENT),
    ("two deflate streams", _one(_deflated(_PACKED.packed * 2)), ABSENT),
    ("a deflate stream that is cut", _one(_deflated(_PACKED.packed[:-1])), ABSENT),
    ("half a deflate stream", _one(_deflated(_PACKED.packed[: len(_PACKED.packed) // 2])), ABSENT),
    ("no deflate stream", _one(_deflated(b"")), ABSENT),
    ("a wrong deflate stream", _one(_deflated(b"\xff" * 9)), ABSENT),
    (
        "an empty file and a byte",
        _one(replace(_EMPTY, packed=_EMPTY_STREAM + b"x")),
        ABSENT,
    ),
    ("a zlib stream", _one(_deflated(b"\x78\x9c" + _STREAM_OF_TEXT + bytes(4))), ABSENT),
    ("encrypted", _one(entry("policy.txt", TEXT, flags=1)), ABSENT),
    ("encrypted strongly", _one(entry("policy.txt", TEXT, flags=0x40)), ABSENT),
    ("with a hidden header", _one(entry("policy.txt", TEXT, flags=0x2000)), ABSENT),
    ("patched data", _one(entry("policy.txt", TEXT, flags=0x20)), ABSENT),
    ("a reserved bit", _one(entry("policy.txt", TEXT, flags=0x1000)), ABSENT),
    ("packed with bzip2", _one(entry("policy.txt", TEXT, method=zipfile.ZIP_BZIP2)), ABSENT),
    ("packed with deflate64", _one(entry("policy.txt", TEXT, method=9)), ABSENT),
    ("a link", _one(entry("policy.txt", TEXT, external=0o120777 << 16)), ABSENT),
    ("a folder", _one(entry("policy.txt", TEXT, external=0o040755 << 16)), ABSENT),
    ("a name with a NUL", _one(entry("policy.txt\0", TEXT)), ABSENT),
    ("a name of no bundle", _one(entry("notes.txt", TEXT)), ABSENT),
    ("a name above the folder", _one(entry("../policy.txt", TEXT)), ABSENT),
    ("an absolute name", _one(entry("/policy.txt", TEXT)), ABSENT),
    ("a name in code page 437", _one(entry(bytes(range(1, 256)), b"")), ABSENT),
    ("an empty name", _one(entry("", b"")), ABSENT),
    *(
        (
            f"another {name} in the file's own header",
            _one(entry("policy.txt", TEXT, local={name: value})),
            ABSENT,
        )
        for name, value in (
            ("needed", 10),
            ("flags", 0x800),
            ("method", 8),
            ("time", 1),
            ("date", 34),
            ("crc", 0),
            ("claimed", 1),
            ("length", 1),
            ("name", b"policy.tx7"),
        )
    ),
    (
        "other lengths after the bytes",
        _one(streamed(_PACKED, after=_STREAM.after[:-1] + b"\1")),
        ABSENT,
    ),
    (
        "lengths before the bytes and after them",
        _one(streamed(_PACKED, local={})),
        ABSENT,
    ),
)


def files_of(data: bytes) -> dict[str, str | None] | None:
    """The digest of each file of an archive by its name, None for one that counts as absent; None
    for an archive that is refused.
    """
    try:
        archive = Archive(io.BytesIO(data))
    except ArchiveError:
        return None
    found: dict[str, str | None] = {finding.subject: None for finding in archive.findings}
    for name in archive.names():
        try:
            found[name] = digest(archive.read(name))
        except DiaryError:
            found[name] = None
    return dict(sorted(found.items()))


def fate_of(files: dict[str, str | None] | None) -> str:
    """The result of reading an archive."""
    return REFUSED if files is None else ABSENT if None in files.values() else READ


def file() -> bytes:
    """The vectors."""
    made = [
        {"name": name, "zip": b64url_encode(data), "files": files_of(data)}
        for name, data, _ in ARCHIVES
    ]
    return (json.dumps(made, indent=1) + "\n").encode()
