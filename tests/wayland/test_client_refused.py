"""The tray client where the desktop refuses pictures: it shows that and continues to record."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scripts.dev.processes import Links
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.wayland import WaylandSession
from tests.wayland.simulated_portal import Answer, SimulatedPortal
from tests.wayland.test_client import TrayClient

pytestmark = pytest.mark.xdist_group("wayland")

DENIED: Answer = (1, {})


def words_on(session: WaylandSession, folder: Path) -> str:
    """The text on the screen, read by OCR (tesseract)."""
    picture = session.picture()
    file = folder / "screen.png"
    picture.resize((picture.width * 2, picture.height * 2)).save(file)
    command = ["tesseract", str(file), "-", "--psm", "11"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_a_refusal_is_reported_and_recorded_and_the_work_continues(
    links: Links,
    tmp_path: Path,
) -> None:
    with WaylandSession(panel=True, keyring=True, portal=False) as session:
        portal = SimulatedPortal(session.env["DBUS_SESSION_BUS_ADDRESS"], lambda _: DENIED)
        client = TrayClient(session, links)
        client.start("Without pictures")
        said = "Screenshots are blocked"
        wait_for(lambda: said in words_on(session, tmp_path), every=0.5, timeout=60, what=said)
        session.popen(["foot", "-T", "editor", "--", "sleep", "600"])
        session.wait_window("editor")

        def work_until(*reasons: str) -> None:
            def told() -> bool:
                session.type("work ")
                return any(one.segment.shot in reasons for one in client.sealed())

            wait_for(told, timeout=120, every=0.2, what=f"a segment that says {reasons}")

        work_until("denied")
        portal.close()
        # The bus starts the real one instead, which cannot take pictures here.
        work_until("unavailable", "error")
        client.click("Stop")
        wait_for(lambda: "Start" in client.menu(), what="the clock to stop")
        wait_for(client.all_sent, timeout=120, what="a receipt for every segment")
        sealed = client.sealed()
        client.click("Quit")
    assert not any(one.pictures for one in sealed)
    # A key may reach the window's memo field, which changes the memo: `switch`.
    assert {one.segment.end for one in sealed} <= {"slot", "stop", "switch"}
