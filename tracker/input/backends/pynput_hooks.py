"""Input counts from pynput: X11 (RECORD extension), Windows (hooks), macOS (an event tap).

Rules kept: the library is imported when counting starts; a callback uses an event only to count
it; a listener that fails is detected (`alive`) and logged once. On macOS the listener must run in a
process without Qt: `tracker.input.backends.helper_process`.

On X11 pynput counts the repeats of a held key, mistakes a key for another one when Shift is
released first, reports ready before it listens, and stops only at the next event. `_x11` fixes all
four.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from tracker.input.held_keys import HeldKeys
from tracker.input.interface import InputError

if TYPE_CHECKING:
    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputSink

log = logging.getLogger(__name__)

# pynput's X11 backend reports False for events that it cannot classify.
_REPORTS_INJECTED = sys.platform in {"win32", "darwin"}
READY_S = 10.0
END_S = 5.0


class PynputInput:
    """Counts with two listener threads, one for keys and one for the pointer."""

    name = "pynput"
    quality: InputQuality = "ok"

    def __init__(self) -> None:
        self._listeners: list[Any] = []

    def start(self, sink: InputSink) -> None:
        """Start. Raises InputError("unavailable") when the desktop refuses to report input."""
        self.stop()
        problem = None if _REPORTS_INJECTED else _x11_problem()
        if problem is not None:
            raise InputError("unavailable", f"cannot listen to input: {problem}")
        try:
            self._listeners = _listeners(sink)
        # The import fails with errors of many kinds where a part of the system is missing.
        except Exception as error:
            raise InputError("unavailable", f"cannot listen to input: {error}") from error
        for listener in self._listeners:
            listener.start()
        for listener in self._listeners:
            if not listener.listening.wait(READY_S) or not listener.is_alive():
                self.stop()
                raise InputError("unavailable", "the desktop refuses to report input")

    def stop(self) -> None:
        for listener in self._listeners:
            if listener.is_alive() and listener.listening.is_set():
                listener.stop()
        for listener in self._listeners:
            # pynput's own join() raises the listener's exception again, which is logged already.
            threading.Thread.join(listener, END_S)
        self._listeners = []

    def alive(self) -> bool:
        return bool(self._listeners) and all(one.is_alive() for one in self._listeners)


def _listeners(sink: InputSink) -> list[Any]:
    """The two listeners, not started; each has an event `listening`."""
    from pynput import keyboard, mouse

    pressed = HeldKeys()

    def press(key: Any, injected: bool) -> None:
        if pressed.press(_identity(key)):
            sink.key(injected=injected if _REPORTS_INJECTED else None)

    def release(key: Any, _injected: bool) -> None:
        pressed.release(_identity(key))

    def click(_x: int, _y: int, _button: Any, down: bool, injected: bool) -> None:
        if down:
            sink.click(injected=injected if _REPORTS_INJECTED else None)

    def scroll(_x: int, _y: int, _dx: int, _dy: int, injected: bool) -> None:
        sink.scroll(injected=injected if _REPORTS_INJECTED else None)

    def move(_x: int, _y: int, injected: bool) -> None:
        sink.move(injected=injected if _REPORTS_INJECTED else None)

    adapt = _other if _REPORTS_INJECTED else _x11
    return [
        adapt(keyboard.Listener)(on_press=press, on_release=release),
        adapt(mouse.Listener)(on_move=move, on_click=click, on_scroll=scroll),
    ]


def _x11_problem() -> str | None:
    """Why the X server cannot be reached. pynput would fail at its import instead."""
    from Xlib.display import Display

    try:
        Display().close()
    # python-xlib raises errors of many kinds: display name, socket, permission.
    except Exception as error:  # noqa: BLE001
        return str(error)
    return None


def _identity(key: Any) -> int | str:
    """Identifies a key at press and release, also if Shift changes in between."""
    if isinstance(key, int):
        return key
    code = getattr(key, "value", key)
    return code.vk if getattr(code, "vk", None) is not None else str(key)


def _watched(base: Any) -> Any:
    """A listener class that logs its failure instead of printing a traceback to stderr."""

    class Watched(base):  # type: ignore[misc]
        def __init__(self, **callbacks: Any) -> None:
            super().__init__(**callbacks)
            self.listening = threading.Event()

        def run(self) -> None:
            try:
                super().run()
            # A failed listener must not stop the recorder, which then reports input as not
            # measured.
            except Exception as error:  # noqa: BLE001
                log.warning("listening to input failed: %s", error)
            finally:
                # Release `start`, which waits for this event.
                self.listening.set()

    return Watched


def _other(base: Any) -> Any:
    """The listener class for Windows and macOS: ready when pynput reports so."""

    class Other(_watched(base)):  # type: ignore[misc]
        def _mark_ready(self) -> None:
            super()._mark_ready()
            self.listening.set()

    return Other


def _x11(base: Any) -> Any:
    """The listener class for X11: identifies keys by keycode, ready once RECORD runs, stops at
    once.
    """
    from Xlib.display import Display
    from Xlib.error import DisplayError
    from Xlib.ext.record import StartOfData

    class X11(_watched(base)):  # type: ignore[misc]
        def run(self) -> None:
            super().run()
            for name in ("_display_stop", "_display_record"):
                if hasattr(self, name):
                    # Display.close() fails and leaves the socket open once the server is gone.
                    getattr(self, name).display.socket.close()

        def _handler(self, reply: Any) -> None:
            if reply.category == StartOfData:
                self.listening.set()
            else:
                super()._handler(reply)

        def _event_to_key(self, _display: Any, event: Any) -> int:
            # The keycode is the same at press and release; the keysym is never looked up.
            return int(event.detail)

        def _stop_platform(self) -> None:
            # pynput does not send its own request before the next event, and the listener's
            # connections belong to its thread, so a third one stops it (RecordDisableContext of
            # the RECORD extension). If the server is gone, the listener has ended already.
            with contextlib.suppress(DisplayError, OSError):
                control = Display(self._display_record.get_display_name())
                control.record_disable_context(self._context)
                control.sync()
                control.close()

    return X11
