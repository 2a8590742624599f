"""From checked segments to what a page shows of them: pure functions, no storage.

A segment whose bytes cannot be read any more is still shown, by the index it is found by, with the
code of what is wrong: time must never vanish from a page because its record was damaged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from diary.errors import UNPAYING, Code, Finding
from diary.ledger import Credit, Entry, level
from diary.shot import Minutes, Row, has_input, is_measured
from diary.shown import Shown
from diary.times import MINUTE, SLOT, slot_of
from diary.verify import Checked
from diary.words import Kind, Scope
from marketplace import words
from marketplace.deedbook import Deletion
from marketplace.evidence import SegmentRow
from marketplace.i18n import tr, trn
from marketplace.shards import Shard
from marketplace.views import (
    CellView,
    DeletionView,
    EarlierMemo,
    FindingView,
    Mark,
    MinuteRow,
    MinuteState,
    NoPicture,
    PictureRef,
    SegmentDetail,
)

#: Whether the bytes of a hash are there and are the ones of that hash; absent: not looked at.
Held = Mapping[str, bool]


@dataclass(frozen=True)
class Item:
    """A stored segment, what the check says of it (None: it is not authentic), and its credit;
    what was deleted of it, and the name of its freelancer.
    """

    row: SegmentRow
    checked: Checked | None
    findings: tuple[Finding, ...]
    credit: Credit
    deletions: tuple[Deletion, ...] = ()
    person: str = ""

    @property
    def shown(self) -> Shown | None:
        """What is left to see of it."""
        return self.checked.shown if self.checked else None

    def lost(self, part: Scope) -> Deletion | None:
        """The first deletion that names such a part."""
        return next((d for d in self.deletions if d.counts and part in d.scope), None)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that mean that a check did not pass."""
        return tuple(f for f in self.findings if f.code.startswith("E_"))

    @property
    def entry(self) -> Entry:
        """How the ledger sees it. Impossible times count nothing, whatever they say."""
        row = self.row
        codes = {finding.code for finding in self.findings}
        if self.checked is not None:
            entry = replace(self.checked.entry(), order=row.idx)
        else:
            entry = Entry(row.hash, row.idx, _kind(row.kind), row.t0, row.t1, pays=False)
        if not row.slot <= entry.t0 < entry.t1 <= row.slot + SLOT:
            entry = replace(entry, t0=row.slot, t1=row.slot, pays=False)
        return replace(entry, pays=entry.pays and UNPAYING.isdisjoint(codes))

    @property
    def seconds(self) -> int:
        """Recorded seconds."""
        return self.entry.t1 - self.entry.t0


def cell_view(slot: int, items: Sequence[Item], held: Held, tz: dt.tzinfo) -> CellView:
    """One slot on the day page. `items` in the order of their times, at least one."""
    minutes = _minutes(items)
    shown = [p for item in items for p in pictures(item, held, tz, thumbs=True)]
    present = [picture for picture in shown if picture.present]
    found = level(minutes)
    return CellView(
        slot=slot,
        start=when(slot, tz),
        seconds=sum(item.seconds for item in items),
        picture=present[0] if present else None,
        pictures=len(present),
        no_picture=None if present else _first_reason(items, held, tz),
        minutes=tuple(minute_states(minutes)),
        level=str(found),
        level_words=level_words(minutes),
        memo=memo_of(items),
        marks=marks_of(items),
        checked=True,
        failing=finding_views(f for item in items for f in item.failing),
        no_memo=no_memo_of(items),
    )


