"""A thread that serves a shortcut until it is stopped."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod


class ShortcutThread(ABC):
    """Runs `_run` on a thread. `stop` makes `_nudged` readable, then waits `end_s` seconds at most,
    so that Qt's thread is not held by a dialog of the desktop or a slow server.
    """

    def __init__(self, end_s: float) -> None:
        self._end_s = end_s
        self._ours, self._nudged = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="workdiary-shortcut", daemon=True)

    def start(self) -> None:
        """Start the thread. Once only."""
        self._thread.start()

    def stop(self) -> None:
        """End the shortcut."""
        self._ours.close()
        self._thread.join(self._end_s)

    @abstractmethod
    def _run(self) -> None:
        """Serve the shortcut until `_nudged` is readable."""
