"""The sources of quiet mode: the reasons they derive from answers, and from a missing answer."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tracker.platform.dbus import BusError
from tracker.quiet.do_not_disturb import BusDoNotDisturb
from tracker.quiet.interface import QuietProbe, QuietReason
from tracker.quiet.pipewire_share import PipeWireShare, is_shared
from tracker.quiet.windows import WindowsQuiet
from tracker.quiet.x11_fullscreen import X11FullScreen
from tracker.selection.environment import Environment
from tracker.selection.quiet import RULES, quiet_rules_for, select_quiet

CAMERA = {"media.class": "Video/Source", "device.api": "v4l2"}
SCREEN = {"media.class": "Stream/Output/Video", "node.name": "gnome-shell"}
WLROOTS = {"media.class": "Video/Source", "node.name": "xdg-desktop-portal-wlr"}


class Source:
    name = "source"

    def __init__(self, *found: QuietReason, error: Exception | None = None) -> None:
        self._found = frozenset(found)
        self._error = error

    def reasons(self) -> frozenset[QuietReason]:
        if self._error is not None:
            raise self._error
        return self._found


def node(props: Any, state: str = "running") -> dict[str, Any]:
    return {"type": "PipeWire:Interface:Node", "info": {"state": state, "props": props}}


def test_the_reasons_of_all_sources_count() -> None:
    found = QuietProbe(
        lambda: (Source(QuietReason.SHARED), Source(), Source(QuietReason.FULL_SCREEN))
    ).find()
    assert found == {QuietReason.SHARED, QuietReason.FULL_SCREEN}
    assert QuietProbe(lambda: ()).find() == frozenset()


def test_a_source_that_does_not_answer_hides_the_preview(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    probe = QuietProbe(lambda: (Source(error=BusError("gone")), Source()))
    assert probe.find() == {QuietReason.UNKNOWN}
    assert "gone" in caplog.text


@pytest.mark.expected_logs("could not be found")
def test_sources_that_cannot_be_found_hide_the_preview_and_are_tried_again() -> None:
    answers: list[Exception | tuple[Source, ...]] = [OSError("no"), (Source(),)]

    def select() -> tuple[Source, ...]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    probe = QuietProbe(select)
    assert probe.find() == {QuietReason.UNKNOWN}
    assert probe.find() == probe.find() == frozenset()


@pytest.mark.parametrize(
    ("objects", "shared"),
    [
        ([], False),
        ([node(SCREEN)], True),
        ([node(WLROOTS)], True),
        ([node(SCREEN, "idle"), node(SCREEN, "suspended")], False),
        ([node(CAMERA)], False),
        ([node(CAMERA), node(WLROOTS)], True),
        ([node({"media.class": "Audio/Source"})], False),
        (
            [{"type": "PipeWire:Interface:Link", "info": {"state": "running", "props": SCREEN}}],
            False,
        ),
        ([node(None), {"type": "PipeWire:Interface:Node"}, 7, None], False),
    ],
)
def test_a_running_video_source_that_is_no_camera_is_a_shared_screen(
    objects: list[Any], shared: bool
) -> None:
    assert is_shared(objects) == shared


def test_an_answer_that_is_no_list_is_an_error() -> None:
    with pytest.raises(TypeError, match="no list"):
        is_shared({"info": {}})


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"cat <<'E'\n{json.dumps([node(SCREEN)])}\nE", {QuietReason.SHARED}),
        ("echo '[]'", set()),
        ("echo no daemon >&2; exit 1", set()),
        ("echo nonsense", {QuietReason.UNKNOWN}),
    ],
)
def test_the_command_of_pipewire_is_read(
    tmp_path: Path, script: str, found: set[QuietReason]
) -> None:
    command = tmp_path / "pw-dump"
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o700)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert QuietProbe(lambda: (PipeWireShare(environ),)).find() == found


def test_without_the_command_of_pipewire_nothing_is_shared(tmp_path: Path) -> None:
    assert PipeWireShare({"PATH": str(tmp_path)}).reasons() == frozenset()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_bus_or_a_screen_that_is_gone_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":999")
    gone = f"unix:path={tmp_path}/none"
    for source in (BusDoNotDisturb(gone), X11FullScreen()):
        assert QuietProbe(lambda source=source: (source,)).find() == {QuietReason.UNKNOWN}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (1, set()),
        (2, {QuietReason.FULL_SCREEN}),
        (3, {QuietReason.FULL_SCREEN}),
        (4, {QuietReason.FULL_SCREEN}),
        (5, set()),
        (6, {QuietReason.DO_NOT_DISTURB}),
        (7, set()),
    ],
)
def test_the_states_of_windows(state: int, found: set[QuietReason]) -> None:
    assert WindowsQuiet(lambda: state).reasons() == found


SOURCES = [
    (
        Environment("linux", "x11", features=frozenset({"session-bus"})),
        ["full-screen", "do-not-disturb", "gsettings", "screen-share"],
    ),
    (Environment("linux", "wayland"), ["gsettings", "screen-share"]),
    (Environment("win32", "windows"), ["windows"]),
    (Environment("darwin", "aqua"), []),
]


@pytest.mark.parametrize(("environment", "names"), SOURCES)
def test_each_environment_has_its_sources(environment: Environment, names: list[str]) -> None:
    assert [source.name for source in select_quiet({}, environment)] == names


def test_each_row_of_the_table_is_used() -> None:
    assert {row for one, _ in SOURCES for row in quiet_rules_for(one)} == set(RULES)
