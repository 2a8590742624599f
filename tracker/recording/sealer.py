"""From a stretch to a segment on the disk: signed, chained, durable."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from diary.core.findings import DiaryError
from diary.core.signer import Signer
from diary.formats.encoding import b64url_encode
from diary.interfaces import Head, Store
from diary.objects.picture import rows_with_input
from diary.objects.segment import BeaconRef, Segment, seal
from tracker.recording.open_segment import OpenSegment
from tracker.recording.session_clock import SANE_FROM_MS, SANE_TO_MS


class UnsealableError(Exception):
    """A stretch that breaks a rule of the record: no later try can seal it."""


class WrongClockError(UnsealableError):
    """A stretch that was recorded with a clock that is known to be wrong."""


@dataclass(frozen=True)
class Identity:
    """Who seals: marketplace and freelancer as enrolled, the program's version and its system."""

    aud: str
    sub: str
    app: str
    os: str


class Sealer:
    """Seals stretches one after the other. `latest_ms` tells the latest session time (Unix ms) at
    which one may end now; `random(n)` gives n random bytes for the salts.
    """

    def __init__(
        self,
        store: Store,
        signer: Signer,
        identity: Identity,
        latest_ms: Callable[[], int] = lambda: SANE_TO_MS,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = store
        self._signer = signer
        self._identity = identity
        self._latest_ms = latest_ms
        self._random = random

    def seal(self, stretch: OpenSegment) -> None:
        """Make the stretch a segment, durable on return; the same call again does nothing.

        Raises OSError when the disk refuses (try again later), UnsealableError for a stretch that
        breaks the record's rules, WrongClockError for one that ends in the future, or outside of
        the years in which this program is used.
        """
        if not stretch.t0 * 1000 >= SANE_FROM_MS or stretch.t1 * 1000 > self._latest_ms():
            raise WrongClockError("its clock was wrong")
        head = self._store.head(stretch.ctr)
        while True:
            try:
                self._seal_on(head, stretch)
            except ValueError:
                # The upload thread may have moved the chain to another head meanwhile.
                before, head = head, self._store.head(stretch.ctr)
                if before == head:
                    raise
            else:
                return

    def _seal_on(self, head: Head, stretch: OpenSegment) -> None:
        if stretch.t0 < head.last_t1:
            if stretch.t1 <= head.last_t1:
                # An earlier try got as far as the disk before something failed.
                return
            raise UnsealableError("it would cover time that is sealed already")
        minutes = stretch.minutes()
        segment = self._segment(stretch, head, rows_with_input(minutes))
        try:
            data = seal(
                segment,
                memo=stretch.memo,
                note=stretch.note or None,
                minutes=minutes,
                shots=stretch.shots,
                signer=self._signer,
                random=self._random,
            )
        except DiaryError as error:
            raise UnsealableError(str(error)) from error
        self._store.commit(stretch.ctr, head, data)

    def _segment(self, stretch: OpenSegment, head: Head, active: int) -> Segment:
        begin, finish = stretch.begin, stretch.finish
        if finish is None:
            raise UnsealableError("it is still open")
        return Segment(
            aud=self._identity.aud,
            sub=self._identity.sub,
            ctr=stretch.ctr,
            terms=stretch.terms_hash,
            kind=stretch.kind,
            seq=head.seq,
            epoch=head.epoch,
            prev=head.prev,
            slot=stretch.slot,
            t0=stretch.t0,
            t1=stretch.t1,
            up0=begin.up,
            up1=finish.up,
            awake=finish.awake - begin.awake,
            off=stretch.off,
            boot=stretch.boot,
            bcn=BeaconRef(stretch.bcn_slot, stretch.bcn_h),
            mom=None if stretch.mom is None else b64url_encode(stretch.mom),
            active=active,
            input=stretch.activity.quality,
            pics=len(stretch.pictures),
            shot=stretch.shot_reason,
            end=stretch.end,
            tz=stretch.tz,
            app=self._identity.app,
            os=self._identity.os,
        )
