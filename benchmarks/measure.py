"""The method of all benchmarks: a warm-up, then the median of alternating rounds.

Machines are shared and noisy, so a figure alone means little: ours and its reference alternate in
the same run, and their ratio is reported.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ROUNDS = 7


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ours` and `reference` are seconds, or bytes if the unit is kB;
    `target` is the largest intended ratio, None if the figure only informs.
    """

    name: str
    what: str
    ours: float
    reference: float
    against: str
    target: float | None
    unit: Literal["ms", "kB"] = "ms"

    def shown(self, value: float) -> str:
        """A value with its unit."""
        scaled = value * 1000 if self.unit == "ms" else value / 1000
        return f"{scaled:.2f} {self.unit}"

    @property
    def ratio(self) -> float:
        """Ours divided by the reference: below 1 is faster; 1 if both are 0."""
        if not self.reference:
            return math.inf if self.ours else 1.0
        return self.ours / self.reference


def compare(ours: Callable[[], object], reference: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, alternating, after one round of warm-up each."""
    ours()
    reference()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for work, times in zip((ours, reference), taken, strict=True):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
    return statistics.median(taken[0]), statistics.median(taken[1])
