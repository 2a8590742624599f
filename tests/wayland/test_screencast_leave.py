"""The desktop's permission for screen casts: asked once, stored, consumed, refused, lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.desktop_fixtures.waiting import wait_for
from tests.wayland.simulated_cast import SESSION, SimulatedCast
from tests.wayland.simulated_portal import Answer
from tracker.capture.backends.pipewire_frame import LateError
from tracker.capture.backends.portal_screencast import ScreenCastCapture, is_available
from tracker.capture.interface import CaptureError
from tracker.selection.probes import PROBES, detect

pytestmark = pytest.mark.xdist_group("wayland")

STREAMS = ("a(ua{sv})", [(7, {"position": ("(ii)", (0, 0)), "size": ("(ii)", (4, 3))})])
Play = Callable[..., SimulatedCast]


class Memory:
    """Stores a token; `broken` simulates a full disk."""

    def __init__(self, value: str | None = None, *, broken: bool = False) -> None:
        self.value, self._broken = value, broken

    def get(self) -> str | None:
        if self._broken:
            raise OSError("the disk is broken")
        return self.value

    def put(self, value: str | None) -> None:
        if self._broken:
            raise OSError("the disk is full")
        self.value = value


def person(method: str, portal: SimulatedCast) -> Answer:
    """Agrees when asked, and lets the desktop remember."""
    if method == "CreateSession":
        return 0, {"session_handle": ("s", SESSION)}
    if method == "SelectSources":
        return 0, {}
    portal.restored()
    return 0, {"streams": STREAMS, "restore_token": portal.lend()}


def away(method: str, portal: SimulatedCast) -> Answer:
    """Sees no dialog: no answer without a valid token."""
    if method == "Start" and not portal.restored():
        return None
    return person(method, portal)


def saying(**answers: Answer) -> Callable[[str, SimulatedCast], Answer]:
    """The answers to some methods, else those of `person`."""
    return lambda method, portal: answers[method] if method in answers else person(method, portal)


@pytest.fixture
def play(address: str) -> Iterator[Play]:
    """Put a portal on the bus."""
    made: list[SimulatedCast] = []

    def start(answer: Callable[[str, SimulatedCast], Answer] = person) -> SimulatedCast:
        made.append(SimulatedCast(address, answer))
        return made[-1]

    yield start
    for one in made:
        one.close()


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def picture(remote: int, node: int, end: float) -> bytes:
    made = Image.new("RGB", (4, 3), (1, 2, 3))
    made.putpixel((1, 0), (200, 100, 50))
    return png(made)


def capture_with(kept: Memory, wait_s: float = 20.0) -> ScreenCastCapture:
    return ScreenCastCapture(kept, wait_s, picture)


def reason(capture: ScreenCastCapture) -> tuple[str, str]:
    with pytest.raises(CaptureError) as caught:
        capture.grab(lambda: 0)
    return caught.value.reason, caught.value.detail


def ended(portal: SimulatedCast, films: int) -> None:
    wait_for(lambda: portal.ended == films, what="the end of every film")


def test_without_permission_nothing_is_asked_during_work(play: Play) -> None:
    portal = play()
    capture = capture_with(Memory())
    assert reason(capture) == ("denied", "the desktop has not permitted pictures")
    assert portal.asked == []
    assert capture.permission == "unasked"


def test_the_request(play: Play) -> None:
    portal = play()
    assert capture_with(Memory()).request_once() == "allowed"
    options = portal.options["SelectSources"]
    assert {name: value for name, value in options.items() if name != "handle_token"} == {
        "types": ("u", 1),
        "multiple": ("b", True),
        "cursor_mode": ("u", 1),
        "persist_mode": ("u", 2),
    }


def test_each_token_is_used_once_and_the_next_one_kept(play: Play) -> None:
    portal = play(away)
    kept = Memory(portal.lend()[1])
    capture = capture_with(kept)
    seen = {kept.value}
    for moment in range(3):
        frame = capture.grab(lambda moment=moment: moment)  # type: ignore[misc]
        assert (frame.at_ms, frame.width, frame.height, frame.screen) == (moment, 4, 3, "lent")
        assert (frame.bgrx[:3], frame.bgrx[4:7]) == (bytes((3, 2, 1)), bytes((50, 100, 200)))
        assert portal.tokens == {kept.value}
        seen.add(kept.value)
    assert len(seen) == 4
    ended(portal, 3)


def test_a_stored_permission_survives_the_program(play: Play) -> None:
    portal = play(person)
    kept = Memory()
    assert capture_with(kept).request_once() == "allowed"
    lent = kept.value
    next_program = capture_with(kept)
    # The window asks, and the desktop shows no dialog: it accepts the token.
    assert (next_program.permission, next_program.request_once()) == ("unasked", "allowed")
    assert portal.options["SelectSources"]["restore_token"] == ("s", lent)


def test_a_disk_that_refuses_costs_no_picture(play: Play) -> None:
    portal = play()
    capture = capture_with(Memory(broken=True))
    assert capture.request_once() == "allowed"
    capture.grab(lambda: 0)
    assert len(portal.tokens) == 1


@pytest.mark.parametrize("code", [1, 2])
def test_a_person_who_refuses_is_not_asked_again(play: Play, code: int) -> None:
    portal = play(saying(Start=(code, {})))
    kept = Memory("token of old")
    capture = capture_with(kept)
    assert capture.request_once() == "denied"
    assert (capture.request_once(), reason(capture)[0]) == ("denied", "denied")
    assert kept.value is None
    assert portal.asked == ["CreateSession", "SelectSources", "Start"]
    ended(portal, 1)


def test_a_permission_without_a_token_counts_as_denied(play: Play) -> None:
    play(saying(Start=(0, {"streams": STREAMS})))
    capture = capture_with(Memory())
    assert capture.request_once() == "denied"
    assert reason(capture)[0] == "denied"


def test_a_question_during_a_recording_is_withdrawn_and_asked_once(play: Play) -> None:
    portal = play(away)
    kept = Memory("a token that the desktop has forgotten")
    capture = capture_with(kept, 3.0)
    assert reason(capture) == ("error", "the desktop's portal did not answer in time")
    # The request itself, and its session.
    wait_for(portal.withdrawn.is_set, what="the question to be withdrawn")
    ended(portal, 1)
    assert (kept.value, capture.permission) == (None, "unasked")
    assert reason(capture)[0] == "denied"
    assert portal.asked.count("CreateSession") == 1


def test_a_portal_that_ends_before_its_answer_is_an_error_at_once(play: Play) -> None:
    def end(method: str, portal: SimulatedCast) -> Answer:
        if method == "Start":
            portal.end()
        return person(method, portal)

    play(end)
    capture = capture_with(Memory("token"), 60.0)
    assert reason(capture) == ("error", "the desktop's portal exited before it answered")
    assert capture.permission == "unasked"


def test_a_frame_that_does_not_come_ends_the_film_and_keeps_the_permission(play: Play) -> None:
    portal = play()

    def nothing(remote: int, node: int, end: float) -> bytes:
        raise CaptureError("error", "no picture arrived in time")

    kept = Memory("token")
    capture = ScreenCastCapture(kept, 20.0, nothing)
    assert reason(capture)[0] == "error"
    ended(portal, 1)
    assert capture.permission == "allowed"
    assert portal.tokens == {kept.value}


@pytest.mark.parametrize(("lost", "outcome"), [(1, "a picture"), (2, "error")])
def test_a_frame_that_is_lost_is_read_again_once(play: Play, lost: int, outcome: str) -> None:
    portal = play()
    ends: list[float] = []

    def read(remote: int, node: int, end: float) -> bytes:
        ends.append(end)
        if len(ends) <= lost:
            raise LateError
        return picture(remote, node, end)

    capture = ScreenCastCapture(Memory("token"), 20.0, read)
    if outcome == "error":
        assert reason(capture) == ("error", "no picture arrived in time")
    else:
        assert capture.grab(lambda: 0).width == 4
    assert len(ends) == 2
    assert ends[0] < ends[1]
    # On a separate connection, in the same cast.
    assert portal.asked[2:] == ["Start", "OpenPipeWireRemote", "OpenPipeWireRemote"]


def test_a_picture_of_one_colour_is_an_error(play: Play) -> None:
    play()
    black = png(Image.new("RGB", (4, 3)))
    assert reason(ScreenCastCapture(Memory("token"), 20.0, lambda *_: black))[0] == "error"


def test_descriptors_are_given_back(play: Play) -> None:
    play()
    capture = capture_with(Memory("token"))

    def files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = files()
    for _ in range(3):
        capture.grab(lambda: 0)
    # The simulated portal runs in this process, and closes its descriptors later.
    wait_for(lambda: files() <= before, what="as many open files as before")


def test_a_portal_that_gives_no_descriptor_is_an_error(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def text(self: SimulatedCast, call: Any, signature: str, *body: Any) -> None:
        plain(self, call, *(("s", "none") if signature == "h" else (signature, *body)))

    plain = SimulatedCast.reply
    monkeypatch.setattr(SimulatedCast, "reply", text)
    play()
    assert reason(capture_with(Memory("token")))[0] == "error"


@pytest.mark.parametrize(
    "results",
    [{}, {"session_handle": ("u", 7)}, {"session_handle": ("s", "/elsewhere")}],
)
def test_an_answer_without_a_session_is_an_error(play: Play, results: dict[str, Any]) -> None:
    play(saying(CreateSession=(0, results)))
    assert reason(capture_with(Memory("token")))[0] == "error"


@pytest.mark.parametrize(
    "streams",
    [
        None,
        ("s", "all of them"),
        ("a(ua{sv})", []),
        ("a(ua{sv})", [(number, {}) for number in range(17)]),
        ("a(ua{sv})", [(7, {"position": ("(ii)", (0, 0)), "size": ("(ii)", (0, 3))})]),
        ("a(ua{sv})", [(7, {"position": ("(ii)", (0, 0)), "size": ("(ii)", (-4, 3))})]),
        (
            "a(ua{sv})",
            [
                (n, {"position": ("(ii)", (n * 2**30, 0)), "size": ("(ii)", (4, 3))})
                for n in range(2)
            ],
        ),
    ],
)
def test_screens_that_cannot_be_are_an_error(play: Play, streams: Any) -> None:
    results = {} if streams is None else {"streams": streams}
    play(saying(Start=(0, {**results, "restore_token": ("s", "next")})))
    assert reason(capture_with(Memory("token")))[0] == "error"


@pytest.mark.parametrize("token", [("u", 7), ("s", ""), ("s", "x" * 5000)])
def test_an_invalid_token_is_not_kept(play: Play, token: tuple[str, Any]) -> None:
    play(saying(Start=(0, {"streams": STREAMS, "restore_token": token})))
    kept = Memory()
    assert capture_with(kept).request_once() == "denied"
    assert kept.value is None


@pytest.mark.parametrize(("version", "there"), [(3, False), (4, True), (5, True)])
def test_a_portal_without_restore_tokens_is_not_available(
    play: Play, address: str, version: int, there: bool
) -> None:
    portal = play()
    portal.version = version
    environ = {"DBUS_SESSION_BUS_ADDRESS": address}
    assert is_available(environ) is there
    assert ("portal-screencast" in detect(PROBES, "wayland", environ)) is there


def test_without_a_portal_there_is_no_backend(address: str) -> None:
    assert reason(capture_with(Memory("token")))[0] == "unavailable"
    assert not is_available({"DBUS_SESSION_BUS_ADDRESS": address})
