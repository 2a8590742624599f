"""The bounds, totals and check results of a day. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from diary.core.day_bounds import midnight
from diary.core.findings import Finding
from diary.core.slots import to_datetime, week_of
from diary.objects.terms import Terms
from diary.verification import credit
from marketplace.core.problems import not_found
from marketplace.records.checked_segment import CheckedSegment
from marketplace.review.slot import finding_views
from marketplace.review.view_models import Badge, FailingSlot, SlotView, TotalsView


def totals(
    items: Sequence[CheckedSegment], today: Sequence[CheckedSegment], week: int, terms: Terms | None
) -> TotalsView:
    """The totals of the segments `today`; `items` are those of its weeks, credited together."""
    credits_ = {item.row.hash: item.credit for item in items}
    day = credit.totals([item.entry for item in today], credits_)
    return TotalsView(
        payable_s=day.payable,
        tracked_s=day.tracked,
        kept_s=day.kept,
        manual_s=day.manual,
        given_back_s=day.given_back,
        over_limit_s=day.over_limit,
        overlap_s=day.overlap,
        unpaid_s=day.unpaid,
        week_s=sum(i.credit.payable for i in items if week_of(i.row.slot) == week),
        limit_s=terms.limit_s if terms else None,
    )


def badge(
    slots: Sequence[SlotView], general: Sequence[Finding], checked_at: dt.datetime | None
) -> Badge:
    """The check results of the slots; `general` are findings about no single slot."""
    failing = tuple(FailingSlot(c.slot, c.start, c.failing) for c in slots if c.failing)
    bad = [finding for finding in general if finding.is_error]
    notes = [finding for finding in general if finding not in bad]
    passed = sum(slot.checked and not slot.failing for slot in slots)
    return Badge(passed, len(slots), failing, finding_views(bad), finding_views(notes), checked_at)


def oldest_check(items: Iterable[CheckedSegment], tz: dt.tzinfo) -> dt.datetime | None:
    """The time of the oldest check of the shown segments; None if none is shown."""
    times = [item.checked_s for item in items if not item.skipped]
    return to_datetime(min(times), tz) if times else None


def bounds(date: dt.date, tz: dt.tzinfo) -> tuple[int, int]:
    """Begin of the day and of the next day in a time zone, Unix s. Raises `not_found`."""
    try:
        return midnight(date, tz), midnight(date + dt.timedelta(days=1), tz)
    except (OverflowError, ValueError) as error:
        raise not_found() from error
