"""Lock and sleep on macOS by polling; its notifications would need a bridge to Objective-C.

The dictionary of the login session (CGSessionCopyCurrentDictionary) shows whether the screen is
locked; it is read once a second. A sleep is detected afterwards, from the difference between the
clock that includes sleep and the one that does not. Polling runs only during a recording (`hold`).
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
#: A sleep lasts longer than the time between two readings of the clocks.
SLEPT_MS = 2_000
LOCKED_KEY = b"CGSSessionScreenIsLocked"
UTF8 = 0x08000100

#: Result and argument types of each call, and its framework.
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


#: The calls of `SIGNATURES` by name.
Calls = dict[str, Callable[..., Any]]


def system_calls() -> Calls:
    """Load the functions. Raises OSError except on macOS."""
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
    """Whether the session's screen is locked; False for a process outside a session.

    Apple does not document the key. It is present only while the screen is locked.
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
    """The time that the machine has slept since boot, in ms."""
    clock = SystemClock("")
    return clock.uptime_ms() - clock.awake_ms()


class MacPowerWatch:
    """See `PowerWatch`.

    `wait(event)` waits up to a second, and returns whether the event is set.
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
        """See `PowerWatch`. Logs a warning where macOS does not report it."""
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
        """Start or stop polling once a second."""
        asking = self._thread is not None and not self._ending.is_set()
        if not on:
            # Not joined: the thread may be waiting for the caller.
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
                # Reported too late to delay the sleep.
                listener.resumed()
            slept = now_slept
            if now_locked != locked:
                locked = now_locked
                listener.lock_changed(self.name, locked)
        listener.lock_changed(self.name, None)
