"""ZIP archives as tests need them: honest ones, and ones that no honest program writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping

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
    """Where the central directory's record of an entry begins."""
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
