"""The check of the state folder by `workdiary doctor`.

It performs the program's operations in the real folder, and removes its files afterwards.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from system.locks import LockHeldError, lock_file
from tracker.diagnostics import Diagnosis
from uploader.errors import from_os

#: Bytes: about two weeks of pictures without an upload.
ENOUGH_SPACE = 500_000_000
#: Where systems mount removable drives.
_MOUNTS = ("/media", "/mnt", "/run/media", "/Volumes")


def folder_finding(base: Path) -> Diagnosis:
    """Whether the state folder and each marketplace's folder in it are writable and lockable, work
    with SQLite and have free space. The check does not create the folder.
    """
    for folder in (base, *_inside(base)):
        found = _check_folder(folder)
        if found.state != "ok":
            return found
    return _check_folder(base)


def _inside(base: Path) -> list[Path]:
    """The folders of the marketplaces, and every link of the base folder."""
    try:
        entries = sorted(base.iterdir())
    except OSError:
        return []
    return [
        entry
        for entry in entries
        if entry.is_symlink() or os.path.lexists(entry / "marketplace.json")
    ]


def _check_folder(folder: Path) -> Diagnosis:
    facts = {"folder": str(folder)}
    link = _dangling(folder)
    if link is not None:
        facts["detail"] = f"{link} -> {link.readlink()}"
        return Diagnosis("folder", "attention", "dangling", facts=facts)
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if there != folder and _unmounted(folder, there):
        return Diagnosis("folder", "attention", "not_mounted", facts=facts)
    try:
        code = _try_folder(there)
        free = shutil.disk_usage(there).free
    except OSError as error:
        facts["detail"] = f"{there}: {error.strerror or type(error).__name__}"
        return Diagnosis("folder", "attention", "not_writable", facts=facts)
    if code:
        return Diagnosis("folder", "attention", code, facts=facts)
    facts["free"] = f"{free / 1e9:.1f}"
    if free < ENOUGH_SPACE:
        return Diagnosis("folder", "attention", "full", facts=facts)
    return Diagnosis("folder", "ok", "works", facts=facts)


def _dangling(folder: Path) -> Path | None:
    """The first symbolic link in the folder's path without a target."""
    for part in (*reversed(folder.parents), folder):
        if part.is_symlink() and not part.exists():
            return part
    return None


def _unmounted(folder: Path, there: Path) -> bool:
    """Whether the folder is below a mount point whose drive is not connected."""
    return any(folder.is_relative_to(mount) for mount in _MOUNTS) and (
        there.stat().st_dev == Path("/").stat().st_dev
    )


def _try_folder(there: Path) -> str:
    """Write, lock and use SQLite in a temporary folder; returns the code of the failure, or "".

    Raises OSError if the folder is not writable.
    """
    with tempfile.TemporaryDirectory(prefix=".workdiary-doctor-", dir=there) as name:
        trial = Path(name)
        (trial / "file").write_bytes(b"trial")
        try:
            lock_file(trial / "lock").close()
        except LockHeldError:
            return "no_locks"
        except OSError as error:
            code = from_os(error).code.value
            return code if code == "no_locks" else "no_locks_error"
        try:
            database = sqlite3.connect(trial / "index.sqlite")
            try:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("CREATE TABLE trial (x)")
                database.execute("INSERT INTO trial VALUES (1)")
                database.commit()
            finally:
                database.close()
        except sqlite3.Error:
            return "no_sqlite"
    return ""
