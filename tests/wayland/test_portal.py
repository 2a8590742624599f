"""Pictures of a real Wayland session, through the real portal."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from jeepney import DBusAddress

from tests.desktop_fixtures.target import random_code
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.wayland import PORTAL, WaylandSession
from tests.wayland.camera import Camera
from tracker.capture.backends.portal_requests import PATH
from tracker.selection.capture import select_capture
from tracker.selection.environment import detect_environment

pytestmark = pytest.mark.xdist_group("wayland")

#: The folder of the sway portal's pictures.
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

    # The window appears before its text.
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
    # The response to the first request arrived late.
    wait_for(lambda: not FILE.exists(), what="the file to be gone")


def asked(session: WaylandSession) -> bool:
    """Whether a request is pending: the portal has an object for each."""
    requests = DBusAddress(f"{PATH}/request", PORTAL, "org.freedesktop.DBus.Introspectable")
    reply = session.bus.call(requests, "Introspect")
    return reply is not None and "<node name=" in reply[0]


def test_the_picture_of_a_program_that_was_killed_is_swept_by_its_next_start(
    session: WaylandSession,
) -> None:
    show_something(session)
    camera = Camera(session)
    assert camera.ask("grab").picture is not None
    session.signal("portal-wlr", signal.SIGSTOP)
    try:
        camera.say("grab")
        wait_for(lambda: asked(session), what="the request to be at the portal")
        camera.child.kill()
        camera.child.wait()
    finally:
        session.signal("portal-wlr", signal.SIGCONT)
    wait_for(FILE.exists, what="the picture that nobody waits for")
    Camera(session)
    wait_for(lambda: not FILE.exists(), what="the picture to be gone")


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
    environment = detect_environment(session.env, "linux")
    portals = {"portal-screenshot", "portal-screencast"}
    assert environment.features == portals | {"ext-idle-notify", "session-bus"}
    assert select_capture(environment).backend.name == "portal"


def test_screens_that_come_with_a_scale_and_turn_are_all_in_the_picture() -> None:
    with WaylandSession() as session:
        show_something(session)
        camera = Camera(session)

        def same(size: tuple[int, int]) -> bool:
            picture, independent = camera.ask("grab").picture, session.picture()
            assert picture is not None
            # The compositor applies the change at its next frame.
            return picture.size == independent.size == size and (
                picture.tobytes() == independent.tobytes()
            )

        def wait_same(size: tuple[int, int]) -> None:
            wait_for(lambda: same(size), what=f"the same picture of {size} from both")

        wait_same((1280, 720))
        session.sway_do("create_output")
        session.sway_do("output HEADLESS-2 resolution 1920x1080 position 1280 0 scale 1.5")
        # The desktop scales the first one to the pixels of the second.
        wait_same((3840, 1080))
        session.sway_do("output HEADLESS-2 transform 90")
        wait_same((3000, 1920))
        session.sway_do("output HEADLESS-2 resolution 1280x720 transform normal scale 1")
        wait_same((2560, 720))
        assert not FILE.exists()
