"""Durable, private files and folders.

Rules kept: a file is written under a unique temporary name, fsynced and renamed, and its folder is
fsynced, before the call returns; after a crash the file has the old content or the new, never a
part. Files have mode 0600, folders 0700. Functions raise the system's OSError; callers convert it.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

#: Names of temporary files begin with this. A crash can leave one, which nothing refers to.
TEMPORARY = ".tmp-"


def private_dir(path: Path) -> Path:
    """Create a folder that only its owner can read, with its parents, durably; returns it."""
    if not path.is_dir():
        private_dir(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        fsync_dir(path.parent)
    return path


def write_private(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a 0600 file completely or not at all; durable on return. `data` may be an iterable."""
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    try:
        _write_synced(temporary, [data] if isinstance(data, bytes) else data)
        os.replace(temporary, path)  # noqa: PTH105 - tests intercept `os` in this module
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def move(old: Path, new: Path) -> None:
    """Rename a file, durably. After a crash it has one of the two names."""
    os.replace(old, new)  # noqa: PTH105 - as in `write_private`
    fsync_dir(new.parent)
    if old.parent != new.parent:
        fsync_dir(old.parent)


def remove(path: Path) -> None:
    """Remove a file, durably; a missing file or folder is no error."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        fsync_dir(path.parent)


def fsync_file(descriptor: int) -> None:
    """Make the content of an open file durable."""
    if sys.platform == "darwin":
        import fcntl

        # macOS: fsync(2) leaves the bytes in the drive's cache.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError as error:
            # Network drives lack F_FULLFSYNC.
            if error.errno not in {errno.ENOTSUP, errno.EINVAL, errno.ENOTTY}:
                raise
        else:
            return
    os.fsync(descriptor)


def fsync_dir(path: Path) -> None:
    """Make the names in a folder durable. Windows does this by itself and opens no folders."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_synced(path: Path, pieces: Iterable[bytes]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        for piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        fsync_file(descriptor)
    finally:
        os.close(descriptor)
