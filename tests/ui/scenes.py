"""Sample states of the client for tests and pictures."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from diary.core.day_bounds import day_bounds
from diary.interfaces import ContractInfo
from diary.objects.picture import Minutes
from diary.objects.terms import Terms
from tracker.diagnostics import Diagnosis
from tracker.model.status import IdleTime, Notice, PictureStatus, Status
from ui.presenters.app_state import AppState
from uploader.api.picture_views import ViewResponse, ViewsResponse
from uploader.store.index.rows import UploadState
from uploader.store.local_diary import ContractTotals, DiaryEntry, DiaryPicture, LocalDay
from uploader.store.reviews.entries import StoredEntry, UnsentAnswer
from uploader.worker.status import UploadStatus

#: The digest of the sample picture's file.
FILE = "f" * 43
DAY = int(datetime(2026, 11, 17, tzinfo=UTC).timestamp())
BOUNDS = day_bounds(DAY, UTC)
AUD = "market.example"


def at(hour: int, minute: int, second: int = 0) -> int:
    """Unix seconds on the day of the samples, UTC."""
    return DAY + hour * 3600 + minute * 60 + second


def upload(**changes: Any) -> UploadStatus:
    """A status of the upload worker: everything is uploaded."""
    return replace(UploadStatus(last_ok_ms=at(15, 13) * 1000), **changes)


def contract(title: str, client: str, letter: str, **terms: Any) -> ContractInfo:
    """A contract; `letter` forms its id."""
    ctr = letter * 22
    made = replace(Terms(aud=AUD, ctr=ctr, sub="s" * 22, client="k" * 22, from_s=DAY), **terms)
    return ContractInfo(ctr, title, client, made, made.digest)


ACME = contract("Acme shop rebuild", "Acme", "a", limit_s=30 * 3600)
HARBOUR = contract("Harbour timetable", "Harbour Lines", "b")
CONTRACTS = (ACME, HARBOUR)
MEMOS = ("Shipping table import", "Checkout: address form validation", "Review comments")


@cache
def screenshot(width: int = 400, height: int = 225) -> bytes:
    """A thumbnail like the recorder's: an editor with coloured lines, WebP."""
    image = Image.new("RGB", (width, height), "#1E2430")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 7, height), fill="#171C26")
    colors = ("#8FB98A", "#9FB2CC", "#C9A86A", "#B48EAD", "#7FA3D1")
    for row in range(13):
        y = 8 + row * height // 14
        x = width // 5 + (row * 7 % 4) * 14
        for word in range(1 + row * 5 % 4):
            length = 18 + (row * 31 + word * 17) % 46
            draw.rounded_rectangle((x, y, x + length, y + 5), 2, fill=colors[(row + word) % 5])
            x += length + 8
    data = io.BytesIO()
    image.save(data, "WEBP", quality=80, method=2)
    return data.getvalue()


def picture(**changes: Any) -> PictureStatus:
    """A kept picture of 15:04."""
    made = PictureStatus("p1", at(15, 4) * 1000, screenshot(), 1920, 1080, None, "kept", 0, FILE)
    return replace(made, **changes)


def in_review(left_s: int = 11, taken: int = at(15, 14)) -> PictureStatus:
    """A picture with `left_s` seconds of review left, taken 4 s before."""
    return picture(
        taken_ms=taken * 1000,
        review_until_ms=(taken + 4 + left_s) * 1000,
        review_ms=15_000,
        state="review",
        removes_s=4 * 60 + 10,
    )


RECORDING = Status(
    state="recording",
    ctr=ACME.ctr,
    memo=MEMOS[0],
    since_ms=at(14, 2) * 1000,
    session_s=4328,
    today_s=2 * 3600 + 14 * 60,
    week_s=18 * 3600 + 40 * 60,
    limit_s=30 * 3600,
    slot=at(15, 10),
    minutes=("active", "active", "quiet", "active", "active", "active", *("none",) * 4),
    input="ok",
    picture=picture(),
)

