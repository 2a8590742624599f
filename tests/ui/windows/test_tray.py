"""Trays of each kind, late ones and none; the program is always visible."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.ui import scenes
from tests.ui.program_driver import ProgramDriver

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux", reason="the test desktop is an X11 session, which only Linux has"
    ),
    # Both desktops of this file in one worker, since they are large.
    pytest.mark.xdist_group("trays"),
]

START = ["start", scenes.ACME.ctr, scenes.MEMOS[0]]


@pytest.fixture(scope="module")
def bare() -> Iterator[Desktop]:
    """A desktop without a tray."""
    with Desktop(tray="none", notifications=False, keyring="none") as made:
        yield made


@pytest.fixture
def trayless(bare: Desktop) -> Iterator[Desktop]:
    bare.reset()
    yield bare
    if bare.tray is not None:
        bare.stop_tray()
    bare.reset()


def test_without_a_tray_the_window_serves(trayless: Desktop) -> None:
    program = ProgramDriver(trayless)
    assert program.ask("scene")["tray"] is False
    program.click("window", "Start")
    program.calls(START)
    assert program.ask("warnings") == []


def test_without_a_tray_closing_keeps_the_window_in_the_task_bar(trayless: Desktop) -> None:
    program = ProgramDriver(trayless)
    window = trayless.wait_window("Workdiary")
    trayless.focus(window)
    trayless.xdotool("key", "ctrl+w")
    program.wait("window", minimized=True)
    assert [w.id for w in trayless.windows("Workdiary")] == [window.id]
    assert program.process.poll() is None
    trayless.focus(window)
    program.wait("window", minimized=False)


def test_a_tray_that_appears_late_gets_the_icon(trayless: Desktop) -> None:
    program = ProgramDriver(trayless)
    assert program.ask("scene")["tray"] is False
    trayless.start_tray("trayer")
    trayless.tray_icon_geometry()
    program.wait("scene", tray=True)


def test_without_its_tray_the_window_is_in_the_task_bar(trayless: Desktop) -> None:
    trayless.start_tray("trayer")
    program = ProgramDriver(trayless)
    program.wait("scene", tray=True)
    trayless.tray_icon_geometry()
    program.ask("close")
    program.wait("window", visible=False)
    trayless.stop_tray()
    program.wait("scene", tray=False)
    program.wait("window", visible=True)
    trayless.wait_window("Workdiary")
    assert program.ask("warnings") == []


def test_a_panel_with_status_notifier_items_shows_the_icon_and_its_menu_works(
    trayless: Desktop,
) -> None:
    trayless.start_tray("lxqt-panel")
    program = ProgramDriver(trayless, window=False)
    program.wait("scene", tray=True)
    trayless.click_tray_icon()
    program.wait("window", visible=True)
    trayless.tray_icon_geometry()
    assert wait_for(trayless.bus.tray_items, what="the icon on the bus")


def test_a_double_click_on_a_status_notifier_item_shows_the_window(trayless: Desktop) -> None:
    trayless.start_tray("lxqt-panel")
    program = ProgramDriver(trayless, window=False)
    program.wait("scene", tray=True)
    program.double_click_tray()
    program.wait("window", visible=True)
    program.click("window", "Memo")  # the second click has arrived before this one
    assert program.ask("calls") == []
