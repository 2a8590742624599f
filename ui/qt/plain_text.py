"""Sets texts in Qt's widgets: always plain, without control characters, of bounded length.

Qt guesses whether a text is HTML (`Qt::mightBeRichText`): in labels, message boxes and tooltips. A
device named `<img src=…>` would load a file and could hide the sentence around it. So every
widget gets its text here, and `tests/repository/test_plain_text.py` bans Qt's own setters
everywhere else. The functions take untrusted text, unless their docstring names "our own
text", which may have a mnemonic (`&`).

`diary.core.display` lists the characters that are replaced.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSystemTrayIcon,
    QWidget,
)

from diary.core.display import FSI, PDI, shorten
from diary.core.display import tidy as without_controls

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The most characters that are shown in a place of each kind; the whole text is in the tooltip or
#: in the description for screen readers.
LONGEST_PARAGRAPH = 4_000
LONGEST_TOOLTIP = 2_000
LONGEST_TITLE = 120
LONGEST_CHOICE = 120
LONGEST_ENTRY = 60
LONGEST_TRAY = 120
_TOOLTIP_COLUMNS = 80
_MESSAGE_COLUMNS = 60


#: LEFT-TO-RIGHT MARK and RIGHT-TO-LEFT MARK (UAX #9, section 2.6).
_LRM, _RLM = "\u200e", "\u200f"
_NO_MARKS = dict.fromkeys(map(ord, (FSI, PDI, _LRM, _RLM)))


#: Hebrew and Arabic letters, their further blocks included.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def tidy(text: str, *, lines: bool = False) -> str:
    """As `diary.core.display.tidy`, each line in the direction of the program."""
    return directed(without_controls(text, lines=lines))


def directed(text: str) -> str:
    """Each line of a harmless text in the direction of the program; Qt takes that of a line's first
    letter. In a right-to-left program a line without a letter of its own, such as a name or a
    range of numbers, is isolated, so that it keeps its order.
    """
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        return "\n".join(_from_right(line) if line else "" for line in text.split("\n"))
    if FSI not in text:
        return text
    return "\n".join(_LRM + line if line.startswith(FSI) else line for line in text.split("\n"))


def _from_right(line: str) -> str:
    if line.startswith(_RLM):
        return line
    return _RLM + line if _RIGHT_TO_LEFT.search(line) else f"{_RLM}{FSI}{line}{PDI}"


# Labels and buttons


def label(text: str = "", *, wrap: bool = False) -> QLabel:
    """A label with plain text."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setOpenExternalLinks(False)
    made.setWordWrap(wrap)
    set_text(made, text)
    return made


def set_text(widget: QLabel, text: str) -> None:
    """Show a text in a label; line breaks stay."""
    if widget.textFormat() is not Qt.TextFormat.PlainText:
        widget.setTextFormat(Qt.TextFormat.PlainText)
    shown = shorten(tidy(text, lines=True), LONGEST_PARAGRAPH)
    if widget.text() != shown:
        widget.setText(shown)


def heading(text: str, buddy: QWidget) -> QLabel:
    """A label with our own text, whose mnemonic leads to `buddy`."""
    made = label(text)
    made.setBuddy(buddy)
    return made


def label_button(button: QAbstractButton, text: str) -> None:
    """Show our own text. Its mnemonic works but is not underlined; the tooltip names the key."""
    keys = QKeySequence.mnemonic(text)
    shown = directed(text.replace("&&", "\0").replace("&", "").replace("\0", "&&"))
    if button.text() == shown:
        return
    button.setText(shown)
    button.setShortcut(keys)
    set_tooltip(button, keys.toString(QKeySequence.SequenceFormat.NativeText))


def label_name(button: QAbstractButton, text: str, room: int) -> None:
    """Show an untrusted text in a button of `room` px, without a mnemonic; a tooltip has it all."""
    whole = tidy(text)
    shown = button.fontMetrics().elidedText(
        shorten(whole, LONGEST_CHOICE), Qt.TextElideMode.ElideRight, room
    )
    button.setText(shown.replace("&", "&&"))
    set_accessible(button, name=whole)
    set_tooltip(button, whole if shown != whole else "")


