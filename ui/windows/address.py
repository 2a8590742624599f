"""A window with an address that the desktop did not open, to copy into a browser."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, paragraph, set_property, vertical

WIDTH = 460


class AddressWindow(QDialog):
    """Stays open until the person closes it: the address may have to be typed elsewhere."""

    def __init__(self, address: str, parent: QWidget | None = None, *, failed: bool = True) -> None:
        """Without `failed`, the opener has not yet reported whether it opened the page."""
        super().__init__(parent)
        plain_text.set_title(self, translate("Notice", "Open this address"))
        self.setWindowIcon(tray_icon("app"))
        self.setFixedWidth(WIDTH)
        column = vertical(12, (24, 24, 24, 16))
        self.setLayout(column)
        text = (
            translate(
                "Notice",
                "Workdiary could not open the page. Copy its address into a browser.",
            )
            if failed
            else translate(
                "Notice",
                "The page may not have opened. If no browser shows it, copy its address into one.",
            )
        )
        column.addWidget(paragraph(text))
        self.address = QLineEdit()
        self.address.setReadOnly(True)
        plain_text.set_edit(self.address, address)
        plain_text.set_accessible(self.address, name=translate("Notice", "Address"))
        self.address.selectAll()
        column.addWidget(self.address)
        row = horizontal(8)
        row.addStretch(1)
        self.copy_button = plain_text.button(translate("Notice", "&Copy"))
        self.close_button = plain_text.button(translate("Notice", "C&lose"))
        set_property(self.copy_button, "kind", "accent")
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        for button in (self.close_button, self.copy_button):
            row.addWidget(button)
        column.addLayout(row)
        self.address.setFocus()

    def _copy(self) -> None:
        plain_text.copy(self.address.text())
