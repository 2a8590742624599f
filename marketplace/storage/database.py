"""The database: one process, one writing connection, many readers.

Rules kept:
- Only the writer thread writes or checkpoints. Its jobs run in one transaction as long as more of
  them wait (group commit), each in a savepoint of its own; a job's future is done only after the
  commit is on the disk (`synchronous=FULL`).
- Readers are `query_only` and never checkpoint. SQLite below 3.51.3 has a defect by which the reset
  of the write-ahead log can be lost when several connections write or checkpoint at once; with one
  such connection it cannot happen.
- What is deleted or replaced is overwritten (`secure_delete`), and `scrub` empties the write-ahead
  log of the pages as they were before.
- A second process on the same folder is refused: two of them on one file are slower than one, and
  the log has one sequencer.

PostgreSQL comes in at this boundary: `read`, `write`, and the tables of `schema`.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool

from marketplace.storage import migrate

T = TypeVar("T")

#: Jobs of one transaction at most: bounds how long the first of them waits for its commit.
MAX_BATCH = 512

_Job = tuple[Callable[[Connection], Any], "Future[Any]"]
_Asked = tuple[Callable[[Connection], Any] | None, "Future[Any]"]
"""A job, or None for a scrub."""
#: How long a scrub waits for readers of an older state before it gives up until the next one.
_SCRUB_MS = 250


class DatabaseError(Exception):
    """The database did not take a write; nothing of the job was kept. Try again later."""


class Database:
    """Opens (and brings up to date) the database at `path`. Close it to end its writer."""

    def __init__(self, path: Path) -> None:
        self._writing = _engine(path, writer=True)
        migrate.upgrade(self._writing)
        self._reading = _engine(path, writer=False)
        self._jobs: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._closed = False
        self._unscrubbed = False
        self._gate = threading.Lock()
        self._writer = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._writer.start()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on one consistent snapshot. It cannot write."""
        with self._reading.connect() as connection:
            yield connection

    def write(self, job: Callable[[Connection], T]) -> Future[T]:
        """Run `job` in the writer's next transaction; the future is done when it is durable.

        `job` must be quick and may be run once only. Its own exception comes out of the future;
        StoreError when the commit failed. Never wait for a future inside a job.
        """
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put((job, cast("Future[Any]", future)))
        return future

    def scrub(self) -> Future[bool]:
        """Empty the write-ahead log, so that it holds nothing that was deleted by a write before.

        The result is False if readers of an older state were in the way: then it is done after a
        later write, or when the store is closed or opened.
        """
        future: Future[bool] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put((None, future))
        return future

    def close(self) -> None:
        """Finish all jobs that were accepted, then close. May be called twice."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._writer.join()
        self._reading.dispose()
        # Last, so that the checkpoint of the last connection is the writer's own.
        self._writing.dispose()

    def _run(self) -> None:
        with self._writing.connect() as connection:
            while (first := self._jobs.get()) is not None:
                batch = [first]
                ended = False
                while len(batch) < MAX_BATCH:
                    try:
                        job = self._jobs.get_nowait()
                    except queue.Empty:
                        break
                    if job is None:
                        ended = True
                        break
                    batch.append(job)
                _commit(connection, [(job, future) for job, future in batch if job is not None])
                self._scrub(connection, [future for job, future in batch if job is None])
                if ended:
                    return

    def _scrub(self, connection: Connection, asked: list[Future[Any]]) -> None:
        """Empty the write-ahead log if somebody asks, or could not be served before."""
        asked = [future for future in asked if future.set_running_or_notify_cancel()]
        if asked or self._unscrubbed:
            self._unscrubbed = not _truncate(connection)
        for future in asked:
            future.set_result(not self._unscrubbed)


def _truncate(connection: Connection) -> bool:
    """Move all of the write-ahead log into the database and empty it; False if that must wait."""
    raw: Any = connection.connection.dbapi_connection
    # Outside of a transaction, and without keeping the writer from its next batch for long.
    raw.execute(f"PRAGMA busy_timeout={_SCRUB_MS}")
    try:
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    return not busy


def _commit(connection: Connection, batch: list[_Job]) -> None:
    """Run a batch in one transaction, and only then tell the results."""
    done: list[tuple[Future[Any], Any]] = []
    batch = [(job, future) for job, future in batch if future.set_running_or_notify_cancel()]
    try:
        with connection.begin():
            for job, future in batch:
                try:
                    with connection.begin_nested():
                        result = job(connection)
                    done.append((future, result))
                except SQLAlchemyError as error:
                    _still_open(connection, error)
                    future.set_exception(DatabaseError(str(error)))
                except Exception as error:  # noqa: BLE001 - a job's error is its caller's
                    future.set_exception(error)
    except SQLAlchemyError as error:
        for _, future in batch:
            if not future.done():
                future.set_exception(DatabaseError(str(error)))
        return
    for future, result in done:
        future.set_result(result)


def _still_open(connection: Connection, error: SQLAlchemyError) -> None:
    """Raise `error` again if SQLite rolled back more than the savepoint (a full disk does that):
    then the jobs before it are lost as well, and none of them may be told otherwise.
    """
    raw = connection.connection.dbapi_connection
    if not getattr(raw, "in_transaction", True):
        raise error


def _engine(path: Path, *, writer: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool if writer else QueuePool,
        connect_args={"check_same_thread": False},
        **({} if writer else {"pool_size": 8, "max_overflow": 40}),
    )

    def connected(dbapi: Any, _record: Any) -> None:
        # Python's own transaction control is off: `begin` below says what starts and when.
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in _WRITER_PRAGMAS if writer else _READER_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)
    return engine


_BUSY_MS = 5_000
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={_BUSY_MS}",
)
_READER_PRAGMAS = ("query_only=ON", "wal_autocheckpoint=0", f"busy_timeout={_BUSY_MS}")
