"""Reads a bundle's ZIP, which an attacker may have made (`docs/protocol.md` §9.4).

A bundle is one narrow form of ZIP, so that every reader sees the same files in it: the entries one
after the other from the first byte on, the list of entries, the end record, and nothing else. The
standard library accepts many other forms and repairs them differently from other readers;
`docs/adr/0003-one-narrow-form-of-zip.md` has the reasons for a reader of this form alone.

Memory stays bounded: nothing is written, entries are read in pieces, and the unpacked bytes are
counted instead of trusting the length that an entry claims.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from diary.bundle.layout import MAX_FILES, parse_name
from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import b64url_encode
from diary.verification.evidence import BlobFacts

#: Bytes of the list of all entries, which is read at once: 160 for each of the longest names.
MAX_DIRECTORY = MAX_FILES * 160
#: Signed text compresses about four times; decompression bombs reach 1,000 times.
MAX_RATIO = 20
_FREE = 16 * 1024 * 1024
_PIECE = 64 * 1024
_FROM_END = 2

_END = struct.Struct("<4sHHHHIIH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_DESCRIPTOR = struct.Struct("<4sIII")
#: The part of a record of the list that equals the local header, from the version to the length of
#: the extra fields.
_SHARED = slice(6, 32)
#: CRC and both lengths within a local header.
_SUMS = slice(14, 26)
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_STREAMED = 0x8
_UTF8 = 0x800
#: The compression level.
_EFFORT = 0x2 | 0x4


class ArchiveError(Exception):
    """The file is not the archive of a bundle; the message gives the reason."""


@dataclass(frozen=True)
class _Entry:
    """One entry by its record in the list. `header` is the local header that follows from the
    record, `descriptor` the bytes that must follow the packed bytes; the entry begins at `begin`.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    length: int
    mode: int
    header: bytes
    descriptor: bytes
    begin: int

    @property
    def end(self) -> int:
        """The offset of the next entry."""
        return self.begin + len(self.header) + self.packed + len(self.descriptor)


class Archive:
    """An open archive: `diary.bundle.reader.FileSource` over a ZIP. Keep `file` open while in use.

    `findings` names the entries that are not read, each with the reason (E_MANIFEST).
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read the list of entries. Raises ArchiveError, and the OSError of `file`."""
        self.findings: list[Finding] = []
        self._file = file
        size = file.seek(0, _FROM_END)
        listed = _listed(file, size)
        if sum(entry.length for entry in listed) > MAX_RATIO * size + _FREE:
            raise ArchiveError("it would unpack to far more than a bundle of its size can hold")
        self._entries = self._readable_entries(listed)

    def _readable_entries(self, listed: list[_Entry]) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        doubled: set[str] = set()
        for entry in listed:
            if entry.name in entries:
                doubled.add(entry.name)
            entries[entry.name] = entry
        for name, entry in list(entries.items()):
            problem = "two entries have this name" if name in doubled else _problem(entry)
            if problem:
                self.findings.append(Finding("bundle", name, Code.E_MANIFEST, problem))
                del entries[name]
        return entries

    def names(self) -> list[str]:
        """The names of the entries that can be read, sorted."""
        return sorted(self._entries)

    def length(self, name: str) -> int:
        """The length that the entry claims, in bytes."""
        return self._entries[name].length

    def read(self, name: str) -> bytes:
        """The bytes of a small entry. Raises E_MANIFEST if it is damaged."""
        return b"".join(self._pieces(name))

    def facts(self, name: str) -> BlobFacts:
        """Length and digest of an entry, read in pieces. Raises E_MANIFEST like `read`."""
        hasher, length = hashlib.sha256(), 0
        for piece in self._pieces(name):
            hasher.update(piece)
            length += len(piece)
        return BlobFacts(length, b64url_encode(hasher.digest()))

    def _pieces(self, name: str) -> Iterator[bytes]:
        entry = self._entries[name]
        named = parse_name(name)
        if named is None or entry.length > named.longest:
            raise DiaryError(Code.E_MANIFEST, "the file is longer than its kind may be")
        left, crc = entry.length, 0
        try:
            for piece in _unpacked(self._packed(entry), deflated=entry.method == _DEFLATED):
                left -= len(piece)
                if left < 0:
                    break
                crc = zlib.crc32(piece, crc)
                yield piece
        except (zlib.error, OSError) as error:
            raise DiaryError(Code.E_MANIFEST, "the file cannot be unpacked") from error
        if left:
            raise DiaryError(Code.E_MANIFEST, "the file does not have the length that it claims")
        if crc != entry.crc:
            raise DiaryError(Code.E_MANIFEST, "the file cannot be unpacked")

    def _packed(self, entry: _Entry) -> Iterator[bytes]:
        data = entry.begin + len(entry.header)
        if (
            self._bytes(entry.begin, len(entry.header)) != entry.header
            or self._bytes(data + entry.packed, len(entry.descriptor)) != entry.descriptor
        ):
            raise DiaryError(
                Code.E_MANIFEST, "the file differs from its entry in the list of files"
            )
        for at in range(0, entry.packed, _PIECE):
            yield self._bytes(data + at, min(_PIECE, entry.packed - at))

    def _bytes(self, begin: int, length: int) -> bytes:
        self._file.seek(begin)
        return self._file.read(length)


