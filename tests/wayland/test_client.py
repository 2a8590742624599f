"""The tray client in a Wayland session: from its icon to a segment at the marketplace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress

from scripts.dev.processes import Links
from scripts.dev.smoke_test import ClientPage
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.wayland import WaylandSession
from tests.wayland.wayland_client import WaylandClient, active_seconds

pytestmark = pytest.mark.xdist_group("wayland")

CONSENT = "Before you start"


class TrayClient(WaylandClient):
    """The client in a session with a tray and a keyring."""

    def __init__(self, session: WaylandSession, links: Links) -> None:
        self.session = session
        super().__init__(session, links)

    def menu(self) -> dict[str, int]:
        """The entries of the icon's menu, as sent to the panel, and their numbers."""
        item = wait_for(self.session.bus.tray_items, what="an icon in the tray")[0]
        self._name = item.partition("/")[0]
        reply = self._call("GetLayout", "iias", 0, -1, [])
        entries = [entry[1] for entry in reply[1][2]]
        return {entry[1].get("label", ("s", ""))[1].replace("_", ""): entry[0] for entry in entries}

    def click(self, label: str) -> None:
        """Choose an entry of the icon's menu."""
        number = wait_for(lambda: self.menu().get(label), what=f"an entry {label}")
        self._call("Event", "isvu", number, "clicked", ("s", ""), 0)

    def _call(self, method: str, signature: str, *args: Any) -> Any:
        address = DBusAddress("/MenuBar", self._name, "com.canonical.dbusmenu")
        return self.session.bus.call(address, method, signature, *args)

    def start(self, memo: str) -> None:
        """Write the memo, press Start and agree, all with the keyboard."""
        session = self.session
        wait_for(lambda: "Start" in self.menu(), what="an entry Start")
        session.wait_window("Workdiary")

        def asked() -> bool:
            # The window appears before it accepts keys; typed text is written again.
            session.type("-M", "ctrl", "a", "-m", "ctrl", memo)
            session.type("-M", "alt", "s", "-m", "alt")
            return self.shows(CONSENT)

        wait_for(asked, every=1.0, timeout=60, what="the consent page")

        def agreed() -> bool:
            session.type("-M", "alt", "a", "-m", "alt")
            return not self.shows(CONSENT)

        wait_for(agreed, every=0.5, what="the consent page to close")
        wait_for(lambda: "Stop" in self.menu(), what="an entry Stop")

    def shows(self, title: str) -> bool:
        return any(str(window["name"]).startswith(title) for window in self.session.windows())


def test_a_segment_with_a_picture_and_activity_reaches_the_marketplace(
    links: Links, tmp_path: Path
) -> None:
    with WaylandSession(panel=True, keyring=True) as session:
        bare = panel_of(session)
        client = TrayClient(session, links)
        client.start("Address form")

        def icon_shown() -> bool:
            # Without a key for some seconds, ten minutes of the demo, the user would be away.
            session.type("-k", "Shift_L")
            return panel_of(session) != bare

        wait_for(icon_shown, what="the icon in the panel")
        session.popen(["foot", "-T", "editor", "--", "sleep", "600"])
        session.wait_window("editor")

        def recorded() -> bool:
            session.type("work ")
            sealed = client.sealed()
            return any(one.segment.pics for one in sealed) and active_seconds(sealed) > 0

        wait_for(recorded, timeout=120, every=0.2, what="segments with a picture and activity")
        session.picture().save(tmp_path / "screen.png")
        client.click("Stop")
        wait_for(lambda: "Start" in client.menu(), what="the clock to stop")
        wait_for(client.all_sent, timeout=120, what="a receipt for every segment")
        sealed = client.sealed()
        shots = [shot for one in sealed for shot in one.pictures.values()]
        page = ClientPage(links.client)
        try:
            wait_for(lambda: page.slots().pictures, timeout=60, what="the picture on the page")
        finally:
            page.close()
        client.click("Quit")

    assert {one.segment.input for one in sealed} == {"active-only"}
    assert shots
    assert {(shot.w, shot.h, shot.screen) for shot in shots} == {(1280, 720, "all")}


def panel_of(session: WaylandSession) -> bytes:
    """The panel's pixels."""
    picture = session.picture()
    return picture.crop((0, picture.height - 32, picture.width, picture.height)).tobytes()
