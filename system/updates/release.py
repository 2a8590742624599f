"""The names of releases: channels, platforms, versions, and targets of the repository.

There is one target for each channel and platform; the signed field `custom.version` is its version.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from packaging.version import Version

Channel = Literal["stable", "preview"]
CHANNELS: tuple[str, ...] = get_args(Channel)
#: The most bytes of an archive; that of the program has about 40 MB.
MAX_ARCHIVE = 300 * 1000 * 1000
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
#: The canonical forms of PEP 440 without an epoch and a local part: safe as names of folders.
_VERSION = re.compile(r"[0-9][0-9a-z.]{0,39}")


def platform_name(system: str = sys.platform, machine: str = "") -> str:
    """The platform's name in targets, such as `linux-x86_64`."""
    if not machine:
        import platform

        machine = platform.machine()
    machine = machine.lower()
    return f"{_SYSTEMS.get(system, system)}-{_MACHINES.get(machine, machine)}"


def target_name(channel: str, platform: str) -> str:
    """The target's path in the repository."""
    return f"{channel}/{platform}/workdiary.tar.xz"


def parse_version(text: object) -> Version | None:
    """The version that a text names in its canonical form; None for anything else."""
    if not isinstance(text, str) or not _VERSION.fullmatch(text):
        return None
    from packaging.version import InvalidVersion, Version

    try:
        found = Version(text)
    except InvalidVersion:
        return None
    return found if str(found) == text else None


def is_newer(version: str, than: str) -> bool:
    """Whether both texts are versions and the first one is later. False if either is not a version
    in its canonical form.
    """
    first, second = parse_version(version), parse_version(than)
    return first is not None and second is not None and first > second


def version_folders(folder: Path) -> list[str]:
    """The versions that have a folder in `folder`, the newest first."""
    try:
        names = [path.name for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    except FileNotFoundError:
        return []
    found = {name: version for name in names if (version := parse_version(name)) is not None}
    return sorted(found, key=lambda name: found[name], reverse=True)
