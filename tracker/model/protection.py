"""Whether the running slot will be protected, by the conditions of `docs/protocol.md` §8.

The conditions are checked in the protocol's order and the first one that fails is returned.
Recorded work is `auto`. Its assurance depends on the log, which has not received it yet; that
condition is left out.
"""

from __future__ import annotations

from enum import StrEnum

from diary.core.slots import SLOT
from diary.core.vocabulary import LAWFULLY_ABSENT
from tracker.model.status import Status

_MEASURED = frozenset({"ok", "active-only"})


class Missing(StrEnum):
    """The first condition that fails."""

    MEMO = "memo"
    LIMIT = "limit"
    ACTIVITY = "activity"
    PICTURE = "picture"


def missing(status: Status) -> Missing | None:
    """The condition that the running slot fails; None if it will be protected."""
    if not status.memo.strip():
        return Missing.MEMO
    if status.limit_s is not None and status.week_s >= status.limit_s:
        return Missing.LIMIT
    if status.input not in _MEASURED:
        return Missing.ACTIVITY
    if status.picture_reason not in {None, "ok", *LAWFULLY_ABSENT}:
        return Missing.PICTURE
    return None


def has_picture(status: Status) -> bool:
    """Whether the running slot has a picture."""
    picture = status.picture
    return (
        picture is not None
        and picture.state != "deleted"
        and status.slot <= picture.taken_ms // 1000 < status.slot + SLOT
    )
