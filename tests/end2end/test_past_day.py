"""Ana, in Los Angeles, works before midnight; after it she looks at the day before and checks the
week's record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from diary.core.day_bounds import day_bounds
from diary.core.slots import DAY, MINUTE, day_of
from diary.log.receipt import Receipt
from marketplace.core.clock import system_ms
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.reader import Reader
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import SPEED, RunningSystem, begin_at, closing_with_evidence
from tests.time_zone import in_zone
from ui.presenters.formatting import hours

pytestmark = pytest.mark.xdist_group("end2end-1")

MEMO = "Evening work"
#: Demo time from the start of the marketplace to midnight: two real minutes.
_EVENING_S = 40 * MINUTE


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningSystem]:
    with in_zone("America/Los_Angeles"):
        midnight = day_bounds(day_of(system_ms() // 1000) + DAY).end_s
        begin_at(tmp_path / "market" / "data", SPEED, midnight - _EVENING_S)
        with (
            Desktop(accessibility=True) as desktop,
            closing_with_evidence(RunningSystem(tmp_path, desktop), request) as made,
        ):
            yield made


def test_yesterday_is_in_the_diary_and_its_week_is_checked(system: RunningSystem) -> None:
    desktop, gui = system.desktop, system.gui
    system.open_client()
    target = Target(desktop, "WORK")
    gui.start_recording(MEMO)
    gui.hide_window()
    target.focus()
    target.type("work ")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    evening = [each.segment for each in system.sealed()]
    day = day_bounds(evening[0].slot)
    wait_for(lambda: system.demo_ms() // 1000 > day.end_s, timeout=180, every=0.2, what="midnight")
    assert all(segment.slot in day for segment in evening)
    worked = hours(sum(segment.seconds for segment in evening))

    desktop.focus(gui.open_window())
    with closing(Reader(desktop.bus)) as reader:
        press(reader, "Diary")
        wait_shown(reader, "No entries yet today. A new one appears every ten minutes of work.")
        assert worked in shown(reader)  # of the week
        press(reader, "Previous day")
        last = max(system.receipts(), key=lambda receipt: receipt.index)
        wait_shown(reader, "this day", worked, MEMO, moment(last))
        wait_for(lambda: reader.button("Today"), what="the way back to today")
        windows = own_windows(desktop)
        press(reader, "Save or check the week's record")
        # AT-SPI does not list Qt's open menus.
        wait_for(lambda: own_windows(desktop) > windows, what="the menu")
        desktop.xdotool("key", "c")
        wait_shown(reader, f"{len(evening)} checked: no errors")


def moment(receipt: Receipt) -> str:
    """The panel's text about a receipt."""
    when = datetime.fromtimestamp(receipt.leaf.rt_ms // 1000).astimezone()
    return f"Log entry {receipt.index}, received {when:%Y-%m-%d %H:%M}"


def press(reader: Reader, name: str) -> None:
    """Wait for the button of this name and press it."""
    reader.act(wait_for(lambda: reader.button(name), what=f"the button {name}"))


def own_windows(desktop: Desktop) -> set[str]:
    """The windows of the client on the screen, menus included."""
    return set(desktop.xdotool("search", "--onlyvisible", "--class", "workdiary").split())


def shown(reader: Reader) -> set[str]:
    """The texts that are shown."""
    return {each.name for each in reader.parts() if each.usable}


def wait_shown(reader: Reader, *texts: str) -> None:
    """Wait until all these texts are shown."""
    wait_for(lambda: shown(reader) >= set(texts), timeout=60, what=" and ".join(texts))
