"""The database: one writing connection and many readers in each process.

Rules kept by both engines (`marketplace.storage.engines`, ADR 0032):
- Only the writer thread writes. Waiting jobs share one transaction (group commit), each in its own
  savepoint. A job's future is done after the commit is durable.
- Readers see one consistent snapshot and cannot write.
- A second process on the same database is refused, unless both share it
  (`marketplace.storage.engines.shared_postgresql`): the log has one sequencer at a time.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

T = TypeVar("T")

#: Jobs in one transaction at most; bounds how long the first of them waits for the commit.
MAX_BATCH = 512
#: The longest wait for a lock of `KeyedLocks`, in seconds.
_KEY_WAIT_S = 30.0

_Job = tuple[Callable[[Connection], Any], "Future[Any]"]
_Asked = tuple[Callable[[Connection], Any] | None, "Future[Any]"]
"""A job, or None for a scrub."""


class DatabaseError(Exception):
    """The database is unavailable, or a write failed. Try again later.

    Nothing of the job was stored, unless the connection to a database server was lost during the
    commit: then the result is unknown. Each write is idempotent by its hash, so repeating it is
    correct in both cases.
    """


class LockUnavailableError(DatabaseError):
    """Another request or process has a lock. Try again later."""


class Mutex:
    """A lock that all processes of a database share; here there is one process."""

    def __init__(self) -> None:
        self._held = threading.Lock()

    def __enter__(self) -> None:
        """Wait for the lock. Raises DatabaseError if a database server does not give it in time."""
        self._held.acquire()

    def __exit__(self, *_: object) -> None:
        self._held.release()

    def require(self, connection: Connection) -> None:
        """Raise DatabaseError in a write transaction if this process has lost the lock."""


class KeyedLocks:
    """Locks by key that all processes of a database share; here there is one process.
    Thread-safe.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()  # guards `_held`
        self._held: set[str] = set()

    @contextlib.contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Hold the lock of a key during the block.

        Raises LockUnavailableError if another holder does not release it in time, and DatabaseError
        if the server is unavailable.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: key not in self._held, _KEY_WAIT_S):
                raise LockUnavailableError("another request has the lock")
            self._held.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._held.remove(key)
                self._changed.notify_all()

    def require(self, connection: Connection, key: str) -> None:
        """Raise DatabaseError in a write transaction if this process has lost a lock it held."""


class Database(ABC):
    """A database with current tables. Close it to end its writer thread."""

    #: Whether other processes write to it too.
    shared = False

    def __init__(self, writing: Engine, reading: Engine) -> None:
        """`writing` has a pool of one connection; its tables are current."""
        self._writing = writing
        self._reading = reading
        #: Held by the hash of a picture while it is stored and gets its row, and while it is
        #: erased, so that nothing erases a picture that is just being stored.
        self.picture_locks = KeyedLocks()
        self._jobs: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()
        self._writer = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._writer.start()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on one consistent snapshot. It cannot write.

        Raises DatabaseError if a database server is unavailable.
        """
        pool = self._reading.pool
        try:
            with self._reading.connect() as connection:
                yield connection
        finally:
            if self._closed:
                # `close` could not end a connection that was in use.
                pool.dispose()

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
        """Remove the data that earlier writes deleted from the engine's own copies.

        The result is False if that has to wait for a reader; a later write, or closing or opening
        the database, does it then.
        """
        future: Future[bool] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseError("the database is closed")
            self._jobs.put((None, future))
        return future

    def mutex(self, name: str) -> Mutex:  # noqa: ARG002 - one process has one for each caller
        """A new lock. Those of one name are the same lock in all processes of the database."""
        return Mutex()

    def started(self) -> None:  # noqa: B027 - most engines have nothing to do
        """Let the next process start: what the first one creates is there."""

    def close(self) -> None:
        """Finish all accepted jobs, then close. May be called twice."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._writer.join()
        self._reading.dispose()
        # Last, so that SQLite's writer makes the checkpoint of the last connection.
        self._writing.dispose()

    def _begin(self, connection: Connection) -> None:  # noqa: B027 - as above
        """Called at the beginning of each transaction."""

    @abstractmethod
    def _lost(self, connection: Connection) -> bool:
        """Whether an error ended the whole transaction, and not only a job's savepoint."""

    @abstractmethod
    def _scrub(self, connection: Connection, *, asked: bool) -> bool:
        """Remove deleted data after a batch; `asked` if a caller waits for it. Never raises."""

    def _run(self) -> None:
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
            self._work([each for each in batch if each[1].set_running_or_notify_cancel()])
            if ended:
                return

    def _work(self, batch: Sequence[_Asked]) -> None:
        """Run the jobs of a batch in one transaction, then set the results of all futures."""
        jobs = [(job, future) for job, future in batch if job is not None]
        scrubs = [future for job, future in batch if job is None]
        try:
            with self._writing.connect() as connection:
                if jobs:
                    self._commit(connection, jobs)
                scrubbed = self._scrub(connection, asked=bool(scrubs))
                for future in scrubs:
                    future.set_result(scrubbed)
        except (DatabaseError, SQLAlchemyError) as error:
            _fail([future for _, future in batch], error)

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with connection.begin():
                self._begin(connection)
                for job, future in batch:
                    try:
                        with connection.begin_nested():
                            result = job(connection)
                        done.append((future, result))
                    except SQLAlchemyError as error:
                        if self._lost(connection):
                            raise  # then the earlier jobs of the batch failed as well
                        future.set_exception(DatabaseError(str(error)))
                    except Exception as error:  # noqa: BLE001 - a job's error is its caller's
                        future.set_exception(error)
        except SQLAlchemyError as error:
            _fail([future for _, future in batch], error)
            return
        for future, result in done:
            future.set_result(result)


def _fail(futures: list[Future[Any]], error: Exception) -> None:
    """Set the error of all futures that have no result yet."""
    for future in futures:
        if not future.done():
            future.set_exception(DatabaseError(str(error)))
