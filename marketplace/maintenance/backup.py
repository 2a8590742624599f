"""Copy a marketplace while it runs, and restore the copy.

The database is copied on one consistent snapshot. Pictures never change and are copied afterwards,
so that all pictures of the snapshot are in the copy unless they were erased meanwhile. The copy of
a PostgreSQL database is an SQLite database as well, so each copy can be restored to both engines.
The copy holds the secret keys and all pictures: it needs the same protection as the folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select

from diary.formats.encoding import digest
from marketplace.core import operator_settings
from marketplace.core.config import ConfigError, DatabaseSettings
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.log.audit import Read, audit_log
from marketplace.maintenance.snapshot import log_keys, open_read_only, open_reader, reading
from marketplace.maintenance.table_copy import (
    Report,
    fill_postgresql,
    fill_sqlite,
    log_error,
    require_empty,
)
from marketplace.storage import data_folder, migrate, schema, witness_settings
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.open import PLACE_SETTING, require_place, stored_place
from marketplace.storage.engines.sqlite import SqliteDatabase
from marketplace.storage.local_settings import LOCAL
from system.files import TEMPORARY, fsync_dir, private_dir, write_private

#: Files of a running process, which a copy must not contain.
_TRANSIENT = {"lock", "port", "admin.json"}
#: A change of the log's key between the copies of database and keys makes them differ.
_ATTEMPTS = 3


def back_up(
    data_dir: Path,
    target: Path,
    s3: S3Settings | None = None,
    postgresql: DatabaseSettings | None = None,
    report: Report = lambda _: None,
) -> list[str]:
    """Copy the folder to a new folder, with the rows of a PostgreSQL database and the pictures of
    an object store; returns lines about the copy, whose pictures are always files. `report` gets
    lines of progress.

    Raises ConfigError if the target exists, if database and keys keep changing, and if the
    database or the pictures are at another place or cannot be read.
    """
    if target.exists():
        raise ConfigError(tr("%(path)s exists already. Choose a new folder.") % {"path": target})
    with open_reader(data_dir, postgresql) as read:
        with read() as connection:
            require_place(stored_place(connection), s3)
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        private_dir(partial)
        if postgresql is None:
            _copy_records(data_dir, partial, lambda copy: _copy_sqlite(data_dir, copy))
        else:
            _copy_records(data_dir, partial, lambda copy: _copy_postgresql(read, copy, report))
    count = damaged = 0
    for sha, data in _pictures(data_dir / "blobs") if s3 is None else _objects(s3):
        if digest(data) != sha:
            damaged += 1
            continue
        folder = private_dir(partial / "blobs" / sha[:2])
        write_private(folder / sha, data)
        count += 1
    os.replace(partial, target)  # noqa: PTH105 - as in `system.files`
    fsync_dir(target.parent)
    lines = [tr("copied the database, the keys and %(count)d pictures") % {"count": count}]
    if damaged:
        lines.append(tr("left out %(count)d damaged pictures") % {"count": damaged})
    return lines


def restore(
    source: Path,
    data_dir: Path,
    postgresql: DatabaseSettings | None = None,
    report: Report = lambda _: None,
) -> list[str]:
    """Restore a copy to a new or empty folder and verify its log; returns lines about it. The rows
    go to the PostgreSQL database if there is one. `report` gets lines of progress.

    Raises ConfigError if the folder has files, if the PostgreSQL database is not empty, or if the
    copy is incomplete or does not verify: then nothing is restored.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ConfigError(
            tr("%(path)s has files. Restore to a new folder; nothing was changed.")
            % {"path": data_dir}
        )
    if postgresql is not None:
        _require_empty(postgresql)
    leaves = verify(source)
    partial = data_dir.with_name(f"{data_dir.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    private_dir(partial)
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.name not in _TRANSIENT:
            folder = private_dir(partial / path.parent.relative_to(source))
            with path.open("rb") as file:
                write_private(folder / path.name, _pieces(file))
    if postgresql is not None:
        try:
            _fill(partial, postgresql, report)
        except ConfigError:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    if data_dir.exists():
        data_dir.rmdir()
    os.replace(partial, data_dir)  # noqa: PTH105 - as above
    fsync_dir(data_dir.parent)
    return [
        tr("restored; the log of %(count)d entries verifies") % {"count": leaves},
        tr("programs upload again what the copy does not have; repeat later revocations"),
    ]


def verify(folder: Path) -> int:
    """The number of entries of the log, each verified. ConfigError if it does not verify."""
    data_folder.check(folder, create=False)
    with open_reader(folder, None) as read:
        return verify_log(read, folder)


def verify_log(read: Read, folder: Path) -> int:
    """The number of entries of the log, each verified with the keys of a data folder.

    Raises ConfigError if it does not verify.
    """
    with read() as connection:
        verifiers = log_keys(connection, folder)
    findings = audit_log(read, verifiers)
    if findings:
        raise log_error(str(each.code) for each in findings)
    with read() as connection:
        return connection.execute(select(func.count()).select_from(schema.leaf)).scalar_one()


def _copy_records(data_dir: Path, target: Path, copy_database: Callable[[Path], None]) -> None:
    """Copy the database, the keys and the settings, and compare database and keys."""
    for attempt in range(_ATTEMPTS):
        copy = target / data_folder.DATABASE
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
        copy_database(copy)
        with contextlib.closing(sqlite3.connect(copy)) as made:
            # The copy is one file: no write-ahead log beside it.
            made.execute("PRAGMA journal_mode=DELETE")
            left_out = [(name,) for name in (PLACE_SETTING, *LOCAL)]
            made.executemany("DELETE FROM setting WHERE name = ?", left_out)
            made.commit()
        keys = private_dir(target / "keys")
        for old in keys.iterdir():
            old.unlink()
        with contextlib.suppress(FileNotFoundError):
            for path in (data_dir / "keys").iterdir():
                write_private(keys / path.name, path.read_bytes())
        for name in ("base-url", operator_settings.FILE_NAME, witness_settings.FILE_NAME):
            if (data_dir / name).exists():
                write_private(target / name, (data_dir / name).read_bytes())
        try:
            with reading(copy) as connection:
                log_keys(connection, target)
        except ConfigError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def _copy_sqlite(data_dir: Path, copy: Path) -> None:
    with (
        contextlib.closing(open_read_only(data_dir / data_folder.DATABASE)) as live,
        contextlib.closing(sqlite3.connect(copy)) as made,
    ):
        live.backup(made)


def _copy_postgresql(read: Read, copy: Path, report: Report) -> None:
    with read() as connection:
        migrate.require_current(connection)
        fill_sqlite(connection, copy, report)


def _require_empty(postgresql: DatabaseSettings) -> None:
    from marketplace.storage.engines.postgresql import claimed

    with claimed(postgresql) as engine, engine.connect() as connection:
        require_empty(connection)


def _fill(folder: Path, postgresql: DatabaseSettings, report: Report) -> None:
    """Move the rows of the SQLite database in a folder that was copied to PostgreSQL."""
    from marketplace.storage.engines.postgresql import claimed

    path = folder / data_folder.DATABASE
    # Upgrades a copy that an earlier version made.
    with (
        contextlib.closing(SqliteDatabase(path)) as copied,
        copied.read() as source,
        claimed(postgresql) as engine,
    ):
        fill_postgresql(source, engine, log_keys(source, folder), report)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        (folder / name).unlink(missing_ok=True)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(1 << 20):
        yield piece


def _objects(settings: S3Settings) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each picture in an object store. Raises ConfigError."""
    from marketplace.storage.blobs.s3 import S3Objects, explained, object_store

    try:
        objects = S3Objects(object_store(settings))
        for sha in objects.names():
            if (data := objects.read(sha)) is not None:
                yield sha, data
    except BlobsError as error:
        raise ConfigError(explained(settings, error)) from None


def _pictures(blobs: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each picture; one that is erased meanwhile is left out."""
    if not blobs.is_dir():
        return
    for folder in sorted(blobs.iterdir()):
        # Other folders hold files that are still arriving.
        if folder.is_dir() and len(folder.name) == 2:
            for path in sorted(folder.iterdir()):
                with contextlib.suppress(FileNotFoundError):
                    if not path.name.startswith(TEMPORARY):
                        yield path.name, path.read_bytes()
