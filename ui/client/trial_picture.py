"""A test picture for the person: masked like every picture, and never stored or uploaded."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.client.capture import CaptureSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrialPicture:
    """An encoded thumbnail, or the reason why there is none (`CaptureReason`)."""

    data: bytes = b""
    reason: str = ""


def take_trial_picture(pictures: CaptureSettings) -> TrialPicture:
    """Take one picture with the person's rules; waits for the desktop's permission. Never fails."""
    from tracker.capture.interface import CaptureError
    from tracker.masking.masked_picture import take_masked
    from ui.client import capture_permission

    try:
        pictures.backend.refresh()
        capture_permission.request_permission(pictures.backend, lambda _: None)
        taken = take_masked(
            pictures.masker, pictures.backend, lambda backend: backend.grab(lambda: 0)
        )
        return TrialPicture(data=taken.encoded.thumb)
    except CaptureError as error:
        _log.info("no test picture: %s", error)
        return TrialPicture(reason=error.reason)
    except Exception as error:  # noqa: BLE001 - the window shows that there is none
        _log.warning("no test picture", exc_info=error)
        return TrialPicture(reason="error")
