"""Counting in a helper process: the real pipe, with the X11 listener."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.tracker.input.backends.test_x11 import Total, uptime_ms
from tracker.input.backends.helper_process import OPTION, HelperInput, command
from tracker.input.interface import InputError
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts
from ui.cli.main import HELPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")

TEXT = "The quick brown fox"


@pytest.fixture
def helper() -> Iterator[HelperInput]:
    made = HelperInput()
    yield made
    made.stop()


def process_of(helper: HelperInput) -> subprocess.Popen[bytes]:
    assert helper._process is not None
    return helper._process


def test_counts_equal_what_was_sent(clean_desktop: Desktop, helper: HelperInput) -> None:
    target = Target(clean_desktop, "helped")
    x, y = target.window.rect.centre
    counters = Counters(uptime_ms)
    helper.start(counters)
    assert helper.alive()
    target.type(TEXT)
    clean_desktop.xdotool("mousemove", str(x), str(y))
    for button, times in ((1, 20), (4, 15)):
        clean_desktop.xdotool("click", "--repeat", str(times), "--delay", "1", str(button))
    clean_desktop.xdotool("key", "Return")
    total = Total(counters.take)
    keys = len(TEXT) + 2  # with Shift for T, and Return
    total.wait(keys=keys, clicks=20, scrolls=15)
    total.add()
    assert (total.keys, total.clicks, total.scrolls) == (keys, 20, 15)
    assert total.moves >= 1


def test_what_was_counted_before_the_end_is_reported_and_nothing_after(
    clean_desktop: Desktop, helper: HelperInput
) -> None:
    for _ in range(3):
        counters = Counters(uptime_ms)
        helper.start(counters)
        process = process_of(helper)
        clean_desktop.xdotool("key", "a")
        total = Total(counters.take)
        total.wait(keys=1)
        helper.stop()
        assert process.returncode == 0
        assert not helper.alive()
        clean_desktop.xdotool("key", "b")
        total.add()
        assert total.keys == 1


def test_a_helper_that_dies_is_noticed_and_another_one_takes_its_place(
    clean_desktop: Desktop, helper: HelperInput
) -> None:
    meter = InputMonitor(helper, uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    process_of(helper).kill()
    gap = wait_for(lambda: next((c for c in [meter.take()] if not c.measured), None))
    assert gap == Counts("unavailable")
    wait_for(lambda: meter.take().measured, what="another helper")
    clean_desktop.xdotool("key", "b")
    Total(meter.take).wait(keys=1)
    meter.stop()


def test_the_helper_shows_when_its_listener_fails(
    bare_x: Callable[..., Desktop], helper: HelperInput
) -> None:
    desktop = bare_x()
    helper.start(Counters(uptime_ms))
    desktop.kill_x()
    wait_for(lambda: not helper.alive(), what="the failure to be noticed")


def test_without_a_display_the_helper_states_why(
    monkeypatch: pytest.MonkeyPatch, helper: HelperInput
) -> None:
    monkeypatch.setenv("DISPLAY", ":987654")
    with pytest.raises(InputError, match="cannot listen to input") as caught:
        helper.start(Counters(uptime_ms))
    assert caught.value.quality == "unavailable"
    assert not helper.alive()


def test_the_helper_ends_with_the_program_that_started_it(clean_desktop: Desktop) -> None:
    """The listener ends however the program ends."""
    program = (
        "import os, time\n"
        "from tracker.input.minute_counters import Counters\n"
        "from tracker.input.backends.helper_process import HelperInput\n"
        "helper = HelperInput()\n"
        "helper.start(Counters(lambda: 0))\n"
        "print(helper._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    pid = int(done.stdout)

    def gone() -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("ascii")
            return stat.rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    wait_for(gone, what="the helper to end")


# The pipe, with a simulated helper


def simulated(script: str) -> HelperInput:
    return HelperInput([sys.executable, "-c", f"import os, sys\n{script}"])


def test_each_pair_of_the_pipe_is_one_event() -> None:
    helper = simulated('os.write(1, b"!!k?k+k-c+s-m?")')
    counters = Counters(lambda: 0)
    helper.start(counters)
    wait_for(lambda: not helper.alive(), what="the end")
    assert counters.take() == Counts("ok", 3, 1, 1, 1, 2)
    helper.stop()


def test_a_permission_that_is_missing_in_the_helper_is_reported() -> None:
    helper = simulated('os.write(1, "xdnot allowed, überhaupt".encode())')
    with pytest.raises(InputError, match="not allowed, überhaupt") as caught:
        helper.start(Counters(lambda: 0))
    assert caught.value.quality == "denied"


@pytest.mark.parametrize("output", ["", "k?", "?"])
def test_a_helper_that_does_not_begin_with_its_state_does_not_listen(output: str) -> None:
    helper = simulated(f'os.write(1, b"{output}")')
    with pytest.raises(InputError, match="exited before it was ready"):
        helper.start(Counters(lambda: 0))


@pytest.mark.expected_logs("an unknown message")
def test_an_invalid_answer_of_the_helper_is_refused() -> None:
    helper = simulated('os.write(1, b"!!k?zz")\nsys.stdin.read()')
    counters = Counters(lambda: 0)
    helper.start(counters)
    wait_for(lambda: not helper.alive(), what="the reading to end")
    assert counters.take().keys == 1
    helper.stop()


def test_a_program_that_is_not_there_is_reported() -> None:
    helper = HelperInput(["/no/such/program"])
    with pytest.raises(InputError, match="the helper cannot be started"):
        helper.start(Counters(lambda: 0))
    helper.stop()


def test_a_packaged_program_is_its_own_helper(
    clean_desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters = Counters(uptime_ms)
    helper = HelperInput([sys.executable, "-m", "ui.cli.main", OPTION])
    helper.start(counters)
    clean_desktop.xdotool("key", "a")
    Total(counters.take).wait(keys=1)
    helper.stop()
    assert command()[0] == sys.executable
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable, OPTION]
    assert HELPERS[OPTION] == "tracker.input.backends.helper_process"
