"""Passes lock, sleep and session end from the system to the engine.

Rules kept: a sleep begins after the record is on disk, or after a bound shorter than the system's;
an event that is reported twice acts once; no recording starts by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tracker.power.lock_state import REQUESTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.status import Status
    from tracker.power.interface import PowerWatch
    from tracker.power.lock_state import LockState

#: Seconds that a sleep waits for the disk; the system itself waits 5 s.
SETTLE_S = 3.0
_RUNNING = frozenset({"starting", "recording"})


class RecordingControl(Protocol):
    """The part of `Engine` that the coordinator uses."""

    def stop(self) -> None:
        """End the run."""

    def lock(self) -> None:
        """The screen was locked."""

    def unlock(self) -> None:
        """The screen was unlocked."""

    def suspend(self) -> None:
        """The machine is about to sleep."""

    def resume(self) -> None:
        """The machine woke up."""

    def drain(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until all commands are done; returns whether they are."""


class PowerCoordinator:
    """A `PowerListener` with its watches."""

    def __init__(
        self, engine: RecordingControl, locks: LockState, watches: Sequence[PowerWatch]
    ) -> None:
        self._engine = engine
        self._locks = locks
        self._watches = watches
        # Belongs to the thread that calls `apply_settings`.
        self._running = False

    def start(self) -> None:
        """Start the watches."""
        for watch in self._watches:
            watch.start(self)

    def stop(self) -> None:
        """Stop the watches."""
        for watch in self._watches:
            watch.stop()

    def apply_settings(self, status: Status) -> None:
        """Apply the recorder's status: sleep waits while recording."""
        running = status.state in _RUNNING
        if running and not self._running:
            self._locks.update(REQUESTED, False)
        if running != self._running:
            self._running = running
            for watch in self._watches:
                watch.hold(running)

    # Events

    def lock_requested(self) -> None:
        """See `PowerListener`."""
        self._locks.update(REQUESTED, True)
        self._engine.lock()

    def unlock_requested(self) -> None:
        """See `PowerListener`."""
        self._locks.update(REQUESTED, False)
        self._engine.unlock()

    def lock_changed(self, source: str, locked: bool | None) -> None:
        """See `PowerListener`."""
        if not self._locks.update(source, bool(locked)):
            return
        if locked:
            self._engine.lock()
        elif locked is not None:
            self.unlock_requested()

    def suspending(self) -> None:
        """See `PowerListener`."""
        self._engine.suspend()
        self._engine.drain(SETTLE_S)

    def resumed(self) -> None:
        """See `PowerListener`."""
        self._engine.resume()

    def ending(self) -> None:
        """See `PowerListener`."""
        self._engine.stop()
        self._engine.drain(SETTLE_S)
