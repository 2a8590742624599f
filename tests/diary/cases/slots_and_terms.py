"""Cases of times: the slot, the time awake, terms and late segments. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import DAY, SLOT, WEEK, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType, contract_attr
from diary.objects.segment import BeaconRef
from diary.verification.evidence import Evidence
from tests.diary.cases.common import LOCK, case, one, plain
from tests.diary.world import START


@case("E_SLOT_ALIGN", "W_OFFLINE")
def a_slot_at_an_odd_minute() -> Evidence:
    world = plain()
    own = BeaconRef(START, digest(world.add_beacon(START)))
    world.beacons[START + 60] = world.beacons[START]
    world.log_segment(world.work(START + 60, bcn=own))
    return world.evidence()


@case("E_TIME_RANGE")
def longer_than_its_slot() -> Evidence:
    return one(plain(), START, START + SLOT + 1)


@case("E_TIME_RANGE")
def before_its_slot() -> Evidence:
    return one(plain(), START - 1, START + 10)


@case("E_TIME_RANGE")
def backwards() -> Evidence:
    return one(plain(), START + 70, START + 65, awake=0, up1=10_070_000)


@case("E_TIME_RANGE")
def longer_than_the_time_awake() -> Evidence:
    return one(awake=597_999)


@case("E_TIME_RANGE")
def shorter_than_the_time_awake() -> Evidence:
    return one(awake=602_001)


@case()
def the_time_awake_within_its_slack() -> Evidence:
    return one(awake=598_000, up1=10_000_000 + 600_000)


@case("E_TIME_RANGE")
def the_machine_slept_in_it() -> Evidence:
    return one(up1=10_000_000 + 602_001)


@case("E_TERMS")
def no_such_terms() -> Evidence:
    return one(terms=b64url_encode(bytes(32)))


@case("E_TERMS")
def terms_of_another_contract() -> Evidence:
    return one(ctr=b64url_encode(bytes(16)))


@case("E_TERMS")
def terms_that_begin_later() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, from_s=START + 1)
    world.terms_at.append(world.log_terms(world.terms, START - 200))
    return one(world)


@case("E_TERMS")
def a_contract_that_is_paused() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, state="paused", from_s=START - 100)
    world.terms_at = [world.log_terms(world.terms, START - 200)]
    return one(world)


@case("E_TERMS")
def newer_terms_that_the_device_had_seen() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START - 100, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 200))
    return one(world)


@case()
def newer_terms_that_the_device_had_not_seen() -> Evidence:
    world = plain()
    world.add_beacon(START)
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 30))
    return one(world)


@case()
def newer_terms_that_begin_later() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START + 1, limit_s=3600)
    world.terms_at.append(world.log_terms(newer, START - 200))
    return one(world)


@case("E_TERMS")
def newer_terms_before_a_manual_segment_was_logged() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.add_beacon(START)
    world.terms_at.append(world.log_terms(newer, START - 30))
    world.log_segment(world.manual(START))
    return world.evidence()


@case()
def newer_terms_bind_no_manual_segment_that_is_not_logged() -> Evidence:
    world = plain()
    newer = replace(world.terms, from_s=START, limit_s=3600)
    world.add_beacon(START)
    world.terms_at.append(world.log_terms(newer, START - 30))
    world.manual(START)
    return world.evidence()


@case("E_TERMS")
def backdated_terms_count_for_nothing() -> Evidence:
    world = plain()
    late = world.log_terms(world.terms, world.terms.from_s + 1)
    return world.evidence(terms=[world.log.receipt(late)])


@case("E_TERMS")
def terms_under_another_contracts_leaf() -> Evidence:
    world = plain()
    data = world.terms.data()
    at = world.log_object(LeafType.TERMS, digest(data), START - 350, contract_attr("x"), data)
    return world.evidence(terms=[world.log.receipt(at)])


@case("E_FORMAT")
def terms_that_cannot_be_read() -> Evidence:
    world = plain()
    data = b'{"v":1}'
    at = world.log_object(LeafType.TERMS, digest(data), START - 350, "", data)
    return world.evidence(terms=[world.log.receipt(at)])


@case("E_KIND")
def kept_time_that_the_terms_do_not_allow() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, kept=False)
    world.terms_at = [world.log_terms(world.terms, START - 350)]
    return one(world, kind="kept")


@case("E_KIND")
def manual_time_that_the_terms_do_not_allow() -> Evidence:
    world = plain()
    world.terms = replace(world.terms, manual=False)
    world.terms_at = [world.log_terms(world.terms, START - 350)]
    world.log_segment(world.manual(START))
    return world.evidence()


@case()
def manual_time_just_before_the_lock() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), LOCK - 0.001)
    return world.evidence()


@case("E_LATE")
def manual_time_at_the_lock() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), LOCK)
    return world.evidence()


@case("E_LATE")
def manual_time_after_25_days() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), START + 25 * DAY)
    return world.evidence()


@case("E_LATE")
def manual_time_after_400_days() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), START + 400 * DAY)
    return world.evidence()


@case("E_LATE", "E_TERMS")
def manual_time_without_terms_is_late_when_its_week_ends() -> Evidence:
    world = plain()
    world.log_segment(world.manual(START), week_of(START) + WEEK)
    return world.evidence(terms=[])


@case()
def manual_time_that_is_not_logged_is_not_late() -> Evidence:
    world = plain()
    world.manual(START)
    return world.evidence()


@case("W_LATE")
def recorded_time_after_the_lock_is_not_too_late() -> Evidence:
    return one(at_s=LOCK)


@case("E_LATE")
def received_after_60_days() -> Evidence:
    return one(at_s=START + SLOT + 60 * DAY + 1)


@case("E_LATE")
def kept_time_received_after_60_days() -> Evidence:
    return one(at_s=START + SLOT + 60 * DAY + 1, kind="kept")


@case("W_LATE")
def received_after_half_an_hour() -> Evidence:
    return one(at_s=START + SLOT + 1801)


@case()
def received_just_in_time() -> Evidence:
    return one(at_s=START + SLOT + 1800)


@case()
def kept_time_received_after_half_an_hour() -> Evidence:
    return one(at_s=START + SLOT + 1801, kind="kept")


@case("E_AFTER_RECEIPT")
def received_before_it_ended() -> Evidence:
    return one(at_s=START + SLOT - 6)
