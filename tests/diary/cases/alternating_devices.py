"""Cases of several devices that alternate on one contract. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import DAY, SLOT, day_of
from diary.formats.encoding import b64url_encode
from diary.verification.evidence import Evidence
from tests.diary.cases.common import case, plain, revoked, vouched
from tests.diary.world import START, World

_BREAK = 4 * 3600


def pair() -> tuple[World, World]:
    """Two devices of one freelancer, both with a vouch."""
    world = plain()
    second = world.sibling(START - 390)
    vouched(world, world, second, START - 380)
    return world, second


def turns(*devices_and_slots: tuple[World, int]) -> None:
    """Work and log a whole slot on each device."""
    for device, slot in devices_and_slots:
        device.log_segment(device.work(slot))


@case("W_DEVICE_SWITCH")
def another_device_goes_on() -> Evidence:
    world, second = pair()
    turns((world, START), (second, START + SLOT), (second, START + 2 * SLOT))
    return world.together(second)


@case("W_DEVICE_SWITCH")
def another_device_goes_on_just_within_four_hours() -> Evidence:
    world, second = pair()
    turns((world, START))
    begin = START + SLOT + _BREAK
    second.log_segment(second.work(begin - SLOT, begin - 1, begin))
    return world.together(second)


@case()
def another_device_goes_on_after_four_hours() -> Evidence:
    world, second = pair()
    turns((world, START), (second, START + SLOT + _BREAK))
    return world.together(second)


@case("W_DEVICE_SWITCH", "W_OVERLAP")
def two_devices_at_the_same_time() -> Evidence:
    world, second = pair()
    turns((world, START), (second, START))
    return world.together(second)


@case("W_DEVICE_SWITCH")
def the_devices_change_in_the_middle_of_a_slot() -> Evidence:
    world, second = pair()
    world.log_segment(world.work(START, START, START + 200))
    second.log_segment(second.work(START, START + 200, START + SLOT))
    return world.together(second)


@case()
def what_is_kept_or_written_in_elsewhere_is_no_change_of_the_device() -> Evidence:
    world, second = pair()
    turns((world, START))
    second.log_segment(second.work(START + SLOT, kind="kept"))
    second.log_segment(second.manual(START + 2 * SLOT))
    turns((world, START + 3 * SLOT))
    return world.together(second)


@case("W_DEVICE_SWITCH")
def kept_time_between_two_devices_does_not_part_them() -> Evidence:
    world, second = pair()
    turns((world, START))
    world.log_segment(world.work(START + SLOT, kind="kept"))
    turns((second, START + 2 * SLOT))
    return world.together(second)


def on_another_contract(world: World) -> World:
    """A second device that works for another contract."""
    other = world.sibling(START - 390)
    vouched(world, world, other, START - 380)
    other.ctr = b64url_encode(b"another contract")
    other.terms = replace(world.terms, ctr=other.ctr)
    world.terms_at.append(world.log_terms(other.terms, START - 370))
    return other


@case()
def each_contract_on_a_device_of_its_own() -> Evidence:
    world = plain()
    other = on_another_contract(world)
    turns((world, START), (other, START + SLOT), (world, START + 2 * SLOT))
    return world.together(other)


@case("W_DEVICE_SWITCH", "E_REVOKED")
def a_change_of_the_device_is_told_of_unpaid_work_too() -> Evidence:
    world, second = pair()
    revoked(world, START - 370, second.key.kid)
    turns((world, START), (second, START + SLOT))
    return world.together(second)


@case("W_DEVICE_SWITCH", "W_LATE")
def a_change_of_the_device_is_found_in_the_order_of_time() -> Evidence:
    world, second = pair()
    late = second.work(START)
    turns((world, START + SLOT))
    second.log_segment(late, START + 9 * SLOT)
    return world.together(second)


@case("W_DEVICE_SWITCH")
def five_changes_of_the_device_in_a_day() -> Evidence:
    world, second = pair()
    turns(*(((world, second)[i % 2], START + i * SLOT) for i in range(6)))
    return world.together(second)


@case("W_DEVICE_SWITCH")
def a_new_day_counts_the_changes_of_the_device_anew() -> Evidence:
    """Three before midnight and three after it."""
    world, second = pair()
    midnight = day_of(START) + DAY
    turns(*(((world, second)[i % 2], midnight + (i - 4) * SLOT) for i in range(7)))
    return world.together(second)
