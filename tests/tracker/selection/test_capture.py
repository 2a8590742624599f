"""Which way to take pictures on which desk."""

from __future__ import annotations

import pytest

from tracker.capture.interface import CaptureError
from tracker.selection.capture import ROWS, Chosen, choose
from tracker.selection.environment import Desk, look

WAYS = [
    (Desk("linux", "x11"), "mss", None),
    (Desk("linux", "wayland"), "none", "unavailable"),
    (Desk("linux", "wayland", tools=frozenset({"portal-screenshot"})), "portal", None),
    (Desk("linux", "wayland", tools=frozenset({"pipewire-frames"})), "none", "unavailable"),
    (Desk("linux", "wayland", tools=frozenset({"portal-screencast"})), "none", "unavailable"),
    (
        Desk("linux", "wayland", tools=frozenset({"portal-screencast", "pipewire-frames"})),
        "screencast",
        None,
    ),
    (
        Desk(
            "linux",
            "wayland",
            tools=frozenset({"portal-screenshot", "portal-screencast", "pipewire-frames"}),
        ),
        "portal",
        None,
    ),
    (Desk("linux", "none"), "none", "unavailable"),
    (Desk("win32", "windows"), "mss", None),
    (Desk("darwin", "aqua", may_capture=False), "none", "denied"),
    (Desk("darwin", "aqua", may_capture=True), "mss", None),
    (Desk("darwin", "aqua", may_capture=None), "mss", None),
    (Desk("freebsd14", "x11"), "none", "unavailable"),
    (Desk("emscripten", "none"), "none", "unavailable"),
]


@pytest.mark.parametrize(("desk", "name", "reason"), WAYS)
def test_each_desk_has_its_way(desk: Desk, name: str, reason: str | None) -> None:
    choice = choose(desk)
    assert choice.backend.name == name
    assert choice.words
    if reason is not None:
        with pytest.raises(CaptureError) as caught:
            choice.backend.grab(lambda: 0)
        assert (caught.value.reason, caught.value.detail) == (reason, choice.words)


def test_no_row_of_the_table_is_without_a_desk() -> None:
    used = {next(row for row in ROWS if row.fits(desk)) for desk, _, _ in WAYS}
    assert used == set(ROWS)


def test_a_permission_that_is_given_later_counts_at_the_next_look() -> None:
    desks = [Desk("darwin", "aqua", may_capture=allowed) for allowed in (False, False, True)]
    chosen = Chosen(lambda: desks.pop(0))
    refusing = chosen._choice
    chosen.look_again()
    assert chosen._choice is refusing
    with pytest.raises(CaptureError) as caught:
        chosen.grab(lambda: 0)
    assert (caught.value.reason, chosen.name) == ("denied", "none")
    assert "Screen Recording" in chosen.words
    chosen.look_again()
    assert chosen.name == "mss"


@pytest.mark.parametrize(
    ("platform", "environ", "session"),
    [
        ("linux", {"DISPLAY": ":0"}, "x11"),
        ("linux", {"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}, "x11"),
        ("linux", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ("linux", {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ("linux", {"XDG_SESSION_TYPE": "tty"}, "none"),
        ("linux", {"DISPLAY": ""}, "none"),
        ("win32", {}, "windows"),
    ],
)
def test_the_session_is_read_from_the_environment(
    platform: str, environ: dict[str, str], session: str
) -> None:
    assert look(environ, platform, ()) == Desk(platform, session)  # type: ignore[arg-type]
