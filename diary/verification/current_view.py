"""The visible parts of a segment after amendments and deletions.

The signed segment never changes. A part that a counted tombstone names counts as absent, even if it
is still disclosed. The last amendment in log order gives the memo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diary.log.position import LogPosition
from diary.objects.picture import Minutes, Picture
from diary.objects.segment import SealedSegment


@dataclass(frozen=True)
class AmendedMemo:
    """A memo that replaced an earlier one. `amendment` is the digest of the amendment, `at` Unix s
    by its device's clock, `digest` the disclosure's digest. `text` is None if it is withheld or
    deleted; `withheld` are the digests that were neither disclosed nor deleted.
    """

    amendment: str
    at: int
    text: str | None
    digest: str | None
    withheld: frozenset[str]

    def without(self, deleted: frozenset[str]) -> AmendedMemo:
        """The memo after a deletion."""
        text = None if self.digest in deleted else self.text
        return replace(self, text=text, withheld=self.withheld - deleted)


@dataclass(frozen=True)
class CurrentView:
    """The visible parts. `first_memo` is the sealed memo, `memos` the counted amendments in log
    order, and `memo` the last of all. `withheld` is true if a part is neither disclosed nor
    deleted. `deletions` is the number of counted tombstones. `given_back_at` is the position from
    which other segments can claim the seconds again, None unless a tombstone gives the time back.
    """

    memo: str | None
    first_memo: str | None
    note: str | None
    minutes: Minutes | None
    pictures: dict[int, Picture]
    withheld: bool
    memos: tuple[AmendedMemo, ...] = ()
    deleted: frozenset[str] = frozenset()
    deletions: int = 0
    given_back_at: LogPosition | None = None

    @property
    def given_back(self) -> bool:
        """Whether a tombstone gave its time back."""
        return self.given_back_at is not None


def current_view(
    sealed: SealedSegment,
    memos: Sequence[AmendedMemo] = (),
    deleted: frozenset[str] = frozenset(),
    *,
    deletions: int = 0,
    given_back_at: LogPosition | None = None,
) -> CurrentView:
    """The visible parts of a segment; `memos` are its amendments in log order."""
    seen = {part.name for part in sealed.sdjwt.disclosures if part.digest not in deleted}
    first = sealed.memo if "memo" in seen else None
    left = tuple(memo.without(deleted) for memo in memos)
    withheld = not deleted.issuperset(sealed.sdjwt.withheld)
    return CurrentView(
        memo=left[-1].text if left else first,
        first_memo=first,
        note=sealed.note if "note" in seen else None,
        minutes=sealed.minutes if "minutes" in seen else None,
        pictures={i: shot for i, shot in sealed.pictures.items() if f"shot_{i}" in seen},
        withheld=withheld or any(memo.withheld for memo in left),
        memos=left,
        deleted=deleted,
        deletions=deletions,
        given_back_at=given_back_at,
    )
