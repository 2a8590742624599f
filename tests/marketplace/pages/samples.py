"""A sample day with every kind of slot, as view models.

It includes states that the tests' marketplace does not produce (masks, kept time, deleted
pictures). Tests with the real marketplace cover the path from real segments to the page.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from zoneinfo import ZoneInfo

from diary.core.findings import Code
from diary.core.slots import SLOT, week_of
from marketplace.accounts.model import Account
from marketplace.review.ledger import Money, Rate
from marketplace.review.view_models import (
    Badge,
    DayView,
    FailingSlot,
    FindingView,
    HomeRow,
    HomeSums,
    HomeView,
    Mark,
    MinuteRow,
    MinuteState,
    NoPicture,
    PictureRef,
    SegmentDetail,
    SlotDetail,
    SlotView,
    TotalsView,
)

CTR = "aCmEsHoPrEbUiLd0000001"
BOGOTA = ZoneInfo("America/Bogota")
DAY = dt.date(2026, 11, 17)
NOW = dt.datetime(2026, 11, 17, 16, 5, tzinfo=BOGOTA)
CLIENT = Account(sub="c" * 22, name="Li Wei", role="client")
FREELANCER = Account(sub="f" * 22, name="Ana Ruiz", role="freelancer")
HASH = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"

_STATES: dict[str, MinuteState] = {"a": "active", "q": "quiet", "u": "unmeasured", ".": "none"}


def slot_at(hour: int, minute: int) -> int:
    return int(dt.datetime(2026, 11, 17, hour, minute, tzinfo=BOGOTA).timestamp())


def picture(
    slot: int, *, masked: bool = False, width: int = 1920, height: int = 1080
) -> PictureRef:
    return PictureRef(
        segment=f"{slot:_>43}".replace("_", "x"),
        index=0,
        at=dt.datetime.fromtimestamp(slot + 271, BOGOTA),
        width=width,
        height=height,
        masked=masked,
        present=True,
        sha256=HASH,
    )


def slot_view(
    hour: int,
    minute: int,
    minutes: str,
    memo: str | None,
    *,
    marks: tuple[Mark, ...] = (),
    none: NoPicture | None = None,
    failing: tuple[FindingView, ...] = (),
    checked: bool = True,
    pictures: int = 1,
    shape: tuple[int, int] = (1920, 1080),
) -> SlotView:
    slot = slot_at(hour, minute)
    covered = [letter for letter in minutes if letter != "."]
    active = minutes.count("a")
    measured = bool(covered) and "u" not in minutes
    level = (
        "" if not measured else str(active) if len(covered) == 10 else f"{active}/{len(covered)}"
    )
    words = (
        f"{active} of {len(covered)} minutes with input"
        if measured
        else "activity was not measured"
    )
    masked = any(mark.code == "masked" for mark in marks)
    return SlotView(
        slot=slot,
        start=dt.datetime.fromtimestamp(slot, BOGOTA),
        seconds=60 * len(covered),
        picture=None if none else picture(slot, masked=masked, width=shape[0], height=shape[1]),
        pictures=0 if none else pictures,
        no_picture=none,
        minutes=tuple(_STATES[letter] for letter in minutes),
        level=level,
        level_text=words if covered else "",
        memo=memo,
        marks=marks,
        checked=checked,
        failing=failing,
    )


CHECKOUT = "Checkout: address form validation"
REVIEW = "Review comments on pull request 418"
IMPORT = "Shipping table import"
LATE = Mark("late", "Sent late, offline")
CHANGED = FindingView("disclosure", "E_SHOT_HASH", "error", "shot_0", Code.E_SHOT_HASH.sentence)

SLOTS = (
    replace(slot_view(9, 20, "qqqqaaaaaa", CHECKOUT), label="Meeting"),
    slot_view(9, 30, "aqaaaaaaaa", CHECKOUT),
    slot_view(9, 40, "aaaaqaaaqa", CHECKOUT),
    slot_view(9, 50, "aaaaaqaaaa", CHECKOUT),
    slot_view(10, 0, "aaaaaaaaaq", CHECKOUT),
    slot_view(10, 10, "aqaaaaaqaq", CHECKOUT, marks=(Mark("masked", "Masked"),)),
    slot_view(10, 20, "aaaaaaaaaa", CHECKOUT),
    slot_view(
        10, 30, "..........", CHECKOUT,
        none=NoPicture("deleted", "Deleted by Ana, with 10 min of time"),
    ),
    slot_view(10, 40, "qqaaaaaaaa", REVIEW),
    slot_view(10, 50, "aaqaqaaqaq", REVIEW),
    slot_view(11, 0, "aqaaqqaqqq", REVIEW),
    slot_view(
        11, 10, "uuuuuuu...", REVIEW, none=NoPicture("locked", "Screen locked, no picture")
    ),
    slot_view(11, 40, "aaaqaaaaqa", IMPORT, marks=(LATE,)),
    slot_view(11, 50, "qaaaaaaaaa", IMPORT, marks=(LATE,)),
    slot_view(14, 0, "aqaaqaaqaa", IMPORT, pictures=2),
    slot_view(14, 10, "aaaqaaaaaa", IMPORT),
    slot_view(14, 20, "aaaaaqaaaa", IMPORT, shape=(5120, 1440)),
    slot_view(14, 30, "aaaaaaaaaa", IMPORT),
    slot_view(14, 40, "qqqaqqqaqa", "Call", marks=(Mark("kept", "Kept: “call with Li”"),)),
    slot_view(14, 50, "aaaaqqaaaa", IMPORT),
)  # fmt: skip

TOTALS = TotalsView(
    payable_s=10_934, tracked_s=10_934, kept_s=600, manual_s=0, given_back_s=600,
    over_limit_s=0, overlap_s=0, unpaid_s=0, week_s=67_200, limit_s=108_000,
)  # fmt: skip


def day(slots: tuple[SlotView, ...] = SLOTS, *, totals: TotalsView = TOTALS) -> DayView:
    failing = tuple(FailingSlot(c.slot, c.start, c.failing) for c in slots if c.failing)
    return DayView(
        ctr=CTR,
        title="Acme shop rebuild",
        person="Ana Ruiz",
        client="Acme",
        date=DAY,
        tz="America/Bogota",
        person_tz="America/Bogota",
        now=NOW,
        totals=totals,
        slots=slots,
        badge=Badge(
            checked=sum(c.checked and not c.failing for c in slots),
            total=len(slots),
            failing=failing,
            general=(),
        ),
        previous=DAY - dt.timedelta(days=1),
        next=None,
    )


def broken_day() -> DayView:
    """One slot failed, one is not checked yet."""
    slots = list(SLOTS)
    slots[2] = replace(
        slots[2],
        picture=None,
        pictures=0,
        no_picture=NoPicture("changed", "The picture was changed and is not shown"),
        failing=(CHANGED,),
    )
    slots[16] = replace(slots[16], checked=False, marks=(Mark("unchecked", "Not checked yet"),))
    return day(tuple(slots))


def slot_detail(slot: int) -> SlotDetail:
    found = next(c for c in SLOTS if c.slot == slot)
    at = [c.slot for c in SLOTS].index(slot)
    rng = random.Random(slot)
    start = dt.datetime.fromtimestamp(slot, BOGOTA)

    def row(index: int, state: MinuteState) -> MinuteRow:
        counts = (
            (rng.randint(3, 260), rng.randint(0, 30), rng.randint(0, 60), rng.randint(1, 50), None)
            if state == "active"
            else (0, 0, 0, 0, None)
            if state == "quiet"
            else (None,) * 5
        )
        return MinuteRow(index, start + dt.timedelta(minutes=index), state, *counts)

    segment = SegmentDetail(
        hash=HASH, kid=HASH[::-1], device="Ana’s laptop", seq=41, epoch=0, kind="auto",
        t0=start, t1=start + dt.timedelta(seconds=found.seconds), seconds=found.seconds,
        payable_s=found.seconds, memo=found.memo, note=None, end="slot",
        end_text="ten-minute slot completed", input="ok", input_text="counted",
        pictures=(found.picture,) if found.picture else (), no_picture=found.no_picture,
        assurance="A",
        assurance_text="intact; the picture time was unknown before its slot",
        log_index=1203, log_origin="workdiary.localhost/log/2026", log_size=1260,
        received=start + dt.timedelta(seconds=612), findings=(), prev=HASH,
        terms=HASH, beacon=HASH, app="Workdiary 0.1.0, Linux",
    )  # fmt: skip
    segments: tuple[SegmentDetail, ...] = (segment,)
    if at == 14:
        half = start + dt.timedelta(minutes=5)
        segments = (
            replace(segment, t1=half, seconds=300, payable_s=300, end="switch",
                    end_text="contract or memo changed"),
            replace(segment, t0=half, seconds=300, payable_s=300, memo="Call", seq=42, pictures=(),
                    no_picture=NoPicture("ended", "Ended before the picture time")),
        )  # fmt: skip
    return SlotDetail(
        ctr=CTR, title="Acme shop rebuild", person="Ana Ruiz", client="Acme", slot=slot,
        start=start, end=start + dt.timedelta(seconds=SLOT), date=DAY, tz="America/Bogota",
        previous=SLOTS[at - 1].slot if at else None,
        next=SLOTS[at + 1].slot if at + 1 < len(SLOTS) else None,
        segments=segments, count=len(segments),
        rows=tuple(row(i, state) for i, state in enumerate(found.minutes)),
        level=found.level, level_text=found.level_text, memo=found.memo, marks=found.marks,
        findings=found.failing, checked=True,
    )  # fmt: skip


def home(role: str) -> HomeView:
    def row(ctr: str, title: str, **values: object) -> HomeRow:
        base = HomeRow(
            ctr=ctr, title=title, person="Ana Ruiz", client="Acme", state="active",
            role="freelancer" if role == "freelancer" else "owner",
            recording=NOW, last_seen=NOW, last_day=DAY, today_s=10_982, week_s=67_200,
            limit_s=108_000, days=(28_000, 26_000, 13_200, 0, 0, 0, 0), exceptions=0,
            tracked_s=67_200, rate=Rate(4_000, "USD"),
        )  # fmt: skip
        return base._replace(**values)  # type: ignore[arg-type]

    earlier = NOW - dt.timedelta(days=4)
    week = week_of(int(NOW.timestamp()))
    return HomeView(
        name="Li Wei" if role == "client" else "Ana Ruiz",
        role=role,
        now=NOW,
        rows=(
            row(CTR, "Acme shop rebuild"),
            row(
                "b" * 22,
                "Data cleaning, a rather long title that does not fit on one line of a row",
                person="Tomás Ó Briain",
                recording=None,
                last_seen=earlier,
                last_day=earlier.date(),
                today_s=0,
                week_s=3_700,
                limit_s=None,
                days=(3_700, 0, 0, 0, 0, 0, 0),
                exceptions=2,
            ),
            row(
                "c" * 22,
                "Logo",
                person="Noor",
                recording=None,
                last_seen=None,
                last_day=None,
                today_s=0,
                week_s=0,
                days=(0,) * 7,
                state="paused",
            ),
        ),
        week=week,
        review_ends_at=dt.datetime.fromtimestamp(week, dt.UTC) + dt.timedelta(days=12),
        total=3,
        counts={
            "all": 3,
            "review": 2 if role == "client" else 0,
            "exceptions": 1,
            "recording": 1,
            "over": 0,
        },
        approvable=(
            (
                row("d" * 22, "Icons", tracked_s=3_600, week_s=3_600, may_approve=True),
                row("e" * 22, "Fonts", tracked_s=60, week_s=60, may_approve=True, rate=None),
            )
            if role == "client"
            else ()
        ),
        sums=HomeSums(3, 1, 10_982, 70_900, 70_900, (Money(78_778, "USD"),), 2),
    )