def button(text: str = "") -> QPushButton:
    """A button with our own text, which is not automatically the default of a dialog."""
    made = QPushButton()
    made.setAutoDefault(False)
    if text:
        label_button(made, text)
    return made


def set_edit(edit: QLineEdit, text: str) -> None:
    """Fill a field. It has no marks of direction, which would become a part of the text."""
    edit.setText(without_controls(text).translate(_NO_MARKS))


def set_page(edit: QPlainTextEdit, text: str) -> None:
    """Show a whole text of many lines."""
    edit.setPlainText(without_controls(text, lines=True))


def copy(text: str) -> None:
    """Put a text into the clipboard, unchanged."""
    QGuiApplication.clipboard().setText(text)


def set_placeholder(field: QLineEdit | QComboBox | QPlainTextEdit, text: str) -> None:
    """Set the text of an empty field."""
    field.setPlaceholderText(shorten(tidy(text), LONGEST_CHOICE))


def set_tooltip(target: QWidget | QAction, text: str) -> None:
    """Set a tooltip. An empty text removes it.

    A tooltip has no text format, so text that Qt could take for HTML is escaped.
    """
    shown = shorten(tidy(text, lines=True), LONGEST_TOOLTIP)
    made = _tooltip(shown)
    if target.toolTip() == made:
        return
    if isinstance(target, QWidget) and target.accessibleDescription() in {"", _described(target)}:
        # Without its own description, a screen reader would read the escaped text aloud.
        target.setAccessibleDescription(shown if made != shown else "")
        target.setProperty("tooltip-text", shown if made != shown else "")
    target.setToolTip(made)


def tooltip(text: str) -> str:
    """A tooltip for an item of a view, which reads it from its model."""
    return _tooltip(shorten(tidy(text, lines=True), LONGEST_TOOLTIP))


def _tooltip(text: str) -> str:
    if "<" in text or "&" in text:
        # Few tooltips need its table of entities, 0.5 MB.
        from html import escape

        return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
    # Qt wraps only HTML.
    return "\n".join(
        part for line in text.split("\n") for part in textwrap.wrap(line, _TOOLTIP_COLUMNS) or [""]
    )


def _described(widget: QWidget) -> str:
    return str(widget.property("tooltip-text") or "")


def set_title(window: QWidget, text: str) -> None:
    """Set a window's title. `[*]` is Qt's placeholder for the mark of a changed document."""
    window.setWindowTitle(shorten(without_controls(text), LONGEST_TITLE).replace("[*]", "[*][*]"))


def set_accessible(
    widget: QWidget, *, name: str | None = None, description: str | None = None
) -> None:
    """Set the texts for screen readers; None leaves a part as it is."""
    if name is not None:
        shown = tidy(name)
        if widget.accessibleName() != shown:
            widget.setAccessibleName(shown)
    if description is not None:
        shown = tidy(description)
        if widget.accessibleDescription() != shown:
            widget.setAccessibleDescription(shown)


# Lists


def add_choice(box: QComboBox, text: str, data: object = None, tooltip: str = "") -> None:
    """Add an entry to a box; its tooltip has the full text if it is cut."""
    whole = tidy(text)
    shown = shorten(whole, LONGEST_CHOICE)
    box.addItem(shown, data)
    more = "\n".join(part for part in (whole if shown != whole else "", tooltip) if part)
    box.setItemData(box.count() - 1, _tooltip(tidy(more, lines=True)), Qt.ItemDataRole.ToolTipRole)


def add_row(rows: QListWidget, text: str) -> None:
    """Add a row to a list; `row_text` gives the text back as it was."""
    item = QListWidgetItem(shorten(tidy(text), LONGEST_CHOICE))
    item.setData(Qt.ItemDataRole.UserRole, text)
    rows.addItem(item)


