"""Who is told of locks and sleeps."""

from __future__ import annotations

from typing import Protocol


class PowerListener(Protocol):
    """Called from the watch's thread. `locking` and `suspending` may block for a moment: the system
    gives about two seconds before it sleeps.
    """

    def locking(self) -> None:
        """The screen is being locked, or another person's session is shown."""

    def unlocking(self) -> None:
        """The screen is unlocked."""

    def suspending(self) -> None:
        """The machine is about to sleep."""

    def resuming(self) -> None:
        """The machine woke up."""
