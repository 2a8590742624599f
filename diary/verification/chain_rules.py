"""Rules between segments (`docs/protocol.md` §4, §6, §9). In one chain (device, contract): forks,
gaps, digests, epochs, clock jumps, the choice of beacons. For one (freelancer, contract): changes
of the device.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence

from diary.core.findings import Code
from diary.core.slots import day_of
from diary.log.position import LogPosition
from diary.verification.evidence import FindingCollector, LoggedSegment

#: Largest drift between the session clock and the suspend-counting clock within one boot.
CLOCK_JUMP_MS = 2_000
#: After a break of this length (s) a change of the device is no choice between two picture times.
SWITCH_BREAK_S = 4 * 3600


def _log_order(segment: LoggedSegment) -> tuple[bool, LogPosition | tuple[()], str]:
    return (segment.position is None, segment.position or (), segment.sealed.hash)


def time_order(segment: LoggedSegment) -> tuple[int, int, str]:
    """Sorts segments by t0, then number, then hash: the same for every verifier."""
    body = segment.sealed.segment
    return (body.t0, body.seq, segment.sealed.hash)


def check_chain(
    segments: Sequence[LoggedSegment], enrolment: str, partial: bool, notes: FindingCollector
) -> None:
    """Check one chain. `enrolment` is the digest that `prev` of number 0 must carry. With `partial`
    the lowest number needs no segment before it.
    """
    first: dict[int, LoggedSegment] = {}
    for segment in sorted(segments, key=_log_order):
        number = segment.sealed.segment.seq
        if number in first:
            notes.add_to_segment(
                segment, Code.E_FORK, "another segment of this number was logged first"
            )
        else:
            first[number] = segment
    lowest = min(first)
    for segment in segments:
        body = segment.sealed.segment
        if body.seq == 0:
            if body.prev != enrolment:
                notes.add_to_segment(
                    segment, Code.E_PREV, "the chain does not begin at the enrolment"
                )
            continue
        before = first.get(body.seq - 1)
        if before is None:
            if not (partial and body.seq == lowest):
                notes.add_to_segment(segment, Code.E_GAP, "the segment before it is missing")
            continue
        if body.prev != before.sealed.hash:
            notes.add_to_segment(segment, Code.E_PREV, "it does not follow the segment before it")
        if body.epoch != before.sealed.segment.epoch:
            notes.add_to_segment(segment, Code.W_EPOCH, "sealed after a restored backup")
    _check_clock(segments, notes)
    _check_beacon_choice(segments, notes)


def _check_clock(segments: Sequence[LoggedSegment], notes: FindingCollector) -> None:
    measured = [s for s in segments if s.sealed.segment.kind != "manual"]
    measured.sort(key=time_order)
    for before, after in itertools.pairwise(measured):
        a, b = before.sealed.segment, after.sealed.segment
        drift = (b.t0 - a.t0) * 1000 - ((b.up0 or 0) - (a.up0 or 0))
        if a.boot == b.boot and abs(drift) > CLOCK_JUMP_MS:
            notes.add_to_segment(after, Code.W_CLOCK_JUMP, f"the clock moved by {drift} ms")


def _check_beacon_choice(segments: Sequence[LoggedSegment], notes: FindingCollector) -> None:
    newest: dict[int, int] = {}
    for segment in sorted(segments, key=time_order):
        body = segment.sealed.segment
        if body.kind != "auto" or body.bcn is None:
            continue
        if body.bcn.slot < newest.get(body.epoch, 0):
            notes.add_to_segment(
                segment, Code.E_BEACON_CHOICE, "an older beacon than the device had used"
            )
        newest[body.epoch] = max(newest.get(body.epoch, 0), body.bcn.slot)


def check_switches(segments: Sequence[LoggedSegment], notes: FindingCollector) -> None:
    """W_DEVICE_SWITCH: another device continues recorded time within four hours. Each device draws
    its own picture times, so a person with several devices can choose between them.

    Sets `switches`, the number of the change in its UTC day, for each freelancer and contract.
    """
    groups: defaultdict[tuple[str, str], list[LoggedSegment]] = defaultdict(list)
    for segment in segments:
        body = segment.sealed.segment
        if body.kind == "auto":
            groups[body.sub, body.ctr].append(segment)
    for group in groups.values():
        numbers: defaultdict[int, int] = defaultdict(int)
        for before, after in itertools.pairwise(sorted(group, key=time_order)):
            a, b = before.sealed.segment, after.sealed.segment
            if before.sealed.kid == after.sealed.kid or b.t0 - a.t1 >= SWITCH_BREAK_S:
                continue
            day = day_of(b.t0)
            numbers[day] += 1
            after.switches = numbers[day]
            notes.add_to_segment(
                after, Code.W_DEVICE_SWITCH, "another device had recorded shortly before"
            )
