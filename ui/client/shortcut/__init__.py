"""The shortcut for Start and Stop that works in every program: a grab on X11, a portal on Wayland.

Windows and macOS offer only what pynput does there: a second hook that receives every key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.selection.probes import Session


class Shortcut(Protocol):
    """A shortcut that works until `stop`."""

    def stop(self) -> None:
        """End it; waits at most a second."""


def begin(
    session: Session,
    text: str,
    description: str,
    pressed: Callable[[], None],
    report: Callable[[str, str], None],
) -> Shortcut:
    """Set a shortcut in an X11 or Wayland session. `report` gets a problem or "", and the keys in
    the desktop's words if the desktop chose them. The callbacks are called on another thread.
    """
    from ui.settings.shortcut import ShortcutKeys

    keys = ShortcutKeys.parse(text)
    if session == "wayland":
        from ui.client.shortcut.portal import PortalShortcut

        asked = PortalShortcut(keys, description, pressed, report)
        asked.start()
        return asked
    from ui.client.shortcut.x11 import X11Shortcut

    made = X11Shortcut(keys, pressed, lambda problem: report(problem, ""))
    made.start()
    return made
