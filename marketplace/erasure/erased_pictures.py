"""The pictures that tombstones erased, so that a device restored from a backup cannot upload them
again.

Only a keyed hash of account and picture is stored. The key is beside the log's key: without it, not
even an owner of the picture can find it in the database.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

from sqlalchemy import Connection, exists, select

from diary.formats.encoding import b64url_encode
from marketplace.core.problems import ProblemError
from marketplace.storage import schema


class ErasedPictures:
    """The marks of erased pictures, keyed hashes with `key` (32 secret bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, sub: str, sha: str, at_ms: int | None = None) -> str:
        """The keyed hash of an account's picture, for any capture time or for one (Unix ms)."""
        text = f"wd-erased {sub} {sha} {'any' if at_ms is None else at_ms}"
        return b64url_encode(hmac.digest(self._key, text.encode("ascii"), "sha256"))

    def add(
        self, connection: Connection, sub: str, taken: Collection[tuple[str, int | None]]
    ) -> None:
        """Store the marks of an account's erased pictures, each with its capture time (Unix ms)."""
        marks = {self.mark(sub, sha) for sha, _ in taken}
        marks |= {self.mark(sub, sha, at) for sha, at in taken if at is not None}
        if marks:
            rows: list[dict[str, object]] = [{"mark": mark} for mark in sorted(marks)]
            schema.insert(connection, schema.erased_blob, rows)

    def check(self, connection: Connection, sub: str, sha: str, at_ms: int | None) -> None:
        """Raise 410 `blob_erased` for an erased picture, unless a segment of the account names it,
        or its capture time `at_ms` differs from the erased ones: identical screens have identical
        pictures.
        """
        if not self._has(connection, self.mark(sub, sha)):
            return
        part, logged, device = schema.segment_blob, schema.segment, schema.device
        shown = (
            select(part.c.segment)
            .join(logged, logged.c.hash == part.c.segment)
            .join(device, device.c.kid == logged.c.kid)
            .where(part.c.sha256 == sha, device.c.sub == sub)
        )
        if connection.execute(select(exists(shown))).scalar():
            return
        if at_ms is not None and not self._has(connection, self.mark(sub, sha, at_ms)):
            return
        raise ProblemError("blob_erased")

    @staticmethod
    def _has(connection: Connection, mark: str) -> bool:
        columns = schema.erased_blob.c
        query = select(columns.mark).where(columns.mark == mark)
        return connection.execute(query).first() is not None
