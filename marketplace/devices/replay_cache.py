"""The identifiers of used proofs, with a budget per device, so that no device can fill the memory.

A proof is accepted while its `iat` is within a window around now (RFC 9449 section 11.1), and its
identifier is remembered for that long, as a keyed 64-bit hash in one array per device and minute of
`iat`. A device at its full rate (`rate_limit`) has about 13,000 of them within the window. A
thousand such devices take 160 MB; at the rate of an honest device, a hundredth of that, they take 2
MB.
"""

from __future__ import annotations

import secrets
import threading
from array import array
from hashlib import blake2b

from marketplace.core.rate_limit import too_many

#: Seconds of `iat` that share an array.
BUCKET_S = 60
#: Identifiers of one device within the window; more than its rate lets through.
BUDGET = 16_384


class ReplayCache:
    """The proofs used within `window_s` real seconds around their `iat`. Thread-safe."""

    def __init__(self, window_s: int) -> None:
        self._window_s = window_s
        # A secret key, so that an attacker cannot search for collisions.
        self._key = secrets.token_bytes(32)
        self._used: dict[str, dict[int, array[int]]] = {}
        self._swept = 0
        self._gate = threading.Lock()

    def first(self, device: str, name: str, iat: int, now: int) -> bool:
        """Remember an identifier of a device; False if it was used before.

        `iat` (Unix s) lies within the window around `now`. Raises the problem `too_many` (429) for
        a device that has used up its budget.
        """
        data = name.encode("utf-8", "replace")
        mark = int.from_bytes(blake2b(data, digest_size=8, key=self._key).digest(), "big")
        with self._gate:
            if now // BUCKET_S != self._swept:
                self._sweep(now)
            buckets = self._used.setdefault(device, {})
            bucket = buckets.get(iat // BUCKET_S)
            if bucket is None:
                bucket = buckets[iat // BUCKET_S] = array("Q")
            if mark in bucket:
                return False
            if sum(map(len, buckets.values())) >= BUDGET:
                raise too_many("This device has sent too many requests.", BUCKET_S)
            bucket.append(mark)
            return True

    def __len__(self) -> int:
        """The number of remembered identifiers."""
        with self._gate:
            return sum(len(b) for buckets in self._used.values() for b in buckets.values())

    def _sweep(self, now: int) -> None:
        """Forget identifiers whose proofs have expired."""
        self._swept = now // BUCKET_S
        oldest = (now - self._window_s) // BUCKET_S
        for device, buckets in list(self._used.items()):
            for minute in [m for m in buckets if m < oldest]:
                del buckets[minute]
            if not buckets:
                del self._used[device]
