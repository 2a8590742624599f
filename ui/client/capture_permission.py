"""The desktop's permission dialog for pictures, at Start.

GNOME asks once, for the active window, and remembers the answer; other desktops do not ask, or
share the screen until they end the session. The main window is therefore shown first
(`needs_permission`). It explains the dialog if the answer takes a second, and shows the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.selection.capture import ReselectingBackend


def needs_permission(capture: ReselectingBackend) -> bool:
    """Whether the desktop may ask at the next Start."""
    return capture.pending_permission is not None


def request_permission(capture: ReselectingBackend, notify: Callable[[str], None]) -> None:
    """Let the desktop ask if it must; waits for the person. `notify` receives a notice's code."""
    from uploader.account.device_keys import with_keyring_timeout

    backend = capture.pending_permission
    if backend is None:
        return
    waited: list[bool] = []

    def waiting() -> None:
        waited.append(True)
        notify("leave_asked")

    answer = with_keyring_timeout(backend.request_once, waiting)
    if answer == "denied":
        notify("leave_denied")
    elif waited:
        notify("leave_given" if answer == "allowed" else "leave_unknown")
