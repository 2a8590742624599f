"""Compares this device's chains with the marketplace's heads, and clears up what differs.

Rules kept (`docs/protocol.md` §6): a head of ours that is further than this folder means that the
folder comes from a backup: nothing is overwritten, and work goes on behind that head
(`uploader.renumbering`); a head under our number that we have not signed is kept as evidence, told,
and nothing of the contract is sent; a head behind a receipt of ours is told.
"""

from __future__ import annotations

from collections.abc import Callable

from diary.amendment import Amendment
from diary.encoding import canonical, digest
from diary.enrolment import Enrolment
from diary.errors import DiaryError
from diary.ports import Head, Signer
from diary.segment import SealedSegment
from diary.tombstone import Tombstone
from uploader.answers import Me, ServerHead
from uploader.client import MarketplaceClient
from uploader.deeds import Kind
from uploader.errors import Problem
from uploader.index import State
from uploader.outbox import Outbox
from uploader.renumbering import EVIDENCE, Base, load_base, own_head, reseal, say_again


class Resealing:
    """Seals anew by this device's key. See `uploader.outbox.Resealer`."""

    def __init__(self, signer: Signer, aud: str, random: Callable[[int], bytes]) -> None:
        self._signer = signer
        self._aud = aud
        self._random = random

    def seal(self, sealed: SealedSegment, head: Head) -> bytes:
        """The same time on another head."""
        return reseal(sealed, head, self._signer, self._random)

    def say(self, body: Amendment | Tombstone, segment: str) -> tuple[Kind, bytes] | None:
        """The same said of another segment."""
        return say_again(body, segment, self._signer, self._aud, self._random)


class Restoration:
    """Used by the uploading thread. Methods raise UploaderError: then nothing may be sent yet."""

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        enrolment: Enrolment,
        resealing: Resealing,
        now_ms: Callable[[], int],
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._enrolment = enrolment
        self._resealing = resealing
        self._now_ms = now_ms

    def compare(self, me: Me) -> None:
        """Compare the marketplace's heads of this device with ours."""
        sending, told = self._outbox.sending, {head.ctr: head for head in me.heads}
        kid = self._enrolment.kid
        for ctr, head in told.items():
            ours, last = sending.at(ctr, head.seq, kid), sending.last(ctr)
            ahead = last is None or last.kid not in {kid, ""} or head.seq > last.seq
            other = ours is not None and ours.hash not in {head.h, ""}
            if ahead or other:
                self._differs(head)
            elif sending.is_held(ctr):
                # What differed is the same again: the marketplace has come to its senses.
                sending.release(ctr)
        for ctr in sending.chains():
            proven, there = sending.last(ctr, State.DONE), told.get(ctr)
            if proven is None or proven.kid != kid:
                continue
            if there is None or there.seq < proven.seq:
                self._outbox.report(Problem.SERVER_BEHIND, f"{ctr} {proven.seq}")

    def _differs(self, head: ServerHead) -> None:
        sending, kid = self._outbox.sending, self._enrolment.kid
        base = load_base(self._outbox.folder, head.ctr)
        unsent = sending.unsent(head.ctr, kid)
        if base is not None and (base.kid, base.h) == (kid, head.h):
            unsent = [row for row in unsent if row.epoch < base.epoch]
            if not unsent and not sending.is_held(head.ctr):
                return
        sending.hold(head.ctr)
        data = self._client.segment(head.h)
        try:
            theirs = own_head(
                data, h=head.h, ctr=head.ctr, seq=head.seq, public=self._enrolment.public
            )
        except DiaryError as error:
            self._keep_foreign(head, data, error)
            return
        missing = [row for row in unsent if self._client.segment(row.hash) is None]
        epochs = [theirs.segment.epoch, *(row.epoch for row in sending.epochs(head.ctr))]
        if base is None or (base.kid, base.h) != (kid, head.h):
            base = Base(kid, max(epochs) + 1, head.seq + 1, head.h, theirs.segment.t1)
        self._outbox.go_on(head.ctr, base, missing, self._resealing)
        self._outbox.report(Problem.RESTORED_BACKUP, f"{head.ctr} {head.seq}")

    def _keep_foreign(self, head: ServerHead, data: bytes | None, error: DiaryError) -> None:
        """Evidence of a head that is not ours: what was told, and what was shown for it."""
        record = {
            "v": 1,
            "kind": "foreign_head",
            "ctr": head.ctr,
            "seq": head.seq,
            "h": head.h,
            "at_ms": self._now_ms(),
            "from": "me",
            "shown": None if data is None else digest(data),
        }
        if data is not None:
            self._outbox.folder.write(f"{EVIDENCE}/{digest(data)}.sdjwt", data)
        about = f"{EVIDENCE}/head-{head.ctr}-{head.h}.json"
        if not self._outbox.folder.exists(about):
            self._outbox.folder.write(about, canonical(record))
        self._outbox.report(Problem.FOREIGN_HEAD, f"{head.ctr} {head.seq}: {error.detail}")
