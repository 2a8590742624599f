"""The backend where no picture can be taken: reports that for each request."""

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

    def grab(self, now_ms: Callable[[], int]) -> Frame:  # noqa: ARG002 - no picture has a time
        """Raise CaptureError."""
        raise CaptureError(self.reason, self.detail)
