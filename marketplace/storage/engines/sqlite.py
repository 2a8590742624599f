"""SQLite in the data folder: the default engine, which needs no server.

Rules kept:
- Only the writer thread writes or checkpoints; a commit is on disk before its futures are done
  (`synchronous=FULL`).
- Readers are `query_only` and never checkpoint. SQLite below 3.51.3 can lose the reset of the
  write-ahead log when several connections write or checkpoint at once; here only one does.
- Deleted and replaced data is overwritten (`secure_delete`), and `scrub` empties the write-ahead
  log of old pages.
- The lock of the data folder keeps a second process away.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from marketplace.storage import migrate
from marketplace.storage.database import Database

#: The maximum time that a scrub waits for readers of an older state, in ms.
_SCRUB_MS = 250
_BUSY_MS = 5_000
_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    f"busy_timeout={_BUSY_MS}",
)
_READER_PRAGMAS = ("query_only=ON", "wal_autocheckpoint=0", f"busy_timeout={_BUSY_MS}")


class SqliteDatabase(Database):
    """Opens and upgrades the database at `path`."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError for a database of a newer version, SQLAlchemyError if the file cannot
        be used.
        """
        self._unscrubbed = False
        writing = _engine(path, writer=True)
        try:
            migrate.upgrade(writing)
        except BaseException:
            writing.dispose()
            raise
        super().__init__(writing, _engine(path, writer=False))

    def _lost(self, connection: Connection) -> bool:
        # As with a full disk.
        raw = connection.connection.dbapi_connection
        return not getattr(raw, "in_transaction", True)

    def _scrub(self, connection: Connection, *, asked: bool) -> bool:
        """Empty the write-ahead log on request, or after an earlier request failed."""
        if asked or self._unscrubbed:
            self._unscrubbed = not _truncate(connection)
        return not self._unscrubbed


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
