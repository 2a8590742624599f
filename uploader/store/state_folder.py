"""Durable files in the state folder of one marketplace.

Rules kept (`docs/protocol.md` §6): a file is written under a temporary name, fsynced, renamed, and
its folder fsynced, before the call returns; folders have mode 0700, files 0600; one running
instance holds the folder's lock; a folder of a newer schema is left unchanged; damaged files are
moved to `damaged/`, never deleted.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import IO, Self

from system.files import TEMPORARY, move, private_dir, remove, write_private
from system.locks import lock_file
from system.private_files import ExposedError, make_private
from uploader.errors import Problem, StoreError, from_os

SCHEMA = 1
_AUD = re.compile(r"[a-z0-9][a-z0-9.:-]{0,252}")


def folder_name(aud: str) -> str:
    """The subfolder of a marketplace.

    A colon, which Windows forbids, becomes an underscore, which no `aud` contains. Raises
    ValueError for an invalid name.
    """
    if not _AUD.fullmatch(aud):
        raise ValueError("not a marketplace's name")
    return aud.replace(":", "_")


def marketplace_of(folder: str) -> str:
    """The name of the marketplace whose subfolder has this name."""
    return folder.replace("_", ":")


class StateFolder:
    """The files under `<base>/<aud>`. Paths are relative, with forward slashes.

    Methods may be called from any thread. Every failure of the disk is a `StoreError`.
    """

    def __init__(self, base: Path, aud: str) -> None:
        """Create the folder if missing, lock it, check its schema, remove temporary files.

        Raises StoreError: ALREADY_RUNNING, FOLDER_EXPOSED, SCHEMA_NEWER, or an error of the disk.
        """
        self.root = base / folder_name(aud)
        self._lock: IO[bytes] | None = None
        try:
            private_dir(self.root)
            close_folder(self.root)
            self._lock = lock_file(self.root / "lock")
            self._check_schema()
            self._sweep()
        except StoreError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise from_os(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the lock; the kernel does the same for a process that dies."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def path(self, name: str) -> Path:
        """The absolute path of a file of the folder."""
        return self.root / name

    def write(self, name: str, data: bytes) -> None:
        """Write a file completely or not at all; durable on return."""
        path = self.root / name
        try:
            private_dir(path.parent)
            write_private(path, data)
        except OSError as error:
            raise from_os(error) from error

    def read(self, name: str) -> bytes | None:
        """The file's bytes, or None if it does not exist."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise from_os(error) from error

    def exists(self, name: str) -> bool:
        """Whether the file exists."""
        return (self.root / name).is_file()

    def size(self, name: str) -> int:
        """The size of a file in bytes; 0 if it does not exist. Raises StoreError."""
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise from_os(error) from error

    def remove(self, name: str) -> None:
        """Delete a file, durably; a missing one is no error."""
        try:
            remove(self.root / name)
        except OSError as error:
            raise from_os(error) from error

    def move(self, name: str, target: str) -> None:
        """Rename a file, durably. After a crash it has one of the two names."""
        old, new = self.root / name, self.root / target
        try:
            private_dir(new.parent)
            move(old, new)
        except OSError as error:
            raise from_os(error) from error

    def names(self, folder: str) -> list[str]:
        """The names in a subfolder, sorted; empty if it is missing."""
        try:
            return sorted(os.listdir(self.root / folder))  # noqa: PTH208 - names, not paths
        except FileNotFoundError:
            return []
        except OSError as error:
            raise from_os(error) from error

    def set_aside(self, name: str) -> str:
        """Move a damaged file under `damaged/`; returns its new name."""
        target = f"damaged/{secrets.token_hex(4)}-{name.replace('/', '-')}"
        try:
            private_dir(self.root / "damaged")
            move(self.root / name, self.root / target)
        except OSError as error:
            raise from_os(error) from error
        return target

    def _check_schema(self) -> None:
        text = self.read("schema")
        if text is None:
            self.write("schema", f"{SCHEMA}\n".encode())
            return
        try:
            found = int(text)
        except ValueError:
            raise StoreError(Problem.SCHEMA_NEWER, "the schema file cannot be read") from None
        if found > SCHEMA:
            raise StoreError(Problem.SCHEMA_NEWER, f"schema {found}, this version reads {SCHEMA}")

    def _sweep(self) -> None:
        """Remove temporary files that a crash left; nothing refers to them."""
        for path in self.root.rglob(f"{TEMPORARY}*"):
            path.unlink(missing_ok=True)


def close_folder(folder: Path, *, deep: bool = True) -> None:
    """Remove the permissions of others from a folder and its files, recursively with `deep`.

    Raises StoreError(FOLDER_EXPOSED) if this user cannot, and OSError.
    """
    try:
        make_private(folder, deep=deep)
    except ExposedError as error:
        raise StoreError(Problem.FOLDER_EXPOSED, str(error)) from error
