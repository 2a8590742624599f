"""PostgreSQL with several processes (ADR 0036).

Rules kept:
- Each write transaction first takes the advisory lock `WRITING` until it ends, so that one process
  at a time writes and sees everything that was committed before. The server ends a transaction
  that waits for its process for longer than `_FROZEN`; such a process cannot commit any more.
- Each process holds `LOCK` in shared mode on its writing connection. A process that serves alone
  holds it exclusively, so the two kinds exclude each other.
- Processes start one after the other (`STARTING`).
- One process at a time has the lease (`Lease`): it runs the work in the background.
- No write depends on the memory of a process (ADR 0036 has the list).
"""

from __future__ import annotations

import contextlib
import threading
import zlib
from collections.abc import Iterator

import psycopg
from psycopg import errors
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.config import ConfigError, DatabaseSettings
from marketplace.core.i18n import tr
from marketplace.storage import migrate
from marketplace.storage.database import DatabaseError, KeyedLocks, LockUnavailableError, Mutex
from marketplace.storage.engines.postgresql import LOCK, PostgresqlDatabase, ServerAccess, sentences

#: The advisory locks of write transactions, of starting processes, and of the lease.
WRITING, STARTING, LEASE = LOCK + 1, LOCK + 2, LOCK + 3
#: The first key of the locks of `SharedMutex`; the second one is a checksum of its name.
MUTEXES = 0x776F726B
#: The first key of the locks of `SharedKeyedLocks`; the second one is a checksum of the key.
KEYED = MUTEXES + 1
#: The longest time for which the server waits for the next statement of a write transaction.
_FROZEN = "5s"
#: The longest wait for the lock of a transaction: longer than a frozen process can hold it.
_WRITE_WAIT = "10s"
#: The longest wait for a process that starts, and for a mutex.
_START_WAIT, _MUTEX_WAIT = "180s", "30s"
#: After this time without a statement the server ends the connection of a lease, and of a mutex.
_LEASE_IDLE, _MUTEX_IDLE = "8s", "60s"
_BEGIN = text(f"SELECT pg_advisory_xact_lock({WRITING})")
#: Connections for proofs and attempts.
_SIDE = 4


class SharedPostgresqlDatabase(PostgresqlDatabase):
    """Connects to a database that other processes serve too. Call `started` soon: until then no
    other process can start.
    """

    shared = True

    def __init__(self, settings: DatabaseSettings) -> None:
        """Raises ConfigError, with a sentence for the operator, if the database cannot be used."""
        server = _SharedServer(settings)
        with sentences(settings):
            self._starting = server.session({"lock_timeout": _START_WAIT})
            self._starting.execute("SELECT pg_advisory_lock(%s)", (STARTING,))
        try:
            super().__init__(settings, server)
        except BaseException:
            self._starting.close()
            raise
        self._shared_server = server
        self._mutexes: list[SharedMutex] = []
        self.picture_locks = self._keyed = SharedKeyedLocks(server)
        self._side = server.engine(server.connect_side, size=_SIDE, overflow=0)

    def started(self) -> None:
        """See `Database`."""
        self._starting.close()

    def close(self) -> None:
        """See `Database`."""
        super().close()
        self._starting.close()
        self._side.dispose()
        self._keyed.close()
        for mutex in self._mutexes:
            mutex.close()

    def mutex(self, name: str) -> SharedMutex:
        """See `Database`."""
        made = SharedMutex(self._shared_server, name)
        self._mutexes.append(made)
        return made

    @contextlib.contextmanager
    def side(self) -> Iterator[Connection]:
        """A connection for short-lived rows, which commits each statement without waiting for the
        disk. Raises DatabaseError.
        """
        try:
            with self._side.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise DatabaseError(str(error)) from error

    def lease(self) -> Lease:
        """A new lease, which no process has yet."""
        return Lease(self._shared_server)

    def _begin(self, connection: Connection) -> None:
        connection.execute(_BEGIN)


