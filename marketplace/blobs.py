"""Pictures by their hash: a folder of content-addressed files.

A file is there only when it is whole: bytes are hashed while they arrive in a temporary file, and
it is fsynced and renamed only if the hash is the promised one. Nothing temporary outlives the
request, and what a crash leaves is swept at the next start. An S3-compatible store comes in at this
boundary.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from PIL import Image, WebPImagePlugin

from diary.encoding import b64u
from marketplace.config import fsync_dir, private_dir
from marketplace.problems import ProblemError

#: More than four screens of 3840 x 2160; a viewer that decodes it needs 256 MB.
MAX_PIXELS = 64_000_000


class Blobs:
    """The folder at `root`. One process uses it at a time."""

    def __init__(self, root: Path) -> None:
        self._root = private_dir(root)
        self._arriving = private_dir(root / "arriving")
        for orphan in self._arriving.iterdir():
            orphan.unlink()

    def path(self, sha: str) -> Path:
        """Where the bytes of a hash (43 characters of base64url) lie, whether they exist or not."""
        return self._root / sha[:2] / sha

    def read(self, sha: str) -> bytes | None:
        """The stored bytes, not checked; None if there are none."""
        try:
            return self.path(sha).read_bytes()
        except FileNotFoundError:
            return None

    def names(self) -> Iterator[str]:
        """The hashes of all stored files, in no order."""
        for folder in self._root.iterdir():
            if folder != self._arriving:
                yield from (path.name for path in folder.iterdir())

    def erase(self, sha: str) -> None:
        """Remove the bytes of a hash for good, if they are there; durable when this returns."""
        path = self.path(sha)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            fsync_dir(path.parent)

    async def receive(self, sha: str, chunks: AsyncIterator[bytes], limit: int) -> int:
        """Store what arrives, if it is a WebP picture of the hash `sha`; returns its size.

        Raises the problems `too_large` (413), `blob_hash` and `blob_format` (422).
        """
        temporary = self._arriving / secrets.token_hex(16)
        hasher, size = hashlib.sha256(), 0
        try:
            with temporary.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise ProblemError(
                            413, "too_large", f"A picture has at most {limit} bytes."
                        )
                    hasher.update(chunk)
                    file.write(chunk)
                if b64u(hasher.digest()) != sha:
                    raise ProblemError(
                        422, "blob_hash", "The bytes that arrived are not those of the address."
                    )
                await to_thread.run_sync(_sync, file)
            await to_thread.run_sync(_check_picture, temporary)
            await to_thread.run_sync(self._keep, temporary, self.path(sha))
        finally:
            # Also when the client went away in the middle of its upload.
            temporary.unlink(missing_ok=True)
        return size

    def _keep(self, temporary: Path, final: Path) -> None:
        private_dir(final.parent)
        temporary.replace(final)
        fsync_dir(final.parent)
        fsync_dir(self._root)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _check_picture(path: Path) -> None:
    """Refuse what is no single WebP picture of a sane size, so that no viewer chokes on it.

    Only the container's head is read; nothing is decoded here.
    """
    try:
        with path.open("rb") as file:
            picture = WebPImagePlugin.WebPImageFile(file)
            width, height = picture.size
            frames = getattr(picture, "n_frames", 1)
    except (
        OSError,
        SyntaxError,
        ValueError,
        MemoryError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ProblemError(422, "blob_format", "This is not a WebP picture.") from error
    if frames != 1 or width * height > MAX_PIXELS:
        raise ProblemError(422, "blob_format", "The picture moves, or is larger than any screen.")
