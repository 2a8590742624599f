"""The time zone of the test process."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def set_zone(name: str) -> None:
    """Let this process, and the programs that it starts, have the zone; no effect on Windows."""
    os.environ["TZ"] = name
    if hasattr(time, "tzset"):
        time.tzset()


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Set another zone during the block. Skips the test where a process cannot change its zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has one time zone for all processes")
    before = os.environ["TZ"]
    set_zone(name)
    try:
        yield
    finally:
        set_zone(before)
