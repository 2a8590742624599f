"""What there is to see of a segment, once what was changed and deleted later is taken into account.

The signed segment stays as it is. A tombstone that counts makes what it names count as absent, even
where it is still shown; of the amendments the last one in time gives the memo.
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
    as its device said, `digest` that of the disclosure. `text` is None where it is withheld or
    deleted; `withheld` are the digests for which nothing was shown and nothing deleted.
    """

    amendment: str
    at: int
    text: str | None
    digest: str | None
    withheld: frozenset[str]

    def without(self, deleted: frozenset[str]) -> AmendedMemo:
        """What is left of it after a deletion."""
        text = None if self.digest in deleted else self.text
        return replace(self, text=text, withheld=self.withheld - deleted)


@dataclass(frozen=True)
class CurrentView:
    """The visible parts. `first_memo` is the one that was sealed, `memos` the amendments that
    count, in log order, and `memo` the last of all. `withheld` is true if a part is neither shown
    nor deleted. `deletions` tells how many tombstones count. `given_back_at` is None unless one of
    them gives the time back; then its seconds can be claimed anew from this place on.
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
        """Whether its time was given back."""
        return self.given_back_at is not None


def current_view(
    sealed: SealedSegment,
    memos: Sequence[AmendedMemo] = (),
    deleted: frozenset[str] = frozenset(),
    *,
    deletions: int = 0,
    given_back_at: LogPosition | None = None,
) -> CurrentView:
    """What is left to see of a segment; `memos` are its amendments in log order."""
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