class SharedMutex(Mutex):
    """A lock of all processes. The server releases it with its connection."""

    def __init__(self, server: _SharedServer, name: str) -> None:
        super().__init__()
        self._server = server
        self._key = _number(name)
        self._connection: psycopg.Connection | None = None
        self._pid = 0  # of the server's process

    def __enter__(self) -> None:
        """See `Mutex`."""
        super().__enter__()
        try:
            self._acquire()
        except psycopg.Error as error:
            self.close()
            super().__exit__()
            raise DatabaseError(str(error)) from error

    def __exit__(self, *details: object) -> None:
        """See `Mutex`."""
        try:
            if self._connection is not None:
                self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", (MUTEXES, self._key))
        except psycopg.Error:
            self.close()
        finally:
            super().__exit__(*details)

    def require(self, connection: Connection) -> None:
        """See `Mutex`."""
        if self._connection is None or not _has(connection, self._pid, MUTEXES, self._key):
            raise DatabaseError("another process has the lock")

    def close(self) -> None:
        """Release the lock with its connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _acquire(self) -> None:
        lock = ("SELECT pg_advisory_lock(%s, %s)", (MUTEXES, self._key))
        if self._connection is not None:
            try:
                self._connection.execute(*lock)
            except errors.LockNotAvailable:
                raise
            except psycopg.OperationalError:
                # It was idle, or the server was restarted.
                self.close()
            else:
                return
        self._connection = self._server.session(
            {"lock_timeout": _MUTEX_WAIT, "idle_session_timeout": _MUTEX_IDLE}
        )
        self._pid = self._connection.info.backend_pid
        self._connection.execute(*lock)


class SharedKeyedLocks(KeyedLocks):
    """Locks by key of all processes, on one connection. The server releases them with it."""

    def __init__(self, server: _SharedServer) -> None:
        super().__init__()
        self._server = server
        self._gate = threading.Lock()  # guards those below
        self._connection: psycopg.Connection | None = None
        #: The server's process of the connection with the lock of a key.
        self._pids: dict[str, int] = {}

    @contextlib.contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """See `KeyedLocks`. Does not wait for another process."""
        with super().hold(key):
            self._acquire(key)
            try:
                yield
            finally:
                self._release(key)

    def require(self, connection: Connection, key: str) -> None:
        """See `KeyedLocks`."""
        if not _has(connection, self._pids[key], KEYED, _number(key)):
            raise LockUnavailableError("the lock was lost")

    def close(self) -> None:
        """Release all locks with their connection."""
        with self._gate:
            self._drop()

    def _acquire(self, key: str) -> None:
        with self._gate:
            try:
                taken = self._try(key)
            except psycopg.Error:
                # It was idle, or the server was restarted.
                self._drop()
                try:
                    taken = self._try(key)
                except psycopg.Error as error:
                    self._drop()
                    raise DatabaseError(str(error)) from error
            if not taken:
                raise LockUnavailableError("another process has the lock")

    def _try(self, key: str) -> bool:
        if self._connection is None:
            self._connection = self._server.session({"idle_session_timeout": _MUTEX_IDLE})
        query = "SELECT pg_try_advisory_lock(%s, %s)"
        row = self._connection.execute(query, (KEYED, _number(key))).fetchone()
        if row is None or not row[0]:
            return False
        self._pids[key] = self._connection.info.backend_pid
        return True

    def _release(self, key: str) -> None:
        with self._gate:
            pid = self._pids.pop(key)
            if self._connection is None or self._connection.info.backend_pid != pid:
                return
            try:
                query = "SELECT pg_advisory_unlock(%s, %s)"
                self._connection.execute(query, (KEYED, _number(key)))
            except psycopg.Error:
                self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _number(name: str) -> int:
    """The second key of a lock. Two keys of 32 bits are other locks than one of 64 bits."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def _has(connection: Connection, pid: int, kind: int, number: int) -> bool:
    """Whether the server's process `pid` has a lock with two keys."""
    query = text(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = :pid"
        " AND classid = :kind AND objid = :number AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    values = {"pid": pid, "kind": kind, "number": number}
    return connection.execute(query, values).first() is not None


class Lease:
    """The right to run the work in the background. Thread-safe."""

    def __init__(self, server: _SharedServer) -> None:
        self._server = server
        self._gate = threading.Lock()
        self._connection: psycopg.Connection | None = None
        #: Whether this process had the lease at the last call of `renew`.
        self.held = False

    def renew(self) -> bool:
        """Take or keep the lease; returns whether this process has it. Blocks.

        Call it every second: the server ends the lease of a process that is silent
        for `_LEASE_IDLE`.
        """
        with self._gate:
            try:
                if self._connection is None:
                    self._connection = self._server.session({"idle_session_timeout": _LEASE_IDLE})
                query = "SELECT true" if self.held else f"SELECT pg_try_advisory_lock({LEASE})"
                row = self._connection.execute(query).fetchone()
                self.held = row is not None and bool(row[0])
            except (psycopg.Error, OSError):
                self._release()
            return self.held

    def release(self) -> None:
        """Let another process have the lease."""
        with self._gate:
            self._release()

    def _release(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                if self.held:
                    # The server notices the end of a connection later.
                    self._connection.execute(f"SELECT pg_advisory_unlock({LEASE})")
            self._connection.close()
            self._connection = None
        self.held = False


class _SharedServer(ServerAccess):
    """Connects to the server beside other processes."""

    def session(self, settings: dict[str, str]) -> psycopg.Connection:
        """A connection in autocommit mode with server settings. Raises psycopg.Error."""
        connection = self.connect()
        try:
            connection.autocommit = True
            for name, value in settings.items():
                connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        except BaseException:
            connection.close()
            raise
        return connection

    def connect_writer(self) -> psycopg.Connection:
        """Connect beside other processes that share the database. Raises AlreadyServedError."""
        connection = super().connect_writer()
        try:
            with connection.transaction():
                for name, value in (
                    ("lock_timeout", _WRITE_WAIT),
                    ("idle_in_transaction_session_timeout", _FROZEN),
                ):
                    connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        except BaseException:
            connection.close()
            raise
        return connection

    def connect_side(self) -> psycopg.Connection:
        """A connection whose statements are committed at once, and are on the disk soon."""
        return self.session({"synchronous_commit": "off", "lock_timeout": _WRITE_WAIT})

    def _claim(self, connection: psycopg.Connection) -> None:
        # No token: this process keeps nothing that another one could make wrong.
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (LOCK,))

    def upgrade(self, engine: Engine) -> None:
        """Upgrade the tables, unless another process uses them. Raises ConfigError."""
        if migrate.is_current(engine):
            return
        with engine.connect() as connection:
            alone = connection.execute(
                text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}
            ).scalar()
            connection.commit()
        if not alone:
            raise ConfigError(
                tr(
                    "The tables belong to another version, and other processes serve the database. "
                    "Stop all of them before you start this version; nothing was changed."
                )
            )
        try:
            migrate.upgrade(engine)
        finally:
            with engine.connect() as connection:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()
