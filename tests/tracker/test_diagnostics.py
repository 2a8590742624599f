"""The diagnostics of the backends: from the selection tables, and from trials."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from scripts.dev.system_packages import TABLE, parse
from tests.desktop_fixtures.target import Target
from tests.tracker.input.test_fallback import SimulatedBackend
from tests.tracker.selection.test_input import WAYS as INPUT_DESKS
from tracker import diagnostics
from tracker.diagnostics import diagnose, diagnose_idle, diagnose_input
from tracker.platform.macos_permissions import MAC_SETTINGS
from tracker.selection.capture import select_capture
from tracker.selection.environment import Environment
from tracker.selection.input import input_rules_for

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop
    from tracker.selection.probes import Session

MAC_DENIED = Environment("darwin", "aqua", may_capture=False, may_listen=False)
X11 = Environment("linux", "x11")
UNTRIED = [
    environment
    for environment, _, _ in INPUT_DESKS
    if environment.session not in diagnostics._TRIED
]


@pytest.mark.parametrize("environment", UNTRIED)
def test_pictures_and_input_are_reported_with_the_texts_of_the_tables(
    environment: Environment,
) -> None:
    found = {one.check: one for one in diagnose(environment)}
    assert found["pictures"].reasons == (select_capture(environment).reason,)
    assert found["input"].reasons == (input_rules_for(environment)[0].reason,)
    for check, name in (("pictures", select_capture(environment).backend.name),):
        assert found[check].backend == name
        assert found[check].state == ("attention" if name == "none" else "ok")


def test_a_denied_permission_is_reported_with_the_setting_that_grants_it() -> None:
    found = {one.check: one for one in diagnose(MAC_DENIED)}
    assert (found["pictures"].state, found["pictures"].link) == (
        "attention",
        MAC_SETTINGS["capture"],
    )
    # Seconds are measured, but a better backend exists.
    assert (found["input"].state, found["input"].code, found["input"].link) == (
        "attention",
        "seconds",
        MAC_SETTINGS["listen"],
    )
    assert found["idle"].state == "ok"


@pytest.mark.parametrize(("tools", "state"), [(set(), "attention"), ({"pipewire-frames"}, "ok")])
def test_a_desktop_with_screen_casts_only_is_reported_with_its_requirements(
    tools: set[str], state: str
) -> None:
    environment = Environment("linux", "wayland", features=frozenset({"portal-screencast", *tools}))
    found = {one.check: one for one in diagnose(environment)}["pictures"]
    assert found.state == state
    named = {package.name for package in parse(TABLE.read_text("utf-8"))} & set(
        re.findall(r"gstreamer1\.0-[a-z]+(?:-[a-z]+)?", " ".join(found.reasons))
    )
    assert len(named) == (4 if state == "attention" else 0)


def test_a_desktop_without_a_screen_is_reported() -> None:
    found = {one.check: one for one in diagnose(Environment("linux", "none"))}
    assert {name for name, one in found.items() if one.state == "attention"} == {
        "session", "pictures", "input", "idle",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hooks", "seconds", "state", "code", "backend"),
    [
        (True, True, "ok", "counts", "hooks"),
        (False, True, "attention", "seconds", "seconds"),
        (False, False, "attention", "failed", ""),
    ],
)
def test_each_backend_is_tried_until_one_works(
    hooks: bool, seconds: bool, state: str, code: str, backend: str
) -> None:
    first = SimulatedBackend("hooks", "ok", works=hooks)
    second = SimulatedBackend("seconds", "active-only", works=seconds)
    ways: dict[str, Callable[[Environment, str], SimulatedBackend]] = {
        "pynput": lambda *_: first,
        "windows-idle": lambda *_: second,
    }
    found = diagnose_input(Environment("win32", "windows"), ways)
    assert (found.state, found.code, found.backend) == (state, code, backend)
    assert ("detail" in found.facts) is not hooks
    assert not first.alive()
    assert not second.alive()
    assert diagnose_idle(found).state == ("ok" if backend else "attention")


@pytest.mark.parametrize(
    ("session", "seconds", "state", "code", "backend"),
    [
        ("windows", True, "limited", "off", "seconds"),
        ("windows", False, "attention", "failed", ""),
        ("x11", True, "limited", "off", ""),
    ],
)
def test_counting_that_was_switched_off_is_not_tried(
    session: Session, seconds: bool, state: str, code: str, backend: str
) -> None:
    never = SimulatedBackend("hooks", "ok", works=True)
    ways: dict[str, Callable[[Environment, str], SimulatedBackend]] = {
        "pynput": lambda *_: never,
        "xinput2": lambda *_: never,
        "windows-idle": lambda *_: SimulatedBackend("seconds", "active-only", works=seconds),
    }
    platform = "win32" if session == "windows" else "linux"
    found = diagnose_input(Environment(platform, session), ways, counts=False)
    assert (found.state, found.code, found.backend) == (state, code, backend)
    assert never.starts == 0
    assert diagnose_idle(found).state == ("ok" if backend else "attention")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")
def test_on_a_desktop_pictures_and_input_are_tried_for_real(clean_desktop: Desktop) -> None:
    Target(clean_desktop, "seen")
    found = {one.check: one for one in diagnose(X11)}
    assert [(one.state, one.code) for one in (found["pictures"], found["input"])] == [
        ("ok", "works"),
        ("ok", "counts"),
    ]


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")
def test_a_display_that_does_not_answer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987654")
    found = {one.check: one for one in diagnose(X11)}
    for check in ("pictures", "input"):
        assert (found[check].state, found[check].code) == ("attention", "failed")
        assert found[check].facts["detail"]


def test_a_clock_that_cannot_be_read_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert diagnostics.diagnose_clocks().state == "ok"

    def broken(_: object) -> None:
        raise OSError("no such clock")

    monkeypatch.setattr(diagnostics, "sample", broken)
    found = diagnostics.diagnose_clocks()
    assert (found.state, found.facts["detail"]) == ("attention", "no such clock")
