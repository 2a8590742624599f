"""Which way to count input on which desk: one table, best first.

The first row that fits is used; where it fails, the rows that fit below it take its place in their
order (`tracker.input.fallback`). A way that counts nothing stands in for none of them: it is used
only where it is the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.input.backends.helper_process import HelperInput
from tracker.input.backends.macos_idle import mac_idle
from tracker.input.backends.pynput_hooks import PynputInput
from tracker.input.backends.unavailable import UnavailableInput
from tracker.input.backends.wayland.idle_notify import IdleNotifyInput
from tracker.input.backends.wayland.mutter_idle import MutterIdle
from tracker.input.backends.windows_idle import windows_idle
from tracker.input.backends.x11.sync_idle import xsync_idle
from tracker.input.backends.x11.xinput2 import xinput2
from tracker.input.fallback import Fallback

if TYPE_CHECKING:
    from tracker.input.interface import InputBackend
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


@dataclass(frozen=True)
class InputRule:
    """None in `platform`, `session` or `allowed` fits everything, and so does an empty `needs`,
    which names a tool of `Desk.tools`. `allowed` False fits where the system denies listening,
    True where it does not. `words` says why this way.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    backend: str
    reason: str
    needs: str = ""

    def fits(self, desk: Environment) -> bool:
        return (
            self.platform in {None, desk.platform}
            and self.session in {None, desk.session}
            and self.allowed in {None, desk.may_listen is not False}
            and (not self.needs or self.needs in desk.features)
        )


RULES: tuple[InputRule, ...] = (
    InputRule(
        "linux", "x11", None, "xinput2", "Input is counted at the X server (XInput2).", "xinput2"
    ),
    InputRule(
        "linux",
        "x11",
        None,
        "xsync-idle",
        "This X server allows no input counts; the record shows in which seconds there was input.",
        "xsync-idle",
    ),
    # Only where the user installed the extra `pynput`.
    InputRule("linux", "x11", None, "pynput", "Input is counted at the X server.", "pynput"),
    # For a server that did not answer the probes: the monitor starts the backend until it works.
    InputRule("linux", "x11", None, "xinput2", "Input is counted at the X server (XInput2)."),
    # GNOME's compositor tells activity, and counts for nobody.
    InputRule(
        "linux",
        "wayland",
        None,
        "mutter-idle",
        "GNOME on Wayland lets no program count input: seconds with activity are recorded, without "
        "counts.",
        "mutter-idle",
    ),
    InputRule(
        "linux",
        "wayland",
        None,
        "idle-notify",
        "Seconds of activity are told by the Wayland compositor; keys and clicks are not counted.",
        needs="ext-idle-notify",
    ),
    InputRule(
        "linux",
        "wayland",
        None,
        "unavailable",
        "This Wayland desktop does not tell when there is input; your time counts, and the record "
        "says that activity was not measured. A session on Xorg, chosen at the login screen, has "
        "counts.",
    ),
    InputRule("linux", "none", None, "unavailable", "There is no desktop here: no display is set."),
    InputRule("win32", "windows", None, "pynput", "Input is counted through Windows."),
    InputRule(
        "win32",
        "windows",
        None,
        "windows-idle",
        "Windows tells only in which seconds there was input; keys and clicks are not counted.",
    ),
    InputRule(
        "darwin",
        "aqua",
        False,
        "mac-idle",
        "macOS does not allow input to be counted, and tells only in which seconds there was any. "
        "For counts, allow Workdiary under System Settings, Privacy & Security, Input Monitoring, "
        "then start the work again.",
    ),
    InputRule("darwin", "aqua", True, "pynput-helper", "Input is counted through macOS."),
    InputRule(
        "darwin",
        "aqua",
        True,
        "mac-idle",
        "macOS tells only in which seconds there was input; keys and clicks are not counted.",
    ),
    InputRule(None, None, None, "unavailable", "This version cannot count input on this system."),
)


#: How each way is made, from the desk and the row's words.
BACKENDS: dict[str, Callable[[Environment, str], InputBackend]] = {
    "xinput2": lambda desk, words: xinput2(),  # noqa: ARG005
    "xsync-idle": lambda desk, words: xsync_idle(),  # noqa: ARG005
    "mutter-idle": lambda desk, words: MutterIdle(),  # noqa: ARG005
    "pynput": lambda desk, words: PynputInput(),  # noqa: ARG005
    "pynput-helper": lambda desk, words: HelperInput(),  # noqa: ARG005
    "windows-idle": lambda desk, words: windows_idle(),  # noqa: ARG005
    "mac-idle": lambda desk, words: mac_idle(),  # noqa: ARG005
    "idle-notify": lambda desk, words: IdleNotifyInput(),  # noqa: ARG005
    "unavailable": lambda desk, words: UnavailableInput("unavailable", words),  # noqa: ARG005
}


#: The ways that count nothing.
UNAVAILABLE = frozenset({"unavailable"})
SWITCHED_OFF = (
    "You have switched counting off, and this system does not tell in which seconds there was "
    "input; your time counts, and the record says that activity was not measured."
)


@dataclass(frozen=True)
class InputSelection:
    """The ways chosen, best first, and why the best, in words."""

    backends: tuple[InputBackend, ...]
    reason: str

    @property
    def backend(self) -> InputBackend:
        """All of them as one."""
        return self.backends[0] if len(self.backends) == 1 else Fallback(lambda: self.backends)


def input_rules_for(desk: Environment) -> tuple[InputRule, ...]:
    """The rows whose ways are used on this desk, best first; there is always one."""
    fitting = [row for row in RULES if row.fits(desk)]
    if fitting[0].backend in UNAVAILABLE:
        return (fitting[0],)
    # The first rule of each backend.
    first = {row.backend: row for row in reversed(fitting) if row.backend not in UNAVAILABLE}
    return tuple(row for row in fitting if row is first.get(row.backend))


def select_input(desk: Environment, *, counts: bool = True) -> InputSelection:
    """The ways for this desk; there is always one, if only the one that counts nothing.

    Without `counts`, because the person has switched them off, only ways that tell mere seconds.
    """
    made = [(row, BACKENDS[row.backend](desk, row.reason)) for row in input_rules_for(desk)]
    if not counts and made[0][0].backend not in UNAVAILABLE:
        made = [(row, way) for row, way in made if way.quality == "active-only"]
        if not made:
            return InputSelection((UnavailableInput("unavailable", SWITCHED_OFF),), SWITCHED_OFF)
    return InputSelection(tuple(way for _, way in made), made[0][0].reason)
