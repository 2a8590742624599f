"""A stored segment with the results of its check, its credit and its deletions.

A segment with unreadable bytes is still listed from its index columns, with its finding: damage to
a record must not remove its time from a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

from diary.core.findings import UNPAYING, Finding
from diary.core.slots import SLOT
from diary.core.vocabulary import Kind, Scope
from diary.verification.check import Checked
from diary.verification.credit import Credit, CreditEntry
from marketplace.records.segment_facts import CheckFacts
from marketplace.records.statements import Deletion


@dataclass(frozen=True)
class CheckedSegment:
    """A stored segment, the facts of its check (None: not authentic), its findings, credit and
    deletions, the name of its freelancer, and when it was checked (Unix s, real time). A `skipped`
    segment is in the totals of a page, but not shown: it has not been checked yet, or the page has
    too many.
    """

    row: Any
    facts: CheckFacts | None
    findings: tuple[Finding, ...]
    credit: Credit
    deletions: tuple[Deletion, ...] = ()
    person: str = ""
    skipped: bool = False
    checked_s: int = 0

    def lost(self, part: Scope) -> Deletion | None:
        """The first effective deletion of a part; None if there is none."""
        return next((d for d in self.deletions if d.effective and part in d.scope), None)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings with the severity of an error."""
        return tuple(f for f in self.findings if f.is_error)

    @property
    def entry(self) -> CreditEntry:
        """The ledger entry; impossible times have no seconds."""
        return stored_entry(self.row, "")

    @property
    def seconds(self) -> int:
        """Recorded seconds."""
        return self.entry.t1 - self.entry.t0


def checked_entry(row: Any, checked: Checked | None, findings: tuple[Finding, ...]) -> CreditEntry:
    """The ledger entry of a segment from its check; impossible times have no seconds."""
    if checked is not None:
        at = row.given_back_idx
        entry = replace(checked.entry(), order=row.idx, given_back_at=at, allowed=row.allowed)
    else:
        entry = CreditEntry(row.hash, row.idx, kind_of(row.kind), row.t0, row.t1, pays=False)
    if not row.slot <= entry.t0 < entry.t1 <= row.slot + SLOT:
        entry = replace(entry, t0=row.slot, t1=row.slot, pays=False)
    codes = {finding.code for finding in findings}
    return replace(entry, pays=entry.pays and UNPAYING.isdisjoint(codes))


def stored_entry(row: Any, sub: str) -> CreditEntry:
    """The ledger entry of a segment from its columns; `sub` is its freelancer."""
    entry = CreditEntry(
        row.hash, row.idx, kind_of(row.kind), row.t0, row.t1, pays=bool(row.pays),
        given_back=row.given_back, limit_s=row.limit_s, sub=sub, client=row.client or "",
        ctr=row.ctr, given_back_at=row.given_back_idx, allowed=row.allowed,
    )  # fmt: skip
    if not row.slot <= row.t0 < row.t1 <= row.slot + SLOT:
        entry = replace(entry, t0=row.slot, t1=row.slot, pays=False)
    return entry


def kind_of(text: str) -> Kind:
    """The kind in a column; `auto` for an unknown value."""
    return text if text in get_args(Kind) else "auto"  # type: ignore[return-value]
