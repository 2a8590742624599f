"""Lock, sleep and session end, signalled over real buses by simulated services."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.tracker.machine import Machine
from tracker.model.status import Status
from tracker.power.backends.logind import INHIBIT, Logind
from tracker.power.backends.screensaver import ScreenSaver
from tracker.power.coordinator import PowerCoordinator
from tracker.power.interface import PowerWatch
from tracker.power.lock_state import LockState
from tracker.selection.environment import Environment, detect_environment
from tracker.selection.power import NO_BACKEND, RULES, select_power

if sys.platform == "linux":
    from tests.desktop_fixtures.services import LOGIND, MANAGER, MOCK, Services

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has D-Bus"),
    pytest.mark.xdist_group("power"),
]

SAVER = "org.gnome.ScreenSaver"


def at_once(_failures: int) -> float:
    return 0.05


class PoweredMachine:
    """The real engine of a `Machine`, stepped by a separate thread, and the real watches."""

    def __init__(self, make: Callable[[], list[PowerWatch]]) -> None:
        # Segments are sealed as soon as they end: no pictures in review.
        self.machine = Machine(terms={"shots": 0}, slots=60)
        self.watches = make()
        self.locks = LockState()
        self.guard = PowerCoordinator(self.machine.engine, self.locks, self.watches)
        self.machine.bell.wake = self._work  # type: ignore[method-assign]
        self._lock = threading.RLock()
        self.slow = threading.Event()
        self.slow.set()
        self.guard.start()
        wait_for(lambda: all(watch.alive for watch in self.watches), what="the watches")

    def _work(self) -> None:
        """Commands also run the engine's step: it has no thread here."""
        self.slow.wait(20)
        with self._lock:
            self.machine.engine.step()
            self.guard.apply_settings(self.machine.status)

    def start(self) -> None:
        self.machine.engine.start(self.machine.ctr, "Write tests")

    def run(self, seconds: int) -> None:
        with self._lock:
            for _ in range(seconds):
                self.machine.clocks.work(1000)
                self.machine.input.keys += 1
                self.machine.engine.step()

    def recording(self) -> bool:
        return self.machine.state() == "recording"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    with Services(tmp_path) as made:
        yield made


@pytest.fixture
def machine(services: Services) -> Iterator[PoweredMachine]:
    """Recording, with logind and a screen saver on one bus."""
    services.play_logind()
    services.play(SAVER, "--template", "gnome_screensaver", "--session")
    made = PoweredMachine(
        lambda: [
            Logind(services.address, at_once, "c7"),
            ScreenSaver(services.address, at_once),
        ]
    )
    yield made
    made.slow.set()
    made.guard.stop()


def saver(services: Services, active: bool) -> None:
    services.ask(SAVER, "/org/gnome/ScreenSaver", SAVER, "SetActive", "b", active)


def test_sleep_waits_while_something_is_recorded_and_at_no_other_time(
    services: Services, machine: PoweredMachine
) -> None:
    assert services.inhibitors() == []
    machine.start()
    wait_for(services.inhibitors, what="the inhibitor")
    assert services.inhibitors() == [INHIBIT]
    assert INHIBIT[0] == "sleep:shutdown"
    assert INHIBIT[3] == "delay"
    machine.machine.engine.stop()
    wait_for(lambda: not services.inhibitors(), what="its end")


