"""The window of the first start, with three pages: sign in, what is recorded, a test picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.presenters.first_run import Step
from ui.qt import plain_text
from ui.qt.icons import pixmap, tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import (
    PictureBox,
    horizontal,
    paragraph,
    rule,
    set_content,
    set_property,
    vertical,
)
from ui.settings.address import LONGEST_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent

    from ui.presenters.diagnostics import LineView
    from ui.presenters.first_run import FirstRunView
    from ui.qt.theme import Theme

SIZE = QSize(480, 600)
_MARGIN = 40
#: The space for the window's frame on a low screen.
_FRAME = 48
_TONES = {"ok": "good", "limited": "muted", "attention": "attention"}
_LONGEST_CODE = 200


class FirstRunWindow(QMainWindow):
    """Closing it hides it; the tray's icon shows it again."""

    typed = Signal(str)
    sign_in = Signal()
    cancelled = Signal()
    retried = Signal()
    network_wanted = Signal()  # the settings of the network
    codes_opened = Signal()
    code_given = Signal(str)
    read = Signal()
    next_step = Signal()
    picture_wanted = Signal()
    followed = Signal(str)  # the address of a system setting
    closed = Signal()

    def __init__(self, theme: Theme, address: str) -> None:
        super().__init__()
        self._theme = theme
        self._link = ""
        plain_text.set_title(self, translate("FirstRun", "Set up Workdiary"))
        self.setWindowIcon(tray_icon("app"))
        whole = vertical(0, (0, 0, 0, 0))
        set_content(self, whole)
        whole.addLayout(self._header())
        self.pages = QStackedWidget()
        self.foots: dict[Step, QPushButton] = {}
        self._of_step = {
            Step.SIGN_IN: self._sign_in_page(address),
            Step.RECORDED: self._recorded_page(),
            Step.CHECK: self._check_page(),
        }
        for step, page in self._of_step.items():
            self.pages.addWidget(self._with_foot(page, self.foots.get(step)))
        whole.addWidget(self.pages, 1)
        self.setMinimumWidth(SIZE.width())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self).activated.connect(self.close)
        (self.sign_in_button if address else self.address).setFocus()
        room = self.screen().availableGeometry().height() - _FRAME
        self.resize(SIZE.width(), min(SIZE.height(), room))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    # The pages

    def _header(self) -> QVBoxLayout:
        rows = vertical(8, (_MARGIN, 24, _MARGIN, 12))
        brand, steps = horizontal(8), horizontal(16)
        logo = QLabel()
        logo.setPixmap(pixmap("app", 20, None, self.devicePixelRatioF()))
        name = plain_text.label("Workdiary")
        name.setFont(self._theme.font("web", strong=True))
        for widget in (logo, name):
            brand.addWidget(widget)
        self.steps: dict[Step, QLabel] = {}
        for step, text in (
            (Step.SIGN_IN, translate("FirstRun", "1 Sign in")),
            (Step.RECORDED, translate("FirstRun", "2 What is recorded")),
            (Step.CHECK, translate("FirstRun", "3 Test picture")),
        ):
            self.steps[step] = plain_text.label(text)
            self.steps[step].setFont(self._theme.font("small"))
            steps.addWidget(self.steps[step])
        for row in (brand, steps):
            row.addStretch(1)
            rows.addLayout(row)
        return rows

    @staticmethod
    def _with_foot(page: QWidget, button: QPushButton | None) -> QWidget:
        """A page that scrolls, with its button always visible below."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        if button is None:
            return area
        whole = QWidget()
        column = vertical(0, (0, 0, 0, 0))
        whole.setLayout(column)
        column.addWidget(area, 1)
        column.addWidget(rule())
        foot = vertical(0, (_MARGIN, 12, _MARGIN, 16))
        foot.addWidget(button)
        column.addLayout(foot)
        return whole

    def _page(self, title: str, lead: str) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget()
        column = vertical(8, (_MARGIN, 8, _MARGIN, 24))
        page.setLayout(column)
        heading = paragraph(title)
        heading.setFont(self._theme.font("large", strong=True))
        column.addWidget(heading)
        text = paragraph(lead)
        set_property(text, "tone", "muted")
        column.addWidget(text)
        column.addSpacing(12)
        return page, column

    def _sign_in_page(self, address: str) -> QWidget:
        page, column = self._page(
            translate("FirstRun", "Sign in to your marketplace"),
            translate("FirstRun", "Once on this computer. Your password stays in the browser."),
        )
        self.address = QLineEdit()
        self.address.setMaxLength(LONGEST_ADDRESS)
        plain_text.set_edit(self.address, address)
        plain_text.set_placeholder(self.address, "https://work.example.org")
        title = plain_text.heading(translate("FirstRun", "Marketplace &address"), self.address)
        title.setFont(self._theme.font("desk", strong=True))
        plain_text.set_accessible(self.address, name=translate("FirstRun", "Marketplace address"))
        self.address.textChanged.connect(self.typed)
        self.address.returnPressed.connect(self.sign_in)
        self.address_line = paragraph("")
        self.origin_line = paragraph("")
        self.sign_in_button = self._button(
            translate("FirstRun", "&Sign in with your browser"), self.sign_in.emit, "primary"
        )
        self.code_button = self._button(translate("FirstRun", "I have a &code"), self._open_codes)
        self.code_row = QWidget()
        codes = horizontal(8)
        self.code_row.setLayout(codes)
        self.code = QLineEdit()
        self.code.setMaxLength(_LONGEST_CODE)
        plain_text.set_placeholder(self.code, translate("FirstRun", "One-time code"))
        plain_text.set_accessible(self.code, name=translate("FirstRun", "One-time code"))
        self.join_button = self._button(translate("FirstRun", "&Join"), self._give_code)
        self.code.returnPressed.connect(self._give_code)
        codes.addWidget(self.code, 1)
        codes.addWidget(self.join_button)
        self.status = paragraph("")
        self.retry_button = self._button(translate("FirstRun", "Try a&gain"), self.retried.emit)
        self.network_button = self._button(
            translate("FirstRun", "Net&work …"), self.network_wanted.emit
        )
        self.copy_button = self._button(translate("FirstRun", "C&opy the address"), self._copy)
        self.cancel_button = self._button(translate("FirstRun", "Ca&ncel"), self.cancelled.emit)
        self.action_row = QWidget()
        actions = horizontal(8)
        self.action_row.setLayout(actions)
        for button in (
            self.retry_button, self.copy_button, self.network_button, self.cancel_button,
        ):  # fmt: skip
            actions.addWidget(button)
        actions.addStretch(1)
        for widget in (
            title, self.address, self.origin_line, self.address_line, self.sign_in_button,
            self.code_button, self.code_row, self.status, self.action_row,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._promises())
        column.addStretch(1)
        return page

    def _promises(self) -> QFrame:
        card = QFrame()
        set_property(card, "kind", "card")
        column = vertical(8, (16, 12, 16, 12))
        card.setLayout(column)
        title = paragraph(translate("FirstRun", "Nothing is recorded until you press Start"))
        title.setFont(self._theme.font("desk", strong=True))
        column.addWidget(title)
        for text in (
            translate("FirstRun", "See or delete each picture before it leaves."),
            translate("FirstRun", "Key presses are counted, never what you type."),
            translate("FirstRun", "Recording always shows in the tray. No hidden mode."),
        ):
            column.addWidget(paragraph(text))
        return card

    def _recorded_page(self) -> QWidget:
        page, column = self._page(
            translate("FirstRun", "What is recorded"),
            translate("FirstRun", "Nothing is recorded until you press Start."),
        )
        self.account_line = paragraph("")
        self.recorded_line = paragraph("")
        self.read_button = self._button(
            translate("FirstRun", "&Read what is recorded"), self.read.emit
        )
        column.addWidget(self.account_line)
        column.addWidget(self.recorded_line)
        column.addWidget(self.read_button)
        column.addStretch(1)
        step, text = Step.RECORDED, translate("FirstRun", "&Continue")
        self.continue_button = self.foots[step] = self._button(text, self.next_step.emit, "primary")
        return page

    def _check_page(self) -> QWidget:
        page, column = self._page(
            translate("FirstRun", "Test picture"),
            translate("FirstRun", "It is shown here only, and neither stored nor sent."),
        )
        width = SIZE.width() - 2 * _MARGIN
        self.picture = PictureBox(self._theme, QSize(width, width * 9 // 16), 6)
        self.picture.show_picture(b"", translate("FirstRun", "No test picture yet"))
        plain_text.set_accessible(self.picture, name=translate("FirstRun", "Test picture"))
        self.picture_button = self._button(
            translate("FirstRun", "&Take a test picture"), self.picture_wanted.emit
        )
        column.addWidget(self.picture)
        column.addWidget(self.picture_button)
        column.addSpacing(8)
        self.checks = vertical(8)
        self.checks.addWidget(paragraph(translate("FirstRun", "Checking …")))
        column.addLayout(self.checks)
        column.addStretch(1)
        step, text = Step.CHECK, translate("FirstRun", "&Finish")
        self.finish_button = self.foots[step] = self._button(text, self.next_step.emit, "primary")
        return page

    @staticmethod
    def _button(text: str, slot: Callable[[], object], kind: str = "") -> QPushButton:
        made = plain_text.button(text)
        if kind:
            set_property(made, "kind", kind)
        made.clicked.connect(lambda _checked: slot())
        return made

    # Views

    def show_view(self, view: FirstRunView, link: str) -> None:
        """Show a view; `link` is the address for the browser."""
        self._link = link
        self.pages.setCurrentIndex(list(self._of_step).index(view.step))
        for step, label in self.steps.items():
            set_property(label, "step", "current" if step is view.step else "other")
        self.address.setEnabled(view.editable)
        self.address.setReadOnly(bool(view.origin))
        set_property(self.address, "locked", "yes" if view.origin else "")
        self._show_line(self.origin_line, view.origin, "muted")
        self._show_line(self.address_line, view.address_line, view.address_tone)
        self._show_line(self.status, view.status, view.status_tone)
        self.sign_in_button.setEnabled(view.can_sign_in)
        self.code_button.setVisible(not view.codes)
        self.code_button.setEnabled(view.can_sign_in)
        self.code_row.setVisible(view.codes)
        self.code_row.setEnabled(view.can_sign_in)
        self.retry_button.setVisible(view.retry)
        self.copy_button.setVisible(view.copy)
        self.cancel_button.setVisible(view.cancel)
        self.network_button.setVisible(view.network)
        self.action_row.setVisible(view.retry or view.copy or view.cancel or view.network)
        plain_text.set_text(self.account_line, view.account_line)
        plain_text.set_text(self.recorded_line, view.recorded_line)
        self.read_button.setVisible(view.can_read)

    def show_checks(self, lines: tuple[LineView, ...]) -> None:
        """Show the results of the checks."""
        while (item := self.checks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            row = QWidget()
            texts = vertical(2)
            row.setLayout(texts)
            title = plain_text.label(f"{line.title}: {line.mark}")
            title.setFont(self._theme.font("desk", strong=True))
            set_property(title, "tone", _TONES[line.state])
            texts.addWidget(title)
            texts.addWidget(paragraph(line.text))
            if line.link:
                button = plain_text.button(line.button)
                set_property(button, "kind", "link")
                button.clicked.connect(lambda _=False, link=line.link: self.followed.emit(link))
                texts.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
            self.checks.addWidget(row)

    def show_picture(self, data: bytes, reason: str) -> None:
        """Show the test picture, or that there is none."""
        texts = {
            "denied": translate("FirstRun", "The desktop did not allow a picture."),
            "masked": translate(
                "FirstRun", "Everything on the screen is covered by your settings."
            ),
            "locked": translate("FirstRun", "The screen is locked."),
        }
        usual = translate("FirstRun", "No picture could be taken. See the checks below.")
        text = "" if data else texts.get(reason, usual)
        self.picture.show_picture(data, text, missing=not data)
        plain_text.set_accessible(
            self.picture, name=translate("FirstRun", "Test picture"), description=text
        )

    @staticmethod
    def _show_line(label: QLabel, text: str, tone: str) -> None:
        plain_text.set_text(label, text)
        set_property(label, "tone", tone)
        label.setVisible(bool(text))

    def _open_codes(self) -> None:
        self.codes_opened.emit()
        self.code.setFocus()

    def _give_code(self) -> None:
        self.code_given.emit(self.code.text())

    def _copy(self) -> None:
        plain_text.copy(self._link)
