"""The credited time of a contract on this computer: the marketplace's sums, and what it lacks.

The marketplace's sums are over all devices of the freelancer; they name the segments that are in
them (`docs/protocol.md` §12.4). What this device has sealed and is not in them is added, and what
was given back here and is still in them is taken away, so that no second counts twice. Without a
contact in the week, only this device's own time is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diary.core.slots import day_of, week_of
from uploader.api.credit_figure import CreditFigure
from uploader.store.index import IndexRow


@dataclass(frozen=True)
class OwnSegment:
    """A segment of this device: its row, the seconds that no other one of the device for the same
    client has, and whether its time was given back here.
    """

    row: IndexRow
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
