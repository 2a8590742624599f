"""Carries out deletions in the files of the state folder.

Rules kept (`docs/protocol.md` §5.4, §6): the tombstone is durable before anything is erased, so
that the next start finishes a deletion after a crash; erasing twice changes nothing; a deletion
erases the disclosures in the segment's file, those of amended memos, and the pictures that no other
segment names. The signed part and its digests stay, so that the chain stays whole.

A segment that the marketplace logs without its memo or its minutes is never paid. Both therefore
stay in the file of a waiting segment and are erased after its delivery; until then `visible` hides
them from the user.
"""

from __future__ import annotations

from diary.core.findings import DiaryError
from diary.formats.encoding import digest
from diary.formats.sd_jwt import SdJwt, remove_disclosures
from diary.objects.amendment import Amendment
from diary.objects.segment import SealedSegment, parse
from uploader.store.chain.rebase import EVIDENCE
from uploader.store.index.index import Index
from uploader.store.index.rows import UploadState
from uploader.store.index_rebuild import SEGMENT, pictures
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Statement, StatementKind, StatementStore

#: Parts that the marketplace must have received for the time to be paid. (Deleting a picture also
#: deletes the time.)
_REQUIRED = ("memo", "minutes")


class LocalEraser:
    """Used by the outbox, which holds its lock meanwhile."""

    def __init__(self, folder: StateFolder, index: Index, statements: StatementStore) -> None:
        self._folder = folder
        self._index = index
        self._statements = statements

    def finish(self) -> None:
        """At the start: finish the deletions and amendments that a crash interrupted."""
        deleted_segments = [statement.about for statement in self._statements.tombstones()]
        for segment in dict.fromkeys(
            [*deleted_segments, *(body.segment for body in self._statements.server_deletions())]
        ):
            self.erase(segment)
        for segment in dict.fromkeys(
            statement.about for statement in self._statements.amendments()
        ):
            self.remember_memo(segment)

    def erase(self, segment: str) -> None:
        """Erase the deleted parts of a segment, by its hash. Raises StoreError."""
        gone = self._statements.erased(segment)
        for statement in self._statements.about(segment):
            self._erase_memo(statement, gone)
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
            # Damaged: the next reader sets it aside.
            return
        # The index first: from now on the uploads skip the pictures.
        kept = set(pictures(sealed))
        shas = [sha for sha, _ in self._index.blobs_of(segment) if sha not in kept]
        strays = self._index.drop_references(segment, shas)
        rest = sealed.sdjwt.text()
        if rest != data:
            self._folder.write(row.name + SEGMENT, rest)
        self._index.set_file(segment, digest(rest), row.memo)
        self.remember_memo(segment)
        for sha in strays:
            self._folder.remove(f"blobs/{sha}")

    def remember_memo(self, segment: str) -> None:
        """Store the current memo in the index."""
        row = self._index.by_hash(segment)
        data = None if row is None else self._folder.read(row.name + SEGMENT)
        if row is None or data is None:
            return
        try:
            memo = visible(data, self._statements.erased(segment)).memo
        except DiaryError:
            return
        for statement in self._statements.about(segment):
            if isinstance(statement.body, Amendment):
                memo = statement.body.memo
        self._index.set_file(segment, row.file, memo)

    def _erase_evidence(self, segment: str, gone: frozenset[str]) -> None:
        """Erase parts of a segment's earlier form, which is kept as evidence."""
        path = f"{EVIDENCE}/{segment}{SEGMENT}"
        data = self._folder.read(path)
        try:
            rest = data and remove_disclosures(parse(data).sdjwt.text(), gone)
        except DiaryError:
            return
        if rest and rest != data:
            self._folder.write(path, rest)

    def _erase_memo(self, statement: Statement, gone: frozenset[str]) -> None:
        if statement.kind is not StatementKind.AMEND or not isinstance(statement.body, Amendment):
            return
        rest = remove_disclosures(statement.body.sdjwt.text(), gone)
        if rest != statement.body.sdjwt.text():
            self._statements.rewrite(statement, rest)


def visible(data: bytes, gone: frozenset[str]) -> SealedSegment:
    """The segment without its deleted parts, erased or not. Raises DiaryError."""
    return parse(remove_disclosures(parse(data).sdjwt.text(), gone))


def digests_of(opened: SdJwt, *names: str) -> list[str]:
    """The digests of the disclosures with these names; `shot_` selects all pictures."""
    return [
        part.digest
        for part in opened.disclosures
        if part.name in names or ("shot_" in names and part.name.startswith("shot_"))
    ]
