"""Builds the status for the screen from the recorder's state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from diary.core.day_bounds import DayBounds
from diary.core.slots import SLOT, week_of
from diary.core.vocabulary import InputQuality
from diary.objects.picture import Minutes
from tracker.model.activity import states
from tracker.model.status import IdleTime, Notice, PictureStatus, Status
from tracker.platform.clock import ClockReading
from tracker.recording.state.open_segment import OpenSegment
from tracker.recording.state.recorder import Recorder


@dataclass(frozen=True)
class RecorderFacts:
    """The engine's part of the status: the contract of the last run, its credited seconds of `day`
    and of the week, its limit, the input quality, the last notices and the number of the newest,
    the speed.
    """

    ctr: str | None
    day: DayBounds
    today_s: int
    week_s: int
    limit_s: int | None
    input: InputQuality
    notices: tuple[Notice, ...]
    notice_seq: int
    speed: int


def snapshot(
    recorder: Recorder, session_ms: int, now: ClockReading, facts: RecorderFacts
) -> Status:
    """The status as of `now`, which is `session_ms` (Unix) on the session clock."""
    run = recorder.shown_run
    now_s = session_ms // 1000
    today_s, week_s, session_s = facts.today_s, facts.week_s, run.sealed_s if run else 0
    for segment in recorder.segments.unsealed:
        seconds = _seconds(segment, now)
        if run is not None and segment.run == run.number:
            session_s += seconds
        if segment.ctr != facts.ctr:
            continue
        if week_of(segment.slot) == week_of(now_s):
            # Time over the limit is not credited, as in every other total.
            room = seconds if facts.limit_s is None else max(0, facts.limit_s - week_s)
            seconds = min(seconds, room)
            week_s += seconds
        today_s += seconds if segment.slot in facts.day else 0
    opened = recorder.segment
    slot = opened.slot if opened else now_s - now_s % SLOT
    return Status(
        state=recorder.state,
        ctr=facts.ctr,
        memo=run.memo if run else "",
        since_ms=run.since_ms if run else None,
        session_s=session_s,
        today_s=today_s,
        week_s=week_s,
        limit_s=facts.limit_s,
        slot=slot,
        minutes=states(_minutes(s, now) for s in recorder.segments.of_slot if s.slot == slot),
        input=facts.input,
        picture=_picture(recorder, now),
        picture_reason=_last_failure(opened),
        notices=facts.notices,
        notice_seq=facts.notice_seq,
        speed=facts.speed,
        idle=_idle(recorder.segments.undecided),
        unsealed=len(recorder.segments.closed) + len(recorder.segments.undecided),
        in_memory=recorder.in_memory,
    )


def _idle(away: list[OpenSegment]) -> IdleTime | None:
    if not away:
        return None
    seconds = sum(segment.seconds for segment in away)
    return IdleTime(away[0].t0 * 1000, away[-1].t1 * 1000, seconds)


def _seconds(segment: OpenSegment, now: ClockReading) -> int:
    return segment.seconds_at(now) if segment.finish is None else segment.seconds


def _minutes(segment: OpenSegment, now: ClockReading) -> Minutes:
    """Its rows so far. Counts are complete up to `now`, so no minute is shown before its counts."""
    return segment.activity.minutes(segment.t0, segment.t0 + max(1, _seconds(segment, now)))


def _picture(recorder: Recorder, now: ClockReading) -> PictureStatus | None:
    picture = recorder.picture
    if picture is None or picture.state == "deleted":
        return picture
    for segment in [*recorder.segments.unsealed, *recorder.segments.undecided]:
        if any(p.id == picture.id for p in segment.pictures):
            return replace(picture, removes_s=_seconds(segment, now))
    return picture


def _last_failure(segment: OpenSegment | None) -> str | None:
    if segment is None or not segment.failures:
        return None
    last = max(segment.failures)
    later = any(p.due > last for p in segment.pictures)
    return None if later else segment.failures[last]