IDLE = IdleTime(at(15, 2) * 1000, at(15, 12) * 1000, 600)
AWAY = replace(
    RECORDING,
    state="idle",
    idle=IDLE,
    notices=(Notice("idle_question", {"at_ms": IDLE.since_ms, "seconds": IDLE.seconds}),),
    notice_seq=1,
)


def scene(**changes: Any) -> AppState:
    """Recording at 15:14:08, everything sent."""
    made = AppState(
        now_ms=at(15, 14, 8) * 1000,
        status=RECORDING,
        upload=upload(),
        contracts=CONTRACTS,
        chosen=ACME.ctr,
        memo=MEMOS[0],
        known_memos={ACME.ctr: MEMOS},
        zone=UTC,
    )
    return replace(made, **changes)


def over_limit() -> AppState:
    """Recording over a limit after which time is unpaid."""
    unpaid = replace(ACME, terms=replace(ACME.terms, limit_rule="unpaid"))
    return scene(contracts=(unpaid, HARBOUR), status=replace(RECORDING, week_s=30 * 3600))


def many_contracts(count: int) -> tuple[ContractInfo, ...]:
    """Contracts of different clients."""
    return (
        ACME,
        *(contract(f"Contract {n}", f"Client {n}", "cdefghijk"[n]) for n in range(1, count)),
    )


def stopped(**changes: Any) -> AppState:
    """Not recording; the day's time so far."""
    status = replace(RECORDING, state="stopped", since_ms=None, session_s=0, minutes=("none",) * 10)
    return replace(scene(status=status), **changes)


def reviewing(left_s: int = 11) -> AppState:
    """A picture was taken four seconds ago."""
    return scene(now_ms=at(15, 14, 4) * 1000, status=replace(RECORDING, picture=in_review(left_s)))


def held() -> AppState:
    """As `reviewing`, with the pointer on the picture."""
    paused = replace(in_review(), review_until_ms=None)
    return scene(now_ms=at(15, 14, 4) * 1000, status=replace(RECORDING, picture=paused))


def deleted(left_s: int = 8, **changes: Any) -> AppState:
    """A picture was deleted; that can be undone for `left_s` seconds."""
    shown = replace(
        in_review(),
        state="deleted",
        review_until_ms=None,
        undo_until_ms=(at(15, 14, 4) + left_s) * 1000,
    )
    return scene(now_ms=at(15, 14, 4) * 1000, status=replace(RECORDING, picture=shown, **changes))


