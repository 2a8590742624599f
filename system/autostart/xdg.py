"""A desktop entry in the autostart folder (freedesktop.org Desktop Application Autostart 0.5).

A desktop's own settings switch an entry off by a key in the file; `set` replaces the whole file.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping, Sequence
from pathlib import Path

from system.files import remove, write_private

NAME = "workdiary.desktop"
_GROUP = "Desktop Entry"
#: Characters that the specification requires to be quoted or escaped in Exec.
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`%")
_ESCAPED = frozenset('"`$\\')


class XdgLoginItem:
    """See `LoginItem`. `command` is the program and its arguments."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._file = folder / NAME
        self._command = command

    def is_on(self) -> bool:
        found = configparser.RawConfigParser(delimiters=("=",), strict=False, interpolation=None)
        found.optionxform = str  # type: ignore[assignment, method-assign]
        try:
            found.read_string(self._file.read_text("utf-8"))
            entry = found[_GROUP]
        except FileNotFoundError:
            return False
        except (configparser.Error, KeyError, UnicodeDecodeError):
            # A desktop ignores an entry that it cannot read.
            return False
        hidden = entry.get("Hidden", "false") == "true"
        return bool(entry.get("Exec")) and not (
            hidden or entry.get("X-GNOME-Autostart-enabled", "true") == "false"
        )

    def set(self, on: bool) -> None:
        if not on:
            remove(self._file)
            return
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._file, desktop_entry(self._command).encode())


def autostart_folder(environ: Mapping[str, str], home: Path) -> Path:
    """The person's autostart folder. A relative XDG_CONFIG_HOME is invalid and ignored."""
    config = Path(environ.get("XDG_CONFIG_HOME", ""))
    return (config if config.is_absolute() else home / ".config") / "autostart"


def desktop_entry(command: Sequence[str]) -> str:
    """The file's text."""
    return (
        f"[{_GROUP}]\nType=Application\nName=Workdiary\nIcon=workdiary\nTerminal=false\n"
        f"Exec={exec_line(command)}\n"
    )


def exec_line(command: Sequence[str]) -> str:
    """The value of Exec: arguments are quoted, and the whole is escaped as a string."""
    return " ".join(_quoted(part) for part in command).replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(part: str) -> str:
    doubled = part.replace("%", "%%")
    if part and not _RESERVED & {*part}:
        return doubled
    return '"' + "".join(f"\\{char}" if char in _ESCAPED else char for char in doubled) + '"'
