"""Erase what a tombstone names, from the stored records and from the disk.

The tombstone is logged first, and its row is marked as not done. Each following step is repeatable,
so that a start after a crash completes them:

1. remove the owner's rows of the pictures, which ends access to them;
2. remove the files, unless another record of the same owner, or another owner, needs them;
3. remove the disclosures with their salts from the stored records, and mark the row as done;
4. empty the write-ahead log, which holds the old pages. The database overwrites freed pages itself
   (`secure_delete`).

This does not reach old blocks on the medium and copies in backups.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, exists, select, update

from diary.core.findings import DiaryError
from diary.formats.sd_jwt import remove_disclosures
from diary.log.leaf import LeafType
from marketplace.core import logging
from marketplace.erasure.erased_pictures import ErasedPictures
from marketplace.log.log import parts
from marketplace.records import credited_totals, quota, segment_facts
from marketplace.records.statements import (
    Deletion,
    StatementRow,
    all_statements,
    deletions,
    pictures,
    read_tombstone,
    statements_about,
    taken_at,
)
from marketplace.storage import schema
from marketplace.storage.blobs import Blobs
from marketplace.storage.database import Database, DatabaseError, LockUnavailableError

_log = logging.get("marketplace.erasure.eraser")


class Eraser:
    """Carries out tombstones. Blocks; use it from worker threads.

    `recheck` is called with the segments from which something was erased.
    """

    def __init__(
        self,
        store: Database,
        blobs: Blobs,
        aud: str,
        recheck: Callable[[Sequence[str]], None],
        erased: ErasedPictures,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._aud = aud
        self._recheck = recheck
        self._erased = erased

    def carry_out(self, name: str) -> None:
        """Erase what the logged tombstone of this digest names, unless it is done.

        Raises DatabaseError or OSError; the next start completes the erasure.
        """
        files = self._store.write(lambda connection: self._give_up(connection, name)).result()
        if files is None:
            return
        for sha in files:
            self._erase(sha)
        segment = self._store.write(lambda connection: self._cut(connection, name)).result()
        self._store.scrub().result()
        if segment is not None:
            self._recheck([segment])

    def redo(self) -> None:
        """Carry out all tombstones that are not done, for example after a crash."""
        columns = schema.statement.c
        with self._store.read() as connection:
            query = select(columns.digest).where(columns.done.is_(False)).order_by(columns.idx)
            waiting = [row.digest for row in connection.execute(query)]
        for name in waiting:
            try:
                self.carry_out(name)
            except (DatabaseError, OSError) as error:
                _log.error("not_erased", kind=type(error).__name__)

    def forget(self, sub: str, names: Sequence[str]) -> None:
        """Remove pictures that `sub` has sent and no segment names, with their files."""

        def job(connection: Connection) -> list[str]:
            for sha in names:
                # A crash can prevent the charge when the segment arrives.
                if (ctr := quota.contract_naming(connection, sub, sha)) is not None:
                    quota.assign_to_contract(connection, sub, ctr, [sha])
            return self._disown(connection, sub, names)

        files = self._store.write(job).result()
        for sha in files:
            self._erase(sha)

    def sweep(self) -> None:
        """Remove files without a row, which a crash between file and row leaves behind.

        A file whose upload is going on stays.
        """
        for part in parts(list(self._blobs.names())):
            known = select(schema.blob.c.sha256).where(schema.blob.c.sha256.in_(part))
            with self._store.read() as connection:
                unknown = {*part} - {row.sha256 for row in connection.execute(known)}
            for sha in sorted(unknown):
                # Another request or process is storing it; the next round looks again.
                with contextlib.suppress(LockUnavailableError):
                    self._erase(sha)

    def _erase(self, sha: str) -> None:
        """Remove a file, unless an account has sent it again meanwhile.

        Raises LockUnavailableError while another request stores the same picture.
        """
        with self._store.picture_locks.hold(sha):
            query = select(schema.blob.c.sha256).where(schema.blob.c.sha256 == sha)
            with self._store.read() as connection:
                again = connection.execute(query).first()
            if again is None:
                self._blobs.erase(sha)

    def _give_up(self, connection: Connection, name: str) -> list[str] | None:
        """Remove the owner's rows; returns the files to remove, None if there is nothing to do."""
        found = self._open(connection, name)
        if found is None:
            return None
        row, digests = found
        owner = connection.execute(
            select(schema.segment.c.data, schema.device.c.sub)
            .join(schema.device, schema.device.c.kid == schema.segment.c.kid)
            .where(schema.segment.c.hash == row.subject)
        ).first()
        if owner is None:
            return []
        wanted = pictures(owner.data, digests) - pictures(remove_disclosures(owner.data, digests))
        free = self._disown(connection, owner.sub, sorted(wanted), but=row.subject)
        columns = schema.blob_owner.c
        kept = select(columns.sha256).where(columns.sub == owner.sub, columns.sha256.in_(wanted))
        needed = {each.sha256 for each in connection.execute(kept)}
        at = taken_at(owner.data)
        gone = [(sha, at.get(sha)) for sha in sorted(wanted - needed)]
        self._erased.add(connection, owner.sub, gone)
        return free

    def _disown(
        self, connection: Connection, sub: str, names: Sequence[str], but: str = ""
    ) -> list[str]:
        """Remove an account's rows of pictures that no other segment of the account than `but`
        names; returns the pictures without any owner.
        """
        owner, part = schema.blob_owner, schema.segment_blob
        segment, device = schema.segment, schema.device
        free = []
        for sha in names:
            still = (
                select(part.c.segment)
                .join(segment, segment.c.hash == part.c.segment)
                .join(device, device.c.kid == segment.c.kid)
                .where(part.c.sha256 == sha, device.c.sub == sub, part.c.segment != but)
            )
            if connection.execute(select(exists(still))).scalar():
                continue
            quota.remove_owner(connection, sub, sha)
            others = select(exists(select(owner.c.sub).where(owner.c.sha256 == sha)))
            if not connection.execute(others).scalar():
                connection.execute(delete(schema.blob).where(schema.blob.c.sha256 == sha))
                free.append(sha)
        return free

    def _cut(self, connection: Connection, name: str) -> str | None:
        """Remove the disclosures and mark the row as done; returns the segment."""
        found = self._open(connection, name)
        if found is None:
            return None
        row, digests = found
        segment, part, statement = schema.segment, schema.segment_blob, schema.statement
        data = connection.execute(
            select(segment.c.data).where(segment.c.hash == row.subject)
        ).scalar()
        if data is not None:
            left = remove_disclosures(data, digests)
            gone = pictures(data) - pictures(left)
            here = segment.c.hash == row.subject
            # Its facts are computed again; the next start does so after a crash.
            connection.execute(update(segment).where(here).values(data=left, checked=False))
            segment_facts.forget(connection, [row.subject])
            if any(item.releases_time for item in self._deletions(connection, row)):
                connection.execute(update(segment).where(here).values(given_back=True))
                names = [str(row.subject)]
                credited_totals.refresh(connection, credited_totals.weeks_of(connection, names))
            connection.execute(
                delete(part).where(part.c.segment == row.subject, part.c.sha256.in_(gone))
            )
        for other in statements_about(connection, (LeafType.AMEND,), [row.subject]):
            if other.data is not None:
                kept = remove_disclosures(other.data, digests)
                this = statement.c.digest == other.digest
                connection.execute(update(statement).where(this).values(data=kept))
        connection.execute(update(statement).where(statement.c.digest == name).values(done=True))
        return str(row.subject)

    def _open(
        self, connection: Connection, name: str
    ) -> tuple[StatementRow, frozenset[str]] | None:
        """A tombstone that is not done, and the digests to erase."""
        query = all_statements().where(
            schema.statement.c.digest == name, schema.statement.c.done.is_(False)
        )
        row = connection.execute(query).first()
        if row is None:
            return None
        digests: frozenset[str] = frozenset()
        with contextlib.suppress(DiaryError):
            digests = frozenset(read_tombstone(row).digests)
        if any(not item.effective for item in self._deletions(connection, row)):
            digests = frozenset()
        return row, digests

    def _deletions(self, connection: Connection, row: StatementRow) -> list[Deletion]:
        listed = deletions(connection, self._aud, [row.subject]).get(row.subject, ())
        return [item for item in listed if item.digest == row.digest]
