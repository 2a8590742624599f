"""PostgreSQL, for marketplaces with a database server (ADR 0032).

Rules kept:
- The writing connection holds an advisory lock of the database for its whole life, so a process
  that lost its connection has lost the right to write as well. It gets the lock again only after
  the server has ended its old connection with everything that it had sent.
- A process stores a token of its own when it starts. If another token is there after it connected
  again, another process has served the database meanwhile: this one refuses reads and writes until
  it is restarted, because it keeps the end of the log and the state of devices in memory.
- A commit is durable before its futures are done: `synchronous_commit` is never off.
- Readers are read-only transactions with the isolation level REPEATABLE READ.
- No error message contains the connection's parameters or a statement's values.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator

import psycopg
from psycopg import errors
from psycopg.adapt import Dumper
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from diary.core.display import REPLACEMENT
from marketplace.core.config import DATABASE_URL, ConfigError, DatabaseSettings
from marketplace.core.i18n import tr
from marketplace.storage import migrate
from marketplace.storage.database import Database, DatabaseError
from marketplace.storage.local_settings import SERVER

#: The advisory lock of the process that serves a database ("workdiar" in ASCII).
LOCK = 0x776F726B64696172
#: How long a process waits for the lock, so that it can follow one that was just killed.
_LOCK_WAIT = "2s"
#: libpq's parameters unless the operator sets them: a silent server is noticed within a minute.
_DEFAULTS = {
    "application_name": "workdiary-marketplace",
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "40000",
}


class AlreadyServedError(DatabaseError):
    """Another process serves this database."""


class _EncodingError(DatabaseError):
    """The database cannot store all characters."""


class PostgresqlDatabase(Database):
    """Connects to a PostgreSQL database, claims it and upgrades its tables."""

    def __init__(self, settings: DatabaseSettings, server: ServerAccess | None = None) -> None:
        """Raises ConfigError, with a sentence for the operator, if the database cannot be used."""
        self._server = server or ServerAccess(settings)
        writing = self._server.engine(self._server.connect_writer, size=1, overflow=0)
        try:
            with sentences(settings):
                self._server.upgrade(writing)
                self._server.remember(writing)
        except BaseException:
            writing.dispose()
            raise
        reading = self._server.engine(self._server.connect_reader, size=8, overflow=40)
        super().__init__(writing, reading)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on one consistent snapshot. Raises DatabaseError without a server."""
        if self._server.superseded:
            raise _served()
        try:
            with super().read() as connection:
                yield connection
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(error, OperationalError):
                raise DatabaseError(str(error)) from error
            raise

    def _lost(self, connection: Connection) -> bool:
        return connection.invalidated

    def _scrub(self, connection: Connection, *, asked: bool) -> bool:  # noqa: ARG002
        """True: PostgreSQL has no copies that this process could empty.

        A deleted or replaced row stays in its page until VACUUM frees it, which autovacuum does
        within minutes by default, and in the write-ahead log until its segments are recycled.
        Replicas and archives of the write-ahead log keep it as long as the operator keeps them.
        """
        return True


@contextlib.contextmanager
def claimed(settings: DatabaseSettings) -> Iterator[Engine]:
    """An engine with one connection, which has claimed a database and upgraded its tables.

    Raises ConfigError, also for errors of the database in the block.
    """
    server = ServerAccess(settings)
    engine = server.engine(server.connect_writer, size=1, overflow=0)
    try:
        with sentences(settings):
            migrate.upgrade(engine)
            yield engine
    finally:
        engine.dispose()


def upgrade(settings: DatabaseSettings) -> None:
    """Claim a database and upgrade its tables. Raises ConfigError."""
    with claimed(settings):
        pass


@contextlib.contextmanager
def snapshots(
    settings: DatabaseSettings,
) -> Iterator[Callable[[], contextlib.AbstractContextManager[Connection]]]:
    """Opens connections on one consistent snapshot each, also while a marketplace serves the
    database. They cannot write, and raise ConfigError for errors of the database.
    """
    server = ServerAccess(settings)
    engine = server.engine(server.connect_reader, size=1, overflow=0)

    @contextlib.contextmanager
    def read() -> Iterator[Connection]:
        with sentences(settings), engine.connect() as connection:
            yield connection

    try:
        yield read
    finally:
        engine.dispose()


