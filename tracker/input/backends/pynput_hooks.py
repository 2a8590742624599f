"""Input counts by pynput: X11 (RECORD extension), Windows (hooks), macOS (an event tap).

Rules kept: the library is loaded when counting starts; a callback looks at an event only to count
it; a listener that fails is noticed (`alive`) and logged once. On macOS the listener must be in a
process without Qt: `tracker.input.backends.helper_process`.

On X11 pynput itself repeats a held key, takes a key for another one when Shift is let go before it,
tells ready before it listens, and ends only with the next event: `_x11` mends these four.
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

# pynput's X11 backend says False for what it cannot know.
_TELLS_INJECTED = sys.platform in {"win32", "darwin"}
READY_S = 10.0
END_S = 5.0


class PynputInput:
    """Two listener threads, one for keys and one for the pointer."""

    name = "pynput"
    quality: InputQuality = "ok"

    def __init__(self) -> None:
        self._listeners: list[Any] = []

    def start(self, sink: InputSink) -> None:
        """Raises InputError("unavailable") when the desktop does not let us listen."""
        self.stop()
        problem = None if _TELLS_INJECTED else _x11_problem()
        if problem is not None:
            raise InputError("unavailable", f"input cannot be listened to: {problem}")
        try:
            self._listeners = _listeners(sink)
        # The import fails where a part of the system is missing, with errors of any kind.
        except Exception as error:
            raise InputError("unavailable", f"input cannot be listened to: {error}") from error
        for listener in self._listeners:
            listener.start()
        for listener in self._listeners:
            if not listener.listening.wait(READY_S) or not listener.is_alive():
                self.stop()
                raise InputError("unavailable", "the desktop does not let input be listened to")

    def stop(self) -> None:
        for listener in self._listeners:
            if listener.is_alive() and listener.listening.is_set():
                listener.stop()
        for listener in self._listeners:
            # pynput's own join() raises what the listener died of, which is logged already.
            threading.Thread.join(listener, END_S)
        self._listeners = []

    def alive(self) -> bool:
        return bool(self._listeners) and all(one.is_alive() for one in self._listeners)


def _listeners(sink: InputSink) -> list[Any]:
    """The two listeners, not started, with an event `listening` each."""
    from pynput import keyboard, mouse

    pressed = HeldKeys()

    def press(key: Any, injected: bool) -> None:
        if pressed.press(_identity(key)):
            sink.key(injected=injected if _TELLS_INJECTED else None)

    def release(key: Any, _injected: bool) -> None:
        pressed.release(_identity(key))

    def click(_x: int, _y: int, _button: Any, down: bool, injected: bool) -> None:
        if down:
            sink.click(injected=injected if _TELLS_INJECTED else None)

    def scroll(_x: int, _y: int, _dx: int, _dy: int, injected: bool) -> None:
        sink.scroll(injected=injected if _TELLS_INJECTED else None)

    def move(_x: int, _y: int, injected: bool) -> None:
        sink.move(injected=injected if _TELLS_INJECTED else None)

    mend = _other if _TELLS_INJECTED else _x11
    return [
        mend(keyboard.Listener)(on_press=press, on_release=release),
        mend(mouse.Listener)(on_move=move, on_click=click, on_scroll=scroll),
    ]


def _x11_problem() -> str | None:
    """Why the X server cannot be reached. Asked before pynput, which asks when it is imported."""
    from Xlib.display import Display

    try:
        Display().close()
    # python-xlib lets errors of many kinds through: of the name, the socket, the permission.
    except Exception as error:  # noqa: BLE001
        return str(error)
    return None


def _identity(key: Any) -> int | str:
    """What tells one key of the keyboard from another, whatever Shift does."""
    if isinstance(key, int):
        return key
    code = getattr(key, "value", key)
    return code.vk if getattr(code, "vk", None) is not None else str(key)


def _watched(base: Any) -> Any:
    """A listener that logs its failure instead of dying with a traceback on stderr."""

    class Watched(base):  # type: ignore[misc]
        def __init__(self, **callbacks: Any) -> None:
            super().__init__(**callbacks)
            self.listening = threading.Event()

        def run(self) -> None:
            try:
                super().run()
            # Whatever ends a listener, the recorder must go on and say that input is not measured.
            except Exception as error:  # noqa: BLE001
                log.warning("listening to input ended: %s", error)
            finally:
                # Nobody waits any longer for a listener that has ended.
                self.listening.set()

    return Watched


def _other(base: Any) -> Any:
    """Windows and macOS: ready when pynput says so."""

    class Other(_watched(base)):  # type: ignore[misc]
        def _mark_ready(self) -> None:
            super()._mark_ready()
            self.listening.set()

    return Other


def _x11(base: Any) -> Any:
    """X11: keys by their place, ready when recording has begun, ended at once."""
    from Xlib.display import Display
    from Xlib.error import DisplayError
    from Xlib.ext.record import StartOfData

    class X11(_watched(base)):  # type: ignore[misc]
        def run(self) -> None:
            super().run()
            for name in ("_display_stop", "_display_record"):
                if hasattr(self, name):
                    # Display.close() fails, and leaves the socket open, when the server is gone.
                    getattr(self, name).display.socket.close()

        def _handler(self, reply: Any) -> None:
            if reply.category == StartOfData:
                self.listening.set()
            else:
                super()._handler(reply)

        def _event_to_key(self, _display: Any, event: Any) -> int:
            # The key's code is the same at press and release; its symbol is never looked up.
            return int(event.detail)

        def _stop_platform(self) -> None:
            # pynput leaves its request unsent until the next event, and the listener's own
            # connections belong to its thread: a third one tells the server (RECORD extension,
            # RecordDisableContext). A server that is gone has ended the listener already.
            with contextlib.suppress(DisplayError, OSError):
                control = Display(self._display_record.get_display_name())
                control.record_disable_context(self._context)
                control.sync()
                control.close()

    return X11
