"""What the program asks before it does something that ends work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ui.icons import tray_icon
from ui.qtwords import translate
from ui.widgets import set_property

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def ask_to_quit(waiting: int, parent: QWidget | None = None) -> QMessageBox:
    """The question before quitting while recording; connect to `accepted`, then open it."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Workdiary")
    box.setWindowIcon(tray_icon("app"))
    box.setText(translate("Quit", "Stop recording and quit?"))
    box.setInformativeText(quit_details(waiting))
    leave = box.addButton(translate("Quit", "&Stop and quit"), QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(translate("Quit", "&Keep recording"), QMessageBox.ButtonRole.RejectRole)
    set_property(stay, "kind", "accent")
    leave.setAutoDefault(False)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    return box


def quit_details(waiting: int) -> str:
    """What is sealed, and what waits to be sent."""
    sealed = translate("Quit", "Your time up to now is sealed and kept on this computer.")
    if not waiting:
        return sealed
    rest = translate(
        "Quit", "%n waiting to be sent, safe here; they go out at the next start.", None, waiting
    )
    return f"{sealed} {rest}"
