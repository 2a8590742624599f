"""Which way to count input on which desk: one table, the first row that fits decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.input.none import NoInput
from tracker.input.pynput_backend import PynputInput

if TYPE_CHECKING:
    from tracker.desk import Desk
    from tracker.input.base import InputBackend
    from tracker.tools import Session


@dataclass(frozen=True)
class Row:
    """None in `platform`, `session` or `allowed` fits everything, and so does an empty `needs`,
    which names a tool of `Desk.tools`. `words` says why this way.
    """

    platform: str | None
    session: Session | None
    allowed: bool | None
    way: str
    words: str
    needs: str = ""

    def fits(self, desk: Desk) -> bool:
        return (
            self.platform in {None, desk.platform}
            and self.session in {None, desk.session}
            and self.allowed in {None, desk.may_listen}
            and (not self.needs or self.needs in desk.tools)
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


#: How each way is made, from the desk and the row's words.
WAYS: dict[str, Callable[[Desk, str], InputBackend]] = {
    "pynput": lambda desk, words: PynputInput(),  # noqa: ARG005
    "unavailable": lambda desk, words: NoInput("unavailable", words),  # noqa: ARG005
    "denied": lambda desk, words: NoInput("denied", words),  # noqa: ARG005
}


@dataclass(frozen=True)
class Choice:
    """The way chosen, and why, in words."""

    backend: InputBackend
    words: str


def choose(desk: Desk) -> Choice:
    """The way for this desk; there is always one, if only the one that counts nothing."""
    row = next(row for row in ROWS if row.fits(desk))
    return Choice(WAYS[row.way](desk, row.words), row.words)
