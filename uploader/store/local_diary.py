"""One day of the freelancer's diary from the files of this computer: the remaining parts of each
segment, its current memo and its deletions.
"""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.slots import DAY, day_of
from diary.core.vocabulary import Kind as SegmentKind
from diary.core.vocabulary import Scope
from diary.objects.amendment import Amendment
from diary.objects.tombstone import Tombstone
from uploader.store.index.rows import IndexRow, UploadState
from uploader.store.outbox import Outbox


@dataclass(frozen=True)
class DiaryEntry:
    """One segment. `t0` and `t1` are Unix s; `memo` is None after its deletion; `thumb` holds the
    first thumbnail (empty without one); `pictures` is the number of remaining pictures.
    `gives_back`: its time was deleted. `locked`: its week is locked, so that time and memo stay.
    `unpaying` are the codes of the marketplace's findings that cost its pay, `refusal` the reason
    for a refusal.
    """

    hash: str
    ctr: str
    kind: SegmentKind
    t0: int
    t1: int
    memo: str | None
    changed: bool
    pictures: int
    thumb: bytes
    minutes: bool
    deleted: frozenset[Scope]
    gives_back: bool
    locked: bool
    state: UploadState
    unpaying: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class LocalDay:
    """This device's segments of a UTC day in the order of time; today's after the refused ones of
    earlier days. `counted_s` are the credited seconds of the day over all contracts and devices.
    """

    begin_s: int
    entries: tuple[DiaryEntry, ...]
    counted_s: int


def load_day(outbox: Outbox, now_ms: int, at_s: int | None = None) -> LocalDay:
    """The UTC day that contains `at_s` (Unix s; by default session time, `now_ms`), over all
    contracts. Raises StoreError.
    """
    today = day_of(now_ms // 1000)
    begin = today if at_s is None else day_of(at_s)
    entries: list[DiaryEntry] = []
    chains = set(outbox.queue.chains())
    cached = {note.ctr for note in outbox.cache.cached_contracts()}
    counted = sum(outbox.totals(begin, ctr)[0] for ctr in sorted(chains | cached))
    for ctr in sorted(chains):
        for row in outbox.segments(ctr, begin, begin + DAY):
            entry = _entry(outbox, row, now_ms)
            if entry is not None:
                entries.append(entry)
    for row in outbox.queue.refused_rows() if begin == today else ():
        entry = _entry(outbox, row, now_ms) if row.slot < begin else None
        if entry is not None:
            entries.append(entry)
    entries.sort(key=lambda entry: (entry.t0, entry.t1, entry.hash))
    return LocalDay(begin, tuple(entries), counted)


def _entry(outbox: Outbox, row: IndexRow, now_ms: int) -> DiaryEntry | None:
    found = outbox.segment(row.hash)
    if found is None:
        return None
    row, sealed = found
    bodies = [statement.body for statement in outbox.statements.about(row.hash)]
    bodies += outbox.statements.server_deletions(row.hash)
    scopes = {scope for body in bodies if isinstance(body, Tombstone) for scope in body.scope}
    first = sealed.pictures.get(min(sealed.pictures, default=0))
    thumb = outbox.blob(first.thumb.sha256) if first is not None else None
    gives_back = outbox.gives_back(row)
    return DiaryEntry(
        hash=row.hash,
        ctr=row.ctr,
        kind=sealed.segment.kind,
        t0=row.t0,
        t1=row.t1,
        memo=row.memo,
        changed=any(isinstance(body, Amendment) for body in bodies),
        pictures=len(sealed.pictures),
        thumb=thumb or b"",
        minutes=sealed.minutes is not None,
        deleted=frozenset(scopes),
        gives_back=gives_back,
        locked=now_ms >= outbox.lock_ms(row),
        state=row.state,
        unpaying=() if gives_back else row.unpaying,
        refusal=row.detail if row.state is UploadState.REFUSED else "",
    )
