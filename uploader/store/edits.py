"""The freelancer's changes after sealing: amended memos and deletions.

Rules kept (`docs/protocol.md` §5.3, §5.4): a change is a signed statement, and the sealed segment
stays; deleting a picture also deletes the segment's time; time and memos can change until the week
locks, and parts can be deleted at any time. A change takes effect on this computer at once, with or
without a network, before and after the upload. A deletion also applies to the earlier form of a
segment that was signed again, which the marketplace holds and shows as unpaid.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from diary.core.signer import Signer
from diary.core.vocabulary import Scope
from diary.objects.amendment import amend
from diary.objects.segment import SealedSegment
from diary.objects.tombstone import tombstone
from uploader.errors import ChangeError, Problem
from uploader.store.erasure import digests_of
from uploader.store.index.rows import IndexRow
from uploader.store.outbox import Outbox
from uploader.store.statements import StatementKind

_NAMES: dict[Scope, tuple[str, ...]] = {
    "memo": ("memo", "note"),
    "minutes": ("minutes",),
    "shot": ("shot_",),
    "time": (),
}


class Edits:
    """Changes by the device of `signer`. `now_ms` is session time, `random(n)` returns n random
    bytes. Methods raise ChangeError, or StoreError if the disk fails.
    """

    def __init__(
        self,
        outbox: Outbox,
        signer: Signer,
        aud: str,
        *,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
    ) -> None:
        self._outbox = outbox
        self._signer = signer
        self._aud = aud
        self._now_ms = now_ms
        self._random = random

    def change_memo(self, segment: str, memo: str) -> None:
        """Give a segment, by its hash, another memo. WEEK_LOCKED, NOTHING_LEFT."""
        found = self._outbox.segment(segment)
        if found is None:
            raise ChangeError(Problem.NOTHING_LEFT)
        if self._locked(found[0]):
            raise ChangeError(Problem.WEEK_LOCKED)
        data = amend(
            self._signer,
            aud=self._aud,
            segment=segment,
            at=self._at(segment),
            memo=memo,
            random=self._random,
        )
        self._outbox.add_statement(StatementKind.AMEND, data)

    def delete(self, segment: str, what: Collection[Scope]) -> None:
        """Delete parts of a segment, by its hash. NOTHING_LEFT, or WEEK_LOCKED if only time is to
        be deleted. Deleting `shot` also deletes the time, unless the week is locked.
        """
        found = self._outbox.segment(segment)
        if found is None:
            raise ChangeError(Problem.NOTHING_LEFT)
        row, sealed = found
        scope = {*what, "time"} if "shot" in what else set(what)
        digests = self._digests(sealed, scope)
        if not digests and ("time" not in scope or self._outbox.gives_back(row)):
            raise ChangeError(Problem.NOTHING_LEFT)
        if not digests and self._locked(row):
            raise ChangeError(Problem.WEEK_LOCKED)
        for earlier in self._outbox.continuation.earlier_forms(row):
            if named := self._digests(earlier, scope):
                self._delete(earlier.hash, named, scope)
        self._delete(segment, digests, scope)

    def _digests(self, sealed: SealedSegment, scope: Collection[Scope]) -> set[str]:
        """The digests of a segment's parts, and of its amended memos, in a scope."""
        names = [name for part in scope for name in _NAMES[part]]
        digests = set(digests_of(sealed.sdjwt, *names))
        if "memo" in scope:
            for statement in self._outbox.statements.about(sealed.hash):
                if statement.kind is StatementKind.AMEND:
                    digests.update(self._outbox.statements.disclosures(statement))
        return digests

    def _delete(self, segment: str, digests: Collection[str], scope: Collection[Scope]) -> None:
        data = tombstone(
            self._signer,
            segment=segment,
            digests=sorted(digests),
            scope=sorted(scope),
            reason="deleted",
            at=self._at(segment),
        )
        self._outbox.add_statement(StatementKind.TOMBSTONE, data)

    def _locked(self, row: IndexRow) -> bool:
        return self._now_ms() >= self._outbox.lock_ms(row)

    def _at(self, segment: str) -> int:
        return self._outbox.statements.next_at(segment, self._now_ms() // 1000)
