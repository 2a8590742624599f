"""Pictures as content-addressed files.

Only complete files exist under their hash: an upload is hashed while it is written to a temporary
file, which is fsynced and renamed only if the hash matches. The request removes its temporary file,
and the next start removes those that a crash left. An S3-compatible store can replace this class.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, WebPImagePlugin
from starlette.concurrency import run_in_threadpool

from diary.formats.encoding import b64url_encode
from marketplace.core.problems import ProblemError
from system.files import fsync_dir, fsync_file, move, private_dir, remove

#: More than four screens of 3840 x 2160; decoding takes 256 MB.
MAX_PIXELS = 64_000_000
#: Bytes for headers and tables beyond the uncompressed pixels.
_OVERHEAD = 4_096
_CHUNK = 8
_HEADER = 12 + _CHUNK


@dataclass(frozen=True)
class StoredBlob:
    """A file that was stored: its size in bytes, width and height in pixels."""

    size: int
    width: int
    height: int


class Blobs:
    """The pictures in the folder `root`. One process uses it at a time."""

    def __init__(self, root: Path) -> None:
        self._root = private_dir(root)
        self._arriving = private_dir(root / "arriving")
        for orphan in self._arriving.iterdir():
            orphan.unlink()

    def path(self, sha: str) -> Path:
        """The path of a hash (43 characters of base64url), whether the file exists or not."""
        return self._root / sha[:2] / sha

    def read(self, sha: str) -> bytes | None:
        """The stored bytes, not verified; None if the file is missing."""
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
        """Remove the file of a hash if it exists; durable on return."""
        remove(self.path(sha))

    async def receive(self, sha: str, chunks: AsyncIterator[bytes], limit: int) -> StoredBlob:
        """Store an upload of a simple WebP picture with the hash `sha`.

        Raises the problems `too_large` (413), `blob_hash` and `blob_format` (422).
        """
        temporary = self._arriving / secrets.token_hex(16)
        hasher, size = hashlib.sha256(), 0
        try:
            with temporary.open("xb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise ProblemError("too_large", f"A picture has at most {limit} bytes.")
                    hasher.update(chunk)
                    file.write(chunk)
                if b64url_encode(hasher.digest()) != sha:
                    raise ProblemError(
                        "blob_hash", "The bytes that arrived are not those of the address."
                    )
                await run_in_threadpool(_sync, file)
            width, height = await run_in_threadpool(picture_size, temporary, size)
            await run_in_threadpool(self._keep, temporary, self.path(sha))
        finally:
            # Also after a client disconnects during the upload.
            temporary.unlink(missing_ok=True)
        return StoredBlob(size, width, height)

    def _keep(self, temporary: Path, final: Path) -> None:
        private_dir(final.parent)
        move(temporary, final)
        # Another request may have made the folder and not have synced its name yet.
        fsync_dir(self._root)


def _sync(file: BinaryIO) -> None:
    file.flush()
    fsync_file(file.fileno())


def picture_size(path: Path, size: int) -> tuple[int, int]:
    """Width and height of a simple WebP picture (RFC 9649 sections 2.5 and 2.6), without decoding.

    Raises the problem `blob_format` for another format and for a file that holds more than one
    picture: bytes after the RIFF length, a false RIFF length, another chunk (animation, EXIF, XMP,
    colour profile, padding), more pixels than any screen, more bytes than its pixels.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER)
        if not _is_simple(head, size):
            raise _not_a_picture(
                "This is not a simple WebP file: a RIFF header and one chunk of image data, "
                "whose lengths fit the file."
            )
        file.seek(0)
        try:
            picture = WebPImagePlugin.WebPImageFile(file)
        except (
            OSError,
            SyntaxError,
            ValueError,
            MemoryError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as error:
            raise _not_a_picture("This is not a WebP picture.") from error
        width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _not_a_picture(f"A picture has at most {MAX_PIXELS} pixels.")
    if size > 4 * width * height + _OVERHEAD:
        raise _not_a_picture("The file is larger than its pixels.")
    return width, height


def _is_simple(head: bytes, size: int) -> bool:
    """Whether a file of `size` bytes is one RIFF chunk with one image chunk."""
    if len(head) < _HEADER or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return False
    whole = int.from_bytes(head[4:8], "little")
    image = int.from_bytes(head[16:20], "little")
    # A chunk of an odd length is followed by one byte (RFC 9649 section 2.3).
    padded = image + image % 2
    return head[12:16] in (b"VP8 ", b"VP8L") and whole + _CHUNK == size == _HEADER + padded


def _not_a_picture(detail: str) -> ProblemError:
    return ProblemError("blob_format", detail)
