"""A long call.

Ana records and takes a call of ten minutes without input. The diary stops counting and asks one
question. She keeps the time with a note; her client sees it as kept, with the note, apart from the
recorded time.
"""

from __future__ import annotations

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import Reviewer, RunningSystem, chromium

pytestmark = pytest.mark.xdist_group("end2end-2")

QUESTION = "Time without input"
NOTE = "On the phone with Li Wei"


def test_time_without_input_is_kept_with_a_note(system: RunningSystem) -> None:
    desktop, gui = system.desktop, system.gui
    system.open_client()
    target = Target(desktop, "WORK")
    gui.start_recording("Agree on the address form")
    gui.hide_window()
    target.type("some work ")

    question = desktop.wait_window(QUESTION, timeout=120)
    desktop.type_in_window(question, NOTE)
    desktop.xdotool("key", "Return")
    wait_for(lambda: not desktop.windows(QUESTION), what="the question to be answered")

    # Each slot has its part of the ten minutes, and a part with a picture waits for its review. A
    # slot that ends less than a minute after the last input is sealed with that minute as recorded.
    wait_for(
        lambda: kept_s(system) >= 540 and not system.unsealed(),
        timeout=120,
        what="ten minutes of kept time",
    )
    system.wait_all_sent()
    sealed = system.sealed()
    kept = [each for each in sealed if each.segment.kind == "kept"]
    recorded = [each for each in sealed if each.segment.kind == "auto"]
    assert {each.note for each in kept} == {NOTE}
    assert {each.segment.active for each in kept} == {0}
    assert kept[0].segment.t0 == recorded[-1].segment.t1

    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        slots = {each.segment.slot for each in sealed}
        client.wait_slots(kept[0].segment.ctr, len(slots))
        assert client.total("idle time kept") != "0 min"
        client.open_slot(f"/contracts/{kept[0].segment.ctr}/slots/{kept[-1].segment.slot}")
        assert NOTE in client.page.locator("main").inner_text()


def kept_s(system: RunningSystem) -> int:
    return sum(s.segment.seconds for s in system.sealed() if s.segment.kind == "kept")


def test_the_time_of_one_call_is_kept_and_that_of_the_next_is_removed(
    system: RunningSystem,
) -> None:
    """ "Keep and continue" records on without another press; "Remove" leaves nothing behind."""
    desktop, gui = system.desktop, system.gui
    system.open_client()
    target = Target(desktop, "WORK")
    gui.start_recording("Agree on the address form")
    gui.hide_window()
    target.type("some work ")

    question = desktop.wait_window(QUESTION, timeout=120)
    desktop.type_in_window(question, NOTE)
    desktop.xdotool("key", "alt+c")
    wait_for(lambda: not desktop.windows(QUESTION), what="the question to be answered")
    # Parts of the kept time are sealed once the recording continues.
    wait_for(lambda: kept_s(system) > 0, timeout=120, what="kept time")
    target.focus()
    target.type("more work ")
    system.wait_mid_slot()
    target.type("and more ")

    question = desktop.wait_window(QUESTION, timeout=120)
    desktop.focus(question)
    desktop.xdotool("key", "alt+r")
    wait_for(lambda: not desktop.windows(QUESTION), what="the second question to be answered")
    # A part with a picture waits for its review.
    wait_for(lambda: recorded_after_the_call(system), timeout=120, what="the work after the call")
    system.wait_all_sent()
    kept = [each for each in system.sealed() if each.segment.kind == "kept"]
    assert {each.note for each in kept} == {NOTE}
    assert 540 <= kept_s(system) < 720


def recorded_after_the_call(system: RunningSystem) -> bool:
    """Whether the last segment is recorded time after the kept time."""
    last = max(system.sealed(), key=lambda each: each.segment.t1)
    return last.segment.kind == "auto"