def test_the_work_is_sealed_before_the_sleep_may_begin(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    machine.run(90)
    wait_for(services.inhibitors, what="the inhibitor")
    held: list[list[tuple[object, ...]]] = []
    commit = machine.machine.disk.commit

    def watched(*args: object) -> None:
        # The bus thread waits for this seal, so the state of logind is read by another connection.
        commit(*args)  # type: ignore[arg-type]
        asking = threading.Thread(target=lambda: held.append(services.inhibitors()))
        asking.start()
        asking.join(20)

    machine.machine.disk.commit = watched  # type: ignore[method-assign,assignment]
    services.prepare("Sleep", True)
    wait_for(lambda: held, what="the seal")
    wait_for(lambda: not services.inhibitors(), what="the inhibitor to be released")
    assert held == [[INHIBIT]]
    assert machine.machine.spans() == [(0, 90)]
    assert machine.machine.ends() == ["suspend"]


def test_a_night_asleep_is_credited_with_no_second(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    machine.run(60)
    services.prepare("Sleep", True)
    wait_for(lambda: machine.machine.disk.sealed, what="the seal")
    machine.machine.clocks.sleep(8 * 3_600_000)
    services.prepare("Sleep", False)
    wait_for(lambda: not machine.watches[0]._ending, what="the resume")  # type: ignore[attr-defined]
    machine.run(60)
    assert not machine.recording()
    assert machine.machine.spans() == [(0, 60)]
    machine.start()
    wait_for(services.inhibitors, what="a new inhibitor")
    assert machine.recording()
    assert machine.machine.errors() == []


def test_a_disk_that_hangs_does_not_keep_the_machine_awake(
    services: Services, machine: PoweredMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.power.coordinator.SETTLE_S", 0.05)
    machine.start()
    wait_for(services.inhibitors, what="the inhibitor")
    engine = machine.machine.engine
    # The engine's thread is blocked: commands are only queued.
    machine.machine.bell.wake = lambda: None  # type: ignore[method-assign]
    services.prepare("Sleep", True)
    wait_for(lambda: not services.inhibitors(), what="the inhibitor to be released")
    assert not machine.machine.disk.sealed
    engine.step()
    assert machine.machine.state() == "stopped"


def test_before_the_machine_is_switched_off_the_work_is_sealed(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    machine.run(30)
    wait_for(services.inhibitors, what="the inhibitor")
    services.prepare("Shutdown", True)
    wait_for(lambda: not services.inhibitors(), what="the inhibitor to be released")
    assert machine.machine.spans() == [(0, 30)]
    assert machine.machine.ends() == ["stop"]


def test_a_lock_ends_the_run_once_however_many_sources_report_it(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    machine.run(45)
    services.session("Lock")
    services.session("SetLockedHint", "b", True)
    saver(services, True)
    wait_for(lambda: len(machine.locks._locked) == 3, what="all three reports")
    machine.run(45)
    assert machine.machine.spans() == [(0, 45)]
    assert machine.machine.ends() == ["lock"]
    assert machine.machine.notices == ["ended_lock"]


def test_unlocking_starts_nothing_and_allows_pictures(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    machine.run(5)
    services.session("SetLockedHint", "b", True)
    saver(services, True)
    wait_for(lambda: len(machine.locks._locked) == 2, what="the locks")
    services.session("SetLockedHint", "b", False)
    wait_for(lambda: len(machine.locks._locked) == 1, what="one of the two")
    assert machine.locks.locked()
    saver(services, False)
    wait_for(lambda: not machine.locks.locked(), what="the other")
    machine.run(5)
    assert machine.machine.state() == "stopped"
    assert len(machine.machine.disk.sealed) == 1


def test_the_lock_of_another_session_is_ignored(
    services: Services, machine: PoweredMachine
) -> None:
    services.ask(LOGIND, MANAGER, MOCK, "AddSession", "ssusb", "c8", "seat0", 1001, "you", True)
    machine.start()
    other = f"{MANAGER}/session/c8"
    services.ask(LOGIND, other, f"{LOGIND}.Session", "Lock")
    services.ask(LOGIND, other, f"{LOGIND}.Session", "SetLockedHint", "b", True)
    # Sent later on the same connection, so received later as well.
    saver(services, False)
    services.prepare("Sleep", True)
    wait_for(lambda: not machine.recording(), what="the sleep")
    assert not machine.locks.locked()
    assert machine.machine.notices == ["ended_suspend"]


def test_a_bus_that_died_is_found_again(services: Services, machine: PoweredMachine) -> None:
    machine.start()
    wait_for(services.inhibitors, what="the inhibitor")
    saver(services, True)
    wait_for(machine.locks.locked, what="the lock")
    services.kill_bus()
    wait_for(lambda: not any(watch.alive for watch in machine.watches), what="the loss")
    # The source is gone: the state is unknown.
    wait_for(lambda: not machine.locks.locked(), what="the lock to be forgotten")
    services.start_bus()
    services.play_logind()
    wait_for(lambda: all(watch.alive for watch in machine.watches), what="the new bus")
    machine.start()
    wait_for(services.inhibitors, what="an inhibitor on the new bus")
    services.session("Lock")
    wait_for(lambda: not machine.recording(), what="the lock on the new bus")


def test_after_a_restart_of_a_service_its_state_counts(
    services: Services, machine: PoweredMachine
) -> None:
    machine.start()
    wait_for(services.inhibitors, what="the inhibitor")
    services.end(LOGIND)
    services.play_logind()
    wait_for(services.inhibitors, what="the inhibitor of the new service")
    assert machine.recording()
    services.end(SAVER)
    services.play(SAVER, "--template", "gnome_screensaver", "--session")
    saver(services, True)
    wait_for(lambda: not machine.recording(), what="the lock")


def test_our_session_is_found_by_this_process(services: Services) -> None:
    services.play_logind()
    method = (f"{LOGIND}.Manager", "GetSessionByPID", "u", "o")
    services.ask(
        LOGIND, MANAGER, MOCK, "AddMethod", "sssss", *method, f'ret = "{MANAGER}/session/c7"'
    )
    services.session("SetLockedHint", "b", True)
    machine = PoweredMachine(lambda: [Logind(services.address, at_once)])
    # Locked before the start: the initial state is read, not only changes.
    wait_for(machine.locks.locked, what="the lock")
    calls = services.ask(LOGIND, MANAGER, MOCK, "GetMethodCalls", "s", "GetSessionByPID")
    assert [each[1] for each in calls[0]] == [[("u", os.getpid())]]
    machine.guard.stop()


def test_a_monitor_without_a_bus_can_be_stopped(tmp_path: Path) -> None:
    watch = Logind(f"unix:path={tmp_path}/none", lambda _: 1000.0)
    guard = PowerCoordinator(Machine().engine, LockState(), [watch])
    guard.start()
    guard.stop()
    assert not watch.alive


# No picture while locked; the table


def test_a_requested_lock_that_is_not_confirmed_ends_with_the_next_start() -> None:
    locks = LockState()
    guard = PowerCoordinator(Machine().engine, locks, [])
    guard.apply_settings(Status(state="recording"))
    guard.lock_requested()
    guard.apply_settings(Status(state="recording"))
    assert locks.locked()
    guard.apply_settings(Status(state="stopped"))
    assert locks.locked()
    guard.apply_settings(Status(state="starting"))
    assert not locks.locked()


ALL = frozenset({"system-bus", "session-bus"})
WAYS = [
    (Environment("linux", "x11", features=ALL), ["logind", "screensaver"]),
    (Environment("linux", "wayland", features=ALL), ["logind", "screensaver"]),
    (Environment("linux", "x11", features=frozenset({"system-bus"})), ["logind"]),
    (Environment("linux", "x11", features=frozenset({"session-bus"})), ["screensaver"]),
    (Environment("linux", "x11"), []),
    (Environment("win32", "windows"), ["windows"]),
    (Environment("darwin", "aqua"), ["mac"]),
]


@pytest.mark.parametrize(("desk_", "names"), WAYS)
def test_each_environment_has_its_watches(desk_: Environment, names: list[str]) -> None:
    choice = select_power(desk_, {}, at_once)
    assert [watch.name for watch in choice.watches] == names
    assert (choice.reason == NO_BACKEND) == (not names)


def test_each_row_of_the_table_fits_an_environment() -> None:
    assert all(any(row.fits(desk_) for desk_, _ in WAYS) for row in RULES)


def test_a_bus_is_found_only_if_it_answers(services: Services, tmp_path: Path) -> None:
    nowhere = f"unix:path={tmp_path}/none"
    both = {"DBUS_SYSTEM_BUS_ADDRESS": services.address}
    seen = detect_environment(
        both | {"DBUS_SESSION_BUS_ADDRESS": services.address}, "linux"
    ).features
    assert seen >= ALL
    assert detect_environment(
        both | {"DBUS_SESSION_BUS_ADDRESS": nowhere}, "linux"
    ).features & ALL == {"system-bus"}
    assert detect_environment(both | {"XDG_RUNTIME_DIR": str(tmp_path)}, "linux").features >= ALL
    assert not detect_environment({"DBUS_SYSTEM_BUS_ADDRESS": nowhere}, "linux").features & ALL
