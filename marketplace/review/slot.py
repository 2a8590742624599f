"""Convert checked segments to view models. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from diary.core.findings import Code, Finding
from diary.core.slots import slot_of, to_datetime
from diary.verification.credit import activity_level
from marketplace.core.i18n import tr
from marketplace.log.shards import Shard
from marketplace.records.checked_segment import CheckedSegment
from marketplace.records.segment_facts import CheckFacts, PictureFacts
from marketplace.review import sentences
from marketplace.review.activity import level_text, minute_states, minutes_of
from marketplace.review.protection import slot_protection, unprotected_text
from marketplace.review.view_models import (
    DeletionView,
    EarlierMemo,
    FindingView,
    Mark,
    NoPicture,
    PictureRef,
    SegmentDetail,
    SlotView,
)

#: Whether the marketplace has the file of a hash.
Held = Mapping[str, bool]


def slot_view(
    slot: int,
    items: Sequence[CheckedSegment],
    held: Held,
    tz: dt.tzinfo,
    labels: Mapping[str, str] | None = None,
) -> SlotView:
    """A slot on the day page. `items` has at least one segment, in order of time; `labels` are
    those of segments, by hash.
    """
    named = [labels[item.row.hash] for item in items if item.row.hash in labels] if labels else []
    seconds, count = sum(item.seconds for item in items), len(items)
    items = [item for item in items if not item.skipped]
    minutes = minutes_of(items)
    shown = [p for item in items for p in pictures(item, held, tz, thumbs=True)]
    present = [picture for picture in shown if picture.present]
    found = activity_level(minutes)
    return SlotView(
        slot=slot,
        start=to_datetime(slot, tz),
        seconds=seconds,
        picture=present[0] if present else None,
        pictures=len(present),
        no_picture=None if present else _first_reason(items, held, tz),
        minutes=tuple(minute_states(minutes)),
        level=str(found),
        level_text=level_text(minutes),
        memo=memo_of(items),
        marks=marks_of(items),
        checked=len(items) == count,
        failing=finding_views(f for item in items for f in item.failing),
        no_memo=no_memo_of(items),
        more=count - len(items),
        unprotected=slot_protection(items),
        label=named[-1] if named else "",
    )


def segment_detail(
    item: CheckedSegment, device: str, shard: Shard, held: Held, tz: dt.tzinfo
) -> SegmentDetail:
    """A segment on the page of its slot; `shard` contains its leaf and has its current size."""
    row, entry, facts = item.row, item.entry, item.facts
    shown = pictures(item, held, tz, thumbs=False)
    assurance = facts.assurance if facts else ""
    rt_ms = facts.rt_ms if facts else None
    return SegmentDetail(
        hash=row.hash,
        kid=row.kid,
        device=device,
        seq=row.seq,
        epoch=row.epoch,
        kind=row.kind,
        t0=to_datetime(entry.t0, tz),
        t1=to_datetime(entry.t1, tz),
        seconds=item.seconds,
        payable_s=item.credit.payable,
        memo=facts.memo if facts else None,
        note=facts.note if facts else None,
        end=facts.end if facts else "",
        end_text=sentences.end_text(facts.end) if facts else "",
        input=facts.input if facts else "",
        input_text=sentences.input_text(facts.input) if facts else "",
        pictures=shown,
        no_picture=None if any(p.present for p in shown) else _reason(item, held, tz),
        assurance=assurance,
        assurance_text=sentences.assurance_text(assurance),
        log_index=row.idx - shard.first,
        log_origin=shard.origin,
        log_size=shard.size or 0,
        received=to_datetime((row.rt_ms if rt_ms is None else rt_ms) // 1000, tz),
        findings=finding_views(item.findings),
        prev=facts.prev if facts else "",
        terms=facts.terms if facts else "",
        beacon=facts.beacon if facts else None,
        app=f"{facts.app}, {facts.os}" if facts else "",
        earlier=_earlier(item, tz),
        deletions=tuple(
            DeletionView(
                sentences.deletion_text(
                    d.scope, given_back=d.releases_time, by_person=d.by is not None
                ),
                tr("the marketplace") if d.by is None else item.person,
                to_datetime(d.rt_ms // 1000, tz),
            )
            for d in item.deletions
            if d.effective
        ),
        unprotected=unprotected_text(item),
    )


def _earlier(item: CheckedSegment, tz: dt.tzinfo) -> tuple[EarlierMemo, ...]:
    """All memos except the current one."""
    facts = item.facts
    if facts is None or not facts.memos:
        return ()
    replaced = [EarlierMemo(memo.text, to_datetime(memo.at, tz)) for memo in facts.memos[:-1]]
    return (EarlierMemo(facts.first_memo, None), *replaced)


def pictures(
    item: CheckedSegment, held: Held, tz: dt.tzinfo, *, thumbs: bool
) -> tuple[PictureRef, ...]:
    """The pictures of a segment; with `thumbs`, `present` means that the thumbnail is stored."""
    if item.facts is None:
        return ()
    changed = {f.subject.partition("/")[2] for f in item.findings if f.code is Code.E_SHOT_HASH}

    def present(shot: PictureFacts) -> bool:
        name = f"shot_{shot.number}/thumb" if thumbs else f"shot_{shot.number}"
        return name not in changed and held.get(shot.thumb if thumbs else shot.sha256, False)

    return tuple(
        PictureRef(
            segment=item.row.hash,
            index=shot.number,
            at=to_datetime(shot.at_ms // 1000, tz),
            width=shot.w,
            height=shot.h,
            masked=shot.masked,
            present=present(shot),
            sha256=shot.sha256,
            rules=sentences.rule_texts(shot.rules),
        )
        for shot in item.facts.pictures
    )


def memo_of(items: Sequence[CheckedSegment]) -> str | None:
    """The memo with the most time in the slot."""
    seconds: dict[str, int] = {}
    for item in items:
        memo = item.facts.memo if item.facts else None
        if memo is not None:
            seconds[memo] = seconds.get(memo, 0) + item.seconds
    return max(seconds, key=lambda memo: seconds[memo]) if seconds else None


def no_memo_of(items: Sequence[CheckedSegment]) -> str:
    """The text in place of a missing memo."""
    return sentences.no_memo_text(deleted=any(item.lost("memo") for item in items))


def marks_of(items: Sequence[CheckedSegment]) -> tuple[Mark, ...]:
    """The marks of a slot, each once."""
    marks: dict[str, Mark] = {}
    for item in items:
        for code, note in _marks(item):
            shown = "late" if code == "late-offline" else code
            marks.setdefault(shown, Mark(shown, sentences.mark_text(code, note)))
    if memo_of(items) is None:
        # The text in place of the memo shows it already.
        marks.pop("deleted-memo", None)
    return tuple(marks.values())


def finding_views(findings: Iterable[Finding]) -> tuple[FindingView, ...]:
    """Findings with their sentences; a code appears once per subject."""
    views: dict[tuple[str, Code], FindingView] = {}
    for f in findings:
        text = sentences.finding_text(f.code)
        view = FindingView(f.subject, f.code.value, f.code.severity, f.detail, text)
        views.setdefault((f.subject, f.code), view)
    return tuple(views.values())


def by_slot(items: Iterable[CheckedSegment]) -> dict[int, list[CheckedSegment]]:
    """Segments by slot, in order of time."""
    slots: dict[int, list[CheckedSegment]] = {}
    for item in sorted(items, key=lambda i: (i.row.slot, i.entry.t0, i.row.idx)):
        slots.setdefault(slot_of(item.row.slot), []).append(item)
    return slots


def _marks(item: CheckedSegment) -> Iterable[tuple[str, str | None]]:
    codes = {finding.code for finding in item.findings}
    facts = item.facts
    if item.row.kind == "kept":
        yield "kept", facts.note if facts else None
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
    if Code.W_PARALLEL in codes:
        yield "parallel", None
    if item.credit.unpaid:
        yield "unpaid", None
    if facts is not None and facts.end in ("deleted", "crash"):
        yield facts.end, None
    if facts is not None:
        yield from _later_marks(item, facts)


def _later_marks(item: CheckedSegment, facts: CheckFacts) -> Iterable[tuple[str, str | None]]:
    """The marks of changes and deletions. The gap of a deleted picture needs no mark."""
    if facts.memos:
        yield "changed", None
    if item.lost("memo") and facts.memo is None:
        yield "deleted-memo", None
    if item.lost("minutes"):
        yield "deleted-minutes", None
    if item.lost("shot") and facts.pictures:
        yield "deleted-shot", None
    if item.credit.given_back:
        yield "given-back", sentences.time_text(item.credit.given_back)


def _first_reason(items: Sequence[CheckedSegment], held: Held, tz: dt.tzinfo) -> NoPicture | None:
    """The first reason other than the end of a segment, if any."""
    reasons = [r for item in items if (r := _reason(item, held, tz, thumbs=True)) is not None]
    return next((r for r in reasons if r.code != "ended"), reasons[0] if reasons else None)


def _reason(
    item: CheckedSegment, held: Held, tz: dt.tzinfo, *, thumbs: bool = False
) -> NoPicture | None:
    facts = item.facts
    if facts is None:
        code = "unreadable"
    elif item.row.kind == "manual":
        code = "manual"
    elif shown := pictures(item, held, tz, thumbs=thumbs):
        changed = any(f.code is Code.E_SHOT_HASH for f in item.findings)
        code = "" if any(p.present for p in shown) else "changed" if changed else "missing"
    elif facts.pics and (gone := item.lost("shot")):
        by_marketplace = "expired" if gone.reason == "retention" else "erased"
        code = by_marketplace if gone.by is None else "deleted"
    else:
        code = "withheld" if facts.shot == "ok" else facts.shot
    return NoPicture(code, sentences.no_picture_text(code, item.person)) if code else None
