"""Power cuts: the client or the marketplace dies in the middle, and nothing is lost or doubled."""

from __future__ import annotations

import itertools

import pytest

from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.office import Office

pytestmark = pytest.mark.xdist_group("end2end")


def test_the_client_dies_in_mid_segment(office: Office) -> None:
    client = office.open_client()
    office.hands.start_recording("Before the power cut")
    target = Target(office.desktop, "WORK")
    target.type("some work", delay_ms=30)
    office.wait_mid_slot()
    client.kill()
    office.open_client()
    office.wait_sealed("crash")
    office.wait_all_sent()
    sealed = office.sealed()
    assert sealed[-1].segment.end == "crash"
    recorded = sum(s.segment.seconds for s in sealed)
    # At most the journal's interval, one real second in a demo and its sample, is lost.
    assert recorded >= 60
    for before, after in itertools.pairwise(sealed):
        assert after.segment.prev == before.hash
        assert after.segment.t0 >= before.segment.t1
    office.hands.start_recording("After it")
    wait_for(lambda: office.hands.is_recording(office.hands.open_window()), what="recording")
    office.wait_mid_slot()
    office.hands.stop_recording()
    office.wait_sealed("stop")
    office.wait_all_sent()
    again = office.sealed()
    assert [s.hash for s in again[: len(sealed)]] == [s.hash for s in sealed]
    assert again[len(sealed)].segment.prev == sealed[-1].hash


def test_the_marketplace_dies_while_work_goes_on(office: Office) -> None:
    office.open_client()
    office.hands.start_recording("Through the marketplace's power cut")
    office.wait_mid_slot()
    assert office.marketplace is not None
    office.marketplace.kill()
    office.hands.stop_recording()
    office.wait_sealed("stop")
    office.open_marketplace()
    office.wait_all_sent()
    digests = [receipt.leaf.digest for receipt in office.receipts()]
    assert sorted(digests) == sorted(s.hash for s in office.sealed())


def test_the_screen_dies_while_recording(office: Office) -> None:
    """The program ends with its X server, as every program of the session does, but not without
    a word: it seals, or leaves in its journal what is still looked at.
    """
    client = office.open_client()
    office.hands.start_recording("Before the screen died")
    office.wait_mid_slot()
    office.desktop.kill_x()
    wait_for(lambda: not client.running, what="the end of the program")
    office.desktop.start_x_again()
    office.open_client()
    office.wait_sealed("stop")
    office.wait_all_sent()
    sealed = office.sealed()
    assert sealed[-1].segment.end == "stop"
    assert sum(s.segment.seconds for s in sealed) >= 60
