"""Creates the Qt application, or prints why that failed; a trial does so in another process.

Qt ends the whole process (`qFatal`) if no platform plugin loads or no display answers. Its last
message then becomes one sentence and exit status 3, with the Debian package of each missing system
library.
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
from system.i18n import language
from ui.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QApplication

EXIT_NO_DISPLAY = 3
#: Seconds for the trial in another process.
TRIAL_S = 20.0
#: The Debian package of each system library that PySide6's wheels need.
#: scripts/dev/system_packages.txt has the same rows.
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
    """The Debian packages of the libraries that cannot be loaded; empty except on Linux."""
    missing = []
    for library in libraries if sys.platform == "linux" else ():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(LIBRARIES[library])
    return missing


def sentence(message: str) -> str:
    """Why the desktop cannot be opened; `message` is Qt's or the loader's."""
    packages = missing_packages()
    if packages:
        text = tr(
            "The desktop cannot be opened: system libraries are missing. Install these packages "
            "(Debian names): {names}."
        )
        return text.format(names=" ".join(packages))
    if importlib.util.find_spec("PySide6") is None:
        return tr("The desktop cannot be opened: PySide6 is missing. Install workdiary[client].")
    detail = for_terminal(" ".join(message.split()))[:_LONGEST].rstrip(".")
    text = tr("The desktop cannot be opened: {reason}.")
    return text.format(reason=detail or tr("Qt gave no reason"))


def open_desktop(leave: Callable[[int], None] = os._exit) -> QApplication:
    """Create the application. If that fails, print the sentence to standard error and call `leave`
    with EXIT_NO_DISPLAY, since Qt would abort the process.
    """
    messages: list[str] = []

    def fail(message: str) -> None:
        print_error(f"workdiary: {sentence(message)}")
        leave(EXIT_NO_DISPLAY)

    try:
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        fail(str(error))
        raise

    def on_message(kind: QtMsgType, _: object, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            fail(messages[0] if messages else message)
        messages.append(message)

    before = qInstallMessageHandler(on_message)
    try:
        return QApplication(["workdiary"])
    finally:
        qInstallMessageHandler(before)
        if before is None:
            for message in messages:
                print_error(message)


def trial(environ: dict[str, str], seconds: float = TRIAL_S) -> str:
    """Open the desktop in another process; returns the reason of a failure, or "".

    The reason is in the language of this task, else in that of `environ`.
    """
    if tag := language():
        environ = {**environ, "LANGUAGE": tag.replace("-", "_")}
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
        return tr("The desktop did not answer within {seconds} s.").format(seconds=f"{seconds:.0f}")
    except OSError as error:
        return tr("The desktop could not be tried: {reason}.").format(reason=error.strerror)
    if done.returncode == 0:
        return ""
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return for_terminal(last.removeprefix("workdiary: ")) or sentence(
        tr("the trial ended with status {status}").format(status=done.returncode)
    )


def command() -> list[str]:
    """The command of the trial; a packaged program starts itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--try-desktop"]
    return [sys.executable, "-m", "ui.qt.platform_check"]


def main() -> int:
    """Open the desktop and exit."""
    open_desktop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
