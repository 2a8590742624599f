"""The machine sleeps and the screen is locked while the real program runs; logind is simulated."""

from __future__ import annotations

import pytest

from tests.desktop_fixtures.services import Services
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem

pytestmark = pytest.mark.xdist_group("end2end-1")


def test_sleep_waits_for_the_record_and_a_lock_ends_it(system: RunningSystem) -> None:
    system.desktop.env["XDG_SESSION_ID"] = "c7"
    with Services(system.desktop.dir / "run", "system-bus") as services:
        services.play_logind()
        system.open_client()
        system.gui.start_recording("Before the sleep")
        wait_for(services.inhibitors, what="the inhibitor")
        began = system.demo_ms()
        wait_for(lambda: system.demo_ms() > began + 20_000, timeout=60, every=0.2)
        system.wait_into_slot()
        services.prepare("Sleep", True)
        wait_for(lambda: not services.inhibitors(), what="the sleep to be let begin")
        services.prepare("Sleep", False)
        system.gui.start_recording("After the sleep")
        wait_for(services.inhibitors, what="the inhibitor, again")
        began = system.demo_ms()
        wait_for(lambda: system.demo_ms() > began + 20_000, timeout=60, every=0.2)
        system.wait_into_slot()
        services.session("Lock")
        wait_for(lambda: not services.inhibitors(), what="the end of the run")
        # A picture in review delays the sealing of its segment.
        system.wait_sealed("suspend")
        system.wait_sealed("lock")
        assert system.client is not None
        system.client.stop()
        ends = [s.segment.end for s in system.sealed() if s.segment.end != "slot"]
        assert ends == ["suspend", "lock"]
