"""Much input on real X servers, from devices and programs at once, with a failing listener."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tests.tracker.input.backends.test_injected import cut
from tests.tracker.input.backends.test_x11 import ENDED, Total, backend_of, uptime_ms
from tracker.input.backends.x11.xinput2 import xinput2
from tracker.input.minute_counters import Counters
from tracker.input.monitor import InputMonitor
from tracker.model.activity import Counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")


def test_simultaneous_input_of_people_and_programs_is_distinguished(nested: Desktop) -> None:
    counters = Counters(uptime_ms)
    backend = xinput2()
    backend.start(counters)

    def storm(by: Callable[..., str], key: str, keys: int, button: str, clicks: int) -> None:
        for _ in range(5):
            by("key", "--repeat", str(keys // 5), "--delay", "1", key)
            by("click", "--repeat", str(clicks // 5), "--delay", "1", button)

    with ThreadPoolExecutor(2) as both:
        sent = [
            both.submit(storm, nested.xdotool, "a", 200, "1", 50),
            both.submit(storm, nested.hardware_xdotool, "b", 300, "3", 100),
        ]
        for one in sent:
            one.result()
    total = Total(counters.take)
    total.wait(keys=500, clicks=150)
    total.add()
    backend.stop()
    assert (total.keys, total.clicks, total.injected) == (500, 150, 250)


@pytest.mark.expected_logs(ENDED)
@pytest.mark.parametrize("backend", ["xinput2"])
def test_input_while_no_listener_runs_is_a_gap_and_the_rest_is_exact(
    clean_desktop: Desktop, backend: str
) -> None:
    meter = InputMonitor(backend_of(backend), uptime_ms, retry_s=0.05)
    meter.start(wait_s=20)
    total = Total(meter.take)

    def storm(keys: int) -> None:
        clean_desktop.xdotool("key", "--repeat", str(keys), "--delay", "1", "a")

    storm(300)
    total.wait(keys=300)
    cut(meter)
    # The monitor detects it at the next take, so that all of this falls into the gap.
    storm(100)
    assert meter.take() == Counts("unavailable")
    wait_for(lambda: meter.take().measured, what="counts again")
    storm(200)
    total.wait(keys=500)
    total.add()
    meter.stop()
    assert total.keys == 500


@pytest.mark.expected_logs(ENDED)
@pytest.mark.parametrize("backend", ["xinput2"])
def test_many_keys_during_a_restart_are_not_counted_twice(
    clean_desktop: Desktop, backend: str
) -> None:
    meter = InputMonitor(backend_of(backend), uptime_ms, retry_s=0.01)
    meter.start(wait_s=20)
    total = Total(meter.take)
    calm = threading.Event()

    def storm() -> int:
        sent = 0
        while not calm.is_set():
            clean_desktop.xdotool("key", "--repeat", "200", "--delay", "1", "a")
            sent += 200
        return sent

    with ThreadPoolExecutor(1) as other:
        storming = other.submit(storm)
        try:
            total.wait(keys=100)
            cut(meter)
            wait_for(lambda: not meter.take().measured, what="the gap")
            wait_for(lambda: meter.take().measured, what="counts again")
            through = Total(meter.take)
            through.wait(keys=100)
        finally:
            calm.set()
        sent = storming.result()
    # Counts after the storm are exact again.
    clean_desktop.xdotool("click", "--repeat", "7", "--delay", "1", "1")
    through.wait(clicks=7)
    through.add()
    meter.stop()
    assert through.clicks == 7
    assert total.keys + through.keys <= sent
