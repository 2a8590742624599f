"""Locks and sleeps on macOS, without its notifications, which need a bridge to Objective-C.

Whether the screen is locked stands in the dictionary of the login session
(CGSessionCopyCurrentDictionary), which is read once a second. A sleep is seen after it: the clock
that goes on in sleep has gone further than the one that stands still. Nothing is asked while no
sleep needs to be waited for: `hold` comes with the recording and goes with it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tracker.platform.clock import SystemClock

if TYPE_CHECKING:
    from tracker.power.interface import PowerListener

log = logging.getLogger(__name__)

POLL_S = 1.0
END_S = 5.0
#: A sleep is longer than what lies between two readings of the clocks.
SLEPT_MS = 2_000
LOCKED_KEY = b"CGSSessionScreenIsLocked"
UTF8 = 0x08000100

#: Each call's result and arguments, and the framework that has it.
SIGNATURES: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
    "CGSessionCopyCurrentDictionary": ("CoreGraphics", ctypes.c_void_p, ()),
    "CFStringCreateWithCString": (
        "CoreFoundation",
        ctypes.c_void_p,
        (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32),
    ),
    "CFDictionaryGetValue": (
        "CoreFoundation",
        ctypes.c_void_p,
        (ctypes.c_void_p, ctypes.c_void_p),
    ),
    "CFBooleanGetValue": ("CoreFoundation", ctypes.c_ubyte, (ctypes.c_void_p,)),
    "CFRelease": ("CoreFoundation", None, (ctypes.c_void_p,)),
}


#: The calls of `SIGNATURES` by their names.
Calls = dict[str, Callable[..., Any]]


def system_calls() -> Calls:
    """Those of this macOS. Raises OSError elsewhere."""
    found: dict[str, Callable[..., Any]] = {}
    for name, (framework, result, arguments) in SIGNATURES.items():
        library = ctypes.util.find_library(framework)
        if library is None:
            raise OSError(f"{framework} is a library of macOS")
        call = getattr(ctypes.CDLL(library), name)
        call.restype, call.argtypes = result, arguments
        found[name] = call
    return Calls(found)


def screen_is_locked(calls: Calls) -> bool:
    """Whether the session's screen is locked. A process outside of a session sees none: not locked.

    Apple does not document the key. It is there while the screen is locked; where it is missing,
    the screen counts as not locked.
    """
    session = calls["CGSessionCopyCurrentDictionary"]()
    if not session:
        return False
    key = calls["CFStringCreateWithCString"](None, LOCKED_KEY, UTF8)
    try:
        value = calls["CFDictionaryGetValue"](session, key)
        return bool(value) and bool(calls["CFBooleanGetValue"](value))
    finally:
        calls["CFRelease"](key)
        calls["CFRelease"](session)


def slept_ms() -> int:
    """How long the machine has slept since it was started."""
    clock = SystemClock("")
    return clock.uptime_ms() - clock.awake_ms()


class MacPowerWatch:
    """See `PowerWatch`.

    `wait(event)` waits a second at most, and returns whether the event was set.
    """

    name = "mac"

    def __init__(
        self,
        calls: Callable[[], Calls] = system_calls,
        *,
        slept: Callable[[], int] = slept_ms,
        wait: Callable[[threading.Event], bool] = lambda event: event.wait(POLL_S),
    ) -> None:
        self._load = calls
        self._slept = slept
        self._wait = wait
        self._calls: Calls | None = None
        self._listener: PowerListener | None = None
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listener: PowerListener) -> None:
        """See `PowerWatch`. Where macOS does not tell, the log says so."""
        try:
            self._calls, self._listener = self._load(), listener
        except (OSError, AttributeError) as error:
            log.info("macOS reports no locks: %s", error)

    def stop(self) -> None:
        """See `PowerWatch`."""
        self.hold(False)
        self._calls = None
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(END_S)

    def hold(self, on: bool) -> None:
        """Ask once a second from now on, or no longer."""
        asking = self._thread is not None and not self._ending.is_set()
        if not on:
            # Not joined here: the thread may be waiting for whoever calls.
            self._ending.set()
        elif not asking and self._calls is not None and self._listener is not None:
            self._ending = threading.Event()
            self._thread = threading.Thread(
                target=self._run,
                args=(self._calls, self._listener, self._ending),
                name="workdiary-power",
                daemon=True,
            )
            self._thread.start()

    @property
    def alive(self) -> bool:
        """See `PowerWatch`."""
        return self._calls is not None

    def _run(self, calls: Calls, listener: PowerListener, ending: threading.Event) -> None:
        locked, slept = False, self._slept()
        while not self._wait(ending):
            now_locked, now_slept = screen_is_locked(calls), self._slept()
            if now_slept - slept >= SLEPT_MS:
                # Told too late to be waited for.
                listener.resumed()
            slept = now_slept
            if now_locked != locked:
                locked = now_locked
                listener.lock_changed(self.name, locked)
        listener.lock_changed(self.name, None)
