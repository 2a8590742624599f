"""Selects the capture backend for an environment: one table, the first rule that fits decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from tracker.capture.interface import (
    KeyValueFile,
    NeedsPermission,
    SelectableTarget,
    session_of,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tracker.capture.interface import CaptureBackend, Frame, HeldFrame, Screens
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


#: Keys of stored values: the note about a portal's picture, a portal's token.
PORTAL_PICTURE = "portal-picture"
SCREENCAST_TOKEN = "screencast-token"  # noqa: S105 - a key


@dataclass(frozen=True)
class CaptureRule:
    """One row. None in `platform`, `session` or `allowed` matches everything, and so does an empty
    `needs`, which lists `Environment.features`. `reason` is the sentence for the person.
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
    CaptureRule(
        "linux",
        "x11",
        None,
        "mss",
        QT_TRANSLATE_NOOP("Doctor", "Pictures are taken from the X server."),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "portal",
        QT_TRANSLATE_NOOP(
            "Doctor", "Pictures are taken through the desktop's portal, which may ask you once."
        ),
        needs=("portal-screenshot",),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "screencast",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "Pictures are taken through the desktop's screen cast portal, one frame at a time; it "
            "asks you once, and may briefly show that the screen is being recorded.",
        ),
        needs=("portal-screencast", "pipewire-frames"),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "This Wayland desktop offers programs only screen casts (the ScreenCast portal). "
            "To take pictures from them, install GStreamer's tools with their PipeWire and PNG "
            "elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, "
            "gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.",
        ),
        needs=("portal-screencast",),
    ),
    CaptureRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a "
            "Screenshot interface); your time counts, and the record states why there is no "
            "picture. In a session on Xorg, chosen at the login screen, pictures work.",
        ),
    ),
    CaptureRule(
        "linux",
        "none",
        None,
        "unavailable",
        QT_TRANSLATE_NOOP("Doctor", "No screen: neither DISPLAY nor WAYLAND_DISPLAY is set."),
    ),
    CaptureRule(
        "win32",
        "windows",
        None,
        "windows",
        QT_TRANSLATE_NOOP("Doctor", "Pictures are taken through Windows."),
    ),
    CaptureRule(
        "darwin",
        "aqua",
        False,
        "denied",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "macOS does not allow pictures. Allow Workdiary under System Settings, Privacy & "
            "Security, Screen Recording, then start recording again.",
        ),
    ),
    CaptureRule(
        "darwin",
        "aqua",
        None,
        "mac",
        QT_TRANSLATE_NOOP("Doctor", "Pictures are taken through macOS."),
    ),
    CaptureRule(
        None,
        None,
        None,
        "unavailable",
        QT_TRANSLATE_NOOP("Doctor", "This version takes no pictures on this system."),
    ),
)


#: Opens the stored value of that name.
OpenKeyValueFile = Callable[[str], KeyValueFile]

# The constructors import their backend, so that those of other systems take no memory.


def _mss(*_: object) -> CaptureBackend:
    from tracker.capture.picture_helper import HelperCapture

    return HelperCapture()


def _windows(*_: object) -> CaptureBackend:
    from tracker.capture.backends.windows import WindowsCapture

    return WindowsCapture()


def _mac(*_: object) -> CaptureBackend:
    from tracker.capture.backends.macos import MacCapture

    return MacCapture()


def _portal(_: str, open_store: OpenKeyValueFile) -> CaptureBackend:
    from tracker.capture.backends.portal_screenshot import PortalCapture

    return PortalCapture(open_store(PORTAL_PICTURE))


def _screencast(_: str, open_store: OpenKeyValueFile) -> CaptureBackend:
    from tracker.capture.backends.portal_screencast import ScreenCastCapture

    return ScreenCastCapture(open_store(SCREENCAST_TOKEN))


def _unavailable(reason: str, *_: object) -> CaptureBackend:
    from tracker.capture.backends.unavailable import UnavailableCapture

    return UnavailableCapture("unavailable", reason)


def _denied(reason: str, *_: object) -> CaptureBackend:
    from tracker.capture.backends.unavailable import UnavailableCapture

    return UnavailableCapture("denied", reason)


#: Constructors of the backends; arguments: the rule's reason and how to open stored values.
BACKENDS: dict[str, Callable[[str, OpenKeyValueFile], CaptureBackend]] = {
    "mss": _mss,
    "windows": _windows,
    "mac": _mac,
    "portal": _portal,
    "screencast": _screencast,
    "unavailable": _unavailable,
    "denied": _denied,
}


class NoKeyValueFile:
    """A `KeyValueFile` that stores nothing, for `workdiary doctor`."""

    def get(self) -> str | None:
        """Return None: nothing is stored."""
        return None

    def put(self, value: str | None) -> None:
        """Forget."""


def _no_store(name: str) -> KeyValueFile:  # noqa: ARG001 - nothing is kept under any name
    return NoKeyValueFile()


@dataclass(frozen=True)
class CaptureSelection:
    """The selected backend, and the sentence about it."""

    backend: CaptureBackend
    reason: str


def select_capture(
    environment: Environment, open_store: OpenKeyValueFile | None = None
) -> CaptureSelection:
    """The backend for this environment; `UnavailableCapture` if there is no other."""
    rule = next(rule for rule in RULES if rule.fits(environment))
    return CaptureSelection(
        BACKENDS[rule.backend](rule.reason, open_store or _no_store), rule.reason
    )


class ReselectingBackend:
    """A `CaptureBackend` that selects again when the environment has changed.

    The person may grant or withdraw a permission while the program runs: call `refresh` before each
    Start. The backend keeps its state while the environment is the same.
    """

    def __init__(
        self, detect: Callable[[], Environment], open_store: OpenKeyValueFile | None = None
    ) -> None:
        self._detect = detect
        self._open_store = open_store
        # Replaced as a whole by the thread that calls `refresh`.
        self._environment = detect()
        self._choice = select_capture(self._environment, open_store)
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
        environment = self._detect()
        if environment != self._environment:
            self._environment, self._choice = (
                environment,
                select_capture(environment, self._open_store),
            )
            self.set_target(self._screens)

    def set_target(self, screens: Screens) -> None:
        """See `SelectableTarget`; other backends show all monitors."""
        self._screens = screens
        backend = self._choice.backend
        if isinstance(backend, SelectableTarget):
            backend.set_target(screens)

    def session(self) -> AbstractContextManager[CaptureBackend]:
        """See `SessionBackend`. The session keeps its backend when another one is selected."""
        return session_of(self._choice.backend)

    def grab(self, now_ms: Callable[[], int]) -> Frame | HeldFrame:
        """See `CaptureBackend`."""
        return self._choice.backend.grab(now_ms)
