"""Grabs a shortcut on an X server, so that it works in every program.

A passive grab receives these keys alone: no other key reaches this program. The grab is repeated
for each state of the locks (Num Lock, Caps Lock), and after a change of the keyboard's layout.
"""

from __future__ import annotations

import logging
import select
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from tracker.platform.x11 import ServerError, connected
from ui.client.shortcut.thread import ShortcutThread
from ui.settings.shortcut import MODIFIERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.settings.shortcut import ShortcutKeys

_log = logging.getLogger(__name__)

#: Seconds that `stop` waits for the thread.
_END_S = 1.0
#: A held key repeats: the server reports a release and a press at the same time, in ms.
_REPEAT_MS = 1


class X11Shortcut(ShortcutThread):
    """Owns a thread with a connection to the server. It calls `report` with "" once the keys are
    grabbed, or with the problem: "taken", "no_key" or "failed"; and `pressed` for each press.
    """

    def __init__(
        self, keys: ShortcutKeys, pressed: Callable[[], None], report: Callable[[str], None]
    ) -> None:
        super().__init__(_END_S)
        self._keys = keys
        self._pressed = pressed
        self._report = report
        self._problem: str | None = None
        #: Codes of keys with their modifiers.
        self._grabbed: set[tuple[int, int]] = set()
        self._released = -_REPEAT_MS - 1

    def _run(self) -> None:
        try:
            with self._nudged, connected() as display:
                self._serve(display)
        except ServerError as error:
            _log.warning("the shortcut does not work: %s", error)
            self._report_change("failed")
        except Exception:  # noqa: BLE001 - python-xlib raises errors of many kinds
            _log.exception("the shortcut does not work, after an unforeseen error")
            self._report_change("failed")

    def _report_change(self, problem: str) -> None:
        if problem != self._problem:
            self._problem = problem
            self._report(problem)

    def _serve(self, display: Any) -> None:
        from Xlib import X

        self._grab(display)
        while True:
            while display.pending_events():
                event = display.next_event()
                if event.type == X.KeyRelease:
                    self._released = event.time
                elif event.type == X.KeyPress and event.time - self._released > _REPEAT_MS:
                    self._pressed()
                elif event.type == X.MappingNotify and event.request != X.MappingPointer:
                    display.refresh_keyboard_mapping(event)
                    self._grab(display)
            ready, _, _ = select.select([display, self._nudged], [], [])
            if self._nudged in ready:
                return

    def _grab(self, display: Any) -> None:
        """Grab the keys, and report the result. Grabs that stay are not made again: a press in
        between would be lost, and the server reports a new mapping when a second keyboard is used.
        """
        from Xlib import X, error

        root = display.screen().root
        wanted = self._combinations(display)
        refused = error.CatchError(error.BadAccess)
        for code, held in wanted - self._grabbed:
            root.grab_key(code, held, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        display.sync()
        # All or nothing: it would seem to work until a lock is pressed.
        taken = refused.get_error() is not None
        for code, held in (self._grabbed | wanted) - (set() if taken else wanted):
            root.ungrab_key(code, held)
        display.sync()
        self._grabbed = set() if taken else wanted
        self._report_change("taken" if taken else "" if wanted else "no_key")

    def _combinations(self, display: Any) -> set[tuple[int, int]]:
        """The codes of the key, each with the modifiers in every state of the locks."""
        from Xlib import XK, X

        held = sum(getattr(X, f"{MODIFIERS[name]}Mask") for name in self._keys.modifiers)
        codes = {code for code, _ in display.keysym_to_keycodes(_keysym(XK, self._keys.keysym))}
        return {(code, held | locks) for code in codes for locks in _lock_states(display, XK)}


def _keysym(names: Any, name: str) -> int:
    return int(names.string_to_keysym(name))


def _lock_states(display: Any, names: Any) -> set[int]:
    """Each combination of the modifiers that are locks: they must not disable the shortcut."""
    from Xlib import X

    locks = {X.LockMask}
    lock_codes = {
        code
        for name in ("Num_Lock", "Scroll_Lock")
        for code, _ in display.keysym_to_keycodes(_keysym(names, name))
    }
    for number, codes in enumerate(display.get_modifier_mapping()):
        if lock_codes & {code for code in codes if code}:
            locks.add(1 << number)
    sizes = range(len(locks) + 1)
    return {sum(some) for some in chain.from_iterable(combinations(locks, size) for size in sizes)}
