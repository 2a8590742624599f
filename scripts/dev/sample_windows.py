"""Sample windows for the demo: an editor, a table and a page, as plain Qt programs.

`python -m scripts.dev.sample_windows` shows all three in a separate process; the scripted user
(`scripted_user.py`) types and clicks in them through the X server.
"""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QApplication,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QWidget,
)

#: Titles of the windows, and their positions on a 1920x1080 screen.
EDITOR = "checkout/address.py"
SHEET = "Shipping rates"
PAGE = "Acme shop: address form"

_CODE = """\
\"\"\"Validation of the checkout's address form.\"\"\"

from dataclasses import dataclass

COUNTRIES_WITH_STATES = {"US", "CA", "AU", "BR"}


@dataclass(frozen=True)
class Address:
    name: str
    street: str
    city: str
    postcode: str
    country: str
    state: str | None = None


def problems(address: Address) -> list[str]:
    \"\"\"What a person still has to fill in, in the order of the form.\"\"\"
    found = []
    if not address.name.strip():
        found.append("name")
    if address.country in COUNTRIES_WITH_STATES and not address.state:
        found.append("state")
    return found


"""

_PAGE = """
<h2>Delivery address</h2>
<p>We deliver to 41 countries. Fields marked with a star are needed.</p>
<table cellpadding=6>
<tr><td>Name *</td><td bgcolor=#eef2f0>Li Wei</td></tr>
<tr><td>Street *</td><td bgcolor=#eef2f0>12 Harbour Road</td></tr>
<tr><td>Postcode *</td><td bgcolor=#f8e4e2>please check the postcode</td></tr>
<tr><td>Country *</td><td bgcolor=#eef2f0>Australia</td></tr>
</table>
<h3>Review comments on pull request 418</h3>
<p>The state should only be asked for where the country has states. Otherwise good to merge.</p>
<p>Could the postcode be checked before the person leaves the field? Yes, in the next change.</p>
"""

_RULES = (
    (r"\b(def|class|return|if|not|in|and|from|import|for|else|None)\b", "#c792ea"),
    (r"\"[^\"\n]*\"", "#c3e88d"),
    (r"@\w+", "#ffcb6b"),
    (r"\b(str|list|dataclass|Address)\b", "#82aaff"),
    (r"#.*$", "#6b7a86"),
)


class Highlighter(QSyntaxHighlighter):
    """Colours for a small part of Python's syntax."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._rules = []
        for pattern, colour in _RULES:
            style = QTextCharFormat()
            style.setForeground(QColor(colour))
            self._rules.append((re.compile(pattern), style))

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line."""
        for pattern, style in self._rules:
            for match in pattern.finditer(text):
                self.setFormat(match.start(), match.end() - match.start(), style)


def editor() -> QPlainTextEdit:
    """The editor, with the cursor at the end of the code."""
    view = QPlainTextEdit()
    view.setWindowTitle(EDITOR)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(17)
    view.setFont(font)
    view.setStyleSheet("background: #1e2430; color: #d6deeb; border: 0; padding: 12px")
    view.setPlainText(_CODE)
    view.moveCursor(QTextCursor.MoveOperation.End)
    view.setProperty("highlighter", Highlighter(view.document()))
    return view


def sheet() -> QTableWidget:
    """A table of shipping rates."""
    places = ("Bogotá", "Lisbon", "Lagos", "Osaka", "Perth", "Quito", "Riga", "Turin", "Vienna")
    table = QTableWidget(40, 6)
    table.setWindowTitle(SHEET)
    table.setHorizontalHeaderLabels(["Place", "Zone", "to 1 kg", "to 5 kg", "to 20 kg", "Days"])
    table.setStyleSheet("QHeaderView::section { background: #dfeee7; padding: 4px; border: 0 }")
    for row in range(40):
        price = 390 + 37 * row % 800
        cells = (
            places[row % len(places)],
            "ABCD"[row % 4],
            f"{price / 100:.2f}",
            f"{price * 2 / 100:.2f}",
            f"{price * 5 / 100:.2f}",
            str(2 + row % 9),
        )
        for column, text in enumerate(cells):
            table.setItem(row, column, QTableWidgetItem(text))
    return table


def page() -> QTextBrowser:
    """A page with a form and comments."""
    view = QTextBrowser()
    view.setWindowTitle(PAGE)
    view.setStyleSheet("background: #ffffff; color: #1d1f1e; border: 0; padding: 16px")
    view.setFont(QFont("DejaVu Sans", 12))
    view.setHtml(_PAGE)
    return view


def main() -> int:
    """Show the windows until SIGTERM."""
    application = QApplication([sys.argv[0]])
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    application.setApplicationName(Path(__file__).stem)
    places: tuple[tuple[QWidget, tuple[int, int, int, int]], ...] = (
        (page(), (960, 470, 520, 470)),
        (sheet(), (880, 60, 640, 380)),
        (editor(), (40, 60, 800, 880)),
    )
    for window, shape in places:
        window.setGeometry(*shape)
        window.show()
    signal.signal(signal.SIGTERM, lambda *_: application.quit())
    # Python runs signal handlers between bytecodes, so return to the interpreter regularly.
    ticker = QTimer()
    ticker.timeout.connect(lambda: None)
    ticker.start(200)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
