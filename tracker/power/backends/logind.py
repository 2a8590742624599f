"""systemd-logind: sleep delayed until the record is on disk, session end, and the lock.

While recording, the watch holds an inhibitor of mode `delay`: the system then waits, at most
5 s by default, until the inhibitor's descriptor is closed. The watch closes it when the listener
returns from `suspending`, and takes a new one when recording continues.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from tracker.platform.dbus import BusError, name_owner_change
from tracker.power.backends.dbus_thread import BusWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.platform.dbus import Bus, Signal
    from tracker.power.interface import PowerListener

_log = logging.getLogger(__name__)

NAME = "org.freedesktop.login1"
MANAGER = (NAME, "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
#: The arguments of Inhibit: what, who, why, mode.
INHIBIT = ("sleep:shutdown", "Workdiary", "Saving the recorded work", "delay")


class Logind(BusWatch):
    """See `PowerWatch`. `session` is the value of XDG_SESSION_ID."""

    name = "logind"
    descriptors = True

    def __init__(self, address: str, delay: Callable[[int], float], session: str = "") -> None:
        super().__init__(address, delay)
        self._session_id = session
        # All below belong to the watch's thread.
        self._present = False
        self._ending = False
        self._inhibitor: Any = None
        self._refused = False
        self._session: str | None = None

    def begin(self, bus: Bus, listener: PowerListener) -> None:
        """See `BusWatch`."""
        name, path, interface = MANAGER
        bus.subscribe_owner(NAME)
        for member in ("PrepareForSleep", "PrepareForShutdown"):
            bus.subscribe(name, interface, member, path)
        if bus.has_owner(NAME):
            self._on_service_appeared(bus, listener)

    def on_signal(self, bus: Bus, listener: PowerListener, signal: Signal) -> None:
        """See `BusWatch`."""
        owner = name_owner_change(signal)
        if owner is not None:
            self.connection_lost(listener)
            if owner[1]:
                self._on_service_appeared(bus, listener)
        elif signal.interface == MANAGER[2]:
            self._prepare(listener, signal.member, bool(signal.body[0]))
        elif signal.path != self._session:
            pass
        elif signal.member == "Lock":
            listener.lock_requested()
        elif signal.member == "Unlock":
            listener.unlock_requested()
        elif signal.member == "PropertiesChanged" and signal.body[0] == SESSION:
            hint = signal.body[1].get("LockedHint")
            if hint is not None:
                listener.lock_changed(self.name, bool(hint[1]))
            elif "LockedHint" in signal.body[2]:
                self._ask_hint(bus, listener)

    def apply_hold(self, bus: Bus) -> None:
        """See `BusWatch`."""
        wanted = self._held.is_set() and self._present and not self._ending
        if not wanted:
            self._release()
        elif self._inhibitor is None and not self._refused:
            try:
                self._inhibitor = bus.call(*MANAGER, "Inhibit", "ssss", *INHIBIT)[0]
            except BusError as error:
                # Not retried for this recording: sleep is still reported, but does not wait.
                self._refused = True
                _log.info("sleep will not wait for the record: %s", error)

    def connection_lost(self, listener: PowerListener) -> None:
        """See `BusWatch`."""
        self._release()
        self._present, self._ending, self._session = False, False, None
        listener.lock_changed(self.name, None)

    def _prepare(self, listener: PowerListener, member: str, begins: bool) -> None:
        """Sleep or shutdown begins, or is over, also when it was cancelled."""
        if begins:
            self._ending = True
            try:
                (listener.suspending if member == "PrepareForSleep" else listener.ending)()
            finally:
                self._release()
        else:
            self._ending = False
            if member == "PrepareForSleep":
                listener.resumed()

    def _on_service_appeared(self, bus: Bus, listener: PowerListener) -> None:
        """The service is on the bus: find our session and its lock state."""
        self._present = True
        self._session = self._find_session(bus)
        if self._session is not None:
            for member in ("Lock", "Unlock"):
                bus.subscribe(NAME, SESSION, member, self._session)
            bus.subscribe(NAME, _PROPERTIES, "PropertiesChanged", self._session)
            self._ask_hint(bus, listener)

    def _find_session(self, bus: Bus) -> str | None:
        """By this process, else by the id: a service of the user manager belongs to no session."""
        try:
            return str(bus.call(*MANAGER, "GetSessionByPID", "u", os.getpid())[0])
        except BusError:
            if not self._session_id:
                return None
        try:
            return str(bus.call(*MANAGER, "GetSession", "s", self._session_id)[0])
        except BusError:
            return None

    def _ask_hint(self, bus: Bus, listener: PowerListener) -> None:
        if self._session is not None:
            hint = bool(bus.get(NAME, self._session, SESSION, "LockedHint"))
            listener.lock_changed(self.name, hint)

    def _release(self) -> None:
        inhibitor, self._inhibitor, self._refused = self._inhibitor, None, False
        if inhibitor is not None:
            inhibitor.close()
