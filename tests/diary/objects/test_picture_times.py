"""Picture times: determined by a chain and a beacon, verifiable, uniform."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.core.slots import SLOT, SLOTS_IN_WEEK, WEEK, week_of
from diary.formats.encoding import b64url_decode, b64url_encode
from diary.objects.picture_times import (
    ANCHORS,
    DRAWS,
    HashChainVerifier,
    PictureScheduler,
    anchor,
    anchors,
    chain_value,
    pick_times,
    scheduled_times,
)
from tests.diary.world import START, Random, World

SEED = b"seed" * 8
WEEK0 = week_of(START)
VALUES = st.binary(min_size=32, max_size=32)
SLOTS = st.integers(0, 2**40).map(lambda n: n * SLOT)


def reference_chain(seed: bytes, week: int) -> list[bytes]:
    """c_w[0] … c_w[1008], as specified."""
    chain = [hmac.new(seed, b"wd1-week" + week.to_bytes(8, "big"), hashlib.sha256).digest()]
    while len(chain) < 1009:
        chain.insert(0, hashlib.sha256(b"wd1-chain" + chain[0]).digest())
    return chain


def test_the_chain_is_the_one_of_the_specification() -> None:
    chain = reference_chain(SEED, WEEK0)
    assert anchor(SEED, WEEK0) == chain[0]
    for k in range(1, SLOTS_IN_WEEK + 1):
        assert chain_value(SEED, WEEK0 + (k - 1) * SLOT) == chain[k]


@pytest.mark.parametrize("k", [1, 2, 500, 1007, 1008])
def test_a_value_matches_its_anchor_from_its_own_slot_only(k: int) -> None:
    slot = WEEK0 + (k - 1) * SLOT
    value, top = chain_value(SEED, slot), anchor(SEED, WEEK0)
    assert HashChainVerifier().verify(value, slot, top)
    assert not HashChainVerifier().verify(bytes(32), slot, top)
    assert not HashChainVerifier().verify(value, slot, anchor(SEED, WEEK0 + WEEK))
    assert not HashChainVerifier().verify(value, slot, anchor(b"other" * 6, WEEK0))
    # One position off, also across the week's boundary, is another value.
    for other in (slot - SLOT, slot + SLOT):
        assert not HashChainVerifier().verify(value, other, top)


@given(st.lists(st.tuples(st.integers(1, 1008), st.booleans()), max_size=12))
def test_earlier_calls_do_not_change_the_result(places: list[tuple[int, bool]]) -> None:
    check = HashChainVerifier()
    top = anchor(SEED, WEEK0)
    for k, honest in places:
        slot = WEEK0 + (k - 1) * SLOT
        value = chain_value(SEED if honest else b"other" * 6, slot)
        assert check.verify(value, slot, top) is honest


def test_a_value_does_not_reveal_the_later_ones() -> None:
    one, two = chain_value(SEED, WEEK0), chain_value(SEED, WEEK0 + SLOT)
    assert hashlib.sha256(b"wd1-chain" + two).digest() == one
    assert hashlib.sha256(b"wd1-chain" + one).digest() != two


def test_the_weeks_of_an_enrolment_and_their_edges() -> None:
    listed = anchors(SEED, WEEK0)
    assert len(listed) == ANCHORS
    assert [b64url_decode(text, 32) for text in listed[:2]] == [
        anchor(SEED, WEEK0),
        anchor(SEED, WEEK0 + WEEK),
    ]
    device = PictureScheduler(SEED, WEEK0)
    end = WEEK0 + ANCHORS * WEEK
    for slot in (WEEK0, WEEK0 + WEEK - SLOT, WEEK0 + WEEK, end - SLOT):
        value = device.value(slot)
        assert value is not None
        top = b64url_decode(listed[(slot - WEEK0) // WEEK])
        assert HashChainVerifier().verify(value, slot, top)
    assert device.value(WEEK0 - SLOT) is None
    assert device.value(end) is None
    assert b64url_encode(SEED) not in repr(device)


def test_the_enrolment_names_the_anchor_of_a_slot() -> None:
    enrolment = World().enrolment
    end = WEEK0 + ANCHORS * WEEK
    assert enrolment.anchor_of(WEEK0) == enrolment.anchors[0]
    assert enrolment.anchor_of(WEEK0 + WEEK) == enrolment.anchors[1]
    assert enrolment.anchor_of(end - SLOT) == enrolment.anchors[-1]
    assert enrolment.anchor_of(WEEK0 - SLOT) is None
    assert enrolment.anchor_of(end) is None


@given(VALUES, VALUES, SLOTS)
def test_draws_are_those_of_the_specification(value: bytes, beacon: bytes, slot: int) -> None:
    drawn = pick_times(value, beacon, slot)
    assert len(drawn) == DRAWS
    for j, due in enumerate(drawn):
        number = hashlib.sha256(b"wd1-draw" + value + beacon + j.to_bytes(4, "big")).digest()
        share = int.from_bytes(number[:8], "big")
        assert due == slot * 1000 + share * 600_000 // 2**64
        assert slot * 1000 <= due < (slot + SLOT) * 1000


@given(VALUES, VALUES, SLOTS, st.integers(0, SLOT - 1), st.integers(0, 3))
def test_picture_times_are_the_lowest_eligible_draws_in_order_of_time(
    value: bytes, beacon: bytes, slot: int, begin: int, count: int
) -> None:
    chosen = scheduled_times(value, beacon, slot, slot + begin, count)
    expected: list[int] = []
    for due in pick_times(value, beacon, slot):
        if due >= (slot + begin) * 1000 and len(expected) < count:
            expected.append(due)
    assert list(chosen) == sorted(expected)
    assert scheduled_times(value, beacon, slot, slot + SLOT, count) == ()


@given(VALUES, VALUES, st.integers(0, SLOT - 1), st.integers(0, SLOT - 1))
def test_a_later_start_never_brings_a_past_picture_time_back(
    value: bytes, beacon: bytes, one: int, two: int
) -> None:
    early, late = sorted((one, two))
    (first,) = scheduled_times(value, beacon, 0, early, 1) or (None,)
    (second,) = scheduled_times(value, beacon, 0, late, 1) or (None,)
    if first is not None and first >= late * 1000:
        assert second == first


@settings(max_examples=5)
@given(st.text(min_size=1, max_size=8))
def test_picture_times_are_even_over_the_slot(seed: str) -> None:
    random = Random(seed)
    slots = 2_000
    tenths = [0] * 10
    for _ in range(slots):
        (due,) = scheduled_times(random(32), random(32), 0, 0, 1)
        tenths[due // 60_000] += 1
    # Chi-squared with 9 degrees of freedom: above 50 in one of 10^7 honest runs.
    expected = slots / 10
    assert sum((seen - expected) ** 2 / expected for seen in tenths) < 50


def test_the_picture_times_of_200_slots_are_those_that_a_verifier_computes() -> None:
    world = World()
    for k in range(200):
        slot = START + k * SLOT
        world.add_beacon(slot)
        value = world.moments.value(slot)
        assert value is not None
        top = world.enrolment.anchor_of(slot)
        assert top is not None
        assert HashChainVerifier().verify(value, slot, b64url_decode(top))
        assert (
            value == reference_chain(world.seed, week_of(slot))[(slot - week_of(slot)) // 600 + 1]
        )
        (due,) = scheduled_times(value, world.beacon_value(slot), slot, slot, 1)
        number = hashlib.sha256(b"wd1-draw" + value + world.beacon_value(slot) + bytes(4)).digest()
        assert due - slot * 1000 == int.from_bytes(number[:8], "big") * 600_000 >> 64
