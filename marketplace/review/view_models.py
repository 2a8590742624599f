"""The view models of the review pages: frozen values without database, files or HTML.

Times are Unix seconds (`*_s`) or aware datetimes in the requested time zone. Texts are translated;
codes are not, for style sheets and tests.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

from diary.core.finding_codes import Severity
from marketplace.contracts.access import ContractRole
from marketplace.review.ledger import Money, Rate

MinuteState = Literal["active", "quiet", "unmeasured", "none"]
"""One minute of a slot: with input, without, covered but not measured, not covered by any time."""


@dataclass(frozen=True)
class Mark:
    """A short remark under a slot: a stable code, which selects the icon, and its text."""

    code: str
    """kept, manual, over-limit, late, offline, masked, overlap, unpaid, unchecked, crash, deleted
    (a segment that was never sealed), changed (memo), given-back, deleted-memo, deleted-minutes or
    deleted-shot."""
    text: str


@dataclass(frozen=True)
class FindingView:
    """A finding of a check: its subject, its stable code, details and a sentence."""

    subject: str
    code: str
    severity: Severity
    detail: str
    text: str


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
    """False if the bytes are missing or differ from the signed ones; then the page shows why."""
    sha256: str
    rules: tuple[str, ...] = ()
    """Sentences about the masking rules of the freelancer that were in force."""


@dataclass(frozen=True)
class NoPicture:
    """The reason why a slot or a segment has no picture."""

    code: str
    """`shot` of the segment (ended, paused, locked, masked, denied, unavailable, error, none), or
    deleted (by the person), expired (kept as long as agreed), erased (by the marketplace), missing
    (announced, not arrived), changed (bytes are not the signed ones), manual."""
    text: str


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
    """Payable seconds of the ISO week (UTC) in which this day ends."""
    limit_s: int | None


@dataclass(frozen=True)
class FailingSlot:
    """A slot that did not pass its checks, with the findings."""

    slot: int
    start: dt.datetime
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class Badge:
    """The check results of a day: the number of checked slots, and those that did not pass."""

    checked: int
    total: int
    failing: tuple[FailingSlot, ...]
    general: tuple[FindingView, ...]
    """Errors about no single slot: about the log or a device."""
    notes: tuple[FindingView, ...] = ()
    """Warnings and notes about no single slot."""
    checked_at: dt.datetime | None = None
    """The time of the oldest of these checks, in real time."""

    @property
    def ok(self) -> bool:
        """True if every slot passed and there are no errors."""
        return self.checked == self.total and not self.failing and not self.general


@dataclass(frozen=True)
class SlotView:
    """One ten-minute slot on the day page."""

    slot: int
    start: dt.datetime
    seconds: int
    """Recorded seconds in the slot, paid or not."""
    picture: PictureRef | None
    pictures: int
    no_picture: NoPicture | None
    minutes: tuple[MinuteState, ...]
    """Always ten."""
    level: str
    """Minutes with input: "7" of a full slot, "3/7" of a partial one, "" when not measured."""
    level_text: str
    memo: str | None
    marks: tuple[Mark, ...]
    checked: bool
    failing: tuple[FindingView, ...]
    no_memo: str = ""
    """The text in place of a missing memo."""
    more: int = 0
    """Segments of the slot that the day page has not checked; `seconds` includes them."""
    unprotected: str = ""
    """Why a part of the slot is not protected (protocol §8); "" if all of it is."""
    label: str = ""
    """The last label that a side gave to the slot."""


@dataclass(frozen=True)
class SignalView:
    """A fair signal (protocol §11): a question with its harmless causes; `code` is its kind."""

    code: str
    question: str
    causes: str
    slots: tuple[int, ...]
    """The slots that it is about (Unix s), in order."""


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
    slots: tuple[SlotView, ...]
    """In order of time; slots without time are absent."""
    badge: Badge
    previous: dt.date | None
    """The nearest earlier day with time, if any."""
    next: dt.date | None
    signals: tuple[SignalView, ...] = ()
    """Empty for a client before `signals_from`."""
    signals_from: dt.datetime | None = None
    """When the client sees the signals."""


@dataclass(frozen=True)
class MinuteRow:
    """One minute of a slot for the chart; a count is None where it was not measured."""

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
    """A memo that was changed later; `text` is None if it was deleted or withheld. `at` is the
    device's time of the change, None for the sealed memo.
    """

    text: str | None
    at: dt.datetime | None


@dataclass(frozen=True)
class DeletionView:
    """A deletion: what was deleted, by whom, and the log time of its tombstone."""

    what: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class SegmentDetail:
    """One signed segment of a slot with its check results."""

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
    end_text: str
    input: str
    input_text: str
    pictures: tuple[PictureRef, ...]
    no_picture: NoPicture | None
    assurance: str
    """A, B or C, as in the protocol, section 8; "" for an unreadable segment."""
    assurance_text: str
    log_index: int
    log_origin: str
    log_size: int
    """The index of its leaf, and the name and size of the leaf's log shard."""
    received: dt.datetime
    findings: tuple[FindingView, ...]
    prev: str
    terms: str
    beacon: str | None
    app: str
    earlier: tuple[EarlierMemo, ...] = ()
    """The replaced memos, the sealed one first."""
    deletions: tuple[DeletionView, ...] = ()
    unprotected: str = ""
    """Like `SlotView.unprotected`."""


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
    level_text: str
    memo: str | None
    marks: tuple[Mark, ...]
    findings: tuple[FindingView, ...]
    checked: bool
    no_memo: str = ""
    """Like `SlotView.no_memo`."""
    page: int = 1
    pages: int = 1
    count: int = 1
    """The number of this page, from 1, and of all segments of the slot. `segments`, `rows` and
    `findings` are those of this page."""
    first: int = 1
    """The number of the first segment of this page."""


