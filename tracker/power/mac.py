"""Locks and sleeps on macOS, without its notifications, which need a bridge to Objective-C.

Whether the screen is locked stands in the dictionary of the login session
(CGSessionCopyCurrentDictionary), which is read once a second. A sleep is seen after it: the clock
that goes on in sleep has gone further than the one that stands still. Start the watch with the
recording and stop it with it: nothing is asked at other times.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.clock import SystemClock

if TYPE_CHECKING:
    from tracker.power.listener import PowerListener

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


@dataclass(frozen=True)
class Calls:
    """The calls of `SIGNATURES` by their names."""

    by_name: dict[str, Callable[..., Any]]

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return self.by_name[name]


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
    """Watches from `start` to `stop`; `alive` tells whether it does.

    `wait(event)` waits a second at most, and returns whether the event was set.
    """

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
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listener: PowerListener) -> None:
        """Begin; where the system does not tell, the log says so."""
        self.stop()
        try:
            calls = self._load()
        except (OSError, AttributeError) as error:
            log.info("locks are not told by macOS: %s", error)
            return
        self._ending = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(calls, listener, self._ending),
            name="workdiary-power",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """End; nothing is told after the return."""
        thread, self._thread = self._thread, None
        self._ending.set()
        if thread is not None:
            thread.join(END_S)

    def alive(self) -> bool:
        """Whether locks and sleeps are noticed."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self, calls: Calls, listener: PowerListener, ending: threading.Event) -> None:
        locked, slept = False, self._slept()
        while not self._wait(ending):
            now_locked, now_slept = screen_is_locked(calls), self._slept()
            if now_slept - slept >= SLEPT_MS:
                listener.suspending()
                listener.resuming()
            slept = now_slept
            if now_locked != locked:
                locked = now_locked
                (listener.locking if locked else listener.unlocking)()
