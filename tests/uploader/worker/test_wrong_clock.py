"""A chain that a wrong clock sealed into the future continues at once, in a new epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from diary.core.slots import DAY, SLOT
from diary.interfaces import Head
from diary.objects.segment import parse
from tests.diary.world import START, World
from tests.uploader.device_folder import enrolled_folder
from uploader.store.outbox import Outbox

AHEAD_S = 300


@dataclass
class Clock:
    now_s: int

    def ms(self) -> int:
        return self.now_s * 1000


def seal(world: World, outbox: Outbox, t0: int) -> Head:
    """Seal the slot at `t0` on the head that the store returns; returns that head."""
    head = outbox.head(world.ctr)
    data = world.work(t0, epoch=head.epoch, seq=head.seq, prev=head.prev)
    outbox.commit(world.ctr, head, data)
    return head


@pytest.mark.parametrize("ahead", [SLOT, DAY, 3 * DAY])
def test_a_chain_with_a_segment_in_the_future_continues_in_another_epoch(
    tmp_path: Path, ahead: int
) -> None:
    world, clock = World(), Clock(START + ahead + SLOT)
    with Outbox(enrolled_folder(tmp_path, world), clock.ms, ahead_s=AHEAD_S) as outbox:
        first = seal(world, outbox, START + ahead)
        assert (first.epoch, first.seq, first.last_t1, first.future_t1) == (0, 0, 0, 0)
        wrong = outbox.head(world.ctr)
        assert (wrong.epoch, wrong.seq, wrong.last_t1) == (0, 1, START + ahead + SLOT)

        clock.now_s = START  # the clock was corrected
        head = seal(world, outbox, START - SLOT)
        assert head == replace(wrong, epoch=1, last_t1=0, future_t1=START + ahead + SLOT)
        again = outbox.head(world.ctr)
        assert (again.epoch, again.seq, again.last_t1) == (1, 2, START)
        assert again.prev == parse(world.segments[-1]).hash
        # Kept over a restart of the program, and over the loss of the index.
        outbox.close()
    for _ in range(2):
        with Outbox(enrolled_folder(tmp_path, world), clock.ms, ahead_s=AHEAD_S) as outbox:
            assert outbox.head(world.ctr) == again
        for path in tmp_path.rglob("index.sqlite*"):
            path.unlink()

    # Once that time has come, it is not recorded again, and no epoch begins.
    clock.now_s = START + ahead + SLOT
    with Outbox(enrolled_folder(tmp_path, world), clock.ms, ahead_s=AHEAD_S) as outbox:
        there = outbox.head(world.ctr)
        assert (there.epoch, there.last_t1, there.future_t1) == (1, START + ahead + SLOT, 0)


def test_a_few_minutes_begin_no_epoch(tmp_path: Path) -> None:
    world, clock = World(), Clock(START + SLOT - AHEAD_S)
    with Outbox(enrolled_folder(tmp_path, world), clock.ms, ahead_s=AHEAD_S) as outbox:
        seal(world, outbox, START)
        head = outbox.head(world.ctr)
        assert (head.epoch, head.last_t1, head.future_t1) == (0, START + SLOT, 0)
        clock.now_s -= 1
        assert outbox.head(world.ctr).epoch == 1


def test_the_newest_signed_time_is_that_of_beacons_and_receipts(tmp_path: Path) -> None:
    from diary.log.receipt import Receipt
    from diary.objects.beacon import Beacon

    world = World()
    with Outbox(enrolled_folder(tmp_path, world), ahead_s=10**10) as outbox:
        assert outbox.newest_signed_ms() == 0
        data = world.beacons[max(world.beacons)]
        receipt = Receipt.parse(data)
        outbox.cache.keep_beacon(Beacon.parse(receipt.object or b""), data)
        assert outbox.newest_signed_ms() == receipt.leaf.rt_ms
