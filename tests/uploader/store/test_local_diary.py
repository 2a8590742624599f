"""The days of the freelancer's own diary, from the files of this computer."""

from __future__ import annotations

import pytest

from diary.core.day_bounds import day_bounds
from diary.core.slots import DAY, SLOT, day_of, slot_of
from diary.objects.segment import parse
from tests.diary.world import START
from tests.time_zone import in_zone
from tests.uploader.device_folder import DeviceFolder
from uploader.store.local_diary import load_day


def test_each_day_has_its_own_entries_and_time(device: DeviceFolder) -> None:
    first, second = day_of(START), day_of(START) + DAY
    hashes = [
        parse(device.work(at)).hash
        for at in (second - 2 * SLOT, second - SLOT, second, second + 5 * SLOT)
    ]
    now_ms = (second + 6 * SLOT) * 1000
    today = load_day(device.outbox, now_ms)
    assert (today.bounds.begin_s, today.counted_s) == (second, 2 * SLOT)
    assert [entry.hash for entry in today.entries] == hashes[2:]
    for at_s in (first, second - 1):
        past = load_day(device.outbox, now_ms, at_s)
        assert (past.bounds.begin_s, past.counted_s) == (first, 2 * SLOT)
        assert [entry.hash for entry in past.entries] == hashes[:2]
    assert load_day(device.outbox, now_ms, second) == today


def test_a_day_is_that_of_the_computers_zone(device: DeviceFolder) -> None:
    midnight = day_of(START) + DAY
    hashes = [
        parse(device.work(at)).hash for at in (midnight - 2 * SLOT, midnight, midnight + 2 * SLOT)
    ]
    now_ms = (midnight + 3 * SLOT) * 1000
    for zone, split in (("UTC", 1), ("America/Los_Angeles", 0), ("Asia/Kolkata", 0)):
        with in_zone(zone):
            today = load_day(device.outbox, now_ms)
            assert [entry.hash for entry in today.entries] == hashes[split:]
            assert today.counted_s == (3 - split) * SLOT
            for at_s in (today.bounds.begin_s, today.bounds.end_s - 1):
                assert load_day(device.outbox, now_ms, at_s) == today
            before = load_day(device.outbox, now_ms, today.bounds.begin_s - 1)
            assert [entry.hash for entry in before.entries] == hashes[:split]
            assert before.counted_s == split * SLOT


def test_a_slot_in_which_a_day_begins_is_on_the_day_before(device: DeviceFolder) -> None:
    with in_zone("Asia/Kathmandu"):
        midnight = day_bounds(START).end_s
        slot = slot_of(midnight)
        assert slot < midnight < slot + SLOT
        early, late = parse(device.work(slot)).hash, parse(device.work(slot + SLOT)).hash
        now_ms = (slot + 2 * SLOT) * 1000
        for at_s, expected in ((None, late), (midnight - 1, early)):
            day = load_day(device.outbox, now_ms, at_s)
            assert [entry.hash for entry in day.entries] == [expected]
            assert day.counted_s == SLOT


@pytest.mark.parametrize("days", [-400, -1, 1])
def test_a_day_without_entries_is_empty(device: DeviceFolder, days: int) -> None:
    device.work(START)
    found = load_day(device.outbox, START * 1000, START + days * DAY)
    assert found.bounds.begin_s == day_of(START) + days * DAY
    assert (found.entries, found.counted_s) == ((), 0)


def test_what_was_refused_on_earlier_days_is_among_todays_only(device: DeviceFolder) -> None:
    name = parse(device.work(START)).hash
    found = device.outbox.segment(name)
    assert found is not None
    device.outbox.queue.refused(found[0], "E_TERMS")
    tomorrow_ms = (START + DAY) * 1000
    assert [entry.hash for entry in load_day(device.outbox, tomorrow_ms).entries] == [name]
    assert load_day(device.outbox, tomorrow_ms, START - DAY).entries == ()
    (own,) = load_day(device.outbox, tomorrow_ms, START).entries
    assert own.hash == name
