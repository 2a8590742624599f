"""The recorder's journal: one small file for each record, independent of the index.

Rules kept: a record is durable when `write` returns; it starts with the digest of its bytes, so
that a damaged record is detected, set aside and reported; the loss of the index, or a lock on it,
does not affect the journal.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from diary.formats.encoding import digest
from uploader.errors import Problem
from uploader.store.state_folder import StateFolder

_FOLDER = "journal"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}(/[A-Za-z0-9_-]{1,100})?")
#: A digest has 43 characters (`docs/protocol.md` §1.4).
_DIGEST_LENGTH = 43


class JournalFiles:
    """The records of `diary.interfaces.Store`. Methods may be called from any thread."""

    def __init__(self, folder: StateFolder, report: Callable[[Problem, str], None]) -> None:
        """Read all records. Raises StoreError if the disk fails."""
        self._folder = folder
        self._report = report
        self._lock = threading.Lock()
        self._records: dict[str, bytes] = {}  # guarded by the lock
        for name in folder.names(_FOLDER):
            key = name.replace(".", "/")
            if _KEY.fullmatch(key):
                self._load(key)

    def write(self, key: str, data: bytes | None) -> None:
        """Store a record; None removes it. Raises ValueError for an invalid key, StoreError if the
        disk fails.
        """
        name = _name(key)
        with self._lock:
            if data is None:
                if key in self._records:
                    self._folder.remove(name)
                    del self._records[key]
                return
            self._folder.write(name, _sealed(data))
            self._records[key] = data

    def read(self) -> dict[str, bytes]:
        """All records."""
        with self._lock:
            return dict(self._records)

    def _load(self, key: str) -> None:
        name = _name(key)
        whole = self._folder.read(name) or b""
        data = whole[_DIGEST_LENGTH + 1 :]
        if whole == _sealed(data):
            self._records[key] = data
        else:
            moved = self._folder.set_aside(name)
            self._report(Problem.JOURNAL_DAMAGED, moved)


def _sealed(data: bytes) -> bytes:
    return digest(data).encode("ascii") + b"\n" + data


def _name(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of the journal")
    return f"{_FOLDER}/{key.replace('/', '.')}"
