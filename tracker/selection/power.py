"""Which ways to hear of lock and sleep on which desk: one table, every row that fits is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.platform.dbus import address_of
from tracker.power.backends.logind import Logind
from tracker.power.backends.macos import MacPowerWatch
from tracker.power.backends.screensaver import ScreenSaver
from tracker.power.backends.windows import WindowsPowerWatch

if TYPE_CHECKING:
    from tracker.power.interface import PowerWatch
    from tracker.selection.environment import Environment

RetryDelay = Callable[[int], float]


@dataclass(frozen=True)
class PowerRule:
    """`needs` names a tool of `Desk.tools`; None in `platform` fits everything."""

    platform: str | None
    backend: str
    reason: str
    needs: str = ""

    def fits(self, desk: Environment) -> bool:
        return self.platform in {None, desk.platform} and (
            not self.needs or self.needs in desk.features
        )


RULES: tuple[PowerRule, ...] = (
    PowerRule("linux", "logind", "Sleep waits for the record (logind).", "system-bus"),
    PowerRule("linux", "screensaver", "The desktop tells when it is locked.", "session-bus"),
    PowerRule("win32", "windows", "Windows tells of lock and sleep."),
    PowerRule(
        "darwin",
        "mac",
        "macOS is asked once a second, while recording, whether the screen is locked; a sleep is "
        "seen by the clocks.",
    ),
)

#: Said where no row fits.
NO_BACKEND = "Lock and sleep are not told here; the clocks alone tell of sleep."

#: How each way is made, from the environment and the policy of waiting.
BACKENDS: dict[str, Callable[[Mapping[str, str], RetryDelay], PowerWatch]] = {
    "logind": lambda environ, delay: Logind(
        address_of("system", environ), delay, environ.get("XDG_SESSION_ID", "")
    ),
    "screensaver": lambda environ, delay: ScreenSaver(address_of("session", environ), delay),
    "windows": lambda environ, delay: WindowsPowerWatch(),  # noqa: ARG005
    "mac": lambda environ, delay: MacPowerWatch(),  # noqa: ARG005
}


@dataclass(frozen=True)
class PowerSelection:
    """The ways chosen, and why, in words."""

    watches: tuple[PowerWatch, ...]
    reason: str


def power_rules_for(desk: Environment) -> tuple[PowerRule, ...]:
    """The rows of the ways that are used on this desk."""
    return tuple(row for row in RULES if row.fits(desk))


def select_power(
    desk: Environment, environ: Mapping[str, str], delay: RetryDelay
) -> PowerSelection:
    """All ways for this desk; there may be none."""
    rows = power_rules_for(desk)
    words = " ".join(row.reason for row in rows) or NO_BACKEND
    return PowerSelection(tuple(BACKENDS[row.backend](environ, delay) for row in rows), words)
