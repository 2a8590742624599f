"""Commands and the segments sealed from them: start, stop, switch, memo, slots, contracts."""

from __future__ import annotations

import pytest

from diary.core.slots import SLOT, WEEK, week_of
from tests.diary.world import START
from tests.tracker.machine import Machine


def test_an_hour_of_work_is_six_whole_slots() -> None:
    m = Machine()
    m.start()
    m.run(3600)
    sealed = m.finish()
    assert m.spans() == [(i * 600, (i + 1) * 600) for i in range(6)]
    assert m.ends() == ["slot"] * 6
    assert {s.memo for s in sealed} == {"Write tests"}
    assert {s.segment.shot for s in sealed} == {"ok"}
    report = m.verify()
    assert report.findings == ()
    assert {checked.assurance for checked in report.segments.values()} == {"A"}


def test_the_ends_are_the_exact_seconds_of_start_and_stop() -> None:
    m = Machine()
    m.run(100.9)
    m.start()
    m.run(50.2)
    m.finish()
    body = m.disk.sealed[0].segment
    assert m.spans() == [(100, 151)]
    assert body.end == "stop"
    assert body.up1 is not None
    assert body.up0 is not None
    assert (body.up1 - body.up0, body.awake) == (50_200, 50_200)
    assert m.errors() == []


def test_nothing_is_sealed_within_one_second() -> None:
    m = Machine()
    m.run(10.1)
    m.start()
    m.run(0.8)
    assert m.finish() == []
    assert m.disk.journal.keys() == {"clock"}


def test_a_new_memo_seals_and_opens_at_the_same_second() -> None:
    m = Machine()
    m.start("Draft")
    m.run(120.5)
    m.engine.set_memo("Review")
    m.run(60)
    sealed = m.finish()
    assert m.spans() == [(0, 120), (120, 180)]
    assert m.ends() == ["switch", "stop"]
    assert [s.memo for s in sealed] == ["Draft", "Review"]
    assert m.errors() == []


def test_start_with_another_memo_changes_it_and_with_the_same_one_does_nothing() -> None:
    m = Machine()
    m.start("Draft")
    m.run(60)
    m.start("Draft")
    m.run(60)
    m.start("Review")
    m.run(60)
    m.finish()
    assert m.spans() == [(0, 120), (120, 180)]


def test_another_contract_has_a_chain_of_its_own_from_the_same_second() -> None:
    m = Machine()
    other = m.other_contract()
    m.start()
    m.run(120.5)
    m.start("Elsewhere", other)
    m.run(60)
    sealed = m.finish()
    assert m.spans() == [(0, 120), (120, 180)]
    assert [(s.segment.ctr, s.segment.seq) for s in sealed] == [(m.ctr, 0), (other, 0)]
    assert m.ends() == ["switch", "stop"]


@pytest.mark.parametrize(("memo", "code"), [("  ", "memo_required"), ("m" * 2001, "memo_too_long")])
def test_a_memo_that_cannot_be_sealed_changes_nothing(memo: str, code: str) -> None:
    m = Machine()
    m.start(memo)
    assert (m.state(), m.notices) == ("stopped", [code])
    m.start("Draft")
    m.run(60)
    m.engine.set_memo(memo)
    m.run(60)
    assert [s.memo for s in m.finish()] == ["Draft"]


def test_a_slot_that_ends_while_the_engine_is_late_ends_exactly() -> None:
    m = Machine()
    m.run(595)
    m.start()
    m.run(2)
    m.pass_time(8_000)
    m.step()
    m.run(5)
    m.finish()
    assert m.spans() == [(595, 600), (600, 610)]
    assert [s.segment.awake for s in m.disk.sealed] == [5_000, 10_000]
    assert m.errors() == []


def test_an_engine_that_stood_still_for_slots_seals_them_all_and_claims_no_input() -> None:
    m = Machine(terms={"idle_s": 900})
    m.run(590)
    m.start()
    m.run(5)
    m.input.keys = 7
    m.pass_time(700_000)
    m.step()
    m.run(5)
    sealed = m.finish()
    assert m.spans() == [(590, 600), (600, 1200), (1200, 1300)]
    assert sealed[1].minutes == ((None,) * 5,) * 10
    assert sealed[1].segment.active == 0
    assert m.errors() == []


def test_locking_and_suspending_end_the_run_and_start_continues() -> None:
    m = Machine()
    for end, after in ((m.engine.lock, m.engine.unlock), (m.engine.suspend, m.engine.resume)):
        m.start()
        m.run(60)
        end()
        m.run(30)
        after()
        m.run(30, typing=True)
        assert m.state() == "stopped"
    m.finish()
    assert m.spans() == [(0, 60), (120, 180)]
    assert m.ends() == ["lock", "suspend"]
    assert m.notices == ["ended_lock", "ended_suspend"]


