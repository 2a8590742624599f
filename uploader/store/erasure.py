"""Carries deletions out in the files of the state folder.

Rules kept (`docs/protocol.md` §5.4, §6): the tombstone is on the disk before anything is erased, so
that a crash leaves a deletion to be finished at the next start and never one that is forgotten;
erasing again changes nothing; what is erased is the disclosure in the segment's file, that of an
amended memo, and the pictures that no other segment names. The signed part stays, so that the chain
stays whole; the digest that is left says nothing.

A segment that the marketplace logs without its memo or its minutes is never paid. So both stay in
the file of a segment that is still to be sent, and are erased once it is delivered; `visible` is
what the person sees meanwhile.
"""

from __future__ import annotations

from diary.core.findings import DiaryError
from diary.formats.encoding import digest
from diary.formats.sd_jwt import SdJwt, remove_disclosures
from diary.objects.amendment import Amendment
from diary.objects.segment import SealedSegment, parse
from uploader.store.chain_rebase import EVIDENCE
from uploader.store.index import Index, UploadState
from uploader.store.index_rebuild import SEGMENT, pictures
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Kind, Statement, StatementStore

#: What the marketplace must have received for the time to be paid; pictures take their time along.
_REQUIRED = ("memo", "minutes")


class LocalEraser:
    """Used by the outbox, which holds its lock meanwhile."""

    def __init__(self, folder: StateFolder, index: Index, deeds: StatementStore) -> None:
        self._folder = folder
        self._index = index
        self._deeds = deeds

    def finish(self) -> None:
        """At the start: bring files and index to what was said, whatever a crash left."""
        said = [deed.about for deed in self._deeds.tombstones()]
        for segment in dict.fromkeys([*said, *(body.segment for body in self._deeds.theirs())]):
            self.erase(segment)
        for segment in dict.fromkeys(deed.about for deed in self._deeds.amendments()):
            self.remember_memo(segment)

    def erase(self, segment: str) -> None:
        """Destroy what was deleted of a segment, by its hash. Raises StoreError."""
        gone = self._deeds.erased(segment)
        for deed in self._deeds.about(segment):
            self._erase_memo(deed, gone)
        row = self._index.by_hash(segment)
        if row is None:
            self._erase_evidence(segment, gone)
            return
        data = self._folder.read(row.name + SEGMENT)
        if data is None:
            return
        waits = row.state in {UploadState.WAITING, UploadState.HELD}
        try:
            opened = parse(data).sdjwt
            later = digests_of(opened, *_REQUIRED) if waits else []
            sealed = parse(remove_disclosures(opened.text(), gone.difference(later)))
        except DiaryError:
            # Damaged: whoever reads it next sets it aside.
            return
        # The index first: from then on nobody looks for the pictures to send them.
        kept = set(pictures(sealed))
        shas = [sha for sha, _ in self._index.blobs_of(segment) if sha not in kept]
        strays = self._index.unname(segment, shas)
        rest = sealed.sdjwt.text()
        if rest != data:
            self._folder.write(row.name + SEGMENT, rest)
        self._index.set_file(segment, digest(rest), row.memo)
        self.remember_memo(segment)
        for sha in strays:
            self._folder.remove(f"blobs/{sha}")

    def remember_memo(self, segment: str) -> None:
        """Let the index know the memo that counts now."""
        row = self._index.by_hash(segment)
        data = None if row is None else self._folder.read(row.name + SEGMENT)
        if row is None or data is None:
            return
        try:
            memo = visible(data, self._deeds.erased(segment)).memo
        except DiaryError:
            return
        for deed in self._deeds.about(segment):
            if isinstance(deed.body, Amendment):
                memo = deed.body.memo
        self._index.set_file(segment, row.file, memo)

    def _erase_evidence(self, segment: str, gone: frozenset[str]) -> None:
        """Cut the parts out of a segment that was sealed anew and is kept as evidence."""
        path = f"{EVIDENCE}/{segment}{SEGMENT}"
        data = self._folder.read(path)
        try:
            rest = data and remove_disclosures(parse(data).sdjwt.text(), gone)
        except DiaryError:
            return
        if rest and rest != data:
            self._folder.write(path, rest)

    def _erase_memo(self, deed: Statement, gone: frozenset[str]) -> None:
        if deed.kind is not Kind.AMEND or not isinstance(deed.body, Amendment):
            return
        rest = remove_disclosures(deed.body.sdjwt.text(), gone)
        if rest != deed.body.sdjwt.text():
            self._deeds.rewrite(deed, rest)


def visible(data: bytes, gone: frozenset[str]) -> SealedSegment:
    """The segment without what was deleted of it, whether that is erased yet or not. Raises
    DiaryError.
    """
    return parse(remove_disclosures(parse(data).sdjwt.text(), gone))


def digests_of(opened: SdJwt, *names: str) -> list[str]:
    """The digests of the disclosures with these names; `shot_` stands for all pictures."""
    return [
        part.digest
        for part in opened.disclosures
        if part.name in names or ("shot_" in names and part.name.startswith("shot_"))
    ]
