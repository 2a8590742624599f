"""Light and dark from the design tokens: Fusion's palette, one style sheet, fonts.

The scheme follows the desktop (`system`) or is set to `light` or `dark`. Sizes are px at 100 %; Qt
scales them with the screen. Where the desktop asks for more contrast, lines and quiet text take the
colour of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from assets.tokens import load

if TYPE_CHECKING:
    from collections.abc import Mapping

SYSTEM, LIGHT, DARK = "system", "light", "dark"


class Theme(QObject):
    """The current colours and fonts; `changed` is emitted after each switch."""

    changed = Signal()

    def __init__(
        self, app: QApplication, choice: str = SYSTEM, *, more_contrast: bool = False
    ) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._more_contrast = more_contrast
        self._desktop_dark: bool | None = None
        self._desktop_contrast = False
        self.tokens = load()
        self.dark = False
        self.colors: Mapping[str, str] = {}
        app.setStyle("Fusion")
        font = QFont(app.font())
        font.setPixelSize(self.tokens.type["desk"])
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._refresh()

    def choose(self, choice: str, *, more_contrast: bool = False) -> None:
        """Follow the desktop (`system`) or stay `light` or `dark`; `more_contrast` also where the
        desktop does not ask for it.
        """
        self._choice, self._more_contrast = choice, more_contrast
        self._refresh()

    def set_desktop_scheme(self, dark: bool | None, more_contrast: bool) -> None:
        """Set the desktop's preferences, where Qt does not detect them."""
        self._desktop_dark, self._desktop_contrast = dark, more_contrast
        self._refresh()

    def color(self, name: str) -> QColor:
        """A token's colour in the scheme in use."""
        return QColor(self.colors[name])

    def font(self, size: str = "desk", *, strong: bool = False) -> QFont:
        """A font of the scale (`small`, `desk`, `web`, `large`, `huge`), with tabular digits."""
        font = QFont(self._app.font())
        font.setPixelSize(self.tokens.type[size])
        font.setWeight(QFont.Weight(self.tokens.type["strong" if strong else "regular"]))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _refresh(self) -> None:
        dark = self._choice == DARK or (self._choice == SYSTEM and self._desktop_is_dark())
        colors = self.tokens.colors(dark=dark)
        if self._more_contrast or self._desktop_contrast:
            colors = with_more_contrast(colors)
        if colors == self.colors:
            return
        self.dark, self.colors = dark, colors
        self._app.setPalette(_palette(self.color))
        strong = self.tokens.type["strong"]
        self._app.setStyleSheet(style_sheet(self.colors, self.tokens.radius, strong))
        self.changed.emit()

    def _desktop_is_dark(self) -> bool:
        if self._desktop_dark is not None:
            return self._desktop_dark
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def with_more_contrast(colors: Mapping[str, str]) -> Mapping[str, str]:
    """A scheme whose lines and secondary texts have the colour of the text."""
    strong = ("line", "tint-line", "amber-line", "edge", "field", "muted", "hatch", "hatch-strong")
    return {**colors, **dict.fromkeys(strong, colors["text"])}


def _palette(color) -> QPalette:  # type: ignore[no-untyped-def]
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, name in (
        ((role.Window, role.AlternateBase), "ground"),
        ((role.Base, role.Button, role.ToolTipBase), "card"),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), "text"),
        ((role.PlaceholderText,), "muted"),
        ((role.Highlight, role.Accent), "accent"),
        ((role.HighlightedText,), "on-accent"),
        ((role.Link, role.LinkVisited), "text"),
        ((role.Mid, role.Midlight, role.Light, role.Dark), "line"),
    ):
        for one in roles:
            palette.setColor(one, color(name))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, color("muted"))
    return palette


