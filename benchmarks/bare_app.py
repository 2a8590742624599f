"""A bare tray program as the reference for ours: an icon, pynput listening, mss.

`python -m benchmarks.bare_app` prints `ready` once it has requested its icon.
"""

from __future__ import annotations

import sys

import mss
from pynput import keyboard, mouse
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon


def main() -> int:
    """Run until it is terminated."""
    app = QApplication(["bare"])
    app.setQuitOnLastWindowClosed(False)
    dot = QPixmap(32, 32)
    dot.fill(QColor("#0B6E4F"))
    tray = QSystemTrayIcon(QIcon(dot))
    tray.show()
    counts = {"keys": 0, "clicks": 0}

    def key(_: object) -> None:
        counts["keys"] += 1

    def click(*_: object) -> None:
        counts["clicks"] += 1

    keyboard.Listener(on_press=key).start()
    mouse.Listener(on_click=click, on_move=lambda *_: None).start()
    with mss.MSS() as screen:
        screen.grab(screen.monitors[0])
    print("ready", flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
