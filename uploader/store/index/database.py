"""The SQLite database of the index (WAL, `synchronous=FULL`).

Rules kept: one connection behind one lock; every call is one transaction, durable on return; a
missing or damaged database is rebuilt from the files, and the damaged one is set aside; a read
never waits for another program's write lock.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from uploader.errors import Problem, StoreError, from_os, from_sqlite
from uploader.store.index.rows import IndexContents, SegmentFacts, UploadState
from uploader.store.state_folder import StateFolder

T = TypeVar("T")
NAME = "index.sqlite"
_VERSION = 1
#: Seconds that a transaction waits for another program's lock. Recording waits as long.
_BUSY_S = 1.0
_READ, _WRITE = "BEGIN DEFERRED", "BEGIN IMMEDIATE"
_SCHEMA = """
CREATE TABLE segments(
    ctr TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    kid TEXT NOT NULL, hash TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL,
    slot INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,
    memo TEXT, state TEXT NOT NULL, detail TEXT NOT NULL,
    log_index INTEGER, rt_ms INTEGER,
    PRIMARY KEY(ctr, epoch, seq));
CREATE INDEX segments_hash ON segments(hash);
CREATE INDEX segments_slot ON segments(ctr, slot);
CREATE INDEX segments_state ON segments(state, t0);
CREATE TABLE blobs(sha TEXT PRIMARY KEY, state TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX blobs_state ON blobs(state);
CREATE TABLE shots(hash TEXT NOT NULL, sha TEXT NOT NULL, PRIMARY KEY(hash, sha));
CREATE INDEX shots_sha ON shots(sha);
CREATE TABLE beacons(slot INTEGER PRIMARY KEY, h TEXT NOT NULL);
CREATE TABLE notes(key TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
COLUMNS = (
    "ctr, epoch, seq, kid, hash, file, kind, slot, t0, t1, memo, state, detail, log_index, rt_ms"
)


class IndexDatabase:
    """The connection to the index's SQLite file. `contents` reads the files for a rebuild; `report`
    receives the damage that caused one. Methods may be called from any thread and raise StoreError.
    """

    def __init__(
        self,
        folder: StateFolder,
        contents: Callable[[], IndexContents],
        report: Callable[[Problem, str], None],
    ) -> None:
        self._folder = folder
        self._contents = contents
        self._report = report
        self._lock = threading.RLock()
        self.connection: sqlite3.Connection | None = None  # guarded by the lock
        with self._lock:
            self._open()

    def close(self) -> None:
        """Close the connection; SQLite then merges the WAL into the file."""
        with self._lock:
            if self.connection is not None:
                self.connection.close()
                self.connection = None

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run one writing transaction; after damage the database is rebuilt and `work` repeated."""
        return self._attempt(work, _WRITE)

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run one reading transaction, which does not wait for the write lock."""
        return self._attempt(work, _READ)

    def _attempt(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        with self._lock:
            try:
                return self._transaction(work, begin)
            except StoreError as error:
                if error.code is not Problem.INDEX_DAMAGED:
                    raise
                self._renew(error)
                return self._transaction(work, begin)

    def _transaction(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        db = self.connection
        if db is None:
            raise StoreError(Problem.DISK_ERROR, "the state folder is closed")
        try:
            db.execute(begin)
            try:
                result = work(db)
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise from_sqlite(error) from error
        return result

    def _open(self) -> None:
        fresh = not self._folder.exists(NAME)
        if fresh:
            # Files beside a missing database belong to another one.
            for ending in ("-wal", "-shm"):
                self._folder.remove(NAME + ending)
        try:
            self._connect()
            # A crash before the first transaction leaves an empty database.
            if fresh or not self._tables():
                self._fill()
            else:
                self._check()
        except StoreError as error:
            if error.code is not Problem.INDEX_DAMAGED:
                self.close()
                raise
            self._renew(error)

    def _connect(self) -> None:
        path = self._folder.path(NAME)
        try:
            # Made here first, so that it has the folder's mode and not the user's default.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise from_os(error) from error
        try:
            self.connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise from_sqlite(error) from error

    def _tables(self) -> int:
        return int(
            self._transaction(
                lambda db: db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone(), _READ
            )[0]
        )

    def _check(self) -> None:
        def work(db: sqlite3.Connection) -> None:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if version != _VERSION or verdict != "ok":
                raise StoreError(Problem.INDEX_DAMAGED, f"version {version}: {verdict}"[:200])

        self._transaction(work, _READ)

    def _fill(self) -> None:
        contents = self._contents()

        def work(db: sqlite3.Connection) -> None:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            for facts in contents.facts:
                insert_segment(db, facts)
            db.executemany("INSERT OR IGNORE INTO beacons VALUES(?, ?)", contents.beacons)
            # Last in the same transaction: a database without its version is incomplete.
            db.execute(f"PRAGMA user_version = {_VERSION}")

        self._transaction(work, _WRITE)

    def _renew(self, error: StoreError) -> None:
        """Set the damaged database aside and make a new one from the files."""
        self.close()
        for ending in ("", "-wal", "-shm"):
            if self._folder.exists(NAME + ending):
                self._folder.set_aside(NAME + ending)
        self._connect()
        self._fill()
        self._report(error.code, error.detail)


def insert_segment(db: sqlite3.Connection, facts: SegmentFacts) -> None:
    """Insert a segment with its pictures, or replace its row."""
    row = facts.row
    db.execute(
        f"INSERT OR REPLACE INTO segments({COLUMNS}) VALUES({', '.join('?' * 15)})",
        (
            *(row.ctr, row.epoch, row.seq, row.kid, row.hash, row.file, row.kind),
            *(row.slot, row.t0, row.t1, row.memo),
            *(row.state, row.detail, row.log_index, row.rt_ms),
        ),
    )
    for sha in facts.shas:
        # A picture that two segments name is waiting as long as one of them lacks it.
        db.execute(
            "INSERT INTO blobs VALUES(?, ?, '') ON CONFLICT(sha) DO UPDATE"
            " SET state = excluded.state WHERE excluded.state = ?",
            (sha, facts.blobs, UploadState.WAITING),
        )
        db.execute("INSERT OR IGNORE INTO shots VALUES(?, ?)", (row.hash, sha))
