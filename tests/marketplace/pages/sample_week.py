"""A sample week with an exception of each kind, as view models."""

# ruff: noqa: ARG002 - the signatures are those of the real marketplace

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import get_args
from zoneinfo import ZoneInfo

from diary.core.slots import SLOT, WEEK, to_datetime, week_of
from diary.verification.credit import Totals
from marketplace.accounts.model import Account
from marketplace.core.problems import ProblemError
from marketplace.records.exceptions import ExceptionKind
from marketplace.review.ledger import Rate, WeekLedger
from marketplace.review.week_view import (
    EntryView,
    ExceptionView,
    SlotReview,
    StripSlot,
    ThreadView,
    WeekDay,
    WeekView,
)
from tests.marketplace.pages import samples

WEEK_S = week_of(int(samples.NOW.timestamp()))
ISO = "2026-W47"
SLOT_S = samples.slot_at(9, 20)
NAMES = ("A" * 43,)


def entry(kind: str = "question", text: str | None = "Which sheet?") -> EntryView:
    return EntryView(kind, "Li Wei", samples.NOW, text, 1)


def thread(digest: str, *, answered: bool) -> ThreadView:
    replies = (replace(entry("answer", "Both."), author="Ana Ruiz"),) if answered else ()
    start = to_datetime(SLOT_S, samples.BOGOTA)
    return ThreadView(
        digest, entry(), replies, SLOT_S, start, start + dt.timedelta(minutes=10), answered, False
    )


def exceptions() -> tuple[ExceptionView, ...]:
    kinds: tuple[ExceptionKind, ...] = get_args(ExceptionKind)
    start = to_datetime(SLOT_S, samples.BOGOTA)
    made = [
        ExceptionView(
            number=number,
            id=f"{kind}-x",
            kind=kind,
            detail=samples.IMPORT,
            start=start,
            end=start + dt.timedelta(minutes=10),
            seconds=SLOT,
            slot=SLOT_S,
            segments=NAMES,
            settled=kind == "deleted",
            thread=thread("B" * 43, answered=True) if kind == "question" else None,
        )
        for number, kind in enumerate(kinds, 1)
    ]
    open_question = replace(
        made[kinds.index("question")],
        number=len(made) + 1,
        thread=thread("C" * 43, answered=False),
    )
    return (*made, open_question)


def week(**changes: object) -> WeekView:
    """A week that its client reviews: part of it is over the limit."""
    day = Totals(25_200, 1_800, 2_400, 26_400, 600, 600, 600, 1_200)
    monday = to_datetime(WEEK_S, dt.UTC).date()
    slots = tuple(
        StripSlot(
            SLOT_S + place * SLOT,
            560 + 10 * place,
            level,
            (place,),
            place != 2,
            "Meeting" if place == 3 else "",
        )
        for place, level in enumerate((0, 2, 5, 7, 10, None))
    )
    ends = to_datetime(WEEK_S + WEEK, dt.UTC)
    made = WeekView(
        ctr=samples.CTR,
        title="Acme shop rebuild",
        person="Ana Ruiz",
        client="Acme",
        role="owner",
        week=WEEK_S,
        date=monday,
        tz="UTC",
        person_tz="America/Bogota",
        now=samples.NOW,
        state="review",
        locks_at=ends + dt.timedelta(hours=12),
        review_ends_at=ends + dt.timedelta(days=5),
        ledger=WeekLedger(samples.CTR, WEEK_S, (day,) * 7, Rate(4_000, "USD")),
        limit_s=108_000,
        exceptions=exceptions(),
        days=tuple(
            WeekDay(monday + dt.timedelta(days=n), slots if n < 3 else (), 3_600, 3_000)
            for n in range(7)
        ),
        threads=(thread("B" * 43, answered=True),),
        entries=tuple(
            entry(kind, None if kind in ("approve", "allow") else "Why?")
            for kind in ("question", "answer", "comment", "dispute", "resolve", "allow", "approve")
        ),
        quiet=12,
        approved=None,
        allowed_s=600,
        segments=NAMES,
        version="v",
        checked=18,
        failing=0,
        checked_at=samples.NOW,
        previous=True,
        next=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def slot_review(**changes: object) -> SlotReview:
    """The review of a slot with an exception, a settled one, two questions and notes."""
    kept, settled = exceptions()[4], replace(exceptions()[5], settled=True)
    made = SlotReview(
        week=WEEK_S,
        role="owner",
        state="review",
        exceptions=(kept, settled),
        threads=(thread("B" * 43, answered=True), thread("C" * 43, answered=False)),
        notes=(entry("comment", "Seen."), entry("label", "Meeting")),
        label="Meeting",
        count=9,
        previous=exceptions()[0],
        next=exceptions()[3],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class SampleWeeks:
    """Returns the sample week. `shown` and `reviewed` may be changed between two requests."""

    def __init__(self) -> None:
        self.shown = week()
        self.reviewed = slot_review()

    def slot_review(self, account: Account, ctr: str, slot: int, tz: ZoneInfo) -> SlotReview:
        return self.reviewed

    def week(self, account: Account, ctr: str, begin: int, tz: ZoneInfo) -> WeekView:
        if ctr != samples.CTR:
            raise ProblemError("not_found", "There is no such contract.")
        return replace(self.shown, tz=tz.key)
