"""Updates of the running program: when it checks, installs and offers the restart."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from system.updates import source
from system.updates.install import Installation
from system.updates.schedule import DAY_S, RETRY_S
from system.updates.state import UpdateState, read_state, write_state
from tests.system.updates.simulated_repository import make_installation
from tests.ui.controllers import Make, report
from tests.ui.scenes import AWAY, RECORDING
from ui.app import open_updates
from ui.client.updates import UpdateResult
from ui.flows.updates.flow import UpdateFlow
from ui.presenters.attention import attention
from ui.presenters.notices import Action
from ui.qt.translation import translate
from ui.settings.settings import UPDATE_CHANNEL, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from system.updates.run import Step
    from ui.controller import AppController

STOPPED = replace(RECORDING, state="stopped", session_s=0)
PAUSED = replace(RECORDING, state="paused")
READY = UpdateResult("ready", "1.1.0")


@dataclass
class SimulatedHelper:
    """Answers with one of `results` after the other, then always with the last one. Waits for `let`
    before each answer.
    """

    results: list[UpdateResult] = field(default_factory=lambda: [UpdateResult("up_to_date")])
    steps: list[Step] = field(default_factory=list)
    closed: bool = False
    let: threading.Event = field(default_factory=threading.Event)

    def run(self, step: Step) -> UpdateResult:
        self.steps.append(step)
        assert self.let.wait(30)
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]

    def close(self) -> None:
        self.closed = True
        self.let.set()


class Case:
    """A program with an installation that updates itself."""

    def __init__(self, program: AppController, root: Path, channel: str = "stable") -> None:
        self.program = program
        self.installation: Installation = make_installation(root)
        self.helper = SimulatedHelper()
        self.helper.let.set()
        self.now = 1_800_000_000.0
        self.flow = UpdateFlow(
            program,
            program,
            self.installation,
            self.helper,
            channel,
            self._changed,
            lambda: self.now,
            lambda: 0.5,
        )
        program.restart_wanted.connect(self.flow.restart)

    def _changed(self) -> None:
        self.program.refresh()

    def entries(self) -> list[str]:
        return [view.key for view in attention(self.program.state, translate)]

    @property
    def waits_s(self) -> float:
        """Seconds to the next check."""
        return self.flow._due_s - self.now


@pytest.fixture
def case(make: Make, tmp_path: Path) -> Case:
    return Case(make(), tmp_path / "root")


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=10_000)


def test_a_prepared_version_is_offered_with_a_restart(case: Case, qtbot: QtBot) -> None:
    case.helper.results = [READY]
    case.flow.check()
    wait(qtbot, lambda: case.entries() == ["update"])
    assert case.helper.steps == ["prepare"]
    (view,) = attention(case.program.state, translate)
    assert view.text == "Workdiary 1.1.0 is ready for the next start."
    assert (view.action, view.label, view.urgent) == (Action.UPDATE, "R&estart", False)
    assert case.waits_s == DAY_S
    case.program.act(view.action, view.key)
    assert case.flow.restarting
    assert case.program.session.ending


@pytest.mark.parametrize("status", [RECORDING, PAUSED, AWAY, replace(STOPPED, in_memory=True)])
def test_nothing_is_installed_or_restarted_during_a_recording(
    case: Case, qtbot: QtBot, status: object
) -> None:
    """Also not while it is paused, waits for an answer, or is not on the disk."""
    report(case.program, status)  # type: ignore[arg-type]
    case.helper.results = [UpdateResult("downloaded", "1.1.0"), READY]
    case.flow.check()
    wait(qtbot, lambda: not case.flow._working)
    assert case.helper.steps == ["download"]
    assert "update" not in case.entries()
    case.flow.restart()
    assert not case.flow.restarting
    # The recording ends.
    report(case.program, STOPPED)
    wait(qtbot, lambda: "update" in case.entries())
    assert case.helper.steps == ["download", "prepare"]
    # The next one hides the entry until it has ended.
    report(case.program, status)  # type: ignore[arg-type]
    assert "update" not in case.entries()
    case.program.act(Action.UPDATE, "update")
    assert not case.flow.restarting


def test_one_check_runs_at_a_time_and_none_after_the_end(case: Case, qtbot: QtBot) -> None:
    case.helper.let.clear()
    case.flow.check()
    wait(qtbot, lambda: bool(case.helper.steps))
    case.flow.check()
    case.flow.stop()
    wait(qtbot, lambda: not case.flow._working)
    assert case.helper.steps == ["prepare"]
    assert case.helper.closed
    case.program.end()
    case.flow.stop()
    case.flow.check()
    assert case.helper.steps == ["prepare"]
    assert not case.flow._timer.isActive()


@pytest.mark.parametrize(
    ("problem", "shown"),
    [("unreachable", False), ("server_error", False), ("helper_failed", False)]
    + [(code, True) for code in ("wrong_signature", "expired", "too_large", "inconsistent")],
)
def test_refused_data_is_reported_once_and_a_missing_network_never(
    case: Case, qtbot: QtBot, problem: str, shown: bool
) -> None:
    case.helper.results = [UpdateResult(problem=problem)]
    for _ in range(2):
        case.flow.check()
        wait(qtbot, lambda: not case.flow._working)
        assert case.entries() == (["notice:update_refused"] if shown else [])
        assert case.waits_s == RETRY_S
    case.program.act(Action.DISMISS, "notice:update_refused")
    case.flow.check()
    wait(qtbot, lambda: not case.flow._working)
    assert case.entries() == []


def test_a_version_that_did_not_start_is_reported_once(case: Case, qtbot: QtBot) -> None:
    write_state(case.installation.updates, UpdateState(reverted="1.1.0", bad=("1.1.0",)))
    case.flow.start()
    wait(qtbot, lambda: case.entries() == ["notice:update_reverted"])
    assert read_state(case.installation.updates).reverted == ""


def test_a_version_that_was_prepared_before_the_start_is_offered(case: Case, qtbot: QtBot) -> None:
    """As when another program held the lock of the updates during the start."""
    make_installation(case.installation.root, "1.1.0")
    write_state(case.installation.updates, UpdateState(ready="1.1.0", checked_s=int(case.now)))
    case.flow.start()
    wait(qtbot, lambda: case.entries() == ["update"])
    assert case.waits_s == DAY_S


def test_the_running_version_confirms_its_start(case: Case, qtbot: QtBot) -> None:
    new = replace(case.installation, version="1.1.0")
    make_installation(case.installation.root, "1.1.0")
    case.installation.pointer.switch("1.0.0")
    write_state(new.updates, UpdateState(ready="1.1.0", trials=1))
    case.flow._installation = new
    case.flow._confirm()
    wait(qtbot, lambda: new.pointer.read() == "1.1.0")
    wait(qtbot, lambda: read_state(new.updates).ready == "")
    assert case.entries() == []


def test_the_timer_follows_the_clock(case: Case, qtbot: QtBot) -> None:
    """The wall clock decides when a check is due, also after a sleep, which stops timers."""
    write_state(case.installation.updates, UpdateState(checked_s=int(case.now)))
    case.flow.start()
    case.now += DAY_S / 2
    case.flow._on_time()
    assert case.helper.steps == []
    assert case.flow._timer.isActive()
    case.now += DAY_S / 2
    case.flow._on_time()
    wait(qtbot, lambda: case.helper.steps == ["prepare"])


def test_the_channel_can_be_changed_and_switched_off(case: Case, qtbot: QtBot) -> None:
    case.helper.results = [READY]
    case.flow.check()
    wait(qtbot, lambda: case.entries() == ["update"])
    case.flow.apply_settings(Settings().changed(UPDATE_CHANNEL, "off"))
    assert case.entries() == []
    assert not case.flow._timer.isActive()
    case.flow.apply_settings(Settings().changed(UPDATE_CHANNEL, "preview"))
    wait(qtbot, lambda: case.entries() == ["update"])
    assert case.helper.steps == ["prepare", "prepare"]
    # The same again changes nothing.
    case.flow.apply_settings(Settings().changed(UPDATE_CHANNEL, "preview"))
    assert not case.flow._working


def test_switched_off_it_never_checks(make: Make, tmp_path: Path, qtbot: QtBot) -> None:
    case = Case(make(), tmp_path / "root", "off")
    write_state(case.installation.updates, UpdateState(reverted="1.1.0"))
    case.flow.start()
    assert not case.flow._timer.isActive()
    wait(qtbot, lambda: case.entries() == ["notice:update_reverted"])


def test_a_program_from_source_has_no_updates(make: Make, tmp_path: Path) -> None:
    assert open_updates(make(), tmp_path) is None


def test_a_packaged_program_in_its_layout_has_updates_with_the_controllers_signals(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    installation = make_installation(tmp_path / "root")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(installation.program_of("1.0.0")))
    monkeypatch.setattr(source, "read_source", lambda _: object())
    program = make()
    flow = open_updates(program, tmp_path)
    assert flow is not None
    monkeypatch.setattr(flow, "_helper", SimulatedHelper([READY]))
    flow._helper.let.set()  # type: ignore[attr-defined]
    program.settings.changed.emit(Settings().changed(UPDATE_CHANNEL, "preview"))
    qtbot.waitUntil(lambda: program.state.update_ready == "1.1.0")
    program.act(Action.UPDATE, "update")
    assert flow.restarting
