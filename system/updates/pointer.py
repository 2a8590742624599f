"""The pointer to the version that starts: a link, or on Windows a file, since links need a
privilege there.

Rule kept: a switch is atomic and durable; after a crash the pointer names the old version or the
new one.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Protocol

from system.files import TEMPORARY, fsync_dir, write_private
from system.updates.release import parse_version

LINK, FILE = "current", "current.txt"
VERSIONS = "versions"


class Pointer(Protocol):
    """The pointer of one installation."""

    def read(self) -> str:
        """The version; "" if there is none or it cannot be read."""

    def switch(self, version: str) -> None:
        """Make the pointer name a version; durable on return. Raises OSError."""


class LinkPointer:
    """See `Pointer`: the link `current` to `versions/VERSION`."""

    def __init__(self, root: Path) -> None:
        self._link = root / LINK

    def read(self) -> str:
        try:
            name = self._link.readlink().name
        except OSError:
            return ""
        return name if parse_version(name) is not None else ""

    def switch(self, version: str) -> None:
        temporary = self._link.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
        temporary.symlink_to(Path(VERSIONS, version), target_is_directory=True)
        try:
            os.replace(temporary, self._link)  # noqa: PTH105 - tests intercept `os` in this module
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        fsync_dir(self._link.parent)


class FilePointer:
    """See `Pointer`: the file `current.txt`, which the launcher reads."""

    def __init__(self, root: Path) -> None:
        self._file = root / FILE

    def read(self) -> str:
        try:
            with self._file.open("rb") as file:
                name = file.read(100).decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return name if parse_version(name) is not None else ""

    def switch(self, version: str) -> None:
        write_private(self._file, f"{version}\n".encode())


def pointer_of(root: Path, platform: str = sys.platform) -> Pointer:
    """The pointer of an installation on this system."""
    return FilePointer(root) if platform == "win32" else LinkPointer(root)
