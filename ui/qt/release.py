"""Destroys windows at a safe moment."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def release(window: QWidget) -> None:
    """Destroy a closed window when the event loop continues.

    A window without a parent belongs to its Python object: it is destroyed together with the last
    reference. If a slot drops that reference while the window emits the signal, Qt goes on with
    freed memory, as QMessageBox does after `finished`.
    """

    def destroy() -> None:
        # RuntimeError: Qt has deleted it on closing.
        with contextlib.suppress(RuntimeError):
            window.deleteLater()

    QTimer.singleShot(0, destroy)
