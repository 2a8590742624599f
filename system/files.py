"""Durable, private files and folders.

Rules kept: a file is written under a temporary name of its own, fsynced and renamed, and its folder
is fsynced, before the call returns; after a crash there is the old content or the new, never a
part. Files have mode 0600, folders 0700. Every function raises the OSError of the system; the
callers add the sentences.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

#: Names of temporary files begin with this. A crash can leave one; nothing refers to it.
TEMPORARY = ".tmp-"


def private_dir(path: Path) -> Path:
    """Make a folder that only its owner can read, with its parents, durably; return it."""
    if not path.is_dir():
        private_dir(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        fsync_dir(path.parent)
    return path


def write_private(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a 0600 file, whole or not at all; durable on return. `data` may come in pieces."""
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    try:
        _write_synced(temporary, [data] if isinstance(data, bytes) else data)
        os.replace(temporary, path)  # noqa: PTH105 - tests intercept the calls of `os` in this module
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def move(old: Path, new: Path) -> None:
    """Rename a file, durably. At every moment it has one of the two names."""
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

        # fsync(2) there leaves the bytes in the drive's cache.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError as error:
            # Network drives know no F_FULLFSYNC.
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
