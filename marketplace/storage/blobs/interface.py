"""The interface of both kinds of storage for pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StoredBlob:
    """A picture that was stored: its size in bytes, width and height in pixels."""

    size: int
    width: int
    height: int


#: Stores a checked picture, by calling the given function once, and records it.
Keep = Callable[[Callable[[], None], StoredBlob], None]


class BlobsError(OSError):
    """The storage of pictures failed; the message has no secret. Try again later."""


class Blobs(Protocol):
    """Stored pictures. A hash has 43 characters of base64url.

    Only complete pictures whose bytes have the hash and the format of `picture_format` get stored.
    Methods block, except for `receive`, and raise OSError, of which BlobsError is a subclass, when
    the storage fails.
    """

    def has(self, sha: str) -> bool:
        """Whether a picture of this hash is stored."""

    def read(self, sha: str) -> bytes | None:
        """The stored bytes, not verified; None if the picture is missing."""

    def pieces(self, sha: str) -> Iterator[bytes] | None:
        """The stored bytes in pieces, not verified; None if the picture is missing."""

    def names(self) -> Iterator[str]:
        """The hashes of all stored pictures, in no order."""

    def erase(self, sha: str) -> None:
        """Remove a picture if it is stored; durable on return."""

    async def receive(
        self, sha: str, chunks: AsyncIterator[bytes], limit: int, keep: Keep
    ) -> StoredBlob:
        """Check an upload of at most `limit` bytes; `keep` is called on a thread to store it.

        Raises the problems `too_large` (413), `blob_hash` and `blob_format` (422).
        """
