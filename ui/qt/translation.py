"""Qt's translations behind the `Translate` protocol of the presenters."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

#: A count is 32 bits wide for Qt.
_MOST = 2**31 - 1


def translate(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
    """The text in the person's language, `%n` filled in."""
    return QCoreApplication.translate(context, text, comment, max(-_MOST, min(n, _MOST)))
