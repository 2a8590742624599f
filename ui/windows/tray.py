"""The icon in the tray and its menu.

A click or a double click shows the window; it never starts or stops. Some trays (StatusNotifier)
open the menu instead. The menu has no entry for an impossible action. A tray may start after the
program: the icon is offered until a tray takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ui.qt import plain_text
from ui.qt.icons import tray_icon
from ui.qt.translation import translate

if TYPE_CHECKING:
    from ui.presenters.tray import TrayView

#: Up to this many contracts are in the menu itself, more are in a submenu.
INLINE = 2
#: Intervals of the check for a new tray, and of the check that the tray still exists.
_SEARCH_MS, _CHECK_MS = 2_000, 5_000


class Tray(QObject):
    """Shows a `TrayView`, and emits a signal for each action of the person."""

    opened = Signal()  # show the window
    toggled = Signal()
    paused = Signal()
    resumed = Signal()
    contract_chosen = Signal(str)
    picture_opened = Signal(str)
    keep = Signal(str)
    delete = Signal(str)
    undo = Signal(str)
    diary = Signal()
    day = Signal()
    settings = Signal()
    signing_out = Signal()
    marketplace_chosen = Signal(str)  # its address
    marketplace_added = Signal()
    quitting = Signal()
    available = Signal(bool)  # at each change: whether a tray shows the icon

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture_id = ""
        self._contracts: tuple[tuple[str, str], ...] = ()
        self._marketplaces: tuple[tuple[str, str], ...] = ()
        self._marketplace = -1
        self._there = self._resumes = False
        self._icon_name = "tray-idle"
        self.icon = QSystemTrayIcon(tray_icon(self._icon_name), self)
        self._make_menu()
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self._poll = QTimer(self)
        self._poll.setInterval(_SEARCH_MS)
        self._poll.timeout.connect(self.refresh)

    @property
    def is_shown(self) -> bool:
        """Whether a tray shows the icon."""
        return self._there

    def refresh(self) -> None:
        """Offer the icon to a new tray; notice that a tray has ended."""
        there = QSystemTrayIcon.isSystemTrayAvailable()
        if there and not self.icon.isVisible():
            self.icon.show()
        if there != self._there:
            self._there = there
            self._poll.setInterval(_CHECK_MS if there else _SEARCH_MS)
            self.available.emit(there)
        if not self._poll.isActive():
            self._poll.start()

    def notify(self, title: str, text: str) -> None:
        """Show a desktop notification without buttons, if a tray shows the icon."""
        plain_text.show_message(self.icon, title, text)

    def hide(self) -> None:
        """Remove the icon, when the program ends."""
        self._poll.stop()
        self.icon.hide()

    def _make_menu(self) -> None:
        self.menu = QMenu()
        self.menu.setSeparatorsCollapsible(True)
        self.menu.setToolTipsVisible(True)
        self.status = self._entry(self.menu, "", self.opened.emit)
        self.toggle = self._entry(self.menu, "", self.toggled.emit)
        # The keys are only shown here: `ShortcutFlow` receives them.
        self.toggle.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.toggle.setShortcutVisibleInContextMenu(True)
        self.pause = self._entry(self.menu, "", self._pause_or_resume)
        self.contracts = plain_text.submenu(translate("Tray", "&Contract"), self.menu)
        self.contracts_entry = self.menu.addMenu(self.contracts)
        self._group = QActionGroup(self)
        self._sites = QActionGroup(self)
        self._after_contracts = self.menu.addSeparator()
        self.today = self._entry(self.menu, "", self.day.emit)
        self.week = self._entry(self.menu, "", None)
        self.picture = QMenu(self.menu)
        self.picture.setSeparatorsCollapsible(True)
        self.picture_entry = self.menu.addMenu(self.picture)
        self.open_entry = self._entry(
            self.picture, "", lambda: self.picture_opened.emit(self._picture_id)
        )
        self.keep_entry = self._entry(self.picture, "", lambda: self.keep.emit(self._picture_id))
        self.delete_entry = self._entry(
            self.picture, "", lambda: self.delete.emit(self._picture_id)
        )
        self.undo_entry = self._entry(self.picture, "", lambda: self.undo.emit(self._picture_id))
        self.picture.addSeparator()
        self.quiet_entry = plain_text.entry(self.picture, translate("Tray", "&Hide previews"))
        self.quiet_entry.setCheckable(True)
        self.menu.addSeparator()
        self._entry(self.menu, translate("Tray", "&Web diary"), self.diary.emit)
        self.marketplaces = plain_text.submenu(translate("Tray", "&Marketplace"), self.menu)
        self.marketplaces_entry = self.menu.addMenu(self.marketplaces)
        self._before_adding = self.marketplaces.addSeparator()
        self._entry(self.marketplaces, translate("Tray", "&Add …"), self.marketplace_added.emit)
        self.marketplaces_entry.setVisible(False)
        self._entry(self.menu, translate("Tray", "S&ettings"), self.settings.emit)
        self.sign_out_entry = self._entry(
            self.menu, translate("Tray", "Sign &out …"), self.signing_out.emit
        )
        self._entry(self.menu, translate("Tray", "&Quit"), self.quitting.emit)

    @staticmethod
    def _entry(menu: QMenu, text: str, slot) -> QAction:  # type: ignore[no-untyped-def]
        action = plain_text.entry(menu, text)
        if slot is None:
            action.setEnabled(False)
        else:
            action.triggered.connect(lambda _=False: slot())
        return action

    def show_shortcut(self, text: str) -> None:
        """Show the keys that start and stop in every program, beside the entry; "" for none."""
        self.toggle.setShortcut(QKeySequence.fromString(text))

    def show_view(self, view: TrayView) -> None:
        """Show what has changed; a menu that is open is not rebuilt under the pointer."""
        if view.icon != self._icon_name:
            self._icon_name = view.icon
            self.icon.setIcon(tray_icon(view.icon))
        plain_text.set_tray_tooltip(self.icon, view.tooltip)
        plain_text.set_name_entry(self.status, view.tooltip)
        _set(self.toggle, view.toggle, enabled=view.toggle_enabled)
        self._resumes = view.resumes
        _set(self.pause, view.pause)
        self._show_contracts(view)
        self._show_marketplaces(view)
        _set(self.today, view.today)
        if self.sign_out_entry.isVisible() != view.signed_in:
            self.sign_out_entry.setVisible(view.signed_in)
        _set(self.week, view.week)
        self._picture_id = view.picture_id
        _set(self.picture_entry, view.picture)
        _set(self.open_entry, view.open_picture)
        _set(self.keep_entry, view.keep)
        _set(self.delete_entry, view.delete)
        _set(self.undo_entry, view.undo)

    def _show_contracts(self, view: TrayView) -> None:
        if view.contracts != self._contracts:
            self._contracts = view.contracts
            for action in self._group.actions():
                self._group.removeAction(action)
                action.deleteLater()
            inline = len(view.contracts) <= INLINE
            for ctr, title in view.contracts:
                action = QAction(self._group)
                plain_text.set_name_entry(action, title)
                action.setCheckable(True)
                action.triggered.connect(lambda _=False, ctr=ctr: self.contract_chosen.emit(ctr))
                if inline:
                    self.menu.insertAction(self._after_contracts, action)
                else:
                    self.contracts.addAction(action)
            self.contracts_entry.setVisible(not inline)
        _check(self._group, view.contract)

    def _show_marketplaces(self, view: TrayView) -> None:
        if view.marketplaces != self._marketplaces:
            self._marketplaces = view.marketplaces
            for action in self._sites.actions():
                self._sites.removeAction(action)
                action.deleteLater()
            for url, name in view.marketplaces:
                action = QAction(self._sites)
                plain_text.set_name_entry(action, name)
                action.setCheckable(True)
                action.triggered.connect(lambda _=False, url=url: self._choose_marketplace(url))
                self.marketplaces.insertAction(self._before_adding, action)
            self.marketplaces_entry.setVisible(bool(view.marketplaces))
        self._marketplace = view.marketplace
        _check(self._sites, view.marketplace)

    def _choose_marketplace(self, url: str) -> None:
        # The entry is checked once the marketplace is the active one.
        _check(self._sites, self._marketplace)
        self.marketplace_chosen.emit(url)

    def _pause_or_resume(self) -> None:
        (self.resumed if self._resumes else self.paused).emit()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        clicks = QSystemTrayIcon.ActivationReason
        if reason in {clicks.Trigger, clicks.DoubleClick}:
            self.opened.emit()


def _check(group: QActionGroup, chosen: int) -> None:
    """Check the entry with this index; -1 checks none."""
    for index, action in enumerate(group.actions()):
        if action.isChecked() != (index == chosen):
            action.setChecked(index == chosen)


def _set(action: QAction, text: str, *, enabled: bool | None = None) -> None:
    """An entry without a text is left out. Unchanged values are not set: a panel would redraw."""
    plain_text.set_entry(action, text)
    if action.isVisible() != bool(text):
        action.setVisible(bool(text))
    if enabled is not None and action.isEnabled() != enabled:
        action.setEnabled(enabled)
