"""One day of the freelancer's diary from the files of this computer: the remaining parts of each
segment, its current memo, its deletions and its receipt, and the sums of the day and its week.

Pictures are named by the digests of their files; the caller reads those that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diary.core.day_bounds import DayBounds, day_bounds
from diary.core.vocabulary import InputQuality, PictureReason, Scope
from diary.core.vocabulary import Kind as SegmentKind
from diary.objects.amendment import Amendment
from diary.objects.picture import Minutes
from diary.objects.segment import SealedSegment
from diary.objects.tombstone import Tombstone
from diary.verification.statements import lock_ms
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.outbox import Outbox


@dataclass(frozen=True)
class DiaryPicture:
    """A picture: the start of its capture (Unix ms), the digests of its file and of its thumbnail,
    and whether areas of it are covered.
    """

    at_ms: int
    file: str
    thumb: str
    covered: bool = False


@dataclass(frozen=True)
class DiaryEntry:
    """One segment. `slot`, `t0` and `t1` are Unix s; `memo` is None after its deletion; `minutes`
    are its ten rows, None without them; `shot` is the reason for a missing picture.

    `gives_back`: its time was deleted. `locked`: its week is locked, so that time and memo stay.
    `over_limit`: a part of its time is over the weekly limit. `drawn`: its picture time was drawn.
    `rt_ms` (Unix ms) and `log_index` are of its receipt, None before that; `pictures_sent`: the
    marketplace has its pictures. `unpaying` are the codes of the marketplace's findings that cost
    its pay, `refusal` the reason for a refusal.
    """

    hash: str
    ctr: str
    kind: SegmentKind
    slot: int
    t0: int
    t1: int
    memo: str | None
    note: str | None
    changed: bool
    pictures: tuple[DiaryPicture, ...]
    minutes: Minutes | None
    input: InputQuality
    shot: PictureReason
    deleted: frozenset[Scope]
    gives_back: bool
    locked: bool
    state: UploadState
    over_limit: bool = False
    drawn: bool = True
    rt_ms: int | None = None
    log_index: int | None = None
    pictures_sent: bool = True
    unpaying: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class ContractTotals:
    """Credited seconds of a contract in the day and in its week; `lock_ms` is the time (session ms)
    at which the week locks under the terms in force.
    """

    day_s: int = 0
    week_s: int = 0
    lock_ms: int = 0


@dataclass(frozen=True)
class LocalDay:
    """This device's segments of a day of this computer's time zone in the order of time; today's
    after the refused ones of earlier days. `counted_s` are the credited seconds of the day over all
    contracts, `totals` those of each contract and of the week of the day's noon.
    """

    bounds: DayBounds
    entries: tuple[DiaryEntry, ...]
    counted_s: int
    totals: Mapping[str, ContractTotals] = field(default_factory=dict)


def load_day(outbox: Outbox, now_ms: int, at_s: int | None = None) -> LocalDay:
    """The day of this computer's time zone that contains `at_s` (Unix s; by default session time,
    `now_ms`), over all contracts. Raises StoreError.
    """
    now_s = now_ms // 1000
    today = day_bounds(now_s)
    bounds = today if at_s is None else day_bounds(at_s)
    # Today has the same figures as the window of the recording.
    week_at_s = now_s if bounds == today else bounds.noon_s
    chains = set(outbox.queue.chains())
    cached = {note.ctr for note in outbox.cache.cached_contracts()}
    totals = {ctr: _totals(outbox, week_at_s, ctr) for ctr in sorted(chains | cached)}
    rows = [
        (row, row.hash in over)
        for ctr in sorted(chains)
        for over in (outbox.over_limit(week_at_s, ctr),)
        for row in outbox.segments(ctr, bounds.begin_s, bounds.end_s)
    ]
    if bounds == today:
        rows += [(row, False) for row in outbox.queue.refused_rows() if row.slot < bounds.begin_s]
    found = (_entry(outbox, row, now_ms, over_limit=over) for row, over in rows)
    entries = sorted(
        (entry for entry in found if entry is not None),
        key=lambda entry: (entry.t0, entry.t1, entry.hash),
    )
    counted = sum(each.day_s for each in totals.values())
    return LocalDay(bounds, tuple(entries), counted, totals)


def _totals(outbox: Outbox, at_s: int, ctr: str) -> ContractTotals:
    try:
        terms = outbox.cache.contract(ctr).terms
    except KeyError:
        terms = None
    return ContractTotals(*outbox.totals(at_s, ctr), lock_ms(at_s, terms))


def _entry(outbox: Outbox, row: IndexRow, now_ms: int, *, over_limit: bool) -> DiaryEntry | None:
    found = outbox.segment(row.hash)
    if found is None:
        return None
    row, sealed = found
    bodies = [statement.body for statement in outbox.statements.about(row.hash)]
    bodies += outbox.statements.server_deletions(row.hash)
    scopes = {scope for body in bodies if isinstance(body, Tombstone) for scope in body.scope}
    gives_back = outbox.gives_back(row)
    segment = sealed.segment
    return DiaryEntry(
        hash=row.hash,
        ctr=row.ctr,
        kind=segment.kind,
        slot=row.slot,
        t0=row.t0,
        t1=row.t1,
        memo=row.memo,
        note=sealed.note,
        changed=any(isinstance(body, Amendment) for body in bodies),
        pictures=_pictures(sealed),
        minutes=sealed.minutes,
        input=segment.input,
        shot=segment.shot,
        deleted=frozenset(scopes),
        gives_back=gives_back,
        locked=now_ms >= lock_ms(row.t0, outbox.cache.terms(row.ctr, segment.terms)),
        state=row.state,
        over_limit=over_limit and not gives_back,
        drawn=segment.mom is not None,
        rt_ms=row.rt_ms,
        log_index=row.log_index,
        pictures_sent=not outbox.queue.pictures_of(row),
        unpaying=() if gives_back else row.unpaying,
        refusal=row.detail if row.state is UploadState.REFUSED else "",
    )


def _pictures(sealed: SealedSegment) -> tuple[DiaryPicture, ...]:
    return tuple(
        DiaryPicture(each.at, each.blob.sha256, each.thumb.sha256, bool(each.redacted))
        for _, each in sorted(sealed.pictures.items())
    )