def test_the_time_asleep_is_not_credited_and_the_run_ends_at_the_last_sample_awake() -> None:
    m = Machine()
    m.start()
    m.run(100)
    m.clocks.sleep(8 * 3600 * 1000)
    m.step()
    assert m.state() == "stopped"
    m.finish()
    assert m.spans() == [(0, 100)]
    assert m.ends() == ["suspend"]
    assert m.errors() == []


def test_many_short_sleeps_end_the_run_before_they_add_up_to_a_false_length() -> None:
    m = Machine()
    m.start()
    for _ in range(20):
        m.run(10)
        m.clocks.sleep(90)
    m.finish()
    assert m.ends()[0] == "suspend"
    assert m.errors() == []


@pytest.mark.parametrize("jump_s", [3600, -3600, 86_400, -86_400])
def test_a_jump_of_a_clock_that_the_marketplace_overrules_costs_nothing(jump_s: int) -> None:
    m = Machine()
    m.session.observe(m.clocks.wall, m.clocks.up)
    m.start()
    m.run(300)
    m.clocks.wall += jump_s * 1000
    m.run(600)
    m.finish()
    assert m.spans() == [(0, 300), (300, 600), (600, 900)]
    assert m.ends() == ["switch", "slot", "stop"]
    assert [s.segment.off for s in m.disk.sealed] == [0, jump_s * 1000, jump_s * 1000]
    assert m.notices == ["clock_set"]
    assert m.errors() == []


def test_a_clock_that_is_set_during_absence_makes_no_work_of_idle_time() -> None:
    m = Machine(terms={"kept": False})
    m.session.observe(m.clocks.wall, m.clocks.up)
    m.start()
    m.run(200)
    m.run(120, typing=False)
    m.clocks.wall += 3_600_000
    m.run(500, typing=False)
    assert m.notices == ["clock_set", "ended_idle"]
    assert m.spans() == [(0, 200)]


def test_the_record_is_cut_at_midnight_and_at_the_weeks_end_as_at_any_slot() -> None:
    to_monday = week_of(START) + WEEK - SLOT - START
    m = Machine(slots=0)
    for i in range(2):
        m.world.add_beacon(START + to_monday + i * SLOT)
    m.run(to_monday + 300, typing=False)
    m.start()
    m.run(600)
    m.finish()
    assert m.spans() == [(to_monday + 300, to_monday + 600), (to_monday + 600, to_monday + 900)]
    assert m.status.week_s == 300
    assert m.errors() == []


def test_stop_without_a_run_and_commands_in_the_wrong_state_do_nothing() -> None:
    m = Machine()
    m.engine.stop()
    m.engine.set_memo("Review")
    m.engine.lock()
    m.engine.suspend()
    m.engine.keep_picture("none")
    m.engine.hold_picture("none", True)
    m.run(10)
    assert m.state() == "stopped"
    assert m.disk.sealed == []


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"state": "paused"}, "contract_paused"),
        ({"state": "ended"}, "contract_ended"),
        ({"from_s": START + 10_000}, "terms_not_yet"),
        ({"limit_s": 0}, "limit_reached"),
    ],
)
def test_start_is_refused_where_the_terms_forbid_it(terms: dict[str, object], code: str) -> None:
    m = Machine(terms=terms)
    m.start()
    assert (m.state(), m.notices) == ("stopped", [code])


def test_start_is_refused_for_an_unknown_contract() -> None:
    m = Machine()
    m.start(ctr="A" * 22)
    assert (m.state(), m.notices) == ("stopped", ["contract_unknown"])


def test_a_contract_that_is_paused_while_recording_ends_the_run_at_the_next_slot() -> None:
    m = Machine()
    m.start()
    m.run(300)
    paused = m.other_contract(state="paused")
    m.disk.contract_infos[m.ctr] = m.disk.contract_infos[paused]
    m.run(600)
    assert m.notices == ["contract_paused"]
    m.finish()
    assert m.spans() == [(0, 600)]


def test_terms_that_begin_later_do_not_bind_yet() -> None:
    m = Machine()
    m.start()
    m.run(300)
    later = m.other_contract(from_s=START + 5_000)
    m.disk.contract_infos[m.ctr] = m.disk.contract_infos[later]
    m.run(600)
    m.finish()
    assert {s.segment.terms for s in m.disk.sealed} == {m.world.terms.digest}
