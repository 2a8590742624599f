"""A portal that refuses, is silent, exits or lies: the reason is recorded; no file is touched."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.desktop_fixtures.waiting import wait_for
from tests.wayland.simulated_portal import Answer, SimulatedPortal
from tracker.capture.backends.portal_requests import LATE
from tracker.capture.backends.portal_screenshot import PortalCapture, is_available
from tracker.capture.interface import CaptureError
from tracker.selection.probes import PROBES, detect

pytestmark = pytest.mark.xdist_group("wayland")

Play = Callable[[Callable[[SimulatedPortal], Answer]], SimulatedPortal]


@pytest.fixture
def play(address: str) -> Iterator[Play]:
    """Put a portal on the bus."""
    made: list[SimulatedPortal] = []

    def start(answer: Callable[[SimulatedPortal], Answer]) -> SimulatedPortal:
        made.append(SimulatedPortal(address, answer))
        return made[-1]

    yield start
    for one in made:
        one.close()


def uri(path: Path | str) -> dict[str, Any]:
    return {"uri": ("s", path.as_uri() if isinstance(path, Path) else path)}


def paint(path: Path) -> Path:
    picture = Image.new("RGB", (4, 3), (1, 2, 3))
    picture.putpixel((1, 0), (200, 100, 50))
    picture.save(path, "PNG")
    return path


def reason(capture: PortalCapture) -> tuple[str, str]:
    with pytest.raises(CaptureError) as caught:
        capture.grab(lambda: 0)
    return caught.value.reason, caught.value.detail


def test_the_file_is_read_and_gone(play: Play, tmp_path: Path) -> None:
    path = tmp_path / "Bild 1 – ü%.png"
    portal = play(lambda _: (0, uri(paint(path))))
    capture = PortalCapture()
    frame = capture.grab(lambda: 77)
    assert (frame.width, frame.height, frame.at_ms, frame.screen) == (4, 3, 77, "all")
    assert (frame.bgrx[:3], frame.bgrx[4:7]) == (bytes((3, 2, 1)), bytes((50, 100, 200)))
    assert not path.exists()
    assert portal.options["interactive"] == ("b", False)
    assert capture.permission == "allowed"


@pytest.mark.parametrize("code", [1, 2])
def test_a_refusal_is_reported_as_one(play: Play, code: int) -> None:
    play(lambda _: (code, {}))
    capture = PortalCapture()
    assert capture.request_once() == "denied"
    assert reason(capture)[0] == "denied"


def test_permission_granted_later_is_noticed(play: Play, tmp_path: Path) -> None:
    answers = iter([(2, {}), (0, uri(paint(tmp_path / "a.png")))])
    play(lambda _: next(answers))
    capture = PortalCapture()
    assert capture.request_once() == "denied"
    capture.grab(lambda: 0)
    assert capture.request_once() == "allowed"


def test_silence_is_an_error_in_time_and_the_request_is_withdrawn(play: Play) -> None:
    portal = play(lambda _: None)
    capture = PortalCapture(wait_s=0.2)
    assert reason(capture) == ("error", "the desktop's portal did not answer in time")
    assert portal.withdrawn.wait(20)
    assert capture.permission == "unasked"


def test_the_picture_of_a_late_answer_is_removed(play: Play, tmp_path: Path) -> None:
    portal = play(lambda _: None)
    assert reason(PortalCapture(wait_s=0.2))[0] == "error"
    assert portal.withdrawn.wait(20)
    path = paint(tmp_path / "late.png")
    portal.answer_late((0, uri(path)))
    wait_for(lambda: not path.exists(), what="the late picture to be gone")


def test_a_late_answer_takes_nothing_that_was_there_before(play: Play, tmp_path: Path) -> None:
    portal = play(lambda _: None)
    capture = PortalCapture(wait_s=0.2)
    assert reason(capture)[0] == "error"
    assert portal.withdrawn.wait(20)
    path = old(tmp_path / "before.png")
    portal.answer_late((0, uri(path)))
    wait_for(lambda: not late_threads(), what="the end of the waiting")
    assert path.exists()


def late_threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == LATE]


class Slip:
    """A `KeyValueFile` in memory; `was` has all its earlier values."""

    def __init__(self, value: str | None = None) -> None:
        self.was = [value]

    def get(self) -> str | None:
        return self.was[-1]

    def put(self, value: str | None) -> None:
        self.was.append(value)


@pytest.mark.parametrize("later", [False, True])
def test_a_picture_left_by_a_kill_is_swept_by_the_next_start(
    play: Play, tmp_path: Path, later: bool
) -> None:
    path = tmp_path / "out.png"
    play(lambda _: (0, uri(paint(path))))
    slip = Slip()
    capture = PortalCapture(slip)
    for _ in range(2):
        capture.grab(lambda: 0)
    assert not path.exists()
    # The first picture showed the path; the second request's note was written and deleted.
    noted, over = slip.was[-2:]
    assert (noted or "").count("null") == 0
    # A kill in between would have left this.
    paint(path)
    if later:
        # Not the portal's: it is newer than the request's timeout.
        os.utime(path, (2_000_000_000, 2_000_000_000))
    PortalCapture(Slip(over))
    assert path.exists()
    left = Slip(noted)
    PortalCapture(left)
    assert path.exists() is later
    paint(path)
    PortalCapture(Slip(left.get()))
    assert path.exists()


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "{}", '{"uri":7,"asked":[1]}', '{"uri":"file:///tmp","asked":[0,9]}']
)
def test_an_invalid_note_deletes_nothing(note: str) -> None:
    slip = Slip(note)
    assert PortalCapture(slip).permission == "unasked"


def test_a_note_that_cannot_be_kept_does_not_prevent_a_picture(play: Play, tmp_path: Path) -> None:
    class Full(Slip):
        def put(self, value: str | None) -> None:  # noqa: ARG002 - it is not kept
            raise OSError(28, "No space left on device")

    play(lambda _: (0, uri(paint(tmp_path / "out.png"))))
    capture = PortalCapture(Full())
    for _ in range(2):
        assert capture.grab(lambda: 0).width == 4


def test_a_portal_that_ends_before_its_answer_is_an_error_at_once(play: Play) -> None:
    def end(portal: SimulatedPortal) -> None:
        portal.end()

    play(end)
    assert reason(PortalCapture(wait_s=60.0)) == (
        "error",
        "the desktop's portal exited before it answered",
    )


def test_without_a_portal_or_a_bus_there_is_no_backend(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reason(PortalCapture())[0] == "unavailable"
    assert not is_available(os.environ)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address.replace("bus", "none"))
    assert reason(PortalCapture())[0] == "unavailable"
    assert detect(PROBES, "wayland", os.environ) <= {"pipewire-frames"}
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert reason(PortalCapture())[0] == "unavailable"
    assert not is_available(os.environ)


def test_only_the_portal_can_answer(play: Play, tmp_path: Path) -> None:
    mine, theirs = paint(tmp_path / "mine.png"), paint(tmp_path / "theirs.png")

    def answer(portal: SimulatedPortal) -> Answer:
        portal.forge((0, uri(theirs)))
        return 0, uri(mine)

    play(answer)
    PortalCapture().grab(lambda: 0)
    assert (mine.exists(), theirs.exists()) == (False, True)


def link(path: Path) -> Path:
    paint(path.with_name("kept.png"))
    path.symlink_to("kept.png")
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def old(path: Path) -> Path:
    os.utime(paint(path), (1_000_000_000, 1_000_000_000))
    return path


@pytest.mark.parametrize("make", [link, folder, pipe, old])
def test_a_foreign_or_old_file_stays_where_it_is(
    play: Play, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path / "a.png")
    play(lambda _: (0, uri(path)))
    assert reason(PortalCapture())[0] == "error"
    assert path.lstat()
    assert not path.is_symlink() or path.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to change the owner of a file")
def test_a_file_of_another_user_stays_where_it_is(play: Play, tmp_path: Path) -> None:
    path = paint(tmp_path / "a.png")
    os.chown(path, 65534, 65534)
    play(lambda _: (0, uri(path)))
    assert reason(PortalCapture())[0] == "error"
    assert path.exists()


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"uri": ("u", 7)},
        uri("https://example.org/a.png"),
        uri("file://elsewhere/tmp/a.png"),
        uri("file:///tmp/%00"),
        uri("file:///no/such/file.png"),
        uri("file:a.png"),
        uri("file://[/a.png"),
        uri(""),
    ],
)
def test_an_answer_without_a_file_is_an_error(play: Play, results: dict[str, Any]) -> None:
    play(lambda _: (0, results))
    assert reason(PortalCapture())[0] == "error"


@pytest.mark.parametrize("code", [3, 2**32 - 1])
def test_an_answer_of_another_kind_is_an_error(play: Play, code: int) -> None:
    play(lambda _: (code, {}))
    assert reason(PortalCapture())[0] == "error"


def one_colour(path: Path) -> None:
    Image.new("RGB", (4, 3)).save(path)


def broken(path: Path) -> None:
    path.write_bytes(paint(path).read_bytes()[:60])


def no_picture(path: Path) -> None:
    path.write_bytes(b"BM" + bytes(100))


def too_many_pixels(path: Path) -> None:
    Image.new("1", (10_000, 7_000)).save(path)


def too_long(path: Path) -> None:
    path.touch()
    os.truncate(path, (128 << 20) + 1)


@pytest.mark.parametrize("make", [one_colour, broken, no_picture, too_many_pixels, too_long])
def test_a_file_that_is_no_picture_is_an_error_and_gone(
    play: Play, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.png"
    make(path)
    play(lambda _: (0, uri(path)))
    assert reason(PortalCapture())[0] == "error"
    assert not path.exists()
