"""Cases of vouches, retirements and revocations. See `common`."""

from __future__ import annotations

from dataclasses import replace

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.objects.device_lifecycle import RETIRE_TYP, Revoke, retire, vouch
from diary.verification.evidence import Evidence
from tests.diary.cases.common import END, case, head, plain, retired, revoked, vouched
from tests.diary.world import AUD, START, World

# Second devices


@case("W_UNVOUCHED")
def a_second_device_that_nobody_vouched_for() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    world.day(1)
    return world.together(second)


@case()
def a_second_device_that_the_first_vouched_for() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    vouched(world, world, second, START - 380)
    second.day(1)
    return world.together(second)


@case("W_UNVOUCHED")
def a_device_vouched_for_by_one_that_nobody_vouched_for() -> Evidence:
    world = plain()
    second, third = world.sibling(START - 390), world.sibling(START - 380, "third")
    vouched(world, second, third, START - 370)
    return world.together(second, third)


@case("W_UNVOUCHED", "E_KID_UNKNOWN")
def a_device_that_vouches_for_an_earlier_one() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    vouched(world, second, world, START - 380)
    return world.together(second)


@case("W_UNVOUCHED", "E_KID_UNKNOWN")
def a_vouch_for_a_device_of_somebody_else() -> Evidence:
    world = plain()
    stranger = world.sibling(START - 390, "stranger", b64url_encode(bytes(16)))
    second = world.sibling(START - 380)
    vouched(world, world, stranger, START - 370)
    return world.together(stranger, second)


@case("E_KID_UNKNOWN")
def a_vouch_in_the_name_of_somebody_else() -> Evidence:
    world = plain()
    data = vouch(world.key, aud=AUD, sub=b64url_encode(bytes(16)), kid=world.key.kid)
    world.log_signed("vouches", LeafType.VOUCH, data, START - 380)
    return world.evidence()


@case("W_UNVOUCHED", "E_REVOKED")
def a_vouch_of_a_revoked_device() -> Evidence:
    world = plain()
    second = world.sibling(START - 390)
    revoked(world, START - 385)
    vouched(world, world, second, START - 380)
    return world.together(second)


@case("E_SIG")
def a_vouch_with_another_signature() -> Evidence:
    world = plain()
    data = vouch(world.key, aud=AUD, sub=world.sub, kid=world.key.kid)
    forged = data[: data.rindex(b".") + 1] + b64url_encode(bytes(31) + b"\x01" + bytes(32)).encode()
    world.log_signed("vouches", LeafType.VOUCH, forged, START - 380)
    return world.evidence()


# Retired and revoked devices


@case()
def a_device_revoked_after_its_work_was_logged() -> Evidence:
    world = plain()
    world.day(2)
    revoked(world, END + SLOT + 10)
    return world.evidence()


@case("E_REVOKED")
def work_that_was_logged_after_the_revocation() -> Evidence:
    world = plain()
    world.day(1)
    data = world.work(END)
    revoked(world, END + SLOT + 1)
    world.log_segment(data)
    return world.evidence()


@case("E_REVOKED")
def work_of_a_revoked_device_that_is_not_logged() -> Evidence:
    world = plain()
    world.day(1)
    world.work(END)
    revoked(world, END + SLOT + 1)
    return world.evidence()


@case("E_REVOKED")
def the_first_revocation_counts() -> Evidence:
    world = plain()
    data = world.work(START)
    revoked(world, END + 1)
    world.log_segment(data)
    world.log_unsigned(
        "revokes", LeafType.REVOKE, Revoke(world.key.kid, 1, "again").data(), END + 9, world.key.kid
    )
    return world.evidence()


@case()
def retired_work_may_come_after_the_revocation() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(second)], END + SLOT + 1)
    revoked(world, END + SLOT + 2)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_REVOKED", "E_RETIRED")
def work_beyond_the_head_of_a_retired_device() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(first)], END + SLOT + 1)
    revoked(world, END + SLOT + 2)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_REVOKED", "E_RETIRED")
def a_head_with_another_number() -> Evidence:
    world = plain()
    data = world.work(START)
    retired(world, [replace(head(data), seq=1)], END + 1)
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_REVOKED")
def a_retirement_after_the_revocation() -> Evidence:
    world = plain()
    data = world.work(START)
    revoked(world, END + 1)
    retired(world, [head(data)], END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_INCLUSION", "E_REVOKED")
def a_retirement_under_another_devices_leaf() -> Evidence:
    world = plain()
    data = world.work(START)
    signed = retire(
        world.key, aud=AUD, sub=world.sub, at=END, heads=[head(data)], random=world.random
    )
    world.log_signed("retires", LeafType.RETIRE, signed, END + 1, b64url_encode(bytes(32)))
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case()
def retired_work_may_come_after_the_retirement() -> Evidence:
    world = plain()
    first, second = world.work(START), world.work(END)
    retired(world, [head(second)], END + SLOT + 1)
    for data in (first, second):
        world.log_segment(data, END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def work_after_the_retirement() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.segments[0])], END + 9)
    world.log_segment(world.work(END))
    return world.evidence()


