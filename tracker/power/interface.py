"""The interface of the sources of lock, sleep and session end.

Several sources may report the same event: a listener must accept repetitions. A sleep that no
source reports is detected by the clocks (`tracker.recording.state.recorder`).
"""

from __future__ import annotations

from typing import Protocol


class PowerListener(Protocol):
    """Receives events, on the watches' threads."""

    def lock_requested(self) -> None:
        """A program requested the lock; it may not be locked yet."""
        ...

    def unlock_requested(self) -> None:
        """A program requested the unlock."""
        ...

    def lock_changed(self, source: str, locked: bool | None) -> None:
        """Whether the screen is locked according to `source`; None when that is unknown."""
        ...

    def suspending(self) -> None:
        """The machine sleeps once this returns: save everything first."""
        ...

    def resumed(self) -> None:
        """The machine is awake again."""
        ...

    def ending(self) -> None:
        """The machine shuts down once this returns: save everything first."""
        ...


class PowerWatch(Protocol):
    """A source of these events."""

    name: str

    def start(self, listener: PowerListener) -> None:
        """Start reporting; returns at once. A service that cannot be reached is tried again."""
        ...

    def stop(self) -> None:
        """Stop; may be called from any thread but its own."""
        ...

    def hold(self, on: bool) -> None:
        """Whether sleep must wait for `suspending`, where the system supports that."""
        ...

    @property
    def alive(self) -> bool:
        """Whether it would report an event now."""
        ...
