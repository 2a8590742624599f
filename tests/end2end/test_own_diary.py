"""Ana adds time that she worked away from the computer; her client sees how it was entered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diary.core.slots import DAY, MINUTE
from diary.objects.segment import SealedSegment
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import Reviewer, RunningSystem, chromium

pytestmark = pytest.mark.xdist_group("end2end-1")

DIARY, DIALOG = "Diary", "Add manual time"
REASON = "Whiteboard without the computer"
#: From the upper right corner of the diary to its button, from the lower right one of the dialog to
#: its own, in pixels.
_OPEN, _ADD = (-150, 30), (-60, -32)
_LENGTH_S = 15 * MINUTE


def window(system: RunningSystem, name: str) -> Window:
    """Wait for a window by the beginning of its name, and give it the focus."""
    found = system.window(name)
    system.desktop.focus(found)
    return system.desktop.x.window(found.id)


def click(system: RunningSystem, at: Window, offset: tuple[int, int]) -> None:
    """Click at an offset from the right, and from the bottom if it is negative."""
    rect = at.rect
    y = rect.y + offset[1] + (rect.height if offset[1] < 0 else 0)
    system.desktop.click(rect.x + rect.width + offset[0], y)


def free_time(system: RunningSystem) -> tuple[int, int] | None:
    """Whole minutes after the recorded time that have passed, on one day; None until there are."""
    now_s = system.demo_ms() // 1000
    recorded = max(each.segment.t1 for each in system.sealed())
    end = now_s - now_s % MINUTE - 2 * MINUTE
    begin = end - _LENGTH_S
    return (begin, end) if begin > recorded and begin // DAY == now_s // DAY else None


def manual(system: RunningSystem) -> list[SealedSegment]:
    return [each for each in system.sealed() if each.segment.kind == "manual"]


def test_time_away_from_the_computer_is_added_and_marked(system: RunningSystem) -> None:
    desktop, gui = system.desktop, system.gui
    system.open_client()
    target = Target(desktop, "WORK")
    gui.start_recording("Checkout: address form")
    gui.hide_window()
    target.focus()
    target.type("work ")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    recorded = system.sealed()
    begin, end = wait_for(lambda: free_time(system), timeout=120, what="time that has passed")

    desktop.focus(gui.open_window())
    desktop.xdotool("key", "alt+y")
    diary = window(system, DIARY)
    click(system, diary, _OPEN)
    dialog = window(system, DIALOG)
    for each in (begin, end):
        desktop.xdotool("type", datetime.fromtimestamp(each, UTC).astimezone().strftime("%H%M"))
        desktop.xdotool("key", "Tab")
    desktop.xdotool("key", "Tab")
    desktop.xdotool("type", "--", REASON)
    assert manual(system) == []
    click(system, dialog, _ADD)
    wait_for(lambda: manual(system), timeout=30, what="the manual time")
    wait_for(lambda: not desktop.windows(DIALOG), what="the dialog to close")
    system.wait_all_sent()
    made = manual(system)
    assert (made[0].segment.t0, made[-1].segment.t1) == (begin, end)
    assert sum(each.segment.seconds for each in made) == _LENGTH_S
    assert {(each.memo, each.note) for each in made} == {("Checkout: address form", REASON)}
    assert len(system.sealed()) == len(recorded) + len(made)

    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        slot = made[0].segment
        client.wait_slots(slot.ctr, len({each.segment.slot for each in system.sealed()}))
        client.open_slot(f"/contracts/{slot.ctr}/slots/{slot.slot}")
        text = client.page.locator("main").inner_text()
        assert "entered manually" in text.lower()
        assert REASON in text
