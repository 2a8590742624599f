"""The pointer rests on a picture's toast while the next picture arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from diary.verification.evidence import SLOT_MS
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import RunningSystem

pytestmark = pytest.mark.xdist_group("end2end-1")

TOAST = "Picture taken"
T = TypeVar("T")


def pictures(system: RunningSystem) -> set[str]:
    """The files of pictures that wait in the client's folder."""
    return {path.name for path in (system.folder / "client").glob("*/blobs/*")}


def sealed_slots(system: RunningSystem) -> set[int]:
    return {each.segment.slot for each in system.sealed()}


def toast(system: RunningSystem) -> Window | None:
    return next(iter(system.desktop.windows(TOAST)), None)


def test_a_hold_ends_with_its_picture(system: RunningSystem) -> None:
    system.open_client()
    system.gui.start_recording("Looking at a picture")
    system.gui.hide_window()
    target = Target(system.desktop, "WORK")

    def while_typing(seen: Callable[[], T | None], what: str, every: float = 0.5) -> T:
        def look() -> T | None:
            target.type("x")
            return seen()

        # A demo slot takes half a minute; a picture would take five without the end of its hold.
        return wait_for(look, timeout=100, every=every, what=what)

    # The review takes 15 s of the demo's time, less than a real one.
    notice = while_typing(lambda: toast(system), "the first picture's notice", every=0.02)
    system.desktop.xdotool("mousemove", *map(str, notice.rect.centre))
    slot = system.demo_ms() // SLOT_MS * SLOT_MS // 1000
    first = pictures(system)
    while_typing(lambda: pictures(system) - first, "the second picture")
    assert slot not in sealed_slots(system)
    # The pointer has not moved: it now holds the second picture, and the first one is sent.
    while_typing(lambda: slot in sealed_slots(system), "the segment of the first picture")
    system.desktop.xdotool("mousemove", "10", "10")
    system.stop_recording()
    system.wait_all_sent()
    assert slot in {each.segment.slot for each in system.sealed() if each.pictures}