class ServerAccess:
    """Connects to the server; knows whether another process has served the database since."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._parameters = _DEFAULTS | dict(settings.parameters) | {"client_encoding": "UTF8"}
        self._token: str | None = None
        #: Whether another process took the database over.
        self.superseded = False

    def engine(
        self, connect: Callable[[], psycopg.Connection], *, size: int, overflow: int
    ) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=connect,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=overflow,
            # A connection that ended while it was idle is replaced before it is used.
            pool_pre_ping=True,
            hide_parameters=True,
        )

    def connect_reader(self) -> psycopg.Connection:
        connection = self.connect()
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return connection

    def connect_writer(self) -> psycopg.Connection:
        """Connect and claim the database. Raises AlreadyServedError."""
        connection = self.connect()
        try:
            if connection.info.parameter_status("server_encoding") != "UTF8":
                raise _EncodingError("the encoding of the database is not UTF8")
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('synchronous_commit', 'on', false)"
                    " WHERE current_setting('synchronous_commit') = 'off'"
                )
                connection.execute("SELECT set_config('lock_timeout', %s, true)", (_LOCK_WAIT,))
                self._claim(connection)
        except errors.LockNotAvailable:
            connection.close()
            raise _served() from None
        except BaseException:
            connection.close()
            raise
        return connection

    def _claim(self, connection: psycopg.Connection) -> None:
        """Take the lock for the life of the connection."""
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        if self._token is not None:
            self._require_own_token(connection)

    def upgrade(self, engine: Engine) -> None:
        """Upgrade the tables. Raises ConfigError."""
        migrate.upgrade(engine)

    def remember(self, engine: Engine) -> None:
        """Store a token of this process, which holds the lock."""
        token = secrets.token_hex(16)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO setting (name, value) VALUES (:name, :value)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                ),
                {"name": SERVER, "value": token},
            )
        self._token = token

    def _require_own_token(self, connection: psycopg.Connection) -> None:
        row = connection.execute("SELECT value FROM setting WHERE name = %s", (SERVER,)).fetchone()
        if self.superseded or row is None or row[0] != self._token:
            self.superseded = True
            raise _served()

    def connect(self) -> psycopg.Connection:
        """A connection without a right to write. Raises psycopg.Error."""
        connection = psycopg.connect(**self._parameters)  # type: ignore[arg-type]
        connection.adapters.register_dumper(str, _TextDumper)
        return connection


class _TextDumper(Dumper):
    """Sends texts to the server, which cannot store NUL. No column that is compared with signed
    bytes can contain it, so a query for it finds nothing, and a copy for searches gets U+FFFD.
    """

    def dump(self, obj: str) -> bytes:
        return obj.replace("\0", REPLACEMENT).encode()


def _served() -> AlreadyServedError:
    return AlreadyServedError("another process serves this database")


@contextlib.contextmanager
def sentences(settings: DatabaseSettings) -> Iterator[None]:
    """Raise the errors of the start as ConfigError, with a sentence for the operator."""
    try:
        yield
    except AlreadyServedError as error:
        raise ConfigError(
            tr(
                "Another marketplace serves the PostgreSQL database %(name)r. Stop it first, or "
                "choose another database; nothing was changed."
            )
            % {"name": settings.label}
        ) from error
    except _EncodingError as error:
        raise ConfigError(
            tr(
                "The PostgreSQL database must have the encoding UTF8: create it with "
                "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0."
            )
        ) from error
    except (DatabaseError, SQLAlchemyError, psycopg.Error) as error:
        origin = getattr(error, "orig", error)
        if isinstance(origin, errors.InsufficientPrivilege):
            raise ConfigError(
                tr(
                    "The role may not use or upgrade the tables of the PostgreSQL database "
                    "%(name)r (%(reason)s). Run 'workdiary-marketplace migrate' as the owner of "
                    "the tables, and grant this role the rights that the operating guide lists."
                )
                % {"name": settings.label, "reason": _reason(origin)}
            ) from None
        raise ConfigError(
            tr(
                "The PostgreSQL database %(name)r cannot be used: %(reason)s. Check that the "
                "server runs, and check %(variable)s."
            )
            % {
                "name": settings.label,
                "reason": _reason(origin or error),
                "variable": DATABASE_URL,
            }
        ) from None


def _reason(error: BaseException) -> str:
    """The message of the server or of libpq, which never contains a password, as one line."""
    message = str(error).partition("(Background on this error")[0]
    return (" ".join(message.split()) or type(error).__name__)[:400].rstrip(".")
