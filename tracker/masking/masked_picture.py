"""Takes a picture, masks and encodes it: the only way from the screen to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.capture.interface import CaptureBackend, Frame, HeldFrame, session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.capture.interface import Encoded
    from tracker.masking.masker import Masker
    from tracker.masking.rules import Rules


@dataclass(frozen=True)
class MaskedPicture:
    """`at_ms` and `screen` are those of `Frame`; `rules` were in force from the capture to the end
    of the encoding.
    """

    encoded: Encoded
    at_ms: int
    screen: str
    rules: Rules


def take_masked(
    masker: Masker,
    backend: CaptureBackend,
    grab: Callable[[CaptureBackend], Frame | HeldFrame],
    ctr: str = "",
) -> MaskedPicture:
    """Take a picture for a contract; "" for none. `grab` gets the backend of the picture's session.
    Raises what it raises, and CaptureError.
    """
    rules = masker.rules(ctr)
    with session_of(backend) as ready:
        frame, masks = masker.take(lambda: grab(ready), ctr)
        at_ms, screen = frame.at_ms, frame.screen
        if isinstance(frame, Frame):
            # Imported here, so that a program whose helper encodes does not load Pillow.
            from tracker.capture.encode import apply_masks, encode_masked

            painted = apply_masks(frame, masks, rules.blur)
            # Many screens take hundreds of megabytes: keep one copy while they are encoded.
            del frame
            encoded = encode_masked(painted)
        else:
            encoded = frame.encode(masks, rules.blur)
    masker.check(rules, ctr)
    return MaskedPicture(encoded, at_ms, screen, rules)
