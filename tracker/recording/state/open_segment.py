"""A segment before it is sealed, while it can still change.

It is opened, collects activity and pictures, is closed (idle time may move its end back), and is
sealed when nothing delays it. One `ClockMapping` of the session clock measures all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from diary.core.slots import MINUTE, SLOT
from diary.core.vocabulary import End, Kind, PictureReason
from diary.formats.encoding import MAX_INT
from diary.objects.picture import Minutes, Picture
from diary.objects.terms import Terms
from tracker.model.activity import Activity
from tracker.platform.clock import ClockMapping, ClockReading
from tracker.recording.state.cover_areas import Area

#: A slot whose last minute had no input is not sealed yet: the minute may become idle time.
HOLD_MS = MINUTE * 1000


@dataclass(eq=False)
class OpenPicture:
    """A picture of a segment. `due` is its scheduled time (Unix ms), `thumb` the thumbnail's bytes,
    kept during the review.

    `review_until` is the uptime (ms) at which the review ends, None afterwards; `held_since` the
    uptime since which the countdown is paused. `areas` are to be covered, and are not yet;
    `covering_since` is the uptime of the request.
    """

    id: str
    due: int
    picture: Picture
    thumb: bytes
    review_until: int | None = None
    held_since: int | None = None
    areas: tuple[Area, ...] = ()
    covering_since: int = 0

    @property
    def files(self) -> tuple[str, ...]:
        """Digests of its stored files."""
        return (self.picture.blob.sha256, self.picture.thumb.sha256)

    @property
    def in_review(self) -> bool:
        """Whether its review is not over."""
        return self.review_until is not None

    def review_ends(self, longest_hold: int) -> int:
        """The uptime (ms) at which its review ends by itself."""
        if self.held_since is not None:
            return self.held_since + longest_hold
        return self.review_until or 0

    def hold(self, held: bool, up: int) -> None:
        """Pause or resume the countdown at uptime `up`."""
        if held and self.held_since is None:
            self.held_since = up
        elif not held and self.held_since is not None and self.review_until is not None:
            self.review_until += up - self.held_since
            self.held_since = None


@dataclass(eq=False)
class OpenSegment:
    """Continuous work on one contract with one memo inside one slot.

    Signed fields keep their names of `docs/protocol.md` §4. `begin` and `finish` are the clock
    readings at both ends; `picture_times` are in Unix ms, ascending; `requested` maps those being
    captured to the uptime (ms) of the request; `failures` maps failed ones to the reason. `run`
    numbers the recorder's runs, 0 for one recovered from the journal. `held`: its tail may become
    idle time. `kind` is `kept` for idle time that the person may keep; it has a `note` once it is
    kept.
    """

    id: str
    run: int
    ctr: str
    memo: str
    terms: Terms
    terms_hash: str
    mapping: ClockMapping
    boot: str
    tz: str
    slot: int
    begin: ClockReading
    bcn_slot: int
    bcn_h: str
    mom: bytes | None
    picture_times: tuple[int, ...]
    activity: Activity
    pictures: list[OpenPicture] = field(default_factory=list)
    failures: dict[int, PictureReason] = field(default_factory=dict)
    requested: dict[int, int] = field(default_factory=dict)
    finish: ClockReading | None = None
    end: End = "slot"
    held: bool = False
    kind: Kind = "auto"
    note: str = ""

    @property
    def t0(self) -> int:
        """Session time of its beginning, Unix s, rounded down."""
        return self.mapping.at(self.begin.up) // 1000

    @property
    def off(self) -> int:
        """Wall clock minus session clock at its beginning, ms, within the range of the record's
        field.
        """
        off = self.begin.wall - self.mapping.at(self.begin.up)
        return max(-MAX_INT, min(off, MAX_INT))

    @property
    def t1(self) -> int:
        """Session time of its end, Unix s, rounded down; if open, the end of its slot."""
        if self.finish is None:
            return self.slot + SLOT
        return min(self.mapping.at(self.finish.up) // 1000, self.slot + SLOT)

    @property
    def seconds(self) -> int:
        """Its length in whole seconds, once closed."""
        return self.t1 - self.t0

    def seconds_at(self, now: ClockReading) -> int:
        """Its length in whole seconds as of `now`."""
        return min(self.t1, self.mapping.at(now.up) // 1000) - self.t0

    def minutes(self) -> Minutes:
        """Its ten rows of counts."""
        return self.activity.minutes(self.t0, self.t1)

    def close(self, at: ClockReading, end: End) -> list[OpenPicture]:
        """Close it at `at`, or earlier than before; returns the pictures after the end."""
        self.finish, self.end = at, end
        outside = [p for p in self.pictures if p.picture.at >= self.t1 * 1000]
        self.pictures = [p for p in self.pictures if p.picture.at < self.t1 * 1000]
        return outside

    def idle_tail(self, id_: str, since: ClockReading, upto: ClockReading) -> OpenSegment:
        """The part of this segment without input since `since`, as a segment that may be kept,
        still without pictures.
        """
        edge_up = self.mapping.up((self.slot + SLOT) * 1000)
        begin = since if since.up > self.begin.up else self.begin
        finish = upto if self.finish is None else self.finish
        return replace(
            self,
            id=id_,
            begin=begin,
            finish=finish.shifted(min(0, edge_up - finish.up)),
            end="slot" if finish.up >= edge_up else "idle",
            picture_times=tuple(
                due for due in self.picture_times if due >= self.mapping.at(begin.up) // 1000 * 1000
            ),
            activity=self.activity.without_input(),
            pictures=[],
            failures={},
            requested={},
            held=False,
            kind="kept",
        )

    def is_resolved(self, due: int) -> bool:
        """Whether the scheduled picture time `due` has a picture or a reason."""
        return due in self.failures or any(p.due == due for p in self.pictures)

    @property
    def waiting(self) -> bool:
        """Whether something still delays its sealing: undecided idle time, a picture in review, a
        running capture, areas that are not covered yet.
        """
        return self.held or self.in_work or any(p.in_review for p in self.pictures)

    @property
    def in_work(self) -> bool:
        """Whether one of its pictures is being taken or covered."""
        if any(picture.areas for picture in self.pictures):
            return True
        return any(due < self.t1 * 1000 for due in self.requested)

    @property
    def sorted_pictures(self) -> Sequence[Picture]:
        """Its pictures in order of time."""
        return [p.picture for p in sorted(self.pictures, key=lambda p: p.picture.at)]

    @property
    def picture_reason(self) -> PictureReason:
        """The segment's `shot`: `ok`, or why the first missing picture is missing.

        `ended` if the segment ended before the picture time or within the time allowed for taking
        it. Any other missed time, because the program was suspended, is `error`.
        """
        if self.terms.shots == 0:
            return "none"
        if self.mom is None:
            return "unavailable"
        wanted = min(1, self.terms.shots) if self.kind == "kept" else self.terms.shots
        if len(self.pictures) >= wanted:
            return "ok"
        for due in self.picture_times:
            if any(p.due == due for p in self.pictures):
                continue
            if due >= self.t1 * 1000:
                break
            if due in self.failures:
                return self.failures[due]
            if due + self.terms.shot_tol_ms < self.t1 * 1000:
                return "error"
            break
        return "ended"


@dataclass(eq=False)
class UndoableDeletion:
    """One deletion, named by the id of its picture. `until` is the uptime (ms) at which it is
    final; `lost` are pictures that do not return with the segment; `undecided`: it was undecided
    idle time.
    """

    picture: str
    segment: OpenSegment
    until: int
    lost: list[OpenPicture]
    undecided: bool = False


class Deletions:
    """The deletions that can be undone, oldest first."""

    def __init__(self) -> None:
        self.pending: list[UndoableDeletion] = []

    @property
    def segments(self) -> list[OpenSegment]:
        """Their segments, which can return."""
        return [each.segment for each in self.pending]

    @property
    def pictures(self) -> list[OpenPicture]:
        """All pictures whose files are still needed."""
        return [p for each in self.pending for p in [*each.segment.pictures, *each.lost]]

    def find(self, picture: str) -> UndoableDeletion | None:
        """The deletion of a picture, if it can be undone."""
        return next((each for each in self.pending if each.picture == picture), None)

    def remove(self, deletion: UndoableDeletion) -> None:
        """Remove a deletion that is final or undone."""
        self.pending.remove(deletion)
