"""Credit: the payable seconds of segments, and the activity level of a slot.

The freelancer's diary, the client's pages, the exports and the verifiers all use these functions
(`docs/protocol.md` §5). Seconds are exact; nothing is rounded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diary.core.slots import week_of
from diary.core.vocabulary import Kind
from diary.objects.picture import Minutes, has_input, is_measured

#: A position in the log: an index if there is only one log, or a `LogPosition`.
Order = int | tuple[int, ...]


@dataclass(frozen=True)
class CreditEntry:
    """One segment as input to `credit`. Times in Unix s.

    `order` is its position in the log (None: not logged yet; sorts after all logged ones, in the
    order given). `pays` is false if an E_ finding makes it unpaid. `given_back` is true if a `time`
    tombstone gave its time back, and `given_back_at` the position of the first one (None: not
    logged yet; sorts after every segment). `limit_s` is the weekly limit of its own terms and
    `client` their client; `sub` and `ctr` are the freelancer and the contract. `allowed` is true if
    the client allowed its time over the limit.
    """

    hash: str
    order: Order | None
    kind: Kind
    t0: int
    t1: int
    pays: bool = True
    given_back: bool = False
    limit_s: int | None = None
    sub: str = ""
    client: str = ""
    ctr: str = ""
    given_back_at: Order | None = None
    allowed: bool = False

    @property
    def seconds(self) -> int:
        """Its length; 0 if `t1` is before `t0`, which is never paid."""
        return max(0, self.t1 - self.t0)


@dataclass(frozen=True)
class Credit:
    """The split of a segment's seconds; the parts add up to `CreditEntry.seconds`."""

    payable: int
    unpaid: int = 0
    given_back: int = 0
    overlap: int = 0
    over_limit: int = 0


@dataclass(frozen=True)
class Totals:
    """Exact seconds of a set of segments.

    `tracked`, `kept` and `manual` are by kind, before any cut; `payable`, `unpaid`, `given_back`,
    `overlap` and `over_limit` split their sum.
    """

    tracked: int = 0
    kept: int = 0
    manual: int = 0
    payable: int = 0
    unpaid: int = 0
    given_back: int = 0
    overlap: int = 0
    over_limit: int = 0


def credit(entries: Sequence[CreditEntry]) -> dict[str, Credit]:
    """The credit of each segment, by hash (`docs/protocol.md` §5.2).

    Pass whole weeks, since the limit is weekly. In log order, each segment contributes the seconds
    that no earlier one of the same freelancer and client covers, on any contract. A segment that
    was given back contributes nothing, but covers its seconds for those before its tombstone: a
    deletion changes the contribution of no other segment. Then, by t0, the running total of each
    contract and week is cut at the limit; the client can allow the time of a segment over it.
    """
    result: dict[str, Credit] = {}
    new_seconds: dict[str, int] = {}
    covered: defaultdict[tuple[str, str], _Covered] = defaultdict(_Covered)
    for entry in sorted(entries, key=_log_order):
        if not entry.pays:
            result[entry.hash] = Credit(0, unpaid=entry.seconds)
        elif entry.seconds == 0:
            result[entry.hash] = Credit(0)
        else:
            seconds = covered[entry.sub, entry.client]
            fresh = seconds.add(entry.t0, entry.t1, _log_order(entry), _covers_until(entry))
            if entry.given_back:
                result[entry.hash] = Credit(0, given_back=entry.seconds)
            else:
                new_seconds[entry.hash] = fresh
    running: dict[tuple[str, int], int] = {}
    for entry in sorted(entries, key=lambda e: (e.t0, e.t1, e.hash)):
        if entry.hash not in new_seconds:
            continue
        week, fresh = (entry.ctr, week_of(entry.t0)), new_seconds[entry.hash]
        used = running.get(week, 0)
        within = fresh if entry.limit_s is None else min(fresh, max(0, entry.limit_s - used))
        running[week] = used + within
        payable = fresh if entry.allowed else within
        result[entry.hash] = Credit(
            payable, overlap=entry.seconds - fresh, over_limit=fresh - payable
        )
    return result


def parallel(entries: Sequence[CreditEntry]) -> set[str]:
    """The hashes of segments that take part in the credit and share a second with an earlier
    segment of the same freelancer for another client, which covers that second (see `credit`).
    """
    found: set[str] = set()
    covered: defaultdict[str, defaultdict[str, _Covered]] = defaultdict(
        lambda: defaultdict(_Covered)
    )
    for entry in sorted(entries, key=_log_order):
        if not entry.pays or entry.seconds == 0:
            continue
        of_person, at = covered[entry.sub], _log_order(entry)
        for client, seconds in of_person.items():
            other = client != entry.client and not entry.given_back
            if other and seconds.meets(entry.t0, entry.t1, at):
                found.add(entry.hash)
        of_person[entry.client].add(entry.t0, entry.t1, at, _covers_until(entry))
    return found


