"""ZIP archives for tests: honest ones, and ones that no honest program writes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Edit = Callable[[zipfile.ZipInfo], None]


def zipped(
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    edit: Edit = lambda _info: None,
    *,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An archive of these files, in their order; `edit` may change each entry before it."""
    buffer = io.BytesIO()
    listed = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in listed:
            info = zipfile.ZipInfo("placeholder")
            # The constructor would end the name at a NUL.
            info.filename = info.orig_filename = name
            info.compress_type = method
            edit(info)
            archive.writestr(info, data)
    return buffer.getvalue()


def central(data: bytes, name: str) -> int:
    """The offset of an entry's record in the central directory."""
    at = data.index(b"PK\x01\x02")
    while data[at : at + 4] == b"PK\x01\x02":
        n, m, k = struct.unpack("<HHH", data[at + 28 : at + 34])
        if data[at + 46 : at + 46 + n] == name.encode():
            return at
        at += 46 + n + m + k
    raise KeyError(name)


def patched(data: bytes, name: str, offset: int, value: bytes) -> bytes:
    """The archive with some bytes of an entry's central record replaced."""
    at = central(data, name) + offset
    return data[:at] + value + data[at + len(value) :]


@dataclass
class ZipEntry:
    """An entry of an archive that `built` writes; every field can be false. `local` are the fields
    in which its local header differs from the list's record.
    """

    name: bytes
    packed: bytes
    crc: int = 0
    length: int = 0
    method: int = zipfile.ZIP_STORED
    flags: int = 0
    made_by: int = 0x0314
    needed: int = 20
    time: int = 0
    date: int = 33
    extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    internal: int = 0
    external: int = 0o100644 << 16
    #: None: the number of packed bytes.
    claimed: int | None = None
    #: Added to the offset in the list.
    shift: int = 0
    #: Bytes before the local header, and after the packed bytes.
    before: bytes = b""
    after: bytes = b""
    local: dict[str, Any] = field(default_factory=dict)

    def header(self, **changes: Any) -> bytes:
        """The fields that the list's record and the local header share, without the name."""
        made = replace(self, **changes)
        size = len(made.packed) if made.claimed is None else made.claimed
        return struct.pack(
            "<HHHHHIIIHH",
            *(made.needed, made.flags, made.method, made.time, made.date, made.crc, size),
            *(made.length, len(made.name), len(made.extra)),
        )


@dataclass
class ZipEnd:
    """The end record with surrounding bytes; None: the true values."""

    count: int | None = None
    here: int | None = None
    disk: int = 0
    first: int = 0
    shift: int = 0
    longer: int = 0
    comment: bytes = b""
    claimed_comment: int | None = None
    prefix: bytes = b""
    between: bytes = b""
    before: bytes = b""
    suffix: bytes = b""
    reverse: bool = False


def entry(name: str | bytes, data: bytes, *, deflated: bool = False, **changes: Any) -> ZipEntry:
    """An honest entry with changes."""
    packed = zlib.compress(data, 9, -zlib.MAX_WBITS) if deflated else data
    named = name if isinstance(name, bytes) else name.encode()
    made = ZipEntry(named, packed, zlib.crc32(data), len(data))
    made.method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    return replace(made, **changes)


def deflated(data: bytes) -> bytes:
    """The stream of these bytes."""
    return zlib.compress(data, 9, -zlib.MAX_WBITS)


def streamed(made: ZipEntry, **changes: Any) -> ZipEntry:
    """As written by a program that cannot seek: lengths and CRC follow the bytes."""
    descriptor = struct.pack("<4sIII", b"PK\7\b", made.crc, len(made.packed), made.length)
    flags = made.flags | 8
    local = {"crc": 0, "claimed": 0, "length": 0}
    fields = {"flags": flags, "local": local, "after": descriptor, **changes}
    return replace(made, **fields)


def built(entries: Iterable[ZipEntry], ending: ZipEnd | None = None) -> bytes:
    """The archive of exactly these records."""
    ending = ending or ZipEnd()
    body, records = bytearray(ending.prefix), []
    for each in entries:
        body += each.before
        at = len(body) + each.shift
        local = replace(each, **{"extra": b"", "local": {}, **each.local})
        body += b"PK\3\4" + local.header() + local.name + local.extra + each.packed + each.after
        others = (len(each.comment), each.disk, each.internal, each.external, at % 2**32)
        records.append(
            b"PK\1\2"
            + struct.pack("<H", each.made_by)
            + each.header()
            + struct.pack("<HHHII", *others)
            + each.name
            + each.extra
            + each.comment
        )
    directory, count = b"".join(records[::-1] if ending.reverse else records), len(records)
    offset, size = len(body) + len(ending.between) + ending.shift, len(directory) + ending.longer
    comment = ending.comment
    record = struct.pack(
        "<4sHHHHIIH",
        *(b"PK\5\6", ending.disk, ending.first),
        count if ending.here is None else ending.here,
        count if ending.count is None else ending.count,
        *(size % 2**32, offset % 2**32),
        len(comment) if ending.claimed_comment is None else ending.claimed_comment,
    )
    between, before = ending.between, ending.before
    return bytes(body) + between + directory + before + record + comment + ending.suffix
