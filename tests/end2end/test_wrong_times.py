"""The clock of a marketplace or a computer is hours off: recording continues, with real programs.

A proxy rewrites the time in the marketplace's responses.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.dev.processes import Links, MarketplaceProcess
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem, closing_with_evidence
from tests.end2end.test_recording_goes_on import _SHIFT, check_chain, state
from tests.uploader.proxy import Exchange, Fault, FaultProxy, Reply, running

pytestmark = pytest.mark.xdist_group("end2end-real-time")

TWO_HOURS_S = 7_200
HUGE = 9_007_199_254_740_991


class ProxiedSystem(RunningSystem):
    """A running system in real time whose client reaches the marketplace through `proxy`."""

    def __init__(self, folder: Path, desktop: Desktop, proxy: FaultProxy) -> None:
        self.proxy = proxy
        super().__init__(folder, desktop, speed=None)

    def open_marketplace(self) -> Links:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.proxy.upstream_port = free.getsockname()[1]
        self.marketplace = MarketplaceProcess(
            self.folder / "market",
            self._env({}),
            speed=None,
            more=("--port", str(self.proxy.upstream_port), "--base-url", self.proxy.url),
        )
        self.links = self.marketplace.links()
        return self.links

    def wait_answers(self, path: str) -> None:
        """Wait until the client has requested `path` once more and received the response."""
        before = self._answers(path)
        wait_for(lambda: self._answers(path) > before, timeout=150, what=f"{path} to be read")

    def _answers(self, path: str) -> int:
        return sum(seen.path.partition("?")[0] == path for seen in list(self.proxy.seen))


@pytest.fixture
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ProxiedSystem]:
    with Desktop() as desktop, running(FaultProxy()) as proxy:
        proxy.now_s = time.time
        with closing_with_evidence(ProxiedSystem(tmp_path, desktop, proxy), request) as made:
            yield made


def shifted(by_ms: int | None) -> Fault:
    """The marketplace's time, shifted; None: an invalid number."""

    def fault(exchange: Exchange) -> None:
        reply = exchange.forward()
        headers = []
        for name, value in reply.headers:
            wrong = str(HUGE if by_ms is None else int(value) + by_ms) if is_time(name) else value
            headers.append((name, wrong))
        exchange.reply(Reply(reply.status, headers, reply.body))

    return fault


def is_time(name: str) -> bool:
    return name.lower() == "workdiary-time"


def wait_journaled(system: RunningSystem) -> None:
    """Wait until seconds of the run are on disk, so that Stop leaves a segment."""

    def seconds() -> bool:
        for path in state(system).glob("journal/stretch.*"):
            run = json.loads(path.read_bytes().partition(b"\n")[2])
            # The first and the newest reading of the clocks: wall time, uptime, awake time in ms.
            if run["upto"][1] - run["begin"][1] >= 2_000:
                return True
        return False

    wait_for(seconds, timeout=60, every=0.1, what="a journaled run")


def worked(system: RunningSystem, memo: str) -> None:
    """Record until some seconds are in the journal, and stop."""
    before = len(system.sealed())
    system.gui.start_recording(memo)
    Target(system.desktop, "WORK").type("some work", delay_ms=100)
    wait_journaled(system)
    system.gui.stop_recording()
    wait_for(lambda: len(system.sealed()) > before, timeout=150, what="a segment")


def check_times(system: RunningSystem, began_s: float) -> None:
    """Every segment lies in the true time of the test, and its receipt is here."""
    system.wait_all_sent()
    for sealed in system.sealed():
        assert began_s - 2 <= sealed.segment.t0 < sealed.segment.t1 <= time.time() + 2
    check_chain(system)


@pytest.mark.parametrize("by_ms", [TWO_HOURS_S * 1000, None], ids=str)
def test_a_wrong_time_of_the_marketplace_stops_no_recording(
    system: ProxiedSystem, by_ms: int | None
) -> None:
    began_s = time.time()
    system.open_client()
    window = system.gui.open_window()
    system.gui.start_recording("Before the wrong time")
    system.proxy.always = shifted(by_ms)
    # The next comparison, within a minute, carries it.
    system.wait_answers("/v1/me")
    system.wait_answers("/v1/contracts")
    system.gui.wait_recording(window)
    system.gui.stop_recording()
    wait_for(system.sealed, timeout=150, what="a segment")
    check_times(system, began_s)
    # A start has only the wrong time, and records.
    assert system.client is not None
    system.client.stop()
    system.open_client()
    worked(system, "After a restart")
    check_times(system, began_s)
    system.proxy.always = None
    system.client.stop()
    system.open_client()
    worked(system, "With the right time")
    check_times(system, began_s)
    assert len(system.sealed()) >= 3


@pytest.mark.parametrize("off_s", [TWO_HOURS_S, -TWO_HOURS_S])
def test_recording_continues_after_the_button_of_the_clock_notice(
    system: ProxiedSystem, tmp_path: Path, off_s: int
) -> None:
    """This computer has joined; its clock is off at the next start."""
    folder, seconds = tmp_path / "shift", tmp_path / "shift" / "seconds"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_SHIFT)
    seconds.write_text("0")
    system.desktop.env.update(PYTHONPATH=str(folder), SHIFT_FILE=str(seconds))
    began_s = time.time()
    client = system.open_client()
    worked(system, "With the right clock")
    client.stop()
    # Two where a slot ended meanwhile.
    before = len(system.sealed())
    # Its estimate of the marketplace's time ended with the boot.
    (state(system) / "journal" / "clock").unlink()
    seconds.write_text(str(off_s))
    system.open_client()
    window = system.gui.open_window()
    system.gui.wait_ready(window)
    system.gui.write_memo(window, "By the time of the marketplace")
    system.gui.press_button(window)
    assert not system.gui.is_recording(window)
    assert len(system.sealed()) == before
    system.desktop.focus(window)
    # The mnemonic of "Use its time".
    system.desktop.xdotool("key", "alt+u")
    wait_journaled(system)
    system.gui.stop_recording()
    wait_for(lambda: len(system.sealed()) > before, timeout=150, what="a segment")
    check_times(system, began_s)
