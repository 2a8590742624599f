"""What the review pages show, as frozen values: no database, no files, no HTML.

Times are Unix seconds (`*_s`) or aware datetimes in the time zone that the page asked for. Words
are already translated; codes stay as they are, for style sheets and tests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from diary.core.finding_codes import Severity

MinuteState = Literal["active", "quiet", "unmeasured", "none"]
"""One minute of a slot: with input, without, covered but not measured, not covered by any time."""


@dataclass(frozen=True)
class Mark:
    """A short remark under a cell: a stable code for the icon, and the words beside it."""

    code: str
    """kept, manual, over-limit, late, offline, masked, overlap, unpaid, unchecked, crash, deleted
    (a run that was never sealed), changed (memo), given-back, deleted-memo, deleted-minutes or
    deleted-shot."""
    words: str


@dataclass(frozen=True)
class FindingView:
    """One result of a check: who or what it is about, its stable code, and what it means."""

    subject: str
    code: str
    severity: Severity
    detail: str
    words: str


@dataclass(frozen=True)
class PictureRef:
    """One picture of a segment; its address is `/pictures/{segment}/{index}`, `/thumbs/…` alike."""

    segment: str
    index: int
    at: dt.datetime
    width: int
    height: int
    masked: bool
    present: bool
    """False while the marketplace does not hold the bytes, or holds bytes that are not the signed
    ones: then there is nothing to show but the reason."""
    sha256: str


@dataclass(frozen=True)
class NoPicture:
    """Why a cell or a segment has no picture to show."""

    code: str
    """`shot` of the segment (ended, paused, locked, masked, denied, unavailable, error, none), or
    deleted (by the person), expired (kept as long as agreed), erased (by the marketplace), missing
    (announced, not arrived), changed (bytes are not the signed ones), manual."""
    words: str


@dataclass(frozen=True)
class TotalsView:
    """Seconds of a day; `tracked` is automatic time, before any cut.

    tracked + kept + manual = payable + given_back + over_limit + overlap + unpaid.
    """

    payable_s: int
    tracked_s: int
    kept_s: int
    manual_s: int
    given_back_s: int
    over_limit_s: int
    overlap_s: int
    unpaid_s: int
    """Time whose evidence has a finding that stops pay."""
    week_s: int
    """Payable seconds of the ISO week (UTC) that this day's last moment falls in."""
    limit_s: int | None


@dataclass(frozen=True)
class FailingSlot:
    """A cell that a check did not pass, and why."""

    slot: int
    start: dt.datetime
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class Badge:
    """How many cells were checked by the marketplace, and which of them did not pass."""

    checked: int
    total: int
    failing: tuple[FailingSlot, ...]
    general: tuple[FindingView, ...]
    """Findings about no single cell that mean that a check did not pass: the log, a device."""
    notes: tuple[FindingView, ...] = ()
    """What else is to be known about no single cell."""

    @property
    def ok(self) -> bool:
        """True when every cell passed and nothing else was found."""
        return self.checked == self.total and not self.failing and not self.general


@dataclass(frozen=True)
class SlotView:
    """One ten-minute slot on the day page."""

    slot: int
    start: dt.datetime
    seconds: int
    """Recorded seconds in the slot, whatever of them is paid."""
    picture: PictureRef | None
    pictures: int
    no_picture: NoPicture | None
    minutes: tuple[MinuteState, ...]
    """Always ten."""
    level: str
    """Minutes with input: "7" of a full slot, "3/7" of a partial one, "" when not measured."""
    level_words: str
    memo: str | None
    marks: tuple[Mark, ...]
    checked: bool
    failing: tuple[FindingView, ...]
    no_memo: str = ""
    """Why there is no memo to show, if there is more to say than that."""
    more: int = 0
    """Segments of the slot that the day page has not checked: only `seconds` includes them."""


