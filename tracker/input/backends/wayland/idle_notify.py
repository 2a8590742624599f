"""Seconds of activity on Wayland, from the compositor's idle notifications; no key is seen.

Two protocols are equivalent: ext-idle-notify-v1, and org_kde_kwin_idle of older compositors. Each
sends an event when the seat has been idle for a second, and one when input resumes.

Rules kept: a second is reported as a move, at most once, and the thread sleeps during idleness.
During activity each second is reported half a second after it can be known, so that on average the
number of reported seconds equals the number of active ones. Version 2 of ext-idle-notify-v1 reports
input alone; with the others a program that inhibits the screen saver (a film, a call) counts as
activity, because the compositor does not separate the two. Only the first seat is used.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.input.backends.wayland.connection import WaylandConnection, WaylandError
from tracker.input.interface import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diary.core.vocabulary import InputQuality
    from tracker.input.backends.wayland.connection import WaylandMessage
    from tracker.input.interface import InputSink

log = logging.getLogger(__name__)

SEAT = "wl_seat"
IDLE_MS = 1000
READY_S = 5.0
END_S = 5.0
_REPORT_S = 1.0
_KNOWN_AFTER_S = 1.5
_IDLED, _RESUMED = 0, 1


@dataclass(frozen=True)
class Protocol:
    """An idle protocol: request `opcode` takes a new object and, in this or reverse order, seat and
    time.
    """

    interface: str
    version: int
    opcode: int
    seat_first: bool


#: Best first.
PROTOCOLS = (
    Protocol("ext_idle_notifier_v1", 2, 2, seat_first=False),
    Protocol("ext_idle_notifier_v1", 1, 1, seat_first=False),
    Protocol("org_kde_kwin_idle", 1, 0, seat_first=True),
)


def best_protocol(connection: WaylandConnection, environ: Mapping[str, str]) -> Protocol | None:
    """The best protocol that this compositor offers, None without one."""
    if SEAT not in connection.globals:
        return None
    of_kde = "KDE" in environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    for each in PROTOCOLS:
        _, version = connection.globals.get(each.interface, (0, 0))
        # KWin rounds one second up to five in this protocol.
        if version >= each.version and not (of_kde and each.seat_first):
            return each
    return None


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether this session's compositor reports idleness. Raises WaylandError."""
    with WaylandConnection(environ, READY_S) as connection:
        return best_protocol(connection, environ) is not None


class IdleNotifyInput:
    """A separate connection to the compositor, and the thread that reads it."""

    name = "idle-notify"
    quality: InputQuality = "active-only"

    def __init__(self) -> None:
        self._listener: _Listener | None = None

    def start(self, sink: InputSink) -> None:
        """Start. Raises InputError("unavailable") when the compositor cannot be reached or has no
        protocol.
        """
        self.stop()
        try:
            self._listener = _Listener(WaylandConnection(os.environ, READY_S), sink)
        except WaylandError as error:
            raise InputError("unavailable", f"cannot listen to activity: {error}") from error
        self._listener.start()

    def stop(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()

    def alive(self) -> bool:
        return self._listener is not None and self._listener.is_alive()


class _Listener(threading.Thread):
    """Reports seconds of activity to the sink. Owns the connection."""

    def __init__(self, connection: WaylandConnection, sink: InputSink) -> None:
        super().__init__(name="workdiary-idle", daemon=True)
        self._connection = connection
        self._sink = sink
        self._stopping = threading.Event()
        try:
            self._subscribe()
        except WaylandError:
            connection.close()
            raise

    def _subscribe(self) -> None:
        connection = self._connection
        # The state at the start is known after the first second.
        self._report_at: float | None = time.monotonic() + _KNOWN_AFTER_S
        protocol = best_protocol(connection, os.environ)
        if protocol is None:
            raise WaylandError("the compositor does not report idleness")
        self._seat = connection.bind(SEAT, 1)
        notifier = connection.bind(protocol.interface, protocol.version)
        arguments = (self._seat, IDLE_MS) if protocol.seat_first else (IDLE_MS, self._seat)
        self._notification = connection.new_object(notifier, protocol.opcode, *arguments)
        for message in connection.round_trip(READY_S):
            self._on_message(message)

    def stop(self) -> None:
        """Stop; nothing is reported after the return."""
        self._stopping.set()
        self._connection.wake()
        self.join(END_S)

    def run(self) -> None:
        try:
            self._listen()
        except WaylandError as error:
            if not self._stopping.is_set():
                log.warning("listening to input failed: %s", error)
        finally:
            self._connection.close()

    def _listen(self) -> None:
        while True:
            report_at = self._report_at
            rest = None if report_at is None else max(0.0, report_at - time.monotonic())
            message = self._connection.receive(rest)
            if self._stopping.is_set():
                return
            if message is not None:
                self._on_message(message)
            elif report_at is not None:
                self._sink.move()
                # Skip the time for which the machine slept.
                now = time.monotonic()
                self._report_at = (report_at if now < report_at + _REPORT_S else now) + _REPORT_S

    def _on_message(self, message: WaylandMessage) -> None:
        if message.target == self._seat:
            return  # the seat's capabilities, sent once
        if message.target != self._notification or message.opcode not in {_IDLED, _RESUMED}:
            raise WaylandError("the compositor sent an unrequested event")
        if message.opcode == _IDLED:
            self._report_at = None
        elif self._report_at is None:
            self._sink.move()
            self._report_at = time.monotonic() + _KNOWN_AFTER_S
