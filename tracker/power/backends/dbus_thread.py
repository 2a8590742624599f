"""A D-Bus watch: one thread that sleeps until a signal arrives.

Rule kept: a lost bus is retried after the delays of the caller's policy; a lost service is not
retried, since the bus reports when it is back.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from tracker.platform.dbus import Bus, BusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.platform.dbus import Signal
    from tracker.power.interface import PowerListener

_log = logging.getLogger(__name__)

#: Seconds that `stop` waits for the thread.
END_S = 2.0


class BusWatch(ABC):
    """See `PowerWatch`. `delay` maps the number of failures in a row to the seconds to wait.

    A subclass subscribes to signals and handles them, on the watch's thread.
    """

    name = ""
    descriptors = False

    def __init__(self, address: str, delay: Callable[[int], float]) -> None:
        self._address = address
        self._delay = delay
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._held = threading.Event()
        self._thread: threading.Thread | None = None
        self._nudge: socket.socket | None = None

    # PowerWatch

    def start(self, listener: PowerListener) -> None:
        """See `PowerWatch`. Once only."""
        self._nudge, nudged = socket.socketpair()
        self._nudge.setblocking(False)
        self._thread = threading.Thread(
            target=self._run, args=(listener, nudged), name=f"workdiary-{self.name}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """See `PowerWatch`."""
        self._stopping.set()
        self._wake()
        if self._thread is not None and self._nudge is not None:
            self._thread.join(END_S)
            self._nudge.close()

    def hold(self, on: bool) -> None:
        """See `PowerWatch`."""
        if on != self._held.is_set():
            (self._held.set if on else self._held.clear)()
            self._wake()

    @property
    def alive(self) -> bool:
        """See `PowerWatch`."""
        return self._ready.is_set()

    # For subclasses

    @abstractmethod
    def begin(self, bus: Bus, listener: PowerListener) -> None:
        """Subscribe, and report the current state. Raises BusError."""

    @abstractmethod
    def on_signal(self, bus: Bus, listener: PowerListener, signal: Signal) -> None:
        """Handle a signal. Raises BusError."""

    def apply_hold(self, bus: Bus) -> None:  # noqa: B027 - optional
        """Apply `hold`, as far as possible now. Raises BusError."""

    def connection_lost(self, listener: PowerListener) -> None:  # noqa: B027 - optional
        """The connection is lost: report the state as unknown."""

    # The thread

    def _run(self, listener: PowerListener, nudged: socket.socket) -> None:
        with nudged:
            self._watch(listener, nudged)

    def _watch(self, listener: PowerListener, nudged: socket.socket) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                bus = Bus(self._address, descriptors=self.descriptors)
                with contextlib.closing(bus):
                    self.begin(bus, listener)
                    failures = 0
                    self._serve(bus, listener, nudged)
            except BusError as error:
                _log.info("%s is not watched: %s", self.name, error)
            except Exception:  # noqa: BLE001 - a faulty service must not end the watch
                _log.exception("%s is not watched, after an unforeseen error", self.name)
            self._ready.clear()
            self.connection_lost(listener)
            failures += 1
            if not self._stopping.is_set():
                self._stopping.wait(self._delay(failures))

    def _serve(self, bus: Bus, listener: PowerListener, nudged: socket.socket) -> None:
        self.apply_hold(bus)
        self._ready.set()
        while not self._stopping.is_set():
            bus.wait(nudged)
            for signal in bus.signals():
                self.on_signal(bus, listener, signal)
            self.apply_hold(bus)

    def _wake(self) -> None:
        # A pending byte suffices, and a thread that has ended needs none.
        if self._nudge is not None:
            with contextlib.suppress(OSError):
                self._nudge.send(b"!")
