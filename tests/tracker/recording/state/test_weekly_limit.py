"""The weekly limit: a warning, then a stop or unpaid time, by the terms."""

from __future__ import annotations

from tests.tracker.machine import Machine


def test_the_limit_is_warned_of_and_ends_the_run_at_its_exact_second() -> None:
    m = Machine(terms={"limit_s": 1000, "limit_rule": "stop"})
    m.start()
    m.run(799)
    assert m.notices == []
    m.run(1)
    assert m.notices == ["limit_near"]
    assert m.notice().params == {"percent": 80, "used_s": 800, "limit_s": 1000}
    m.run(150)
    assert m.notices == ["limit_near"] * 2
    m.run(100)
    assert m.notices == ["limit_near", "limit_near", "limit_reached"]
    assert m.state() == "stopped"
    m.run(30)
    assert m.spans() == [(0, 600), (600, 1000)]
    assert m.ends() == ["slot", "limit"]
    assert (m.status.week_s, m.status.limit_s) == (1000, 1000)
    m.start()
    assert m.notices[-1] == "limit_reached"
    assert m.state() == "stopped"
    assert m.errors() == []


def test_at_the_limit_for_pending_pictures_the_run_ends_with_its_slot_and_is_sealed() -> None:
    m = Machine()
    m.start()
    m.run(300)
    m.disk.full = True
    m.run(200)
    assert m.state() == "recording"
    m.run(200)
    assert (m.state(), m.notices) == ("stopped", ["pending_full"])
    m.run(60)
    assert (m.spans(), m.ends()) == ([(0, 600)], ["slot"])
    m.start()
    assert m.notices == ["pending_full"] * 2
    m.disk.full = False
    m.start()
    m.run(10)
    m.finish()
    assert len(m.spans()) == 2
    assert m.errors() == []


def test_a_limit_at_a_slots_end_ends_the_run_as_the_limit() -> None:
    m = Machine(terms={"limit_s": 600, "limit_rule": "stop"})
    m.start()
    m.run(700)
    assert (m.spans(), m.ends()) == ([(0, 600)], ["limit"])


def test_a_late_engine_still_ends_the_run_at_the_limits_second() -> None:
    m = Machine(terms={"limit_s": 300, "limit_rule": "stop", "idle_s": 900})
    m.start()
    m.run(10)
    m.input.keys = 1
    m.pass_time(800_000)
    m.step()
    m.run(60)
    assert (m.spans(), m.ends()) == ([(0, 300)], ["limit"])
    assert m.errors() == []


def test_where_the_terms_allow_work_continues_unpaid_with_one_notice() -> None:
    m = Machine(terms={"limit_s": 1000, "limit_rule": "unpaid"})
    m.start()
    m.run(1500)
    m.finish()
    assert m.notices == ["limit_near", "limit_near", "limit_unpaid"]
    assert m.spans() == [(0, 600), (600, 1200), (1200, 1500)]


def test_time_given_back_can_be_worked_again() -> None:
    m = Machine(terms={"limit_s": 900, "limit_rule": "stop", "review_s": 600})
    m.start()
    m.run(600)
    first = m.picture().id
    m.run(100)
    m.engine.delete_picture(first)
    m.step()
    m.run(1000)
    m.run(700, typing=False)
    assert m.spans() == [(600, 1200), (1200, 1500)]
    assert m.ends() == ["slot", "limit"]


def test_another_contract_has_its_own_limit() -> None:
    m = Machine(terms={"limit_s": 300, "limit_rule": "stop"})
    other = m.other_contract(limit_s=None)
    m.start()
    m.run(400)
    m.start("Elsewhere", other)
    m.run(400)
    m.finish()
    assert m.spans() == [(0, 300), (400, 600), (600, 800)]


def elsewhere(m: Machine, seconds: int) -> None:
    """The marketplace reports the time of another device on the contract today."""
    m.disk.elsewhere[m.world.ctr] = seconds
    m.engine.totals_changed()
    m.step()


def test_the_time_of_other_devices_counts_towards_warnings_and_limit() -> None:
    m = Machine(terms={"limit_s": 1000, "limit_rule": "stop"})
    m.start()
    m.run(100)
    assert (m.notices, m.status.week_s) == ([], 100)
    elsewhere(m, 700)
    assert m.notices == ["limit_near"]
    assert m.notice().params == {"percent": 80, "used_s": 800, "limit_s": 1000}
    assert (m.status.today_s, m.status.week_s) == (800, 800)
    m.run(150)
    assert m.notice().params == {"percent": 95, "used_s": 950, "limit_s": 1000}
    m.run(100)
    assert m.notices == ["limit_near", "limit_near", "limit_reached"]
    m.finish()
    assert (m.spans(), m.ends()) == ([(0, 300)], ["limit"])
    assert (m.status.week_s, m.status.limit_s) == (1000, 1000)
    assert m.errors() == []


def test_a_limit_that_other_devices_have_reached_ends_the_run_now_and_loses_nothing() -> None:
    m = Machine(terms={"limit_s": 1000, "limit_rule": "stop"})
    m.start()
    m.run(250)
    elsewhere(m, 900)
    assert (m.state(), m.notices) == ("stopped", ["limit_reached"])
    m.finish()
    assert (m.spans(), m.ends()) == ([(0, 250)], ["limit"])
    m.start()
    assert m.notices == ["limit_reached", "limit_reached"]
    assert m.errors() == []


def test_time_over_the_limit_is_not_shown_as_credited() -> None:
    m = Machine(terms={"limit_s": 1000, "limit_rule": "unpaid"})
    m.start()
    elsewhere(m, 700)
    m.run(500)
    assert (m.status.today_s, m.status.week_s, m.status.session_s) == (1000, 1000, 500)
    assert m.notices == ["limit_near", "limit_near", "limit_unpaid"]
