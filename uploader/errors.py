"""Typed errors of the uploader, each with a code of `uploader.problems`.

Rule kept: errors of the operating system, of SQLite and of the network are converted once, where
they occur.
"""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from diary.core.display import for_terminal
from system.locks import LockHeldError
from uploader.problems import Problem

__all__ = [
    "ChangeError",
    "KeysError",
    "NetworkError",
    "Problem",
    "ProofError",
    "RefusedError",
    "SeqTakenError",
    "SignInError",
    "StoreError",
    "UploaderError",
    "from_os",
    "from_sqlite",
]


class UploaderError(Exception):
    """A problem with its stable code; `detail` names the file or the response, never a secret."""

    def __init__(self, code: Problem, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        text = self.code.text
        return f"{text} ({for_terminal(self.detail)})" if self.detail else text


class StoreError(UploaderError, OSError):
    """The disk or the state folder failed; also an OSError, as `Store` documents."""


class SeqTakenError(UploaderError, ValueError):
    """Other bytes already have a chain's number."""

    def __init__(self, detail: str) -> None:
        super().__init__(Problem.SEQ_TAKEN, detail)


class NetworkError(UploaderError):
    """No usable response arrived. `retry_after_s`: the delay that the marketplace requested (s)."""

    def __init__(
        self, code: Problem, detail: str = "", *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(code, detail)
        self.retry_after_s = retry_after_s


class ChangeError(UploaderError):
    """A requested change of a sealed segment is not possible."""


class RefusedError(UploaderError):
    """The marketplace refused a request with a problem document (RFC 9457).

    `status` is the HTTP status and `reason` the document's `code`.
    """

    def __init__(self, code: Problem, status: int, reason: str, detail: str = "") -> None:
        super().__init__(code, f"{reason}: {detail}" if detail else reason)
        self.status = status
        self.reason = reason


class SignInError(UploaderError):
    """A sign-in in the browser ended without a code."""


class ProofError(UploaderError):
    """A response of the marketplace does not prove what it must."""


class KeysError(UploaderError):
    """The keyring is absent, locked or broken, or lacks the keys."""


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
_SQLITE = {
    sqlite3.SQLITE_FULL: Problem.DISK_FULL,
    sqlite3.SQLITE_READONLY: Problem.DISK_READ_ONLY,
    sqlite3.SQLITE_PERM: Problem.DISK_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Problem.DISK_READ_ONLY,
}
#: SQLite's extended codes for a drive whose locks do not work.
_SQLITE_LOCKS = {
    sqlite3.SQLITE_IOERR_LOCK,
    sqlite3.SQLITE_IOERR_RDLOCK,
    sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
    sqlite3.SQLITE_IOERR_SHMLOCK,
}
_SQLITE_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def from_os(error: OSError) -> StoreError:
    """Convert an operating-system error."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, LockHeldError):
        return StoreError(Problem.ALREADY_RUNNING, str(Path(error.filename).parent))
    if error.errno in _FULL:
        code = Problem.DISK_FULL
    elif error.errno in _READ_ONLY:
        code = Problem.DISK_READ_ONLY
    elif error.errno in _NO_LOCKS:
        code = Problem.NO_LOCKS
    else:
        code = Problem.DISK_ERROR
    return StoreError(code, error.strerror or type(error).__name__)


def from_sqlite(error: sqlite3.Error) -> StoreError:
    """Convert a database error; damage becomes INDEX_DAMAGED."""
    extended = getattr(error, "sqlite_errorcode", 0)
    if extended in _SQLITE_LOCKS:
        return StoreError(Problem.NO_LOCKS, str(error))
    primary = extended & 0xFF
    if primary in _SQLITE_DAMAGE:
        return StoreError(Problem.INDEX_DAMAGED, str(error))
    return StoreError(_SQLITE.get(primary, Problem.DISK_ERROR), str(error))
