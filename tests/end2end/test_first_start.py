"""The first start.

Ana starts `workdiary` without arguments. She types the marketplace's address and presses "Sign in
with your browser". Her browser opens the marketplace's page; she signs in with her link and lets
the computer join. The window names her account and shows a test picture; then she records, and gets
a receipt.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import RunningSystem, chromium

TITLE = "Set up Workdiary"

pytestmark = pytest.mark.xdist_group("end2end-1")


def set_up(system: RunningSystem) -> Window | None:
    """The window of the first start, if it is shown."""
    return next(iter(system.desktop.windows(TITLE)), None)


def sign_in(system: RunningSystem, address: str) -> None:
    """Sign in and let the computer join, in Ana's browser."""
    with chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to this site first")
        mail = context.new_page()
        mail.goto(system.links.freelancer)
        mail.get_by_role("button", name="Sign in").click()
        mail.wait_for_load_state()
        page.get_by_role("link", name="Continue").click()
        page.get_by_role("button", name="Let it join").click()
        expect(page.get_by_text("Return to Workdiary.")).to_be_visible()


def test_from_the_first_start_to_the_first_receipt(system: RunningSystem) -> None:
    desktop, gui = system.desktop, system.gui
    asked = system.open_first_client()
    window = wait_for(lambda: set_up(system), what="the window of the first start")
    assert gui.window() is None
    desktop.focus(window)
    desktop.xdotool("type", "--delay", "8", "--", system.links.marketplace)
    gui.press_button(window)
    wait_for(asked.exists, timeout=60, what="the browser's address")
    sign_in(system, asked.read_text())
    enrolled = wait_for(
        lambda: list(system.state_folder.glob("*/enrolment.tlog-proof")), timeout=60
    )
    assert len(enrolled) == 1
    settings = system.state_folder / "settings.json"
    wait_for(settings.exists, what="the remembered address")
    assert json.loads(settings.read_text())["marketplace"] == system.links.marketplace
    for _ in range(2):  # what is recorded, and the test picture
        gui.press_button(wait_for(lambda: set_up(system), what="the next page"))
    wait_for(lambda: set_up(system) is None, what="the window of the first start to close")
    wait_for(gui.window, what="the main window")
    gui.start_recording("Checkout: address form")
    system.wait_mid_slot()
    gui.stop_recording()
    system.wait_all_sent()
    assert not list(Path(system.folder).rglob("enrol-code"))


def test_the_second_start_needs_no_window_of_the_first(system: RunningSystem) -> None:
    """Without arguments the remembered marketplace opens, and a typed code joins as well."""
    desktop, gui = system.desktop, system.gui
    system.open_first_client()
    window = wait_for(lambda: set_up(system), what="the window of the first start")
    desktop.focus(window)
    desktop.xdotool("type", "--delay", "8", "--", system.links.marketplace)
    desktop.xdotool("key", "Tab", "Tab", "space")
    desktop.xdotool("type", "--delay", "8", "--", system.links.enrol_code)
    desktop.xdotool("key", "Return")
    wait_for(lambda: list(system.state_folder.glob("*/enrolment.tlog-proof")), timeout=60)
    wait_for((system.state_folder / "settings.json").exists, what="the remembered address")
    client = system.client
    assert client is not None
    assert client.stop() == 0
    system.open_first_client()
    window = wait_for(gui.window, what="the main window")
    gui.wait_ready(window)
    assert set_up(system) is None
