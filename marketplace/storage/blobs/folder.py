"""Pictures as files of a folder, `<first two characters>/<hash>`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from marketplace.storage.blobs.arrival import Arrivals
from marketplace.storage.blobs.interface import Keep, StoredBlob
from system.files import fsync_dir, fsync_file, move, private_dir, remove

_PIECE = 64 * 1024


class FolderBlobs:
    """The pictures in the folder `root`. One process uses it at a time, unless it is `shared`."""

    def __init__(self, root: Path, *, shared: bool = False) -> None:
        self._root = private_dir(root)
        self._arrivals = Arrivals(root / "arriving", shared=shared)

    def path(self, sha: str) -> Path:
        """The path of a hash, whether the file exists or not."""
        return self._root / sha[:2] / sha

    def has(self, sha: str) -> bool:
        """See `Blobs`."""
        return self.path(sha).exists()

    def read(self, sha: str) -> bytes | None:
        """See `Blobs`."""
        try:
            return self.path(sha).read_bytes()
        except FileNotFoundError:
            return None

    def pieces(self, sha: str) -> Iterator[bytes] | None:
        """See `Blobs`. The file is open until the iterator ends or is closed."""
        try:
            file = self.path(sha).open("rb")
        except FileNotFoundError:
            return None

        def read() -> Iterator[bytes]:
            with file:
                while piece := file.read(_PIECE):
                    yield piece

        return read()

    def names(self) -> Iterator[str]:
        """See `Blobs`."""
        for folder in self._root.iterdir():
            if folder != self._arrivals.folder:
                yield from (path.name for path in folder.iterdir())

    def erase(self, sha: str) -> None:
        """See `Blobs`."""
        remove(self.path(sha))

    async def receive(
        self, sha: str, chunks: AsyncIterator[bytes], limit: int, keep: Keep
    ) -> StoredBlob:
        """See `Blobs`. The file is synced, then renamed."""
        async with self._arrivals.receive(sha, chunks, limit) as arrived:
            store = partial(self._move, arrived.path, self.path(sha))
            await run_in_threadpool(keep, store, arrived.picture)
            return arrived.picture

    def _move(self, temporary: Path, final: Path) -> None:
        with temporary.open("rb+") as file:
            fsync_file(file.fileno())
        private_dir(final.parent)
        move(temporary, final)
        # Another request may have made the folder and not have synced its name yet.
        fsync_dir(self._root)
