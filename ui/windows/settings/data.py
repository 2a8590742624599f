"""The section about the data: location, size, pending uploads and their limit, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from ui.presenters.formatting import substitute
from ui.qt import plain_text
from ui.qt.translation import translate
from ui.qt.widgets import horizontal, set_property
from ui.settings.settings import DISK_SHARE
from ui.windows.settings.section import SettingsSection

if TYPE_CHECKING:
    from ui.qt.theme import Theme
    from ui.settings.settings import Settings


#: The limits offered for pending pictures (GB).
_SIZES = (1, 2, 5, 10, 20, 50)


class DataSection(SettingsSection):
    """`folder_opened` asks for the folder in the file manager, `deletion_wanted` for the question
    before the deletion.
    """

    folder_opened = Signal()
    deletion_wanted = Signal()

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__(theme, settings, translate("Data", "Data"))
        self.divide()
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        plain_text.set_accessible(self.folder, name=translate("Data", "Folder"))
        self.add_heading(translate("Data", "&Folder"), self.folder)
        row = horizontal(8)
        row.addWidget(self.folder, 1)
        self.open_button = plain_text.button(translate("Data", "&Open folder"))
        self.open_button.clicked.connect(self.folder_opened)
        row.addWidget(self.open_button)
        self.column.addLayout(row)
        self.space = self.add_note(translate("Data", "Its size is being computed …"))
        self.divide()
        self.add_heading(translate("Data", "Pending uploads"))
        self.pending = self.add_note(translate("Data", "They are being counted …"))
        self.divide()
        sizes = sorted({*_SIZES, settings.number(DISK_SHARE)})
        self.share_box = self.add_choice(
            DISK_SHARE,
            translate("Data", "&Limit for pending pictures"),
            translate(
                "Data",
                "At this limit recording stops. Nothing is lost; start again after the upload.",
            ),
            [(size, _gigabytes(size)) for size in sizes],
        )
        self.divide()
        self.delete_button = plain_text.button(translate("Data", "&Delete …"))
        set_property(self.delete_button, "kind", "danger")
        self.delete_button.clicked.connect(self.deletion_wanted)
        self.add_row(
            translate("Data", "Delete the diary on this computer"),
            translate("Data", "Asks first. What was uploaded remains at the marketplace."),
            self.delete_button,
        )
        self.covers = self.add_note("")
        self.column.addStretch(1)

    def show_data(self, folder: str, space: str, pending: str, covers: str) -> None:
        """Show where the data are, how large they are, what waits for its upload, and which
        marketplace's diary the button deletes.
        """
        plain_text.set_edit(self.folder, folder)
        plain_text.set_text(self.space, space)
        plain_text.set_text(self.pending, pending)
        plain_text.set_text(self.covers, covers)


def _gigabytes(size: int) -> str:
    return substitute(translate("Data", "{number}\u00a0GB"), number=str(size))
