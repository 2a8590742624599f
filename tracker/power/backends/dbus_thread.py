"""A watch of a D-Bus service that reports to a `PowerListener`."""

from __future__ import annotations

import threading
from abc import ABC
from typing import TYPE_CHECKING

from tracker.platform.bus_thread import BusThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.platform.dbus import Bus
    from tracker.power.interface import PowerListener


class BusWatch(BusThread["PowerListener"], ABC):
    """See `PowerWatch`."""

    def __init__(self, address: str, delay: Callable[[int], float]) -> None:
        super().__init__(address, delay)
        self._held = threading.Event()

    def hold(self, on: bool) -> None:
        """See `PowerWatch`."""
        if on != self._held.is_set():
            (self._held.set if on else self._held.clear)()
            self.wake()

    def apply_hold(self, bus: Bus) -> None:
        """Apply `hold`, as far as possible now. Raises BusError."""

    def on_wake(self, bus: Bus, receiver: PowerListener) -> None:  # noqa: ARG002
        """See `BusThread`."""
        self.apply_hold(bus)
