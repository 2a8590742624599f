"""Installs a verified archive beside the running version.

An installation that can update itself has this layout; `ROOT` belongs to the user:

    ROOT/current             the version that starts (`pointer.py`)
    ROOT/versions/VERSION/   one folder for each version
    ROOT/updates/            metadata, the downloaded archive, the state; private

Rule kept: a folder in `versions` is complete, durable and self-tested, or it is not there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from system.files import TEMPORARY, fsync_dir, private_dir
from system.updates.errors import UpdateError, UpdateProblem
from system.updates.pointer import LINK, VERSIONS, Pointer, pointer_of
from system.updates.release import parse_version, version_folders

UPDATES = "updates"
#: The downloaded archive.
ARCHIVE = "workdiary.tar.xz"
#: A file beside the program with the name of the package manager that installed it.
SOURCE_FILE = "install-source"
_STAGING = "staging-"


@dataclass(frozen=True)
class Installation:
    """The installation of the running `version`, in the folder `root`. `program` is the relative
    path of the program in the folder of a version.
    """

    root: Path
    version: str
    program: Path

    @property
    def updates(self) -> Path:
        """The private folder of the updates."""
        return self.root / UPDATES

    @property
    def pointer(self) -> Pointer:
        """The pointer to the version that starts."""
        return pointer_of(self.root)

    def entry_point(self, platform: str = sys.platform) -> Path:
        """The path that a login item starts: the current version, also after updates."""
        if platform == "win32":
            return self.root / self.program.name  # the launcher
        return self.root / LINK / self.program

    def folder_of(self, version: str) -> Path:
        """The folder of a version."""
        return self.root / VERSIONS / version

    def program_of(self, version: str) -> Path:
        """The program of a version."""
        return self.folder_of(version) / self.program

    def versions(self) -> list[str]:
        """The installed versions, the newest first."""
        return version_folders(self.root / VERSIONS)


def find_installation(executable: Path) -> Installation | None:
    """The installation to which a packaged program belongs; None if it has another layout."""
    executable = executable.resolve()
    for folder in executable.parents:
        if folder.parent.name == VERSIONS and parse_version(folder.name) is not None:
            program = executable.relative_to(folder)
            return Installation(folder.parent.parent, folder.name, program)
    return None


def package_manager(executable: Path) -> str:
    """The name of the package manager that installed a packaged program; "" for none, "unknown" if
    the marker file has no valid name or cannot be read.
    """
    try:
        with (executable.resolve().parent / SOURCE_FILE).open("rb") as file:
            text = file.read(40).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    except OSError:
        return "unknown"
    return text if text.isalnum() else "unknown"


#: Tests a program: its path, the expected version, the file of its report. Raises UpdateError.
SelfTest = Callable[[Path, str, Path], None]


def install(installation: Installation, archive: Path, version: str, selftest: SelfTest) -> None:
    """Unpack the archive of a version, test it and put it into `versions`.

    Raises UpdateError: ARCHIVE_REFUSED, SELFTEST_FAILED or DISK.
    """
    # Only the helper process needs the libraries of this module.
    from system.updates.unpack import unpack

    updates = installation.updates
    try:
        remove_leftovers(installation)
        staging = private_dir(updates) / f"{_STAGING}{secrets.token_hex(8)}"
        try:
            unpack(archive, staging)
            program = staging / installation.program
            if not program.is_file():
                reason = f"it has no {installation.program.name}"
                raise UpdateError(UpdateProblem.ARCHIVE_REFUSED, reason)
            selftest(program, version, staging.with_name(f"{staging.name}.json"))
            _place(installation, staging, version)
        except (UpdateError, OSError):
            shutil.rmtree(staging, ignore_errors=True)
            raise
    except OSError as error:
        raise UpdateError(UpdateProblem.DISK, error.strerror or "") from error


def remove_version(installation: Installation, version: str) -> None:
    """Remove the folder of a version. `versions` never contains a part of it. Raises OSError."""
    folder = installation.folder_of(version)
    if folder.exists():
        gone = private_dir(installation.updates) / f"{_STAGING}{secrets.token_hex(8)}"
        os.replace(folder, gone)  # noqa: PTH105 - tests intercept `os` in this module
        fsync_dir(folder.parent)
        shutil.rmtree(gone, ignore_errors=True)


def remove_leftovers(installation: Installation) -> None:
    """Remove the files that an interrupted update has left. Raises OSError."""
    updates = installation.updates
    for path in (
        *updates.glob(f"{_STAGING}*"),
        *updates.glob(f"{TEMPORARY}*"),
        *updates.glob("metadata/tmp*"),  # of TUF's client
        *installation.root.glob(f"{TEMPORARY}*"),
    ):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _place(installation: Installation, staging: Path, version: str) -> None:
    folder = installation.folder_of(version)
    if version in {installation.version, installation.pointer.read()}:
        raise UpdateError(UpdateProblem.ARCHIVE_REFUSED, f"{version} is installed")
    remove_version(installation, version)
    os.replace(staging, folder)  # noqa: PTH105 - tests intercept `os` in this module
    fsync_dir(folder.parent)
    fsync_dir(staging.parent)
