"""Which way to take pictures on which desk: one table, the first row that fits decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.capture.backends.macos import MacCapture
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.backends.portal_screencast import ScreenCastCapture
from tracker.capture.backends.portal_screenshot import PortalCapture
from tracker.capture.backends.unavailable import UnavailableCapture
from tracker.capture.backends.windows import WindowsCapture
from tracker.capture.interface import KeyValueFile, NeedsPermission, SelectableTarget

if TYPE_CHECKING:
    from tracker.capture.interface import CaptureBackend, Frame, Screens
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


#: The names of what ways have to remember: the note of a portal's picture, a portal's token.
PORTAL_PICTURE = "portal-picture"
SCREENCAST_TOKEN = "screencast-token"  # noqa: S105 - a name


@dataclass(frozen=True)
class CaptureRule:
    """None in `platform`, `session` or `allowed` fits everything, and so do empty `needs`,
    which name tools of `Desk.tools`. `words` says why this way.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    backend: str
    reason: str
    needs: tuple[str, ...] = ()

    def fits(self, desk: Environment) -> bool:
        return (
            self.platform in {None, desk.platform}
            and self.session in {None, desk.session}
            and self.allowed in {None, desk.may_capture}
            and desk.features.issuperset(self.needs)
        )


RULES: tuple[CaptureRule, ...] = (
    CaptureRule("linux", "x11", None, "mss", "Pictures are taken from the X server."),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "portal",
        "Pictures are taken by the desktop's portal, which may ask you once.",
        needs=("portal-screenshot",),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "screencast",
        "Pictures are taken by the desktop's portal for films of the screen, one frame for each; "
        "it asks you once, and may show for a moment that the screen is seen.",
        needs=("portal-screencast", "pipewire-frames"),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        "This Wayland desktop shows its screen to programs as a film only (the ScreenCast portal). "
        "For pictures from it please install GStreamer's tools with their PipeWire and PNG "
        "elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base "
        "and gstreamer1.0-plugins-good.",
        needs=("portal-screencast",),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        "This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a "
        "Screenshot interface); your time counts, and the record says why there is no picture. "
        "A session on Xorg, chosen at the login screen, has pictures.",
    ),
    CaptureRule(
        "linux",
        "none",
        None,
        "unavailable",
        "There is no screen here: no display is set.",
    ),
    CaptureRule("win32", "windows", None, "windows", "Pictures are taken through Windows."),
    CaptureRule(
        "darwin",
        "aqua",
        False,
        "denied",
        "macOS does not allow pictures. Allow Workdiary under System Settings, Privacy & "
        "Security, Screen Recording, then start the work again.",
    ),
    CaptureRule("darwin", "aqua", None, "mac", "Pictures are taken through macOS."),
    CaptureRule(None, None, None, "unavailable", "This version takes no pictures on this system."),
)


#: Gives the place of that name for what a way has to remember.
OpenKeyValueFile = Callable[[str], KeyValueFile]

#: How each way is made, from the row's words and such places.
BACKENDS: dict[str, Callable[[str, OpenKeyValueFile], CaptureBackend]] = {
    "mss": lambda words, place: MssCapture(),  # noqa: ARG005
    "windows": lambda words, place: WindowsCapture(),  # noqa: ARG005
    "mac": lambda words, place: MacCapture(),  # noqa: ARG005
    "portal": lambda words, place: PortalCapture(place(PORTAL_PICTURE)),  # noqa: ARG005
    "screencast": lambda words, place: ScreenCastCapture(place(SCREENCAST_TOKEN)),  # noqa: ARG005
    "unavailable": lambda words, place: UnavailableCapture("unavailable", words),  # noqa: ARG005
    "denied": lambda words, place: UnavailableCapture("denied", words),  # noqa: ARG005
}


class NoKeyValueFile:
    """A `Kept` that holds nothing, for who only looks."""

    def get(self) -> str | None:
        """None."""
        return None

    def put(self, value: str | None) -> None:
        """Forget."""


def _nowhere(name: str) -> KeyValueFile:  # noqa: ARG001 - nothing is kept under any name
    return NoKeyValueFile()


@dataclass(frozen=True)
class CaptureSelection:
    """The way chosen, and why, in words."""

    backend: CaptureBackend
    reason: str


def select_capture(desk: Environment, place: OpenKeyValueFile | None = None) -> CaptureSelection:
    """The way for this desk; there is always one, if only the one that refuses."""
    row = next(row for row in RULES if row.fits(desk))
    return CaptureSelection(BACKENDS[row.backend](row.reason, place or _nowhere), row.reason)


class ReselectingBackend:
    """The way for the desk as it was last looked at; a `CaptureBackend`.

    A permission may be given, or taken, while the program runs: `look_again` is for before each
    Start. The way stays as it is, with all that it knows, while the desk does.
    """

    def __init__(
        self, look: Callable[[], Environment], place: OpenKeyValueFile | None = None
    ) -> None:
        self._look = look
        self._place = place
        # Replaced as a whole by the thread that looks again.
        self._desk = look()
        self._choice = select_capture(self._desk, place)
        self._screens: Screens = "all"

    @property
    def name(self) -> str:
        """That of the way."""
        return self._choice.backend.name

    @property
    def reason(self) -> str:
        """Why this way."""
        return self._choice.reason

    @property
    def pending_permission(self) -> NeedsPermission | None:
        """The way, if it is one that has to ask its person for leave and has not done so."""
        backend = self._choice.backend
        if isinstance(backend, NeedsPermission) and backend.permission == "unasked":
            return backend
        return None

    def refresh(self) -> None:
        """Choose anew where the desk has changed."""
        desk = self._look()
        if desk != self._desk:
            self._desk, self._choice = desk, select_capture(desk, self._place)
            self.set_target(self._screens)

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.Aimed`; a way that cannot choose shows all monitors."""
        self._screens = screens
        backend = self._choice.backend
        if isinstance(backend, SelectableTarget):
            backend.set_target(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """See `CaptureBackend`."""
        return self._choice.backend.grab(now_ms)
