"""Asks the desktop's portal for a shortcut (org.freedesktop.portal.GlobalShortcuts), on Wayland.

The desktop may ask the person, may set other keys, and reports each press. The shortcut lasts as
long as the connection.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from tracker.capture.backends.portal_requests import PERSON_S, open_portal, portal_token
from tracker.capture.interface import CaptureError
from ui.client.shortcut.thread import ShortcutThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.capture.backends.portal_requests import PortalSession
    from ui.settings.shortcut import ShortcutKeys

_log = logging.getLogger(__name__)

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_SESSION = "org.freedesktop.portal.Session"
ID = "start-stop"
#: The names of modifiers in the XDG specification of shortcuts.
_MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
_LONGEST = 60
#: Seconds that `stop` waits for the thread, which a dialog of the desktop may keep.
_END_S = 0.2


class PortalShortcut(ShortcutThread):
    """Owns a thread with a connection to the session bus. It calls `report` with "" and the keys
    that the desktop has set, as the desktop writes them, or with the problem: "denied", "no_portal"
    or "failed"; and `pressed` for each press. `description` is for the person.
    """

    def __init__(
        self,
        keys: ShortcutKeys,
        description: str,
        pressed: Callable[[], None],
        report: Callable[[str, str], None],
    ) -> None:
        super().__init__(_END_S)
        self._keys = keys
        self._description = description
        self._pressed = pressed
        self._report = report

    def _run(self) -> None:
        try:
            with self._nudged, open_portal() as portal:
                self._serve(portal)
        except CaptureError as error:
            _log.warning("the shortcut does not work: %s", error)
            problems = {"denied": "denied", "unavailable": "no_portal"}
            self._report(problems.get(error.reason, "failed"), "")
        except Exception:  # noqa: BLE001 - the portal may answer anything
            _log.exception("the shortcut does not work, after an unforeseen error")
            self._report("failed", "")

    def _serve(self, portal: PortalSession) -> None:
        end = time.monotonic() + PERSON_S
        options = {"session_handle_token": portal_token()}
        made = portal.request(SHORTCUTS, "CreateSession", "", (), options, end)
        session = str(made["session_handle"][1])
        wanted = {
            "description": ("s", self._description),
            "preferred_trigger": ("s", _trigger(self._keys)),
        }
        signals = {(SHORTCUTS, "Activated"), (_SESSION, "Closed")}
        with portal.signals(signals, self._nudged) as received:
            body = (session, [(ID, wanted)], "")
            bound = portal.request(SHORTCUTS, "BindShortcuts", "oa(sa{sv})s", body, {}, end)
            self._report("", _keys_of(bound))
            for signal in received:
                if signal.name == "Closed" and signal.path == session:
                    raise CaptureError("error", "the desktop ended the shortcut")
                if signal.name == "Activated" and signal.body[:2] == (session, ID):
                    self._pressed()


def _trigger(keys: ShortcutKeys) -> str:
    """The keys in the XDG specification of shortcuts, as in `CTRL+ALT+r`."""
    held = [name for each, name in _MODIFIERS.items() if each in keys.modifiers]
    return "+".join((*held, keys.keysym))


def _keys_of(bound: dict[str, Any]) -> str:
    """The keys that the desktop has set. Raises CaptureError if there are none."""
    try:
        found = dict(bound.get("shortcuts", ("", ()))[1])
        keys = str(found[ID].get("trigger_description", ("s", ""))[1])
    except KeyError:
        raise CaptureError("denied", "the desktop set no keys") from None
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal answered without keys") from error
    return keys[:_LONGEST]
