"""Shows notifications on the desktop and passes their answers on.

A notification is left out while the main window is in use: the person sees the same there. One that
stays is withdrawn when its subject is settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ui.notifications import texts
from ui.notifications.reminders import is_due, seconds_to_next
from ui.notifications.texts import Notification
from ui.presenters.attention import attention
from ui.presenters.questions import waiting
from ui.qt.translation import translate
from ui.settings.settings import REMIND_AFTER, REMIND_AT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.model.status import Notice
    from ui.flows.session import AppSession
    from ui.notifications.interface import Notifier, Receiver
    from ui.settings.settings import Settings

#: The longest wait for a reminder: the clock may be set, or the computer may sleep, meanwhile.
_LONGEST_S = 3600.0


class NotificationFlow(QObject):
    """Decides what the desktop shows. It is the `Receiver` of its notifier."""

    opened = Signal()  # the person has clicked a notification: show the window
    acted = Signal(str, str)  # an `Action`, and the key of its entry in the attention list
    fallback = Signal(str, str)  # title and text of a notification that the notifier cannot show
    _answered = Signal(str, str)
    _not_shown = Signal(object)

    def __init__(
        self,
        session: AppSession,
        make_notifier: Callable[[Receiver], Notifier] | None,
        window_in_use: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        """`make_notifier` is called for the first notification; None: there is only the fallback.
        `now` returns the aware local time.
        """
        super().__init__(session)
        self._session = session
        self._make_notifier = make_notifier
        self._window_in_use = window_in_use
        self._now = now
        self._notifier: Notifier | None = None
        #: The entries of the attention list behind the notifications that may be shown, by key.
        self._entries: dict[str, str] = {}
        #: The keys of what lasts and was shown: each is shown once.
        self._lasting: set[str] = set()
        #: The new version that was announced last.
        self._announced = ""
        #: The questions of clients that were announced, by their digests.
        self._asked: set[str] = set()
        self._confirm_after = ""
        self._reminders: tuple[str, ...] = ()
        self._long_hours = 0
        self._checked = now()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._remind)
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._on_answer, queued)
        self._not_shown.connect(self._on_not_shown, queued)

    # Receiver, on any thread

    def answered(self, key: str, action: str) -> None:
        """See `Receiver`."""
        self._answered.emit(key, action)

    def not_shown(self, notification: Notification) -> None:
        """See `Receiver`."""
        self._not_shown.emit(notification)

    # On Qt's thread

    def apply_settings(self, settings: Settings) -> None:
        """Remind at the times of the settings from now on."""
        self._long_hours = settings.number(REMIND_AFTER)
        self._reminders = settings.texts(REMIND_AT)
        self._checked = self._now()
        self._wait()

    def on_notice(self, notice: Notice) -> None:
        """Show a new notice that must reach the person."""
        shown = texts.notice_notification(notice, self._session.state, translate)
        if shown is not None:
            entry = shown.key if notice.code == "idle_question" else f"notice:{notice.code}"
            self._show(shown, entry)

    def explain(self, text: str) -> None:
        """Show an explanation of the program."""
        self._show(Notification(texts.EXPLANATION_KEY, "Workdiary", text), "")

    def confirm(self) -> None:
        """Confirm the Start, Stop, Pause or Resume that follows: it was not given in the window."""
        self._confirm_after = self._session.state.recorder_state

    def update(self) -> None:
        """Follow the state: notify once of one that lasts too long; withdraw what is settled."""
        state = self._session.state
        for key, found in (
            (texts.OFFLINE_KEY, texts.offline_notification(state, translate)),
            (texts.QUEUE_KEY, texts.queue_notification(state, translate)),
            (texts.LONG_KEY, texts.long_notification(state, self._long_hours, translate)),
        ):
            if found is None:
                self._lasting.discard(key)
                self._withdraw(key)
            elif key not in self._lasting:
                self._lasting.add(key)
                self._show(found, "")
        if state.running:
            self._withdraw(texts.START_KEY)
        update = texts.update_notification(state, translate)
        if update is not None and state.update_ready != self._announced:
            self._announced = state.update_ready
            self._show(update, update.key)
        asked = texts.question_notification(state, self._asked, translate)
        if asked is not None:
            self._show(asked, asked.key)
        self._asked = {each.first.digest for each in waiting(state)}
        self._confirm()
        entries = {entry for entry in self._entries.values() if entry}
        if entries:
            current = {view.key for view in attention(state, translate)}
            for key, entry in [*self._entries.items()]:
                if entry and entry not in current:
                    self._withdraw(key)

    def stop(self) -> None:
        """Withdraw all notifications."""
        self._timer.stop()
        if self._notifier is not None:
            self._notifier.stop()

    def _confirm(self) -> None:
        state = self._session.state
        if self._window_in_use():
            self._confirm_after = ""
        if not self._confirm_after or state.recorder_state in {self._confirm_after, "starting"}:
            return
        self._confirm_after = ""
        self._show(texts.confirmation(state, translate), "")

    def _show(self, notification: Notification, entry: str) -> None:
        if self._window_in_use():
            return
        if self._notifier is None:
            if self._make_notifier is None:
                self._on_not_shown(notification)
                return
            self._notifier = self._make_notifier(self)
        self._entries[notification.key] = entry
        self._notifier.show(notification)

    def _withdraw(self, key: str) -> None:
        if self._entries.pop(key, None) is not None and self._notifier is not None:
            self._notifier.withdraw(key)

    def _on_answer(self, key: str, action: str) -> None:
        entry = self._entries.get(key, "")
        self._withdraw(key)
        if action == texts.OPEN:
            self.opened.emit()
        else:
            self.acted.emit(action, entry or "none")

    def _on_not_shown(self, notification: Notification) -> None:
        self._entries.pop(notification.key, None)
        self.fallback.emit(notification.title, notification.body)

    # Reminders

    def _wait(self) -> None:
        seconds = seconds_to_next(self._reminders, self._now())
        if seconds is None:
            self._timer.stop()
        else:
            self._timer.start(round(min(seconds, _LONGEST_S) * 1000) + 1)

    def _remind(self) -> None:
        since, self._checked = self._checked, self._now()
        if is_due(self._reminders, since, self._checked):
            found = texts.start_reminder(self._session.state, translate)
            if found is not None:
                self._show(found, "")
        self._wait()
