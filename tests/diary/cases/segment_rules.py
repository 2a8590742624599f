"""Cases of single rules of segments, picture times, terms and the key lifecycle. See `common`."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.jws import sign
from diary.log.leaf import LeafType, contract_attr
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.picture_times import pick_times, scheduled_times
from diary.objects.segment import TYP, parse
from diary.verification.evidence import Evidence
from tests.diary.cases.common import END, case, head, plain, retired, revoked
from tests.diary.cases.reviews_and_log import rotated
from tests.diary.world import AUD, START, Random, World

# One segment


def issued(payload: dict[str, Any] | None = None, parts: dict[str, Any] | None = None) -> Evidence:
    """A signed segment of any payload and parts, not logged."""
    world = plain()
    rows: list[Any] = [[0, 0, 0, 0, None] for _ in range(10)]
    body = world.body(START).payload() | {"shot": "none"} | (payload or {})
    shown = {"memo": "Write tests", "minutes": rows} | (parts or {})
    listed = [(name, value) for name, value in shown.items() if value is not None]
    data = sd_jwt.issue(body, listed, TYP, world.key, Random("salts"))
    return world.evidence(segments={digest(data.partition(b"~")[0]): (data, None)})


@case()
def a_segment_with_members_that_nobody_knows() -> Evidence:
    app = {"ver": "1", "os": "x", "more": 1}
    return issued({"more": {"deep": [1]}, "app": app}, {"other": "text"})


@case("E_FORMAT", "W_WITHHELD")
def other_active_minutes_than_the_rows_say() -> Evidence:
    return issued({"active": 1})


@case("E_FORMAT")
def a_part_that_is_neither_shown_nor_withheld() -> Evidence:
    return issued(parts={"memo": None})


@case("E_FORMAT", "W_WITHHELD")
def counts_where_only_activity_was_measured() -> Evidence:
    return issued({"input": "active-only"})


@case()
def activity_without_counts() -> Evidence:
    rows = [[None, None, None, 3, None] for _ in range(10)]
    return issued({"input": "active-only", "active": 10}, {"minutes": rows})


@case("E_FORMAT", "W_WITHHELD")
def counts_where_nothing_was_measured() -> Evidence:
    return issued({"input": "denied"})


@case("E_FORMAT", "W_WITHHELD")
def more_seconds_of_movement_than_a_minute_has() -> Evidence:
    rows = [[0, 0, 0, 61, None] for _ in range(10)]
    return issued({"active": 10}, {"minutes": rows})


@case("E_FORMAT", "W_WITHHELD")
def a_row_for_a_minute_that_is_not_covered() -> Evidence:
    return issued({"t1": START + 60, "up1": 10_060_000, "awake": 60_000})


@case("E_FORMAT")
def a_segment_that_could_pass_for_a_token() -> Evidence:
    return issued({"exp": END})


@case("E_FORMAT")
def digests_in_another_order() -> Evidence:
    world = plain()
    payload = parse(world.work(START)).sdjwt.jws.payload
    turned = sign(payload | {"_sd": payload["_sd"][::-1]}, TYP, world.key)
    return world.evidence(segments={digest(turned): (turned + b"~", None)})


@case("E_FORMAT", "W_WITHHELD")
def minutes_of_manual_time() -> Evidence:
    world = plain()
    manual = parse(world.manual(START)).segment.payload()
    rows = [[None] * 5] * 10
    parts = [("memo", "By hand"), ("minutes", rows)]
    data = sd_jwt.issue(manual, parts, TYP, world.key, Random("salts"))
    return world.evidence(segments={digest(data.partition(b"~")[0]): (data, None)})


@case("E_FORMAT", "E_DEVICE_UNLOGGED")
def an_enrolment_with_an_anchor_less() -> Evidence:
    world = plain()
    payload = parse_jws(world.enrolment.data, DEVICE_TYP).payload
    short = sign(payload | {"anchors": payload["anchors"][:-1]}, DEVICE_TYP, world.key)
    at = world.log_object(LeafType.DEVICE, digest(short), START - 350, world.key.kid)
    return world.evidence(devices=[(short, world.log.receipt(at))])


# Picture times


def with_dues(world: World, wanted: Any) -> tuple[int, ...]:
    """A beacon for START with the wanted picture times, and these times."""
    random = Random("beacons")
    value = world.moments.value(START)
    assert value is not None
    while True:
        val = random(32)
        dues = scheduled_times(value, val, START, START, world.terms.shots)
        if wanted(dues):
            world.add_beacon(START, val=val)
            return dues


@case()
def a_segment_that_ends_within_the_tolerance() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda dues: 60_000 < dues[0] - START * 1000 < 500_000)
    end = due // 1000 + 5
    body = replace(world.body(START, START, end), shot="ended")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, []), END)
    return world.evidence()


@case("E_MOMENT", "E_SHOT_TIME")
def more_pictures_than_moments_came() -> Evidence:
    world = World(shots=2)
    first, second = with_dues(world, lambda dues: dues[1] - dues[0] > 120_000)
    end = (first + second) // 2000
    body = replace(world.body(START, START, end), pics=2, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(first), world.picture(first + 1)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots), END)
    return world.evidence()


@case("E_SHOT_TIME")
def a_picture_after_the_segments_end() -> Evidence:
    world = World()
    (due,) = with_dues(world, lambda dues: 60_000 < dues[0] - START * 1000 < 500_000)
    end = due // 1000 + 2
    body = replace(world.body(START, START, end), pics=1, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(due + 5_000)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots), END)
    return world.evidence()


@case("E_SHOT_TIME")
def a_kept_picture_of_a_draw_before_its_segment() -> Evidence:
    world = World()
    value = world.moments.value(START)
    assert value is not None
    world.add_beacon(START)
    drawn = sorted(pick_times(value, world.beacon_value(START), START))
    # A draw without another one in the next seconds.
    lone = next(a for a, b in itertools.pairwise(drawn) if b - a > 4_000)
    begin = lone // 1000 + 1
    body = replace(world.body(START, begin), kind="kept", pics=1, shot="ok")
    minutes = world.minutes(body)
    active = sum(row is not None and any(n for n in row[:4] if n) for row in minutes)
    shots = [world.picture(begin * 1000 + 500)]
    world.log_segment(world.seal(replace(body, active=active), "memo", minutes, shots))
    return world.evidence()


# Terms


@case()
def other_terms_from_the_same_second() -> Evidence:
    world = plain()
    other = replace(world.terms, limit_s=3600)
    world.terms_at.append(world.log_terms(other, START - 390))
    world.day(1)
    return world.evidence()


@case()
def newer_terms_of_another_freelancer() -> Evidence:
    world = plain()
    other = replace(world.terms, sub=b64url_encode(bytes(16)), from_s=START - 200)
    world.terms_at.append(world.log_terms(other, START - 390))
    world.day(1)
    return world.evidence()


@case("E_TERMS")
def terms_of_another_marketplace() -> Evidence:
    world = plain()
    other = replace(world.terms, aud="other.example").data()
    attr = contract_attr(world.ctr)
    at = world.log_object(LeafType.TERMS, digest(other), START - 390, attr, other)
    return world.evidence(terms=[world.log.receipt(at)])


# Key lifecycle


@case("E_REVOKED", "E_RETIRED")
def a_head_of_another_contract() -> Evidence:
    world = plain()
    data = world.work(START)
    retired(world, [replace(head(data), ctr=b64url_encode(bytes(16)))], END + 1)
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case()
def a_chain_of_announcements() -> Evidence:
    world = rotated()
    first = world.log.before
    assert first is not None
    third = f"{AUD}/log/2027-2"
    world.log, announcement, opening = world.log.follow(third, END - 80, "third")
    world.statements["keys"] += [(None, announcement), (None, opening)]
    world.day(2)
    return world.evidence(verifiers=(first.signer.verifier,), **world.history())