def row_text(rows: QListWidget, row: int) -> str:
    """The text that was added, which may hold more than is shown."""
    return str(rows.item(row).data(Qt.ItemDataRole.UserRole))


def set_rows(model: QStringListModel, texts: Iterable[str]) -> None:
    """Set the texts of a list, each on one line, from which a person fills a field."""
    shown = [without_controls(text) for text in texts]
    if model.stringList() != shown:
        model.setStringList(shown)


# Menus


def entry(menu: QMenu, text: str) -> QAction:
    """A new entry with our own text, its mnemonic included."""
    return menu.addAction(tidy(text))


def submenu(text: str, parent: QMenu) -> QMenu:
    """A new menu with our own text, which the caller puts into its parent."""
    made = QMenu(parent)
    made.setTitle(tidy(text))
    return made


def set_entry(action: QAction, text: str) -> None:
    """Change our own text of an entry."""
    shown = tidy(text)
    if action.text() != shown:
        action.setText(shown)


def set_name_entry(action: QAction, text: str) -> None:
    """Show an untrusted text in an entry, without a mnemonic; a tooltip has a cut text in full."""
    whole = tidy(text)
    shown = shorten(whole, LONGEST_ENTRY)
    set_entry(action, shown.replace("&", "&&"))
    set_tooltip(action, whole if shown != whole else "")


# The tray: other programs draw it, and some of them render HTML


def set_tray_tooltip(icon: QSystemTrayIcon, text: str) -> None:
    """Set the icon's tooltip."""
    shown = shorten(without_markup(text), LONGEST_TRAY)
    if icon.toolTip() != shown:
        icon.setToolTip(shown)


def show_message(
    icon: QSystemTrayIcon,
    title: str,
    text: str,
    kind: QSystemTrayIcon.MessageIcon = QSystemTrayIcon.MessageIcon.Information,
    milliseconds: int = 10_000,
) -> None:
    """Show a desktop notification."""
    icon.showMessage(
        shorten(without_markup(title), LONGEST_TITLE),
        shorten(without_markup(text, lines=True), LONGEST_TOOLTIP),
        kind,
        milliseconds,
    )


def without_markup(text: str, *, lines: bool = False) -> str:
    """The text for a program that may or may not render HTML (notification daemon, panel).

    No escaping suits both, so the characters that begin a tag or an entity are replaced by
    similar ones.
    """
    shown = tidy(text, lines=lines).replace("<", "\u2039").replace(">", "\u203a")
    return "".join(
        "\uff06" if char == "&" and shown[index + 1 : index + 2].strip() else char
        for index, char in enumerate(shown)
    )


# Dialogs


def message_box(
    title: str, text: str, details: str = "", *, parent: QWidget | None = None, whole: str = ""
) -> QMessageBox:
    """A question or a notice; `whole` is the full text of a name that was cut in `details`."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    set_title(box, title)
    box.setText(_breakable(tidy(text, lines=True)))
    box.setInformativeText(_breakable(tidy(details, lines=True)))
    for part in box.findChildren(QLabel):
        part.setTextFormat(Qt.TextFormat.PlainText)
        part.setOpenExternalLinks(False)
        if whole and part.objectName() == "qt_msgbox_informativelabel":
            set_tooltip(part, whole)
            set_accessible(part, description=whole)
    return box


def box_button(box: QMessageBox, text: str, role: QMessageBox.ButtonRole) -> QPushButton:
    """A new button of a box, with our own text and its mnemonic."""
    return box.addButton(tidy(text), role)


def _breakable(text: str) -> str:
    """Add break opportunities to long words, since a box is as wide as its longest word."""
    return " ".join(
        "\u200b".join(word[i : i + _MESSAGE_COLUMNS] for i in range(0, len(word), _MESSAGE_COLUMNS))
        for word in shorten(text, LONGEST_PARAGRAPH).split(" ")
    )
