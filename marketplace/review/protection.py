"""Whether time is protected, and if not, why: the conditions of `docs/protocol.md` §8 in order.
Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from diary.core.vocabulary import LAWFULLY_ABSENT
from marketplace.core.i18n import tr
from marketplace.records.checked_segment import CheckedSegment


def unprotected_text(item: CheckedSegment) -> str:
    """Why a segment is not protected; "" if it is."""
    facts = item.facts
    if facts is None:
        return tr("It could not be read")
    for failed, text in (
        (item.credit.given_back > 0, tr("The freelancer deleted this time")),
        (item.row.kind == "kept", tr("Idle time that was kept")),
        (item.row.kind == "manual", tr("Entered manually")),
        (not (facts.memo or "").strip(), tr("It has no memo")),
        (item.credit.over_limit > 0, tr("It is over the weekly limit")),
        (facts.input not in ("ok", "active-only"), tr("Input was not measured")),
        (
            facts.shot != "ok" and facts.shot not in LAWFULLY_ABSENT,
            tr("A picture was due and could not be taken"),
        ),
        (bool(item.failing) or item.credit.unpaid > 0, tr("It did not pass its checks")),
        (facts.assurance not in ("A", "B"), tr("No random picture time covers it")),
    ):
        if failed:
            return text
    return ""


def slot_protection(items: Sequence[CheckedSegment]) -> str:
    """The first reason why a part of the slot is not protected; "" if all of it is."""
    return next((text for item in items if (text := unprotected_text(item))), "")
