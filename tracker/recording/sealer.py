"""Turns a closed segment into a signed, chained record that is durable on disk."""

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
from tracker.recording.state.open_segment import OpenSegment
from tracker.recording.state.session_clock import SANE_FROM_MS, SANE_TO_MS


class UnsealableError(Exception):
    """The segment breaks a rule of the record; a retry would fail as well."""


class WrongClockError(UnsealableError):
    """The segment was recorded with a clock that is known to be wrong."""


@dataclass(frozen=True)
class Identity:
    """Values that every segment repeats: marketplace and freelancer of the enrolment, program
    version, operating system.
    """

    aud: str
    sub: str
    app: str
    os: str


class Sealer:
    """Seals one segment after the other. `latest_ms` returns the latest session time (Unix ms) at
    which a segment may end now; `random(n)` returns n random bytes for the salts.
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

    def seal(self, draft: OpenSegment) -> None:
        """Seal `draft`; it is durable on return. Idempotent.

        Raises OSError when the disk refuses (retry later), UnsealableError when `draft` breaks the
        record's rules, WrongClockError when it ends in the future or outside the years in which
        this program is used.
        """
        if not draft.t0 * 1000 >= SANE_FROM_MS or draft.t1 * 1000 > self._latest_ms():
            raise WrongClockError("its clock was wrong")
        head = self._store.head(draft.ctr)
        while True:
            try:
                self._seal_on(head, draft)
            except ValueError:
                # The upload thread may have appended to the chain meanwhile.
                before, head = head, self._store.head(draft.ctr)
                if before == head:
                    raise
            else:
                return

    def _seal_on(self, head: Head, draft: OpenSegment) -> None:
        if draft.t0 < head.last_t1:
            if draft.t1 <= head.last_t1:
                # An earlier attempt wrote it and failed at a later step.
                return
            raise UnsealableError("it would cover time that is sealed already")
        minutes = draft.minutes()
        segment = self._segment(draft, head, rows_with_input(minutes))
        try:
            data = seal(
                segment,
                memo=draft.memo,
                note=draft.note or None,
                minutes=minutes,
                shots=draft.sorted_pictures,
                signer=self._signer,
                random=self._random,
            )
        except DiaryError as error:
            raise UnsealableError(str(error)) from error
        self._store.commit(draft.ctr, head, data)

    def _segment(self, draft: OpenSegment, head: Head, active: int) -> Segment:
        begin, finish = draft.begin, draft.finish
        if finish is None:
            raise UnsealableError("it is still open")
        return Segment(
            aud=self._identity.aud,
            sub=self._identity.sub,
            ctr=draft.ctr,
            terms=draft.terms_hash,
            kind=draft.kind,
            seq=head.seq,
            epoch=head.epoch,
            prev=head.prev,
            slot=draft.slot,
            t0=draft.t0,
            t1=draft.t1,
            up0=begin.up,
            up1=finish.up,
            awake=finish.awake - begin.awake,
            off=draft.off,
            boot=draft.boot,
            bcn=BeaconRef(draft.bcn_slot, draft.bcn_h),
            mom=None if draft.mom is None else b64url_encode(draft.mom),
            active=active,
            input=draft.activity.quality,
            pics=len(draft.pictures),
            shot=draft.picture_reason,
            end=draft.end,
            tz=draft.tz,
            app=self._identity.app,
            os=self._identity.os,
        )
