"""Lines of the main window: texts with a bold part, the mark of the state, the attention row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton, QWidget

from ui.presenters.main_window import StateShape
from ui.qt import plain_text
from ui.qt.icons import pixmap
from ui.qt.translation import translate
from ui.qt.widgets import Drawn, ElidedLine, horizontal, set_property

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ui.presenters.formatting import Line
    from ui.presenters.notices import NoticeView
    from ui.qt.theme import Theme

#: The smallest heights of the attention row: for one or two lines of text, and for three.
LOW, HIGH = 40, 54
#: Its width, and the space at its ends.
WIDTH, PADDING = 332, 10


class StateMark(Drawn):
    """The state beside the running time: a disc, two bars or a ring."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 14)
        self.setFixedWidth(14)
        self._mark = StateShape.RING

    def show_mark(self, mark: StateShape) -> None:
        """Show another mark."""
        if mark is not self._mark:
            self._mark = mark
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        match self._mark:
            case StateShape.DISC:
                painter.setBrush(self.theme.color("accent"))
                painter.drawEllipse(QPointF(7, 7), 7, 7)
            case StateShape.BARS:
                painter.setBrush(self.theme.color("text"))
                for x in (2.0, 8.0):
                    painter.drawRoundedRect(QRectF(x, 1, 4, 12), 1, 1)
            case StateShape.RING:
                painter.setPen(QPen(self.theme.color("muted"), 2))
                painter.drawEllipse(QPointF(7, 7), 6, 6)
        painter.end()


class StrongLine(QWidget):
    """One line with an icon and a bold part. Its end is cut where it has no room; with `whole` it
    takes the room that it needs.
    """

    def __init__(self, theme: Theme, *, icon: bool = False, whole: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._line: Line | None = None
        row = horizontal(0)
        self.setLayout(row)
        self._icon = plain_text.label()
        self._icon.setFixedWidth(24)
        self._icon.setVisible(icon)
        self._before, self._strong = plain_text.label(), plain_text.label()
        self._after: QLabel = plain_text.label() if whole else ElidedLine()
        for part in (self._before, self._after):
            part.setFont(theme.font())
        self._strong.setFont(theme.font(strong=True))
        row.addWidget(self._icon)
        row.addWidget(self._before)
        row.addWidget(self._strong)
        row.addWidget(self._after, 0 if whole else 1)
        self.setFixedHeight(18)
        theme.changed.connect(self._paint_icon)

    def show_line(self, line: Line) -> None:
        """Show the texts; a screen reader reads them as one."""
        if line == self._line:
            return
        self._line = line
        for label, text in (
            (self._before, line.before),
            (self._strong, line.strong),
            (self._after, line.after),
        ):
            if isinstance(label, ElidedLine):
                label.show_text(text, line.tone)
            else:
                plain_text.set_text(label, text)
                label.setVisible(bool(text))
                set_property(label, "tone", line.tone)
        plain_text.set_accessible(self, name=line.text)
        self._paint_icon()

    def stress(self) -> None:
        """Show the line as one that needs attention, until its text changes."""
        if self._line is not None:
            line = self._line
            self.show_line(replace(line, tone="attention"))
            self._line = line

    def text(self) -> str:
        """The whole text."""
        return self._line.text if self._line is not None else ""

    def _paint_icon(self) -> None:
        if self._line is None or not self._line.icon:
            return
        colors = {"attention": "amber", "muted": "muted"}
        accent = "accent" if self._line.icon == "shield" else "muted"
        color = self._theme.color(colors.get(self._line.tone, accent))
        self._icon.setPixmap(pixmap(self._line.icon, 16, color, self.devicePixelRatioF()))


class AttentionRow(QFrame):
    """The one row for all that needs attention: a notice with its action, or their number."""

    acted = Signal(str, str)  # the action and the key of a notice

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("attention")
        self._theme = theme
        self._shown: tuple[NoticeView, ...] = ()
        self._direct = True  # the button acts on the first notice
        row = horizontal(8, (PADDING, 0, PADDING, 0))
        self.setLayout(row)
        self.icon, self.message = plain_text.label(), plain_text.label(wrap=True)
        self.message.setFont(theme.font("small"))
        self.button = plain_text.button()
        set_property(self.button, "kind", "link")
        row.addWidget(self.icon)
        row.addWidget(self.message, 1)
        row.addWidget(self.button)
        self.more = plain_text.button()
        set_property(self.more, "kind", "link")
        row.addWidget(self.more)
        self.more.clicked.connect(lambda: self._offer(self._shown[1:]))
        self.setFixedSize(WIDTH, LOW)
        self.button.clicked.connect(self._act)
        theme.changed.connect(self._paint_icon)

    def show_attention(self, found: tuple[NoticeView, ...]) -> None:
        """Show the notices; the row is hidden without one."""
        self.setVisible(bool(found))
        if not found or found == self._shown:
            return
        self._shown = found
        first = found[0]
        urgent = any(each.urgent for each in found)
        text, label = first.text, first.label
        # An urgent notice is acted on directly: it is what keeps the person from going on.
        self._direct = len(found) == 1 or (first.urgent and not found[1].urgent)
        if not self._direct:
            text = translate("Window", "%n need attention", "notices", len(found))
            label = translate("Window", "S&how")
        rest = len(found) - 1 if self._direct else 0
        plain_text.label_button(self.more, f"+{rest}" if rest else "")
        plain_text.set_accessible(self.more, name=translate("Window", "%n more", "notices", rest))
        self.more.setVisible(rest > 0)
        set_property(self.message, "tone", "urgent" if urgent else "attention")
        plain_text.set_text(self.message, text)
        plain_text.set_tooltip(self.message, "\n".join(each.text for each in found))
        plain_text.label_button(self.button, label)
        self.button.setVisible(bool(label))
        self._paint_icon()
        self._fit()

    def _fit(self) -> None:
        """Take the height that the text needs, before the row has been laid out."""
        beside = 0
        for button in (self.button, self.more):
            button.ensurePolished()
            beside += 0 if button.isHidden() else 8 + button.sizeHint().width()
        self.message.ensurePolished()
        height = self.message.heightForWidth(WIDTH - 2 * PADDING - 16 - 8 - beside)
        self.setFixedHeight(LOW if height <= LOW - 6 else max(HIGH, height + 4))

    def _act(self) -> None:
        if self._direct:
            first = self._shown[0]
            self.acted.emit(first.action, first.key)
        else:
            self._offer(self._shown)

    def _offer(self, views: tuple[NoticeView, ...]) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in views:
            entry = plain_text.entry(menu, "")
            plain_text.set_name_entry(entry, each.text)
            entry.triggered.connect(
                lambda _=False, each=each: self.acted.emit(each.action, each.key)
            )
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _paint_icon(self) -> None:
        urgent = self.message.property("tone") == "urgent"
        color = self._theme.color("red" if urgent else "amber")
        self.icon.setPixmap(pixmap("attention", 16, color, self.devicePixelRatioF()))


def icon_button(name: str) -> QPushButton:
    """A button that shows only an icon; `name` is its text for screen readers and its tooltip."""
    made = plain_text.button()
    set_property(made, "kind", "icon")
    plain_text.set_accessible(made, name=name)
    plain_text.set_tooltip(made, name)
    made.setIconSize(QSize(16, 16))
    return made