def entry(index: int, **changes: Any) -> DiaryEntry:
    """A segment of today: ten minutes from 9:00 on, uploaded, with a picture."""
    begin = at(9, 0) + index * 600
    made = DiaryEntry(
        hash=f"{index:043}",
        ctr=ACME.ctr,
        kind="auto",
        slot=begin,
        t0=begin,
        t1=begin + 600,
        memo=MEMOS[index // 3 % len(MEMOS)],
        note=None,
        changed=False,
        # Not the same picture in a row, which would raise a question.
        pictures=(
            DiaryPicture(
                (begin + 360) * 1000, f"{index:f>43}" if index % 2 else FILE, f"{index:t>43}"
            ),
        ),
        minutes=minutes(index),
        input="ok",
        shot="ok",
        deleted=frozenset(),
        gives_back=False,
        locked=False,
        state=UploadState.DONE,
        rt_ms=(begin + 660) * 1000,
        log_index=1200 + index,
    )
    return replace(made, **changes)


def minutes(seed: int) -> Minutes:
    """Ten minutes with some input."""
    counts = ((seed * 7 + 5 * n) % 11 for n in range(10))
    return tuple((9 * n, n, 0, 2 * n, 0) if n > 2 else (0, 0, 0, 0, 0) for n in counts)


#: Unsent work has no receipt yet.
UNSENT: dict[str, Any] = {"state": UploadState.WAITING, "rt_ms": None, "log_index": None}


def full_day(**changes: Any) -> LocalDay:
    """A day up to 15:10 with every kind of slot, and hours without time."""
    gone = {"pictures": (), "deleted": frozenset({"shot", "time"}), "gives_back": True}
    entries = (
        *(entry(number) for number in range(3)),
        entry(3, pictures=(DiaryPicture(at(9, 36) * 1000, FILE, f"{3:t>43}", covered=True),)),
        entry(4, pictures=(), shot="denied"),
        entry(5, changed=True),
        entry(6, over_limit=True),
        entry(7, **gone),
        entry(8, kind="kept", pictures=(), note="Call with Li", shot="none"),
        entry(9, kind="manual", pictures=(), note="Call without the computer", minutes=None),
        entry(18, memo=None, deleted=frozenset({"memo"})),
        entry(19, pictures_sent=False),
        entry(20, unpaying=("E_LATE",)),
        entry(21, t1=at(12, 34), memo="First part"),
        replace(entry(21, memo="Second part"), hash="2" * 43, t0=at(12, 36)),
        entry(34, **UNSENT),
        entry(35, **UNSENT),
    )
    totals = {
        ACME.ctr: ContractTotals(9240, 67_320, (DAY + 6 * 86_400 + 43_200) * 1000),
        HARBOUR.ctr: ContractTotals(),
    }
    return replace(LocalDay(BOUNDS, entries, 9240, totals), **changes)


#: Who viewed a picture.
VIEWS = ViewsResponse(
    (
        ViewResponse(at(14, 50) * 1000, ACME.client, own=False),
        ViewResponse(at(9, 40) * 1000, "Ana Ruiz", own=True),
    )
)


def question(
    number: int, text: str, *slots: int, ctr: str = ACME.ctr, **changes: Any
) -> StoredEntry:
    """A question of the client, asked in the afternoon."""
    made = StoredEntry(
        digest=f"{number:Q>43}",
        ctr=ctr,
        kind="question",
        own=False,
        name="Grace Li",
        at_s=at(14, 50),
        text=text,
        replies_to=None,
        slots=slots,
        rt_ms=at(14, 50) * 1000,
        index=2000 + number,
    )
    return replace(made, **changes)


ASKED = question(1, "Which part of the address form was this?", at(9, 20), at(9, 30))
#: The freelancer's answer to it.
REPLIED = question(
    2, "The validation of postcodes.", at(9, 20), at(9, 30), kind="answer", own=True,
    name="Ana Ruiz", at_s=at(15, 2), replies_to=ASKED.digest,
)  # fmt: skip
DISPUTED = question(
    3, "We had agreed on a call, not on this.", at(10, 30), kind="dispute", at_s=at(14, 58)
)
#: About time of another computer.
AWAY_ASKED = question(4, "Was this the timetable?", at(11, 10), ctr="b" * 22)
UNSENT_ANSWER = UnsentAnswer(
    ACME.ctr, ASKED.digest, "S" * 42 + "A", "The validation of postcodes.", at(15, 13)
)


def day(**changes: Any) -> LocalDay:
    """A morning with every state of a segment."""
    entries = (
        entry(0),
        entry(1, changed=True),
        entry(2, pictures=(), deleted=frozenset({"shot", "time"}), gives_back=True),
        entry(3, memo=None, deleted=frozenset({"memo"})),
        entry(4, pictures=(), shot="none"),
        entry(5, minutes=None, deleted=frozenset({"minutes"}), t1=at(9, 57, 20)),
        entry(6, **UNSENT),
    )
    return replace(LocalDay(BOUNDS, entries, 3440), **changes)


DIAGNOSES = (
    Diagnosis("session", "ok", "x11"),
    Diagnosis("pictures", "ok", "works", "mss", ("Pictures are taken from the X server.",)),
    Diagnosis("input", "attention", "failed", facts={"detail": "XInput2 is missing"}),
    Diagnosis("idle", "ok", "by_input"),
    Diagnosis("sleep", "limited", "clock_only"),
    Diagnosis("clocks", "ok", "works"),
)
