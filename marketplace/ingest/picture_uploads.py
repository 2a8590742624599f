"""Pictures that programs upload directly to the object store (ADR 0037).

`pending_upload` has a row for each upload from its permission until it has become a picture, so
that uploads count towards the limits of their account before they are complete. Its times are real
ones (Unix s), as those of the signed addresses are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, select
from starlette.concurrency import run_in_threadpool

from marketplace.core.clock import MarketplaceClock
from marketplace.core.problems import ProblemError
from marketplace.erasure.erased_pictures import ErasedPictures
from marketplace.ingest.checks import SegmentChecks
from marketplace.records import quota as records
from marketplace.records.quota import PictureQuota
from marketplace.storage import schema
from marketplace.storage.blobs import StoredBlob
from marketplace.storage.database import Database

if TYPE_CHECKING:
    from marketplace.storage.blobs.direct_uploads import DirectUploads, PresignedUpload

#: An upload may be completed for so many seconds after its address expired; it is swept after twice
#: that time, so that no sweep meets an upload that is being completed.
COMPLETE_S = 3_600


class PictureUploads:
    """Permits and completes uploads. Methods block, except for `complete`."""

    def __init__(
        self,
        store: Database,
        direct: DirectUploads,
        quota: PictureQuota,
        erased: ErasedPictures,
        checks: SegmentChecks,
        clock: MarketplaceClock,
    ) -> None:
        self._store = store
        self._direct = direct
        self._quota = quota
        self._erased = erased
        self._checks = checks
        self._clock = clock

    def begin(self, sub: str, sha: str, size: int, at_ms: int | None) -> PresignedUpload:
        """Permit the upload of a picture of `size` bytes, taken at `at_ms` (Unix ms).

        Raises the problems `blob_erased` (410) and `quota` (507), and BlobsError.
        """
        # Importing it needs the library of the signatures.
        from marketplace.storage.blobs.direct_uploads import VALID_S, upload_name

        with self._store.read() as connection:
            self._erased.check(connection, sub, sha, at_ms)
        expires_s = self._clock.real_s() + VALID_S

        def job(connection: Connection) -> None:
            table = schema.pending_upload
            connection.execute(table.delete().where(_same(sub, sha)))
            row: dict[str, object] = {
                "sub": sub, "sha256": sha, "size": size, "expires_s": expires_s,
            }  # fmt: skip
            schema.insert(connection, table, [row])

        with self._quota.reserve(sub, sha, size):
            signed = self._direct.presign(upload_name(sub, sha), sha, size)
            # Before anyone has the address: a sweep takes an upload without a row for a stray.
            self._store.write(job).result()
        return signed

    async def complete(self, sub: str, sha: str, at_ms: int | None) -> tuple[StoredBlob, bool]:
        """Check an upload like any picture, and store it; also returns whether it is new.

        An upload that is not the promised picture is removed. Raises the problems `not_uploaded`
        (409), `blob_erased` (410), `too_large` (413), `blob_hash` and `blob_format` (422) and
        `quota` (507), and BlobsError.
        """
        from marketplace.storage.blobs.direct_uploads import upload_name

        known, size = await run_in_threadpool(self._pending, sub, sha)
        if size is None:
            if known is None:
                raise ProblemError("not_uploaded")
            return known, False
        name = upload_name(sub, sha)
        try:
            await run_in_threadpool(self._check_erased, sub, sha, at_ms)
            with self._quota.reserve(sub, sha, size):
                keep = partial(self._keep, name, sub, sha)
                stored = await self._direct.blobs.adopt(name, sha, size, keep)
                if stored is None:
                    raise ProblemError("not_uploaded")
        except ProblemError as error:
            if error.code not in {"not_uploaded", "quota"}:
                await run_in_threadpool(self._drop, name, sub, sha)
            raise
        return stored, known is None

    def sweep(self) -> None:
        """Remove the uploads that were not completed in time, with their rows."""
        from marketplace.storage.blobs.direct_uploads import upload_name

        table = schema.pending_upload
        ended = table.c.expires_s < self._clock.real_s() - 2 * COMPLETE_S
        # Listed first: each upload has had its row since before it began.
        names = self._direct.names()
        with self._store.read() as connection:
            rows = connection.execute(select(table.c.sub, table.c.sha256).where(~ended)).all()
        for name in names - {upload_name(row.sub, row.sha256) for row in rows}:
            self._direct.remove(name)
        self._store.write(lambda found: found.execute(table.delete().where(ended))).result()

    def _pending(self, sub: str, sha: str) -> tuple[StoredBlob | None, int | None]:
        """The picture if the account has it, and the promised size of its upload in time."""
        table, blob = schema.pending_upload.c, schema.blob.c
        since = self._clock.real_s() - COMPLETE_S
        with self._store.read() as connection:
            query = select(table.size).where(_same(sub, sha), table.expires_s >= since)
            size = connection.execute(query).scalar()
            known = None
            if records.is_owner(connection, sub, sha):
                found = select(blob.size, blob.width, blob.height).where(blob.sha256 == sha)
                known = StoredBlob(*connection.execute(found).one())
        if known is not None and not self._direct.blobs.has(sha):
            known = None
        return known, size

    def _check_erased(self, sub: str, sha: str, at_ms: int | None) -> None:
        with self._store.read() as connection:
            self._erased.check(connection, sub, sha, at_ms)

    def _keep(
        self, name: str, sub: str, sha: str, store: Callable[[], None], stored: StoredBlob
    ) -> None:
        now_s = self._clock.wall_s()
        locks = self._store.picture_locks

        def job(connection: Connection) -> None:
            locks.require(connection, sha)
            connection.execute(schema.pending_upload.delete().where(_same(sub, sha)))
            records.add_blob(connection, sub, sha, stored, now_s)

        with locks.hold(sha):
            store()
            # The upload first: without its row nothing would name it.
            self._direct.remove(name)
            self._store.write(job).result()
        self._checks.blob_arrived(sha)

    def _drop(self, name: str, sub: str, sha: str) -> None:
        self._direct.remove(name)
        delete = schema.pending_upload.delete().where(_same(sub, sha))
        self._store.write(lambda connection: connection.execute(delete)).result()


def forget_uploads(store: Database) -> None:
    """Remove the rows of an earlier start with direct uploads: their files would count for ever."""
    table = schema.pending_upload
    with store.read() as connection:
        some = connection.execute(select(table.c.sub).limit(1)).first()
    if some is not None:
        store.write(lambda connection: connection.execute(table.delete())).result()


def _same(sub: str, sha: str) -> ColumnElement[bool]:
    table = schema.pending_upload.c
    return and_(table.sub == sub, table.sha256 == sha)
