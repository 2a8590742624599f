"""Pictures: their scheduled times, reasons for missing ones, review, deletion."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.objects.picture import Picture
from diary.objects.picture_times import draw_value, scheduled_times
from diary.objects.segment import SealedSegment, parse, seal
from tests.diary.world import START
from tests.tracker.machine import Machine
from tracker.capture.interface import CaptureError, CaptureReason


def dues(m: Machine, sealed: SealedSegment) -> tuple[int, ...]:
    """The picture times of a segment, drawn again from its revealed value."""
    body = sealed.segment
    value = m.world.moments.value(body.slot)
    assert value is not None
    assert body.bcn is not None
    beacon = draw_value(m.world.beacon_value(body.bcn.slot), body.bcn.slot, body.slot)
    return scheduled_times(value, beacon, body.slot, body.t0, m.world.terms.shots)


@pytest.mark.parametrize(("shots", "slots"), [(1, 200), (2, 20), (3, 20)])
def test_over_many_slots_the_taken_picture_times_are_the_draws(shots: int, slots: int) -> None:
    terms = {"shots": shots, "shot_tol_ms": 0, "review_s": 60}
    m = Machine(terms=terms, speed=60, slots=slots + 1)
    m.start()
    m.run(slots * SLOT)
    m.stop()
    m.run(600)
    assert len(m.disk.sealed) == slots
    for sealed in m.disk.sealed:
        taken = [sealed.pictures[i].at for i in range(shots)]
        assert taken == list(dues(m, sealed))
        assert sealed.segment.shot == "ok"
    assert m.errors() == []


@pytest.mark.parametrize("shift_ms", [-11_000, 11_000])
def test_a_client_that_takes_a_picture_11_s_early_or_late_is_found(shift_ms: int) -> None:
    m = Machine()
    m.start()
    m.run(600)
    m.finish()
    honest = m.disk.sealed[0]
    assert m.errors() == []
    shot: Picture = replace(honest.pictures[0], at=honest.pictures[0].at + shift_ms)
    assert START * 1000 <= shot.at < (START + SLOT) * 1000
    assert honest.memo is not None
    forged = seal(
        honest.segment,
        memo=honest.memo,
        minutes=honest.minutes,
        shots=[shot],
        signer=m.world.key,
        random=m.world.random,
    )
    m.disk.raw, m.disk.sealed = [forged], [parse(forged)]
    m.world.logged.clear()
    assert m.errors() == ["E_SHOT_TIME"]


@pytest.mark.parametrize("shift_ms", [-1, 10_001])
def test_a_picture_that_came_outside_its_time_is_destroyed_and_recorded_as_an_error(
    shift_ms: int,
) -> None:
    m = Machine()
    m.screen.shift_ms = shift_ms
    m.start()
    m.run(600)
    sealed = m.finish()
    assert (sealed[0].segment.pics, sealed[0].segment.shot) == (0, "error")
    assert m.disk.blobs == {}
    assert m.errors() == []


@pytest.mark.parametrize("reason", get_args(CaptureReason))
def test_a_screen_that_refuses_is_recorded_with_its_reason_and_work_continues(
    reason: CaptureReason,
) -> None:
    m = Machine()
    m.screen.refusal = CaptureError(reason, "no")
    m.start()
    m.run(605)
    assert m.shown[-10].state == "recording"
    assert reason in {s.picture_reason for s in m.shown}
    sealed = m.finish()
    assert {s.segment.shot for s in sealed[:1]} == {reason}
    assert m.errors() == []


def test_the_first_picture_that_is_missing_gives_the_reason() -> None:
    m = Machine(terms={"shots": 2})
    m.start()
    m.run(1)
    assert m.engine._recorder.segment is not None
    first, second = m.engine._recorder.segment.picture_times
    m.screen.refusal = CaptureError("denied", "no")
    m.run((first - START * 1000) / 1000 + 1)
    m.screen.refusal = CaptureError("error", "no") if second - first < 2_000 else None
    m.run(600)
    assert m.finish()[0].segment.shot == "denied"
    assert m.errors() == []


def test_terms_without_pictures_take_none() -> None:
    m = Machine(terms={"shots": 0})
    m.start()
    m.run(600)
    m.finish()
    assert {s.segment.shot for s in m.disk.sealed} == {"none"}
    assert (m.screen.taken, m.errors()) == ([], [])


def test_a_segment_that_ends_before_its_picture_time_lawfully_has_no_picture() -> None:
    m = Machine()
    m.start()
    m.run(1)
    assert m.engine._recorder.segment is not None
    (due,) = m.engine._recorder.segment.picture_times
    m.run((due - START * 1000) / 1000 - 2)
    sealed = m.finish()
    assert [s.segment.shot for s in sealed] == ["ended"]
    assert (m.screen.taken, m.errors()) == ([], [])


def test_a_segment_waits_for_the_picture_that_is_being_taken_when_it_ends() -> None:
    m = Machine()
    m.worker.at_once = False
    m.start()
    while not m.worker.jobs:
        m.run(1)
    m.stop()
    m.run(5)
    assert m.disk.sealed == []
    m.worker.finish()
    m.run(20)
    # The screen answered after Stop: the picture is dropped, and its time was not missed.
    assert [s.segment.shot for s in m.disk.sealed] == ["ended"]
    assert (m.disk.blobs, m.errors()) == ({}, [])


def test_a_capture_without_an_answer_counts_as_failed_in_the_end() -> None:
    m = Machine()
    m.worker.at_once = False
    m.start()
    m.run(660)
    assert [s.segment.shot for s in m.disk.sealed] == ["error"]
    m.worker.finish()
    m.run(5)
    assert m.disk.blobs == {}


def test_an_engine_that_was_late_for_the_picture_time_records_error() -> None:
    m = Machine(terms={"idle_s": 900})
    m.start()
    m.input.keys = 1
    m.pass_time(600_000)
    m.step()
    m.finish()
    assert m.disk.sealed[0].segment.shot == "error"
    assert (m.screen.taken, m.errors()) == ([], [])


def test_a_picture_is_announced_with_its_countdown_and_sealing_waits_for_it() -> None:
    m = Machine(terms={"review_s": 60})
    m.start()
    while not m.has_picture():
        m.run(1)
    picture = m.picture()
    assert (picture.state, picture.width, picture.height) == ("review", 404, 2)
    assert picture.review_until_ms == picture.taken_ms + 60_000
    assert picture.removes_s == int(m.now_s)
    assert digest(picture.thumb) in m.disk.blobs
    m.stop()
    m.run(50)
    assert m.disk.sealed == []
    m.run(10)
    assert len(m.disk.sealed) == 1
    assert (m.picture().state, m.picture().removes_s) == ("kept", 0)


def test_keep_ends_the_review_at_once() -> None:
    m = Machine(terms={"review_s": 600})
    m.start()
    m.run(600)
    m.stop()
    assert m.disk.sealed == []
    m.engine.keep_picture(m.picture().id)
    m.step()
    assert len(m.disk.sealed) == 1


def test_looking_at_a_picture_holds_its_countdown_but_not_for_ever() -> None:
    m = Machine(terms={"review_s": 30})
    m.start()
    while not m.has_picture():
        m.run(1)
    id_ = m.picture().id
    m.stop()
    m.run(20)
    m.engine.hold_picture(id_, True)
    m.run(100)
    assert (m.picture().state, m.picture().review_until_ms) == ("review", None)
    m.engine.hold_picture(id_, False)
    m.run(5)
    assert m.disk.sealed == []
    m.run(10)
    assert len(m.disk.sealed) == 1
    m.engine.hold_picture(id_, True)
    m.run(1)
    assert m.picture().state == "kept"


def test_a_hold_without_an_end_ends_by_itself() -> None:
    m = Machine(terms={"review_s": 30})
    m.start()
    while not m.has_picture():
        m.run(1)
    m.engine.hold_picture(m.picture().id, True)
    m.stop()
    m.run(301)
    assert len(m.disk.sealed) == 1


def test_deleting_a_picture_discards_its_segment_and_a_new_one_begins_now() -> None:
    m = Machine()
    m.start()
    while not m.has_picture():
        m.run(1)
    m.run(5)
    id_, at = m.picture().id, int(m.now_s)
    gives_back = m.picture().removes_s
    m.engine.delete_picture(id_)
    m.step()
    assert m.disk.journal.keys() == {"clock", f"stretch/{m.engine._recorder.segment.id}"}  # type: ignore[union-attr]
    assert m.notices == ["given_back"]
    assert m.notice().params == {"seconds": gives_back}
    assert m.picture().state == "deleted"
    assert (m.status.session_s, m.status.today_s) == (0, 0)
    m.run(10)
    assert m.disk.blobs == {}
    m.run(600 - at - 10)
    m.finish()
    assert m.spans() == [(at, 600)]
    assert m.errors() == []


def test_deleting_after_the_slots_end_discards_only_the_picture_s_segment() -> None:
    m = Machine(terms={"review_s": 600})
    m.start()
    m.run(600)
    first = m.picture().id
    m.run(30)
    m.engine.delete_picture(first)
    m.step()
    m.stop()
    m.run(700)
    assert m.spans() == [(600, 630)]
    assert m.errors() == []


def test_a_sealed_picture_cannot_be_deleted_here_any_more() -> None:
    m = Machine()
    m.start()
    m.run(600)
    m.stop()
    m.run(60)
    m.engine.delete_picture(m.picture().id)
    m.step()
    assert m.notices == ["picture_gone"]
    assert len(m.disk.blobs) == 2


def test_a_twin_of_equal_bytes_survives_the_deletion_of_the_other() -> None:
    m = Machine(terms={"review_s": 600, "shots": 3})
    m.screen.same = True
    m.start()
    m.run(600)
    first = m.engine._recorder.segments.closed[0].pictures[0].id
    while (
        not m.engine._recorder.segments.unsealed[-1].pictures
        or len(m.engine._recorder.segments.unsealed) < 2
    ):
        m.run(1)
    assert len(m.disk.blobs) == 2
    m.engine.delete_picture(first)
    m.step()
    assert len(m.disk.blobs) == 2
    m.stop()
    m.run(700)
    assert [s.segment.pics for s in m.disk.sealed] == [1]
    assert m.errors() == []


def test_a_picture_in_the_last_part_of_a_second_that_was_cut_off_is_not_kept() -> None:
    m = Machine()
    m.start()
    m.run(1)
    assert m.engine._recorder.segment is not None
    (due,) = m.engine._recorder.segment.picture_times
    m.run((due - START * 1000) / 1000 - 1.0)
    m.run(0.0005)
    m.stop()
    body = m.disk.sealed[0].segment
    assert body.t1 * 1000 <= due
    assert (body.shot, body.pics) == ("ended", 0)
    assert not m.has_picture()
    assert (m.disk.blobs, m.errors()) == ({}, [])


def test_start_waits_for_the_slots_own_beacon_but_not_longer_than_3_s() -> None:
    m = Machine(slots=1)
    m.disk.held = {START - SLOT}
    m.start()
    m.run(2)
    assert m.state() == "starting"
    m.disk.held.add(START)
    m.run(1)
    assert m.state() == "recording"
    m.run(60)
    m.finish()
    assert m.spans() == [(2, 63)]
    assert m.disk.sealed[0].segment.bcn is not None
    assert m.disk.sealed[0].segment.bcn.slot == START


def test_without_the_slots_own_beacon_the_newest_serves() -> None:
    m = Machine(slots=1)
    m.disk.held = {START - SLOT}
    m.start()
    m.run(600)
    m.run(30)
    m.finish()
    assert m.spans() == [(3, 600), (600, 630)]
    assert {s.segment.bcn.slot for s in m.disk.sealed if s.segment.bcn} == {START - SLOT}
    assert m.errors() == []


def test_stopping_while_start_waits_records_nothing() -> None:
    m = Machine()
    m.disk.held = {START - SLOT}
    m.start()
    m.run(1)
    m.stop()
    m.run(10)
    assert (m.state(), m.disk.sealed) == ("stopped", [])


def test_without_any_beacon_nothing_can_be_recorded() -> None:
    m = Machine()
    m.disk.held = set()
    m.start()
    m.run(4)
    assert (m.state(), m.notices) == ("stopped", ["no_beacon"])


def test_after_the_last_anchor_no_picture_is_scheduled_or_taken() -> None:
    m = Machine()
    m.engine._recorder._active._factory._schedule = replace(
        m.world.moments, week0=START + 10 * 604_800
    )
    m.start()
    m.run(100)
    m.finish()
    body = m.disk.sealed[0].segment
    assert (body.mom, body.shot, m.screen.taken) == (None, "unavailable", [])


def test_segments_that_wait_to_be_sealed_are_counted() -> None:
    m = Machine(terms={"review_s": 600})
    m.start()
    while not m.has_picture():
        m.run(1)
    assert m.status.unsealed == 0
    m.stop()
    assert (m.status.unsealed, m.disk.sealed) == (1, [])
    m.engine.keep_picture(m.picture().id)
    m.step()
    assert (m.status.unsealed, len(m.disk.sealed)) == (0, 1)


def test_idle_time_that_is_not_decided_about_counts_as_unsealed() -> None:
    m = Machine(terms={"idle_s": 120, "kept": True, "shots": 0})
    m.start()
    m.run(60)
    m.run(200, typing=False)
    assert m.state() == "idle"
    assert m.status.unsealed == 1
    m.engine.discard_idle()
    m.step()
    assert m.status.unsealed == 0


@pytest.mark.parametrize(("terms_s", "least_s"), [(15, 60), (60, 15), (0, 5)])
@pytest.mark.parametrize("speed", [1, 60])
def test_a_longer_minimum_review_counts_and_a_shorter_one_does_not(
    terms_s: int, least_s: int, speed: int
) -> None:
    m = Machine(terms={"review_s": terms_s}, speed=speed)
    m.engine.set_minimum_review(least_s)
    m.start()
    while not m.has_picture():
        m.run(1)
    expected = max(terms_s, least_s * speed) * 1000
    assert m.picture().review_ms == expected
    assert m.picture().review_until_ms == pytest.approx(m.picture().taken_ms + expected, abs=5_000)
    m.finish()
    assert m.errors() == []
