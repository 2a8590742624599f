"""What a way to hear of lock, sleep and the session's end must do.

Several may speak at once, and of the same thing: whoever listens must bear to be told twice. What
none of them tells of a sleep, the clocks tell afterwards (`tracker.recording.state.recorder`).
"""

from __future__ import annotations

from typing import Protocol


class PowerListener(Protocol):
    """Takes what happens. Called from the watches' threads."""

    def lock_requested(self) -> None:
        """Somebody asks for the screen to be locked; nobody has said yet that it is."""
        ...

    def unlock_requested(self) -> None:
        """Somebody asks for the screen to be unlocked."""
        ...

    def lock_changed(self, source: str, locked: bool | None) -> None:
        """Whether the screen is locked, as `source` knows; None when it knows no longer."""
        ...

    def suspending(self) -> None:
        """The machine will sleep when this has returned: whatever must be on the disk is."""
        ...

    def resumed(self) -> None:
        """The machine is awake again."""
        ...

    def ending(self) -> None:
        """The machine will be switched off; the same holds as for `suspending`."""
        ...


class PowerWatch(Protocol):
    """One way to hear of it."""

    name: str

    def start(self, listener: PowerListener) -> None:
        """Begin to tell; returns at once. What cannot be reached is tried again."""
        ...

    def stop(self) -> None:
        """End; may be called from any thread but its own."""
        ...

    def hold(self, on: bool) -> None:
        """Whether a sleep must wait for `suspending`, where the system can be asked for that."""
        ...

    @property
    def alive(self) -> bool:
        """Whether what it tells of would be told now."""
        ...
