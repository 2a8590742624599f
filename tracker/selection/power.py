"""Selects the sources of lock and sleep for an environment: all fitting rules of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from system.i18n import QT_TRANSLATE_NOOP
from tracker.platform.dbus import address_of

if TYPE_CHECKING:
    from tracker.power.interface import PowerWatch
    from tracker.selection.environment import Environment

RetryDelay = Callable[[int], float]


@dataclass(frozen=True)
class PowerRule:
    """One row. `needs` names one of `Environment.features`; None in `platform` fits everything."""

    platform: str | None
    backend: str
    reason: str
    needs: str = ""

    def fits(self, environment: Environment) -> bool:
        return self.platform in {None, environment.platform} and (
            not self.needs or self.needs in environment.features
        )


RULES: tuple[PowerRule, ...] = (
    PowerRule(
        "linux",
        "logind",
        QT_TRANSLATE_NOOP("Doctor", "The system delays sleep until the work is saved (logind)."),
        "system-bus",
    ),
    PowerRule(
        "linux",
        "screensaver",
        QT_TRANSLATE_NOOP("Doctor", "The desktop reports when it is locked."),
        "session-bus",
    ),
    PowerRule("win32", "windows", QT_TRANSLATE_NOOP("Doctor", "Windows reports lock and sleep.")),
    PowerRule(
        "darwin",
        "mac",
        QT_TRANSLATE_NOOP(
            "Doctor",
            "While recording, Workdiary checks once a second whether macOS has locked the screen; "
            "the clocks detect sleep.",
        ),
    ),
)

#: The sentence where no rule fits.
NO_BACKEND = "This system does not report lock and sleep; only the clocks detect sleep."

# The constructors import their watch, so that those of other systems take no memory.


def _logind(environ: Mapping[str, str], delay: RetryDelay) -> PowerWatch:
    from tracker.power.backends.logind import Logind

    return Logind(address_of("system", environ), delay, environ.get("XDG_SESSION_ID", ""))


def _screensaver(environ: Mapping[str, str], delay: RetryDelay) -> PowerWatch:
    from tracker.power.backends.screensaver import ScreenSaver

    return ScreenSaver(address_of("session", environ), delay)


def _windows(*_: object) -> PowerWatch:
    from tracker.power.backends.windows import WindowsPowerWatch

    return WindowsPowerWatch()


def _mac(*_: object) -> PowerWatch:
    from tracker.power.backends.macos import MacPowerWatch

    return MacPowerWatch()


#: Constructors of the watches; arguments: environment variables and the retry delay.
BACKENDS: dict[str, Callable[[Mapping[str, str], RetryDelay], PowerWatch]] = {
    "logind": _logind,
    "screensaver": _screensaver,
    "windows": _windows,
    "mac": _mac,
}


@dataclass(frozen=True)
class PowerSelection:
    """The selected watches, and the sentences about them."""

    watches: tuple[PowerWatch, ...]
    reason: str


def power_rules_for(environment: Environment) -> tuple[PowerRule, ...]:
    """The rules that fit this environment."""
    return tuple(rule for rule in RULES if rule.fits(environment))


def select_power(
    environment: Environment, environ: Mapping[str, str], delay: RetryDelay
) -> PowerSelection:
    """All watches for this environment; there may be none."""
    rules = power_rules_for(environment)
    reason = " ".join(rule.reason for rule in rules) or NO_BACKEND
    return PowerSelection(tuple(BACKENDS[rule.backend](environ, delay) for rule in rules), reason)
