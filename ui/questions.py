"""What the program asks before it does something that ends work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ui import plaintext
from ui.icons import tray_icon
from ui.qtwords import translate
from ui.widgets import set_property

if TYPE_CHECKING:
    from PySide6.QtWidgets import QInputDialog, QWidget

    from ui.presenters.day import QuestionView


def ask_to_quit(waiting: int, parent: QWidget | None = None) -> QMessageBox:
    """The question before quitting while recording; connect to `accepted`, then open it."""
    box = plaintext.message_box(
        "Workdiary",
        translate("Quit", "Stop recording and quit?"),
        quit_details(waiting),
        parent=parent,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowIcon(tray_icon("app"))
    leave = plaintext.box_button(
        box, translate("Quit", "&Stop and quit"), QMessageBox.ButtonRole.AcceptRole
    )
    stay = plaintext.box_button(
        box, translate("Quit", "&Keep recording"), QMessageBox.ButtonRole.RejectRole
    )
    set_property(stay, "kind", "accent")
    leave.setAutoDefault(False)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    return box


def ask(view: QuestionView, *, danger: bool, parent: QWidget | None = None) -> QMessageBox:
    """A question with two answers; `accepted` and `rejected` say which, Esc is the second.

    The second one is the default; with `danger` the first destroys something.
    """
    title = translate("Question", "Workdiary: question")
    box = plaintext.message_box(title, view.text, view.details, parent=parent, whole=view.whole)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowIcon(tray_icon("app"))
    yes = plaintext.box_button(box, view.yes, QMessageBox.ButtonRole.AcceptRole)
    no = plaintext.box_button(box, view.no, QMessageBox.ButtonRole.RejectRole)
    set_property(yes, "kind", "danger" if danger else "accent")
    yes.setAutoDefault(False)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    return box


def ask_memo(memo: str, parent: QWidget | None = None) -> QInputDialog:
    """Asks for another memo; `textValueSelected` carries it."""
    question = translate("Day", "Memo of this piece of work. The one before stays visible:")
    dialog = plaintext.text_dialog("Workdiary", question, memo, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowIcon(tray_icon("app"))
    plaintext.dialog_buttons(dialog, translate("Day", "Change"), translate("Day", "Keep"))
    dialog.resize(420, dialog.height())
    return dialog


def quit_details(waiting: int) -> str:
    """What is sealed, and what waits to be sent."""
    sealed = translate("Quit", "Your time up to now is sealed and kept on this computer.")
    if not waiting:
        return sealed
    rest = translate(
        "Quit", "%n waiting to be sent, safe here; they go out at the next start.", None, waiting
    )
    return f"{sealed} {rest}"
