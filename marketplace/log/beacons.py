"""Beacons: one random value per slot, logged and published a minute before the slot begins.

The genesis beacon is the log's first leaf and belongs to the slot in which the log was created, so
that a new marketplace can be used at once. After a pause the beacon of the next slot follows. A
slot that began without a beacon gets none, since its value could have been chosen later.
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
from marketplace.core.clock import MarketplaceClock
from marketplace.log.log import Log, LogEntry, Row, parts, receipt
from marketplace.storage import schema
from marketplace.storage.database import Database, DatabaseError

LEAD_S = 60
#: Real seconds that suffice for the first leaf of a new log.
_MARGIN_S = 1.0
_log = logging.get("marketplace.log.beacons")


class Beacons:
    """Creates the beacons of a marketplace."""

    def __init__(self, store: Database, log: Log, clock: MarketplaceClock) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        #: The maximum of real seconds between two checks of the clock, so that the loop recovers
        #: soon after a suspend or a change of the clock.
        self.poll_s = 0.5
        #: The slot of the last attempt, so that a late beacon is not tried repeatedly.
        self._tried = 0

    def start(self) -> None:
        """Create the genesis beacon of a new log, and complete beacons after a crash. Blocks."""
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
        """The current slot, or the next one if it begins before the log can take a leaf."""
        now = self._clock.wall_ms()
        end = (slot_of(now // 1000) + SLOT) * 1000
        left = self._clock.real_delay(end - now)
        if left < min(_MARGIN_S, self._clock.real_delay(SLOT * 1000) / 2):
            time.sleep(left)
            return end // 1000
        return slot_of(now // 1000)

    async def run(self) -> None:
        """Create the beacon of each next slot in the minute before it, until cancelled."""
        while True:
            try:
                slot = self._due()
                if slot is not None:
                    await asyncio.to_thread(self._make, slot)
                    self._tried = slot
            except (DatabaseError, SQLAlchemyError):
                # The next iteration tries again; until then devices use the previous beacon.
                _log.warning("beacon_not_logged")
            await asyncio.sleep(self._wait())

    def _due(self) -> int | None:
        """The next slot, if its beacon is due and missing."""
        now = self._clock.wall_s()
        slot = slot_of(now) + SLOT
        if now < slot - LEAD_S or slot == self._tried:
            return None
        with self._store.read() as connection:
            return None if _row(connection, slot) else slot

    def _wait(self) -> float:
        """Real seconds until the next iteration."""
        now = self._clock.wall_ms()
        release = (slot_of(now // 1000) + SLOT - LEAD_S) * 1000
        if release <= now:
            release += SLOT * 1000
        return min(self.poll_s, self._clock.real_delay(release - now))

    def _make(self, slot: int, latest_s: int = 0) -> None:
        """Log the slot's beacon; publish it if its leaf is not later than slot + `latest_s`."""
        data = Beacon(slot, secrets.token_bytes(32)).data()

        def rows(index: int, rt_ms: int) -> list[Row]:
            if rt_ms > (slot + latest_s) * 1000:
                return []  # late: time recorded with it would be unpaid
            return [(schema.beacon, {"slot": slot, "idx": index, "file": None, "hash": None})]

        entry = LogEntry(LeafType.BEACON, digest(data), attrs=str(slot), object=data, rows=rows)
        self._log.append(entry).result()
        self._write_file(slot)

    def _write_file(self, slot: int) -> None:
        """Store the proof file. The beacon is published with it, so the file never changes."""
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
    """Slot and proof file of beacons by the digest of the file, including returned beacons."""
    found: dict[str, tuple[int, bytes]] = {}
    for part in parts(sorted(hashes)):
        for table in (schema.returned_beacon, schema.beacon):
            rows = connection.execute(select(table).where(table.c.hash.in_(part)))
            found.update({row.hash: (row.slot, row.file or b"") for row in rows})
    return found


def store_returned(connection: Connection, file: bytes, verifiers: Sequence[NoteVerifier]) -> bool:
    """Store a beacon file that this log signed and a restored backup lost; returns whether it was
    missing. Raises DiaryError for a file that the log did not sign.
    """
    beacon = open_beacon(file, verifiers).beacon
    name = digest(file)
    if files(connection, [name]):
        return False
    row: dict[str, object] = {"hash": name, "slot": beacon.slot, "file": file}
    schema.insert(connection, schema.returned_beacon, [row])
    return True
