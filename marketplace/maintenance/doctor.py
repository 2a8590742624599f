"""Check a marketplace: permissions of its folder, database, log, keys, disk, pictures, waiting
messages, witnesses, operator.

The checks read only and also work while the marketplace runs.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from diary.formats.encoding import digest
from marketplace.core.config import ConfigError, DatabaseSettings
from marketplace.core.i18n import tr
from marketplace.core.operator_settings import OperatorSettingsError, stored_operator
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.log.audit import Read
from marketplace.maintenance.backup import verify_log
from marketplace.maintenance.snapshot import open_read_only, open_reader
from marketplace.storage import data_folder, migrate, schema
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.open import require_place, stored_place
from marketplace.storage.data_folder import FORMER
from marketplace.storage.witness_settings import WitnessSettingsError, stored_witnesses

#: Free space below which a report asks for more, in bytes.
_LOW_DISK = 1 << 30
#: Parameters of PostgreSQL without which a confirmed commit may be lost.
_DURABLE = ("fsync", "full_page_writes")

State = Literal["ok", "attention", "failed"]


@dataclass(frozen=True)
class Check:
    """The result of one check, with a sentence about what to do."""

    state: State
    text: str


def examine(
    data_dir: Path, s3: S3Settings | None = None, postgresql: DatabaseSettings | None = None
) -> Iterator[Check]:
    """The results of all checks, in order; a check that cannot run is a failed one."""
    with open_reader(data_dir, postgresql) as read:
        checks: tuple[Callable[[], Check], ...] = (
            partial(_permissions, data_dir),
            partial(_sqlite, data_dir) if postgresql is None else partial(_postgresql, read),
            partial(_log, data_dir, read),
            partial(_disk, data_dir),
            partial(_pictures, read, s3),
            partial(_messages, read),
            partial(_witnesses, data_dir, read),
            partial(_operator, data_dir),
        )
        for check in checks:
            try:
                yield check()
            except SQLAlchemyError as error:
                yield Check("failed", str(getattr(error, "orig", None) or error))
            except (
                ConfigError,
                OperatorSettingsError,
                WitnessSettingsError,
                OSError,
                sqlite3.Error,
            ) as error:
                yield Check("failed", str(error))
        if (data_dir / FORMER).exists():
            yield Check(
                "attention",
                tr(
                    "%(path)s is the database before the move. Later deletions do not reach it: "
                    "delete it as soon as you have a backup of the new one."
                )
                % {"path": data_dir / FORMER},
            )


def _permissions(data_dir: Path) -> Check:
    if sys.platform != "win32":
        for path in (data_dir, *data_dir.glob("*"), *data_dir.glob("keys/*")):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                return Check(
                    "failed",
                    tr("Other users can read %(path)s. Run: chmod -R go= %(folder)s")
                    % {"path": path, "folder": data_dir},
                )
    return Check("ok", tr("Only the owner can read the data folder."))


def _sqlite(data_dir: Path) -> Check:
    with contextlib.closing(open_read_only(data_dir / data_folder.DATABASE)) as raw:
        found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        revision = raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if found != "ok":
        return Check(
            "failed", tr("The database is damaged. Restore your backup: %(text)s") % {"text": found}
        )
    if revision != migrate.HEAD:
        return Check("attention", tr("The next start upgrades the database to this version."))
    return Check("ok", tr("The database is intact."))


def _postgresql(read: Read) -> Check:
    with read() as connection:
        migrate.require_current(connection)
        query = text("SELECT name FROM pg_settings WHERE name = ANY(:names) AND setting = 'off'")
        unsafe = connection.execute(query, {"names": list(_DURABLE)}).scalars().all()
    if unsafe:
        return Check(
            "attention",
            tr("The PostgreSQL server may lose receipts in a power failure: %(names)s is off.")
            % {"names": ", ".join(sorted(unsafe))},
        )
    return Check("ok", tr("The PostgreSQL database has the tables of this version."))


def _log(data_dir: Path, read: Read) -> Check:
    count = verify_log(read, data_dir)
    return Check(
        "ok", tr("The log of %(count)d entries verifies, and its key is there.") % {"count": count}
    )


def _disk(data_dir: Path) -> Check:
    free = shutil.disk_usage(data_dir).free
    text = tr("%(size)d MiB of the disk are free.") % {"size": free >> 20}
    return Check("ok" if free >= _LOW_DISK else "attention", text)


def _pictures(read: Read, s3: S3Settings | None) -> Check:
    with read() as connection:
        require_place(stored_place(connection), s3)
    if s3 is None:
        return Check("ok", tr("The pictures are in the data folder."))
    from marketplace.storage.blobs.s3 import S3Objects, explained, object_store

    try:
        versions = S3Objects(object_store(s3)).keeps_versions()
    except BlobsError as error:
        return Check("failed", explained(s3, error))
    if versions:
        return Check(
            "attention",
            tr(
                "The bucket %(bucket)s keeps versions: erased pictures remain. Let a rule of the "
                "bucket delete former versions soon."
            )
            % {"bucket": s3.bucket},
        )
    return Check("ok", tr("The pictures are in %(place)s.") % {"place": s3.place})


def _messages(read: Read) -> Check:
    columns = schema.message.c
    query = select(func.count(), func.count(func.nullif(columns.attempts, 0)))
    with read() as connection:
        waiting, late = connection.execute(query.where(columns.next_s.is_not(None))).one()
    if late:
        return Check(
            "attention",
            tr("%(count)d messages wait after failed attempts. Check the mail server.")
            % {"count": late},
        )
    return Check("ok", tr("%(count)d messages wait for the mail server.") % {"count": waiting})


def _witnesses(data_dir: Path, read: Read) -> Check:
    policy = stored_witnesses(data_dir)
    if not policy.witnesses:
        return Check("ok", tr("No witnesses cosign the log."))
    state, shard = schema.witness_state.c, schema.shard.c
    with read() as connection:
        query = select(state.shard, state.witness, state.size, state.failure)
        states = {(row.shard, row.witness): row[2:] for row in connection.execute(query)}
        logs = connection.execute(
            select(shard.number, shard.origin, func.max(schema.checkpoint.c.size))
            .join_from(schema.shard, schema.checkpoint)
            .group_by(shard.number, shard.origin)
            .order_by(shard.number)
        ).all()
    for number, origin, size in logs:
        for witness in policy.witnesses:
            key = digest(witness.verifier.vkey.encode())
            cosigned, failure = states.get((number, key), (0, None))
            if failure is not None or not cosigned:
                values = {"name": witness.name, "origin": origin, "reason": failure or "not_asked"}
                return Check(
                    "attention",
                    tr(
                        "The witness %(name)s has not cosigned the %(lag)d newest entries of "
                        "%(origin)s (%(reason)s)."
                    )
                    % (values | {"lag": size - min(size, cosigned)}),
                )
    return Check("ok", tr("Witnesses of the log: %(count)d.") % {"count": len(policy.witnesses)})


def _operator(data_dir: Path) -> Check:
    operator = stored_operator(data_dir)
    if operator is None:
        return Check(
            "attention",
            tr("The privacy notice names no operator. Start with: serve --operator-file FILE"),
        )
    return Check("ok", tr("The privacy notice names %(name)s.") % {"name": operator.name})
