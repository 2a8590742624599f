"""Which way to take pictures on which desk: one table, the first row that fits decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.capture.base import Aimed
from tracker.capture.mac import MacCapture
from tracker.capture.mss_backend import MssCapture
from tracker.capture.none import NoCapture
from tracker.capture.portal import PortalCapture
from tracker.capture.windows import WindowsCapture

if TYPE_CHECKING:
    from tracker.capture.base import CaptureBackend, Frame, Screens
    from tracker.desk import Desk
    from tracker.tools import Session


@dataclass(frozen=True)
class Row:
    """None in `platform`, `session` or `allowed` fits everything, and so does an empty `needs`,
    which names a tool of `Desk.tools`. `words` says why this way.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    way: str
    words: str
    needs: str = ""

    def fits(self, desk: Desk) -> bool:
        return (
            self.platform in {None, desk.platform}
            and self.session in {None, desk.session}
            and self.allowed in {None, desk.may_capture}
            and (not self.needs or self.needs in desk.tools)
        )


ROWS: tuple[Row, ...] = (
    Row("linux", "x11", None, "mss", "Pictures are taken from the X server."),
    Row(
        "linux",
        "wayland",
        None,
        "portal",
        "Pictures are taken by the desktop's portal, which may ask you once.",
        needs="portal-screenshot",
    ),
    Row(
        "linux",
        "wayland",
        None,
        "unavailable",
        "This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a "
        "Screenshot interface); your time counts, and the record says why there is no picture. "
        "A session on Xorg, chosen at the login screen, has pictures.",
    ),
    Row(
        "linux",
        "none",
        None,
        "unavailable",
        "There is no screen here: no display is set.",
    ),
    Row("win32", "windows", None, "windows", "Pictures are taken through Windows."),
    Row(
        "darwin",
        "aqua",
        False,
        "denied",
        "macOS does not allow pictures. Allow Workdiary under System Settings, Privacy & "
        "Security, Screen Recording, then start the work again.",
    ),
    Row("darwin", "aqua", None, "mac", "Pictures are taken through macOS."),
    Row(None, None, None, "unavailable", "This version takes no pictures on this system."),
)


#: How each way is made, from the desk and the row's words.
WAYS: dict[str, Callable[[Desk, str], CaptureBackend]] = {
    "mss": lambda desk, words: MssCapture(),  # noqa: ARG005
    "windows": lambda desk, words: WindowsCapture(),  # noqa: ARG005
    "mac": lambda desk, words: MacCapture(),  # noqa: ARG005
    "portal": lambda desk, words: PortalCapture(),  # noqa: ARG005
    "unavailable": lambda desk, words: NoCapture("unavailable", words),  # noqa: ARG005
    "denied": lambda desk, words: NoCapture("denied", words),  # noqa: ARG005
}


@dataclass(frozen=True)
class Choice:
    """The way chosen, and why, in words."""

    backend: CaptureBackend
    words: str


def choose(desk: Desk) -> Choice:
    """The way for this desk; there is always one, if only the one that refuses."""
    row = next(row for row in ROWS if row.fits(desk))
    return Choice(WAYS[row.way](desk, row.words), row.words)


class Chosen:
    """The way for the desk as it was last looked at; a `CaptureBackend`.

    A permission may be given, or taken, while the program runs: `look_again` is for before each
    Start. The way stays as it is, with all that it knows, while the desk does.
    """

    def __init__(self, look: Callable[[], Desk]) -> None:
        self._look = look
        # Replaced as a whole by the thread that looks again.
        self._desk = look()
        self._choice = choose(self._desk)
        self._screens: Screens = "all"

    @property
    def name(self) -> str:
        """That of the way."""
        return self._choice.backend.name

    @property
    def words(self) -> str:
        """Why this way."""
        return self._choice.words

    @property
    def asks(self) -> PortalCapture | None:
        """The way, if it is one that has to ask its person for leave and has not done so."""
        backend = self._choice.backend
        if isinstance(backend, PortalCapture) and backend.leave == "unasked":
            return backend
        return None

    def look_again(self) -> None:
        """Choose anew where the desk has changed."""
        desk = self._look()
        if desk != self._desk:
            self._desk, self._choice = desk, choose(desk)
            self.aim(self._screens)

    def aim(self, screens: Screens) -> None:
        """See `tracker.capture.base.Aimed`; a way that cannot choose shows all monitors."""
        self._screens = screens
        backend = self._choice.backend
        if isinstance(backend, Aimed):
            backend.aim(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """See `CaptureBackend`."""
        return self._choice.backend.grab(now_ms)
