"""The capture backend for each environment."""

from __future__ import annotations

import pytest

from tracker.capture.interface import CaptureError
from tracker.selection.capture import RULES, ReselectingBackend, select_capture
from tracker.selection.environment import Environment, detect_environment

WAYS = [
    (Environment("linux", "x11"), "mss", None),
    (Environment("linux", "wayland"), "none", "unavailable"),
    (Environment("linux", "wayland", features=frozenset({"portal-screenshot"})), "portal", None),
    (
        Environment("linux", "wayland", features=frozenset({"pipewire-frames"})),
        "none",
        "unavailable",
    ),
    (
        Environment("linux", "wayland", features=frozenset({"portal-screencast"})),
        "none",
        "unavailable",
    ),
    (
        Environment(
            "linux", "wayland", features=frozenset({"portal-screencast", "pipewire-frames"})
        ),
        "screencast",
        None,
    ),
    (
        Environment(
            "linux",
            "wayland",
            features=frozenset({"portal-screenshot", "portal-screencast", "pipewire-frames"}),
        ),
        "portal",
        None,
    ),
    (Environment("linux", "none"), "none", "unavailable"),
    (Environment("win32", "windows"), "mss", None),
    (Environment("darwin", "aqua", may_capture=False), "none", "denied"),
    (Environment("darwin", "aqua", may_capture=True), "mss", None),
    (Environment("darwin", "aqua", may_capture=None), "mss", None),
    (Environment("freebsd14", "x11"), "none", "unavailable"),
    (Environment("emscripten", "none"), "none", "unavailable"),
]


@pytest.mark.parametrize(("environment", "name", "reason"), WAYS)
def test_each_environment_has_its_backend(
    environment: Environment, name: str, reason: str | None
) -> None:
    choice = select_capture(environment)
    assert choice.backend.name == name
    assert choice.reason
    if reason is not None:
        with pytest.raises(CaptureError) as caught:
            choice.backend.grab(lambda: 0)
        assert (caught.value.reason, caught.value.detail) == (reason, choice.reason)


def test_each_row_of_the_table_fits_an_environment() -> None:
    used = {next(row for row in RULES if row.fits(environment)) for environment, _, _ in WAYS}
    assert used == set(RULES)


def test_a_permission_that_is_granted_later_counts_at_the_next_check() -> None:
    desks = [Environment("darwin", "aqua", may_capture=allowed) for allowed in (False, False, True)]
    chosen = ReselectingBackend(lambda: desks.pop(0))
    refusing = chosen._choice
    chosen.refresh()
    assert chosen._choice is refusing
    with pytest.raises(CaptureError) as caught:
        chosen.grab(lambda: 0)
    assert (caught.value.reason, chosen.name) == ("denied", "none")
    assert "Screen Recording" in chosen.reason
    chosen.refresh()
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
    assert detect_environment(environ, platform, ()) == Environment(platform, session)  # type: ignore[arg-type]
