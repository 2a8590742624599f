"""The credited time of a contract on this computer: the marketplace's sums, and what it lacks.

The marketplace's sums are over all devices of the freelancer; they name the segments that are in
them (`docs/protocol.md` §12.4). What this device has sealed and is not in them is added, and what
was given back here and is still in them is taken away, so that no second counts twice. Without a
contact in the week, only this device's own time is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from diary import fields
from diary.encoding import Json
from diary.times import DAY, WEEK, day_of, week_of
from uploader.index import Row

#: More runs than a device with a clean chain ever has; more is not an honest answer.
_MOST_RUNS = 2_000
_LATEST_S = 2**40


@dataclass(frozen=True)
class CountedRun:
    """Segments of one device and epoch that are in the sums, by number; whether the marketplace
    has their time as given back.
    """

    kid: str
    epoch: int
    first: int
    last: int
    given_back: bool

    def has(self, row: Row) -> bool:
        """Whether a segment is one of them."""
        # An index that was made anew may not know who signed a damaged segment.
        same = row.kid in (self.kid, "") and self.epoch == row.epoch
        return same and self.first <= row.seq <= self.last


@dataclass(frozen=True)
class CreditFigure:
    """Payable seconds of a contract as the marketplace told them, in the day and the week that
    begin at `day_from` and `week_from` (Unix s), and the segments that are in the week's.
    """

    day_from: int
    day_s: int
    week_from: int
    week_s: int
    counted: tuple[CountedRun, ...] = ()

    def run_of(self, row: Row) -> CountedRun | None:
        """The run in the week's sum that a segment is in."""
        if week_of(row.t0) != self.week_from:
            return None
        return next((run for run in self.counted if run.has(row)), None)

    def obj(self) -> Json:
        """As JSON, for the state folder."""
        return {**asdict(self), "counted": [asdict(run) for run in self.counted]}

    @classmethod
    def of(cls, obj: Json) -> CreditFigure:
        """Read what `obj` wrote. Raises E_FORMAT."""
        return cls(
            day_from=fields.integer(obj, "day_from", 0, _LATEST_S),
            day_s=fields.integer(obj, "day_s", 0, DAY),
            week_from=fields.integer(obj, "week_from", 0, _LATEST_S),
            week_s=fields.integer(obj, "week_s", 0, WEEK),
            counted=_runs(obj),
        )

    @classmethod
    def told(cls, obj: Json) -> CreditFigure:
        """Read `day`, `week` and `counted` of a contract in `/v1/contracts`. Raises E_FORMAT."""
        day, week = (_sums(obj, name) for name in ("day", "week"))
        return cls(
            day_from=fields.integer(day, "from", 0, _LATEST_S),
            day_s=fields.integer(day, "payable", 0, DAY),
            week_from=fields.integer(week, "from", 0, _LATEST_S),
            week_s=fields.integer(week, "payable", 0, WEEK),
            counted=_runs(obj),
        )


@dataclass(frozen=True)
class OwnSegment:
    """A segment of this device: its row, the seconds that no other one of the device for the same
    client has, and whether its time was given back here.
    """

    row: Row
    seconds: int
    given_back: bool = False


def credited(
    figure: CreditFigure | None, own: Iterable[OwnSegment], now_s: int, limit_s: int | None
) -> tuple[int, int]:
    """Payable seconds of a contract in the UTC day and the week that hold `now_s`; `own` are this
    device's segments of the week on it, in the order of time.
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


def _sums(obj: Json, name: str) -> Json:
    value: Any = fields.field(obj, name)
    if not isinstance(value, dict):
        raise fields.bad(name)
    return value


def _runs(obj: Json) -> tuple[CountedRun, ...]:
    listed = fields.array(obj, "counted", _MOST_RUNS)
    if not all(isinstance(item, dict) for item in listed):
        raise fields.bad("counted")
    return tuple(
        CountedRun(
            kid=fields.b64(item, "kid", 32),
            epoch=fields.integer(item, "epoch"),
            first=fields.integer(item, "first"),
            last=fields.integer(item, "last"),
            given_back=fields.boolean(item, "given_back"),
        )
        for item in listed
    )
