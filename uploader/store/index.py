"""Index and upload state in SQLite (WAL, `synchronous=FULL`).

Rules kept: one connection behind one lock; every method is one transaction, durable on return; all
of it can be made again from the files, and is, when the database is missing or damaged; a damaged
database is set aside; another program that holds the write lock delays no reading.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from uploader.errors import Problem, StoreError, from_os, from_sqlite
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
_COLUMNS = (
    "ctr, epoch, seq, kid, hash, file, kind, slot, t0, t1, memo, state, detail, log_index, rt_ms"
)


class UploadState(StrEnum):
    """Where a segment or a picture stands on its way out."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"  # set aside by the marketplace's answer; kept and shown
    HELD = "held"  # its number may be taken by other bytes: not sent until that is cleared up
    DAMAGED = "damaged"  # the file's bytes are not its own any more
    LOST = "lost"  # the file is gone


@dataclass(frozen=True)
class IndexRow:
    """A sealed segment as the index knows it.

    `kid` signed it (empty where that is not known any more); `file` is the digest of the whole
    SD-JWT, `hash` that of its signed part; slot, t0, t1 in Unix seconds; `log_index` and `rt_ms`
    come from a valid receipt. `detail` is the reason of a REFUSED one; of a DONE one the codes that
    cost its pay, separated by spaces.
    """

    ctr: str
    epoch: int
    seq: int
    kid: str
    hash: str
    file: str
    kind: str
    slot: int
    t0: int
    t1: int
    memo: str | None
    state: UploadState = UploadState.WAITING
    detail: str = ""
    log_index: int | None = None
    rt_ms: int | None = None

    @property
    def name(self) -> str:
        """Its files' common name, without the ending."""
        return segment_name(self.ctr, self.epoch, self.seq)

    @property
    def unpaying(self) -> tuple[str, ...]:
        """The codes of the marketplace's findings that cost its pay."""
        return tuple(self.detail.split()) if self.state is UploadState.DONE else ()


@dataclass(frozen=True)
class Facts:
    """What the files say of one segment: its row and its pictures, and which were missing there."""

    row: IndexRow
    shas: tuple[str, ...]
    blobs: UploadState


@dataclass(frozen=True)
class IndexContents:
    """Everything in the index that comes from files."""

    facts: Sequence[Facts]
    beacons: Sequence[tuple[int, str]]


def segment_name(ctr: str, epoch: int, seq: int) -> str:
    """The common name of a segment's files, below the state folder."""
    return f"segments/{ctr}/{epoch}-{seq}"


