"""The protocols of notifiers and of the receivers of their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ui.notifications.texts import Notification


class Receiver(Protocol):
    """Receives the outcomes of notifications. Its methods may be called on any thread."""

    def answered(self, key: str, action: str) -> None:
        """A button of the notification was pressed, or the notification itself (`OPEN`)."""

    def not_shown(self, notification: Notification) -> None:
        """The desktop did not show the notification."""


class Notifier(Protocol):
    """Shows notifications. Its methods return at once."""

    def show(self, notification: Notification) -> None:
        """Show a notification."""

    def withdraw(self, key: str) -> None:
        """Close the notification of this key, if it is shown."""

    def stop(self) -> None:
        """Withdraw all and end."""
