"""A value in the Run key of the person's registry.

The Task Manager switches an entry off in another key, `StartupApproved`; its first byte is odd
then. This has only run against a simulated registry.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Protocol

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
NAME = "Workdiary"


class Registry(Protocol):
    """Values below HKEY_CURRENT_USER."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """A value; None without it."""

    def write(self, key: str, name: str, value: str) -> None:
        """Set a text."""

    def delete(self, key: str, name: str) -> None:
        """Remove a value, if there is one."""


class RunKeyLoginItem:
    """See `LoginItem`. `command` is the program and its arguments."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._command = command

    def is_on(self) -> bool:
        approved = self._registry.read(APPROVED, NAME)
        off = isinstance(approved, bytes) and bool(approved[:1]) and bool(approved[0] & 1)
        return bool(self._registry.read(RUN, NAME)) and not off

    def set(self, on: bool) -> None:
        if on:
            self._registry.write(RUN, NAME, subprocess.list2cmdline(self._command))
            self._registry.delete(APPROVED, NAME)
        else:
            self._registry.delete(RUN, NAME)


if sys.platform == "win32":
    import contextlib
    import winreg

    class CurrentUser:
        """See `Registry`."""

        def read(self, key: str, name: str) -> str | bytes | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    value = winreg.QueryValueEx(opened, name)[0]
            except FileNotFoundError:
                return None
            return value if isinstance(value, str | bytes) else None

        def write(self, key: str, name: str, value: str) -> None:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def delete(self, key: str, name: str) -> None:
            with (
                contextlib.suppress(FileNotFoundError),
                winreg.OpenKey(
                    winreg.HKEY_CURRENT_USER, key, access=winreg.KEY_SET_VALUE
                ) as opened,
            ):
                winreg.DeleteValue(opened, name)
