"""Keeps pictures that the disk refused in memory, up to a limit, until the disk accepts them.

A record never names a picture that is not on disk: flush the pictures of a segment before it is
journaled or sealed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

from diary.formats.encoding import digest

#: Maximum bytes of pictures in memory; a further picture fails.
LIMIT_BYTES = 32 << 20


class BlobStore(Protocol):
    """The part of `diary.interfaces.Store` that stores pictures."""

    def put_blob(self, data: bytes) -> str:
        """Store a picture; returns its digest."""

    def drop_blob(self, sha: str) -> None:
        """Delete a picture that no sealed segment names."""

    def blob(self, sha: str) -> bytes | None:
        """A picture's bytes; None without such a picture. Raises OSError."""


class UnwrittenPictures:
    """Stores pictures in `blobs`, or in memory. Methods may be called from any thread."""

    def __init__(self, blobs: BlobStore, limit_bytes: int = LIMIT_BYTES) -> None:
        self._blobs = blobs
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._held: dict[str, bytes] = {}  # guarded by the lock

    def put(self, data: bytes) -> tuple[str, OSError | None]:
        """Store a picture; returns its digest, and the disk's error if it is in memory only.

        Raises that error if memory is full as well.
        """
        try:
            return self._blobs.put_blob(data), None
        except OSError as error:
            sha = digest(data)
            with self._lock:
                used = sum(len(held) for name, held in self._held.items() if name != sha)
                if used + len(data) > self._limit:
                    raise
                self._held[sha] = data
            return sha, error

    def flush(self, digests: Iterable[str]) -> None:
        """Write these pictures to disk if they are in memory. Raises OSError."""
        for sha in digests:
            with self._lock:
                data = self._held.get(sha)
            if data is not None:
                self._blobs.put_blob(data)
                with self._lock:
                    self._held.pop(sha, None)

    def read(self, sha: str) -> bytes | None:
        """A picture's bytes; None if it was deleted. Raises OSError."""
        with self._lock:
            held = self._held.get(sha)
        return self._blobs.blob(sha) if held is None else held

    def drop(self, sha: str) -> None:
        """Delete a picture from disk or memory. Raises OSError."""
        with self._lock:
            self._held.pop(sha, None)
        self._blobs.drop_blob(sha)
