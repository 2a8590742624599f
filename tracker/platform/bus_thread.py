"""A thread that owns a D-Bus connection and sleeps until a signal or a wake-up arrives.

Rule kept: a lost bus is retried after the delays of the caller's policy; a lost service is not
retried, since the bus reports when it is back.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

from tracker.platform.dbus import Bus, BusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.platform.dbus import Signal

_log = logging.getLogger(__name__)

#: Seconds that `stop` waits for the thread.
END_S = 2.0
Receiver = TypeVar("Receiver")


class BusThread(ABC, Generic[Receiver]):
    """`delay` maps the number of failures in a row to the seconds to wait.

    A subclass subscribes to signals and handles them, on this thread, for the `receiver` that was
    given to `start`.
    """

    name = ""
    descriptors = False

    def __init__(self, address: str, delay: Callable[[int], float]) -> None:
        self._address = address
        self._delay = delay
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._nudge: socket.socket | None = None

    def start(self, receiver: Receiver) -> None:
        """Start the thread. Once only."""
        self._nudge, nudged = socket.socketpair()
        self._nudge.setblocking(False)
        self._thread = threading.Thread(
            target=self._run, args=(receiver, nudged), name=f"workdiary-{self.name}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for that at most `END_S` seconds."""
        self._stopping.set()
        self.wake()
        if self._thread is not None and self._nudge is not None:
            self._thread.join(END_S)
            self._nudge.close()

    def wake(self) -> None:
        """Let the thread call `on_wake`."""
        # A pending byte suffices, and a thread that has ended needs none.
        if self._nudge is not None:
            with contextlib.suppress(OSError):
                self._nudge.send(b"!")

    @property
    def alive(self) -> bool:
        """Whether it is connected and subscribed."""
        return self._ready.is_set()

    # For subclasses

    @abstractmethod
    def begin(self, bus: Bus, receiver: Receiver) -> None:
        """Subscribe, and report the current state. Raises BusError."""

    @abstractmethod
    def on_signal(self, bus: Bus, receiver: Receiver, signal: Signal) -> None:
        """Handle a signal. Raises BusError."""

    def on_wake(self, bus: Bus, receiver: Receiver) -> None:
        """Called after `begin`, and after each signal and each `wake`. Raises BusError."""

    def connection_lost(self, receiver: Receiver) -> None:
        """The connection is lost, or could not be opened."""

    # The thread

    def _run(self, receiver: Receiver, nudged: socket.socket) -> None:
        with nudged:
            self._watch(receiver, nudged)

    def _watch(self, receiver: Receiver, nudged: socket.socket) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                bus = Bus(self._address, descriptors=self.descriptors)
                with contextlib.closing(bus):
                    self.begin(bus, receiver)
                    failures = 0
                    self._serve(bus, receiver, nudged)
            except BusError as error:
                _log.info("%s is not watched: %s", self.name, error)
            except Exception:  # noqa: BLE001 - a faulty service must not end the thread
                _log.exception("%s is not watched, after an unforeseen error", self.name)
            self._ready.clear()
            self.connection_lost(receiver)
            failures += 1
            if not self._stopping.is_set():
                self._stopping.wait(self._delay(failures))

    def _serve(self, bus: Bus, receiver: Receiver, nudged: socket.socket) -> None:
        self.on_wake(bus, receiver)
        self._ready.set()
        while not self._stopping.is_set():
            bus.wait(nudged)
            for signal in bus.signals():
                self.on_signal(bus, receiver, signal)
            self.on_wake(bus, receiver)
