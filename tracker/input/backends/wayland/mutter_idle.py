"""Seconds of activity on GNOME, whose compositor counts no input for other programs but reports the
next one (org.gnome.Mutter.IdleMonitor).

The thread sleeps during idleness: Mutter signals the next activity. The second is then reported,
and the next signal requested once it is over.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from tracker.input.interface import InputError
from tracker.platform.dbus import Bus, BusError, address_of, name_owner_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink
    from tracker.platform.dbus import Signal

log = logging.getLogger(__name__)

NAME = "org.gnome.Mutter.IdleMonitor"
MONITOR = (NAME, "/org/gnome/Mutter/IdleMonitor/Core", NAME)
READY_S = 10.0
END_S = 5.0


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether Mutter is on the session bus."""
    with contextlib.closing(Bus(address_of("session", environ))) as bus:
        return bus.has_owner(NAME)


class MutterIdle:
    """One thread with a separate D-Bus connection."""

    name = "mutter-idle"
    quality: InputQuality = "active-only"

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._answered = threading.Event()
        self._listening = threading.Event()
        self._problem = ""
        self._nudge: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self, sink: InputSink) -> None:
        """Start. Raises InputError("unavailable") where Mutter does not answer."""
        self.stop()
        for event in (self._stopping, self._answered, self._listening):
            event.clear()
        self._nudge, nudged = socket.socketpair()
        self._thread = threading.Thread(
            target=self._run, args=(sink, nudged), name="workdiary-mutter", daemon=True
        )
        self._thread.start()
        if not self._answered.wait(READY_S) or not self._listening.is_set():
            self.stop()
            raise InputError("unavailable", f"Mutter does not report activity: {self._problem}")

    def stop(self) -> None:
        nudge, self._nudge = self._nudge, None
        thread, self._thread = self._thread, None
        self._stopping.set()
        if nudge is not None and thread is not None:
            with contextlib.suppress(OSError):
                nudge.send(b"!")
            thread.join(END_S)
            nudge.close()
        self._listening.clear()

    def alive(self) -> bool:
        return self._listening.is_set()

    def _run(self, sink: InputSink, nudged: socket.socket) -> None:
        with nudged:
            try:
                with contextlib.closing(Bus(address_of("session", os.environ))) as bus:
                    self._listen(bus, sink, nudged)
            except BusError as error:
                self._problem = str(error)
                if self._answered.is_set():
                    log.warning("Mutter no longer reports activity: %s", error)
            finally:
                self._listening.clear()
                self._answered.set()

    def _listen(self, bus: Bus, sink: InputSink, nudged: socket.socket) -> None:
        name, path, interface = MONITOR
        bus.subscribe_owner(name)
        bus.subscribe(name, interface, "WatchFired", path)
        if not bus.has_owner(name):
            raise BusError("it is not on the session bus")
        watch = bus.call(*MONITOR, "AddUserActiveWatch")[0]
        self._listening.set()
        self._answered.set()
        while not self._stopping.is_set():
            bus.wait(nudged)
            if not any(_fired(signal, watch) for signal in bus.signals()):
                continue
            if self._stopping.is_set():
                break
            sink.move()
            self._stopping.wait(_rest_of_second())
            watch = bus.call(*MONITOR, "AddUserActiveWatch")[0]
        if watch is not None:
            with contextlib.suppress(BusError):
                bus.call(*MONITOR, "RemoveWatch", "u", watch)


def _rest_of_second() -> float:
    """Seconds until the next whole second of the uptime, by which activity is counted."""
    if sys.platform == "linux":
        return 1 - time.clock_gettime(time.CLOCK_BOOTTIME) % 1
    else:  # noqa: RET505 - mypy checks one branch per platform
        return 1.0


def _fired(signal: Signal, watch: int) -> bool:
    """Whether `signal` fires our watch. Raises BusError when the compositor is gone."""
    owner = name_owner_change(signal)
    if owner is not None and owner[0] == NAME:
        raise BusError("the compositor went away")
    return signal.member == "WatchFired" and signal.body == (watch,)
