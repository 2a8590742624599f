"""A field that takes the keys of a shortcut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from ui.qt import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable

_MODIFIER_KEYS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_unknown,
}
#: Keys that keep their task in a window: the focus moves, the window closes.
_OTHERS = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Return}


class ShortcutField(QLineEdit):
    """Shows a shortcut. Keys that fit replace it and are emitted as `chosen`, a `QKeySequence` in
    portable text; other keys are emitted as `refused`. Delete and Backspace remove it.
    """

    chosen = Signal(str)
    refused = Signal()

    def __init__(self, text: str, fits: Callable[[str], bool]) -> None:
        super().__init__()
        self._fits = fits
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.show_keys(text)

    def show_keys(self, text: str) -> None:
        """Show these keys, as this system writes them."""
        plain_text.set_edit(self, native(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _MODIFIER_KEYS or (key in _OTHERS and not held):
            event.ignore()
            return
        if not held and key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._choose("")
            return
        keys = QKeySequence(held.value | key)
        text = keys.toString(QKeySequence.SequenceFormat.PortableText)
        if self._fits(text):
            self._choose(text)
        else:
            self.refused.emit()

    def _choose(self, text: str) -> None:
        self.show_keys(text)
        self.chosen.emit(text)


def native(text: str) -> str:
    """A shortcut as this system writes it, in its language."""
    portable, shown = (
        QKeySequence.SequenceFormat.PortableText,
        QKeySequence.SequenceFormat.NativeText,
    )
    return QKeySequence.fromString(text, portable).toString(shown)
