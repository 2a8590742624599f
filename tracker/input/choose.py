"""Which way to count input on which desk: one table, the first row that fits decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tracker.input.none import NoInput
from tracker.input.pynput_backend import PynputInput

if TYPE_CHECKING:
    from tracker.desk import Desk, Session
    from tracker.input.base import InputBackend


@dataclass(frozen=True)
class Row:
    """None in `platform`, `session` or `allowed` fits everything. `words` says why this way."""

    platform: str | None
    session: Session | None
    allowed: bool | None
    way: Literal["pynput", "unavailable", "denied"]
    words: str

    def fits(self, desk: Desk) -> bool:
        return (
            self.platform in {None, desk.platform}
            and self.session in {None, desk.session}
            and self.allowed in {None, desk.may_listen}
        )


ROWS: tuple[Row, ...] = (
    Row("linux", "x11", None, "pynput", "Input is counted at the X server."),
    Row(
        "linux",
        "wayland",
        None,
        "unavailable",
        "On Wayland this version cannot count input; your time counts, and the record says that "
        "activity was not measured. A session on Xorg, chosen at the login screen, has counts.",
    ),
    Row("linux", "none", None, "unavailable", "There is no desktop here: no display is set."),
    Row("win32", "windows", None, "pynput", "Input is counted through Windows."),
    Row(
        "darwin",
        "aqua",
        False,
        "denied",
        "macOS does not allow input to be counted. Allow Workdiary under System Settings, "
        "Privacy & Security, Input Monitoring, then start it again.",
    ),
    Row("darwin", "aqua", None, "pynput", "Input is counted through macOS."),
    Row(None, None, None, "unavailable", "This version cannot count input on this system."),
)


@dataclass(frozen=True)
class Choice:
    """The way chosen, and why, in words."""

    backend: InputBackend
    words: str


def choose(desk: Desk) -> Choice:
    """The way for this desk; there is always one, if only the one that counts nothing."""
    row = next(row for row in ROWS if row.fits(desk))
    if row.way == "pynput":
        return Choice(PynputInput(), row.words)
    return Choice(NoInput(row.way, row.words), row.words)