@dataclass(frozen=True)
class DayView:
    """One person's day on one contract."""

    ctr: str
    title: str
    person: str
    client: str
    date: dt.date
    tz: str
    """IANA name of the zone in which the day begins and ends."""
    person_tz: str
    """The zone that the freelancer's last segment names; "UTC" if none or unknown."""
    now: dt.datetime
    totals: TotalsView
    cells: tuple[SlotView, ...]
    """In order of time; slots without time are absent."""
    badge: Badge
    previous: dt.date | None
    """The nearest earlier day with time, if any."""
    next: dt.date | None


@dataclass(frozen=True)
class MinuteRow:
    """One minute of a cell for the chart; a count is None where it was not measured."""

    index: int
    start: dt.datetime
    state: MinuteState
    keys: int | None
    clicks: int | None
    scrolls: int | None
    moves: int | None
    """Seconds of the minute with pointer movement, 0..60."""
    injected: int | None


@dataclass(frozen=True)
class EarlierMemo:
    """A memo that was changed later; None if it was deleted or is not shown. `at` is when its
    device says that it was written; None for the one that was sealed.
    """

    text: str | None
    at: dt.datetime | None


@dataclass(frozen=True)
class DeletionView:
    """Something that was deleted: what, by whom, and when the log received that."""

    what: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class SegmentDetail:
    """One signed segment of a cell, with what was checked about it."""

    hash: str
    kid: str
    device: str
    seq: int
    epoch: int
    kind: str
    t0: dt.datetime
    t1: dt.datetime
    seconds: int
    payable_s: int
    memo: str | None
    note: str | None
    end: str
    end_words: str
    input: str
    input_words: str
    pictures: tuple[PictureRef, ...]
    no_picture: NoPicture | None
    assurance: str
    """A, B or C, as in the protocol, section 8; "" when the segment could not be read at all."""
    assurance_words: str
    log_index: int
    log_origin: str
    log_size: int
    """The index of its leaf, and the name and size of the log shard in which that stands."""
    received: dt.datetime
    findings: tuple[FindingView, ...]
    prev: str
    terms: str
    beacon: str | None
    app: str
    earlier: tuple[EarlierMemo, ...] = ()
    """The memos that a later one has replaced, the sealed one first."""
    deletions: tuple[DeletionView, ...] = ()


@dataclass(frozen=True)
class SlotDetail:
    """One ten-minute slot in full."""

    ctr: str
    title: str
    person: str
    client: str
    slot: int
    start: dt.datetime
    end: dt.datetime
    date: dt.date
    tz: str
    previous: int | None
    next: int | None
    segments: tuple[SegmentDetail, ...]
    rows: tuple[MinuteRow, ...]
    """Always ten."""
    level: str
    level_words: str
    memo: str | None
    marks: tuple[Mark, ...]
    findings: tuple[FindingView, ...]
    checked: bool
    no_memo: str = ""
    """Like that of a cell."""
    page: int = 1
    pages: int = 1
    count: int = 1
    """Which of the pages this is, from 1, and how many segments the slot has; `segments`, `rows`
    and what was found are those of this page."""
    first: int = 1
    """The number of the first segment of this page."""


@dataclass(frozen=True)
class HomeRow:
    """One contract on the home page."""

    ctr: str
    title: str
    person: str
    client: str
    state: str
    """active, paused or ended; "" without terms."""
    recording: bool
    """The last time that arrived ended less than two slots ago, and not by a stop."""
    last_seen: dt.datetime | None
    last_day: dt.date | None
    today_s: int
    week_s: int
    limit_s: int | None
    days: tuple[int, ...]
    """Seven: payable seconds of each day of the present week, Monday first, UTC."""
    exceptions: int
    """Segments of the present week with an E_ finding."""


@dataclass(frozen=True)
class HomeView:
    """What an account sees first."""

    name: str
    role: str
    """freelancer or client."""
    now: dt.datetime
    rows: tuple[HomeRow, ...]


@dataclass(frozen=True)
class PictureFile:
    """Bytes of a picture or thumbnail that the account may see now."""

    data: bytes
    mime: str
    sha256: str
