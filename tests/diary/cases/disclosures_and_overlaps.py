"""Cases of disclosures, picture files, overlapping time and moved clocks. See `common`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode, canonical
from diary.objects.picture import Masks
from diary.objects.picture_times import scheduled_times
from diary.objects.segment import TYP
from diary.verification.evidence import Evidence
from tests.diary.cases.common import case, plain
from tests.diary.world import START, World


@case("E_DISC_UNMATCHED")
def a_disclosure_of_another_segment() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    extra = b64url_encode(canonical([b64url_encode(bytes(16)), "memo", "another"])).encode()
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    return replace(evidence, segments={segment.hash: (data + extra + b"~", receipt)})


@case("E_DISC_DUP")
def a_disclosure_twice() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    again = data + data.split(b"~")[1] + b"~"
    return replace(evidence, segments={segment.hash: (again, receipt)})


@case("E_DISC_DUP", "W_WITHHELD")
def a_disclosure_that_would_change_a_signed_field() -> Evidence:
    world = plain()
    body = world.body(START)
    parts = [("memo", "m"), ("minutes", [[0] * 5] * 10), ("t1", START + 1)]
    payload = {**body.payload(), "shot": "none"}
    world.segments.append(sd_jwt.issue(payload, parts, TYP, world.key, world.random))
    return world.evidence()


@case("W_WITHHELD")
def a_part_withheld() -> Evidence:
    world = plain()
    (segment,) = world.day(1)
    evidence = world.evidence()
    data, receipt = evidence.segments[segment.hash]
    bare = b"~".join([*data.split(b"~")[:-2], b""])
    return replace(evidence, segments={segment.hash: (bare, receipt)})


@case("E_SHOT_HASH")
def a_picture_that_was_changed() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    blob = segment.pictures[0].blob
    world.blobs[blob.sha256] = bytes(blob.bytes)
    return world.evidence()


@case("E_SHOT_HASH")
def a_picture_of_another_length() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    thumb = segment.pictures[0].thumb
    world.blobs[thumb.sha256] += b"x"
    return world.evidence()


@case("W_BLOB_MISSING")
def a_picture_that_has_not_arrived() -> Evidence:
    world = World()
    (segment,) = world.day(1)
    del world.blobs[segment.pictures[0].blob.sha256]
    return world.evidence()


@case()
def pictures_are_looked_at_only_if_they_are_given() -> Evidence:
    world = World()
    world.day(1)
    return world.evidence(blob=None)


@case("N_MASKED")
def a_picture_with_a_mask() -> Evidence:
    world = World()
    body = world.body(START)
    value = world.moments.value(START)
    assert value is not None
    (due,) = scheduled_times(value, world.beacon_value(START), START, START, 1)
    shot = replace(world.picture(due), redacted=((0, 0, 10, 10),))
    body = replace(body, active=9, pics=1, shot="ok")
    world.log_segment(world.seal(body, "memo", world.minutes(body), [shot]))
    return world.evidence()


def _with_rules(masks: object, redacted: tuple[int, ...] | None = None) -> Evidence:
    """A segment with a picture whose member `masks` is any JSON value."""
    world = World()
    body = world.body(START)
    value = world.moments.value(START)
    assert value is not None
    (due,) = scheduled_times(value, world.beacon_value(START), START, START, 1)
    shot = world.picture(due)
    covered = [] if redacted is None else [list(redacted)]
    parts = {
        "memo": "memo",
        "minutes": [[0, 0, 0, 0, None]] * 10,
        "shot_0": {**shot.value(), "redacted": covered, "masks": masks},
    }
    body = replace(body, active=0, pics=1, shot="ok", shot_at=(shot.at,))
    data = sd_jwt.issue(body.payload(), list(parts.items()), TYP, world.key, world.random)
    world.segments.append(data)
    world.log_segment(data, parts=13)
    return world.evidence()


@case("N_MASKED")
def a_picture_that_is_blurred() -> Evidence:
    return _with_rules(Masks(blur=8).value())


@case("N_MASKED")
def a_picture_of_allowed_applications_only() -> Evidence:
    return _with_rules(Masks(allow=True, deny=True).value(), (0, 0, 10, 10))


@case()
def a_picture_in_which_the_rules_masked_nothing() -> Evidence:
    return _with_rules(Masks(allow=True, areas=True, deny=True).value())


_RULES = Masks(allow=True, areas=True, blur=8, deny=True).value()


@case("E_FORMAT", "W_WITHHELD")
def masking_rules_that_are_null() -> Evidence:
    return _with_rules(None)


@case("E_FORMAT", "W_WITHHELD")
def masking_rules_that_are_a_list() -> Evidence:
    return _with_rules([])


@case("E_FORMAT", "W_WITHHELD")
def a_masking_rule_that_is_missing() -> Evidence:
    return _with_rules({k: v for k, v in _RULES.items() if k != "deny"})


@case("E_FORMAT", "W_WITHHELD")
def a_masking_rule_that_is_a_number() -> Evidence:
    return _with_rules(_RULES | {"areas": 1})


@case("E_FORMAT", "W_WITHHELD")
def a_blur_that_is_true() -> Evidence:
    return _with_rules(_RULES | {"blur": True})


@case("E_FORMAT", "W_WITHHELD")
def a_blur_over_the_limit() -> Evidence:
    return _with_rules(_RULES | {"blur": 1001})


@case("N_MASKED")
def a_blur_at_the_limit_and_an_unknown_masking_rule() -> Evidence:
    return _with_rules(_RULES | {"blur": 1000, "later": "x"})


@case("W_OVERLAP")
def seconds_that_were_claimed_before() -> Evidence:
    world = plain()
    world.log_segment(world.work(START, START, START + 300))
    world.log_segment(world.work(START, START + 200, START + 400))
    return world.evidence()


@case("W_CLOCK_JUMP")
def a_clock_that_was_moved() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.work(START + SLOT, up0=10_602_001, up1=11_202_001))
    return world.evidence()


@case()
def a_clock_that_was_moved_while_the_machine_was_off() -> Evidence:
    world = plain()
    world.day(1)
    later: dict[str, Any] = {"up0": 5_000, "up1": 605_000, "boot": b64url_encode(bytes(16))}
    world.log_segment(world.work(START + SLOT, **later))
    return world.evidence()


@case()
def manual_time_has_no_clock_to_compare() -> Evidence:
    world = plain()
    world.day(1)
    world.log_segment(world.manual(START + SLOT))
    world.log_segment(world.work(START + 2 * SLOT))
    return world.evidence()
