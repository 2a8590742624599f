"""The dialog that adds time which was not recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QTimeEdit, QWidget

from ui.presenters.own_diary.manual_time import ManualEntry, add_label, moments, problem
from ui.qt import plain_text
from ui.qt.date_box import DateBox, show_sections
from ui.qt.icons import tray_icon
from ui.qt.translation import translate
from ui.qt.widgets import ChoiceBox, horizontal, set_property, vertical

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo

    from PySide6.QtGui import QWheelEvent

    from ui.presenters.own_diary.choice import ContractEntry
    from ui.qt.theme import Theme

_WIDTH = 420
_LONGEST_TEXT = 500


class TimeBox(QTimeEdit):
    """A time of day; the wheel does not change it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        show_sections(self, ("HH", "mm"), ":")
        # The style sheet hides the buttons, and its padding does not reach the text: with
        # `NoButtons` and a style sheet, Qt makes the field one pixel wide.
        self.lineEdit().setTextMargins(8, 0, 8, 0)
        plain_text.set_accessible(self, name=name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class ManualTimeDialog(QDialog):
    """`added` carries a `ManualEntry`; the dialog stays open until `show_result`."""

    added = Signal(object)

    def __init__(
        self,
        theme: Theme,
        contracts: tuple[ContractEntry, ...],
        zone: tzinfo | None,
        now_s: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._contracts = contracts
        self._zone = zone
        self._now_s = now_s
        self._waits = False
        plain_text.set_title(self, translate("Manual", "Add manual time"))
        self.setWindowIcon(tray_icon("app"))
        self.contract = ChoiceBox(theme)
        for each in contracts:
            plain_text.add_choice(self.contract, f"{each.title} · {each.client}")
        self.date = DateBox(theme, translate("Manual", "Day"))
        self.begin = TimeBox(translate("Manual", "From"))
        self.end = TimeBox(translate("Manual", "To"))
        self.memo, self.reason = QLineEdit(), QLineEdit()
        for field in (self.memo, self.reason):
            field.setMaxLength(_LONGEST_TEXT)
        self.error = plain_text.label(wrap=True)
        set_property(self.error, "tone", "attention")
        self.add_button, self.cancel_button = plain_text.button(), plain_text.button()
        set_property(self.add_button, "kind", "accent")
        plain_text.label_button(self.cancel_button, translate("Manual", "&Cancel"))
        self._lay_out()
        self._connect()
        self.setFixedWidth(_WIDTH)

    def _lay_out(self) -> None:
        column = vertical(12, (20, 16, 20, 16))
        hint = plain_text.label(
            translate(
                "Manual",
                "It is marked as entered manually wherever it appears, and it is not protected. "
                "The client sees the reason.",
            ),
            wrap=True,
        )
        set_property(hint, "tone", "muted")
        column.addWidget(hint)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        times = horizontal(8)
        times.addWidget(self.begin)
        times.addWidget(plain_text.label("–"))
        times.addWidget(self.end)
        times.addStretch(1)
        for row, (text, field) in enumerate(
            (
                (translate("Manual", "Con&tract"), self.contract),
                (translate("Manual", "&Day"), self.date),
                (translate("Manual", "&From, to"), self.begin),
                (translate("Manual", "&Memo"), self.memo),
                (translate("Manual", "&Reason"), self.reason),
            )
        ):
            grid.addWidget(plain_text.heading(text, field), row, 0)
            if field is self.begin:
                grid.addLayout(times, row, 1)
            else:
                grid.addWidget(field, row, 1)
            if not field.accessibleName():
                plain_text.set_accessible(field, name=text.replace("&", ""))
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self.error)
        buttons = horizontal(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.add_button)
        column.addLayout(buttons)
        self.setLayout(column)

    def _connect(self) -> None:
        for signal in (
            self.date.dateChanged,
            self.begin.timeChanged,
            self.end.timeChanged,
            self.memo.textChanged,
            self.reason.textChanged,
        ):
            signal.connect(lambda *_: self._refresh())
        self.add_button.clicked.connect(self._add)
        self.reason.returnPressed.connect(self._add)
        self.cancel_button.clicked.connect(self.reject)

    def begin_entry(self, ctr: str, day: date, today: date, memo: str) -> None:
        """Begin an entry for a contract and a day."""
        index = next((i for i, each in enumerate(self._contracts) if each.ctr == ctr), 0)
        self.contract.setCurrentIndex(index)
        self.date.show_date(day, today)
        self.begin.setTime(QTime(9, 0))
        self.end.setTime(QTime(9, 30))
        plain_text.set_edit(self.memo, memo)
        self._refresh()
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_result(self, error: str) -> None:
        """Close after a success; otherwise show the error and let the person correct the entry."""
        self._waits = False
        if not error:
            self.accept()
            return
        self._refresh()
        plain_text.set_text(self.error, error)

    @property
    def entry(self) -> ManualEntry:
        """The entry as it is written."""
        begin, end = self.begin.time().toPython(), self.end.time().toPython()
        t0, t1 = moments(self.date.chosen(), begin, end, self._zone)  # type: ignore[arg-type]
        ctr = self._contracts[max(self.contract.currentIndex(), 0)].ctr
        return ManualEntry(ctr, t0, t1, self.memo.text(), self.reason.text())

    def _refresh(self) -> None:
        entry = self.entry
        wrong = problem(entry, self._now_s(), translate)
        plain_text.set_text(self.error, wrong)
        plain_text.label_button(self.add_button, add_label(entry, translate))
        self.add_button.setEnabled(not wrong and not self._waits)

    def _add(self) -> None:
        if self.add_button.isEnabled():
            self._waits = True
            self.add_button.setEnabled(False)
            self.added.emit(self.entry)
