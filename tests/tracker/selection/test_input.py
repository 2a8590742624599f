"""The input backends for each environment."""

from __future__ import annotations

import pytest

from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.selection.environment import Environment
from tracker.selection.input import RULES, SWITCHED_OFF, UNAVAILABLE, input_rules_for, select_input


def x11(*tools: str) -> Environment:
    return Environment("linux", "x11", features=frozenset(tools))


WAYS = [
    (x11("xinput2", "xsync-idle", "pynput"), ["xinput2", "xsync-idle", "pynput"], "ok"),
    (x11("xinput2", "xsync-idle"), ["xinput2", "xsync-idle"], "ok"),
    (x11("xsync-idle", "pynput"), ["xsync-idle", "pynput", "xinput2"], "active-only"),
    (x11("pynput"), ["pynput", "xinput2"], "ok"),
    (x11(), ["xinput2"], "ok"),
    (Environment("linux", "wayland"), ["none"], "unavailable"),
    (Environment("linux", "none"), ["none"], "unavailable"),
    (Environment("win32", "windows"), ["pynput", "windows-idle"], "ok"),
    (Environment("darwin", "aqua", may_listen=False), ["mac-idle"], "active-only"),
    (Environment("darwin", "aqua", may_listen=True), ["pynput", "mac-idle"], "ok"),
    (Environment("darwin", "aqua", may_listen=None), ["pynput", "mac-idle"], "ok"),
    (Environment("openbsd7", "x11"), ["none"], "unavailable"),
    (
        Environment("linux", "wayland", features=frozenset({"ext-idle-notify"})),
        ["idle-notify"],
        "active-only",
    ),
    (
        Environment("linux", "wayland", features=frozenset({"mutter-idle"})),
        ["mutter-idle"],
        "active-only",
    ),
]


@pytest.mark.parametrize(("environment", "names", "quality"), WAYS)
def test_each_environment_has_its_backends(
    environment: Environment, names: list[str], quality: str
) -> None:
    choice = select_input(environment)
    assert [backend.name for backend in choice.backends] == names
    assert (choice.backend.name, choice.backend.quality) == (names[0], quality)
    assert choice.reason


def test_each_row_has_an_environment() -> None:
    used = {row for environment, _, _ in WAYS for row in input_rules_for(environment)}
    assert used == set(RULES)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        (Environment("win32", "windows"), ["windows-idle"]),
        (Environment("darwin", "aqua", may_listen=True), ["mac-idle"]),
        (Environment("linux", "none"), ["none"]),
    ],
)
def test_switching_counting_off_leaves_backends_without_counts(
    environment: Environment, names: list[str]
) -> None:
    choice = select_input(environment, counts=False)
    assert [backend.name for backend in choice.backends] == names
    assert choice.reason in {row.reason for row in input_rules_for(environment)}


def test_where_there_are_only_counts_switching_them_off_leaves_nothing() -> None:
    environment = Environment("linux", "x11")
    left = [
        backend
        for backend in select_input(environment).backends
        if backend.quality == "active-only"
    ]
    choice = select_input(environment, counts=False)
    assert left or choice.reason == SWITCHED_OFF
    assert all(backend.quality != "ok" for backend in choice.backends)


def test_nothing_replaces_a_failed_backend() -> None:
    for environment, _, _ in WAYS:
        rows = input_rules_for(environment)
        assert len(rows) == 1 or not {row.backend for row in rows} & UNAVAILABLE


@pytest.mark.parametrize(
    "environment", [Environment("linux", "wayland"), Environment("linux", "none")]
)
def test_where_nothing_can_be_counted_the_minutes_are_unmeasured(environment: Environment) -> None:
    backend = select_input(environment).backend
    meter = InputMonitor(backend, lambda: 0)
    meter.start(wait_s=10)
    counts = meter.take()
    meter.stop()
    assert counts.quality == backend.quality
    assert counts.row == (None, None, None, None, None)


def test_the_backend_without_counts_starts_and_stops_like_the_others() -> None:
    backend = select_input(Environment("linux", "none")).backend
    counters = Counters(lambda: 0)
    backend.start(counters)
    assert backend.alive()
    backend.stop()
    assert counters.last_input_uptime_ms is None