def _listed(file: BinaryIO, size: int) -> list[_Entry]:
    """All entries in order. Raises ArchiveError unless they are the whole file."""
    count, length, offset = _end(_read(file, size - _END.size, _END.size))
    if length > MAX_DIRECTORY or count > MAX_FILES:
        raise ArchiveError("it has more files than a bundle can have")
    if offset + length + _END.size != size:
        raise ArchiveError("something is before, between or after its files")
    directory = _read(file, offset, length)
    entries: list[_Entry] = []
    record_at = begin = 0
    for _ in range(count):
        entry, record_at = _entry(directory, record_at, begin)
        entries.append(entry)
        begin = entry.end
    if record_at != length or begin != offset:
        raise ArchiveError("something is before, between or after its files")
    return entries


def _read(file: BinaryIO, begin: int, length: int) -> bytes:
    """Exactly these bytes of the file. Raises ArchiveError."""
    if begin < 0:
        raise ArchiveError("this is not a whole ZIP archive")
    file.seek(begin)
    data = file.read(length)
    if len(data) != length:
        raise ArchiveError("this is not a whole ZIP archive")
    return data


def _end(record: bytes) -> tuple[int, int, int]:
    """Number of entries, length and offset of their list."""
    mark, disk, first, here, count, length, offset, comment = _END.unpack(record)
    if mark != b"PK\5\6":
        raise ArchiveError("this is not a whole ZIP archive")
    if disk or first or here != count or comment:
        raise ArchiveError("its end record is not that of a bundle")
    return count, length, offset


def _entry(directory: bytes, record_at: int, begin: int) -> tuple[_Entry, int]:
    """The entry whose record is at `record_at`, and the offset of the next record. The entry must
    begin at `begin` in the file.
    """
    record = directory[record_at : record_at + _CENTRAL.size]
    if len(record) < _CENTRAL.size:
        raise ArchiveError("its list of files is cut off")
    mark, _, _, flags, method, _, _, crc, packed, length, named, *others = _CENTRAL.unpack(record)
    extra, comment, disk, _, external, offset = others
    record_at += _CENTRAL.size
    name = directory[record_at : record_at + named]
    if mark != b"PK\1\2" or len(name) != named:
        raise ArchiveError("its list of files is cut off")
    if extra or comment or disk:
        raise ArchiveError("a file has extra fields, a comment or a disk")
    if offset != begin:
        raise ArchiveError("something is before, between or after its files")
    try:
        text = name.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise ArchiveError("a name is not UTF-8") from error
    header, descriptor = bytearray(b"PK\3\4" + record[_SHARED] + name), b""
    if flags & _STREAMED:
        header[_SUMS] = bytes(12)
        descriptor = _DESCRIPTOR.pack(b"PK\7\b", crc, packed, length)
    entry = _Entry(
        name=text,
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        length=length,
        mode=external >> 16,
        header=bytes(header),
        descriptor=descriptor,
        begin=begin,
    )
    return entry, record_at + named


def _unpacked(packed: Iterator[bytes], *, deflated: bool) -> Iterator[bytes]:
    """The pieces of a file. Raises zlib.error unless it is exactly one deflated stream."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        if not deflated:
            yield piece
            continue
        rest = piece
        while rest:
            if stream.eof:
                raise zlib.error("something follows the stream")
            yield stream.decompress(rest, _PIECE)
            rest = stream.unconsumed_tail or stream.unused_data
    while deflated and not stream.eof:
        rest = stream.decompress(b"", _PIECE)
        if not rest:
            raise zlib.error("the stream does not end")
        yield rest


def _problem(entry: _Entry) -> str:
    """Why an entry is not read; empty if it is."""
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG):
        return "this is not a regular file"
    if entry.flags & _ENCRYPTED:
        return "the file is encrypted"
    known = _STREAMED | _UTF8 | _EFFORT
    if entry.method not in (_STORED, _DEFLATED) or entry.flags & ~known:
        return "the file is packed in a way that a bundle does not allow"
    if "\0" in entry.name:
        return "the name is not plain"
    return ""
