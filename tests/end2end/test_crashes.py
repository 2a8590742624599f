"""Crashes: the client or the marketplace is killed, and no work is lost or doubled."""

from __future__ import annotations

import itertools

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem

pytestmark = pytest.mark.xdist_group("end2end-1")


def test_the_client_is_killed_within_a_segment(system: RunningSystem) -> None:
    client = system.open_client()
    system.gui.start_recording("Before the power cut")
    target = Target(system.desktop, "WORK")
    target.type("some work", delay_ms=30)
    system.wait_mid_slot()
    client.kill()
    system.open_client()
    system.wait_sealed("crash")
    system.wait_all_sent()
    sealed = system.sealed()
    assert sealed[-1].segment.end == "crash"
    recorded = sum(s.segment.seconds for s in sealed)
    # At most the journal's interval, one real second in a demo and its sample, is lost.
    assert recorded >= 60
    for before, after in itertools.pairwise(sealed):
        assert after.segment.prev == before.hash
        assert after.segment.t0 >= before.segment.t1
    system.gui.start_recording("After it")
    system.gui.wait_recording(system.gui.open_window())
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    again = system.sealed()
    assert [s.hash for s in again[: len(sealed)]] == [s.hash for s in sealed]
    assert again[len(sealed)].segment.prev == sealed[-1].hash


def test_the_marketplace_is_killed_while_work_continues(system: RunningSystem) -> None:
    system.open_client()
    system.gui.start_recording("Through the marketplace's power cut")
    system.wait_mid_slot()
    assert system.marketplace is not None
    system.marketplace.kill()
    system.gui.stop_recording()
    system.wait_sealed("stop")
    system.open_marketplace()
    system.wait_all_sent()
    digests = [receipt.leaf.digest for receipt in system.receipts()]
    assert sorted(digests) == sorted(s.hash for s in system.sealed())


def test_the_screen_dies_while_recording(system: RunningSystem) -> None:
    """The program ends with its X server, like every program of the session, but seals first, or
    leaves pictures in review in its journal.
    """
    client = system.open_client()
    system.gui.start_recording("Before the screen died")
    system.wait_mid_slot()
    system.desktop.kill_x()
    wait_for(lambda: not client.running, what="the end of the program")
    system.desktop.start_x_again()
    system.open_client()
    system.wait_sealed("stop")
    system.wait_all_sent()
    sealed = system.sealed()
    assert sealed[-1].segment.end == "stop"
    assert sum(s.segment.seconds for s in sealed) >= 60
