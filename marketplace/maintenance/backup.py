"""Copy a data folder while its marketplace runs, and restore the copy.

The database is copied by SQLite on one consistent snapshot. Pictures never change and are copied
afterwards, so that all pictures of the snapshot are in the copy unless they were erased meanwhile.
The copy holds the secret keys and all pictures: it needs the same protection as the folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from diary.formats.encoding import digest
from marketplace.core import operator_settings
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.log.audit import audit_log
from marketplace.maintenance.snapshot import log_keys, open_read_only, reading
from marketplace.storage import data_folder, witness_settings
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.open import PLACE_SETTING, require_place, stored_place
from system.files import TEMPORARY, fsync_dir, private_dir, write_private

#: Files of a running process, which a copy must not contain.
_TRANSIENT = {"lock", "port", "admin.json"}
#: A change of the log's key between the copies of database and keys makes them differ.
_ATTEMPTS = 3


def back_up(data_dir: Path, target: Path, s3: S3Settings | None = None) -> list[str]:
    """Copy the folder to a new folder, with the pictures of an object store; returns lines about
    the copy, whose pictures are always files.

    Raises ConfigError if the target exists, if database and keys keep changing, and if the
    pictures are at another place or cannot be read.
    """
    if target.exists():
        raise ConfigError(tr("%(path)s exists already. Choose a new folder.") % {"path": target})
    with reading(data_dir / data_folder.DATABASE) as connection:
        require_place(stored_place(connection), s3)
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    private_dir(partial)
    _copy_records(data_dir, partial)
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


def restore(source: Path, data_dir: Path) -> list[str]:
    """Restore a copy to a new or empty folder and verify its log; returns lines about it.

    Raises ConfigError if the folder has files, or if the copy is incomplete or does not verify:
    then nothing is restored.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ConfigError(
            tr("%(path)s has files. Restore to a new folder; nothing was changed.")
            % {"path": data_dir}
        )
    leaves = verify(source)
    partial = data_dir.with_name(f"{data_dir.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    private_dir(partial)
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.name not in _TRANSIENT:
            folder = private_dir(partial / path.parent.relative_to(source))
            with path.open("rb") as file:
                write_private(folder / path.name, _pieces(file))
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
    database = folder / data_folder.DATABASE
    data_folder.check(folder, create=False)
    findings = audit_log(lambda: reading(database), log_keys(folder))
    if findings:
        raise ConfigError(
            tr("The log does not verify: %(findings)s.")
            % {"findings": ", ".join(sorted({str(each.code) for each in findings}))}
        )
    with contextlib.closing(open_read_only(database)) as raw:
        return int(raw.execute("SELECT count(*) FROM leaf").fetchone()[0])


def _copy_records(data_dir: Path, target: Path) -> None:
    """Copy the database, the keys and the settings, and compare database and keys."""
    for attempt in range(_ATTEMPTS):
        copy = target / data_folder.DATABASE
        copy.unlink(missing_ok=True)
        with (
            contextlib.closing(open_read_only(data_dir / data_folder.DATABASE)) as live,
            contextlib.closing(_open_copy(copy)) as made,
        ):
            live.backup(made)
            # The copy is one file: no write-ahead log beside it.
            made.execute("PRAGMA journal_mode=DELETE")
            made.execute("DELETE FROM setting WHERE name = ?", (PLACE_SETTING,))
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
            log_keys(target)
        except ConfigError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def _open_copy(path: Path) -> sqlite3.Connection:
    """A new database file that only its owner can read."""
    path.touch(mode=0o600)
    return sqlite3.connect(path)


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
