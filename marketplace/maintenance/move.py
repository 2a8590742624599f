"""Move a marketplace that does not run: its tables from SQLite to PostgreSQL (ADR 0035), its
pictures from the data folder to an object store.

An interrupted command continues when it is given again. The caller holds the lock of the folder.
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from sqlalchemy import Connection, Engine

from diary.formats.encoding import digest
from marketplace.core.config import DATABASE_URL, ConfigError, DatabaseSettings
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.maintenance.snapshot import log_keys
from marketplace.maintenance.table_copy import Report, fill_postgresql, require_empty
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.folder import FolderBlobs
from marketplace.storage.blobs.open import (
    FOLDER,
    first_key,
    require_place,
    store_place,
    stored_place,
)
from marketplace.storage.data_folder import DATABASE, FORMER
from marketplace.storage.database import Database
from marketplace.storage.engines.sqlite import SqliteDatabase
from marketplace.storage.local_settings import (
    MOVED_FROM,
    MOVED_TO,
    Moved,
    read_setting,
    store_setting,
)
from system.files import move

#: Pictures between two lines of progress.
_REPORTED = 500


def move_database(data_dir: Path, postgresql: DatabaseSettings, report: Report) -> list[str]:
    """Copy all tables from the SQLite database of a folder to an empty PostgreSQL database in one
    transaction, and rename the former; returns lines about the result. `report` gets lines of
    progress.

    Just before the commit the SQLite database gets a mark, by which it is never served again: the
    result of a commit is unknown if the connection is lost. A repeated command compares the tokens
    of both. Raises ConfigError if one of the databases cannot be used, if the PostgreSQL database
    is served or not empty, and if the copy differs or its log does not verify.
    """
    from marketplace.storage.engines.postgresql import claimed

    path = data_dir / DATABASE
    with (
        contextlib.closing(SqliteDatabase(path)) as store,
        store.read() as source,
        claimed(postgresql) as engine,
    ):
        verifiers = log_keys(source, data_dir)
        moved, committed = _begin(source, engine, postgresql.label)
        lines = [tr("the PostgreSQL database has all rows since an earlier attempt")]
        if not committed:
            count = fill_postgresql(
                source, engine, verifiers, report, before_commit=lambda: _mark(store, moved)
            )
            text = tr("moved %(count)d rows to the PostgreSQL database %(name)r; the log verifies")
            lines = [text % {"count": count, "name": postgresql.label}]
    # Closing the database has removed its write-ahead log.
    move(path, data_dir / FORMER)
    text = tr(
        "the former database is %(path)s; later deletions do not reach it: delete it as soon as "
        "you have a backup of the new one"
    )
    return [*lines, text % {"path": data_dir / FORMER}]


def _begin(source: Connection, engine: Engine, name: str) -> tuple[Moved, bool]:
    """The move, and whether an earlier attempt has committed it."""
    value = read_setting(source, MOVED_TO)
    with engine.begin() as target:
        if value is None:
            require_empty(target)
            moved = Moved(secrets.token_hex(16), name)
            store_setting(target, MOVED_FROM, moved.token)
            return moved, False
        moved = Moved.parse(value)
        if read_setting(target, MOVED_FROM) != moved.token:
            raise ConfigError(
                tr(
                    "The move of this marketplace to the PostgreSQL database %(former)r was "
                    "interrupted when it may have been complete. Name that database in "
                    "%(variable)s; nothing was changed."
                )
                % {"former": moved.database, "variable": DATABASE_URL}
            )
        return moved, read_setting(target, "name") is not None


def _mark(store: Database, moved: Moved) -> None:
    store.write(lambda connection: store_setting(connection, MOVED_TO, str(moved))).result()


def move_pictures(
    data_dir: Path,
    s3: S3Settings,
    report: Report,
    postgresql: DatabaseSettings | None = None,
) -> list[str]:
    """Copy all pictures to the object store, choose it, and remove the files; returns lines about
    the result. `report` gets lines of progress. The files are removed only after all of them are in
    the store and the database names it.

    Raises ConfigError if the store cannot be used, or if the pictures are in a third place.
    """
    from marketplace.storage.blobs.s3 import explained, open_s3

    with contextlib.closing(_open(data_dir, postgresql)) as store:
        with store.read() as connection:
            # Another marketplace's database would let this one's pictures be erased.
            log_keys(connection, data_dir)
            stored, owner = stored_place(connection), first_key(connection)
        if stored != FOLDER:
            require_place(stored, s3)
        folder = FolderBlobs(data_dir / "blobs")
        target = open_s3(s3, data_dir / "blobs" / "arriving", owner)
        names = sorted(folder.names())
        moved, fresh = [], 0
        try:
            for number, sha in enumerate(names, 1):
                data = folder.read(sha)
                if data is not None and digest(data) == sha:
                    fresh += target.store(sha, data)
                    moved.append(sha)
                if number % _REPORTED == 0:
                    report(
                        tr("copied %(count)d of %(total)d pictures")
                        % {"count": number, "total": len(names)}
                    )
        except BlobsError as error:
            raise ConfigError(explained(s3, error)) from None
        store.write(lambda connection: store_place(connection, s3.place)).result()
        for sha in moved:
            folder.erase(sha)
    lines = [
        tr("moved %(count)d pictures to %(place)s; %(known)d were there already")
        % {"count": len(moved), "place": s3.place, "known": len(moved) - fresh}
    ]
    if damaged := len(names) - len(moved):
        lines.append(tr("left %(count)d damaged files in the data folder") % {"count": damaged})
    return lines


def _open(data_dir: Path, postgresql: DatabaseSettings | None) -> Database:
    if postgresql is None:
        return SqliteDatabase(data_dir / DATABASE)
    from marketplace.storage.engines.postgresql import PostgresqlDatabase

    return PostgresqlDatabase(postgresql)
