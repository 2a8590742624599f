"""Erasure by the marketplace: pictures at the end of their agreed retention, memos and activity at
the end of the one that the freelancer chose, parts that the law requires to be erased, and pictures
that no record names.

The marketplace logs its own tombstone. It never deletes time: the pay of the segment stays. Times
are protocol times, so that a demo shows retention too.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from diary.core.findings import DiaryError
from diary.core.slots import DAY
from diary.core.vocabulary import Scope
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.objects.segment import parse
from diary.objects.terms import Terms
from diary.objects.tombstone import Tombstone
from marketplace.core import logging
from marketplace.core.clock import MarketplaceClock
from marketplace.devices.registry import statement_row
from marketplace.erasure.chosen_retention import due_parts
from marketplace.erasure.eraser import Eraser
from marketplace.log.log import Log, LogEntry, Row
from marketplace.records import quota
from marketplace.records.statements import PARTS, disclosures_by_digest, own_terms, statements_about
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError

#: The longest time that a picture may wait for a segment that names it.
ORPHAN_S = 7 * DAY
#: Rows read, or files removed, in one batch.
BATCH = 200
_PICTURES: tuple[Scope, ...] = ("shot",)
_log = logging.get("marketplace.erasure.retention")


class Retention:
    """Erases in the name of the marketplace `aud`. All methods but `run` block."""

    def __init__(
        self, store: Database, log: Log, clock: MarketplaceClock, aud: str, eraser: Eraser
    ) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud
        self._eraser = eraser
        self._stopping = threading.Event()
        #: Completes the erasure of persons in each round (`marketplace.erasure.person`).
        self.finish_persons: Callable[[], None] = lambda: None
        #: Removes forgotten uploads to the object store (`marketplace.ingest.picture_uploads`).
        self.sweep_uploads: Callable[[], None] = lambda: None
        #: Protocol ms between two rounds, and the limits of that pause in real seconds.
        self.every_ms = 3_600_000
        self.sleep_bounds = (1.0, 3_600.0)

    async def run(self) -> None:
        """Run a round periodically, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.run_once)
            except (DatabaseError, SQLAlchemyError, OSError) as error:
                _log.error("round_failed", kind=type(error).__name__)
            least, most = self.sleep_bounds
            await asyncio.sleep(min(most, max(least, self._clock.real_delay(self.every_ms))))

    def stop(self) -> None:
        """Stop a running round after its current step; the next round continues there."""
        self._stopping.set()

    def run_once(self) -> int:
        """Erase what is due; returns the number of logged erasures."""
        self._eraser.redo()
        self.finish_persons()
        erased = 0
        for name in self._due():
            if self._stopping.is_set():
                return erased
            erased += self.erase(name, _PICTURES, "retention")
        for name, part in due_parts(self._store, self._clock):
            if self._stopping.is_set():
                return erased
            erased += self.erase(name, (part,), "retention")
        self._sweep()
        self._eraser.sweep()
        self.sweep_uploads()
        # A reader of an older state may have prevented an earlier scrub.
        self._store.scrub().result()
        return erased

    def erase(self, segment: str, scope: Collection[Scope], reason: str) -> bool:
        """Erase parts of a stored segment; False if it has none of them.

        `scope` contains `memo` (with the note and later memos), `minutes` or `shot`.
        """
        names = {name for one in scope for name in PARTS[one]}
        columns = schema.segment.c
        with self._store.read() as connection:
            data = connection.execute(select(columns.data).where(columns.hash == segment)).scalar()
            records = [data or b""]
            if "memo" in scope:
                amends = statements_about(connection, (LeafType.AMEND,), [segment])
                records += [row.data or b"" for row in amends]
        found = {
            part: name
            for record in records
            for part, (name, _) in disclosures_by_digest(record).items()
            if name in names
        }
        if not found:
            return False
        gone = tuple(sorted(one for one in scope if PARTS[one] & {*found.values()}))
        tombstone = Tombstone(
            None, segment, tuple(sorted(found)), gone, reason, self._clock.wall_s()
        )
        data, name = tombstone.data(), digest(tombstone.data())

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [statement_row(LeafType.TOMBSTONE, name, index, subject=segment, done=False)]

        self._log.append(LogEntry(LeafType.TOMBSTONE, name, object=data, rows=rows)).result()
        self._eraser.carry_out(name)
        return True

    def _due(self) -> Iterator[str]:
        """The segments whose retention has ended, counted from the time of their leaf: a device
        chooses the slot, but not that time.
        """
        now_ms = self._clock.wall_ms()
        part, columns, leaf = schema.segment_blob, schema.segment.c, schema.leaf.c
        contract = schema.contract.c
        of_contract = (
            select(columns.hash)
            .join(part, part.c.segment == columns.hash)
            .where(columns.ctr == contract.ctr)
        )
        with self._store.read() as connection:
            contracts = connection.execute(
                select(contract.ctr).where(exists(of_contract)).order_by(contract.ctr)
            ).all()
        for ctr in (row.ctr for row in contracts):
            latest = now_ms - self._shortest(ctr) * DAY * 1000
            edge = -1
            while True:
                due = []
                with self._store.read() as connection:
                    pictured = exists(select(part.c.sha256).where(part.c.segment == columns.hash))
                    rows = connection.execute(
                        select(columns.hash, columns.idx, columns.data, leaf.rt_ms)
                        .join(schema.leaf, leaf.idx == columns.idx)
                        .where(columns.ctr == ctr, columns.idx > edge, leaf.rt_ms <= latest)
                        .where(pictured)
                        .order_by(columns.idx)
                        .limit(BATCH)
                    ).all()
                    for row in rows:
                        try:
                            terms = own_terms(connection, self._aud, parse(row.data).segment)
                        except DiaryError:
                            terms = None
                        kept = terms.retention_days if terms else Terms.retention_days
                        if row.rt_ms <= now_ms - kept * DAY * 1000:
                            due.append(row.hash)
                # After the reader is closed: an open one prevents scrubbing.
                yield from due
                if len(rows) < BATCH:
                    break
                edge = rows[-1].idx

    def _shortest(self, ctr: str) -> int:
        """The shortest retention of any terms of a contract, in days."""
        days = [Terms.retention_days]
        with self._store.read() as connection:
            rows = connection.execute(
                select(schema.leaf.c.object)
                .join(schema.terms, schema.terms.c.idx == schema.leaf.c.idx)
                .where(schema.terms.c.ctr == ctr)
            ).all()
        for row in rows:
            try:
                days.append(Terms.parse(row.object or b"").retention_days)
            except DiaryError:
                continue
        return min(days)

    def _sweep(self) -> None:
        """Remove the pictures that no segment named within ORPHAN_S, in durable batches."""
        owner = schema.blob_owner.c
        query = (
            select(owner.sub, owner.sha256)
            .where(owner.ctr == quota.WAITING)
            .where(owner.stored_s < self._clock.wall_s() - ORPHAN_S)
            .order_by(owner.stored_s, owner.sub, owner.sha256)
            .limit(BATCH)
        )
        while not self._stopping.is_set():
            with self._store.read() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            by_sub: defaultdict[str, list[str]] = defaultdict(list)
            for row in rows:
                by_sub[row.sub].append(row.sha256)
            for sub, names in by_sub.items():
                self._eraser.forget(sub, names)
