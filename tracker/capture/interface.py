"""The interface of capture backends, and the picture that they return.

Rule kept: a picture of one single colour is an error. Desktops that refuse silently (XWayland, a
screen that is off, a missing permission) return one colour; a `Frame` of it raises CaptureError.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CaptureReason = Literal["denied", "unavailable", "error", "locked", "masked"]
#: Every monitor in one picture, or the one with the pointer.
Screens = Literal["all", "pointer"]
#: The state of the desktop's permission to take pictures.
Permission = Literal["unasked", "allowed", "denied"]
BYTES_PER_PIXEL = 4

Mask = tuple[int, int, int, int]
"""x, y, width, height of a masked rectangle, in pixels of the picture."""


class CaptureError(Exception):
    """No picture. `reason` becomes the segment's `shot` field."""

    def __init__(self, reason: CaptureReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: CaptureReason = reason
        self.detail = detail


@dataclass(frozen=True)
class Encoded:
    """An encoded picture. `data` is the full picture of `w` x `h` pixels, `thumb` the thumbnail;
    both have the type `mime`. `redacted` are the masked rectangles, in the full picture's pixels.
    """

    data: bytes
    mime: str
    w: int
    h: int
    thumb: bytes
    redacted: tuple[Mask, ...] = ()


@dataclass(frozen=True)
class Part:
    """An image file of one monitor (PNG, JPEG or WebP); its position and size on the desktop in the
    desktop's units, if known.
    """

    data: bytes
    position: tuple[int, int] | None = None
    size: tuple[int, int] | None = None


class FrameGeometry(Protocol):
    """Where a picture is on the desktop. See `Frame` for the attributes."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def screen(self) -> str: ...
    @property
    def at_ms(self) -> int: ...
    @property
    def left(self) -> int: ...
    @property
    def top(self) -> int: ...
    @property
    def scale(self) -> float: ...


class HeldFrame(FrameGeometry, Protocol):
    """A picture whose pixels another process holds."""

    def encode(self, masks: Sequence[Mask], blur: int = 0) -> Encoded:
        """Encode it, once, with the rectangles painted over. Raises CaptureError. See
        `tracker.capture.encode.apply_masks`.
        """
        ...


@dataclass(frozen=True)
class Frame:
    """Device pixels, row by row from the top, four bytes each: blue, green, red, unused.

    `screen` is "all", the monitor's number counted from "1", or "lent" for those that the person
    chose in a dialog of the desktop. `at_ms` is the session clock at the start of the capture: no
    pixel is older. `left` and `top` are the picture's origin on the desktop, `scale` its pixels per
    desktop unit, above 1 on scaled desktops. Raises CaptureError("error") for a wrong size and for
    a single colour.
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
        """Compare each row with the first pixel; stop at the first difference."""
        stride = self.width * BYTES_PER_PIXEL
        blue, green, red = (self.bgrx[i : i + 1] * self.width for i in range(3))
        for start in range(0, len(self.bgrx), stride):
            row = self.bgrx[start : start + stride]
            if row[0::4] != blue or row[1::4] != green or row[2::4] != red:
                return False
        return True


class CaptureBackend(Protocol):
    """Takes pictures. Called from one worker thread, never from Qt's."""

    @property
    def name(self) -> str:
        """The backend's name."""
        ...

    def grab(self, now_ms: Callable[[], int]) -> Frame | HeldFrame:
        """Take one picture now; `now_ms` is the session clock. Raises CaptureError."""
        ...


@runtime_checkable
class SessionBackend(Protocol):
    """A backend that prepares for each picture. A `HeldFrame` of it can be encoded only within the
    session.
    """

    def session(self) -> AbstractContextManager[CaptureBackend]:
        """The backend for one picture. Raises CaptureError."""
        ...


def session_of(backend: CaptureBackend) -> AbstractContextManager[CaptureBackend]:
    """The session of a backend; the backend itself if it needs none."""
    return backend.session() if isinstance(backend, SessionBackend) else nullcontext(backend)


@runtime_checkable
class SelectableTarget(Protocol):
    """A backend that can take one monitor or all of them."""

    def set_target(self, screens: Screens) -> None:
        """Set what the next pictures show; may be called from any thread."""
        ...


@runtime_checkable
class NeedsPermission(Protocol):
    """A backend whose desktop may ask the person for a permission."""

    @property
    def permission(self) -> Permission:
        """The desktop's last answer."""
        ...

    def request_once(self) -> Permission:
        """Let the desktop ask for permission, if it needs to; waits for the answer, some minutes at
        most. Call it on a worker, while our window has the focus. Returns `permission`; does
        nothing when that is known already.
        """
        ...


class KeyValueFile(Protocol):
    """A small stored value, such as a portal's token; durable when `put` returns."""

    def get(self) -> str | None:
        """The value, None if there is none. Raises OSError."""
        ...

    def put(self, value: str | None) -> None:
        """Store the value, or delete it for None. Raises OSError."""
        ...
