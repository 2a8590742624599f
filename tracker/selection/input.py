"""Selects the input backends for an environment: one table, best first.

The first rule that fits is used; when its backend fails, the backends of the next fitting rules
replace it in order (`tracker.input.fallback`). `UnavailableInput` replaces no other backend: it is
used only where its rule is the first that fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from tracker.input.backends.unavailable import UnavailableInput
from tracker.input.fallback import Fallback

if TYPE_CHECKING:
    from tracker.input.interface import InputBackend
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


@dataclass(frozen=True)
class InputRule:
    """One row. None in `platform`, `session` or `allowed` matches everything, and so does an empty
    `needs`, which is one of `Environment.features`. `allowed` False matches where the system denies
    listening, True where it does not. `reason` is the sentence for the person.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    backend: str
    reason: str
    needs: str = ""

    def fits(self, environment: Environment) -> bool:
        return (
            self.platform in {None, environment.platform}
            and self.session in {None, environment.session}
            and self.allowed in {None, environment.may_listen is not False}
            and (not self.needs or self.needs in environment.features)
        )


RULES: tuple[InputRule, ...] = (
    InputRule(
        "linux",
        "x11",
        None,
        "xinput2",
        QT_TRANSLATE_NOOP("Doctor", "Input is counted at the X server (XInput2)."),
        "xinput2",
    ),
    InputRule(
        "linux",
        "x11",
        None,
        "xsync-idle",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "This X server does not allow input counts; only seconds with activity are recorded.",
        ),
        "xsync-idle",
    ),
    # Only where the user installed the extra `pynput`.
    InputRule(
        "linux",
        "x11",
        None,
        "pynput",
        QT_TRANSLATE_NOOP("Doctor", "Input is counted at the X server."),
        "pynput",
    ),
    # For a server that did not answer the probes: the monitor starts the backend until it works.
    InputRule(
        "linux",
        "x11",
        None,
        "xinput2",
        QT_TRANSLATE_NOOP("Doctor", "Input is counted at the X server (XInput2)."),
    ),
    # GNOME's compositor reports activity, but no counts.
    InputRule(
        "linux",
        "wayland",
        None,
        "mutter-idle",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "GNOME on Wayland does not allow input counts; only seconds with activity are "
            "recorded.",
        ),
        "mutter-idle",
    ),
    InputRule(
        "linux",
        "wayland",
        None,
        "idle-notify",
        QT_TRANSLATE_NOOP(
            "Doctor", "The compositor reports activity per second; keys and clicks are not counted."
        ),
        needs="ext-idle-notify",
    ),
    InputRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "This Wayland desktop does not report input; your time counts, and the record states "
            "that activity was not measured. A session on Xorg, chosen at the login screen, has "
            "counts.",
        ),
    ),
    InputRule(
        "linux",
        "none",
        None,
        "unavailable",
        QT_TRANSLATE_NOOP("Doctor", "No desktop: neither DISPLAY nor WAYLAND_DISPLAY is set."),
    ),
    InputRule(
        "win32",
        "windows",
        None,
        "pynput",
        QT_TRANSLATE_NOOP("Doctor", "Input is counted through Windows."),
    ),
    InputRule(
        "win32",
        "windows",
        None,
        "windows-idle",
        QT_TRANSLATE_NOOP(
            "Doctor", "Windows reports only seconds with activity; keys and clicks are not counted."
        ),
    ),
    InputRule(
        "darwin",
        "aqua",
        False,
        "mac-idle",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "macOS does not allow input counts; only seconds with activity are recorded. "
            "For counts, allow Workdiary under System Settings, Privacy & Security, "
            "Input Monitoring, then start recording again.",
        ),
    ),
    InputRule(
        "darwin",
        "aqua",
        True,
        "pynput-helper",
        QT_TRANSLATE_NOOP("Doctor", "Input is counted through macOS."),
    ),
    InputRule(
        "darwin",
        "aqua",
        True,
        "mac-idle",
        QT_TRANSLATE_NOOP(
            "Doctor", "macOS reports only seconds with activity; keys and clicks are not counted."
        ),
    ),
    InputRule(
        None,
        None,
        None,
        "unavailable",
        QT_TRANSLATE_NOOP("Doctor", "This version cannot count input on this system."),
    ),
)


