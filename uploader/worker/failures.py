"""Failed attempts of the uploads, and the earliest time of each retry.

Rules kept: an item waits alone; its contract waits after a 429 or 503; everything waits only if the
marketplace cannot be reached, or after failures of several different items in a row. Full storage
stops only requests that need room. Times are monotonic seconds; nothing here sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from uploader.errors import NetworkError, ProofError, UploaderError
from uploader.retry import LONGEST_ASKED_S, Outcome, Wait, decide, outcome_of

#: After failures of so many different items in a row, the items are not the cause.
_STRIKES = 3


@dataclass
class _Failures:
    """The number of failures, the earliest time of the next attempt, and the last error."""

    attempts: int = 0
    not_before: float = 0.0
    error: UploaderError | None = None


@dataclass
class _Strikes:
    """Failures of different items in a row, without a success between them."""

    items: set[str] = field(default_factory=set)
    contracts: set[str] = field(default_factory=set)


class FailureTracker:
    """Used by one thread. `monotonic` is in seconds, `random` in [0, 1)."""

    def __init__(self, monotonic: Callable[[], float], random: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._random = random
        self._items: dict[str, _Failures] = {}
        self._contracts: dict[str, _Failures] = {}
        self._everything = _Failures()
        self._strikes = _Strikes()
        #: The contracts whose storage is full, with the time until which nothing of them is sent;
        #: under None, the time until which no picture is sent.
        self._full: dict[str | None, float] = {}
        self._no_room: UploaderError | None = None

    @property
    def problem(self) -> UploaderError | None:
        """The current error: a wrong proof first, then one of everything, then one of an item or a
        contract that waits.
        """
        errors = [f.error for f in (*self._items.values(), *self._contracts.values())]
        if any(self.is_full(key) for key in self._full):
            errors.append(self._no_room)
        standing = [error for error in errors if error is not None]
        proofs = [error for error in standing if isinstance(error, ProofError)]
        return next(iter(proofs), self._everything.error or next(iter(standing), None))

    @property
    def pause(self) -> float:
        """Seconds for which everything waits; not positive if something may be sent."""
        return self._everything.not_before - self._monotonic()

    @property
    def count(self) -> int:
        """The number of items that have failed."""
        return len(self._items)

    @property
    def any_full(self) -> bool:
        """Whether some storage is full."""
        return any(self.is_full(key) for key in self._full)

    def hold_off(self, seconds: float) -> None:
        """Send nothing for so many seconds."""
        until = self._monotonic() + seconds
        self._everything.not_before = max(self._everything.not_before, until)

    def retry_now(self) -> None:
        """End all waiting."""
        self._everything.not_before = 0.0
        self._full.clear()
        for failures in (*self._items.values(), *self._contracts.values()):
            failures.not_before = 0.0

    def keep(self, keys: Collection[str]) -> None:
        """Forget the failures of all other items."""
        self._items = {key: found for key, found in self._items.items() if key in keys}

    def has_failed(self, key: str) -> bool:
        """Whether the item has failed since its last success."""
        return key in self._items

    def attempts(self, key: str) -> int:
        """The number of the item's failures."""
        return self._items[key].attempts if key in self._items else 0

    def is_due(self, key: str) -> bool:
        """Whether the item may be sent now."""
        found = self._items.get(key)
        return found is None or found.not_before <= self._monotonic()

    def may_send(self, ctr: str) -> bool:
        """Whether the marketplace has not asked for a delay of this contract."""
        found = self._contracts.get(ctr)
        return found is None or found.not_before <= self._monotonic()

    def late_contracts(self) -> list[str]:
        """The contracts that wait."""
        return [ctr for ctr in self._contracts if not self.may_send(ctr)]

    def is_full(self, ctr: str | None) -> bool:
        """Whether the contract's storage is full; None: whether that of the pictures is."""
        return self._full.get(ctr, 0.0) > self._monotonic()

    def set_full(self, ctr: str | None, key: str) -> None:
        """Let a contract, or (None) all pictures, wait as long as the item does."""
        self._full[ctr] = self._items[key].not_before

    def set_lost(self, key: str) -> None:
        """Never send the item, whose file is lost."""
        self._items[key] = _Failures(not_before=float("inf"))

    def next_due(self) -> float:
        """Seconds until the next item or contract is due; at most about 1 if none waits."""
        now = self._monotonic()
        failures = (*self._items.values(), *self._contracts.values())
        times = [*(f.not_before for f in failures), *self._full.values()]
        later = [time for time in times if time > now]
        return max(0.0, min(later, default=now + 1.0) - now)

    def passed(self, key: str, ctr: str, *, room: bool = False) -> None:
        """Record a success. `room`: it freed room for pictures."""
        if room:
            self._full.pop(None, None)
        self._items.pop(key, None)
        self._contracts.pop(ctr, None)
        self._everything = _Failures()
        self._strikes = _Strikes()

    def failed(self, key: str, ctr: str, error: UploaderError) -> bool:
        """Record a failure; returns whether the item is to be set aside."""
        outcome = outcome_of(error)
        if outcome is Outcome.REFUSED:
            self._items.pop(key, None)
            self._strikes = _Strikes()
            return True
        item = self._items.setdefault(key, _Failures())
        item.attempts += 1
        if outcome is Outcome.NO_ROOM:
            self._no_room = error
            self._strikes = _Strikes()
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        item.error = error
        group = self._group_of(outcome, key, ctr)
        if group is None:
            item.not_before = self._after(outcome, item.attempts, error)
            return False
        group.attempts += 1
        group.error = error
        group.not_before = self._after(outcome, group.attempts, error)
        if outcome in {Outcome.TROUBLE, Outcome.WRONG_PROOF}:
            # The item may be the cause after all: send it after the others.
            item.not_before = group.not_before
        else:
            del self._items[key]
        return False

    def _group_of(self, outcome: Outcome, key: str, ctr: str) -> _Failures | None:
        """The group that waits with an item: everything, its contract, or (None) nothing else."""
        if outcome in {Outcome.UNREACHED, Outcome.LOCKED_OUT}:
            return self._everything
        if outcome is Outcome.BUSY:
            return self._contracts.setdefault(ctr, _Failures())
        self._strikes.items.add(key)
        self._strikes.contracts.add(ctr)
        if len(self._strikes.items) < _STRIKES:
            return None
        if len(self._strikes.contracts) > 1:
            return self._everything
        return self._contracts.setdefault(ctr, _Failures())

    def _after(self, outcome: Outcome, attempts: int, error: UploaderError) -> float:
        """The earliest time of the retry."""
        retry_after = error.retry_after_s if isinstance(error, NetworkError) else None
        step = decide(outcome, attempts, retry_after, self._random())
        # The user may remove the cause elsewhere: even a lock-out is tried again.
        seconds = step.seconds if isinstance(step, Wait) else LONGEST_ASKED_S
        return self._monotonic() + seconds
