"""The pointer rests on a picture's notice while the next picture comes: real programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary.verification.evidence import SLOT_MS
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.office import Office

pytestmark = pytest.mark.xdist_group("end2end")

TOAST = "Picture taken"


def pictures(office: Office) -> set[str]:
    """The files of pictures that wait in the client's folder."""
    return {path.name for path in (office.folder / "client").glob("*/blobs/*")}


def sealed_slots(office: Office) -> set[int]:
    return {each.segment.slot for each in office.sealed()}


def toast(office: Office) -> Window | None:
    return next(iter(office.desktop.windows(TOAST)), None)


def test_a_hold_ends_with_its_picture(office: Office) -> None:
    office.open_client()
    office.hands.start_recording("Looking at a picture")
    office.hands.hide_window()
    target = Target(office.desktop, "WORK")

    def while_typing(seen: Callable[[], object], what: str) -> None:
        def look() -> object:
            target.type("x")
            return seen()

        # A demonstration slot takes half a minute; without the end of its hold, a picture five.
        wait_for(look, timeout=100, every=0.5, what=what)

    while_typing(lambda: toast(office), "the first picture's notice")
    slot = office.demo_ms() // SLOT_MS * SLOT_MS // 1000
    notice = toast(office)
    assert notice is not None
    office.desktop.xdotool("mousemove", *map(str, notice.rect.centre))
    first = pictures(office)
    while_typing(lambda: pictures(office) - first, "the second picture")
    assert slot not in sealed_slots(office)
    # The pointer has not moved: it holds the second picture now, and the first one goes.
    while_typing(lambda: slot in sealed_slots(office), "the segment of the first picture")
    office.desktop.xdotool("mousemove", "10", "10")
    office.hands.stop_recording()
    office.wait_sealed("stop")
    office.wait_all_sent()
    assert slot in {each.segment.slot for each in office.sealed() if each.pictures}
