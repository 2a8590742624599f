"""A lock on a file: one process at a time owns a folder, or several processes share it.

Rules kept: the kernel holds the lock and releases it when the process dies. Only an error that
means "another process holds it" is a LockHeldError; a drive without locks is a different error.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import IO

#: The errno values for a lock that another process holds: of msvcrt.locking, and of flock(2).
_HELD = (
    {errno.EACCES, errno.EDEADLK} if sys.platform == "win32" else {errno.EAGAIN, errno.EWOULDBLOCK}
)


class LockHeldError(OSError):
    """Another process holds the lock. `filename` is the file's path."""


def lock_file(path: Path, *, shared: bool = False, wait: bool = False) -> IO[bytes]:
    """Hold the lock of a 0600 file, created if missing, until the returned file is closed.

    Several processes can hold it `shared`, which Windows has not; with `wait` the call blocks until
    it is free. Raises LockHeldError if another process holds it, and OSError otherwise: a drive
    without locks, a full lock table, a disk error.
    """
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        _try_lock(file, shared=shared, wait=wait)
    except OSError as error:
        file.close()
        if error.errno in _HELD:
            raise LockHeldError(error.errno, error.strerror, str(path)) from error
        raise
    return file


def _try_lock(file: IO[bytes], *, shared: bool, wait: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        if shared or wait:
            raise OSError(errno.ENOSYS, "this system has no such lock")
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
