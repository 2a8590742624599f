"""Lock and sleep on Windows, from the messages that Windows sends to a hidden window.

WTSRegisterSessionNotification (wtsapi32) requests WM_WTSSESSION_CHANGE; every top-level window gets
WM_POWERBROADCAST. A message-only window gets no broadcasts, so the window is hidden instead.
Window, messages and the listener's calls share one thread.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.power.interface import PowerListener

log = logging.getLogger(__name__)

READY_S = 5.0
END_S = 5.0
CLASS_NAME = "WorkdiaryPower"

WM_POWERBROADCAST = 0x0218
PBT_APMSUSPEND = 0x0004
PBT_APMRESUMESUSPEND = 0x0007
PBT_APMRESUMEAUTOMATIC = 0x0012
WM_WTSSESSION_CHANGE = 0x02B1
WTS_CONSOLE_CONNECT = 0x1
WTS_CONSOLE_DISCONNECT = 0x2
WTS_REMOTE_CONNECT = 0x3
WTS_REMOTE_DISCONNECT = 0x4
WTS_SESSION_LOCK = 0x7
WTS_SESSION_UNLOCK = 0x8
NOTIFY_FOR_THIS_SESSION = 0
#: A message of the application (WM_APP): ends the thread.
WM_END = 0x8000

_HANDLE = ctypes.c_void_p
_WPARAM = ctypes.c_size_t
_LPARAM = ctypes.c_ssize_t
_LRESULT = ctypes.c_ssize_t

if sys.platform == "win32":
    _function = ctypes.WINFUNCTYPE
else:
    _function = ctypes.CFUNCTYPE

#: LRESULT CALLBACK WindowProc(HWND, UINT, WPARAM, LPARAM)
WindowProc = _function(_LRESULT, _HANDLE, ctypes.c_uint32, _WPARAM, _LPARAM)


class WindowClass(ctypes.Structure):
    """WNDCLASSEXW (winuser.h)."""

    _fields_ = (
        ("cbSize", ctypes.c_uint32),
        ("style", ctypes.c_uint32),
        ("lpfnWndProc", WindowProc),
        ("cbClsExtra", ctypes.c_int32),
        ("cbWndExtra", ctypes.c_int32),
        ("hInstance", _HANDLE),
        ("hIcon", _HANDLE),
        ("hCursor", _HANDLE),
        ("hbrBackground", _HANDLE),
        ("lpszMenuName", ctypes.c_wchar_p),
        ("lpszClassName", ctypes.c_wchar_p),
        ("hIconSm", _HANDLE),
    )


class WindowMessage(ctypes.Structure):
    """MSG (winuser.h)."""

    _fields_ = (
        ("hwnd", _HANDLE),
        ("message", ctypes.c_uint32),
        ("wParam", _WPARAM),
        ("lParam", _LPARAM),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    )


#: Result and argument types of each call, and its library.
SIGNATURES: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
    "GetModuleHandleW": ("kernel32", _HANDLE, (ctypes.c_wchar_p,)),
    "RegisterClassExW": ("user32", ctypes.c_uint16, (ctypes.POINTER(WindowClass),)),
    "UnregisterClassW": ("user32", ctypes.c_int, (ctypes.c_wchar_p, _HANDLE)),
    "CreateWindowExW": (
        "user32",
        _HANDLE,
        (ctypes.c_uint32, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32)
        + (ctypes.c_int,) * 4
        + (_HANDLE,) * 4,
    ),
    "DestroyWindow": ("user32", ctypes.c_int, (_HANDLE,)),
    "DefWindowProcW": ("user32", _LRESULT, (_HANDLE, ctypes.c_uint32, _WPARAM, _LPARAM)),
    "GetMessageW": (
        "user32",
        ctypes.c_int,
        (ctypes.POINTER(WindowMessage), _HANDLE, ctypes.c_uint32, ctypes.c_uint32),
    ),
    "DispatchMessageW": ("user32", _LRESULT, (ctypes.POINTER(WindowMessage),)),
    "PostMessageW": ("user32", ctypes.c_int, (_HANDLE, ctypes.c_uint32, _WPARAM, _LPARAM)),
    "WTSRegisterSessionNotification": ("wtsapi32", ctypes.c_int, (_HANDLE, ctypes.c_uint32)),
    "WTSUnRegisterSessionNotification": ("wtsapi32", ctypes.c_int, (_HANDLE,)),
}


@dataclass(frozen=True)
class PowerCalls:
    """The calls of `SIGNATURES` by name, and this thread's last error."""

    by_name: dict[str, Callable[..., Any]]
    last_error: Callable[[], int]

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return self.by_name[name]


