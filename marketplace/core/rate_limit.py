"""Rate limits of devices, accounts and addresses, counted in this process.

Processes that share a database count attempts with secrets, and messages, together.

Rules kept: only authenticated requests count against a device or an account, so that no client can
use up the share of another; only failed attempts count against an address.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from marketplace.core.problems import ProblemError

Rule = Literal[
    "failed",
    "token",
    "device",
    "session",
    "day",
    "export",
    "slot",
    "invite",
    "password",
    "address",
    "mail",
]

#: Limits that several processes count together; each of them gives the others in full.
_TOGETHER: frozenset[Rule] = frozenset(("failed", "token", "invite", "password", "address", "mail"))
#: Seconds between two removals of expired counters.
_SWEEP_S = 60.0
#: Concurrent exports of one caller: each may take a second of CPU time.
_EXPORTS_AT_ONCE = 3


class _RareTimer:
    """A timer that counts as alive for `_SWEEP_S` seconds."""

    def __init__(self, timer: threading.Timer) -> None:
        self._timer = timer
        self._timer.daemon = True
        self._begun = time.monotonic()

    def start(self) -> None:
        self._timer.start()

    def is_alive(self) -> bool:
        return time.monotonic() - self._begun < _SWEEP_S


class _Counters(MemoryStorage):
    """Counters that are swept once a minute.

    `MemoryStorage` starts a timer if none is alive at a hit: under load a thread for every 10 ms,
    which looks through all counters. An expired counter counts nothing in the meantime.
    """

    @property  # type: ignore[override]
    def timer(self) -> _RareTimer:
        return self._rare

    @timer.setter
    def timer(self, timer: threading.Timer) -> None:
        self._rare = _RareTimer(timer)


class Throttle:
    """Rate limits of one process, in the notation of the package `limits`.

    `failed` is for attempts of one address with an invalid code or assertion, `token` for access
    tokens of a device, `device` for all requests of a device, `session` for all requests of an
    account's browsers, `day` for day pages of an account, `export` for bundles and diaries of a
    device or an account, `slot` for segments of a device in one slot of a contract, `invite` for
    invitations by an account, `password` for attempts with the password of one account, `address`
    for failed attempts with passwords from one address, `mail` for messages that a request sends to
    one address or by one account. Thread-safe; the memory of a limit does not
    depend on its number. `shared` are the counters of all processes of a database.
    """

    def __init__(
        self,
        *,
        failed: str = "60/minute",
        token: str = "60/minute",  # noqa: S107 - a limit
        device: str = "1200/minute",
        session: str = "1200/minute",
        day: str = "240/minute",
        export: str = "60/minute",
        slot: str = "120/hour",
        invite: str = "60/hour",
        password: str = "10/15minutes",  # noqa: S107 - a limit
        address: str = "60/15minutes",
        mail: str = "5/hour",
        shared: Storage | None = None,
    ) -> None:
        self._alone = SlidingWindowCounterRateLimiter(_Counters())
        self._together = self._alone if shared is None else SlidingWindowCounterRateLimiter(shared)
        self._rules: dict[Rule, RateLimitItem] = {
            "failed": parse(failed),
            "token": parse(token),
            "device": parse(device),
            "session": parse(session),
            "day": parse(day),
            "export": parse(export),
            "slot": parse(slot),
            "invite": parse(invite),
            "password": parse(password),
            "address": parse(address),
            "mail": parse(mail),
        }
        self._exports: Counter[str] = Counter()
        self._gate = threading.Lock()

    def hit(self, rule: Rule, who: str) -> None:
        """Count one request; raises the problem `too_many` (429)."""
        if not self._limiter(rule).hit(self._rules[rule], rule, who):
            raise self._too_many(rule, who)

    def check(self, rule: Rule, who: str) -> None:
        """Raise the problem `too_many` (429) if `hit` would raise it; counts nothing."""
        if not self._limiter(rule).test(self._rules[rule], rule, who):
            raise self._too_many(rule, who)

    @contextlib.contextmanager
    def guess(self, address: str) -> Iterator[None]:
        """Count a problem in the block as a failed attempt of a client's address. Raises `too_many`
        (429) after too many of them.
        """
        self.check("address", address)
        try:
            yield
        except ProblemError:
            self.hit("address", address)
            raise

    @contextlib.contextmanager
    def export(self, who: str) -> Iterator[None]:
        """Count an export, and as concurrent while the block runs. Raises `too_many` (429)."""
        self.hit("export", who)
        with self._gate:
            busy = self._exports[who] >= _EXPORTS_AT_ONCE
            self._exports[who] += not busy
        if busy:
            raise too_many("Too many exports at once. Try again when one of them is done.", 5)
        try:
            yield
        finally:
            with self._gate:
                self._exports[who] -= 1
                if not self._exports[who]:
                    del self._exports[who]

    def _limiter(self, rule: Rule) -> SlidingWindowCounterRateLimiter:
        return self._together if rule in _TOGETHER else self._alone

    def _too_many(self, rule: Rule, who: str) -> ProblemError:
        limit = self._rules[rule]
        left = self._limiter(rule).get_window_stats(limit, rule, who).reset_time - time.time()
        return too_many(
            "Too many requests in a short time. Nothing was lost; try again in a moment.",
            min(max(1, math.ceil(left)), limit.get_expiry()),
        )


def too_many(detail: str, after_s: int) -> ProblemError:
    """The problem `too_many` (429) with Retry-After `after_s` seconds."""
    return ProblemError("too_many", detail, headers={"Retry-After": str(after_s)})
