"""Time that the person enters by hand: sealed as segments of kind `manual`, one for each slot.

Rules kept (`docs/protocol.md` §4, §5.1): the contract's terms at that time allow it; it has a memo
and a reason; it ends before now and begins before its week locks. It covers no time that this
computer has recorded. It carries no measurements, and no one can take it for recorded time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from diary.core.signer import Signer
from diary.core.slots import SLOT, day_of, slot_of
from diary.interfaces import Head
from diary.objects.segment import MAX_TEXT, Segment, seal
from diary.verification.statements import lock_ms
from uploader.errors import ChangeError, Problem
from uploader.store.contract_cache import CachedTerms
from uploader.store.outbox import Outbox

#: The longest time of one entry, s.
LONGEST_S = 12 * 3600


class ManualTime:
    """Enters time for the device of `signer`, a device of the freelancer `sub`. `now_ms` is session
    time, `random(n)` returns n random bytes, `zone()` the time zone to show; `app` and `os` are the
    program's version and the operating system.
    """

    def __init__(
        self,
        outbox: Outbox,
        signer: Signer,
        aud: str,
        sub: str,
        *,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
        zone: Callable[[], str],
        app: str,
        os: str,
    ) -> None:
        self._outbox = outbox
        self._signer = signer
        self._aud = aud
        self._sub = sub
        self._now_ms = now_ms
        self._random = random
        self._zone = zone
        self._app = app
        self._os = os

    def add(self, ctr: str, t0: int, t1: int, memo: str, reason: str) -> None:
        """Enter the time [t0, t1) (Unix s) on a contract; durable on return.

        Raises ChangeError: MANUAL_INVALID, MANUAL_AHEAD, MANUAL_FORBIDDEN, MANUAL_OVERLAP,
        WEEK_LOCKED; then nothing is entered. Raises StoreError if the disk fails; the slots before
        that are entered.
        """
        memo, reason = memo.strip(), reason.strip()
        if not memo or not reason or max(len(memo), len(reason)) > MAX_TEXT:
            raise ChangeError(Problem.MANUAL_INVALID)
        if not 0 < t0 < t1 or t1 - t0 > LONGEST_S:
            raise ChangeError(Problem.MANUAL_INVALID)
        now_ms = self._now_ms()
        if t1 * 1000 > now_ms:
            raise ChangeError(Problem.MANUAL_AHEAD)
        pieces = list(_pieces(t0, t1))
        terms = [self._terms(ctr, begin, now_ms) for begin, _ in pieces]
        if self._is_taken(t0, t1):
            raise ChangeError(Problem.MANUAL_OVERLAP)
        for (begin, end), known in zip(pieces, terms, strict=True):
            self._seal(ctr, begin, end, known, memo, reason)

    def _terms(self, ctr: str, t0: int, now_ms: int) -> CachedTerms:
        """The terms in force at `t0`, which must allow manual time that can still be entered."""
        found = self._outbox.cache.terms_at(ctr, t0)
        if found is None or found.terms.state != "active" or not found.terms.manual:
            raise ChangeError(Problem.MANUAL_FORBIDDEN)
        if now_ms >= lock_ms(t0, found.terms):
            raise ChangeError(Problem.WEEK_LOCKED)
        return found

    def _is_taken(self, t0: int, t1: int) -> bool:
        """Whether this computer has time on any contract there that still counts."""
        return any(
            row.t0 < t1 and row.t1 > t0 and not self._outbox.gives_back(row)
            for ctr in self._outbox.queue.chains()
            for row in self._outbox.segments(ctr, day_of(t0), slot_of(t1) + SLOT)
        )

    def _seal(self, ctr: str, t0: int, t1: int, known: CachedTerms, memo: str, reason: str) -> None:
        head = self._outbox.head(ctr)
        while True:
            data = seal(
                self._segment(ctr, t0, t1, known, head),
                memo=memo,
                note=reason,
                minutes=None,
                signer=self._signer,
                random=self._random,
            )
            try:
                self._outbox.commit(ctr, head, data)
            except ValueError:
                # The recorder or the upload has appended to the chain meanwhile.
                before, head = head, self._outbox.head(ctr)
                if (before.epoch, before.seq) == (head.epoch, head.seq):
                    raise
            else:
                return

    def _segment(self, ctr: str, t0: int, t1: int, known: CachedTerms, head: Head) -> Segment:
        return Segment(
            aud=self._aud,
            sub=self._sub,
            ctr=ctr,
            terms=known.hash,
            kind="manual",
            seq=head.seq,
            epoch=head.epoch,
            prev=head.prev,
            slot=slot_of(t0),
            t0=t0,
            t1=t1,
            up0=None,
            up1=None,
            awake=None,
            off=0,
            boot=None,
            bcn=None,
            mom=None,
            active=None,
            input="unavailable",
            pics=0,
            shot="none",
            end="stop",
            tz=self._zone(),
            app=self._app,
            os=self._os,
        )


def _pieces(t0: int, t1: int) -> Iterator[tuple[int, int]]:
    """The parts of [t0, t1) in each slot."""
    begin = t0
    while begin < t1:
        end = min(slot_of(begin) + SLOT, t1)
        yield begin, end
        begin = end
