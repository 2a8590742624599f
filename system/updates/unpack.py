"""Unpacks a release's archive into a new folder.

Rules kept, although the archive is signed: entries are folders, files and relative links inside the
folder; no path is absolute, has `..` or passes through a link; the number of entries and the size
of the unpacked archive are bounded. Everything is durable when the call returns.
"""

from __future__ import annotations

import lzma
import os
import posixpath
import sys
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from system.files import fsync_dir, fsync_file
from system.updates.errors import UpdateError, UpdateProblem

if sys.version_info >= (3, 12):
    import tarfile
else:
    # Debian 12's Python lacks the extraction filters of later patch releases.
    from backports import tarfile

#: The most bytes and entries of an archive; the program has about 150 MB in 1,000 files.
MAX_BYTES = 1000 * 1000 * 1000
MAX_ENTRIES = 20_000


def unpack(archive: Path, folder: Path, most: int = MAX_BYTES, entries: int = MAX_ENTRIES) -> None:
    """Unpack a tar.xz file into `folder`, which must not exist. `most` bounds its unpacked bytes,
    `entries` their number.

    Raises UpdateError: ARCHIVE_REFUSED, or DISK for an error of the disk.
    """
    try:
        folder.mkdir(mode=0o700)
        with lzma.open(archive) as packed:
            stream = _Bounded(packed, most)
            _extract(stream, folder, entries)
            while stream.read(65_536):
                pass  # lzma compares the checksum at the end
        fsync_tree(folder)
    except (tarfile.TarError, lzma.LZMAError, EOFError, zlib.error, ValueError) as error:
        raise UpdateError(UpdateProblem.ARCHIVE_REFUSED, str(error)[:200]) from error
    except OSError as error:
        raise UpdateError(UpdateProblem.DISK, error.strerror or "") from error


class _Bounded:
    """Reads a file, and raises ValueError after `most` bytes."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._left = most

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ValueError("the archive expands to too many bytes")
        return data


def _extract(stream: _Bounded, folder: Path, most: int) -> None:
    links: set[PurePosixPath] = set()
    count = 0

    def check(member: Any, path: str) -> Any:
        nonlocal count
        count += 1
        if count > most:
            raise ValueError("the archive has too many entries")
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or "\\" in member.name or ":" in member.name:
            raise ValueError(f"the path {member.name!r}")
        if not (member.isreg() or member.isdir() or member.issym()):
            raise ValueError(f"{member.name!r} is neither a file, a folder nor a link")
        if not links.isdisjoint((name, *name.parents)):
            raise ValueError(f"{member.name!r} passes through a link")
        if member.issym():
            _check_link(member)
            links.add(name)
        return tarfile.data_filter(member, path)

    with tarfile.open(fileobj=stream, mode="r|") as tar:  # type: ignore[call-overload,unused-ignore]
        tar.extractall(folder, filter=check)  # noqa: S202 - `check` refuses what leaves the folder


def _check_link(member: Any) -> None:
    target = member.linkname
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(member.name), target))
    if target.startswith("/") or "\\" in target or inside.split("/")[0] == "..":
        raise ValueError(f"the link {member.name!r} leads out of the archive")


def fsync_tree(folder: Path) -> None:
    """Make a folder with all its files and names durable. Raises OSError."""
    for parent, _, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                # Windows syncs only files that are open for writing.
                flags = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
                descriptor = os.open(path, flags)
                try:
                    fsync_file(descriptor)
                finally:
                    os.close(descriptor)
        fsync_dir(Path(parent))
