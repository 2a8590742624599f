"""The view models of a week: ledger, exceptions, days, questions and decisions. Frozen values.

Times are Unix seconds (`*_s`) or aware datetimes in the requested time zone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from marketplace.contracts.access import ContractRole
from marketplace.records.exceptions import ExceptionKind
from marketplace.review.ledger import WeekLedger

WeekState = Literal["open", "review", "ended"]
"""Before the week locks; during the client's review; after it."""


@dataclass(frozen=True)
class EntryView:
    """A review entry: its kind, author, time and text, and the number of its segments."""

    kind: str
    author: str
    at: dt.datetime
    text: str | None
    segments: int


@dataclass(frozen=True)
class ThreadView:
    """A question or dispute (by digest) with its replies, and the slot of its first segment."""

    digest: str
    first: EntryView
    replies: tuple[EntryView, ...]
    slot: int
    start: dt.datetime
    end: dt.datetime
    answered: bool
    settled: bool

    @property
    def entries(self) -> tuple[EntryView, ...]:
        """The question and its replies."""
        return (self.first, *self.replies)


@dataclass(frozen=True)
class ExceptionView:
    """An exception of a week: its number on the page, its time, what it is about, and its state.

    `id` names it in forms: it changes with its segments. `detail` is a sentence; `slot` is its
    first slot. `thread` is the question of a `question`.
    """

    number: int
    id: str
    kind: ExceptionKind
    detail: str
    start: dt.datetime
    end: dt.datetime
    seconds: int
    slot: int
    segments: tuple[str, ...]
    settled: bool
    thread: ThreadView | None = None


@dataclass(frozen=True)
class SlotReview:
    """The review of one slot of a week: the exceptions, questions, comments and labels about its
    segments, and the open exceptions of the week before and after them.

    `notes` are the comments and labels; `label` is the last label's text.
    """

    week: int
    role: ContractRole
    state: WeekState
    exceptions: tuple[ExceptionView, ...]
    threads: tuple[ThreadView, ...]
    notes: tuple[EntryView, ...]
    label: str | None
    count: int
    """The number of exceptions of the week."""
    previous: ExceptionView | None
    next: ExceptionView | None

    @property
    def may_decide(self) -> bool:
        """Whether the viewer can act on the week now."""
        return self.role in ("owner", "manager") and self.state != "ended"


@dataclass(frozen=True)
class StripSlot:
    """A slot in the strip of a day: its minutes with input (None: not measured), and the numbers of
    its exceptions. `minute` is its first minute of the day in the displayed zone.
    """

    slot: int
    minute: int
    level: int | None
    exceptions: tuple[int, ...]
    recorded: bool
    """Whether it has recorded work: not only manual time, idle time kept or deleted time."""
    label: str = ""
    """The last label that a side gave to it."""


@dataclass(frozen=True)
class WeekDay:
    """A day of the week in the displayed zone with its slots; its recorded and payable seconds."""

    date: dt.date
    slots: tuple[StripSlot, ...]
    seconds: int
    payable_s: int


@dataclass(frozen=True)
class WeekView:
    """One contract's week. `version` names what was shown: a decision about another version is
    refused. `quiet` is the number of slots without an exception.
    """

    ctr: str
    title: str
    person: str
    client: str
    role: ContractRole
    week: int
    date: dt.date
    tz: str
    person_tz: str
    now: dt.datetime
    state: WeekState
    locks_at: dt.datetime
    review_ends_at: dt.datetime
    ledger: WeekLedger
    limit_s: int | None
    exceptions: tuple[ExceptionView, ...]
    days: tuple[WeekDay, ...]
    threads: tuple[ThreadView, ...]
    entries: tuple[EntryView, ...]
    quiet: int
    approved: EntryView | None
    """The last approval, if it covers all segments."""
    allowed_s: int
    """Payable seconds over the limit that the client allowed."""
    segments: tuple[str, ...]
    version: str
    checked: int
    failing: int
    checked_at: dt.datetime | None
    previous: bool
    next: bool

    @property
    def open_exceptions(self) -> tuple[ExceptionView, ...]:
        """The exceptions that are not settled."""
        return tuple(each for each in self.exceptions if not each.settled)

    @property
    def may_decide(self) -> bool:
        """Whether the viewer can act on the week now."""
        return self.role in ("owner", "manager") and self.state != "ended"

    @property
    def may_approve(self) -> bool:
        """Whether the viewer can approve the week now."""
        return self.may_decide and self.state == "review" and bool(self.segments)
