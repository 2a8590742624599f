"""Pictures of a real Wayland session, through the real portal."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.rig.target import random_code
from tests.rig.waiting import wait_for
from tests.rig.wayland import PORTAL, WaylandSession
from tests.wayland.camera import Camera
from tracker.capture.choose import choose
from tracker.desk import look

pytestmark = pytest.mark.xdist_group("wayland")

#: Where the portal of sway puts its pictures.
FILE = Path("/tmp/out.png")


def show_something(session: WaylandSession) -> None:
    code = random_code()
    session.popen(["foot", "-T", code, "--", "sh", "-c", f"echo {code}; exec sleep 600"])
    session.wait_window(code)


def test_the_picture_is_the_screen_pixel_for_pixel_and_leaves_no_file(
    session: WaylandSession,
) -> None:
    show_something(session)
    camera = Camera(session)

    def same() -> bool:
        picture, independent = camera.ask("grab").picture, session.picture()
        assert picture is not None
        assert picture.size == independent.size == (1280, 720)
        return picture.tobytes() == independent.tobytes()

    # The window is there before its letters are.
    wait_for(same, what="the same picture from both")
    files = [camera.ask("grab").files for _ in range(3)]
    assert files[0] == files[-1]
    assert not FILE.exists()


def test_the_desktop_can_be_asked_before_the_first_picture(session: WaylandSession) -> None:
    camera = Camera(session)
    assert camera.ask("ask_once").leave == "allowed"
    assert not FILE.exists()


def test_a_portal_that_hangs_is_an_error_and_the_next_picture_works(
    session: WaylandSession,
) -> None:
    show_something(session)
    camera = Camera(session, wait_s=1.0)
    session.signal("portal-wlr", signal.SIGSTOP)
    try:
        assert camera.ask("grab").reason == "error"
    finally:
        session.signal("portal-wlr", signal.SIGCONT)
    wait_for(lambda: camera.ask("grab").picture, what="a picture")
    wait_for(lambda: not FILE.exists(), what="the file to be gone")


def test_a_portal_that_was_killed_is_started_again_for_the_next_picture(
    session: WaylandSession,
) -> None:
    show_something(session)
    camera = Camera(session)
    session.signal("portal", signal.SIGKILL)
    wait_for(lambda: not session.bus.owned(PORTAL), what="the portal to be gone")
    assert camera.ask("grab").picture is not None


def test_the_session_shows_what_it_can_do(
    session: WaylandSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = look(session.env, "linux")
    assert desk.tools == {"portal-screenshot", "ext-idle-notify", "session-bus"}
    assert choose(desk).backend.name == "portal"
