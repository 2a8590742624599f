"""Message boxes: the questions before work ends or is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import set_property

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.presenters.diary import QuestionView


def ask_to_quit(
    waiting: int, *, running: bool = True, unsaved: bool = False, parent: QWidget | None = None
) -> QMessageBox:
    """Build the question before quitting; connect to `accepted`, then open it.

    `running`: the recording would stop; `unsaved`: work that the disk refuses is in memory only and
    would be lost.
    """
    question = translate("Quit", "Stop recording and quit?") if running else ""
    box = plain_text.message_box(
        "Workdiary",
        question or translate("Quit", "Quit now?"),
        quit_details(waiting, unsaved=unsaved),
        parent=parent,
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowIcon(tray_icon("app"))
    end = translate("Quit", "&Quit, lose unsaved work") if unsaved else ""
    go_on = translate("Quit", "&Keep recording") if running else translate("Quit", "&Cancel")
    accept, reject = QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.RejectRole
    leave = plain_text.box_button(box, end or translate("Quit", "&Stop and quit"), accept)
    stay = plain_text.box_button(box, go_on, reject)
    set_property(stay, "kind", "accent")
    leave.setAutoDefault(False)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    return box


def ask(view: QuestionView, *, danger: bool, parent: QWidget | None = None) -> QMessageBox:
    """Build a question with two answers: `accepted` is emitted for the first, `rejected` for the
    second and for Esc. The second one is the default; with `danger` the first destroys something.
    """
    title = translate("Question", "Please confirm")
    box = plain_text.message_box(title, view.text, view.details, parent=parent, whole=view.whole)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowIcon(tray_icon("app"))
    yes = plain_text.box_button(box, view.yes, QMessageBox.ButtonRole.AcceptRole)
    no = plain_text.box_button(box, view.no, QMessageBox.ButtonRole.RejectRole)
    set_property(yes, "kind", "danger" if danger else "accent")
    yes.setAutoDefault(False)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    return box


def quit_details(waiting: int, *, unsaved: bool = False) -> str:
    """The details of the question before quitting: pending uploads, and data that would be lost."""
    if unsaved:
        return translate(
            "Quit",
            "The disk does not accept your latest work. Workdiary saves it as soon as the disk "
            "works again. If you quit before that, it is lost.",
        )
    saved = translate("Quit", "Your time up to now is saved on this computer.")
    if not waiting:
        return saved
    rest = translate(
        "Quit", "%n waiting, safe on this computer, uploaded at the next start.", None, waiting
    )
    return f"{saved} {rest}"
