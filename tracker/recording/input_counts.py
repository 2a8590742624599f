"""Reads input counts for the engine; a source that fails means "not measured", not "no input"."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from tracker.model.activity import Counts

_log = logging.getLogger(__name__)


class InputCountSource(Protocol):
    """Counts input."""

    def take(self) -> Counts:
        """Input since the last call, and how well it was measured."""


class InputCounts:
    """Counts on the engine's clocks, which run `speed` times as fast as real time."""

    def __init__(self, source: InputCountSource, speed: int) -> None:
        self._source = source
        self._speed = speed

    def take(self) -> Counts:
        """Input since the last call. Never raises."""
        try:
            counts = self._source.take()
        except Exception:  # noqa: BLE001 - recorded as "not measured"
            _log.exception("input could not be counted")
            counts = Counts()
        if counts.moves and self._speed > 1:
            counts = replace(counts, moves=counts.moves * self._speed)
        return counts
