"""What the marketplace erases by itself: pictures that were kept as long as agreed, what the law
asks for, and pictures that no record names.

Its word is a tombstone of its own in the log. It never takes time: the segment stays as it is paid.
Times are protocol times, so that a demonstration shows it too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator

from sqlalchemy import exists, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from diary.encoding import digest
from diary.errors import DiaryError
from diary.leaf import LeafType
from diary.objects import Terms
from diary.segment import parse
from diary.times import DAY, SLOT
from diary.tombstone import Tombstone
from diary.words import Scope
from marketplace import logs, schema
from marketplace.clock import MarketClock
from marketplace.deedbook import PARTS, about, named, own_terms
from marketplace.devices import deed_row
from marketplace.erasure import Eraser
from marketplace.log import Entry, Log, Row
from marketplace.store import Store, StoreError

#: Pictures come before their record. One that none has come for after so long is not kept.
ORPHAN_S = 7 * DAY
_ROUND = 200
_PICTURES: tuple[Scope, ...] = ("shot",)
_log = logs.get("marketplace.retention")


class Retention:
    """Erases in the name of the marketplace `aud`. Its methods but `forever` block."""

    def __init__(
        self, store: Store, log: Log, clock: MarketClock, aud: str, eraser: Eraser
    ) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._aud = aud
        self._eraser = eraser
        #: Protocol ms between two rounds, and real seconds at least and at most.
        self.every_ms = 3_600_000
        self.nap_s = (1.0, 3_600.0)

    async def forever(self) -> None:
        """Do a round now and then, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.round)
            except (StoreError, SQLAlchemyError, OSError) as error:
                _log.error("round_failed", kind=type(error).__name__)
            least, most = self.nap_s
            await asyncio.sleep(min(most, max(least, self._clock.real_delay(self.every_ms))))

    def round(self) -> int:
        """Erase what is due; how many segments lost their pictures."""
        self._eraser.redo()
        erased = 0
        for name in list(self._due()):
            erased += self.erase(name, _PICTURES, "retention")
        self._sweep()
        self._eraser.sweep()
        # Also for what a reader of an older state was in the way of.
        self._store.scrub().result()
        return erased

    def erase(self, segment: str, scope: Collection[Scope], reason: str) -> bool:
        """Erase parts of a stored segment; False if there is nothing (left) of them.

        `scope` is out of `memo` (with the note, and later memos), `minutes` and `shot`.
        """
        names = {name for one in scope for name in PARTS[one]}
        columns = schema.segment.c
        with self._store.read() as connection:
            data = connection.execute(select(columns.data).where(columns.hash == segment)).scalar()
            records = [data or b""]
            if "memo" in scope:
                amends = about(connection, (LeafType.AMEND,), [segment])
                records += [row.data or b"" for row in amends]
        found = {
            part: name
            for record in records
            for part, (name, _) in named(record).items()
            if name in names
        }
        if not found:
            return False
        gone = tuple(sorted(one for one in scope if PARTS[one] & {*found.values()}))
        word = Tombstone(None, segment, tuple(sorted(found)), gone, reason, self._clock.wall_s())
        data, name = word.data(), digest(word.data())

        def rows(index: int, _rt_ms: int) -> list[Row]:
            return [deed_row(LeafType.TOMBSTONE, name, index, subject=segment, done=False)]

        self._log.append(Entry(LeafType.TOMBSTONE, name, object=data, rows=rows)).result()
        self._eraser.carry_out(name)
        return True

    def _due(self) -> Iterator[str]:
        """The segments whose pictures have been kept as long as their terms say."""
        now = self._clock.wall_s()
        part, columns = schema.segment_blob, schema.segment.c
        with self._store.read() as connection:
            contracts = connection.execute(
                select(columns.ctr).join(part, part.c.segment == columns.hash).distinct()
            ).all()
        for ctr in (row.ctr for row in contracts):
            days = self._shortest(ctr)
            edge: tuple[int, str] = (-1, "")
            while True:
                due = []
                with self._store.read() as connection:
                    pictured = exists(select(part.c.sha256).where(part.c.segment == columns.hash))
                    rows = connection.execute(
                        select(columns.hash, columns.slot, columns.data)
                        .where(columns.ctr == ctr, columns.slot + SLOT <= now - days * DAY)
                        .where(tuple_(columns.slot, columns.hash) > edge, pictured)
                        .order_by(columns.slot, columns.hash)
                        .limit(_ROUND)
                    ).all()
                    for row in rows:
                        try:
                            terms = own_terms(connection, self._aud, parse(row.data).segment)
                        except DiaryError:
                            terms = None
                        kept = terms.retention_days if terms else Terms.retention_days
                        if row.slot + SLOT <= now - kept * DAY:
                            due.append(row.hash)
                # Not while this reader keeps the old state from being overwritten.
                yield from due
                if len(rows) < _ROUND:
                    break
                edge = (rows[-1].slot, rows[-1].hash)

    def _shortest(self, ctr: str) -> int:
        """The fewest days that any terms of a contract keep pictures."""
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
        """Remove pictures for which no record came."""
        blob, owner = schema.blob, schema.blob_owner
        part, segment, device = schema.segment_blob, schema.segment, schema.device
        named_by = (
            select(part.c.segment)
            .join(segment, segment.c.hash == part.c.segment)
            .join(device, device.c.kid == segment.c.kid)
            .where(part.c.sha256 == owner.c.sha256, device.c.sub == owner.c.sub)
        )
        query = (
            select(owner.c.sub, owner.c.sha256)
            .join(blob, blob.c.sha256 == owner.c.sha256)
            .where(blob.c.stored_s < self._clock.wall_s() - ORPHAN_S, ~exists(named_by))
            .limit(_ROUND)
        )
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            self._eraser.forget(row.sub, [row.sha256])