# The constructors import their backend, so that those of other systems take no memory.


def _xinput2(*_: object) -> InputBackend:
    from tracker.input.backends.x11.xinput2 import xinput2

    return xinput2()


def _xsync_idle(*_: object) -> InputBackend:
    from tracker.input.backends.x11.sync_idle import xsync_idle

    return xsync_idle()


def _mutter_idle(*_: object) -> InputBackend:
    from tracker.input.backends.wayland.mutter_idle import MutterIdle

    return MutterIdle()


def _pynput(*_: object) -> InputBackend:
    from tracker.input.backends.pynput_hooks import PynputInput

    return PynputInput()


def _pynput_helper(*_: object) -> InputBackend:
    from tracker.input.backends.helper_process import HelperInput

    return HelperInput()


def _windows_idle(*_: object) -> InputBackend:
    from tracker.input.backends.windows_idle import windows_idle

    return windows_idle()


def _mac_idle(*_: object) -> InputBackend:
    from tracker.input.backends.macos_idle import mac_idle

    return mac_idle()


def _idle_notify(*_: object) -> InputBackend:
    from tracker.input.backends.wayland.idle_notify import IdleNotifyInput

    return IdleNotifyInput()


def _unavailable(_: Environment, reason: str) -> InputBackend:
    return UnavailableInput("unavailable", reason)


#: Constructors of the backends; arguments: the environment and the rule's reason.
BACKENDS: dict[str, Callable[[Environment, str], InputBackend]] = {
    "xinput2": _xinput2,
    "xsync-idle": _xsync_idle,
    "mutter-idle": _mutter_idle,
    "pynput": _pynput,
    "pynput-helper": _pynput_helper,
    "windows-idle": _windows_idle,
    "mac-idle": _mac_idle,
    "idle-notify": _idle_notify,
    "unavailable": _unavailable,
}


#: Backends that count nothing.
UNAVAILABLE = frozenset({"unavailable"})
SWITCHED_OFF = QT_TRANSLATE_NOOP(
    "Doctor",
    "You have switched counting off, and this system does not report seconds with activity; "
    "your time counts, and the record states that activity was not measured.",
)


@dataclass(frozen=True)
class InputSelection:
    """The selected backends, best first, and the sentence about the best one."""

    backends: tuple[InputBackend, ...]
    reason: str

    @property
    def backend(self) -> InputBackend:
        """All backends as one."""
        return self.backends[0] if len(self.backends) == 1 else Fallback(lambda: self.backends)


def input_rules_for(environment: Environment) -> tuple[InputRule, ...]:
    """The rules whose backends are used here, best first; at least one."""
    fitting = [rule for rule in RULES if rule.fits(environment)]
    if fitting[0].backend in UNAVAILABLE:
        return (fitting[0],)
    # The first rule of each backend.
    first = {rule.backend: rule for rule in reversed(fitting) if rule.backend not in UNAVAILABLE}
    return tuple(rule for rule in fitting if rule is first.get(rule.backend))


def select_input(environment: Environment, *, counts: bool = True) -> InputSelection:
    """The backends for this environment, at least one.

    Without `counts`, because the person has switched them off, only backends that report seconds.
    """
    made = [
        (rule, BACKENDS[rule.backend](environment, rule.reason))
        for rule in input_rules_for(environment)
    ]
    if not counts and made[0][0].backend not in UNAVAILABLE:
        made = [(rule, backend) for rule, backend in made if backend.quality == "active-only"]
        if not made:
            return InputSelection((UnavailableInput("unavailable", SWITCHED_OFF),), SWITCHED_OFF)
    return InputSelection(tuple(backend for _, backend in made), made[0][0].reason)
