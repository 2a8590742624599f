"""Where no picture can be taken: says so, each time it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.capture.interface import CaptureReason, Frame


class UnavailableCapture:
    """Refuses with the given reason; `detail` is a sentence for the log and the doctor."""

    name = "none"

    def __init__(self, reason: CaptureReason, detail: str) -> None:
        self.reason = reason
        self.detail = detail

    def grab(self, now_ms: Callable[[], int]) -> Frame:  # noqa: ARG002 - no picture, no moment
        """Raises CaptureError, always."""
        raise CaptureError(self.reason, self.detail)