#: A point in log order: logged objects, then unlogged segments, then unlogged tombstones.
_LogTime = tuple[int, Any]
_LAST: _LogTime = (2, 0)
#: Seconds [begin, end) that are covered until a point in log order.
_Piece = tuple[int, int, _LogTime]


def _log_order(entry: CreditEntry) -> _LogTime:
    return (1, 0) if entry.order is None else (0, entry.order)


def _covers_until(entry: CreditEntry) -> _LogTime:
    """The first point in log order from which it no longer covers its seconds."""
    if not entry.given_back or entry.given_back_at is None:
        return _LAST
    return (0, entry.given_back_at)


def totals(entries: Iterable[CreditEntry], shares: dict[str, Credit]) -> Totals:
    """Sums over `entries` (a day, a week) of their results from `credit`."""
    by_kind = {"auto": 0, "kept": 0, "manual": 0}
    sums = {"payable": 0, "unpaid": 0, "given_back": 0, "overlap": 0, "over_limit": 0}
    for entry in entries:
        by_kind[entry.kind] += entry.seconds
        for name in sums:
            sums[name] += getattr(shares[entry.hash], name)
    return Totals(by_kind["auto"], by_kind["kept"], by_kind["manual"], **sums)


@dataclass(frozen=True)
class ActivityLevel:
    """The activity of a slot: active minutes out of the covered minutes.

    `measured` is false if no covered minute was measured; then the level is empty.
    """

    active: int
    covered: int
    measured: bool

    def __str__(self) -> str:
        """`7`, `3/7` for a partly covered slot, or an empty text when nothing was measured."""
        if not self.measured:
            return ""
        return str(self.active) if self.covered == 10 else f"{self.active}/{self.covered}"


def activity_level(minutes: Iterable[Minutes]) -> ActivityLevel:
    """The level of a slot from the rows of all its segments."""
    active = covered = 0
    measured = False
    for column in zip(*minutes, strict=True):
        rows = [row for row in column if row is not None]
        if rows:
            covered += 1
            active += any(map(has_input, rows))
            measured = measured or any(map(is_measured, rows))
    return ActivityLevel(active, covered, measured)


class _Covered:
    """Seconds, and until which point in log order each is covered, as sorted pieces. Adjacent
    pieces differ in that point.
    """

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._until: list[_LogTime] = []

    def add(self, t0: int, t1: int, at: _LogTime, until: _LogTime) -> int:
        """Cover [t0, t1), t0 < t1, at least for segments before `until`. Returns how many of its
        seconds were not covered at `at`.
        """
        # Pieces that end at t0 or begin at t1 may be merged with it.
        first, after = bisect_left(self._ends, t0), bisect_right(self._begins, t1)
        known = self._pieces(first, after)
        pieces = [(begin, min(end, t0), moment) for begin, end, moment in known if begin < t0]
        fresh, done = 0, t0
        for begin, end, moment in self._cut(known, t0, t1):
            fresh += begin - done + (end - begin if moment < at else 0)
            pieces += [(done, begin, until), (begin, end, max(moment, until))]
            done = end
        fresh += t1 - done
        pieces.append((done, t1, until))
        pieces += [(max(begin, t1), end, moment) for begin, end, moment in known if end > t1]
        self._replace(first, after, pieces)
        return fresh

    def meets(self, t0: int, t1: int, at: _LogTime) -> bool:
        """Whether a second of [t0, t1), t0 < t1, is covered at `at`."""
        first, after = bisect_right(self._ends, t0), bisect_left(self._begins, t1)
        return any(moment >= at for moment in self._until[first:after])

    def _pieces(self, first: int, after: int) -> list[_Piece]:
        lists = (self._begins, self._ends, self._until)
        return list(zip(*(each[first:after] for each in lists), strict=True))

    @staticmethod
    def _cut(pieces: list[_Piece], t0: int, t1: int) -> Iterator[_Piece]:
        """The parts of them in [t0, t1)."""
        for begin, end, moment in pieces:
            if begin < t1 and end > t0:
                yield max(begin, t0), min(end, t1), moment

    def _replace(self, first: int, after: int, pieces: list[_Piece]) -> None:
        joined: list[_Piece] = []
        for begin, end, moment in pieces:
            if begin == end:
                continue
            touches = bool(joined) and joined[-1][1:] == (begin, moment)
            joined.append((joined.pop()[0] if touches else begin, end, moment))
        self._begins[first:after] = [begin for begin, _, _ in joined]
        self._ends[first:after] = [end for _, end, _ in joined]
        self._until[first:after] = [moment for _, _, moment in joined]
