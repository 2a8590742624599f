"""Positions of slots on a day: rows of six, bands, folds; and the strips of the chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from diary.core.slots import SLOT
from marketplace.pages.day_layout import Fold, Hour, day_rows, strips
from marketplace.review.view_models import MinuteRow, SlotView
from tests.marketplace.pages import samples

MEMOS = st.sampled_from([None, "a", "b"])
ZONES = st.sampled_from(
    ["UTC", "America/Bogota", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin"]
)


def slot_views(zone: str, day: dt.date, memos: dict[int, str | None]) -> tuple[SlotView, ...]:
    tz = ZoneInfo(zone)
    first = int(dt.datetime.combine(day, dt.time(), tz).timestamp())
    slots = []
    for index, memo in sorted(memos.items()):
        slot = first - first % SLOT + index * SLOT
        start = dt.datetime.fromtimestamp(slot, tz)
        slots.append(replace(samples.SLOTS[0], slot=slot, start=start, memo=memo))
    return tuple(slots)


@given(
    zone=ZONES,
    day=st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
    memos=st.dictionaries(st.integers(0, 149), MEMOS, max_size=40),
)
def test_every_slot_appears_once_in_order_at_its_position(
    zone: str, day: dt.date, memos: dict[int, str | None]
) -> None:
    slots = slot_views(zone, day, memos)
    rows = day_rows(slots)
    hours = [row for row in rows if isinstance(row, Hour)]
    placed = [placed for hour in hours for band in hour.bands for placed in band.slots]
    assert tuple(p.slot for p in placed) == slots
    for hour in hours:
        places = [p.column for band in hour.bands for p in band.slots]
        assert places == sorted(set(places))
        assert all(0 <= at <= 5 for at in places)
        for band in hour.bands:
            assert {p.slot.memo for p in band.slots} == {band.memo}
            assert [p.column for p in band.slots] == list(
                range(band.column, band.column + band.span)
            )
    for fold in (row for row in rows if isinstance(row, Fold)):
        assert fold.start.timestamp() < fold.end.timestamp()
        assert not any(fold.start.timestamp() <= slot.slot < fold.end.timestamp() for slot in slots)


def test_empty_hours_between_are_folded_into_one() -> None:
    rows = day_rows(samples.SLOTS)
    assert [type(row).__name__ for row in rows] == ["Hour", "Hour", "Hour", "Fold", "Hour"]
    fold = rows[3]
    assert isinstance(fold, Fold)
    assert (fold.start.hour, fold.end.hour) == (12, 14)


def test_a_gap_within_an_hour_ends_a_band_and_a_change_of_memo_too() -> None:
    ten = day_rows(samples.SLOTS)[1]
    assert isinstance(ten, Hour)
    assert [(band.memo, band.column, band.span) for band in ten.bands] == [
        (samples.CHECKOUT, 0, 4),
        (samples.REVIEW, 4, 2),
    ]
    slots = (samples.SLOTS[4], samples.SLOTS[6])
    apart = day_rows(slots)[0]
    assert isinstance(apart, Hour)
    assert [(band.column, band.span) for band in apart.bands] == [(0, 1), (2, 1)]


def test_an_hour_that_the_clocks_repeat_is_two_rows() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = int(dt.datetime(2026, 10, 25, 2, 0, tzinfo=berlin).timestamp())
    slots = tuple(
        replace(samples.SLOTS[0], slot=slot, start=dt.datetime.fromtimestamp(slot, berlin))
        for slot in (first, first + 3600)
    )
    rows = day_rows(slots)
    assert [type(row).__name__ for row in rows] == ["Hour", "Hour"]
    assert [row.start.hour for row in rows] == [2, 2]


def row(index: int, keys: int | None) -> MinuteRow:
    state = "none" if keys is None else "active" if keys else "quiet"
    return MinuteRow(index, samples.NOW, state, keys, keys, None, None, None)  # type: ignore[arg-type]


def test_a_strip_has_its_own_scale_and_one_press_can_be_seen() -> None:
    keys, clicks, scrolls = strips(tuple(row(i, n) for i, n in enumerate((0, 1, 400, None))))
    assert keys.heights == (0, 4, 100, None)
    assert keys.total == clicks.total == 401
    assert (scrolls.total, scrolls.heights) == (None, (None,) * 4)
