"""Opening the desktop: what Qt needs for it, tried in a process of its own, and why it failed.

Qt ends the whole process (`qFatal`) where no platform plugin can be loaded or the display cannot be
reached. Here its last message becomes one sentence and exit status 3, with the Debian package of
each library of the system that is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from diary.cli.output import print_error
from diary.core.display import for_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QApplication

EXIT_NO_DISPLAY = 3
#: Seconds for the trial in a process of its own.
TRIAL_S = 20.0
#: What PySide6's wheels need of a Debian system, by library. scripts/dev/system_packages.txt has
#: the same rows.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}
_LONGEST = 300


def missing_packages(libraries: Sequence[str] = tuple(LIBRARIES)) -> list[str]:
    """The Debian packages of the libraries that cannot be loaded here; none but on Linux."""
    missing = []
    for library in libraries if sys.platform == "linux" else ():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(LIBRARIES[library])
    return missing


def sentence(said: str) -> str:
    """Why the desktop cannot be opened; `said` is Qt's or the loader's own message."""
    packages = missing_packages()
    if packages:
        names = " ".join(packages)
        return (
            f"The desktop cannot be opened: libraries of the system are missing. Install these "
            f"packages (names of Debian): {names}."
        )
    if importlib.util.find_spec("PySide6") is None:
        return "The desktop cannot be opened: PySide6 is missing. Install workdiary[client]."
    detail = for_terminal(" ".join(said.split()))[:_LONGEST].rstrip(".")
    return f"The desktop cannot be opened: {detail or 'Qt gave no reason'}."


def open_desktop(leave: Callable[[int], None] = os._exit) -> QApplication:
    """Make the application. Where that fails, the sentence is on standard error and `leave` is
    called with EXIT_NO_DISPLAY: Qt would abort, and Python cannot stop that.
    """
    said: list[str] = []

    def fail(message: str) -> None:
        print_error(f"workdiary: {sentence(message)}")
        leave(EXIT_NO_DISPLAY)

    try:
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        fail(str(error))
        raise

    def hear(kind: QtMsgType, _: object, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            fail(said[0] if said else message)
        said.append(message)

    before = qInstallMessageHandler(hear)
    try:
        return QApplication(["workdiary"])
    finally:
        qInstallMessageHandler(before)
        if before is None:
            for message in said:
                print_error(message)


def trial(environ: dict[str, str], seconds: float = TRIAL_S) -> str:
    """Open the desktop in a process of its own; returns why that failed, or "" if it did not."""
    try:
        done = subprocess.run(
            command(),
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The desktop did not answer within {seconds:.0f} s."
    except OSError as error:
        return f"The desktop could not be tried: {error.strerror}."
    if done.returncode == 0:
        return ""
    told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return for_terminal(told.removeprefix("workdiary: ")) or sentence(
        f"the trial ended with status {done.returncode}"
    )


def command() -> list[str]:
    """How the trial is started; a packaged program is its own."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--try-desktop"]
    return [sys.executable, "-m", "ui.qt.platform_check"]


def main() -> int:
    """Open the desktop, and nothing else."""
    open_desktop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
