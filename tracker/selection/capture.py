"""Selects the capture backend for an environment: one table, the first rule that fits decides."""

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


#: Names of the values that backends store: the note about a portal's picture, a portal's token.
PORTAL_PICTURE = "portal-picture"
SCREENCAST_TOKEN = "screencast-token"  # noqa: S105 - a name


@dataclass(frozen=True)
class CaptureRule:
    """One row. None in `platform`, `session` or `allowed` fits everything, and so do empty `needs`,
    which name `Environment.features`. `reason` is the sentence for the person.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    backend: str
    reason: str
    needs: tuple[str, ...] = ()

    def fits(self, environment: Environment) -> bool:
        return (
            self.platform in {None, environment.platform}
            and self.session in {None, environment.session}
            and self.allowed in {None, environment.may_capture}
            and environment.features.issuperset(self.needs)
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


#: Opens the stored value of that name.
OpenKeyValueFile = Callable[[str], KeyValueFile]

#: Constructors of the backends; arguments: the rule's reason and how to open stored values.
BACKENDS: dict[str, Callable[[str, OpenKeyValueFile], CaptureBackend]] = {
    "mss": lambda reason, place: MssCapture(),  # noqa: ARG005
    "windows": lambda reason, place: WindowsCapture(),  # noqa: ARG005
    "mac": lambda reason, place: MacCapture(),  # noqa: ARG005
    "portal": lambda reason, place: PortalCapture(place(PORTAL_PICTURE)),  # noqa: ARG005
    "screencast": lambda reason, place: ScreenCastCapture(place(SCREENCAST_TOKEN)),  # noqa: ARG005
    "unavailable": lambda reason, place: UnavailableCapture("unavailable", reason),  # noqa: ARG005
    "denied": lambda reason, place: UnavailableCapture("denied", reason),  # noqa: ARG005
}


class NoKeyValueFile:
    """A `KeyValueFile` that stores nothing, for `workdiary doctor`."""

    def get(self) -> str | None:
        """None."""
        return None

    def put(self, value: str | None) -> None:
        """Forget."""


def _nowhere(name: str) -> KeyValueFile:  # noqa: ARG001 - nothing is kept under any name
    return NoKeyValueFile()


@dataclass(frozen=True)
class CaptureSelection:
    """The selected backend, and the sentence about it."""

    backend: CaptureBackend
    reason: str


def select_capture(
    environment: Environment, place: OpenKeyValueFile | None = None
) -> CaptureSelection:
    """The backend for this environment; `UnavailableCapture` if there is no other."""
    rule = next(rule for rule in RULES if rule.fits(environment))
    return CaptureSelection(BACKENDS[rule.backend](rule.reason, place or _nowhere), rule.reason)


class ReselectingBackend:
    """A `CaptureBackend` that selects again when the environment has changed.

    The person may give or withdraw a permission while the program runs: call `refresh` before each
    Start. The backend keeps its state while the environment is the same.
    """

    def __init__(
        self, look: Callable[[], Environment], place: OpenKeyValueFile | None = None
    ) -> None:
        self._look = look
        self._place = place
        # Replaced as a whole by the thread that calls `refresh`.
        self._environment = look()
        self._choice = select_capture(self._environment, place)
        self._screens: Screens = "all"

    @property
    def name(self) -> str:
        """The name of the selected backend."""
        return self._choice.backend.name

    @property
    def reason(self) -> str:
        """The sentence about the selected backend."""
        return self._choice.reason

    @property
    def pending_permission(self) -> NeedsPermission | None:
        """The selected backend, if it has to request a permission and has not done so."""
        backend = self._choice.backend
        if isinstance(backend, NeedsPermission) and backend.permission == "unasked":
            return backend
        return None

    def refresh(self) -> None:
        """Select again if the environment has changed."""
        environment = self._look()
        if environment != self._environment:
            self._environment, self._choice = environment, select_capture(environment, self._place)
            self.set_target(self._screens)

    def set_target(self, screens: Screens) -> None:
        """See `SelectableTarget`; other backends show all monitors."""
        self._screens = screens
        backend = self._choice.backend
        if isinstance(backend, SelectableTarget):
            backend.set_target(screens)

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """See `CaptureBackend`."""
        return self._choice.backend.grab(now_ms)
