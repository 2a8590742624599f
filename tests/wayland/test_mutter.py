"""The client under GNOME's compositor without tray and portal: only its window."""

from __future__ import annotations

import sys

import pytest

from diary.objects.segment import SealedSegment
from scripts.dev.processes import Links
from scripts.dev.smoke_test import ClientPage
from tests.desktop_fixtures.bus import TRAY
from tests.desktop_fixtures.mutter import MutterSession
from tests.desktop_fixtures.waiting import wait_for
from tests.wayland.simulated_cast import MutterCast
from tests.wayland.wayland_client import WaylandClient, active_seconds

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Mutter"),
    pytest.mark.xdist_group("wayland"),
]

WINDOW = "Workdiary"
CONSENT = "Before you start"
#: Small letters are one key each.
MEMO = "address form"
#: Without GNOME Shell the portal has no backend for pictures.
NO_PICTURE = "unavailable"


def press_in(session: MutterSession, window: str, button: str, key: str) -> None:
    """Press a button by its mnemonic once its window has the focus; the window must react."""
    reader = session.reader
    wait_for(lambda: (found := reader.window(window)) and found.active, what=f"keys for {window}")
    wait_for(lambda: reader.button(button), what=f"a button {button}")
    session.press("Alt_L", key)
    wait_for(lambda: not reader.button(button), what=f"an answer to {button}")


def start(session: MutterSession) -> None:
    """Write the memo, press Start and agree, as soon as the window allows it."""
    reader = session.reader
    wait_for(lambda: (w := reader.window(WINDOW)) and w.active, what="keys for the window")
    wait_for(lambda: reader.button("Start"), what="a contract to work on")
    session.type(MEMO)
    wait_for(lambda: reader.text("Memo") == MEMO, what="the memo in its field")
    session.press("Alt_L", "s")
    press_in(session, CONSENT, "Agree and start", "a")
    wait_for(lambda: reader.button("Stop"), what="the clock to run")


def stop(session: MutterSession, client: WaylandClient) -> list[SealedSegment]:
    """Press Stop, and wait until everything is uploaded."""
    press_in(session, WINDOW, "Stop", "s")
    wait_for(lambda: session.reader.button("Start"), what="the clock to stop")
    wait_for(client.all_sent, timeout=120, what="a receipt for every segment")
    return client.sealed()


def test_the_window_alone_records_what_reaches_the_marketplace(links: Links) -> None:
    with MutterSession(keyring=True) as session:
        client = WaylandClient(session, links)
        assert not session.bus.owned(TRAY.bus_name)
        start(session)

        def recorded() -> bool:
            session.press("Control_L")
            return any(
                one.segment.shot == NO_PICTURE and active_seconds([one]) for one in client.sealed()
            )

        wait_for(recorded, timeout=120, every=0.2, what="a segment with its reason and activity")
        sealed = stop(session, client)
        page = ClientPage(links.client)
        try:
            slots = page.slots()
        finally:
            page.close()
        session.press("Control_L", "q")
        assert client.process.wait(60) == 0

    assert {one.memo for one in sealed} == {MEMO}
    assert {one.segment.input for one in sealed} == {"active-only"}
    assert sum(one.segment.pics for one in sealed) == slots.pictures == 0
    assert slots.reasons > 0


def test_pictures_are_frames_of_a_film_where_the_portal_lends_one(links: Links) -> None:
    with MutterSession(keyring=True, pipewire=True) as session:
        portal = MutterCast(session)
        client = WaylandClient(session, links)
        start(session)

        def pictured() -> bool:
            session.press("Control_L")
            return any(one.segment.pics for one in client.sealed())

        wait_for(pictured, timeout=120, every=0.2, what="a segment with a picture")
        sealed = stop(session, client)
        films, lent = portal.asked.count("Start"), client.file("screencast-token")
        wait_for(lambda: portal.ended == films, what="the end of every film")
        portal.close()

    shots = [shot for one in sealed for shot in one.pictures.values()]
    assert {(shot.w, shot.h, shot.screen) for shot in shots} == {(1280, 720, "lent")}
    # The first was requested at Start, from the window; its picture was discarded.
    assert films >= len(shots) + 1
    assert lent == portal.tokens.pop().encode()
    assert not portal.tokens
