"""Beacons: one random value for each slot, logged and given out a minute before the slot begins.

The genesis beacon is the log's first leaf and of the slot in which the log was made, so that a new
marketplace can be used at once. After a pause the next slot's beacon is the next that is made; a
slot that began without one keeps none, since nobody could tell any more when its value was chosen.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError

from diary.core.slots import SLOT, slot_of
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.log.signed_note import NoteVerifier
from diary.objects.beacon import Beacon
from diary.verification.evidence import open_beacon
from marketplace.core import logging
from marketplace.core.clock import MarketClock
from marketplace.log.log import Log, LogEntry, Row, parts, receipt
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError

LEAD_S = 60
#: Real seconds in which a new log surely takes its first leaf.
_MARGIN_S = 1.0
_log = logging.get("marketplace.log.beacons")


class Beacons:
    """Makes the beacons of one marketplace."""

    def __init__(self, store: Database, log: Log, clock: MarketClock) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        #: Real seconds between two looks at the clock, so that a machine that slept, or whose
        #: clock was set, catches up soon.
        self.nap_s = 0.5
        #: The slot of the last attempt: a beacon that came too late is not tried again and again.
        self._tried = 0

    def start(self) -> None:
        """Make the genesis beacon of a new log, and finish what a crash interrupted. Blocks."""
        with self._store.read() as connection:
            first = connection.execute(select(schema.leaf.c.idx).limit(1)).first()
            unfinished = connection.execute(
                select(schema.beacon.c.slot).where(schema.beacon.c.file.is_(None))
            ).all()
        if first is None:
            self._make(self._genesis_slot(), latest_s=SLOT)
        for row in unfinished:
            self._write_file(row.slot)

    def _genesis_slot(self) -> int:
        """The present slot, unless it ends before the log could have taken a leaf."""
        now = self._clock.wall_ms()
        end = (slot_of(now // 1000) + SLOT) * 1000
        left = self._clock.real_delay(end - now)
        if left < min(_MARGIN_S, self._clock.real_delay(SLOT * 1000) / 2):
            time.sleep(left)
            return end // 1000
        return slot_of(now // 1000)

    async def run(self) -> None:
        """Make the beacon of each next slot in its minute, until cancelled."""
        while True:
            try:
                slot = self._due()
                if slot is not None:
                    await asyncio.to_thread(self._make, slot)
                    self._tried = slot
            except (DatabaseError, SQLAlchemyError):
                # Tried again at the next look; without it devices use the one before.
                _log.warning("beacon_not_logged")
            await asyncio.sleep(self._wait())

    def _due(self) -> int | None:
        """The next slot, if its minute has come and it has no beacon."""
        now = self._clock.wall_s()
        slot = slot_of(now) + SLOT
        if now < slot - LEAD_S or slot == self._tried:
            return None
        with self._store.read() as connection:
            return None if _row(connection, slot) else slot

    def _wait(self) -> float:
        """Real seconds until the next look."""
        now = self._clock.wall_ms()
        release = (slot_of(now // 1000) + SLOT - LEAD_S) * 1000
        if release <= now:
            release += SLOT * 1000
        return min(self.nap_s, self._clock.real_delay(release - now))

    def _make(self, slot: int, latest_s: int = 0) -> None:
        """Log the slot's beacon; give it out if the log got it before slot + `latest_s`."""
        data = Beacon(slot, secrets.token_bytes(32)).data()

        def rows(index: int, rt_ms: int) -> list[Row]:
            if rt_ms > (slot + latest_s) * 1000:
                return []  # void: a device that used it would lose its time
            return [(schema.beacon, {"slot": slot, "idx": index, "file": None, "hash": None})]

        entry = LogEntry(LeafType.BEACON, digest(data), attrs=str(slot), object=data, rows=rows)
        self._log.append(entry).result()
        self._write_file(slot)

    def _write_file(self, slot: int) -> None:
        """Fix the proof file. Only then is the beacon given out, so nobody ever sees another."""
        with self._store.read() as connection:
            row = _row(connection, slot)
            if row is None:
                return
            file = receipt(connection, row.idx)
        columns = schema.beacon.c
        statement = (
            update(schema.beacon)
            .where(columns.slot == slot, columns.file.is_(None))
            .values(file=file, hash=digest(file))
        )
        self._store.write(lambda connection: connection.execute(statement)).result()


def newest(connection: Connection) -> bytes | None:
    """The proof file of the newest beacon."""
    columns = schema.beacon.c
    return connection.execute(
        select(columns.file).where(columns.file.is_not(None)).order_by(columns.slot.desc()).limit(1)
    ).scalar()


def of_slot(connection: Connection, slot: int) -> bytes | None:
    """The proof file of a slot's beacon; None if there is none."""
    row = _row(connection, slot)
    return None if row is None else row.file


def _row(connection: Connection, slot: int) -> Any:
    return connection.execute(select(schema.beacon).where(schema.beacon.c.slot == slot)).first()


def files(connection: Connection, hashes: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """The proof files of beacons by their digests, each with its slot; also of those that devices
    handed back.
    """
    found: dict[str, tuple[int, bytes]] = {}
    for part in parts(sorted(hashes)):
        for table in (schema.returned_beacon, schema.beacon):
            rows = connection.execute(select(table).where(table.c.hash.in_(part)))
            found.update({row.hash: (row.slot, row.file or b"") for row in rows})
    return found


def take_back(connection: Connection, file: bytes, verifiers: Sequence[NoteVerifier]) -> bool:
    """Keep a beacon file that this log has signed and that the database does not know (any more);
    whether it is new. Raises DiaryError for any other.
    """
    beacon = open_beacon(file, verifiers).beacon
    name = digest(file)
    if files(connection, [name]):
        return False
    row: dict[str, object] = {"hash": name, "slot": beacon.slot, "file": file}
    schema.insert(connection, schema.returned_beacon, [row])
    return True
