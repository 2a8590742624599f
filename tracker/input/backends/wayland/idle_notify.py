"""Seconds of activity on Wayland, from the compositor's own clock of idleness; no key is seen.

Two protocols say the same: ext-idle-notify-v1, and org_kde_kwin_idle of the compositors before it.
Each tells when nothing came from the seat's devices for a second, and when something came again.

Rules kept: a second is told as a move, at most once, and the thread sleeps while nothing happens.
While there is activity, each second is told half a second after it can be known, so that on
average as many seconds are told as there was activity in. Where the compositor offers version 2,
it is asked for input alone; before that, a program that keeps the screen awake (a film, a call)
counts as activity, because the compositor itself takes it for that. The first seat is heard.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.input.backends.wayland.connection import WaylandConnection, WireError
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
_TELL_S = 1.0
_KNOWN_AFTER_S = 1.5
_IDLED, _RESUMED = 0, 1


@dataclass(frozen=True)
class Protocol:
    """A way to ask: `opcode` takes a new object, and the seat and the time in the order given."""

    interface: str
    version: int
    opcode: int
    seat_first: bool


#: The best first.
PROTOCOLS = (
    Protocol("ext_idle_notifier_v1", 2, 2, seat_first=False),
    Protocol("ext_idle_notifier_v1", 1, 1, seat_first=False),
    Protocol("org_kde_kwin_idle", 1, 0, seat_first=True),
)


def offered(connection: WaylandConnection, environ: Mapping[str, str]) -> Protocol | None:
    """How this compositor tells of idleness to the second, if it does."""
    if SEAT not in connection.globals:
        return None
    of_kde = "KDE" in environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    for each in PROTOCOLS:
        _, version = connection.globals.get(each.interface, (0, 0))
        # KWin's own protocol rounds a second up to five there.
        if version >= each.version and not (of_kde and each.seat_first):
            return each
    return None


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether the compositor of this session tells of idleness. Raises WireError."""
    with WaylandConnection(environ, READY_S) as connection:
        return offered(connection, environ) is not None


class IdleNotifyInput:
    """One connection of its own to the compositor, and a thread that listens to it."""

    name = "idle-notify"
    quality: InputQuality = "active-only"

    def __init__(self) -> None:
        self._listener: _Listener | None = None

    def start(self, sink: InputSink) -> None:
        """Raises InputError("unavailable") when the compositor is not there or cannot tell."""
        self.stop()
        try:
            self._listener = _Listener(WaylandConnection(os.environ, READY_S), sink)
        except WireError as error:
            raise InputError("unavailable", f"activity cannot be listened to: {error}") from error
        self._listener.start()

    def stop(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()

    def alive(self) -> bool:
        return self._listener is not None and self._listener.is_alive()


class _Listener(threading.Thread):
    """Tells the sink while there is activity. Owns the connection."""

    def __init__(self, connection: WaylandConnection, sink: InputSink) -> None:
        super().__init__(name="workdiary-idle", daemon=True)
        self._connection = connection
        self._sink = sink
        self._stopping = threading.Event()
        try:
            self._ask()
        except WireError:
            connection.close()
            raise

    def _ask(self) -> None:
        connection = self._connection
        # Whether there is activity at the beginning is known when the first second has passed.
        self._tell_at: float | None = time.monotonic() + _KNOWN_AFTER_S
        protocol = offered(connection, os.environ)
        if protocol is None:
            raise WireError("the compositor does not tell of idleness")
        self._seat = connection.bind(SEAT, 1)
        notifier = connection.bind(protocol.interface, protocol.version)
        arguments = (self._seat, IDLE_MS) if protocol.seat_first else (IDLE_MS, self._seat)
        self._notification = connection.new_object(notifier, protocol.opcode, *arguments)
        for message in connection.settle(READY_S):
            self._take(message)

    def stop(self) -> None:
        """End; nothing is told after the return."""
        self._stopping.set()
        self._connection.wake()
        self.join(END_S)

    def run(self) -> None:
        try:
            self._listen()
        except WireError as error:
            if not self._stopping.is_set():
                log.warning("listening to input ended: %s", error)
        finally:
            self._connection.close()

    def _listen(self) -> None:
        while True:
            tell_at = self._tell_at
            rest = None if tell_at is None else max(0.0, tell_at - time.monotonic())
            message = self._connection.receive(rest)
            if self._stopping.is_set():
                return
            if message is not None:
                self._take(message)
            elif tell_at is not None:
                self._sink.move()
                # A machine that slept does not tell for the time that it slept.
                now = time.monotonic()
                self._tell_at = (tell_at if now < tell_at + _TELL_S else now) + _TELL_S

    def _take(self, message: WaylandMessage) -> None:
        if message.target == self._seat:
            return  # what the seat consists of, told once
        if message.target != self._notification or message.opcode not in {_IDLED, _RESUMED}:
            raise WireError("an event that nobody asked for")
        if message.opcode == _IDLED:
            self._tell_at = None
        elif self._tell_at is None:
            self._sink.move()
            self._tell_at = time.monotonic() + _KNOWN_AFTER_S
