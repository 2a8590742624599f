"""Selects the window locator for an environment: one table, the first rule that fits decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.masking.masker import UnavailableLocator
from tracker.masking.x11_windows import X11WindowLocator

if TYPE_CHECKING:
    from tracker.masking.masker import WindowLocator
    from tracker.selection.environment import Environment
    from tracker.selection.probes import Session


@dataclass(frozen=True)
class MaskingRule:
    """One row; None fits everything. `reason`: the consequence for rules about applications."""

    platform: str | None
    session: Session | None
    backend: str
    reason: str

    def fits(self, environment: Environment) -> bool:
        return self.platform in {None, environment.platform} and self.session in {
            None,
            environment.session,
        }


RULES: tuple[MaskingRule, ...] = (
    MaskingRule("linux", "x11", "x11", "The X server reports where windows are."),
    MaskingRule(
        None,
        None,
        "unknown",
        "this desktop does not report where windows are; while an application is on the list of "
        "those never shown, no pictures are taken",
    ),
)

LOCATORS: dict[str, Callable[[str], WindowLocator]] = {
    "x11": lambda reason: X11WindowLocator(),  # noqa: ARG005
    "unknown": UnavailableLocator,
}


def select_masking(environment: Environment) -> WindowLocator:
    """The locator for this environment."""
    rule = next(rule for rule in RULES if rule.fits(environment))
    return LOCATORS[rule.backend](rule.reason)
