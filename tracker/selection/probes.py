"""Probes for the features that backends need: libraries, services, display server extensions.

One table. A probe is quick and shows no dialog. The selection rules require features (`needs`);
`Environment.features` holds those that were found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tracker.platform.dbus import Kind

_log = logging.getLogger(__name__)

Session = Literal["x11", "wayland", "windows", "aqua", "none"]


@dataclass(frozen=True)
class Probe:
    """Checks for `feature` in these sessions; `check` gets the environment variables. An exception
    means that the feature is missing.
    """

    feature: str
    sessions: frozenset[Session]
    check: Callable[[Mapping[str, str]], bool]


def detect(probes: Sequence[Probe], session: Session, environ: Mapping[str, str]) -> frozenset[str]:
    """The features that were found."""
    return frozenset(
        probe.feature for probe in probes if session in probe.sessions and _there(probe, environ)
    )


def _there(probe: Probe, environ: Mapping[str, str]) -> bool:
    try:
        return probe.check(environ)
    except Exception as error:  # noqa: BLE001 - a feature with an error is unusable
        _log.info("%s cannot be used here: %s", probe.feature, error)
        return False


# Probes import late, so that a session does not load the libraries of another.


def _idle_notify(environ: Mapping[str, str]) -> bool:
    from tracker.input.backends.wayland.idle_notify import is_available

    return is_available(environ)


def _portal_screenshot(environ: Mapping[str, str]) -> bool:
    from tracker.capture.backends.portal_screenshot import is_available

    return is_available(environ)


def _portal_screencast(environ: Mapping[str, str]) -> bool:
    from tracker.capture.backends.portal_screencast import is_available

    return is_available(environ)


def _pipewire_frames(environ: Mapping[str, str]) -> bool:
    """Checked only where needed: GStreamer may take seconds to list its elements."""
    from tracker.capture.backends.pipewire_frame import is_available

    return not _portal_screenshot(environ) and is_available()


def _xinput2(environ: Mapping[str, str]) -> bool:
    from tracker.input.backends.x11.xinput2 import is_offered

    return _at_the_server(environ, is_offered)


def _extension(name: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda environ: _at_the_server(
        environ, lambda display: display.query_extension(name) is not None
    )


def _at_the_server(environ: Mapping[str, str], look: Callable[[Any], bool]) -> bool:
    from tracker.platform.x11 import open_display

    display = open_display(environ["DISPLAY"])
    try:
        return look(display)
    finally:
        display.display.socket.close()


_X11: frozenset[Session] = frozenset({"x11"})


def _bus(kind: Kind, environ: Mapping[str, str]) -> bool:
    from tracker.platform.dbus import address_of, is_reachable

    return is_reachable(address_of(kind, environ))


def _mutter(environ: Mapping[str, str]) -> bool:
    from tracker.input.backends.wayland.mutter_idle import is_available

    return is_available(environ)


_FREE: frozenset[Session] = frozenset({"x11", "wayland", "none"})

PROBES: tuple[Probe, ...] = (
    Probe("xinput2", _X11, _xinput2),
    Probe("pynput", _X11, lambda _: find_spec("pynput") is not None),
    Probe("xsync-idle", _X11, _extension("SYNC")),
    Probe("ext-idle-notify", frozenset({"wayland"}), _idle_notify),
    Probe("portal-screenshot", frozenset({"wayland"}), _portal_screenshot),
    Probe("portal-screencast", frozenset({"wayland"}), _portal_screencast),
    Probe("pipewire-frames", frozenset({"wayland"}), _pipewire_frames),
    # Lock and sleep.
    Probe("system-bus", _FREE, lambda environ: _bus("system", environ)),
    Probe("session-bus", _FREE, lambda environ: _bus("session", environ)),
    # GNOME's compositor.
    Probe("mutter-idle", frozenset({"wayland"}), _mutter),
)
