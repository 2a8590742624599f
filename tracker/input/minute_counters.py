"""Thread-safe counters of input events, without their content."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tracker.model.activity import Counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from diary.core.vocabulary import InputQuality


class Counters:
    """An `InputSink` that counts. `uptime_ms`: the machine's uptime, never that of a demo clock."""

    def __init__(self, uptime_ms: Callable[[], int]) -> None:
        self._uptime_ms = uptime_ms
        self._lock = threading.Lock()
        # All below are guarded by _lock.
        self._keys = self._clicks = self._scrolls = self._moves = self._injected = 0
        self._knows_injected = False
        self._moved_second = -1
        self._last_ms: int | None = None

    def key(self, *, injected: bool | None = None) -> None:
        with self._lock:
            self._keys += 1
            self._note(injected)

    def click(self, *, injected: bool | None = None) -> None:
        with self._lock:
            self._clicks += 1
            self._note(injected)

    def scroll(self, *, injected: bool | None = None) -> None:
        with self._lock:
            self._scrolls += 1
            self._note(injected)

    def move(self, *, injected: bool | None = None) -> None:
        """Count a second once, however often the pointer moves in it, also across `take`."""
        with self._lock:
            now = self._uptime_ms()
            self._last_ms = now
            self._knows_injected |= injected is not None
            if now // 1000 != self._moved_second:
                self._moved_second = now // 1000
                self._moves += 1

    def _note(self, injected: bool | None) -> None:
        self._last_ms = self._uptime_ms()
        self._knows_injected |= injected is not None
        self._injected += injected is True

    @property
    def last_input_uptime_ms(self) -> int | None:
        """The uptime in ms of the last input of any kind; None before the first."""
        with self._lock:
            return self._last_ms

    def take(self, quality: InputQuality = "ok") -> Counts:
        """Counts since the last `take`, measured with `quality`; each event is in exactly one.

        With "active-only" only `moves` is set, without a measurement nothing. `injected` counts the
        keys, clicks and scrolls that a program generated; None until the platform reports one.
        """
        with self._lock:
            keys, clicks, scrolls, moves = self._keys, self._clicks, self._scrolls, self._moves
            injected = self._injected if self._knows_injected else None
            self._keys = self._clicks = self._scrolls = self._moves = self._injected = 0
        if quality == "ok":
            return Counts(quality, keys, clicks, scrolls, moves, injected)
        return Counts(quality, moves=moves if quality == "active-only" else None)
