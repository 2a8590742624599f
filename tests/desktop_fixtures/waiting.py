"""Waiting in tests: polls a condition within a time limit.

Tests never sleep for a fixed time; they name the condition that they wait for.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def wait_for(
    condition: Callable[[], T | None], *, timeout: float = 20.0, every: float = 0.02, what: str = ""
) -> T:
    """Call `condition` until its result is true; returns the result.

    `timeout` and `every` are seconds. The bound is generous because machines are shared: it ends a
    hopeless wait and never asserts a speed. Raises TimeoutError with `what` and the last result.
    """
    pause = threading.Event()
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            awaited = what or getattr(condition, "__name__", "the condition")
            raise TimeoutError(f"waited {timeout:g} s for {awaited}; last seen: {value!r}")
        pause.wait(every)
