"""Reading a ZIP that somebody else made: bounded before anything is unpacked, and while it is.

Rules kept: nothing is written anywhere; an entry is read only under a name that a bundle has, so no
path leads anywhere; links, encrypted and doubled entries are refused; a length that the archive
claims is not believed: the bytes that really come out are counted; all entries together may claim
only what an archive of that size can honestly hold; pictures pass in small pieces.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import IO, BinaryIO, cast

from diary.encoding import b64u
from diary.errors import Code, DiaryError, Finding
from diary.evidence import BlobFacts
from diary.layout import MAX_FILES, parse_name

#: The list of all entries, which has to be read at once: 160 bytes for each of the longest names.
MAX_DIRECTORY = MAX_FILES * 160
#: Signed text becomes some four times as small; this is far from honest bundles and from bombs.
MAX_RATIO = 20
_FREE = 16 * 1024 * 1024
_PIECE = 64 * 1024
#: To the end of the file.
_END = 2
_ENCRYPTED = 0x1 | 0x40
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
#: What the standard library raises for entries and archives that are not what they say.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    IndexError,
)


class ArchiveError(Exception):
    """This is no archive that could be read at all; the text says why."""


class _Bounded:
    """The archive's file; refuses to give much of it at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length = file.seek(0, _END)

    def read(self, size: int | None = -1) -> bytes:
        left = max(0, self.length - self._file.tell())
        size = left if size is None or size < 0 else min(size, left)
        if size > MAX_DIRECTORY:
            raise zipfile.BadZipFile("the list of entries is too long")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """The file is its opener's."""


class Archive:
    """An open archive: `diary.bundle.Files` over a ZIP. Keep `file` open while it is used.

    `findings` names the entries that are not looked into, each with the reason (E_MANIFEST).
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read the list of entries. Raises ArchiveError."""
        self.findings: list[Finding] = []
        try:
            bounded = _Bounded(file)
            self._zip = zipfile.ZipFile(cast("IO[bytes]", bounded))
        except _BROKEN as error:
            raise ArchiveError("this is not a whole ZIP archive") from error
        listed = self._zip.infolist()
        if len(listed) > MAX_FILES:
            raise ArchiveError("it has more files than a bundle can have")
        if sum(info.file_size for info in listed) > MAX_RATIO * bounded.length + _FREE:
            raise ArchiveError("it would unpack to far more than it can honestly hold")
        self._entries = self._judge(listed)

    def _judge(self, listed: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        entries: dict[str, zipfile.ZipInfo] = {}
        doubled: set[str] = set()
        for info in listed:
            # The name as it stands: `filename` ends at a NUL and has its slashes turned.
            name = info.orig_filename
            if name in entries:
                doubled.add(name)
            entries[name] = info
        for name, info in list(entries.items()):
            problem = "this name stands twice" if name in doubled else _problem(info)
            if problem:
                self.findings.append(Finding("bundle", name, Code.E_MANIFEST, problem))
                del entries[name]
        return entries

    def names(self) -> list[str]:
        """The names of the entries that can be read, sorted."""
        return sorted(self._entries)

    def length(self, name: str) -> int:
        """How long the entry says that it is, in bytes."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The bytes of a small entry. Raises E_MANIFEST if it cannot be read whole."""
        return b"".join(self._pieces(name))

    def facts(self, name: str) -> BlobFacts:
        """Length and digest of an entry, which passes in pieces. Raises E_MANIFEST as `read`."""
        hasher, length = hashlib.sha256(), 0
        for piece in self._pieces(name):
            hasher.update(piece)
            length += len(piece)
        return BlobFacts(length, b64u(hasher.digest()))

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._entries[name]
        named = parse_name(name)
        if named is None or info.file_size > named.longest:
            raise DiaryError(Code.E_MANIFEST, "the file is longer than its kind may be")
        with _told(), self._zip.open(_as_it_lies(info)) as entry:
            left, crc = info.file_size, 0
            for piece in _unpacked(entry, deflated=info.compress_type == zipfile.ZIP_DEFLATED):
                left -= len(piece)
                if left < 0:
                    break
                crc = zlib.crc32(piece, crc)
                yield piece
        if left:
            raise DiaryError(Code.E_MANIFEST, "the file has not the length that it says")
        if crc != info.CRC:
            raise DiaryError(Code.E_MANIFEST, "the file cannot be unpacked")


def _as_it_lies(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The entry as if its packed bytes were the file: the library reads no further than the length
    that it was told, and so would not see what else was packed in. Other readers would.
    """
    raw = copy(info)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, info.compress_size
    del raw.CRC
    return raw


def _unpacked(entry: IO[bytes], *, deflated: bool) -> Iterator[bytes]:
    """The pieces of a file. Raises zlib.error unless it is exactly one deflated stream."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed := entry.read(_PIECE):
        if not deflated:
            yield packed
            continue
        while packed:
            if stream.eof:
                raise zlib.error("something follows the stream")
            yield stream.decompress(packed, _PIECE)
            packed = stream.unconsumed_tail or stream.unused_data
    while deflated and not stream.eof:
        rest = stream.decompress(b"", _PIECE)
        if not rest:
            raise zlib.error("the stream does not end")
        yield rest


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the library raises into E_MANIFEST."""
    try:
        yield
    except DiaryError:
        raise
    except _BROKEN as error:
        raise DiaryError(Code.E_MANIFEST, "the file cannot be unpacked") from error


def _problem(info: zipfile.ZipInfo) -> str:
    """Why an entry is not looked into; nothing if it may be."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "this is not a regular file"
    if info.flag_bits & _ENCRYPTED:
        return "the file is encrypted"
    if info.compress_type not in _METHODS:
        return "the file is packed in a way that a bundle does not know"
    if info.filename != info.orig_filename:
        return "the name is not plain"
    return ""
