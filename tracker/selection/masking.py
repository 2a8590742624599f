"""Who knows where an application's windows are, on which desk: one table, the first row decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.masking.masker import NoFinder
from tracker.masking.x11_windows import X11Windows

if TYPE_CHECKING:
    from tracker.masking.masker import Finder
    from tracker.selection.environment import Desk
    from tracker.selection.probes import Session


@dataclass(frozen=True)
class Row:
    """None fits everything. `words` says what this means for a rule about an application."""

    platform: str | None
    session: Session | None
    way: str
    words: str

    def fits(self, desk: Desk) -> bool:
        return self.platform in {None, desk.platform} and self.session in {None, desk.session}


ROWS: tuple[Row, ...] = (
    Row("linux", "x11", "x11", "The X server tells where windows are."),
    Row(
        None,
        None,
        "unknown",
        "this desktop does not tell where windows are; as long as an application is on the list "
        "of those never shown, there are no pictures",
    ),
)

WAYS: dict[str, Callable[[str], Finder]] = {
    "x11": lambda words: X11Windows(),  # noqa: ARG005
    "unknown": NoFinder,
}


def choose(desk: Desk) -> Finder:
    """The finder for this desk."""
    row = next(row for row in ROWS if row.fits(desk))
    return WAYS[row.way](row.words)
