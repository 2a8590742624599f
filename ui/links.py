"""Opens an address in the desktop's browser, and reports a failure.

Windows, macOS and the portal of a sandbox (Flatpak, Snap) report whether they took the address, so
Qt opens it. On other Linux desktops Qt starts `xdg-open` and ignores its result, so this module
starts it and waits for its exit status. It never ends the process: without a desktop,
`xdg-open` runs the browser itself and lasts as long as the browser does.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logging.getLogger(__name__)

#: Real seconds after which an opener that still runs counts as unsure. A desktop's browser takes
#: an address at once; the opener has then ended.
PATIENCE_S = 10.0
_OPENER = "xdg-open"
_SANDBOX = Path("/.flatpak-info")


class LinkOpener(QObject):
    """Opens addresses. Each signal carries the address; those of a watched opener come from the
    thread that watches it, so connect them to slots of objects in Qt's thread.
    """

    unopened = Signal(str)  # the desktop did not open it
    unsure = Signal(str)  # the opener still runs after `patience_s`
    opened = Signal(str)  # it was opened, after `unsure` was sent

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        platform: str = sys.platform,
        environ: Mapping[str, str] = os.environ,
        patience_s: float = PATIENCE_S,
    ) -> None:
        super().__init__(parent)
        self._platform = platform
        self._environ = environ
        self._patience_s = patience_s

    def open(self, address: str) -> None:
        """Open the address; a signal is emitted if that fails or takes long."""
        program = self._program()
        if program is None:
            if not QDesktopServices.openUrl(QUrl(address)):
                self.unopened.emit(address)
            return
        try:
            process = subprocess.Popen(
                [program, address],
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            _log.info("%s could not be started: %s", program, error.strerror)
            self.unopened.emit(address)
            return
        watch = threading.Thread(
            target=self._watch, args=(process, address), name="workdiary-link", daemon=True
        )
        watch.start()

    def _program(self) -> str | None:
        """The opener to watch; None if Qt reports whether it worked."""
        if self._platform != "linux" or "SNAP" in self._environ or _SANDBOX.exists():
            return None
        return shutil.which(_OPENER, path=self._environ.get("PATH"))

    def _watch(self, process: subprocess.Popen[bytes], address: str) -> None:
        try:
            try:
                status = process.wait(self._patience_s)
            except subprocess.TimeoutExpired:
                _log.info("%s still runs after %.0f s", _OPENER, self._patience_s)
                self.unsure.emit(address)
                status = process.wait()
                if status == 0:
                    self.opened.emit(address)
            if status != 0:
                _log.info("%s ended with status %d", _OPENER, status)
                self.unopened.emit(address)
        except RuntimeError:
            # The program has ended, and its windows with it.
            return
