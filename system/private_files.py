"""Files that only their owner may read: the umask of our processes, and existing folders."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

#: The permissions of the group and of others.
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class ExposedError(Exception):
    """Others may read a file, and this user cannot change that. The message is a sentence."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Other users of this computer may read {path}: {reason}.")
        self.path = path


def close_umask() -> None:
    """Set the umask so that this process and its children create only private files."""
    os.umask(OTHERS)


def make_private(
    root: Path, *, skip: Collection[str] = (), deep: bool = True, uid: int | None = None
) -> int:
    """Remove all permissions of others from a folder and its contents; returns how many modes
    changed.

    Without `deep`, only the folder and its own files. `skip` are folders directly in `root` that
    are skipped, unless others could enter `root` until now. Links are not followed. `uid` is the
    user, by default that of this process. Does nothing on Windows, which has no such modes.

    Raises ExposedError for a file of another user, and for one whose mode cannot be changed;
    OSError for one that cannot be examined.
    """
    owner = _own_uid() if uid is None else uid
    if owner is None:
        return 0
    was_open = bool(root.stat().st_mode & OTHERS)
    changed = _close(root, root.stat(), owner)
    for path, found in _entries(root):
        changed += _close(path, found, owner)
        if deep and stat.S_ISDIR(found.st_mode) and (was_open or path.name not in skip):
            changed += _close_below(path, owner)
    return changed


def _own_uid() -> int | None:
    """The user of this process; None on systems without such owners."""
    owner: int | None = None
    if sys.platform != "win32":
        owner = os.geteuid()
    return owner


def _close_below(folder: Path, owner: int) -> int:
    changed = 0
    for path, found in _entries(folder):
        changed += _close(path, found, owner)
        if stat.S_ISDIR(found.st_mode):
            changed += _close_below(path, owner)
    return changed


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with os.scandir(folder) as found:
        for entry in found:
            try:
                yield Path(entry.path), entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # removed in the meantime


def _close(path: Path, found: os.stat_result, owner: int) -> int:
    if found.st_uid != owner:
        raise ExposedError(path, "it belongs to another user")
    if stat.S_ISLNK(found.st_mode) or not found.st_mode & OTHERS:
        return 0
    try:
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
        left = path.stat().st_mode & OTHERS
    except FileNotFoundError:
        return 0
    except PermissionError as error:
        raise ExposedError(path, "its mode cannot be changed") from error
    if left:
        raise ExposedError(path, "its drive keeps no modes of files")
    return 1