@dataclass(frozen=True)
class ContractFacts:
    """What a slot's page shows about its contract."""

    person_tz: str
    """Like `DayView.person_tz`."""
    retention_days: int | None
    """The days that pictures are kept after the log received their segment; None without terms."""


class HomeRow(NamedTuple):
    """One contract on the home page in one week; `role` is that of the viewer.

    A tuple, since a page makes one for each of a thousand contracts.
    """

    ctr: str
    title: str
    person: str
    client: str
    role: ContractRole
    state: str
    """active, paused or ended; "" without terms."""
    recording: dt.datetime | None
    """Since when it is being recorded now."""
    last_seen: dt.datetime | None
    last_day: dt.date | None
    today_s: int
    week_s: int
    """Payable seconds of the week."""
    limit_s: int | None
    days: tuple[int, ...]
    """Payable seconds of each day of the week (UTC), Monday first."""
    exceptions: int
    """Exceptions of the week that the client has not settled."""
    kinds: tuple[str, ...] = ()
    """Their kinds, most frequent first."""
    tracked_s: int = 0
    """Seconds of the week of all kinds, before any cut."""
    over_s: int = 0
    """Unpaid seconds over the weekly limit."""
    rate: Rate | None = None
    approved: bool = False
    may_approve: bool = False
    """Whether the viewer can approve the week now."""

    @property
    def amount_minor(self) -> int | None:
        """The money of the week in the minor unit; None without a rate."""
        return None if self.rate is None else self.rate.amount_minor(self.week_s)

    @property
    def can_be_approved(self) -> bool:
        """Whether the viewer can approve the week from a list: it has no exceptions."""
        return self.may_approve and not self.exceptions

    @property
    def version(self) -> str:
        """What a list shows of the week: an approval of another version is refused."""
        return f"{self.ctr} {self.week_s} {self.tracked_s} {self.over_s} {self.amount_minor}"


@dataclass(frozen=True)
class HomeSums:
    """The sums of the shown contracts: their number, those that record now, seconds of today and of
    the week, money by currency, and exceptions.
    """

    contracts: int = 0
    recording: int = 0
    today_s: int = 0
    tracked_s: int = 0
    payable_s: int = 0
    amounts: tuple[Money, ...] = ()
    exceptions: int = 0


@dataclass(frozen=True)
class HomeView:
    """The home page of an account. `rows` are those of the page, `total` all contracts, `counts`
    the numbers of rows by filter; `approvable` are the weeks without exceptions that the viewer can
    approve.
    """

    name: str
    role: str
    """freelancer or client."""
    now: dt.datetime
    rows: tuple[HomeRow, ...]
    week: int
    review_ends_at: dt.datetime
    total: int
    counts: dict[str, int]
    sums: HomeSums
    approvable: tuple[HomeRow, ...] = ()
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class PictureFile:
    """The bytes of a picture or thumbnail that the account may see."""

    data: bytes
    mime: str
    sha256: str
