"""Whether a segment is protected, by the conditions of `docs/protocol.md` §8 in their order.

A segment that is not in the log yet fails only the last condition, which its upload fulfils.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from diary.core.vocabulary import LAWFULLY_ABSENT
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from ui.presenters.formatting import Translate
    from uploader.store.local_diary import DiaryEntry


class Unprotected(StrEnum):
    """The first condition that a segment fails."""

    KIND = "kind"  # not recorded automatically
    MEMO = "memo"
    LIMIT = "limit"
    INPUT = "input"  # not measured
    PICTURE = "picture"
    DELETED = "deleted"  # its time does not count
    UNPAID = "unpaid"  # the marketplace found an error, or refused it
    NO_TIME = "no-time"  # no picture time was drawn
    WAITING = "waiting"  # not in the log yet


_SET_ASIDE = {UploadState.REFUSED, UploadState.DAMAGED, UploadState.LOST}


def unprotected(entry: DiaryEntry) -> Unprotected | None:
    """The first condition that the segment fails; None if it is protected."""
    if entry.gives_back:
        return Unprotected.DELETED
    for failed, reason in (
        (entry.kind != "auto", Unprotected.KIND),
        (not (entry.memo or "").strip(), Unprotected.MEMO),
        (entry.over_limit, Unprotected.LIMIT),
        (entry.input not in {"ok", "active-only"}, Unprotected.INPUT),
        (entry.shot != "ok" and entry.shot not in LAWFULLY_ABSENT, Unprotected.PICTURE),
        (bool(entry.unpaying) or entry.state in _SET_ASIDE, Unprotected.UNPAID),
        (not entry.drawn, Unprotected.NO_TIME),
        (entry.state is not UploadState.DONE, Unprotected.WAITING),
    ):
        if failed:
            return reason
    return None


def reason(found: Unprotected, entry: DiaryEntry, translate: Translate) -> str:
    """Why the segment is not protected."""
    if found is Unprotected.KIND:
        if entry.kind == "manual":
            return translate("Day", "Entered manually, not recorded")
        return translate("Day", "Idle time that you kept")
    texts = {
        Unprotected.MEMO: translate("Day", "It has no memo"),
        Unprotected.LIMIT: translate("Day", "It is over the weekly limit"),
        Unprotected.INPUT: translate("Day", "Input was not measured"),
        Unprotected.PICTURE: translate("Day", "A picture was due and could not be taken"),
        Unprotected.DELETED: translate("Day", "You removed this time from your bill"),
        Unprotected.UNPAID: translate("Day", "The marketplace does not count it"),
        Unprotected.NO_TIME: translate("Day", "No random picture time covers it"),
        Unprotected.WAITING: translate("Day", "It counts once it is in the log"),
    }
    return texts[found]
