"""Later statements, field by field: vouches, retirements, revocations, changed memos, tombstones,
reviews; and the remaining view of a segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from diary.core.findings import Code, DiaryError
from diary.formats import sd_jwt
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, canonical, digest, parse_canonical
from diary.formats.jws import sign, verify_jws
from diary.objects.amendment import TYP as AMEND_TYP
from diary.objects.amendment import amend, parse_amend
from diary.objects.device_lifecycle import (
    RETIRE_TYP,
    VOUCH_TYP,
    RetirementHead,
    Revoke,
    parse_retire,
    parse_vouch,
    retire,
    vouch,
)
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import MAX_TEXT
from diary.objects.tombstone import TYP as TOMBSTONE_TYP
from diary.objects.tombstone import Tombstone, parse_object, parse_tombstone, tombstone
from diary.verification.check import check
from tests.diary.cases import (
    changed_memos,
    common,
    credit_rules,
    deletions_and_parts,
    device_lifecycle,
    repeated_leaves,
)
from tests.diary.cases.common import Case, plain
from tests.diary.field_cases import malformed
from tests.diary.world import AUD, START, Random

KEY = SigningKey.from_seed(b"k" * 32)
SUB, CTR = b64url_encode(b"s" * 16), b64url_encode(b"c" * 16)
H = b64url_encode(b"h" * 32)
NONE = type(None)
HEAD = {"ctr": CTR, "seq": 3, "h": H}

VOUCH = {"v": 1, "aud": AUD, "sub": SUB, "kid": H}
RETIRE = {"v": 1, "aud": AUD, "sub": SUB, "at": START}
AMEND = {"v": 1, "aud": AUD, "segment": H, "at": START}
STONE = {
    "v": 1,
    "segment": H,
    "digests": [H],
    "scope": ["shot", "time"],
    "reason": "deleted",
    "at": START,
}
ERASURE = STONE | {"scope": ["shot"]}
REVOKE = {"v": 1, "kid": H, "at": START, "reason": "lost"}
REVIEW = {
    "v": 1,
    "aud": AUD,
    "ctr": CTR,
    "at": START,
    "by": "client",
    "kind": "comment",
    "segments": [H],
    "text": H,
}


def as_vouch(obj: dict[str, Any]) -> object:
    return parse_vouch(sign(obj, VOUCH_TYP, KEY))


def as_retire(obj: dict[str, Any]) -> object:
    return parse_retire(sd_jwt.issue(obj, [("head_0", HEAD)], RETIRE_TYP, KEY, Random("salts")))


def as_head(obj: dict[str, Any]) -> object:
    parts = [("head_0", obj)]
    read = parse_retire(sd_jwt.issue(RETIRE, parts, RETIRE_TYP, KEY, Random("salts")))
    if read.sdjwt.problems:
        raise read.sdjwt.problems[0]
    return read


def as_amend(obj: dict[str, Any]) -> object:
    return parse_amend(sd_jwt.issue(obj, [("memo", "m")], AMEND_TYP, KEY, Random("salts")))


def as_memo(obj: dict[str, Any]) -> object:
    return parse_amend(sd_jwt.issue(AMEND, [*obj.items()], AMEND_TYP, KEY, Random("salts")))


def as_stone(obj: dict[str, Any]) -> object:
    return parse_tombstone(sign(obj, TOMBSTONE_TYP, KEY))


def as_erasure(obj: dict[str, Any]) -> object:
    return parse_object(canonical(obj))


def as_revoke(obj: dict[str, Any]) -> object:
    return Revoke.parse(canonical(obj))


def as_review(obj: dict[str, Any]) -> object:
    return ReviewEntry.parse(canonical(obj))


Reader = Callable[[dict[str, Any]], object]
FITS: list[tuple[Reader, dict[str, Any], dict[str, tuple[type, ...]]]] = [
    (as_vouch, VOUCH, {"v": (), "aud": (str,), "sub": (), "kid": ()}),
    (as_retire, RETIRE, {"v": (), "aud": (str,), "sub": (), "at": (int,)}),
    (as_head, HEAD, {"ctr": (), "seq": (int,), "h": ()}),
    (as_amend, AMEND, {"v": (), "aud": (str,), "segment": (), "at": (int,)}),
    (as_memo, {"memo": "m"}, {"memo": (str,)}),
    (
        as_stone,
        STONE,
        {"v": (), "segment": (), "digests": (list,), "scope": (), "reason": (str,), "at": (int,)},
    ),
    (
        as_erasure,
        ERASURE,
        {"v": (), "segment": (), "digests": (list,), "scope": (), "reason": (str,), "at": (int,)},
    ),
    (as_revoke, REVOKE, {"v": (), "kid": (), "at": (int,), "reason": (str,)}),
    (
        as_review,
        REVIEW,
        {
            "v": (),
            "aud": (str,),
            "ctr": (),
            "at": (int,),
            "by": (str,),
            "kind": (),
            "segments": (list,),
            "text": (NONE,),
        },
    ),
]
SPOILED = [
    pytest.param(read, wrong, id=f"{read.__name__} {what}")
    for read, obj, fits in FITS
    for what, wrong in malformed(obj, fits)
]


@pytest.mark.parametrize(("read", "obj"), [(read, obj) for read, obj, _ in FITS])
def test_valid_objects_are_read(read: Reader, obj: dict[str, Any]) -> None:
    assert read(obj)
    if read not in (as_memo, as_head):
        assert read(obj | {"unknown": 1})


@pytest.mark.parametrize(("read", "obj"), SPOILED)
def test_a_malformed_field_is_refused(read: Reader, obj: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        read(obj)
    assert error.value.code is Code.E_FORMAT


@pytest.mark.parametrize(
    ("read", "obj"),
    [
        (as_vouch, VOUCH | {"v": 2}),
        (as_vouch, VOUCH | {"aud": "a b"}),
        (as_retire, RETIRE | {"at": -1}),
        (as_head, HEAD | {"seq": -1}),
        (as_memo, {"memo": "m" * (MAX_TEXT + 1)}),
        (as_memo, {}),
        (as_stone, STONE | {"digests": [7]}),
        (as_stone, STONE | {"digests": [H, H]}),
        (as_stone, STONE | {"digests": [b64url_encode(b"z" * 32), H]}),
        (as_stone, STONE | {"digests": [b64url_encode(bytes([i]) * 32) for i in range(101)]}),
        (as_stone, STONE | {"scope": ["shot"]}),
        (as_stone, STONE | {"scope": ["time", "shot"]}),
        (as_stone, STONE | {"scope": ["time", "time"]}),
        (as_stone, STONE | {"scope": ["everything"]}),
        (as_stone, STONE | {"reason": "x" * 201}),
        (as_erasure, ERASURE | {"scope": ["time"]}),
        (as_erasure, ERASURE | {"scope": []}),
        (as_revoke, REVOKE | {"reason": "x" * 201}),
        (as_revoke, REVOKE | {"at": -1}),
        (as_review, REVIEW | {"by": "x" * 65}),
        (as_review, REVIEW | {"kind": "insult"}),
        (as_review, REVIEW | {"segments": [7]}),
        (as_review, REVIEW | {"segments": [H] * 2_001}),
    ],
)
def test_values_out_of_range_are_refused(read: Reader, obj: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        read(obj)
    assert error.value.code is Code.E_FORMAT


def test_signed_objects_round_trip() -> None:
    random = Random("salts")
    vouched = parse_vouch(vouch(KEY, aud=AUD, sub=SUB, kid=H))
    heads = (RetirementHead(CTR, 3, H), RetirementHead(b64url_encode(b"d" * 16), 0, H))
    retired = parse_retire(retire(KEY, aud=AUD, sub=SUB, at=START, heads=heads, random=random))
    changed = parse_amend(amend(KEY, aud=AUD, segment=H, at=START, memo="New", random=random))
    stone = parse_tombstone(
        tombstone(KEY, segment=H, digests=[H], scope=["time", "shot"], reason="deleted", at=START)
    )
    assert (vouched.aud, vouched.sub, vouched.kid) == (AUD, SUB, H)
    assert set(retired.heads) == set(heads)
    assert (changed.segment, changed.memo) == (H, "New")
    assert (stone.digests, stone.scope) == ((H,), ("shot", "time"))
    assert stone.signed is not None
    for signed in (vouched.signed, retired.sdjwt.jws, changed.sdjwt.jws, stone.signed):
        verify_jws(signed, KEY.public)


def test_marketplace_objects_round_trip() -> None:
    stone = Tombstone(None, H, (H,), ("memo", "shot"), "erasure", START)
    revoke = Revoke(H, START, "lost")
    review = ReviewEntry(AUD, CTR, START, "client", "dispute", (H,), None)
    assert parse_object(stone.data()) == stone
    assert Revoke.parse(revoke.data()) == revoke
    assert ReviewEntry.parse(review.data()) == review
    assert parse_canonical(review.data())["text"] is None


def test_a_head_may_be_kept_from_a_client() -> None:
    heads = [RetirementHead(CTR, 3, H), RetirementHead(b64url_encode(b"d" * 16), 0, H)]
    data = retire(KEY, aud=AUD, sub=SUB, at=START, heads=heads, random=Random("salts"))
    signed, one, _, _ = data.split(b"~")
    shown = parse_retire(signed + b"~" + one + b"~")
    assert len(shown.heads) == 1
    assert len(shown.sdjwt.withheld) == 1


def test_nothing_malformed_is_signed() -> None:
    with pytest.raises(DiaryError):
        tombstone(KEY, segment=H, digests=[], scope=["shot"], reason="deleted", at=START)
    with pytest.raises(DiaryError):
        amend(KEY, aud=AUD, segment=H, at=START, memo="m" * 2001, random=Random("salts"))


def one_segment(make: Callable[[], Any], **changes: Any) -> Any:
    (checked,) = check(replace(make(), **changes)).segments.values()
    return checked


def test_the_last_changed_memo_is_shown_and_the_earlier_ones_stay_visible() -> None:
    shown = one_segment(changed_memos.the_last_of_several_changes_wins).shown
    assert shown.memo == "Fourth"
    assert shown.first_memo == "Write tests"
    assert [memo.text for memo in shown.memos] == ["Second", "Third", "Fourth"]


def test_the_order_of_the_log_decides_which_memo_is_the_last() -> None:
    evidence = changed_memos.the_last_of_several_changes_wins()
    turned = replace(evidence, amends=list(evidence.amends)[::-1])
    (checked,) = check(turned).segments.values()
    assert checked.shown.memo == "Fourth"


def test_a_memo_that_was_changed_too_late_changes_nothing() -> None:
    assert (
        one_segment(changed_memos.a_memo_changed_in_the_weeks_last_moment).shown.memo == "In time"
    )
    shown = one_segment(changed_memos.a_memo_changed_after_the_week_was_locked).shown
    assert (shown.memo, shown.memos) == ("Write tests", ())


def test_a_deleted_memo_does_not_bring_the_earlier_one_back() -> None:
    shown = one_segment(deletions_and_parts.a_changed_memo_deleted).shown
    assert shown.memo is None
    assert shown.first_memo == "Write tests"


@pytest.mark.parametrize(
    ("make", "given_back"),
    [
        (deletions_and_parts.a_deleted_picture_and_its_time, True),
        (deletions_and_parts.what_was_deleted_counts_as_absent_though_it_is_shown, True),
        (deletions_and_parts.time_given_back, True),
        (deletions_and_parts.a_picture_deleted_after_the_week_was_locked, False),
        (deletions_and_parts.time_given_back_after_the_week_was_locked, False),
        (deletions_and_parts.a_picture_erased_by_the_marketplace, False),
        (deletions_and_parts.a_deletion_by_somebody_else, False),
        (deletions_and_parts.a_deletion_by_a_revoked_device, False),
    ],
)
def test_only_the_freelancers_deletion_in_time_releases_time(
    make: Callable[[], Any], given_back: bool
) -> None:
    report = check(make())
    (share,) = report.credits.values()
    assert (share.given_back, share.payable) == ((600, 0) if given_back else (0, 600))


def test_a_deleted_picture_is_not_shown_any_more() -> None:
    for make in (
        deletions_and_parts.a_deleted_picture_and_its_time,
        deletions_and_parts.what_was_deleted_counts_as_absent_though_it_is_shown,
        deletions_and_parts.a_picture_deleted_after_the_week_was_locked,
        deletions_and_parts.a_picture_erased_by_the_marketplace,
    ):
        assert one_segment(make).shown.pictures == {}


def test_the_rest_of_a_deleted_part_reveals_nothing() -> None:
    """The digest covers 128 random bits beside the value, which are deleted with it: equal memos
    have different digests.
    """
    segments = plain().day(5)
    assert {segment.memo for segment in segments} == {"Write tests"}
    assert len({common.digest_of(segment, "memo")[0] for segment in segments}) == 5


def test_a_revocation_is_reported_with_its_position() -> None:
    keys = check(device_lifecycle.work_that_was_logged_after_the_revocation()).keys
    (kid,) = keys.devices
    assert keys.revoked[kid] > keys.devices[kid].position
    assert check(device_lifecycle.a_second_device_that_nobody_vouched_for()).keys.unvouched


def test_the_first_leaf_of_a_statement_counts() -> None:
    shown = one_segment(repeated_leaves.a_changed_memo_logged_twice_keeps_its_first_place).shown
    assert [memo.text for memo in shown.memos] == ["Second", "Third"]
    shown = one_segment(repeated_leaves.a_deletion_logged_twice_counts_once).shown
    assert (shown.deletions, shown.given_back) == (2, True)
    assert len(check(repeated_leaves.what_a_client_said_logged_twice()).reviews) == 1


def test_only_the_client_of_the_terms_allows_time_over_the_limit() -> None:
    def over_limit(made: Case) -> list[int]:
        return [share.over_limit for share in check(made()).credits.values()]

    assert over_limit(credit_rules.time_over_the_limit_that_the_client_allowed) == [0, 0, 0]
    person = credit_rules.time_over_the_limit_that_a_person_of_the_client_allowed
    assert over_limit(person) == [0, 0, 0]
    other = credit_rules.time_over_the_limit_that_another_person_allowed
    assert over_limit(other) == [0, 300, 600]


def test_a_review_entry_may_reply_to_another() -> None:
    first = ReviewEntry(AUD, "A" * 22, START, "client", "question", (), None)
    reply = replace(first, kind="answer", replies_to=digest(first.data()))
    assert ReviewEntry.parse(reply.data()) == reply
    assert b"replies_to" not in first.data()
    null = canonical({**parse_canonical(first.data()), "replies_to": None})
    assert ReviewEntry.parse(null) == first
    with pytest.raises(DiaryError, match="replies_to"):
        ReviewEntry.parse(canonical({**parse_canonical(first.data()), "replies_to": "x"}))
