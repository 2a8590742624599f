"""The credited time of a contract: the marketplace's sums, corrected by this computer's segments.

The marketplace sums over all devices of the freelancer and names the segments that its totals
include (`docs/protocol.md` §12.4). This module adds the segments of this device that the totals do
not include, and subtracts those that were deleted here and that the totals still include, so that
no second counts twice. Before the first contact in a week only this device's time is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from diary.core.day_bounds import DayBounds, day_bounds
from diary.core.slots import WEEK, week_of
from diary.objects.tombstone import Tombstone
from diary.verification.credit import CreditEntry, credit
from uploader.api.credit_figure import CreditFigure
from uploader.store.contract_cache import ContractCache
from uploader.store.index.index import Index
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.statements import Statement, StatementStore


@dataclass(frozen=True)
class OwnSegment:
    """A segment of this device: its row, its seconds that no other segment of this device for the
    same client covers, those of them within the contract's limit if only this device's time counts,
    and whether its time was deleted here.
    """

    row: IndexRow
    seconds: int
    within_limit: int
    given_back: bool = False


def credited(
    figure: CreditFigure | None,
    own: Sequence[OwnSegment],
    now_s: int,
    day: DayBounds,
    limit_s: int | None,
) -> tuple[int, int]:
    """Payable seconds of a contract in `day` and in the week that contains `now_s` (Unix s). `own`
    are this device's segments of both on the contract, in the order of time.
    """
    week = week_of(now_s)
    runs = [None if figure is None else figure.run_of(item.row) for item in own]
    knows_day = figure is not None and figure.day_from == day.begin_s
    knows_week = figure is not None and figure.week_from == week
    day_s = figure.day_s if figure is not None and knows_day else 0
    week_s = figure.week_s if figure is not None and knows_week else 0
    for item, run in zip(own, runs, strict=True):
        if run is not None and item.given_back and not run.given_back:
            if knows_week and week_of(item.row.slot) == week:
                week_s -= min(item.seconds, week_s)
            if knows_day and item.row.slot in day:
                day_s -= min(item.seconds, day_s)
    for item, run in zip(own, runs, strict=True):
        if item.given_back:
            continue
        seconds = item.within_limit
        if week_of(item.row.slot) == week and (run is None or not knows_week):
            room = item.seconds if limit_s is None else max(0, limit_s - week_s)
            seconds = min(item.seconds, room)
            week_s += seconds
        if item.row.slot in day and (run is None or not knows_day):
            day_s += seconds
    return day_s, week_s


class LocalCredit:
    """The sums over the state folder. `lock_ms` gives the time (session ms) at which a segment's
    week locks. Methods raise StoreError.
    """

    def __init__(
        self,
        index: Index,
        cache: ContractCache,
        statements: StatementStore,
        lock_ms: Callable[[IndexRow], int],
        day_of: Callable[[int], DayBounds] = day_bounds,
    ) -> None:
        self._index = index
        self._cache = cache
        self._statements = statements
        self._lock_ms = lock_ms
        self._day_of = day_of

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        """Payable seconds of a contract in this computer's day and in the week of `at_s` (Unix s),
        over all devices, segments included that the marketplace does not have yet. The time of
        other devices is known for the day and week of the last contact.
        """
        day, week, limit_s = self._day_of(at_s), week_of(at_s), self._limit_s(ctr)
        # Whole weeks, since the limit is weekly.
        begin, end = min(week, week_of(day.begin_s)), max(week, week_of(day.end_s - 1)) + WEEK
        rows = self._rows(begin, end, ctr)
        entries = [self._entry(row) for row in rows]
        # A deletion reduces the marketplace's sums by the seconds that the segment had before it.
        whole = credit([replace(entry, given_back=False) for entry in entries])
        left = credit(entries)
        limited = left
        if limit_s is not None:
            limited = credit(self._with_limit(rows, entries, ctr, limit_s))
        own = [
            OwnSegment(
                row,
                (whole if entry.given_back else left)[row.hash].payable,
                limited[row.hash].payable,
                given_back=entry.given_back,
            )
            for row, entry in zip(rows, entries, strict=True)
            if row.ctr == ctr
        ]
        return credited(self._cache.figure(ctr), own, at_s, day, limit_s)

    def over_limit(self, now_s: int, ctr: str) -> frozenset[str]:
        """The hashes of this device's segments of which a part is over the contract's limit in the
        week of `now_s` (Unix s).
        """
        limit_s = self._limit_s(ctr)
        if limit_s is None:
            return frozenset()
        week = week_of(now_s)
        rows = self._rows(week, week + WEEK, ctr)
        entries = self._with_limit(rows, [self._entry(row) for row in rows], ctr, limit_s)
        return frozenset(name for name, share in credit(entries).items() if share.over_limit)

    def _with_limit(
        self, rows: list[IndexRow], entries: list[CreditEntry], ctr: str, limit_s: int | None
    ) -> list[CreditEntry]:
        """The entries with their contracts and the limit of `ctr`."""
        return [
            replace(entry, ctr=row.ctr, limit_s=limit_s if row.ctr == ctr else None)
            for row, entry in zip(rows, entries, strict=True)
        ]

    def _rows(self, begin: int, end: int, ctr: str) -> list[IndexRow]:
        """The segments for the client of `ctr` in the slots of [begin, end) (Unix s)."""
        return [
            row
            for each in self._cache.of_client(ctr)
            for row in self._index.between(each, begin, end)
            if row.state is not UploadState.REFUSED
        ]

    def _limit_s(self, ctr: str) -> int | None:
        try:
            return self._cache.contract(ctr).terms.limit_s
        except KeyError:
            return None

    def time_deletions(self, row: IndexRow) -> list[Statement]:
        """The tombstones that deleted the segment's time before its week locked."""
        found = [
            each
            for each in self._statements.about(row.hash)
            if isinstance(each.body, Tombstone) and "time" in each.body.scope
        ]
        lock = self._lock_ms(row) if found else 0
        return [each for each in found if each.made_ms < lock]

    def _entry(self, row: IndexRow) -> CreditEntry:
        # Log times never decrease from one leaf to the next, over all shards.
        order = None if row.rt_ms is None else (row.rt_ms, row.log_index or 0)
        deletions = self.time_deletions(row)
        logged = [(d.rt_ms, d.log_index or 0) for d in deletions if d.rt_ms is not None]
        return CreditEntry(
            row.hash,
            order,
            row.kind,  # type: ignore[arg-type]
            row.t0,
            row.t1,
            pays=not row.unpaying,
            given_back=bool(deletions),
            given_back_at=min(logged, default=None),
        )
