"""The credited time of a contract: the marketplace's sums, corrected by this computer's segments.

The marketplace sums over all devices of the freelancer and names the segments that its totals
include (`docs/protocol.md` §12.4). This module adds the segments of this device that the totals do
not include, and subtracts those that were deleted here and that the totals still include, so that
no second counts twice. Before the first contact in a week only this device's time is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from diary.core.slots import WEEK, day_of, week_of
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
    same client covers, and whether its time was deleted here.
    """

    row: IndexRow
    seconds: int
    given_back: bool = False


def credited(
    figure: CreditFigure | None, own: Iterable[OwnSegment], now_s: int, limit_s: int | None
) -> tuple[int, int]:
    """Payable seconds of a contract in the UTC day and the week that contain `now_s` (Unix s).
    `own` are this device's segments of that week on the contract, in the order of time.
    """
    day, week = day_of(now_s), week_of(now_s)
    known = figure if figure is not None and figure.week_from == week else None
    week_s = known.week_s if known else 0
    day_s = known.day_s if known and known.day_from == day else 0
    waiting = []
    for item in own:
        today = day_of(item.row.t0) == day
        run = known.run_of(item.row) if known else None
        if run is None:
            waiting += [] if item.given_back else [(item.seconds, today)]
        elif item.given_back and not run.given_back:
            week_s -= min(item.seconds, week_s)
            day_s -= min(item.seconds, day_s) if today else 0
    for seconds, today in waiting:
        room = seconds if limit_s is None else max(0, limit_s - week_s)
        week_s += min(seconds, room)
        day_s += min(seconds, room) if today else 0
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
    ) -> None:
        self._index = index
        self._cache = cache
        self._statements = statements
        self._lock_ms = lock_ms

    def totals(self, now_s: int, ctr: str) -> tuple[int, int]:
        """Payable seconds of a contract in the UTC day and week of `now_s` (Unix s), over all
        devices, segments included that the marketplace does not have yet.
        """
        rows = self._rows(now_s, ctr)
        entries = [self._entry(row) for row in rows]
        # A deletion reduces the marketplace's sums by the seconds that the segment had before it.
        whole = credit([replace(entry, given_back=False) for entry in entries])
        left = credit(entries)
        own = [
            OwnSegment(
                row,
                (whole if entry.given_back else left)[row.hash].payable,
                given_back=entry.given_back,
            )
            for row, entry in zip(rows, entries, strict=True)
            if row.ctr == ctr
        ]
        return credited(self._cache.figure(ctr), own, now_s, self._limit_s(ctr))

    def over_limit(self, now_s: int, ctr: str) -> frozenset[str]:
        """The hashes of this device's segments of which a part is over the contract's limit in the
        week of `now_s` (Unix s).
        """
        limit_s = self._limit_s(ctr)
        if limit_s is None:
            return frozenset()
        entries = [
            replace(self._entry(row), ctr=row.ctr, limit_s=limit_s if row.ctr == ctr else None)
            for row in self._rows(now_s, ctr)
        ]
        return frozenset(name for name, share in credit(entries).items() if share.over_limit)

    def _rows(self, now_s: int, ctr: str) -> list[IndexRow]:
        """The segments for the client of `ctr` in the week of `now_s`."""
        week = week_of(now_s)
        return [
            row
            for each in self._cache.of_client(ctr)
            for row in self._index.between(each, week, week + WEEK)
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
        # Log times never fall from one leaf to the next, over all shards.
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