def system_calls() -> PowerCalls:
    """Load the functions. Raises OSError except on Windows."""
    if sys.platform == "win32":
        found: dict[str, Callable[..., Any]] = {}
        for name, (library, result, arguments) in SIGNATURES.items():
            call = getattr(ctypes.WinDLL(library, use_last_error=True), name)
            call.restype, call.argtypes = result, arguments
            found[name] = call
        return PowerCalls(found, ctypes.get_last_error)
    else:  # noqa: RET505 - mypy checks one branch per platform
        raise OSError("windows and their messages are of Windows")


class WindowsPowerWatch:
    """See `PowerWatch`."""

    name = "windows"

    def __init__(self, calls: Callable[[], PowerCalls] = system_calls) -> None:
        self._load = calls
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        # Set by the watch's thread before `ready`.
        self._calls: PowerCalls | None = None
        self._window: int | None = None

    def start(self, listener: PowerListener) -> None:
        """See `PowerWatch`. Logs a warning where Windows does not report it."""
        self.stop()
        self._ready.clear()
        self._thread = threading.Thread(
            target=self._run, args=(listener,), name="workdiary-power", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """See `PowerWatch`."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._ready.wait(READY_S)
        if self._calls is not None and self._window is not None:
            self._calls["PostMessageW"](self._window, WM_END, 0, 0)
        thread.join(END_S)

    def hold(self, on: bool) -> None:
        """Does nothing: Windows waits two seconds before each sleep, which cannot be changed."""

    @property
    def alive(self) -> bool:
        """See `PowerWatch`."""
        return self._thread is not None and self._thread.is_alive() and self._window is not None

    def _run(self, listener: PowerListener) -> None:
        try:
            calls = self._calls = self._load()
            self._watch(calls, listener)
        except (OSError, AttributeError) as error:
            log.info("Windows reports no locks and sleeps: %s", error)
        finally:
            self._window = None
            self._ready.set()
            listener.lock_changed(self.name, None)

    def _watch(self, calls: PowerCalls, listener: PowerListener) -> None:
        def on_message(window: int, message: int, what: int, more: int) -> int:
            if message == WM_POWERBROADCAST:
                _power(listener, what)
                return 1
            if message == WM_WTSSESSION_CHANGE:
                _session(listener, what)
                return 0
            return int(calls["DefWindowProcW"](window, message, what, more))

        # Kept alive until this function returns: Windows holds only its address.
        procedure = WindowProc(on_message)
        module = calls["GetModuleHandleW"](None)
        kind = WindowClass(
            cbSize=ctypes.sizeof(WindowClass),
            lpfnWndProc=procedure,
            hInstance=module,
            lpszClassName=CLASS_NAME,
        )
        if not calls["RegisterClassExW"](ctypes.byref(kind)):
            raise _failed(calls, "RegisterClassExW")
        try:
            window = calls["CreateWindowExW"](
                0, CLASS_NAME, CLASS_NAME, 0, 0, 0, 0, 0, None, None, module, None
            )
            if not window:
                raise _failed(calls, "CreateWindowExW")
            try:
                self._listen(calls, window)
            finally:
                calls["DestroyWindow"](window)
        finally:
            calls["UnregisterClassW"](CLASS_NAME, module)

    def _listen(self, calls: PowerCalls, window: int) -> None:
        """Handle messages until the thread is asked to end."""
        if not calls["WTSRegisterSessionNotification"](window, NOTIFY_FOR_THIS_SESSION):
            raise _failed(calls, "WTSRegisterSessionNotification")
        self._window = window
        self._ready.set()
        message = WindowMessage()
        try:
            # 0: WM_QUIT; -1: an error.
            while calls["GetMessageW"](ctypes.byref(message), None, 0, 0) > 0:
                if message.message == WM_END:
                    break
                calls["DispatchMessageW"](ctypes.byref(message))
        finally:
            calls["WTSUnRegisterSessionNotification"](window)


def _power(listener: PowerListener, what: int) -> None:
    if what == PBT_APMSUSPEND:
        listener.suspending()
    # Windows sends one at every wake, the other too when a person woke the machine.
    elif what in {PBT_APMRESUMEAUTOMATIC, PBT_APMRESUMESUSPEND}:
        listener.resumed()


def _session(listener: PowerListener, what: int) -> None:
    if what in {WTS_SESSION_LOCK, WTS_CONSOLE_DISCONNECT, WTS_REMOTE_DISCONNECT}:
        listener.lock_changed(WindowsPowerWatch.name, True)
    elif what in {WTS_SESSION_UNLOCK, WTS_CONSOLE_CONNECT, WTS_REMOTE_CONNECT}:
        listener.lock_changed(WindowsPowerWatch.name, False)


def _failed(calls: PowerCalls, name: str) -> OSError:
    return OSError(f"{name} failed with error {calls.last_error()}")
