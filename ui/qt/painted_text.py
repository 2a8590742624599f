"""Fits a text that a widget draws itself into a rectangle: it wraps, and ends with an ellipsis
where there is no room. The widget's tooltip has the whole text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from diary.core.display import shorten, tidy
from ui.qt.plain_text import directed

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

#: Characters that are laid out at most.
_LONGEST = 300


def fit(text: str, metrics: QFontMetrics, width: int, height: int) -> str:
    """The lines of the text that fit, at least one."""
    most = max(height // metrics.lineSpacing(), 1)
    words = shorten(tidy(text), _LONGEST).split()
    lines: list[str] = []
    while words and len(lines) < most:
        line = [words.pop(0)]
        last = len(lines) == most - 1
        while words and (last or metrics.horizontalAdvance(" ".join([*line, words[0]])) <= width):
            line.append(words.pop(0))
        elide = Qt.TextElideMode.ElideRight
        lines.append(directed(metrics.elidedText(" ".join(line), elide, width)))
    return "\n".join(lines)
