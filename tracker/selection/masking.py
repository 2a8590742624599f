"""Who knows where an application's windows are, on which desk: one table, the first row decides."""

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
    """None fits everything. `words` says what this means for a rule about an application."""

    platform: str | None
    session: Session | None
    backend: str
    reason: str

    def fits(self, desk: Environment) -> bool:
        return self.platform in {None, desk.platform} and self.session in {None, desk.session}


RULES: tuple[MaskingRule, ...] = (
    MaskingRule("linux", "x11", "x11", "The X server tells where windows are."),
    MaskingRule(
        None,
        None,
        "unknown",
        "this desktop does not tell where windows are; as long as an application is on the list "
        "of those never shown, there are no pictures",
    ),
)

LOCATORS: dict[str, Callable[[str], WindowLocator]] = {
    "x11": lambda words: X11WindowLocator(),  # noqa: ARG005
    "unknown": UnavailableLocator,
}


def select_masking(desk: Environment) -> WindowLocator:
    """The finder for this desk."""
    row = next(row for row in RULES if row.fits(desk))
    return LOCATORS[row.backend](row.reason)