class Index:
    """The database. `contents` reads the files when it has to be made again; `report` hears of it
    when that was because of damage.
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
        self._db: sqlite3.Connection | None = None  # guarded by the lock
        with self._lock:
            self._open()

    def close(self) -> None:
        """Close the connection; the WAL is folded into the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # Segments

    def rows(self) -> list[IndexRow]:
        """All segments in the order of their names."""
        return self._rows("ORDER BY ctr, epoch, seq")

    def states(self) -> dict[str, str]:
        """Where each segment stands, by its name: all that a start needs to know of thousands."""
        sql = "SELECT 'segments/' || ctr || '/' || epoch || '-' || seq, state FROM segments"
        return dict(self._ask(lambda db: db.execute(sql).fetchall()))

    def set_lost(self, name: str) -> None:
        """Note that a segment's file is gone."""
        sql = (
            "UPDATE segments SET state = ?"
            " WHERE 'segments/' || ctr || '/' || epoch || '-' || seq = ?"
        )
        self._do(sql, UploadState.LOST, name)

    def waiting(
        self, limit: int, kids: Sequence[str], without: Sequence[str] = ()
    ) -> list[IndexRow]:
        """The oldest segments of these devices still to be sent, not of the contracts `without`."""
        marks, others = ", ".join("?" * len(kids)), ", ".join("?" * len(without))
        tail = (
            f"WHERE state = ? AND kid IN ({marks}) AND ctr NOT IN ({others})"
            " ORDER BY t0, epoch, seq LIMIT ?"
        )
        return self._rows(tail, UploadState.WAITING, *kids, *without, limit)

    def waiting_keys(self) -> set[str]:
        """The hashes of the segments, and the digests of the pictures, that wait."""

        def work(db: sqlite3.Connection) -> set[str]:
            hashes = db.execute("SELECT hash FROM segments WHERE state = ?", (UploadState.WAITING,))
            shas = db.execute("SELECT sha FROM blobs WHERE state = ?", (UploadState.WAITING,))
            return {row[0] for row in (*hashes, *shas)}

        return self._run(work)

    def kids(self) -> set[str]:
        """The devices that have sealed what is here."""
        rows = self._ask(lambda db: db.execute("SELECT DISTINCT kid FROM segments").fetchall())
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
        """Note what a segment's file is now, and the memo that counts."""
        self._do("UPDATE segments SET file = ?, memo = ? WHERE hash = ?", file, memo, digest)

    def remove(self, row: IndexRow) -> None:
        """Forget a segment; what it named is named no more."""

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM shots WHERE hash = ?", (row.hash,))
            key = (row.ctr, row.epoch, row.seq)
            db.execute("DELETE FROM segments WHERE ctr = ? AND epoch = ? AND seq = ?", key)

        self._run(work)

    def last(self, ctr: str, state: UploadState | None = None) -> IndexRow | None:
        """The segment of the highest number of a contract, perhaps only of those in a state."""
        if state is None:
            rows = self._rows("WHERE ctr = ? ORDER BY epoch DESC, seq DESC LIMIT 1", ctr)
        else:
            rows = self._rows(
                "WHERE ctr = ? AND state = ? ORDER BY epoch DESC, seq DESC LIMIT 1", ctr, state
            )
        return rows[0] if rows else None

    def numbered(self, ctr: str, seq: int, kid: str) -> IndexRow | None:
        """A device's segment of a number, in the latest epoch that has it; a damaged one may be
        anybody's.
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
        """The segment of just this time, from an epoch on."""
        rows = self._rows("WHERE ctr = ? AND epoch >= ? AND t0 = ? AND t1 = ?", ctr, epoch, t0, t1)
        return rows[0] if rows else None

    def chains(self) -> set[str]:
        """The contracts that have segments."""
        rows = self._ask(lambda db: db.execute("SELECT DISTINCT ctr FROM segments").fetchall())
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
            row[0] for row in self._ask(lambda db: db.execute(sql, (ctr, limit)).fetchall())
        )

    def put(self, facts: Facts) -> None:
        """Add a segment with its pictures, or replace what was known of it."""
        self._run(lambda db: _insert(db, facts))

    def set_state(self, row: IndexRow, state: UploadState, detail: str = "") -> None:
        """Note where a segment stands."""
        sql = "UPDATE segments SET state = ?, detail = ? WHERE ctr = ? AND epoch = ? AND seq = ?"
        self._do(sql, state, detail, row.ctr, row.epoch, row.seq)

    def set_done(self, row: IndexRow, log_index: int, rt_ms: int, codes: str = "") -> None:
        """Note a valid receipt, and the codes that cost the segment's pay."""
        sql = (
            "UPDATE segments SET state = ?, detail = ?, log_index = ?, rt_ms = ?"
            " WHERE ctr = ? AND epoch = ? AND seq = ?"
        )
        self._do(sql, UploadState.DONE, codes, log_index, rt_ms, row.ctr, row.epoch, row.seq)

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
        self._do(sql, new, detail, ctr, old)

    def counts(self, kids: Sequence[str]) -> dict[UploadState, int]:
        """How many segments of these devices, and of nobody known, stand where."""
        marks = ", ".join("?" * len(kids))
        sql = f"SELECT state, COUNT(*) FROM segments WHERE kid IN ('', {marks}) GROUP BY state"  # noqa: S608 - marks only
        rows = self._ask(lambda db: db.execute(sql, kids).fetchall())
        return {UploadState(state): count for state, count in rows}

    # Pictures

    def blobs_of(self, digest: str) -> list[tuple[str, UploadState]]:
        """The pictures of a segment, by its hash."""
        sql = (
            "SELECT s.sha, b.state FROM shots s JOIN blobs b ON b.sha = s.sha"
            " WHERE s.hash = ? ORDER BY s.sha"
        )
        rows = self._ask(lambda db: db.execute(sql, (digest,)).fetchall())
        return [(sha, UploadState(state)) for sha, state in rows]

    def naming(self, sha: str) -> list[IndexRow]:
        """The segments that name a picture."""
        return self._rows("WHERE hash IN (SELECT hash FROM shots WHERE sha = ?)", sha)

    def late_blobs(self, limit: int) -> list[str]:
        """Waiting pictures that only segments with a receipt name."""
        sql = (
            "SELECT sha FROM blobs b WHERE state = ? AND NOT EXISTS ("
            " SELECT 1 FROM shots s JOIN segments g ON g.hash = s.hash"
            " WHERE s.sha = b.sha AND g.state <> ?) ORDER BY sha LIMIT ?"
        )
        rows = self._ask(
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
        rows = self._ask(lambda db: db.execute("SELECT DISTINCT sha FROM shots").fetchall())
        return {row[0] for row in rows}

    def unname(self, digest: str, shas: Sequence[str]) -> list[str]:
        """Let a segment name these pictures no more; returns those that none names now."""

        def work(db: sqlite3.Connection) -> list[str]:
            strays = []
            for sha in shas:
                db.execute("DELETE FROM shots WHERE hash = ? AND sha = ?", (digest, sha))
                if not db.execute("SELECT 1 FROM shots WHERE sha = ?", (sha,)).fetchone():
                    db.execute("DELETE FROM blobs WHERE sha = ?", (sha,))
                    strays.append(sha)
            return strays

        return self._run(work)

    def set_blob(self, sha: str, state: UploadState, detail: str = "") -> None:
        """Note where a picture stands."""
        self._do("UPDATE blobs SET state = ?, detail = ? WHERE sha = ?", state, detail, sha)

    def blobs_in_state(self, state: UploadState) -> list[str]:
        """The digests of the pictures in a state."""
        sql = "SELECT sha FROM blobs WHERE state = ? ORDER BY sha"
        rows = self._run(lambda db: db.execute(sql, (state,)).fetchall())
        return [row[0] for row in rows]

    def blob_counts(self) -> dict[UploadState, int]:
        """How many pictures stand where."""
        sql = "SELECT state, COUNT(*) FROM blobs GROUP BY state"
        rows = self._ask(lambda db: db.execute(sql).fetchall())
        return {UploadState(state): count for state, count in rows}

    # Beacons, notes

    def add_beacon(self, slot: int, h: str) -> None:
        """Add a slot's beacon; the first one stays."""
        self._do("INSERT OR IGNORE INTO beacons VALUES(?, ?)", slot, h)

    def drop_beacon(self, slot: int) -> None:
        """Forget a beacon."""
        self._do("DELETE FROM beacons WHERE slot = ?", slot)

    def beacon(self, slot: int) -> tuple[int, str] | None:
        """The newest beacon whose slot is not later, as (slot, digest of its file)."""
        sql = "SELECT slot, h FROM beacons WHERE slot <= ? ORDER BY slot DESC LIMIT 1"
        row = self._ask(lambda db: db.execute(sql, (slot,)).fetchone())
        return None if row is None else (row[0], row[1])

    def get_meta(self, key: str) -> bytes | None:
        """A small thing worth remembering, or None."""
        row = self._ask(
            lambda db: db.execute("SELECT data FROM notes WHERE key = ?", (key,)).fetchone()
        )
        return None if row is None else bytes(row[0])

    def set_meta(self, key: str, data: bytes) -> None:
        """Remember it."""
        self._do("INSERT OR REPLACE INTO notes VALUES(?, ?)", key, data)

    def drop_meta(self, key: str) -> None:
        """Forget it."""
        self._do("DELETE FROM notes WHERE key = ?", key)

    # The database itself

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """One transaction that writes. A database that turns out damaged is renewed, then it is
        tried again.
        """
        return self._attempt(work, _WRITE)

    def _ask(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """One transaction that only reads: it does not wait for the write lock."""
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
        db = self._db
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

    def _rows(self, tail: str, *values: object) -> list[IndexRow]:
        sql = f"SELECT {_COLUMNS} FROM segments {tail}"  # noqa: S608 - fixed texts of this module
        rows = self._ask(lambda db: db.execute(sql, values).fetchall())
        return [
            replace(row, state=UploadState(row.state)) for row in (IndexRow(*each) for each in rows)
        ]

    def _number(self, sql: str, *values: object) -> int:
        return int(self._ask(lambda db: db.execute(sql, values).fetchone())[0])

    def _do(self, sql: str, *values: object) -> None:
        self._run(lambda db: db.execute(sql, values))

    def _open(self) -> None:
        fresh = not self._folder.exists(NAME)
        if fresh:
            # Whatever lies beside a missing database belongs to another one.
            for ending in ("-wal", "-shm"):
                self._folder.remove(NAME + ending)
        try:
            self._connect()
            # An empty database is what a crash before the first transaction left.
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
            self._db = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
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
                _insert(db, facts)
            db.executemany("INSERT OR IGNORE INTO beacons VALUES(?, ?)", contents.beacons)
            # Last in the same transaction: a database without its version is not a whole one.
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


def _insert(db: sqlite3.Connection, facts: Facts) -> None:
    row = facts.row
    db.execute(
        f"INSERT OR REPLACE INTO segments({_COLUMNS}) VALUES({', '.join('?' * 15)})",
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
