"""All text reaches Qt through `ui.qt.plain_text`; the search detects other calls."""

from __future__ import annotations

import pytest

from tests.repository.plain_text import HELPER, bypasses
from tests.repository.tree import modules


@pytest.mark.parametrize("module", [name for name in modules("ui") if name != HELPER])
def test_no_module_gives_text_to_qt_by_itself(module: str) -> None:
    found = bypasses(modules("ui")[module].read_text("utf-8"))
    assert [f"{module}:{one.line} {one.what}" for one in found] == []


def test_the_helper_itself_would_be_found() -> None:
    names = {one.what for one in bypasses(modules("ui")[HELPER].read_text("utf-8"))}
    assert {"setText", "setToolTip", "setInformativeText", "showMessage", "setWindowTitle"} <= names


@pytest.mark.parametrize(
    "source",
    [
        "label.setText(name)",
        "self.box.setToolTip('x')",
        "changed.connect(label.setText)",
        "getattr(label, 'setText')(name)",
        "window.setWindowTitle(client)",
        "w.setWhatsThis(x)",
        "w.setStatusTip(x)",
        "icon.showMessage(title, text)",
        "QLabel(name)",
        "QtWidgets.QLabel(view.title)",
        "QLabel(text=name)",
        "QLabel('–', parent)",
        "QPushButton(view.yes)",
        "QCheckBox(text)",
        "QAction(title, self)",
        "QMenu(title, self.menu)",
        "QListWidgetItem(memo)",
        "QMessageBox.warning(self, title, text)",
        "QMessageBox.information(parent, view.title, view.text)",
        "QMessageBox(icon, title, text)",
        "box.setInformativeText(view.details)",
        "box.addButton(translate('a', 'b'), role)",
        "menu.addAction(f'{name} x')",
        "menu.addAction('x')",
        "menu.addMenu(title)",
        "combo.addItem(title, ctr)",
        "combo.addItems(names)",
        "combo.setItemData(0, client, role)",
        "model.setStringList(texts)",
        "QToolTip.showText(pos, text)",
        "from PySide6.QtWidgets import QTextBrowser",
        "doc = QTextDocument()",
        "painter.drawStaticText(0, 0, QStaticText(name))",
        "label.setProperty('text', name)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "class A(QCheckBox):\n    def __init__(self, t):\n        super().__init__(t)",
        "class A(QLabel):\n    def __init__(self, t):\n        QLabel.__init__(self, t)",
    ],
)
def test_the_search_finds_bypasses(source: str) -> None:
    assert bypasses(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "plaintext.set_text(label, name)",
        "QLabel()",
        "QAction(self)",
        "QMenu(self.menu)",
        "QAction(self._group)",
        "menu.addAction(action)",
        "column.addWidget(label)",
        "widget.setProperty('tone', tone)",
        "names.append(title)",
        "log.warning('the client could not be opened')",
        "class A(QDialog):\n    def __init__(self, parent):\n        super().__init__(parent)",
        "class A(QLabel):\n    def __init__(self):\n        super().__init__()",
    ],
)
def test_the_search_accepts_correct_code(source: str) -> None:
    assert bypasses(source) == []
