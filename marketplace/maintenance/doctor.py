"""Check a data folder: permissions, database, log, keys, disk, waiting messages.

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
from pathlib import Path
from typing import Literal

from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.maintenance.backup import verify
from marketplace.maintenance.snapshot import open_read_only
from marketplace.storage import data_folder, migrate

#: Free space below which a report asks for more, in bytes.
_LOW_DISK = 1 << 30

State = Literal["ok", "attention", "failed"]


@dataclass(frozen=True)
class Check:
    """The result of one check, with a sentence about what to do."""

    state: State
    text: str


def examine(data_dir: Path) -> Iterator[Check]:
    """The results of all checks, in order; a check that cannot run is a failed one."""
    for check in (_permissions, _database, _log, _disk, _messages):
        try:
            yield check(data_dir)
        except (ConfigError, OSError, sqlite3.Error) as error:
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
