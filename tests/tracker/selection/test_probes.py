"""Features are probed, and no error of a probe is fatal."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.selection.environment import detect_environment
from tracker.selection.probes import Probe


def broken(_: Mapping[str, str]) -> bool:
    raise OSError("no such library")


PROBES = (
    Probe("rake", frozenset({"x11"}), lambda _: True),
    Probe("spade", frozenset({"x11"}), lambda _: False),
    Probe("hoe", frozenset({"x11"}), broken),
    Probe("shears", frozenset({"wayland"}), lambda environ: "HANDLE" in environ),
)


def test_only_what_is_there_and_fits_the_session_is_found() -> None:
    assert detect_environment({"DISPLAY": ":0"}, "linux", PROBES).features == {"rake"}
    assert detect_environment(
        {"WAYLAND_DISPLAY": "w", "HANDLE": "1"}, "linux", PROBES
    ).features == {"shears"}
    assert detect_environment({"WAYLAND_DISPLAY": "w"}, "linux", PROBES).features == frozenset()
