"""Cases of beacons, picture times and the number of pictures. See `common`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from diary.core.slots import DAY, SLOT, week_of
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.objects.beacon import Beacon
from diary.objects.picture import Picture
from diary.objects.picture_times import pick_times, scheduled_times
from diary.objects.segment import BeaconRef
from diary.verification.evidence import Evidence
from tests.diary.cases.common import case, one, plain
from tests.diary.world import START, Log, World


@case("E_BEACON")
def a_beacon_that_nobody_shows() -> Evidence:
    world = plain()
    world.day(1)
    return world.evidence(beacons={})


@case("E_BEACON")
def a_beacon_of_another_slot_than_it_says() -> Evidence:
    world = plain()
    world.add_beacon(START)
    later = world.add_beacon(START + SLOT)
    return one(world, bcn=BeaconRef(START, digest(later)))


@case("E_BEACON")
def a_beacon_under_another_slots_leaf() -> Evidence:
    world = plain()
    data = Beacon(START, bytes(32)).data()
    at = world.log_object(LeafType.BEACON, digest(data), START - 60, "7", data)
    world.beacons[START] = world.log.receipt(at)
    return world.evidence()


@case("E_INCLUSION")
def a_beacon_file_that_proves_something_else() -> Evidence:
    world = plain()
    world.beacons[START] = world.log.receipt(world.enrolled_at)
    return world.evidence()


@case("E_CP_SIG")
def a_beacon_file_of_another_log() -> Evidence:
    world = plain()
    world.beacons[START] = World(log=Log("stranger")).log.receipt(0)
    return world.evidence()


@case("E_BEFORE_BEACON")
def a_beacon_of_a_later_slot() -> Evidence:
    world = plain()
    world.add_beacon(START)
    return one(world, bcn=BeaconRef(START + SLOT, digest(world.add_beacon(START + SLOT))))


@case("W_OFFLINE")
def an_older_beacon() -> Evidence:
    world = plain()
    return one(world, bcn=world.body(START - SLOT).bcn)


@case("W_OFFLINE")
def pictures_at_the_moments_of_a_slot_without_a_beacon() -> Evidence:
    world = World(shots=3)
    return one(world, bcn=world.body(START - SLOT).bcn)


def with_an_older_beacon(kind: Any, at: Callable[[int, tuple[int, ...]], int]) -> Evidence:
    """One picture in a slot without a beacon, at the time that `at` chooses from the time drawn
    from the older beacon's value and the times that count.
    """
    world = World()
    older, body = world.body(START - SLOT).bcn, world.body(START)
    value = world.moments.value(START)
    assert value is not None
    (due,) = scheduled_times(value, world.beacon_value(START - SLOT), START, START, 1)
    drawn = pick_times(value, bytes(32), START)
    body = replace(body, kind=kind, bcn=older, pics=1, shot="ok", active=9)
    picture = world.picture(at(due, drawn))
    world.log_segment(world.seal(body, "memo", world.minutes(body), [picture]))
    return world.evidence()


@case("E_SHOT_TIME", "W_OFFLINE")
def a_picture_at_the_moment_that_an_older_beacon_would_draw() -> Evidence:
    return with_an_older_beacon("auto", lambda due, _: due)


@case("W_OFFLINE")
def a_kept_picture_at_a_draw_of_a_slot_without_a_beacon() -> Evidence:
    return with_an_older_beacon("kept", lambda _, drawn: drawn[40])


@case("E_SHOT_TIME", "W_OFFLINE")
def a_kept_picture_at_no_draw_of_a_slot_without_a_beacon() -> Evidence:
    return with_an_older_beacon("kept", lambda _, drawn: min(drawn) - 1)


@case("E_BEACON_CHOICE", "W_OFFLINE")
def an_older_beacon_than_was_used_before() -> Evidence:
    world = plain()
    world.day(2)
    world.log_segment(world.work(START + 2 * SLOT, bcn=world.body(START).bcn))
    return world.evidence()


@case("W_EPOCH", "W_OFFLINE")
def an_older_beacon_after_a_restored_backup() -> Evidence:
    world = plain()
    world.day(2)
    world.log_segment(world.work(START + 2 * SLOT, bcn=world.body(START).bcn, epoch=1))
    return world.evidence()


@case("W_OFFLINE")
def kept_time_may_use_an_older_beacon() -> Evidence:
    world = plain()
    world.day(2)
    older = world.body(START).bcn
    world.log_segment(world.work(START + 2 * SLOT, bcn=older, kind="kept"))
    return world.evidence()


@case("E_MOMENT")
def a_moment_value_of_another_chain() -> Evidence:
    return one(World(), mom=b64url_encode(bytes(32)))


@case("E_MOMENT")
def no_moment_value_though_an_anchor_covers_the_slot() -> Evidence:
    return one(World(), mom=None)


@case("E_MOMENT")
def a_moment_value_where_no_anchor_is() -> Evidence:
    world = World(week0=week_of(START) - 56 * 7 * DAY)
    return one(world, mom=b64url_encode(bytes(32)))


@case()
def no_moment_value_past_the_anchors() -> Evidence:
    return one(World(week0=week_of(START) - 56 * 7 * DAY))


@case("E_MOMENT")
def no_pictures_where_the_terms_ask_for_them() -> Evidence:
    world = World()
    body = replace(world.body(START), active=9, shot="none")
    world.log_segment(world.seal(body, "memo", world.minutes(body), []))
    return world.evidence()


@case("E_MOMENT")
def pictures_where_the_terms_ask_for_none() -> Evidence:
    return one(shot="ended")


def pictured(world: World, offsets: list[int], *, shot: str = "ok", **times: int) -> Evidence:
    """One segment with pictures `offsets` ms after the slot's picture times, in their order."""
    body = world.body(START, **times)
    value = world.moments.value(START)
    assert value is not None
    due = scheduled_times(value, world.beacon_value(START), START, body.t0, len(offsets))
    shots = [world.picture(d + offset) for d, offset in zip(due, offsets, strict=True)]
    minutes = world.minutes(body)
    active = sum(row is not None and any(row[:4]) for row in minutes)
    body = replace(body, pics=len(shots), shot=shot, active=active)  # type: ignore[arg-type]
    world.log_segment(world.seal(body, "memo", minutes, shots))
    return world.evidence()


