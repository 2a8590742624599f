"""Check a data folder: permissions, database, log, keys, disk, pictures, waiting messages,
witnesses, operator.

The checks read only and also work while the marketplace runs.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from diary.formats.encoding import digest
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.operator_settings import OperatorSettingsError, stored_operator
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.maintenance.backup import verify
from marketplace.maintenance.snapshot import open_read_only, reading
from marketplace.storage import data_folder, migrate
from marketplace.storage.blobs import BlobsError
from marketplace.storage.blobs.open import require_place, stored_place
from marketplace.storage.witness_settings import WitnessSettingsError, stored_witnesses

#: Free space below which a report asks for more, in bytes.
_LOW_DISK = 1 << 30

State = Literal["ok", "attention", "failed"]


@dataclass(frozen=True)
class Check:
    """The result of one check, with a sentence about what to do."""

    state: State
    text: str


def examine(data_dir: Path, s3: S3Settings | None = None) -> Iterator[Check]:
    """The results of all checks, in order; a check that cannot run is a failed one."""
    pictures = partial(_pictures, s3=s3)
    checks = (_permissions, _database, _log, _disk, pictures, _messages, _witnesses, _operator)
    for check in checks:
        try:
            yield check(data_dir)
        except (
            ConfigError,
            OperatorSettingsError,
            WitnessSettingsError,
            OSError,
            sqlite3.Error,
        ) as error:
            yield Check("failed", str(error))


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


def _database(data_dir: Path) -> Check:
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


def _log(data_dir: Path) -> Check:
    count = verify(data_dir)
    return Check(
        "ok", tr("The log of %(count)d entries verifies, and its key is there.") % {"count": count}
    )


def _disk(data_dir: Path) -> Check:
    free = shutil.disk_usage(data_dir).free
    text = tr("%(size)d MiB of the disk are free.") % {"size": free >> 20}
    return Check("ok" if free >= _LOW_DISK else "attention", text)


def _pictures(data_dir: Path, s3: S3Settings | None) -> Check:
    with reading(data_dir / data_folder.DATABASE) as connection:
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


def _messages(data_dir: Path) -> Check:
    with contextlib.closing(open_read_only(data_dir / data_folder.DATABASE)) as raw:
        waiting, late = raw.execute(
            "SELECT count(*), count(nullif(attempts, 0)) FROM message WHERE next_s IS NOT NULL"
        ).fetchone()
    if late:
        return Check(
            "attention",
            tr("%(count)d messages wait after failed attempts. Check the mail server.")
            % {"count": late},
        )
    return Check("ok", tr("%(count)d messages wait for the mail server.") % {"count": waiting})


def _witnesses(data_dir: Path) -> Check:
    policy = stored_witnesses(data_dir)
    if not policy.witnesses:
        return Check("ok", tr("No witnesses cosign the log."))
    with contextlib.closing(open_read_only(data_dir / data_folder.DATABASE)) as raw:
        states = {
            (shard, witness): (size, failure)
            for shard, witness, size, failure in raw.execute(
                "SELECT shard, witness, size, failure FROM witness_state"
            )
        }
        logs = raw.execute(
            "SELECT number, origin, max(checkpoint.size) FROM shard JOIN checkpoint "
            "ON shard = number GROUP BY number, origin ORDER BY number"
        ).fetchall()
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
