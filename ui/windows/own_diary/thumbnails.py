"""The thumbnails that the own diary shows, loaded when they are first drawn.

They are read and decoded on other threads. The cache keeps small images of the slots and the last
large ones, and is emptied when the window is hidden.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ui.presenters.own_diary.slots import LIVE

if TYPE_CHECKING:
    from collections.abc import Mapping

_SMALL, _LARGE = 150, 4


class Thumbnails(QObject):
    """`wanted` carries the digests of thumbnails to load; `changed` is emitted after their
    arrival. Qt's thread only.
    """

    wanted = Signal(tuple)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._small: OrderedDict[str, QImage] = OrderedDict()
        self._large: OrderedDict[str, QImage] = OrderedDict()
        self._live: tuple[bytes, QImage] = (b"", QImage())
        #: Requested and not yet here; the value is whether the request was sent.
        self._requested: dict[str, bool] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._send)

    def small(self, name: str) -> QImage | None:
        """The small image; None until it is loaded, a null one if it is not on this computer."""
        return self._find(self._small, name)

    def large(self, name: str) -> QImage | None:
        """The image in full; otherwise as `small`."""
        return self._find(self._large, name)

    def add(self, images: Mapping[str, tuple[QImage, QImage]]) -> None:
        """Keep loaded images, by their names: in full and small."""
        for name, (large, small) in images.items():
            self._requested.pop(name, None)
            _keep(self._large, name, large, _LARGE)
            _keep(self._small, name, small, _SMALL)
        self.changed.emit()

    def set_live(self, data: bytes) -> None:
        """Set the thumbnail of the running slot, an image file."""
        if data != self._live[0]:
            self._live = data, QImage.fromData(data)
            self.changed.emit()

    def clear(self) -> None:
        """Forget all images."""
        self._live = b"", QImage()
        self._small.clear()
        self._large.clear()
        self._requested.clear()

    def _find(self, images: OrderedDict[str, QImage], name: str) -> QImage | None:
        if name == LIVE:
            return self._live[1]
        found = images.get(name)
        if found is not None:
            images.move_to_end(name)
        elif name and name not in self._requested:
            self._requested[name] = False
            self._timer.start()
        return found

    def _send(self) -> None:
        names = tuple(name for name, sent in self._requested.items() if not sent)
        self._requested.update(dict.fromkeys(names, True))
        if names:
            self.wanted.emit(names)


def _keep(images: OrderedDict[str, QImage], name: str, image: QImage, most: int) -> None:
    images[name] = image
    images.move_to_end(name)
    while len(images) > most:
        images.popitem(last=False)
