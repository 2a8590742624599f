"""One computer, two marketplaces.

Ana works through one marketplace and joins another one beside it: she adds it in the settings,
records there, switches back in the tray's menu, and signs out of the second one. Her time for the
second is uploaded when she leaves it, and nothing of either is lost.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from diary.objects.segment import SealedSegment, parse
from marketplace.composition import lock, open_services
from marketplace.core.config import Config
from scripts.dev.processes import MarketplaceProcess
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import NAME, SPEED, RunningSystem, begin_early_in_a_day

pytestmark = pytest.mark.xdist_group("end2end-1")

OTHER = "demo.other.localhost"
FIRST_RUN, SETTINGS, QUESTION = "Set up Workdiary", "Settings", "Please confirm"
#: The row of the marketplaces in the side of the settings.
_ROW = 4


@pytest.fixture
def other(system: RunningSystem) -> Iterator[MarketplaceProcess]:
    """A second marketplace, with a contract without pictures: what is recorded there is sealed as
    soon as the recording stops.
    """
    folder = system.folder / "other"
    begin_early_in_a_day(folder / "data", SPEED, OTHER)
    config = Config(folder / "data", OTHER, "http://127.0.0.1:1", speed=SPEED)
    with lock(config.data_dir), open_services(config) as deps:
        ana = deps.contracts.add_account("freelancer", "Ana Ruiz")
        client = deps.contracts.add_account("client", "Harbour Lines")
        deps.contracts.add_contract("Timetable", freelancer=ana, client=client, shots=0)
    made = MarketplaceProcess(folder, system._env({}), speed=SPEED, name=OTHER)
    yield made
    made.stop()


def folder(system: RunningSystem, name: str) -> Path:
    return system.state_folder / name


def sealed(system: RunningSystem, name: str) -> list[SealedSegment]:
    """The segments for one marketplace."""
    found = folder(system, name).glob("segments/*/*.sdjwt")
    return [parse(path.read_bytes()) for path in found]


def wait_uploaded(system: RunningSystem, name: str, memo: str) -> None:
    """Wait until a marketplace has receipted a segment with this memo, and all others."""

    def done() -> bool:
        found = sealed(system, name)
        receipts = list(folder(system, name).glob("segments/*/*.tlog-proof"))
        return memo in {each.memo for each in found} and len(receipts) == len(found)

    wait_for(done, timeout=120, what=f"the receipts of {name}")


def window(system: RunningSystem, name: str) -> Window:
    """Wait for a window by the beginning of its name, and give it the focus."""
    found = system.window(name)
    system.desktop.focus(found)
    return found


def choose(system: RunningSystem, *keys: str) -> None:
    """Open the menu of the icon, and press keys in it."""
    system.desktop.click_tray_icon(button=3)
    system.desktop.xdotool("key", "--delay", "120", *keys)


def wait_active(system: RunningSystem, address: str) -> None:
    """Wait until the program remembers the marketplace and can record there."""
    note = system.state_folder / "settings.json"
    wait_for(lambda: json.loads(note.read_text()).get("marketplace") == address, timeout=60)
    system.gui.wait_ready(wait_for(system.gui.window, timeout=60, what="the main window"))


def add(system: RunningSystem, address: str, code: str) -> None:
    """Add a marketplace in the settings, with a one-time code."""
    desktop, gui = system.desktop, system.gui
    choose(system, "e")
    window(system, SETTINGS)
    desktop.xdotool("key", "--delay", "60", "Home", *["Down"] * _ROW, "alt+a")
    window(system, FIRST_RUN)
    desktop.xdotool("type", "--delay", "8", "--", address)
    desktop.xdotool("key", "Tab", "Tab", "space")
    desktop.xdotool("type", "--delay", "8", "--", code)
    desktop.xdotool("key", "Return")
    wait_for(lambda: list(folder(system, OTHER).glob("enrolment.tlog-proof")), timeout=60)
    for _ in range(2):  # what is recorded, and the test picture
        gui.press_button(window(system, FIRST_RUN))
    wait_for(lambda: not desktop.windows(FIRST_RUN), what="the page to close")


def status(system: RunningSystem) -> dict[str, object]:
    """What `workdiary status` prints."""
    command = [sys.executable, "-m", "ui.cli.main", "status", "--base-dir"]
    done = subprocess.run(
        [*command, str(system.state_folder)],
        check=True,
        capture_output=True,
        timeout=60,
        env=system._env(system.desktop.env),
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_second_marketplace_is_added_used_and_left(
    system: RunningSystem, other: MarketplaceProcess
) -> None:
    desktop, gui = system.desktop, system.gui
    first, second = system.links, other.links()
    system.open_client()
    gui.start_recording("Checkout: address form")
    system.wait_mid_slot()
    gui.stop_recording()
    wait_uploaded(system, NAME, "Checkout: address form")

    add(system, second.marketplace, second.enrol_code)
    wait_active(system, second.marketplace)
    gui.start_recording("Timetable: stops")
    system.wait_mid_slot()

    # Switching stops the recording, after a question.
    choose(system, "m", "Down", "Return")
    window(system, QUESTION)
    desktop.xdotool("key", "alt+s")
    wait_active(system, first.marketplace)
    # What was recorded for the second marketplace is uploaded although the first one is open.
    wait_uploaded(system, OTHER, "Timetable: stops")
    gui.start_recording("Checkout: payment form")
    system.wait_mid_slot()
    gui.stop_recording()
    wait_uploaded(system, NAME, "Checkout: payment form")
    assert {each.memo for each in sealed(system, OTHER)} == {"Timetable: stops"}
    assert status(system)["active"] == first.marketplace

    choose(system, "m", "Return")
    wait_active(system, second.marketplace)
    choose(system, "o")
    window(system, QUESTION)
    desktop.xdotool("key", "alt+s")
    wait_for(lambda: not (folder(system, OTHER) / "enrolment.jws").exists(), timeout=60)
    # The first marketplace is open again.
    wait_active(system, first.marketplace)
    assert (folder(system, NAME) / "enrolment.tlog-proof").exists()
