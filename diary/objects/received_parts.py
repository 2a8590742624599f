"""The parts of a segment that the marketplace had received when it logged it: the attribute of the
segment's leaf (`docs/protocol.md` §7.1).

The attribute distinguishes a part that the freelancer never sent to the marketplace from one that
an exporter left out.
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
    """The bit mask of the disclosed parts. `held` returns whether a file with the blob's length and
    hash is stored; a picture counts if both its files are.
    """
    mask = MEMO if sealed.memo is not None else 0
    mask |= NOTE if sealed.note is not None else 0
    mask |= MINUTES if sealed.minutes is not None else 0
    for index, item in sealed.pictures.items():
        if held(item.blob) and held(item.thumb):
            mask |= picture(index)
    return mask


def missing_parts(body: Segment, received: int) -> list[str]:
    """The names of the required disclosures that the marketplace had not received."""
    required = {"memo": MEMO}
    if body.kind != "manual":
        required["minutes"] = MINUTES
    required |= {f"shot_{index}": picture(index) for index in range(body.pics)}
    return [name for name, bit in required.items() if not received & bit]
