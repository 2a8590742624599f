"""The durations of the recorder, and the time of its next Tick.

`Timing` holds durations of the machine, not of the record: in a demo they keep their real length,
and so are `speed` times as long on its clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diary.core.slots import MINUTE
from tracker.platform.clock import ClockReading
from tracker.recording.state.open_segment import OpenSegment


@dataclass(frozen=True)
class Timing:
    """Durations in ms of the engine's clocks.

    `second` is a real one; `tick` between two Ticks while recording, `journal` between two records
    of the open segment, `beacon` that Start waits for its slot's own beacon, checking every `poll`;
    `capture` until a capture without a result has failed; `retry` until the disk is retried;
    `unwritten` that a run continues while the disk accepts nothing; `hold` that a picture's
    countdown may be paused; `undo` in which a deletion can be undone.
    """

    second: int = 1_000
    tick: int = 1_000
    journal: int = 5_000
    beacon: int = 3_000
    poll: int = 100
    capture: int = 30_000
    retry: int = 5_000
    unwritten: int = 3_600_000
    hold: int = 300_000
    undo: int = 10_000

    @classmethod
    def at(cls, speed: int) -> Timing:
        """The timing of a demo at `speed`, or of real time at 1.

        A demo ticks four times per real second, since its minute may last one, and writes its
        journal every real second.
        """
        if speed == 1:
            return cls()
        return cls(
            second=1_000 * speed,
            tick=250 * speed,
            journal=1_000 * speed,
            beacon=3_000 * speed,
            poll=100 * speed,
            capture=30_000 * speed,
            retry=5_000 * speed,
            unwritten=3_600_000 * speed,
            hold=300_000 * speed,
            undo=10_000 * speed,
        )


def next_deadlines(
    segment: OpenSegment, now: ClockReading, edge_s: int, pace: Timing
) -> Iterator[int]:
    """Uptimes (ms) at which something is due for the open `segment`.

    The next whole tick, so that the shown seconds advance evenly; the next turn of the minute, to
    which the counts belong; `edge_s` (Unix s), its last possible second; the picture times that
    were not requested yet.
    """
    session_ms = segment.mapping.at(now.up)
    for step in (pace.tick, MINUTE * 1000):
        yield segment.mapping.up(session_ms - session_ms % step + step)
    yield segment.mapping.up(edge_s * 1000)
    for due in segment.picture_times:
        if due > session_ms:
            yield segment.mapping.up(due)
            break
