"""The program's icons, drawn from `assets/icons/*.svg` in each size.

Tray icons have fixed colours: a mid tone with a thin dark edge, legible on any panel. Control icons
are black shapes that take the colour of the text beside them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

TRAY_SIZES = (16, 22, 24, 32, 48, 64)
_APP_SIZES = (16, 24, 32, 48, 64, 128, 256)


@cache
def tray_icon(name: str) -> QIcon:
    """A tray icon, or the program's own, in the sizes that panels ask for."""
    icon = QIcon()
    for size in _APP_SIZES if name == "app" else TRAY_SIZES:
        icon.addPixmap(pixmap(name, size))
    return icon


def pixmap(name: str, size: int, color: QColor | None = None, ratio: float = 1.0) -> QPixmap:
    """An icon of `size` px at a device pixel ratio, tinted when a colour is given."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    whole = QRectF(picture.rect())
    _renderer(name).render(painter, whole)
    if color is not None:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(whole, color)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _renderer(name: str) -> QSvgRenderer:
    data = files("assets").joinpath("icons", f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(data))
