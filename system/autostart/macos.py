"""A launch agent in the person's Library folder; macOS lists it under "Login Items".

This has never run on macOS. A person who switches the item off in the system's settings is not
noticed here.
"""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError

from system.files import remove, write_private

LABEL = "org.workdiary.Workdiary"


class LaunchAgentLoginItem:
    """See `LoginItem`. `command` is the program, by its absolute path, and its arguments."""

    def __init__(self, home: Path, command: Sequence[str]) -> None:
        self._file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self._command = command

    def is_on(self) -> bool:
        try:
            agent = plistlib.loads(self._file.read_bytes())
        except FileNotFoundError:
            return False
        except (plistlib.InvalidFileException, ExpatError, ValueError):
            return False
        return isinstance(agent, dict) and agent.get("RunAtLoad") is True

    def set(self, on: bool) -> None:
        if not on:
            remove(self._file)
            return
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._file, plistlib.dumps(agent))