@case("E_RETIRED")
def work_of_a_device_that_never_worked_before_it_retired() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(1)
    return world.evidence()


@case()
def work_that_was_logged_before_its_device_retired() -> Evidence:
    world = plain()
    world.day(2)
    retired(world, [], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def retired_work_that_is_not_logged() -> Evidence:
    world = plain()
    world.day(1)
    world.work(END)
    retired(world, [head(world.segments[0])], END + SLOT + 9)
    return world.evidence()


@case()
def retired_work_that_is_not_logged_and_named() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.work(END))], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def the_first_retirement_counts() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(1)
    retired(world, [], END + 9)
    return world.evidence()


@case()
def a_later_retirement_names_what_came_after_the_first() -> Evidence:
    world = plain()
    retired(world, [], START - 380)
    world.day(2)
    retired(world, [head(world.segments[1])], END + SLOT + 9)
    return world.evidence()


@case("E_RETIRED")
def a_retirement_that_shows_no_head() -> Evidence:
    world = plain()
    data = world.work(START)
    retired(world, [head(data)], END + 1)
    world.log_segment(data, END + 9)
    evidence = world.evidence()
    ((signed, receipt),) = evidence.retires
    return replace(evidence, retires=[(signed.partition(b"~")[0] + b"~", receipt)])


@case("E_INCLUSION")
def a_retirement_that_does_not_count_ends_nothing() -> Evidence:
    world = plain()
    signed = retire(world.key, aud=AUD, sub=world.sub, at=START, heads=[], random=world.random)
    world.log_signed("retires", LeafType.RETIRE, signed, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()


@case("E_RETIRED")
def manual_time_of_a_retired_device() -> Evidence:
    world = plain()
    world.day(1)
    retired(world, [head(world.segments[0])], END + 9)
    world.log_segment(world.manual(END))
    return world.evidence()


@case("E_KID_UNKNOWN")
def a_retirement_of_a_device_that_nobody_knows() -> Evidence:
    world = plain()
    stranger = copy_with_key(world)
    retired(stranger, [], START - 380)
    return replace(world.evidence(), retires=stranger.evidence().retires)


def copy_with_key(world: World) -> World:
    """A device that was never enrolled, with the same log."""
    other = world.sibling(START - 390, "stranger")
    other.statements = {}
    return other


@case("E_FORMAT")
def a_retirement_with_a_head_that_is_none() -> Evidence:
    world = plain()
    payload = {"v": 1, "aud": AUD, "sub": world.sub, "at": START}
    data = sd_jwt.issue(payload, [("head_0", [])], RETIRE_TYP, world.key, world.random)
    world.log_signed("retires", LeafType.RETIRE, data, START - 380, world.key.kid)
    return world.evidence()


@case("E_FORMAT")
def a_retirement_with_a_good_head_beside_one_that_is_none() -> Evidence:
    world = plain()
    data = world.work(START)
    named = {"ctr": head(data).ctr, "seq": 0, "h": head(data).h}
    payload = {"v": 1, "aud": AUD, "sub": world.sub, "at": END}
    parts = [("head_0", []), ("head_1", named)]
    signed = sd_jwt.issue(payload, parts, RETIRE_TYP, world.key, world.random)
    world.log_signed("retires", LeafType.RETIRE, signed, END + 1, world.key.kid)
    revoked(world, END + 2)
    world.log_segment(data, END + 9)
    return world.evidence()


@case("E_DISC_UNMATCHED")
def a_retirement_with_a_foreign_disclosure() -> Evidence:
    world = plain()
    data = retire(world.key, aud=AUD, sub=world.sub, at=START, heads=[], random=world.random)
    world.log_signed("retires", LeafType.RETIRE, data + b"AA~", START - 380, world.key.kid)
    return world.evidence()


@case("E_INCLUSION")
def a_revocation_under_another_devices_leaf() -> Evidence:
    world = plain()
    word = Revoke(world.key.kid, START, "lost").data()
    world.log_unsigned("revokes", LeafType.REVOKE, word, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()


@case()
def a_revocation_of_a_device_that_is_not_here() -> Evidence:
    world = plain()
    revoked(world, START - 380, b64url_encode(bytes(32)))
    world.day(1)
    return world.evidence()
