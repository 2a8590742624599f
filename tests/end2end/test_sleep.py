"""The machine sleeps, and the screen is locked, under the real program; logind is played."""

from __future__ import annotations

import pytest

from tests.desktop_fixtures.services import Services
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.office import Office

pytestmark = pytest.mark.xdist_group("end2end")


def test_sleep_waits_for_the_record_and_a_lock_ends_it(office: Office) -> None:
    office.desktop.env["XDG_SESSION_ID"] = "c7"
    with Services(office.desktop.dir / "run", "system-bus") as services:
        services.play_logind()
        office.open_client()
        office.hands.start_recording("Before the sleep")
        wait_for(services.inhibitors, what="the inhibitor")
        began = office.demo_ms()
        wait_for(lambda: office.demo_ms() > began + 20_000, timeout=60, every=0.2)
        services.prepare("Sleep", True)
        wait_for(lambda: not services.inhibitors(), what="the sleep to be let begin")
        services.prepare("Sleep", False)
        office.hands.start_recording("After the sleep")
        wait_for(services.inhibitors, what="the inhibitor, again")
        began = office.demo_ms()
        wait_for(lambda: office.demo_ms() > began + 20_000, timeout=60, every=0.2)
        services.session("Lock")
        wait_for(lambda: not services.inhibitors(), what="the end of the run")
        # A picture that is still looked at holds its segment back.
        office.wait_sealed("suspend")
        office.wait_sealed("lock")
        assert office.client is not None
        office.client.stop()
        ends = [s.segment.end for s in office.sealed() if s.segment.end != "slot"]
        assert ends == ["suspend", "lock"]
