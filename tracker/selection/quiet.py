"""Selects the sources of quiet mode for an environment: all fitting rules of the table.

macOS reports neither Focus nor full screen to programs: the person hides previews there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.platform.dbus import address_of
from tracker.quiet.do_not_disturb import BusDoNotDisturb, SettingDoNotDisturb
from tracker.quiet.pipewire_share import PipeWireShare
from tracker.quiet.windows import WindowsQuiet
from tracker.quiet.x11_fullscreen import X11FullScreen
from tracker.selection.environment import detect_environment
from tracker.selection.probes import PROBES

if TYPE_CHECKING:
    from tracker.quiet.interface import QuietSource
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


@dataclass(frozen=True)
class QuietRule:
    """One row; None in `session` fits everything. `needs` names one of `Environment.features`."""

    platform: str
    session: Session | None
    backend: str
    needs: str = ""

    def fits(self, environment: Environment) -> bool:
        return (
            self.platform == environment.platform
            and self.session in {None, environment.session}
            and (not self.needs or self.needs in environment.features)
        )


RULES: tuple[QuietRule, ...] = (
    QuietRule("linux", "x11", "full-screen"),
    QuietRule("linux", None, "do-not-disturb", "session-bus"),
    QuietRule("linux", None, "gsettings"),
    QuietRule("linux", None, "screen-share"),
    QuietRule("win32", None, "windows"),
)

BACKENDS: dict[str, Callable[[Mapping[str, str]], QuietSource]] = {
    "full-screen": lambda environ: X11FullScreen(),  # noqa: ARG005
    "do-not-disturb": lambda environ: BusDoNotDisturb(address_of("session", environ)),
    "gsettings": SettingDoNotDisturb,
    "screen-share": PipeWireShare,
    "windows": lambda environ: WindowsQuiet(),  # noqa: ARG005
}


def quiet_rules_for(environment: Environment) -> tuple[QuietRule, ...]:
    """The rules that fit this environment."""
    return tuple(rule for rule in RULES if rule.fits(environment))


def select_quiet(
    environ: Mapping[str, str], environment: Environment | None = None
) -> tuple[QuietSource, ...]:
    """All sources for this environment, by default that of `environ`; there may be none."""
    needed = {rule.needs for rule in RULES}
    found = environment or detect_environment(
        environ, probes=[probe for probe in PROBES if probe.feature in needed]
    )
    return tuple(BACKENDS[rule.backend](environ) for rule in quiet_rules_for(found))
