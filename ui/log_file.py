"""The program's own log: JSON lines in the base folder, rotated, without personal data.

Rules kept: a line contains only text from the program's source, numbers and enumeration members. A
message is logged as its constant format with the arguments of these types; other arguments, which
may be a memo, a window's title, a name or a path, are left out. An exception is logged as its type
with the functions and lines of our packages, without its text. A message of another library is
logged as its level and the logger's name. A log that cannot be written stops nothing.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from enum import Enum
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from system.files import private_dir

FOLDER = "logs"
NAME = "workdiary.log"
#: Bytes of a file, and the number of older files that are kept.
LARGEST, OLDER = 512 * 1024, 3
PACKAGES = frozenset({"assets", "diary", "system", "tracker", "ui", "uploader"})
#: Placeholder of an argument that is left out.
LEFT_OUT = "-"
_ROOT = Path(__file__).resolve().parents[1]
_MOST_FRAMES = 20


class ImpersonalFormatter(logging.Formatter):
    """One JSON object per record; see the module's rules."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "from": record.name}
        if record.name.partition(".")[0] in PACKAGES and isinstance(record.msg, str):
            line["event"] = record.msg
            args = record.args if isinstance(record.args, tuple) else ()
            if args:
                line["values"] = [_impersonal(value) for value in args]
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line)


class _LogFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        # Whatever the umask of this process is.
        if sys.platform != "win32":
            os.fchmod(opened.fileno(), 0o600)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing: the disk may be full, and standard error has the message."""


def open_log_file(base: Path) -> logging.Handler:
    """The handler for the log in this base folder. Raises OSError where there can be none."""
    folder = private_dir(base / FOLDER)
    made = _LogFile(
        folder / NAME, maxBytes=LARGEST, backupCount=OLDER, encoding="ascii", delay=True
    )
    made.setLevel(logging.INFO)
    made.setFormatter(ImpersonalFormatter())
    return made


def _impersonal(value: object) -> object:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or isinstance(value, bool | int | float):
        return value
    return LEFT_OUT


def _error(error: BaseException) -> dict[str, Any]:
    frames = [
        f"{_inside(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if _inside(frame.filename)
    ]
    found: dict[str, Any] = {"type": type(error).__name__, "frames": frames[-_MOST_FRAMES:]}
    if isinstance(error, OSError) and error.errno is not None:
        found["errno"] = error.errno
    return found


def _inside(filename: str) -> str:
    """A path below one of our packages; "" for any other, which may name the person's folder.

    In a packaged program the paths of modules are already relative.
    """
    path = Path(filename)
    if path.is_absolute():
        try:
            path = path.relative_to(_ROOT)
        except ValueError:
            return ""
    return path.as_posix() if path.parts[:1] and path.parts[0] in PACKAGES else ""
