"""The update server of a build, and the reasons why a program does not update itself."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from system.i18n import mark
from system.updates.install import Installation, find_installation, package_manager
from system.updates.release import CHANNELS

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Disabled(StrEnum):
    """A reason why this program does not update itself."""

    FROM_SOURCE = "from_source"
    PACKAGE_MANAGER = "package_manager"
    SWITCHED_OFF = "switched_off"
    NO_SOURCE = "no_source"
    OTHER_LAYOUT = "other_layout"
    READ_ONLY = "read_only"

    @property
    def sentence(self) -> str:
        """The reason, in English."""
        return _SENTENCES[self]


_SENTENCES: dict[Disabled, str] = {
    Disabled.FROM_SOURCE: mark("Workdiary runs from its source and does not update itself."),
    Disabled.PACKAGE_MANAGER: mark(
        "A package manager or an administrator has installed Workdiary and updates it."
    ),
    Disabled.SWITCHED_OFF: mark("Updates are switched off in the settings or by a policy."),
    Disabled.NO_SOURCE: mark("This build has no update server."),
    Disabled.OTHER_LAYOUT: mark("This kind of installation does not update itself."),
    Disabled.READ_ONLY: mark("The folder of the program cannot be written to."),
}


@dataclass(frozen=True)
class UpdateSource:
    """A repository: the addresses of its folders `metadata` and `targets`, each with a slash at the
    end, and the trusted root metadata.
    """

    metadata: str
    targets: str
    root: bytes

    def at(self, address: str) -> UpdateSource:
        """The copy of this repository at an address, with the folders `metadata` and `targets`, or
        this one for "". Its root is the same, so that a copy cannot change a release.
        """
        if not address:
            return self
        base = address.rstrip("/")
        return replace(self, metadata=f"{base}/metadata/", targets=f"{base}/targets/")


def read_source(folder: Traversable) -> UpdateSource | None:
    """The repository that a release was built with: `source.json` and `root.json`. None without
    these files, as in the source tree, or if they are damaged: the program must start.
    """
    try:
        raw = json.loads(folder.joinpath("source.json").read_bytes())
        root = folder.joinpath("root.json").read_bytes()
        return UpdateSource(str(raw["metadata"]), str(raw["targets"]), root)
    except (OSError, ValueError, LookupError, TypeError):
        return None


def usable_installation(
    channel: str, *, has_source: bool, executable: str = "", frozen: bool | None = None
) -> Installation | Disabled:
    """The installation that may update itself on this channel, or the reason why it does not.

    `has_source`: the build has an update server. `executable` and `frozen` replace those of `sys`.
    """
    if not (getattr(sys, "frozen", False) if frozen is None else frozen):
        return Disabled.FROM_SOURCE
    program = Path(executable or sys.executable)
    if package_manager(program):
        return Disabled.PACKAGE_MANAGER
    if channel not in CHANNELS:
        return Disabled.SWITCHED_OFF
    if not has_source:
        return Disabled.NO_SOURCE
    found = find_installation(program)
    if found is None:
        return Disabled.OTHER_LAYOUT
    return found if os.access(found.root, os.W_OK) else Disabled.READ_ONLY
