"""A section of the settings window: rows with a title, a note and a control, divided by lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.qt import painted_text, plain_text
from ui.qt.icons import pixmap
from ui.qt.text_list import TextList
from ui.qt.translation import translate
from ui.qt.widgets import (
    ChoiceBox,
    Drawn,
    TickBox,
    horizontal,
    paragraph,
    rule,
    set_property,
    vertical,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent

    from ui.qt.theme import Theme
    from ui.settings.setting import Setting, Value
    from ui.settings.settings import Settings

_LEAST, _MOST = 132, 260
_CHEVRON = 52
_LOCK = 16


class SettingsSection(QWidget):
    """One page of the settings. `changed` carries a row of the table and its new value."""

    changed = Signal(object, object)

    def __init__(self, theme: Theme, settings: Settings, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.settings = settings
        self.title = title
        #: By a row's name: when a change applies, if it does not apply at once.
        self.applies: dict[str, str] = {}
        self.column: QVBoxLayout = vertical(8, (24, 20, 24, 20))
        self.setLayout(self.column)
        heading = plain_text.label(title)
        heading.setFont(theme.font("large", strong=True))
        self.column.addWidget(heading)
        self.column.addSpacing(4)

    def divide(self) -> None:
        """Add the line above the next row."""
        self.column.addSpacing(2)
        self.column.addWidget(rule())
        self.column.addSpacing(2)

    def add_heading(self, text: str, buddy: QWidget | None = None) -> QLabel:
        """Add a row's title; its mnemonic leads to `buddy`."""
        made = self._heading(text, buddy)
        self.column.addWidget(made)
        return made

    def add_note(self, text: str, tone: str = "muted") -> QLabel:
        """Add a sentence of explanation."""
        note = self.note(text, tone)
        self.column.addWidget(note)
        return note

    def note(self, text: str, tone: str = "muted") -> QLabel:
        """A sentence in the small size."""
        note = paragraph(text)
        note.setFont(self.theme.font("small"))
        set_property(note, "tone", tone)
        return note

    def add_row(self, title: str, note: str, control: QWidget) -> None:
        """Add a title and a note with the control at the end of the line."""
        self.column.addLayout(self.row(title, note, control))

    def row(self, title: str, note: str, control: QWidget) -> QHBoxLayout:
        """A title and a note with the control at the end of the line."""
        texts = vertical(2)
        texts.addWidget(self._heading(title, control))
        if note:
            texts.addWidget(self.note(note))
        row = horizontal(16)
        row.addLayout(texts, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def add_choice(
        self, row: Setting, title: str, note: str, choices: Iterable[tuple[Value, str]]
    ) -> ChoiceBox:
        """Add a row of one value out of several, each with its text."""
        box = ChoiceBox(self.theme)
        fill(box, choices, self.settings.value(row))
        box.activated.connect(lambda index: self.changed.emit(row, box.itemData(index)))
        if self.settings.is_locked(row):
            self.add_locked(row, title, note, box.currentText())
            self.keep_hidden(box)
            return box
        self.add_row(title, note, box)
        return box

    def add_tick(self, row: Setting, title: str, note: str = "") -> TickBox:
        """Add a box to tick, with a note below."""
        box = TickBox(self.theme, title)
        box.setChecked(self.settings.flag(row))
        box.toggled.connect(lambda on: self.changed.emit(row, on))
        if self.settings.is_locked(row):
            self.add_locked(row, box.text(), note, self.switch_text(on=box.isChecked()))
            self.keep_hidden(box)
            return box
        self.column.addWidget(box)
        if note:
            self.column.addWidget(self.note(note))
        return box

    def add_list(
        self, row: Setting, title: str, names: tuple[str, str, str, str], rows: int
    ) -> TextList:
        """Add a list of texts. `names` are those for screen readers: of the list, the field, and
        the buttons that add and remove.
        """
        made = TextList(
            self.settings.own_texts(row),
            row.accepts,
            translate("Settings", "Add"),
            translate("Settings", "Remove"),
            rows,
        )
        made.changed.connect(lambda texts: self.changed.emit(row, texts))
        parts = (made.list, made.edit, made.add_button, made.remove_button)
        for part, name in zip(parts, names, strict=True):
            plain_text.set_accessible(part, name=name)
        self.add_heading(title, made.list)
        self.column.addWidget(made)
        added = self.settings.policy_texts(row)
        if added:
            self.column.addWidget(LockedValue(self.theme, names[0], ", ".join(added), wide=True))
            self._add_origin(row)
        return made

    def add_least(
        self,
        row: Setting,
        title: str,
        note: str,
        choices: Iterable[tuple[int, str]],
        least: str,
    ) -> ChoiceBox:
        """Add a row whose value in force is the greater of the policy's and the person's. It offers
        only the choices from the policy's value on; `least` is the sentence that names that value.
        """
        found = self.settings.policy.enforced.get(row.name)
        enforced = found if isinstance(found, int) else 0
        box = ChoiceBox(self.theme)
        offered = [choice for choice in choices if choice[0] >= enforced]
        fill(box, offered, self.settings.number(row))
        box.activated.connect(lambda index: self.changed.emit(row, box.itemData(index)))
        self.add_row(title, note, box)
        if enforced:
            self._add_origin(row, least)
        return box

    def keep_hidden(self, part: QWidget) -> None:
        """Keep a part outside the layout, so that it is never shown."""
        part.setParent(self)
        part.hide()

    def switch_text(self, *, on: bool) -> str:
        """The text of a switch's value."""
        return translate("Settings", "On") if on else translate("Settings", "Off")

    def _heading(self, text: str, buddy: QWidget | None) -> QLabel:
        made = plain_text.label(text) if buddy is None else plain_text.heading(text, buddy)
        made.setFont(self.theme.font(strong=True))
        made.setWordWrap(True)
        return made

    def add_locked(self, row: Setting, title: str, note: str, value: str) -> None:
        """Add a row whose value the policy has set."""
        self.add_row(title, note, LockedValue(self.theme, title.replace("&", ""), value))
        self._add_origin(row)

    def add_policy_problem(self) -> None:
        """Add a sentence about errors of the policy, if it has any."""
        policy = self.settings.policy
        if not policy.problems:
            return
        text = (
            translate(
                "Settings",
                "The policy in {place} has errors. No pictures are taken until an administrator "
                "of this computer corrects it.",
            )
            if policy.withholds
            else translate(
                "Settings",
                "The policy in {place} has errors. Ask an administrator of this computer to "
                "correct it.",
            )
        )
        self.add_note(text.replace("{place}", policy.place), "attention")

    def _add_origin(self, row: Setting, text: str = "") -> None:
        """Add a sentence, by default one that names the organisation or administrator who has
        locked a row, with the details below it.
        """
        policy = self.settings.policy
        if not text and policy.organisation:
            text = translate("Settings", "Locked by your organisation, {name}.")
            text = text.replace("{name}", policy.organisation)
        elif not text:
            text = translate("Settings", "Locked by the administrator of this computer.")
        line = horizontal(8)
        line.addWidget(self.note(text), 1)
        button = plain_text.button(translate("Settings", "Details"))
        set_property(button, "kind", "link")
        line.addWidget(button)
        self.column.addLayout(line)
        details = self.add_note(
            translate(
                "Settings",
                "The policy in {place} sets “{row}”. Only an administrator of this computer can "
                "change it.",
            )
            .replace("{place}", policy.place)
            .replace("{row}", row.name)
        )
        details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        details.hide()
        button.clicked.connect(lambda: details.setVisible(details.isHidden()))


class LockedValue(Drawn):
    """A value that a policy has set, with a lock, in the place of its control."""

    def __init__(self, theme: Theme, name: str, value: str, *, wide: bool = False) -> None:
        super().__init__(theme, 32)
        self._value = value
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.describe(f"{name}: {value}", translate("Settings", "Locked"))
        if wide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        else:
            needed = self.fontMetrics().horizontalAdvance(value) + _LOCK + 34
            self.setFixedWidth(max(_LEAST, min(needed, _MOST)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        painter.setPen(QPen(self.theme.color("focus" if focus else "line"), 2 if focus else 1))
        painter.setBrush(self.theme.color("ground"))
        radius = self.theme.tokens.radius["control"]
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)
        color = self.theme.color("muted")
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - 12 - _LOCK if right else 12
        lock = pixmap("lock", _LOCK, color, self.devicePixelRatioF())
        painter.drawPixmap(x, (self.height() - _LOCK) // 2, lock)
        room = self.rect().adjusted(12, 0, -36, 0) if right else self.rect().adjusted(36, 0, -12, 0)
        painter.setPen(color)
        shown = painted_text.fit(self._value, painter.fontMetrics(), room.width(), 1)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.drawText(room, align, shown)
        painter.end()


def fill(box: ChoiceBox, choices: Iterable[tuple[Value, str]], value: Value) -> None:
    """Offer these choices, each with its text; the first one is chosen if there is no `value`."""
    box.clear()
    for data, text in choices:
        plain_text.add_choice(box, text, data)
    box.setCurrentIndex(max(0, box.findData(value)))
    fit(box)


def fit(box: ChoiceBox) -> None:
    """Make a box as wide as its widest entry, within bounds."""
    metrics = box.fontMetrics()
    texts = [box.itemText(index) for index in range(box.count())]
    widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
    # The layout gives no room to a box that ignores its hint.
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    box.setFixedWidth(max(_LEAST, min(widest + _CHEVRON, _MOST)))
