"""The protocol of a login item."""

from __future__ import annotations

from typing import Literal, Protocol

AutostartReason = Literal["denied", "unavailable"]


class AutostartError(Exception):
    """The desktop did not change its login items; the message has its reason."""

    def __init__(self, reason: AutostartReason, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class LoginItem(Protocol):
    """The entry that starts the program at login. Each method may block; it may raise
    AutostartError or OSError.
    """

    def is_on(self) -> bool | None:
        """Whether the system starts the program at login; None if the system does not report it."""

    def set(self, on: bool) -> None:
        """Add or remove the entry."""
