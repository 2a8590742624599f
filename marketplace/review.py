"""The queries behind the review pages: who sees what, and every stored byte checked again on read.

Nothing that a page shows rests on a result stored earlier: segments, pictures, receipts and the log
are read from disk and verified each time, so that a byte changed in storage is named by its code.

Each method takes the signed-in account and answers only for contracts of that account; anything
else raises the problem `not_found` (404), the same whether it exists or not.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from marketplace.views import (
    Badge,
    CellDetail,
    CellView,
    DayView,
    FailingCell,
    FindingView,
    HomeRow,
    HomeView,
    Mark,
    MinuteRow,
    MinuteState,
    NoPicture,
    PictureFile,
    PictureRef,
    SegmentDetail,
    Totals,
)

if TYPE_CHECKING:
    from marketplace.security import Account

__all__ = [
    "Badge",
    "CellDetail",
    "CellView",
    "DayView",
    "FailingCell",
    "FindingView",
    "HomeRow",
    "HomeView",
    "Mark",
    "MinuteRow",
    "MinuteState",
    "NoPicture",
    "PictureFile",
    "PictureRef",
    "Review",
    "SegmentDetail",
    "Totals",
]


class Review:
    """Read access for the pages. Thread-safe; every call reads one consistent snapshot."""

    def home(self, account: Account) -> HomeView:
        """One row for each contract of the account."""
        raise NotImplementedError

    def day(self, account: Account, ctr: str, date: dt.date | None, tz: ZoneInfo) -> DayView:
        """The day `date` in zone `tz`; None is the last day with time, or today."""
        raise NotImplementedError

    def cell(self, account: Account, ctr: str, slot: int, tz: ZoneInfo) -> CellDetail:
        """One ten-minute slot; 404 when it holds no time."""
        raise NotImplementedError

    def picture(self, account: Account, segment: str, index: int) -> PictureFile:
        """The full picture `index` of a segment, and a record that the account viewed it.

        Raises the problem `picture_changed` (410) when the stored bytes are not the signed ones.
        """
        raise NotImplementedError

    def thumb(self, account: Account, segment: str, index: int) -> PictureFile:
        """The thumbnail of a picture; not recorded as a view."""
        raise NotImplementedError