def segment_detail(
    item: Item, device: str, shard: Shard, held: Held, tz: dt.tzinfo
) -> SegmentDetail:
    """One segment on the page of its cell; its leaf is in `shard`, as that stands now."""
    row, entry, sealed = item.row, item.entry, item.checked.sealed if item.checked else None
    body = sealed.segment if sealed else None
    shown = pictures(item, held, tz, thumbs=False)
    assurance = item.checked.assurance if item.checked else ""
    rt_ms = item.checked.rt_ms if item.checked else None
    return SegmentDetail(
        hash=row.hash,
        kid=row.kid,
        device=device,
        seq=row.seq,
        epoch=row.epoch,
        kind=row.kind,
        t0=when(entry.t0, tz),
        t1=when(entry.t1, tz),
        seconds=item.seconds,
        payable_s=item.credit.payable,
        memo=item.shown.memo if item.shown else None,
        note=item.shown.note if item.shown else None,
        end=body.end if body else "",
        end_words=words.end_words(body.end) if body else "",
        input=body.input if body else "",
        input_words=words.input_words(body.input) if body else "",
        pictures=shown,
        no_picture=None if any(p.present for p in shown) else _reason(item, held, tz),
        assurance=assurance,
        assurance_words=words.assurance_words(assurance),
        log_index=row.idx - shard.first,
        log_origin=shard.origin,
        log_size=shard.size or 0,
        received=when((row.rt_ms if rt_ms is None else rt_ms) // 1000, tz),
        findings=finding_views(item.findings),
        prev=body.prev if body else "",
        terms=body.terms if body else "",
        beacon=body.bcn.h if body and body.bcn else None,
        app=f"{body.app}, {body.os}" if body else "",
        earlier=_earlier(item, tz),
        deletions=tuple(
            DeletionView(
                words.deletion_words(d.scope, given_back=d.gives_back, by_person=d.by is not None),
                tr("the marketplace") if d.by is None else item.person,
                when(d.rt_ms // 1000, tz),
            )
            for d in item.deletions
            if d.counts
        ),
    )


def _earlier(item: Item, tz: dt.tzinfo) -> tuple[EarlierMemo, ...]:
    """All memos but the last one."""
    if item.shown is None or not item.shown.memos:
        return ()
    replaced = [EarlierMemo(memo.text, when(memo.at, tz)) for memo in item.shown.memos[:-1]]
    return (EarlierMemo(item.shown.first_memo, None), *replaced)


def pictures(item: Item, held: Held, tz: dt.tzinfo, *, thumbs: bool) -> tuple[PictureRef, ...]:
    """The pictures that a segment shows; with `thumbs`, present are those with a thumbnail."""
    if item.shown is None:
        return ()
    shots = sorted(item.shown.shots.items(), key=lambda pair: pair[1].at)
    return tuple(
        PictureRef(
            segment=item.row.hash,
            index=index,
            at=when(shot.at // 1000, tz),
            width=shot.w,
            height=shot.h,
            masked=bool(shot.redacted),
            present=held.get(shot.thumb.sha256 if thumbs else shot.blob.sha256, False),
            sha256=shot.blob.sha256,
        )
        for index, shot in shots
    )


def minute_rows(slot: int, items: Sequence[Item], tz: dt.tzinfo) -> tuple[MinuteRow, ...]:
    """The ten minutes of a cell; counts of several segments in one minute are added."""
    minutes = _minutes(items)
    rows = []
    for index, state in enumerate(minute_states(minutes)):
        covered = [table[index] for table in minutes if table[index] is not None]
        keys, clicks, scrolls, moves, injected = (_sum(covered, place) for place in range(5))
        rows.append(
            MinuteRow(
                index,
                when(slot + index * MINUTE, tz),
                state,
                keys,
                clicks,
                scrolls,
                None if moves is None else min(moves, MINUTE),
                injected,
            )
        )
    return tuple(rows)


def minute_states(minutes: Sequence[Minutes]) -> list[MinuteState]:
    """What each of the ten minutes was."""
    states: list[MinuteState] = []
    for index in range(SLOT // MINUTE):
        covered = [table[index] for table in minutes if table[index] is not None]
        if not covered:
            states.append("none")
        elif any(has_input(row) for row in covered):
            states.append("active")
        else:
            states.append("quiet" if any(is_measured(row) for row in covered) else "unmeasured")
    return states


def level_words(minutes: Sequence[Minutes]) -> str:
    """The activity level for somebody who cannot see the bars."""
    found = level(minutes)
    if not found.covered:
        return ""
    if not found.measured:
        return tr("activity was not measured")
    return trn(
        "%(active)d of %(covered)d minute with input",
        "%(active)d of %(covered)d minutes with input",
        found.covered,
    ) % {"active": found.active, "covered": found.covered}


def cell_level(items: Sequence[Item]) -> tuple[str, str]:
    """Level and its words."""
    minutes = _minutes(items)
    return str(level(minutes)), level_words(minutes)


def memo_of(items: Sequence[Item]) -> str | None:
    """The memo under which most of the cell's time was recorded."""
    seconds: dict[str, int] = {}
    for item in items:
        memo = item.shown.memo if item.shown else None
        if memo is not None:
            seconds[memo] = seconds.get(memo, 0) + item.seconds
    return max(seconds, key=lambda memo: seconds[memo]) if seconds else None


def no_memo_of(items: Sequence[Item]) -> str:
    """What stands where the memo would."""
    return words.no_memo_words(deleted=any(item.lost("memo") for item in items))


def marks_of(items: Sequence[Item]) -> tuple[Mark, ...]:
    """The remarks under a cell, each once."""
    marks: dict[str, Mark] = {}
    for item in items:
        for code, note in _marks(item):
            shown = "late" if code == "late-offline" else code
            marks.setdefault(shown, Mark(shown, words.mark_words(code, note)))
    if memo_of(items) is None:
        # It is told where the memo would stand.
        marks.pop("deleted-memo", None)
    return tuple(marks.values())


def finding_views(findings: Iterable[Finding]) -> tuple[FindingView, ...]:
    """Findings with their words; the same code on the same subject once."""
    views: dict[tuple[str, Code], FindingView] = {}
    for f in findings:
        view = FindingView(f.subject, f.code.value, f.detail, words.finding_words(f.code))
        views.setdefault((f.subject, f.code), view)
    return tuple(views.values())


def by_slot(items: Iterable[Item]) -> dict[int, list[Item]]:
    """Segments by the ten minutes they lie in, in order of time."""
    cells: dict[int, list[Item]] = {}
    for item in sorted(items, key=lambda i: (i.row.slot, i.entry.t0, i.row.idx)):
        cells.setdefault(slot_of(item.row.slot), []).append(item)
    return cells


def when(time_s: int, tz: dt.tzinfo) -> dt.datetime:
    """An aware datetime; a time beyond the calendar becomes its edge."""
    try:
        return dt.datetime.fromtimestamp(time_s, tz)
    except (ValueError, OverflowError, OSError):
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def _marks(item: Item) -> Iterable[tuple[str, str | None]]:
    codes = {finding.code for finding in item.findings}
    body = item.checked.sealed.segment if item.checked else None
    if item.row.kind == "kept":
        yield "kept", item.shown.note if item.shown else None
    if item.row.kind == "manual":
        yield "manual", None
    if item.credit.over_limit:
        yield "over-limit", None
    offline = Code.W_OFFLINE in codes
    if Code.W_LATE in codes:
        yield ("late-offline" if offline else "late"), None
    elif offline:
        yield "offline", None
    if Code.N_MASKED in codes:
        yield "masked", None
    if Code.W_OVERLAP in codes:
        yield "overlap", None
    if item.credit.unpaid:
        yield "unpaid", None
    if body is not None and body.end in ("deleted", "crash"):
        yield body.end, None
    if item.shown is not None:
        yield from _later_marks(item, item.shown)


def _later_marks(item: Item, shown: Shown) -> Iterable[tuple[str, str | None]]:
    """What was changed and deleted. A deleted picture is told by its gap, if there is one."""
    if shown.memos:
        yield "changed", None
    if item.lost("memo") and shown.memo is None:
        yield "deleted-memo", None
    if item.lost("minutes"):
        yield "deleted-minutes", None
    if item.lost("shot") and shown.shots:
        yield "deleted-shot", None
    if item.credit.given_back:
        yield "given-back", words.time_words(item.credit.given_back)


def _first_reason(items: Sequence[Item], held: Held, tz: dt.tzinfo) -> NoPicture | None:
    """The reason that matters most: one that is not merely the end of a stretch."""
    reasons = [r for item in items if (r := _reason(item, held, tz, thumbs=True)) is not None]
    return next((r for r in reasons if r.code != "ended"), reasons[0] if reasons else None)


def _reason(item: Item, held: Held, tz: dt.tzinfo, *, thumbs: bool = False) -> NoPicture | None:
    if item.checked is None:
        code = "unreadable"
    elif item.row.kind == "manual":
        code = "manual"
    elif shown := pictures(item, held, tz, thumbs=thumbs):
        changed = any(f.code is Code.E_SHOT_HASH for f in item.findings)
        code = "" if any(p.present for p in shown) else "changed" if changed else "missing"
    elif item.checked.sealed.segment.pics and (gone := item.lost("shot")):
        by_marketplace = "expired" if gone.reason == "retention" else "erased"
        code = by_marketplace if gone.by is None else "deleted"
    else:
        shot = item.checked.sealed.segment.shot
        code = "withheld" if shot == "ok" else shot
    return NoPicture(code, words.no_picture_words(code, item.person)) if code else None


def _minutes(items: Sequence[Item]) -> list[Minutes]:
    return [item.shown.minutes for item in items if item.shown and item.shown.minutes]


def _sum(rows: Sequence[Row | None], place: int) -> int | None:
    counts = [row[place] for row in rows if row is not None]
    measured = [count for count in counts if count is not None]
    return sum(measured) if measured else None


def _kind(text: str) -> Kind:
    return text if text in get_args(Kind) else "auto"  # type: ignore[return-value]
