"""Credited sums of a contract in responses (`docs/protocol.md` §12.4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

from diary.core.day_bounds import LONGEST_DAY
from diary.core.slots import WEEK, slot_of
from diary.formats import json_fields
from diary.formats.encoding import Json

#: An upper limit; a device with a clean chain has far fewer runs.
_MOST_RUNS = 2_000

_LATEST_S = 2**40


class NumberedSegment(Protocol):
    """A segment as the totals name it; `t0` in Unix s, `kid` empty if the signer is unknown."""

    @property
    def kid(self) -> str: ...
    @property
    def epoch(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def t0(self) -> int: ...


@dataclass(frozen=True)
class CountedRun:
    """Consecutive segments of one device and epoch that the totals include. `given_back`: the
    marketplace counts their time as deleted.
    """

    kid: str
    epoch: int
    first: int
    last: int
    given_back: bool

    def has(self, row: NumberedSegment) -> bool:
        """Whether the run includes a segment."""
        # A rebuilt index may lack the signer of a damaged segment.
        same = row.kid in (self.kid, "") and self.epoch == row.epoch
        return same and self.first <= row.seq <= self.last


@dataclass(frozen=True)
class CreditFigure:
    """The marketplace's payable seconds of a contract in the day and the week that begin at
    `day_from` and `week_from` (Unix s), and the segments that these totals include.
    """

    day_from: int
    day_s: int
    week_from: int
    week_s: int
    counted: tuple[CountedRun, ...] = ()

    def run_of(self, row: NumberedSegment) -> CountedRun | None:
        """The run of the totals that includes a segment; None without one."""
        # A day that is not in UTC may begin in the week before.
        begin = min(self.day_from, self.week_from)
        if not begin <= slot_of(row.t0) < self.week_from + WEEK:
            return None
        return next((run for run in self.counted if run.has(row)), None)

    def obj(self) -> Json:
        """The JSON object for the state folder."""
        return {**asdict(self), "counted": [asdict(run) for run in self.counted]}

    @classmethod
    def of(cls, obj: Json) -> CreditFigure:
        """Parse the object of the state folder. Raises E_FORMAT."""
        return cls(
            day_from=json_fields.integer(obj, "day_from", 0, _LATEST_S),
            day_s=json_fields.integer(obj, "day_s", 0, LONGEST_DAY),
            week_from=json_fields.integer(obj, "week_from", 0, _LATEST_S),
            week_s=json_fields.integer(obj, "week_s", 0, WEEK),
            counted=_runs(obj),
        )

    @classmethod
    def from_response(cls, obj: Json) -> CreditFigure:
        """Read `day`, `week` and `counted` of a contract in `/v1/contracts`. Raises E_FORMAT."""
        day, week = (_sums(obj, name) for name in ("day", "week"))
        return cls(
            day_from=json_fields.integer(day, "from", 0, _LATEST_S),
            day_s=json_fields.integer(day, "payable", 0, LONGEST_DAY),
            week_from=json_fields.integer(week, "from", 0, _LATEST_S),
            week_s=json_fields.integer(week, "payable", 0, WEEK),
            counted=_runs(obj),
        )


def _sums(obj: Json, name: str) -> Json:
    value: Any = json_fields.field(obj, name)
    if not isinstance(value, dict):
        raise json_fields.bad(name)
    return value


def _runs(obj: Json) -> tuple[CountedRun, ...]:
    listed = json_fields.array(obj, "counted", _MOST_RUNS)
    if not all(isinstance(item, dict) for item in listed):
        raise json_fields.bad("counted")
    return tuple(
        CountedRun(
            kid=json_fields.b64(item, "kid", 32),
            epoch=json_fields.integer(item, "epoch"),
            first=json_fields.integer(item, "first"),
            last=json_fields.integer(item, "last"),
            given_back=json_fields.boolean(item, "given_back"),
        )
        for item in listed
    )
