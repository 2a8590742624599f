"""A stored segment with all that a page is made from: what was checked, credited, deleted.

A segment whose bytes cannot be read any more is still one, by the index it is found by, with the
code of what is wrong: time must never vanish from a page because its record was damaged.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from diary.core.findings import UNPAYING, Finding
from diary.core.slots import SLOT
from diary.core.vocabulary import Kind, Scope
from diary.verification.check import Checked
from diary.verification.credit import Credit, CreditEntry
from diary.verification.current_view import CurrentView
from marketplace.records.examiner import SegmentRow
from marketplace.records.statements import Deletion


@dataclass(frozen=True)
class CheckedSegment:
    """A stored segment, what the check says of it (None: it is not authentic), and its credit;
    what was deleted of it, and the name of its freelancer. One that is `skipped` was not checked
    for this page: its entry rests on what its last check has stored.
    """

    row: SegmentRow
    checked: Checked | None
    findings: tuple[Finding, ...]
    credit: Credit
    deletions: tuple[Deletion, ...] = ()
    person: str = ""
    skipped: bool = False

    @property
    def shown(self) -> CurrentView | None:
        """What is left to see of it."""
        return self.checked.shown if self.checked else None

    def lost(self, part: Scope) -> Deletion | None:
        """The first deletion that names such a part."""
        return next((d for d in self.deletions if d.effective and part in d.scope), None)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that mean that a check did not pass."""
        return tuple(f for f in self.findings if f.is_error)

    @property
    def entry(self) -> CreditEntry:
        """How the ledger sees it. Impossible times count nothing, whatever they say."""
        row = self.row
        if self.skipped:
            return stored_entry(row, "")
        codes = {finding.code for finding in self.findings}
        if self.checked is not None:
            at = row.given_back_idx
            entry = replace(self.checked.entry(), order=row.idx, given_back_at=at)
        else:
            entry = CreditEntry(row.hash, row.idx, kind_of(row.kind), row.t0, row.t1, pays=False)
        if not row.slot <= entry.t0 < entry.t1 <= row.slot + SLOT:
            entry = replace(entry, t0=row.slot, t1=row.slot, pays=False)
        return replace(entry, pays=entry.pays and UNPAYING.isdisjoint(codes))

    @property
    def seconds(self) -> int:
        """Recorded seconds."""
        return self.entry.t1 - self.entry.t0


def stored_entry(row: Any, sub: str) -> CreditEntry:
    """How the ledger sees a segment, from its columns; `sub` is its freelancer's."""
    entry = CreditEntry(
        row.hash, row.idx, kind_of(row.kind), row.t0, row.t1, pays=bool(row.pays),
        given_back=row.given_back, limit_s=row.limit_s, sub=sub, client=row.client or "",
        ctr=row.ctr, given_back_at=row.given_back_idx,
    )  # fmt: skip
    if not row.slot <= row.t0 < row.t1 <= row.slot + SLOT:
        entry = replace(entry, t0=row.slot, t1=row.slot, pays=False)
    return entry


def kind_of(text: str) -> Kind:
    """The kind of a stored segment; `auto` for a column that holds something else."""
    return text if text in get_args(Kind) else "auto"  # type: ignore[return-value]
