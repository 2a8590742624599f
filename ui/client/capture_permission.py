"""The desktop's own question whether pictures may be taken: asked at Start, from the window.

GNOME asks its person once, for the window in use, and remembers; others do not ask, or lend their
screens from one picture to the next. So the window is shown first (`asks`), says what is asked if
the answer takes a moment, and what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.selection.capture import ReselectingBackend


def needs_permission(capture: ReselectingBackend) -> bool:
    """Whether the next Start may bring up the desktop's question."""
    return capture.asks is not None


def request_permission(capture: ReselectingBackend, told: Callable[[str], None]) -> None:
    """Let the desktop ask, if it has to be asked; waits for the person. `told` takes the code of
    what to show.
    """
    from uploader.account.device_keys import with_keyring_timeout

    backend = capture.asks
    if backend is None:
        return
    waited: list[bool] = []

    def waiting() -> None:
        waited.append(True)
        told("leave_asked")

    leave = with_keyring_timeout(backend.ask_once, waiting)
    if leave == "denied":
        told("leave_denied")
    elif waited:
        told("leave_given" if leave == "allowed" else "leave_unknown")