def style_sheet(colors: Mapping[str, str], radius: Mapping[str, int], strong: int) -> str:
    """The style sheet; every colour is a token's, `strong` the weight of strong texts.

    The focus ring is a border of 2 px, and the padding is 2 px smaller then, so that nothing moves
    when the focus does. Buttons without padding get a background and a line instead.
    """
    rules = _RULES
    for name, value in colors.items():
        rules = rules.replace(f"@{name};", f"{value};")
    rules = rules.replace("@strong;", f"{strong};")
    rules = rules.replace("@radius;", f"{radius['control']}px;")
    return rules.replace("@card-radius;", f"{radius['card']}px;")


_RULES = """
QToolTip { background: @card; color: @text; border: 1px solid @line; padding: 4px; }
QLineEdit, QDateEdit, QTimeEdit {
  background: @card; color: @text; border: 1px solid @field; border-radius: @radius;
  padding: 0 10px; min-height: 34px; max-height: 34px;
  selection-background-color: @accent; selection-color: @on-accent;
}
QLineEdit:focus, QDateEdit:focus, QTimeEdit:focus {
  border: 2px solid @focus; padding: 0 9px; min-height: 32px; max-height: 32px;
}
QPlainTextEdit {
  background: @card; color: @text; border: 1px solid @field; border-radius: @radius;
  padding: 4px 6px; selection-background-color: @accent; selection-color: @on-accent;
}
QPlainTextEdit:focus { border: 2px solid @focus; padding: 3px 5px; }
QLineEdit:disabled { color: @muted; }
QLineEdit[tone="attention"] { border-color: @amber; }
#search, #search:focus {
  border: 0; background: transparent; padding: 0; min-height: 20px; max-height: 40px;
}
QDateEdit::drop-down { border: 0; width: 24px; }
QTimeEdit::up-button, QTimeEdit::down-button { border: 0; width: 0; }
QPushButton {
  background: @card; color: @text; border: 1px solid @edge; border-radius: @radius;
  padding: 0 12px; min-height: 30px; max-height: 30px;
}
QPushButton:hover { border-color: @muted; }
QPushButton:pressed { background: @ground; }
QPushButton:focus { border: 2px solid @focus; padding: 0 11px; min-height: 28px; max-height: 28px; }
QPushButton:disabled { color: @muted; background: @ground; }
QPushButton[kind="danger"] { color: @red; }
QPushButton[kind="primary"] {
  background: @accent; color: @on-accent; border: 0;
  padding: 0 16px; min-height: 44px; max-height: 44px;
}
QPushButton[kind="primary"]:hover { background: @accent-strong; }
QPushButton[kind="primary"]:pressed { background: @accent-strong; }
QPushButton[kind="primary"]:focus {
  border: 2px solid @focus; padding: 0 14px; min-height: 40px; max-height: 40px;
}
QPushButton[kind="primary"]:disabled { background: @quiet; color: @muted; }
QPushButton[kind="stop"] {
  background: @card; color: @text; border: 2px solid @text;
  padding: 0 14px; min-height: 40px; max-height: 40px;
}
QPushButton[kind="stop"]:pressed { background: @ground; }
QPushButton[kind="stop"]:focus {
  border: 3px solid @focus; padding: 0 13px; min-height: 38px; max-height: 38px;
}
QPushButton[kind="pause"] {
  background: transparent; padding: 0 8px; min-height: 42px; max-height: 42px;
}
QPushButton[kind="pause"]:focus {
  border: 2px solid @focus; padding: 0 7px; min-height: 40px; max-height: 40px;
}
QPushButton[kind="row"] {
  background: transparent; border: 0; border-bottom: 1px solid @line; border-radius: 0;
  padding: 0; min-height: 35px; max-height: 35px; text-align: left;
}
QPushButton[kind="row"]:hover { text-decoration: underline; }
QPushButton[kind="row"]:focus {
  background: @quiet; border-bottom: 2px solid @focus; min-height: 34px; max-height: 34px;
}
QPushButton[kind="icon"] {
  background: transparent; border: 0; padding: 0;
  min-width: 24px; max-width: 24px; min-height: 24px; max-height: 24px;
}
QPushButton[kind="icon"]:hover { background: @quiet; }
QPushButton[kind="icon"]:focus {
  border: 2px solid @focus;
  min-width: 20px; max-width: 20px; min-height: 20px; max-height: 20px;
}
QPushButton[kind="accent"] { background: @accent; color: @on-accent; border: 0; padding: 0 13px; }
QPushButton[kind="accent"]:hover { background: @accent-strong; }
QPushButton[kind="accent"]:disabled { background: @quiet; color: @muted; }
QPushButton[kind="accent"]:focus { border: 2px solid @focus; padding: 0 11px; }
QPushButton[kind="link"] {
  background: transparent; border: 0; border-bottom: 1px solid @edge; border-radius: 0;
  color: @text; padding: 0; min-height: 20px; max-height: 20px;
}
QPushButton[kind="link"][tone="danger"] { color: @red; }
QPushButton[kind="link"][tone="attention"] { color: @amber; }
QPushButton[kind="link"]:hover { border-bottom: 1px solid @text; }
QPushButton[kind="link"]:focus {
  background: @quiet; border-bottom: 2px solid @focus; min-height: 19px; max-height: 19px;
}
QPushButton[kind="side"] {
  background: transparent; border: 0; padding: 0 10px; min-height: 36px; max-height: 36px;
  text-align: left; color: @muted;
}
QPushButton[kind="side"]:hover { background: @quiet; }
QPushButton[kind="side"]:focus {
  border: 2px solid @focus; padding: 0 8px; min-height: 32px; max-height: 32px;
}
#side, #sections { background: @card; border: 0; }
#sections::item { border-radius: @radius; padding: 0 9px; margin: 1px 0; color: @muted; }
#sections::item:hover { background: @quiet; color: @text; }
#sections::item:selected { background: @tint; color: @text; }
#sections::item:selected:focus { border: 2px solid @focus; padding: 0 7px; }
QAbstractItemView {
  background: @card; color: @text; border: 1px solid @line; outline: 0;
  selection-background-color: @quiet; selection-color: @text;
}
QAbstractItemView::item { min-height: 28px; padding: 0 7px; border: 0; border-radius: 4px; }
QAbstractItemView::item:selected { background: @quiet; color: @text; }
QAbstractItemView::item:hover { background: @quiet; color: @text; }
#grid { background: @ground; border: 0; }
#grid { selection-background-color: @ground; }
#grid::item, #grid::item:selected, #grid::item:hover {
  background: transparent; padding: 0; border: 0; min-height: 1px;
}
QComboBox { combobox-popup: 0; }
QMenu { background: @card; color: @text; border: 1px solid @line; padding: 4px 0; }
QMenu::item { padding: 6px 32px 6px 28px; }
QMenu::indicator { left: 8px; }
QMenu::item:selected { background: @quiet; }
QMenu::item:disabled { color: @muted; background: transparent; }
QMenu::separator { height: 1px; background: @line; margin: 4px 0; }
QLineEdit[locked="yes"] { background: @ground; color: @muted; }
QScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; }
QScrollBar::handle:vertical { background: @line; border-radius: 5px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
QLabel[tone="muted"] { color: @muted; }
QLabel[step="current"] { font-weight: @strong; }
QLabel[step="other"] { color: @muted; }
QLabel[tone="good"] { color: @accent; }
QFrame[kind="card"] { background: @card; border: 1px solid @line; border-radius: @card-radius; }
QLabel[tone="attention"] { color: @amber; }
QLabel[tone="urgent"] { color: @red; }
#banner { background: @amber-wash; color: @amber; }
#banner[tone="muted"] { background: @quiet; color: @text; }
#rule { background: @line; }
#header { border: 0; border-bottom: 1px solid @line; }
#header[recording="yes"] { background: @tint; border-bottom: 1px solid @tint-line; }
#attention { background: @amber-wash; border: 1px solid @amber-line; border-radius: @radius; }
#toast { background: @card; border: 1px solid @line; border-radius: @card-radius; }
"""
