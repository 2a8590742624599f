"""Picture times: drawn at random, verifiable afterwards (`docs/protocol.md` §3).

A device commits to one hash chain for each week before any beacon of that week exists; the
marketplace publishes one random beacon for each slot. Together they fix the picture times. Only
SHA-256 and HMAC are used.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from diary.core.slots import SLOTS_IN_WEEK, WEEK, number_in_week, week_of
from diary.formats.encoding import b64url_encode

DRAWS = 64
ANCHORS = 56
_SLOT_MS = 600_000


def _last_link(seed: bytes, week: int) -> bytes:
    return hmac.digest(seed, b"wd1-week" + week.to_bytes(8, "big"), "sha256")


def _link(value: bytes) -> bytes:
    return hashlib.sha256(b"wd1-chain" + value).digest()


def week_chain(seed: bytes, week: int) -> tuple[bytes, ...]:
    """`c_w[0]` to `c_w[1008]` of the week that begins at `week` (Unix s), 32 bytes each."""
    values = [_last_link(seed, week)]
    for _ in range(SLOTS_IN_WEEK):
        values.append(_link(values[-1]))
    values.reverse()
    return tuple(values)


_chain = lru_cache(maxsize=4)(week_chain)


def anchor(seed: bytes, week: int) -> bytes:
    """`c_w[0]` of the week that begins at `week` (Unix s), which the enrolment publishes."""
    value = _last_link(seed, week)
    for _ in range(SLOTS_IN_WEEK):
        value = _link(value)
    return value


def anchors(seed: bytes, week0: int) -> tuple[str, ...]:
    """The 56 anchors of an enrolment, base64url, from the week `week0` on."""
    return tuple(b64url_encode(anchor(seed, week0 + i * WEEK)) for i in range(ANCHORS))


def chain_value(seed: bytes, slot: int) -> bytes:
    """`c_w[k]` of a slot (32 bytes), which a segment of that slot reveals."""
    return _chain(seed, week_of(slot))[number_in_week(slot)]


class HashChainVerifier:
    """Checks revealed values against one enrolment's anchors.

    Verified values are cached, so that a later slot of the week is hashed only down to the last
    one: a week costs at most 1,008 hashes for any number of segments.
    """

    def __init__(self) -> None:
        self._met: dict[int, dict[int, bytes]] = {}

    def verify(self, value: bytes, slot: int, week_anchor: bytes) -> bool:
        """Whether hashing `value` k times, k the slot's number in its week, gives the anchor."""
        met = self._met.setdefault(week_of(slot), {0: week_anchor})
        number = step = number_in_week(slot)
        walked = value
        while step not in met:
            walked, step = _link(walked), step - 1
        if not hmac.compare_digest(walked, met[step]):
            return False
        met[number] = value
        return True


@dataclass(frozen=True)
class PictureScheduler:
    """`diary.interfaces.PictureSchedule` of a device with `seed`, for 56 weeks from `week0` on."""

    seed: bytes
    week0: int

    def value(self, slot: int) -> bytes | None:
        """`c_w[k]`, or None outside the enrolled weeks."""
        if not self.week0 <= slot < self.week0 + ANCHORS * WEEK:
            return None
        return chain_value(self.seed, slot)

    def __repr__(self) -> str:
        return f"PictureScheduler(week0={self.week0})"


def draw_value(val: bytes, beacon_slot: int, slot: int) -> bytes:
    """The 32 bytes that the draws of `slot` take from the beacon `val` of `beacon_slot`.

    A beacon of an older slot gives zeroes, so that a device without the slot's own beacon cannot
    choose among those that it holds.
    """
    return val if beacon_slot == slot else bytes(32)


def picked_time(value: bytes, beacon: bytes, slot: int) -> Iterator[int]:
    """The 64 drawn times of a slot, Unix ms, in the order of their index j. Computed lazily, since
    a segment seldom needs more than the first.
    """
    begin = hashlib.sha256(b"wd1-draw" + value + beacon)
    for j in range(DRAWS):
        hasher = begin.copy()
        hasher.update(j.to_bytes(4, "big"))
        first = int.from_bytes(hasher.digest()[:8], "big")
        yield slot * 1000 + (first * _SLOT_MS >> 64)


def pick_times(value: bytes, beacon: bytes, slot: int) -> tuple[int, ...]:
    """All 64 results of `picked_time`."""
    return tuple(picked_time(value, beacon, slot))


def scheduled_times(value: bytes, beacon: bytes, slot: int, t0: int, count: int) -> tuple[int, ...]:
    """The `count` picture times of a segment that begins at `t0` (Unix s), Unix ms, ascending.

    They are the draws with the lowest indices that are not before `t0`. A time that is not before
    the segment's end has `ended`. There may be fewer than `count`.
    """
    eligible = (due for due in picked_time(value, beacon, slot) if due >= t0 * 1000)
    return tuple(sorted(itertools.islice(eligible, count)))
