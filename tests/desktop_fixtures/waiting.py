"""The one way in which tests wait: look at a condition until it holds, within a bound.

No test sleeps for a fixed time: it names what it waits for.
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
    """Call `condition` until what it returns is true, and return that.

    `timeout` and `every` are seconds. The bound is generous because machines are shared: it is
    there to end a hopeless wait, never to assert a speed. Raises TimeoutError, which names `what`
    was awaited and what the condition returned last.
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
