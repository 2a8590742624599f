"""The database: one process, one writing connection, many readers.

Rules kept:
- Only the writer thread writes or checkpoints. Waiting jobs share one transaction (group commit),
  each in its own savepoint. A job's future is done after the commit is on disk
  (`synchronous=FULL`).
- Readers are `query_only` and never checkpoint. SQLite below 3.51.3 can lose the reset of the
  write-ahead log when several connections write or checkpoint at once; here only one does.
- Deleted and replaced data is overwritten (`secure_delete`), and `scrub` empties the write-ahead
  log of old pages.
- A second process on the same folder is refused, since the log has one sequencer.

A PostgreSQL adapter would replace `read`, `write` and `scrub`, with the tables of `schema`.
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

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool

from marketplace.storage import migrate

T = TypeVar("T")

#: Jobs in one transaction at most; bounds how long the first of them waits for the commit.
MAX_BATCH = 512

_Job = tuple[Callable[[Connection], Any], "Future[Any]"]
_Asked = tuple[Callable[[Connection], Any] | None, "Future[Any]"]
"""A job, or None for a scrub."""
#: The maximum time that a scrub waits for readers of an older state, in ms.
_SCRUB_MS = 250


class DatabaseError(Exception):
    """A write failed and nothing of the job was stored. Try again later."""


class Database:
    """Opens and upgrades the database at `path`. Close it to end its writer thread."""

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

        `job` must be quick; it runs once. The future raises the exception of `job`, or
        DatabaseError if the commit failed. Never wait for a future inside a job.
        """
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put((job, cast("Future[Any]", future)))
        return future

    def probe(self, timeout_s: float) -> None:
        """Write and read once. Raises an exception if the database cannot do both in time."""
        self.write(lambda _: None).result(timeout=timeout_s)
        with self.read() as connection:
            connection.execute(text("SELECT 1 FROM setting LIMIT 1"))

    def scrub(self) -> Future[bool]:
        """Empty the write-ahead log of the data that earlier writes deleted.

        The result is False if readers of an older state prevented it; then a later write, or
        closing or opening the database, does it.
        """
        future: Future[bool] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put((None, future))
        return future

    def close(self) -> None:
        """Finish all accepted jobs, then close. May be called twice."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._writer.join()
        self._reading.dispose()
        # Last, so that the writer makes the checkpoint of the last connection.
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
        """Empty the write-ahead log on request, or after an earlier request failed."""
        asked = [future for future in asked if future.set_running_or_notify_cancel()]
        if asked or self._unscrubbed:
            self._unscrubbed = not _truncate(connection)
        for future in asked:
            future.set_result(not self._unscrubbed)


def _truncate(connection: Connection) -> bool:
    """Move the write-ahead log into the database and empty it; False if a reader prevents it."""
    raw: Any = connection.connection.dbapi_connection
    # Outside of a transaction; the short time-out does not delay the next batch.
    raw.execute(f"PRAGMA busy_timeout={_SCRUB_MS}")
    try:
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    return not busy


def _commit(connection: Connection, batch: list[_Job]) -> None:
    """Run a batch in one transaction, then set the results of the futures."""
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
    """Raise `error` again if SQLite rolled back the whole transaction, as with a full disk: then
    the earlier jobs of the batch failed as well.
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
        # Python's transaction control is off; `begin` below starts transactions.
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
