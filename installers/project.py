"""The facts that all packages share: the version, its date, and the folders of the build.

The version is that of pyproject.toml. The date of all files in packages is SOURCE_DATE_EPOCH, else
that of the commit, so that a second build of a commit has the same bytes.
"""

from __future__ import annotations

import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
#: Finished packages, and the folder of intermediate files.
DIST = ROOT / "dist"
BUILD = ROOT / "build" / "installers"
NAME = "workdiary"
SUMMARY = "work diary in the system tray"
DESCRIPTION = (
    "Workdiary records hourly work: one picture of the screen every ten minutes,",
    "and the number of key presses and mouse actions, never what was typed.",
    "It signs each segment of work and uploads it to a marketplace. Recording is",
    "always visible.",
)
MAINTAINER = "The Workdiary maintainers <maintainers@workdiary.invalid>"
LICENCE = "Apache-2.0"


class BuildError(Exception):
    """A package cannot be built. The message names the reason, with the output of a command."""


@dataclass(frozen=True)
class Release:
    """The version that is packaged. `epoch` is the time of all files (Unix s)."""

    version: Version
    epoch: int

    @cached_property
    def debian(self) -> str:
        """The version for .deb and .rpm: `~` sorts before the end, so 1.0~rc1 precedes 1.0, and `+`
        after it, so 1.0+post1 follows 1.0.
        """
        base = self.version.base_version
        rest = str(self.version).removeprefix(base).lstrip(".")
        mark = "+" if rest.startswith("post") else "~"
        return f"{base}{mark}{rest}" if rest else base

    @cached_property
    def windows(self) -> str:
        """The version for Windows: three numbers, without the suffix of a preview."""
        return ".".join(str(number) for number in (*self.version.release, 0, 0)[:3])

    @cached_property
    def date(self) -> datetime:
        """The date of the release (UTC)."""
        return datetime.fromtimestamp(self.epoch, UTC)

    def environment(self) -> dict[str, str]:
        """This process's environment with the variables that make a build reproducible."""
        return {
            **os.environ,
            "SOURCE_DATE_EPOCH": str(self.epoch),
            "PYTHONHASHSEED": "1",
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }


def current_release() -> Release:
    """The version in pyproject.toml with the date of SOURCE_DATE_EPOCH or of the commit."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return Release(Version(project["version"]), _epoch())


def _epoch() -> int:
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        text = run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]).strip()
    return int(text)


def run(command: list[str], *, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a command; returns its standard output. Raises BuildError with all output if it fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=env,
            cwd=cwd,
        )
    except FileNotFoundError as error:
        raise BuildError(f"{command[0]} is missing; run make installers") from error
    if done.returncode != 0:
        raise BuildError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def set_times(folder: Path, epoch: int) -> None:
    """Give all files and folders below `folder` the time of the release."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (epoch, epoch), follow_symlinks=False)
