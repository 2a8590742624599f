"""Counted attempts in the database, for processes that share it (ADR 0036).

The counters of `marketplace.core.rate_limit` for limits that protect secrets and mailboxes. A name
is stored as a keyed hash until its window has passed.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport
from sqlalchemy import Connection, text

from diary.formats.encoding import b64url_encode
from marketplace.storage.database import DatabaseError

_ADD = text(
    "INSERT INTO counted_attempt AS present (name, slot, count, until_s)"
    " VALUES (:name, :slot, :count, :until_s)"
    " ON CONFLICT (name, slot) DO UPDATE SET count = present.count + excluded.count"
    " RETURNING count"
)
_READ = text("SELECT slot, count FROM counted_attempt WHERE name = :name AND slot >= :slot")
_CLEAR = text("DELETE FROM counted_attempt WHERE name = :name")
_EXPIRED = text("DELETE FROM counted_attempt WHERE until_s < :now")
_RESET = text("DELETE FROM counted_attempt")
_SWEEP_S = 60.0


class SharedCounters(Storage, SlidingWindowCounterSupport):
    """Counters of sliding windows, weighted as in `limits.storage.MemoryStorage`. Thread-safe.

    `connect` opens a connection that commits each statement; `secret` is the same in all processes.
    """

    STORAGE_SCHEME = None

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Connection]],
        secret: bytes,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._connect = connect
        self._secret = secret
        self._now_s = now_s
        self._swept_s = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """See `Storage`."""
        return DatabaseError

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count `amount` unless the weighted count would exceed `limit`. `expiry` is in seconds."""
        now, name = self._now_s(), self._name(key)
        slot = int(now // expiry)
        values = {"name": name, "slot": slot, "until_s": (slot + 2) * expiry}
        with self._connect() as connection:
            # Count first: of two requests at once, the second sees the first.
            count = connection.execute(_ADD, {**values, "count": amount}).scalar_one()
            before = _counts(connection, name, slot)[0] * _left(now, expiry) / expiry
            refused = int(before + count) > limit
            if refused:
                connection.execute(_ADD, {**values, "count": -amount})
            if now >= self._swept_s + _SWEEP_S:
                self._swept_s = now
                connection.execute(_EXPIRED, {"now": int(now)})
        return not refused

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and remaining seconds of the last window, and of this one."""
        now = self._now_s()
        with self._connect() as connection:
            before, count = _counts(connection, self._name(key), int(now // expiry))
        left = _left(now, expiry)
        return before, left if before else 0.0, count, expiry + left if count else 0.0

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002 - of all windows
        """Forget a key."""
        self.clear(key)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Abstract in `limits`; never called, since all limits are sliding windows."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Abstract in `limits`; never called, since all limits are sliding windows."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Abstract in `limits`; never called, since all limits are sliding windows."""
        raise NotImplementedError

    def check(self) -> bool:
        """Whether the database responds."""
        with self._connect() as connection:
            connection.execute(text("SELECT 1"))
        return True

    def reset(self) -> int | None:
        """Forget all keys."""
        with self._connect() as connection:
            connection.execute(_RESET)
        return None

    def clear(self, key: str) -> None:
        """Forget a key."""
        with self._connect() as connection:
            connection.execute(_CLEAR, {"name": self._name(key)})

    def _name(self, key: str) -> str:
        data = f"counted attempts {key}".encode("utf-8", "replace")
        return b64url_encode(hmac.digest(self._secret, data, "sha256"))


def _left(now: float, expiry: int) -> float:
    """Seconds until the end of the present window."""
    return expiry - now % expiry


def _counts(connection: Connection, name: str, slot: int) -> tuple[int, int]:
    """The counts of the window before a slot, and of the slot."""
    rows: Any = connection.execute(_READ, {"name": name, "slot": slot - 1})
    found = {row.slot: row.count for row in rows}
    return found.get(slot - 1, 0), found.get(slot, 0)
