"""The check of an upload before it is stored.

An upload is hashed while it is written to a temporary file. The request removes this file, and the
next start removes those that a crash left.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from diary.formats.encoding import b64url_encode
from marketplace.core.problems import ProblemError
from marketplace.storage.blobs.interface import StoredBlob
from marketplace.storage.blobs.picture_format import picture_size
from system.files import private_dir

#: Another process may receive a younger file (s); uploads take two minutes at most.
_LONGEST_S = 3_600.0


@dataclass(frozen=True)
class Arrived:
    """A complete and checked upload in a temporary file, which is not synced."""

    path: Path
    picture: StoredBlob


class Arrivals:
    """The temporary files in `folder`. One process uses it at a time, unless it is `shared`."""

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self.folder = private_dir(folder)
        oldest = time.time() - _LONGEST_S if shared else math.inf
        for orphan in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if orphan.stat().st_mtime < oldest:
                    orphan.unlink()

    @contextlib.asynccontextmanager
    async def receive(
        self, sha: str, chunks: AsyncIterator[bytes], limit: int
    ) -> AsyncIterator[Arrived]:
        """A checked upload with the hash `sha`; its file exists during the block.

        Raises the problems `too_large`, `blob_hash` and `blob_format`.
        """
        temporary = self.folder / secrets.token_hex(16)
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
            width, height = await run_in_threadpool(picture_size, temporary, size)
            yield Arrived(temporary, StoredBlob(size, width, height))
        finally:
            # Also after a client disconnects during the upload.
            temporary.unlink(missing_ok=True)
