"""Fills each screen of a session with a picture of its size, as a separate program.

`python -m tests.wayland.pictures FOLDER`: the pictures are `WxH.png` in the folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QRasterWindow


class Whole(QRasterWindow):
    """A window that shows the picture."""

    def __init__(self, picture: QImage) -> None:
        super().__init__()
        self._picture = picture

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        painter = QPainter(self)
        painter.drawImage(0, 0, self._picture)
        painter.end()


def main() -> None:
    """Show them until terminated."""
    app = QGuiApplication(sys.argv)
    windows = []
    for screen in app.screens():
        size = screen.size()
        window = Whole(QImage(str(Path(sys.argv[1]) / f"{size.width()}x{size.height()}.png")))
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.showFullScreen()
        windows.append(window)
    app.exec()


if __name__ == "__main__":
    main()
