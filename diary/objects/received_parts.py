"""Which parts of a segment the marketplace had received when it logged the segment: the attribute
of the segment's leaf (`docs/protocol.md` §7.1).

Without it a part that the freelancer never showed to the marketplace could not be told from one
that an exporter left out.
"""

from __future__ import annotations

from collections.abc import Callable

from diary.objects.picture import Blob
from diary.objects.segment import SealedSegment, Segment

MEMO, NOTE, MINUTES = 1, 2, 4
_FIRST_PICTURE = 8


def picture(index: int) -> int:
    """The bit of `shot_<index>`."""
    return _FIRST_PICTURE << index


def received_parts(sealed: SealedSegment, held: Callable[[Blob], bool]) -> int:
    """The bit mask of the parts that are shown. `held` tells whether a picture's file is there with
    its length and hash; a picture counts with both its files.
    """
    mask = MEMO if sealed.memo is not None else 0
    mask |= NOTE if sealed.note is not None else 0
    mask |= MINUTES if sealed.minutes is not None else 0
    for index, shot in sealed.pictures.items():
        if held(shot.blob) and held(shot.thumb):
            mask |= picture(index)
    return mask


def missing_parts(body: Segment, received: int) -> list[str]:
    """The names of the disclosures that the marketplace must have received and had not."""
    required = {"memo": MEMO}
    if body.kind != "manual":
        required["minutes"] = MINUTES
    required |= {f"shot_{index}": picture(index) for index in range(body.pics)}
    return [name for name, bit in required.items() if not received & bit]