@case()
def pictures_at_their_moments() -> Evidence:
    return pictured(World(shots=3), [0, 5_000, 10_000])


@case("E_MOMENT", "E_SHOT_TIME")
def one_picture_too_many() -> Evidence:
    return pictured(World(shots=1), [0, 0])


@case("E_MOMENT")
def one_picture_too_few() -> Evidence:
    return pictured(World(shots=2), [0])


@case("E_MOMENT")
def said_to_have_ended_before_a_moment_that_lay_inside() -> Evidence:
    return pictured(World(shots=2), [0], shot="ended")


@case("W_SHOT_MISSING")
def a_picture_that_failed() -> Evidence:
    return pictured(World(shots=2), [0], shot="locked")


@case("W_SHOT_MISSING", "N_MASKED")
def pictures_that_were_masked_whole() -> Evidence:
    return pictured(World(shots=1), [], shot="masked")


@case("E_SHOT_TIME")
def a_picture_too_late() -> Evidence:
    return pictured(World(shots=1), [10_001])


@case("E_SHOT_TIME")
def a_picture_too_early() -> Evidence:
    return pictured(World(shots=1), [-1])


@case("E_SHOT_TIME")
def a_picture_of_the_same_moment_twice() -> Evidence:
    world = World(shots=2)
    value, body = world.moments.value(START), world.body(START)
    assert value is not None
    first, second = scheduled_times(value, world.beacon_value(START), START, START, 2)
    return pictured(world, [0, first - second], t0=body.t0, t1=body.t1)


def kept(world: World, at: Callable[[list[int]], list[int]]) -> Evidence:
    """A kept segment with pictures at the times that `at` chooses from the slot's draws."""
    value, body = world.moments.value(START), world.body(START)
    assert value is not None
    shots: list[Picture] = [
        world.picture(ms) for ms in at(list(pick_times(value, world.beacon_value(START), START)))
    ]
    body = replace(body, kind="kept", pics=len(shots), shot="ok", active=9)
    world.log_segment(world.seal(body, "memo", world.minutes(body), shots))
    return world.evidence()


@case()
def a_kept_picture_at_any_draw_of_the_slot() -> Evidence:
    return kept(World(), lambda due: [due[40] + 10_000])


@case()
def kept_time_without_a_picture() -> Evidence:
    return kept(World(), lambda _: [])


@case("E_SHOT_TIME")
def a_kept_picture_at_no_draw() -> Evidence:
    return kept(World(), lambda due: [min(due) - 1])
