"""Queries of the index: segments, pictures, beacons and notes. Each method is one transaction of
`IndexDatabase`, durable on return, and raises StoreError.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from uploader.errors import Problem
from uploader.store.index.database import COLUMNS, IndexDatabase, insert_segment
from uploader.store.index.rows import IndexContents, IndexRow, SegmentFacts, UploadState
from uploader.store.state_folder import StateFolder

T = TypeVar("T")


class Index:
    """The index of one state folder. Methods may be called from any thread. For `contents` and
    `report` see `IndexDatabase`.
    """

    def __init__(
        self,
        folder: StateFolder,
        contents: Callable[[], IndexContents],
        report: Callable[[Problem, str], None],
    ) -> None:
        self._db = IndexDatabase(folder, contents, report)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    # Segments

    def rows(self) -> list[IndexRow]:
        """All segments in the order of their names."""
        return self._rows("ORDER BY ctr, epoch, seq")

    def states(self) -> dict[str, str]:
        """The state of each segment by its name: a start compares thousands of them."""
        sql = "SELECT 'segments/' || ctr || '/' || epoch || '-' || seq, state FROM segments"
        return dict(self._db.read(lambda db: db.execute(sql).fetchall()))

    def set_lost(self, name: str) -> None:
        """Mark a segment's file as lost."""
        sql = (
            "UPDATE segments SET state = ?"
            " WHERE 'segments/' || ctr || '/' || epoch || '-' || seq = ?"
        )
        self._execute(sql, UploadState.LOST, name)

    def waiting(
        self, limit: int, kids: Sequence[str], without: Sequence[str] = ()
    ) -> list[IndexRow]:
        """The oldest waiting segments of these devices, not of the contracts `without`."""
        marks, others = ", ".join("?" * len(kids)), ", ".join("?" * len(without))
        tail = (
            f"WHERE state = ? AND kid IN ({marks}) AND ctr NOT IN ({others})"
            " ORDER BY t0, epoch, seq LIMIT ?"
        )
        return self._rows(tail, UploadState.WAITING, *kids, *without, limit)

    def waiting_keys(self) -> set[str]:
        """The hashes of waiting segments and the digests of waiting pictures."""

        def work(db: sqlite3.Connection) -> set[str]:
            hashes = db.execute("SELECT hash FROM segments WHERE state = ?", (UploadState.WAITING,))
            shas = db.execute("SELECT sha FROM blobs WHERE state = ?", (UploadState.WAITING,))
            return {row[0] for row in (*hashes, *shas)}

        return self._db.write(work)

    def kids(self) -> set[str]:
        """The signers of the segments."""
        rows = self._db.read(lambda db: db.execute("SELECT DISTINCT kid FROM segments").fetchall())
        return {row[0] for row in rows}

    def heads(self, kid: str) -> list[IndexRow]:
        """The last segment of each chain of a device."""
        return self._rows(
            "AS s WHERE kid = ? AND NOT EXISTS (SELECT 1 FROM segments n WHERE n.ctr = s.ctr"
            " AND n.kid = s.kid AND (n.epoch, n.seq) > (s.epoch, s.seq)) ORDER BY ctr",
            kid,
        )

    def row(self, ctr: str, epoch: int, seq: int) -> IndexRow | None:
        """One segment."""
        rows = self._rows("WHERE ctr = ? AND epoch = ? AND seq = ?", ctr, epoch, seq)
        return rows[0] if rows else None

    def by_hash(self, digest: str) -> IndexRow | None:
        """The segment of a hash."""
        rows = self._rows("WHERE hash = ?", digest)
        return rows[0] if rows else None

    def set_file(self, digest: str, file: str, memo: str | None) -> None:
        """Store the digest of a segment's file and its current memo."""
        self._execute("UPDATE segments SET file = ?, memo = ? WHERE hash = ?", file, memo, digest)

    def remove(self, row: IndexRow) -> None:
        """Remove a segment and its references to pictures."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM shots WHERE hash = ?", (row.hash,))
            key = (row.ctr, row.epoch, row.seq)
            db.execute("DELETE FROM segments WHERE ctr = ? AND epoch = ? AND seq = ?", key)

        self._db.write(work)

    def last(self, ctr: str, state: UploadState | None = None) -> IndexRow | None:
        """The last segment of a contract, or the last one in a state."""
        if state is None:
            rows = self._rows("WHERE ctr = ? ORDER BY epoch DESC, seq DESC LIMIT 1", ctr)
        else:
            rows = self._rows(
                "WHERE ctr = ? AND state = ? ORDER BY epoch DESC, seq DESC LIMIT 1", ctr, state
            )
        return rows[0] if rows else None

    def numbered(self, ctr: str, seq: int, kid: str) -> IndexRow | None:
        """A device's segment of a number in the latest epoch that has the number. The signer of a
        damaged one is unknown, so that it counts for every device.
        """
        rows = self._rows(
            "WHERE ctr = ? AND seq = ? AND kid IN (?, '') ORDER BY epoch DESC LIMIT 1",
            ctr,
            seq,
            kid,
        )
        return rows[0] if rows else None

    def unsent(self, ctr: str, kid: str) -> list[IndexRow]:
        """A device's segments of a contract without a receipt, in the order of their numbers."""
        return self._rows(
            "WHERE ctr = ? AND kid = ? AND state IN (?, ?) ORDER BY epoch, seq",
            ctr,
            kid,
            UploadState.WAITING,
            UploadState.HELD,
        )

    def sealed_at(self, ctr: str, epoch: int, t0: int, t1: int) -> IndexRow | None:
        """The segment of exactly this interval, from an epoch on."""
        rows = self._rows("WHERE ctr = ? AND epoch >= ? AND t0 = ? AND t1 = ?", ctr, epoch, t0, t1)
        return rows[0] if rows else None

    def chains(self) -> set[str]:
        """The contracts that have segments."""
        rows = self._db.read(lambda db: db.execute("SELECT DISTINCT ctr FROM segments").fetchall())
        return {row[0] for row in rows}

    def between(self, ctr: str, from_s: int, to_s: int) -> list[IndexRow]:
        """A contract's segments whose slot lies in [from_s, to_s), in the order of time."""
        return self._rows(
            "WHERE ctr = ? AND slot >= ? AND slot < ? ORDER BY t0, seq", ctr, from_s, to_s
        )

    def last_end(self, ctr: str, upto_s: int) -> int:
        """The latest t1 of a contract's segments that is not after `upto_s`, 0 without any."""
        sql = "SELECT COALESCE(MAX(t1), 0) FROM segments WHERE ctr = ? AND t1 <= ?"
        return self._number(sql, ctr, upto_s)

    def epoch_end(self, ctr: str, epoch: int) -> int:
        """The latest t1 of a contract's segments of an epoch and later ones, 0 without any."""
        sql = "SELECT COALESCE(MAX(t1), 0) FROM segments WHERE ctr = ? AND epoch >= ?"
        return self._number(sql, ctr, epoch)

    def newest_receipt_ms(self) -> int:
        """The latest log time of a receipt, 0 without any."""
        return self._number("SELECT COALESCE(MAX(rt_ms), 0) FROM segments")

    def memos(self, ctr: str, limit: int) -> tuple[str, ...]:
        """Distinct memos of a contract, the most recently used first."""
        sql = (
            "SELECT memo FROM segments WHERE ctr = ? AND memo <> ''"
            " GROUP BY memo ORDER BY MAX(t0) DESC LIMIT ?"
        )
        return tuple(
            row[0] for row in self._db.read(lambda db: db.execute(sql, (ctr, limit)).fetchall())
        )

    def put(self, facts: SegmentFacts) -> None:
        """Insert a segment with its pictures, or replace it."""
        self._db.write(lambda db: insert_segment(db, facts))

    def set_state(self, row: IndexRow, state: UploadState, detail: str = "") -> None:
        """Set the state of a segment."""
        sql = "UPDATE segments SET state = ?, detail = ? WHERE ctr = ? AND epoch = ? AND seq = ?"
        self._execute(sql, state, detail, row.ctr, row.epoch, row.seq)

    def set_done(self, row: IndexRow, log_index: int, rt_ms: int, codes: str = "") -> None:
        """Store the position of a valid receipt, and the codes that cost the segment's pay."""
        sql = (
            "UPDATE segments SET state = ?, detail = ?, log_index = ?, rt_ms = ?"
            " WHERE ctr = ? AND epoch = ? AND seq = ?"
        )
        self._execute(sql, UploadState.DONE, codes, log_index, rt_ms, row.ctr, row.epoch, row.seq)

    def unpaid(self) -> list[IndexRow]:
        """Delivered segments with a finding that costs their pay, in the order of their names."""
        return self._rows(
            "WHERE state = ? AND detail <> '' ORDER BY ctr, epoch, seq", UploadState.DONE
        )

    def in_state(self, state: UploadState) -> list[IndexRow]:
        """The segments in a state, the newest first."""
        return self._rows("WHERE state = ? ORDER BY t0 DESC, epoch DESC, seq DESC", state)

    def move(self, ctr: str, old: UploadState, new: UploadState, detail: str = "") -> None:
        """Move a contract's segments from one state to another."""
        sql = "UPDATE segments SET state = ?, detail = ? WHERE ctr = ? AND state = ?"
        self._execute(sql, new, detail, ctr, old)

    def counts(self, kids: Sequence[str]) -> dict[UploadState, int]:
        """The number of segments in each state, of these devices and of unknown signers."""
        marks = ", ".join("?" * len(kids))
        sql = f"SELECT state, COUNT(*) FROM segments WHERE kid IN ('', {marks}) GROUP BY state"  # noqa: S608 - marks only
        rows = self._db.read(lambda db: db.execute(sql, kids).fetchall())
        return {UploadState(state): count for state, count in rows}

    # Pictures

    def blobs_of(self, digest: str) -> list[tuple[str, UploadState]]:
        """The pictures of a segment, by its hash."""
        sql = (
            "SELECT s.sha, b.state FROM shots s JOIN blobs b ON b.sha = s.sha"
            " WHERE s.hash = ? ORDER BY s.sha"
        )
        rows = self._db.read(lambda db: db.execute(sql, (digest,)).fetchall())
        return [(sha, UploadState(state)) for sha, state in rows]

    def segments_naming(self, sha: str) -> list[IndexRow]:
        """The segments that name a picture."""
        return self._rows("WHERE hash IN (SELECT hash FROM shots WHERE sha = ?)", sha)

    def late_blobs(self, limit: int) -> list[str]:
        """Waiting pictures that only delivered segments name."""
        sql = (
            "SELECT sha FROM blobs b WHERE state = ? AND NOT EXISTS ("
            " SELECT 1 FROM shots s JOIN segments g ON g.hash = s.hash"
            " WHERE s.sha = b.sha AND g.state <> ?) ORDER BY sha LIMIT ?"
        )
        rows = self._db.read(
            lambda db: db.execute(sql, (UploadState.WAITING, UploadState.DONE, limit)).fetchall()
        )
        return [row[0] for row in rows]

    def shows(self, sha: str) -> IndexRow | None:
        """A segment that names the picture; None if there is none."""
        rows = self._rows("WHERE hash IN (SELECT hash FROM shots WHERE sha = ?) LIMIT 1", sha)
        return rows[0] if rows else None

    def is_named(self, sha: str) -> bool:
        """Whether a sealed segment names the picture."""
        return bool(self._number("SELECT COUNT(*) FROM shots WHERE sha = ?", sha))

    def named_blobs(self) -> set[str]:
        """All pictures that sealed segments name."""
        rows = self._db.read(lambda db: db.execute("SELECT DISTINCT sha FROM shots").fetchall())
        return {row[0] for row in rows}

    def drop_references(self, digest: str, shas: Sequence[str]) -> list[str]:
        """Remove a segment's references to pictures; returns those without a reference."""

        def work(db: sqlite3.Connection) -> list[str]:
            strays = []
            for sha in shas:
                db.execute("DELETE FROM shots WHERE hash = ? AND sha = ?", (digest, sha))
                if not db.execute("SELECT 1 FROM shots WHERE sha = ?", (sha,)).fetchone():
                    db.execute("DELETE FROM blobs WHERE sha = ?", (sha,))
                    strays.append(sha)
            return strays

        return self._db.write(work)

    def set_blob(self, sha: str, state: UploadState, detail: str = "") -> None:
        """Set the state of a picture."""
        self._execute("UPDATE blobs SET state = ?, detail = ? WHERE sha = ?", state, detail, sha)

    def blobs_in_state(self, state: UploadState) -> list[str]:
        """The digests of the pictures in a state."""
        sql = "SELECT sha FROM blobs WHERE state = ? ORDER BY sha"
        rows = self._db.write(lambda db: db.execute(sql, (state,)).fetchall())
        return [row[0] for row in rows]

    def waiting_blobs(self) -> list[str]:
        """The digests of the pictures that wait for their upload, in any order. Works on a full
        disk too.
        """
        sql = "SELECT sha FROM blobs WHERE state = ?"
        rows = self._db.read(lambda db: db.execute(sql, (UploadState.WAITING,)).fetchall())
        return [row[0] for row in rows]

    def blob_counts(self) -> dict[UploadState, int]:
        """The number of pictures in each state."""
        sql = "SELECT state, COUNT(*) FROM blobs GROUP BY state"
        rows = self._db.read(lambda db: db.execute(sql).fetchall())
        return {UploadState(state): count for state, count in rows}

    # Beacons, notes

    def add_beacon(self, slot: int, h: str) -> None:
        """Add a slot's beacon; an earlier entry is kept."""
        self._execute("INSERT OR IGNORE INTO beacons VALUES(?, ?)", slot, h)

    def drop_beacon(self, slot: int) -> None:
        """Remove a beacon."""
        self._execute("DELETE FROM beacons WHERE slot = ?", slot)

    def beacon(self, slot: int) -> tuple[int, str] | None:
        """The newest beacon whose slot is not later, as (slot, digest of its file)."""
        sql = "SELECT slot, h FROM beacons WHERE slot <= ? ORDER BY slot DESC LIMIT 1"
        row = self._db.read(lambda db: db.execute(sql, (slot,)).fetchone())
        return None if row is None else (row[0], row[1])

    def get_meta(self, key: str) -> bytes | None:
        """A stored value; None without one."""
        row = self._db.read(
            lambda db: db.execute("SELECT data FROM notes WHERE key = ?", (key,)).fetchone()
        )
        return None if row is None else bytes(row[0])

    def set_meta(self, key: str, data: bytes) -> None:
        """Store a value."""
        self._execute("INSERT OR REPLACE INTO notes VALUES(?, ?)", key, data)

    def drop_meta(self, key: str) -> None:
        """Remove a value."""
        self._execute("DELETE FROM notes WHERE key = ?", key)

    def _rows(self, tail: str, *values: object) -> list[IndexRow]:
        sql = f"SELECT {COLUMNS} FROM segments {tail}"  # noqa: S608 - fixed texts of this module
        rows = self._db.read(lambda db: db.execute(sql, values).fetchall())
        return [
            replace(row, state=UploadState(row.state)) for row in (IndexRow(*each) for each in rows)
        ]

    def _number(self, sql: str, *values: object) -> int:
        return int(self._db.read(lambda db: db.execute(sql, values).fetchone())[0])

    def _execute(self, sql: str, *values: object) -> None:
        self._db.write(lambda db: db.execute(sql, values))
