"""One batch after another of what waits: pictures first, then their segment.

Rules kept: up to three pictures at once, segments one after the other, so that a chain reaches the
log in its order; a segment goes only when none of its pictures waits any more, and what is said
about it goes after it; a receipt is verified before anything is marked; what fails is tried again
when the policy says so and never holds up the rest; time is the caller's, nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from uploader.client import MarketplaceClient
from uploader.crew import Crew
from uploader.deeds import Deed, Kind
from uploader.errors import NetworkError, RefusedError, StoreError, UploaderError
from uploader.index import Row
from uploader.outbox import Outbox
from uploader.retry import LONGEST_ASKED_S, Outcome, Wait, decide, outcome_of
from uploader.witness import Witness

_BATCH = 8
_PICTURES_AT_ONCE = 3
#: Waiting segments that are looked at, and due ones that are compared, where storage is full.
_MANY, _MANY_DUE = 10_000, 64
#: So many different items failing one after the other say that it is not the items.
_STRIKES = 3
#: HTTP 412: the marketplace does not hold a part that the segment was sent with.
_PARTS_MISSING = 412


@dataclass
class _Failures:
    """How often something failed, and the earliest time (monotonic s) to try it again."""

    attempts: int = 0
    not_before: float = 0.0


class Uploads:
    """The way out of a queue. Used by one thread; `problem` and `last_ok_ms` may be read by any.

    `kid` is the device that signs in; `monotonic` is in seconds, `now_ms` session time, `random`
    in [0, 1); `stopping` is asked between two requests.
    """

    def __init__(
        self,
        outbox: Outbox,
        client: MarketplaceClient,
        witness: Witness,
        kid: str,
        *,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        random: Callable[[], float],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._outbox = outbox
        self._sending = outbox.sending
        self._deeds = outbox.deeds
        self._kid = kid
        self._client = client
        self._witness = witness
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._random = random
        self._stopping = stopping
        self._crew = Crew(_PICTURES_AT_ONCE, "pictures")
        self._items: dict[str, _Failures] = {}
        self._everything = _Failures()
        self._strikes = 0
        #: The contracts whose storage is full, and until when (monotonic s) nothing of them is
        #: sent; under None, until when no picture is sent.
        self._full: dict[str | None, float] = {}
        self._no_room: UploaderError | None = None
        self.problem: UploaderError | None = None
        self.last_ok_ms: int | None = None

    def close(self) -> None:
        """Let the picture threads end."""
        self._crew.close()

    def hold_off(self, seconds: float) -> None:
        """Begin nothing for so long: spreads the clients that all seal at the slot's end."""
        until = self._monotonic() + seconds
        self._everything.not_before = max(self._everything.not_before, until)

    def hurry(self) -> None:
        """Forget all waiting: the network is back, or a person asked."""
        self._everything.not_before = 0.0
        self._full.clear()
        for failures in self._items.values():
            failures.not_before = 0.0

    def run(self) -> float | None:
        """Send a batch of what is due.

        Returns seconds until something is due again (0 if more waits already), None if nothing
        waits. Raises StoreError if the disk refuses.
        """
        pause = self._everything.not_before - self._monotonic()
        if pause > 0:
            return pause if self._anything() else None
        sent = self._late_pictures()
        self._last_words()
        rows, deeds = self._due_rows(), self._due_deeds()
        if not rows and not sent and not deeds:
            return self._next_due()
        self._pictures([sha for row in rows for sha in self._sending.pictures_of(row)])
        for row in rows:
            if self._stopping() or self._everything.not_before > self._monotonic():
                break
            if self._sending.may_go(row):
                self._segment(row)
        for deed in deeds:
            if self._stopping() or self._everything.not_before > self._monotonic():
                break
            # What was said later about the same waits for what was said before.
            if deed.digest in self._first_words():
                self._deed(deed)
        return 0.0

    # One item

    def _segment(self, row: Row) -> None:
        data = self._sending.read(row)
        if data is None:
            return
        sent_ms = self._now_ms()
        try:
            parts = self._sending.parts_of(row, data)
            answer = self._client.put_segment(row.hash, data, parts)
            logged = self._witness.segment(
                answer.receipt, row.hash, sent_ms=sent_ms, created=answer.created, t1=row.t1
            )
        except StoreError:
            raise
        except UploaderError as error:
            if isinstance(error, RefusedError) and error.status == _PARTS_MISSING:
                # It lost a picture since it took it. Nothing was logged yet.
                self._sending.send_again(row)
            if self._failed(row.hash, error):
                self._sending.refused(row, error.detail)
            elif row.hash in self._items and outcome_of(error) is Outcome.NO_ROOM:
                # More of its pictures would take the room of other contracts.
                self._full[row.ctr] = self._items[row.hash].not_before
            return
        self._sending.done(
            row,
            answer.receipt,
            answer.findings,
            log_index=logged.index,
            rt_ms=logged.leaf.rt_ms,
        )
        self._outbox.delivered(row)
        # Its contract holds the pictures now: there is room for others that wait for a segment.
        self._full.pop(None, None)
        self._passed(row.hash)

    def _last_words(self) -> None:
        """Retirements of devices that were here before go ahead: without them, the marketplace
        does not take what those devices have signed.
        """
        for deed in self._due_deeds():
            if deed.kind is Kind.RETIRE and deed.signed.kid != self._kid:
                self._deed(deed)

    def _deed(self, deed: Deed) -> None:
        data = self._deeds.read(deed)
        if data is None:
            self._items[deed.digest] = _Failures(not_before=float("inf"))
            return
        sent_ms = self._now_ms()
        form = deed.form
        try:
            answer = self._client.post_deed(form.folder, data, form.mime)
            logged = self._witness.deed(
                answer.receipt,
                form.leaf,
                deed.digest,
                earliest_ms=sent_ms if answer.created else 0,
            )
        except StoreError:
            raise
        except UploaderError as error:
            if self._failed(deed.digest, error):
                self._outbox.unsaid(deed, error.detail)
            return
        self._deeds.done(deed, answer.receipt, logged.leaf.rt_ms)
        self._passed(deed.digest)

    def _pictures(self, shas: list[str]) -> None:
        due = [sha for sha in dict.fromkeys(shas) if self._is_due(sha)]
        # In small lots, so that a line that is down is found out with the first three.
        for start in range(0, len(due), _PICTURES_AT_ONCE):
            if self._stopping() or self._everything.not_before > self._monotonic():
                return
            if self._is_full(None):
                return
            lot = due[start : start + _PICTURES_AT_ONCE]
            for sha, error in self._crew.each(lot, self._picture):
                if error is None:
                    self._passed(sha)
                elif isinstance(error, StoreError):
                    raise error
                elif self._failed(sha, error):
                    self._sending.picture_refused(sha, error.detail)
                elif outcome_of(error) is Outcome.NO_ROOM:
                    self._full[None] = self._items[sha].not_before

    def _picture(self, sha: str) -> None:
        """Send one picture; runs on a thread of the crew."""
        picture = self._sending.read_picture(sha)
        if picture is None:
            return
        failed_before = sha in self._items
        if not (failed_before and self._client.has_blob(sha)):
            self._client.put_blob(sha, picture.data)
        self._sending.picture_done(sha)

    # What is due

    def _anything(self) -> bool:
        return bool(
            self._sending.waiting(1) or self._sending.late_pictures(1) or self._ready_deeds()
        )

    def _ready_deeds(self) -> list[Deed]:
        """What may go: a deletion or another memo goes after its segment."""
        return [deed for deed in self._deeds.waiting() if self._outbox.may_send(deed)]

    def _due_deeds(self) -> list[Deed]:
        """What may go and is due, and nothing behind an earlier word about the same that is not."""
        late: set[str] = set()
        due = []
        for deed in self._ready_deeds():
            if deed.about not in late and self._is_due(deed.digest):
                due.append(deed)
            else:
                late.add(deed.about)
        return due[:_BATCH]

    def _first_words(self) -> set[str]:
        """Of what may go, the first word about each segment or device."""
        first: dict[str, str] = {}
        for deed in self._ready_deeds():
            first.setdefault(deed.about, deed.digest)
        return set(first.values())

    def _is_due(self, key: str) -> bool:
        failures = self._items.get(key)
        return failures is None or failures.not_before <= self._monotonic()

    def _due_rows(self) -> list[Row]:
        """The oldest segments that are due, and none whose picture has still to be waited for.

        None goes before the marketplace's time has reached its end, as it would where that clock
        was set back: what ends after its receipt is not paid (E_AFTER_RECEIPT).

        What failed before comes after what did not, so that a few that always fail cannot keep
        using up the patience for all.
        """
        full = any(self._is_full(key) for key in self._full)
        # Where one contract is full, those of others may lie far behind it.
        rows = self._sending.waiting(_MANY if full else _BATCH + len(self._items))
        due: list[tuple[int, Row]] = []
        for row in rows:
            if len(due) == _MANY_DUE:
                break
            pictures = self._sending.pictures_of(row)
            if self._is_full(row.ctr) or (pictures and self._is_full(None)):
                continue
            keys = [row.hash, *pictures]
            over = row.t1 * 1000 <= self._now_ms()
            if over and all(self._is_due(key) for key in keys):
                failed = sum(self._items[key].attempts for key in keys if key in self._items)
                due.append((failed, row))
        due.sort(key=lambda pair: pair[0])
        return [row for _, row in due[:_BATCH]]

    def _is_full(self, key: str | None) -> bool:
        return self._full.get(key, 0.0) > self._monotonic()

    def _late_pictures(self) -> bool:
        """Pictures that the marketplace found missing; whether some were due."""
        if self._is_full(None):
            return False
        shas = self._sending.late_pictures(_BATCH + len(self._items))
        due = [sha for sha in shas if self._is_due(sha)]
        self._pictures(due)
        return bool(due)

    def _next_due(self) -> float | None:
        if not self._anything():
            return None
        now = self._monotonic()
        times = [*(f.not_before for f in self._items.values()), *self._full.values()]
        later = [time for time in times if time > now]
        return max(0.0, min(later, default=now + 1.0) - now)

    # What became of it

    def _passed(self, key: str) -> None:
        self._items.pop(key, None)
        self._everything = _Failures()
        self._strikes = 0
        # What has no room goes on to wait, and the person to know it.
        self.problem = self._no_room if any(self._is_full(key) for key in self._full) else None
        self.last_ok_ms = self._now_ms()

    def _failed(self, key: str, error: UploaderError) -> bool:
        """Note a failure; returns whether the item is to be set aside."""
        outcome = outcome_of(error)
        if outcome is Outcome.REFUSED:
            self._items.pop(key, None)
            self._strikes = 0
            self.last_ok_ms = self._now_ms()  # it was reached, and it answered
            return True
        self.problem = error
        item = self._items.setdefault(key, _Failures())
        item.attempts += 1
        if outcome is Outcome.NO_ROOM:
            self._no_room = error
            self._strikes = 0
            self.last_ok_ms = self._now_ms()
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        self._strikes += 1
        everywhere = {Outcome.UNREACHED, Outcome.BUSY, Outcome.LOCKED_OUT}
        general = outcome in everywhere or self._strikes >= _STRIKES
        if not general:
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        self._everything.attempts += 1
        self._everything.not_before = self._after(outcome, self._everything.attempts, error)
        if outcome in {Outcome.TROUBLE, Outcome.WRONG_PROOF}:
            # It may be the item after all: it takes its turn again after the others.
            item.not_before = self._everything.not_before
        return False

    def _after(self, outcome: Outcome, attempts: int, error: UploaderError) -> float:
        """The time (monotonic s) before which it is not tried again."""
        retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
        step = decide(outcome, attempts, retry_after, self._random())
        # What only a person can clear up may be cleared up elsewhere, so not for ever.
        seconds = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        return self._monotonic() + seconds


def is_offline(error: UploaderError | None) -> bool:
    """Whether the error says that the marketplace was not reached at all."""
    return error is not None and outcome_of(error) is Outcome.UNREACHED
