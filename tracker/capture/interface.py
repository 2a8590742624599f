"""The picture as it comes from the screen, and what a way to take one must do.

Rule kept: a picture of one single colour is no picture. Where a desktop refuses without saying so
(XWayland, a screen that is off, a missing permission), it answers in one colour; such a `Frame`
cannot be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

CaptureReason = Literal["denied", "unavailable", "error", "locked", "masked"]
#: Every monitor in one picture, or the one with the pointer.
Screens = Literal["all", "pointer"]
#: What is known of the desktop's leave to take pictures.
Permission = Literal["unasked", "allowed", "denied"]
BYTES_PER_PIXEL = 4


class CaptureError(Exception):
    """No picture, and why: `reason` is what the segment's `shot` field will say."""

    def __init__(self, reason: CaptureReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: CaptureReason = reason
        self.detail = detail


@dataclass(frozen=True)
class Frame:
    """Device pixels, row by row from the top, four bytes each: blue, green, red, unused.

    `screen` names what is shown: "all", the monitor's number counted from "1", or "lent" for those
    that the person chose in a question of the desktop. `at_ms` is the session clock at the start of
    the capture: no pixel is older. `left` and `top` are where on the desktop the picture begins,
    `scale` its pixels in one of the desktop's: above 1 where a system counts in larger units than
    its screens have. Raises CaptureError("error") for a wrong size and for a single colour.
    """

    width: int
    height: int
    bgrx: bytes | bytearray
    screen: str
    at_ms: int
    left: int = 0
    top: int = 0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise CaptureError("error", f"a picture of {self.width}x{self.height}")
        if len(self.bgrx) != self.width * self.height * BYTES_PER_PIXEL:
            raise CaptureError(
                "error", f"{len(self.bgrx)} bytes for {self.width}x{self.height} pixels"
            )
        if self._one_colour():
            raise CaptureError("error", "the picture has one single colour")

    def _one_colour(self) -> bool:
        """Compare row after row with the first pixel; ends at the first that differs."""
        stride = self.width * BYTES_PER_PIXEL
        blue, green, red = (self.bgrx[i : i + 1] * self.width for i in range(3))
        for start in range(0, len(self.bgrx), stride):
            row = self.bgrx[start : start + stride]
            if row[0::4] != blue or row[1::4] != green or row[2::4] != red:
                return False
        return True


class CaptureBackend(Protocol):
    """One way to take a picture. Called from one worker thread, never from Qt's."""

    @property
    def name(self) -> str:
        """The way's own name."""
        ...

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Take one picture now; `now_ms` is the session clock. Raises CaptureError."""
        ...


@runtime_checkable
class SelectableTarget(Protocol):
    """A way that can take one monitor or all of them."""

    def set_target(self, screens: Screens) -> None:
        """What the pictures show from the next one on; may be called from any thread."""
        ...


@runtime_checkable
class NeedsPermission(Protocol):
    """A way whose desktop may want its person's leave."""

    @property
    def permission(self) -> Permission:
        """What the desktop's answers have told so far."""
        ...

    def request_once(self) -> Permission:
        """Let the desktop ask its person, if it wants to; waits for the answer, some minutes at
        most. To be called on a worker, while our window has the focus. Returns `leave`; does
        nothing when that is known already.
        """
        ...


class KeyValueFile(Protocol):
    """A small secret of the desktop's that outlives the program; durable when `put` returns."""

    def get(self) -> str | None:
        """None where there is none. Raises OSError."""
        ...

    def put(self, value: str | None) -> None:
        """Keep it, or destroy what was kept. Raises OSError."""
        ...
