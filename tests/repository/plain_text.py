"""Finds calls that pass text to Qt without `plain_text`, in a module's syntax tree."""

from __future__ import annotations

import ast
from dataclasses import dataclass

#: The only module that may call the following.
HELPER = "ui.qt.plain_text"

#: Setters of visible texts. A reference is enough: it could be passed on as a slot.
SETTERS = frozenset({
    "setText", "setToolTip", "setWindowTitle", "setWhatsThis", "setStatusTip", "setTitle",
    "setInformativeText", "setDetailedText", "setLabelText", "setPlaceholderText", "setPlainText",
    "setTextValue", "setOkButtonText", "setCancelButtonText", "setButtonText", "setIconText",
    "setAccessibleName", "setAccessibleDescription", "setHtml", "setMarkdown", "insertHtml",
    "insertPlainText", "appendHtml", "setDefaultStyleSheet", "setPrefix", "setSuffix", "setFormat",
    "setSpecialValueText", "setTabText", "setTabToolTip", "addTab", "insertTab", "setItemText",
    "setItemData", "addItems", "insertItem", "insertItems", "setStringList", "setHeaderLabels",
    "setHorizontalHeaderLabels", "setVerticalHeaderLabels", "showMessage", "showText",
    "setOpenExternalLinks", "setTextFormat", "setWindowIconText", "setWindowFilePath",
    "setSubTitle", "setNameFilter",
})  # fmt: skip

#: Methods of the same name take other values as well: banned with a text argument.
ADDERS = frozenset({
    "addItem", "addAction", "addMenu", "addButton", "addSection", "insertSection", "addRow",
    "append", "information", "warning", "critical", "question", "about",
})  # fmt: skip
#: Receivers of `add…` calls that are not Qt's.
_NOT_QT = frozenset({"log", "_log", "logging", "logger"})

#: Classes whose constructor takes a text first, or anywhere.
MAKERS = frozenset({
    "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QCommandLinkButton",
    "QGroupBox", "QAction", "QMenu", "QMessageBox", "QInputDialog", "QProgressDialog",
    "QDockWidget", "QListWidgetItem", "QTableWidgetItem", "QTreeWidgetItem", "QStandardItem",
    "QLineEdit", "QTextEdit", "QPlainTextEdit", "QStringListModel", "QWizardPage",
})  # fmt: skip
#: Classes that render HTML, or whose functions show text at once.
BANNED = frozenset({
    "QTextBrowser", "QTextDocument", "QStaticText", "QErrorMessage", "QToolTip", "QWhatsThis",
    "QTextEdit", "QSplashScreen", "QStatusBar",
})  # fmt: skip
#: Properties of the same meaning, set by name.
PROPERTIES = frozenset({
    "text", "toolTip", "windowTitle", "whatsThis", "statusTip", "title", "placeholderText",
    "informativeText", "detailedText", "labelText", "html", "markdown", "plainText",
    "accessibleName", "accessibleDescription", "textFormat",
})  # fmt: skip


@dataclass(frozen=True)
class Bypass:
    """A position in a source."""

    line: int
    what: str


def bypasses(source: str) -> list[Bypass]:
    """Every position in a module that could show text without the helper."""
    tree = ast.parse(source)
    found = [
        Bypass(getattr(node, "lineno", 0), what)
        for node in ast.walk(tree)
        if (what := _judge(node))
    ]
    return sorted(found, key=lambda one: (one.line, one.what))


def _judge(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and node.attr in SETTERS:
        return node.attr
    if isinstance(node, ast.Name | ast.Attribute | ast.alias):
        name = _name(node)
        if name in BANNED:
            return name
    if isinstance(node, ast.Constant) and node.value in SETTERS | BANNED:
        return f"{node.value} by its name"
    if isinstance(node, ast.ClassDef):
        return _inherited(node)
    if isinstance(node, ast.Call):
        return _judge_call(node)
    return ""


def _judge_call(call: ast.Call) -> str:
    name = _name(call.func)
    if name in MAKERS and any(_could_be_text(arg) for arg in _arguments(call)):
        return f"{name}(text)"
    if name in ADDERS and isinstance(call.func, ast.Attribute):
        if _name(call.func.value) in _NOT_QT or name == "append":
            return ""
        if any(_is_text(arg) for arg in _arguments(call)) or _of_message_box(call.func):
            return f"{name}(text)"
    if name == "setProperty" and call.args:
        first = call.args[0]
        if isinstance(first, ast.Constant) and first.value in PROPERTIES:
            return f"setProperty({first.value!r})"
    return ""


def _inherited(node: ast.ClassDef) -> str:
    """A constructor of a widget's subclass that passes a text to its base."""
    if not any(_name(base) in MAKERS for base in node.bases):
        return ""
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        base = call.func
        if (
            isinstance(base, ast.Attribute)
            and base.attr == "__init__"
            and any(_could_be_text(arg) for arg in _arguments(call))
        ):
            return f"{node.name}: super().__init__(text)"
    return ""


def _of_message_box(func: ast.Attribute) -> bool:
    return _name(func.value) == "QMessageBox"


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.name if isinstance(node, ast.alias) else ""


def _is_text(node: ast.expr) -> bool:
    """Whether an argument of a method with several argument types looks like a text."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        return True
    if isinstance(node, ast.Call):
        return _name(node.func) in {"translate", "tr", "str", "format", "fill", "join", "text"}
    return _name(node) in {"text", "title", "name", "memo", "label", "client", "detail", "tooltip"}


def _could_be_text(node: ast.expr) -> bool:
    """Whether a constructor's argument could be a text: all but a parent, by its usual names."""
    return not (_name(node) in {"self", "parent", "icon"} or _is_widget(node))


def _is_widget(node: ast.expr) -> bool:
    """`self.menu` and `self._group`: owners. Texts are in views or in local names."""
    return (
        isinstance(node, ast.Attribute)
        and _name(node.value) == "self"
        and node.attr not in {"text", "title", "name", "label", "details", "words"}
    )
