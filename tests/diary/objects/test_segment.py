"""One segment: every field, the nulls of each kind, its disclosures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.core.slots import SLOT, covered_minutes
from diary.formats import sd_jwt
from diary.formats.encoding import MAX_INT, b64url_encode
from diary.formats.jws import sign
from diary.objects.picture import (
    UNMEASURED,
    Blob,
    Masks,
    Minutes,
    Picture,
    check_minutes,
    rows_with_input,
)
from diary.objects.segment import MAX_TEXT, TYP, SealedSegment, Segment, parse, random_id, seal
from tests.diary.field_cases import malformed, without
from tests.diary.world import START, Random, World

WORLD = World()
BODY = WORLD.body(START)
BLOB = Blob("image/webp", 500, b64url_encode(b"f" * 32))
SHOT = Picture(
    START * 1000 + 1, BLOB, 1920, 1080, "all", Blob("image/webp", 50, b64url_encode(b"t" * 32))
)
ROWS: list[Any] = [[i, 0, 0, 0, None] for i in range(10)]
NONE = type(None)

MANUAL = replace(
    BODY,
    kind="manual",
    bcn=None,
    mom=None,
    boot=None,
    up0=None,
    up1=None,
    awake=None,
    active=None,
    input="unavailable",
    shot="none",
)

#: For each field of an automatic segment its valid types; () for an enumeration.
FITS: dict[str, tuple[type, ...]] = {
    "v": (),
    "aud": (str,),
    "sub": (),
    "ctr": (),
    "terms": (),
    "kind": (),
    "seq": (int,),
    "epoch": (int,),
    "prev": (),
    "slot": (int,),
    "t0": (int,),
    "t1": (int,),
    "up0": (int,),
    "up1": (int,),
    "awake": (int,),
    "off": (int,),
    "boot": (),
    "bcn": (),
    "mom": (NONE,),
    "active": (),
    "input": (),
    "pics": (),
    "shot_at": (),
    "shot": (),
    "end": (),
    "tz": (str,),
    "app": (),
    "_sd": (),
    "_sd_alg": (),
}


def issued(payload: dict[str, Any], parts: dict[str, Any]) -> bytes:
    """A signed segment of any payload and parts, also such as `seal` would refuse."""
    return sd_jwt.issue(payload, list(parts.items()), TYP, WORLD.key, Random("salts"))


def parts(body: Segment = BODY, **more: Any) -> dict[str, Any]:
    rows = [row if inside else None for row, inside in zip(ROWS, coverage(body), strict=True)]
    shots = {f"shot_{i}": SHOT.value() for i in range(body.pics)}
    return {"memo": "Write tests", "minutes": rows, **shots, **more}


def coverage(body: Segment) -> tuple[bool, ...]:
    return covered_minutes(body.slot, body.t0, body.t1)


def payload(body: Segment = BODY, **changes: Any) -> dict[str, Any]:
    active = sum(inside and row[0] > 0 for row, inside in zip(ROWS, coverage(body), strict=True))
    times = [START * 1000 + 1] * changes.get("pics", 0)
    return {**body.payload(), "active": active, "shot_at": times, **changes}


def read(data: bytes) -> SealedSegment:
    return parse(data)


def refused(data: bytes) -> str:
    """Why the segment, or a part of it, is malformed."""
    error = _error_of(data)
    assert error.code is Code.E_FORMAT
    return error.detail


def _error_of(data: bytes) -> DiaryError:
    try:
        (problem,) = parse(data).sdjwt.problems
    except DiaryError as error:
        return error
    return problem


def test_the_segments_of_these_tests_are_good() -> None:
    assert read(issued(payload(), parts())).memo == "Write tests"
    assert read(issued(MANUAL.payload(), {"memo": "m", "note": "n"})).note == "n"


def test_a_sealed_segment_round_trips() -> None:
    minutes: Minutes = tuple((i, 0, 0, 0, None) for i in range(10))
    body = replace(BODY, active=9, pics=1, shot="ok")
    data = seal(
        body,
        memo="memo é",
        note="note",
        minutes=minutes,
        shots=[SHOT],
        signer=WORLD.key,
        random=WORLD.random,
    )
    sealed = parse(data)
    assert sealed.segment == replace(body, shot_at=(SHOT.at,))
    assert "at" not in SHOT.value()
    assert (sealed.memo, sealed.note, sealed.minutes) == ("memo é", "note", minutes)
    assert sealed.pictures == {0: SHOT}
    assert sealed.kid == WORLD.key.kid
    assert sealed.sdjwt.text() == data
    assert sealed.segment.seconds == SLOT
    assert sealed.hash == sealed.sdjwt.jws.digest


def test_nothing_malformed_is_ever_sealed() -> None:
    with pytest.raises(DiaryError):
        seal(BODY, memo="m", minutes=None, signer=WORLD.key, random=WORLD.random)
    with pytest.raises(DiaryError):
        seal(
            replace(BODY, active=3),
            memo="m",
            minutes=(UNMEASURED,) * 10,
            signer=WORLD.key,
            random=WORLD.random,
        )


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        (what, changed)
        for what, changed in malformed({**payload(), "_sd": [], "_sd_alg": "sha-256"}, FITS)
        # Without pictures there are no times.
        if what != "shot_at=[]"
    ],
)
def test_a_malformed_field_is_refused(what: str, changed: dict[str, Any]) -> None:
    if "_sd" in what:  # `issue` sets these two
        data = sign(changed, TYP, WORLD.key) + b"~"
    else:
        data = issued(without(without(changed, "_sd"), "_sd_alg"), parts())
    names = re.split("[ =]", what)[0] + "|version|measurement|base64url|slot|ver|withheld"
    assert re.search(rf"\b({names})\b", refused(data))


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": 0},
        {"aud": "Upper.example"},
        {"aud": "a/b"},
        {"sub": "x" * 21},
        {"ctr": "x" * 23},
        {"ctr": "x" * 21 + "="},
        {"terms": b64url_encode(bytes(31))},
        {"kind": "other"},
        {"seq": -1},
        {"epoch": -1},
        {"prev": b64url_encode(bytes(33))},
        {"slot": -600},
        {"t0": -1},
        {"up0": -1},
        {"boot": b64url_encode(bytes(15))},
        {"bcn": {"slot": START}},
        {"bcn": {"h": b64url_encode(bytes(32))}},
        {"bcn": {"slot": START, "h": b64url_encode(bytes(31))}},
        {"bcn": {"slot": True, "h": b64url_encode(bytes(32))}},
        {"mom": b64url_encode(bytes(31))},
        {"active": 11},
        {"active": -1},
        {"active": 8},
        {"input": "good"},
        {"pics": 4},
        {"pics": -1},
        {"shot": "no"},
        {"end": "done"},
        {"tz": "x" * 65},
        {"app": {"ver": "1"}},
        {"app": {"os": "linux"}},
        {"app": {"ver": 1, "os": "linux"}},
        {"app": {"ver": "x" * 65, "os": "linux"}},
        {"htu": "https://example.com/"},
    ],
)
def test_a_value_out_of_its_rule_is_refused(change: dict[str, Any]) -> None:
    refused(issued(payload(**change), parts()))


@pytest.mark.parametrize("kind", ["auto", "kept"])
@pytest.mark.parametrize("name", ["up0", "up1", "awake", "boot", "bcn", "active"])
def test_measured_time_has_no_null_but_the_picture_time(kind: str, name: str) -> None:
    refused(issued({**payload(kind=kind), name: None}, parts()))
    assert read(issued(payload(kind=kind, mom=None), parts())).segment.mom is None


@pytest.mark.parametrize(
    "change",
    [
        {"up0": 0},
        {"up1": 0},
        {"awake": 0},
        {"boot": b64url_encode(bytes(16))},
        {"bcn": {"slot": START, "h": b64url_encode(bytes(32))}},
        {"mom": b64url_encode(bytes(32))},
        {"active": 0},
        {"pics": 1},
        {"shot": "ok"},
        {"shot": "ended"},
        {"input": "ok"},
        {"input": "denied"},
    ],
)
def test_manual_time_carries_no_measurement(change: dict[str, Any]) -> None:
    shots, times = ({"shot_0": SHOT.value()}, [START * 1000]) if change.get("pics") else ({}, [])
    refused(issued({**MANUAL.payload(), "shot_at": times, **change}, {"memo": "m", **shots}))


def test_manual_time_shows_no_minutes() -> None:
    refused(issued(MANUAL.payload(), {"memo": "m", "minutes": [[None] * 5] * 10}))


def test_the_wall_clock_may_be_behind() -> None:
    assert read(issued(payload(off=-MAX_INT), parts())).segment.off == -MAX_INT


def test_unknown_fields_and_disclosures_are_kept_and_ignored() -> None:
    data = issued(payload(mood={"_": [1]}), parts(weather="rain", shoe_0=1))
    sealed = read(data)
    assert sealed.segment == read(issued(payload(), parts())).segment
    assert sealed.sdjwt.text() == data
    assert sealed.sdjwt.jws.payload["mood"] == {"_": [1]}
    assert not sealed.sdjwt.withheld
    assert {d.name for d in sealed.sdjwt.disclosures} >= {"weather", "shoe_0"}


@pytest.mark.parametrize("name", ["memo", "note"])
@pytest.mark.parametrize("value", [None, 7, ["x"], {"a": "b"}, True, "x" * (MAX_TEXT + 1)])
def test_a_text_must_be_a_string(name: str, value: Any) -> None:
    refused(issued(payload(), parts(**{name: value})))


def test_the_longest_text_is_counted_in_characters() -> None:
    assert read(issued(payload(), parts(memo="😀" * MAX_TEXT))).memo == "😀" * MAX_TEXT
    assert read(issued(payload(), parts(memo=""))).memo == ""


@pytest.mark.parametrize("missing", ["memo", "minutes", "shot_0", "shot_1"])
def test_a_part_may_be_withheld_but_not_left_out(missing: str) -> None:
    full = parts(replace(BODY, pics=2))
    body = payload(pics=2, shot="ok")
    refused(issued(body, without(full, missing)))
    signed, *texts, _ = issued(body, full).split(b"~")
    kept = [t for t in texts if missing not in str(sd_jwt._disclosure(t).name)]
    sealed = read(b"~".join([signed, *kept, b""]))
    assert len(sealed.sdjwt.withheld) == 1
    assert (sealed.memo is None) == (missing == "memo")
    assert (sealed.minutes is None) == (missing == "minutes")
    assert set(sealed.pictures) == {i for i in (0, 1) if missing != f"shot_{i}"}


def test_a_presentation_may_disclose_nothing() -> None:
    signed = issued(payload(pics=1), parts(replace(BODY, pics=1))).split(b"~")[0]
    sealed = read(signed + b"~")
    assert (sealed.memo, sealed.note, sealed.minutes, sealed.pictures) == (None, None, None, {})


@pytest.mark.parametrize("name", ["shot_1", "shot_00", "shot_-1", "shot_", "shot_a", "shot_²"])
def test_pictures_are_numbered_from_0_without_gaps(name: str) -> None:
    refused(issued(payload(pics=1), parts(replace(BODY, pics=1), **{name: SHOT.value()})))


SHOT_FITS: dict[str, tuple[type, ...]] = {
    "mime": (str,),
    "bytes": (int,),
    "w": (int,),
    "h": (int,),
    "screen": (str,),
    "sha256": (),
    "thumb": (),
    "redacted": (),
}


def with_shot(value: Any) -> bytes:
    return issued(payload(pics=1), parts(replace(BODY, pics=1)) | {"shot_0": value})


def redacted(*rectangles: Any) -> dict[str, Any]:
    return SHOT.value() | {"redacted": list(rectangles)}


MASKS = {"allow": True, "areas": False, "blur": 8, "deny": False}
SHOT_CASES = [
    (what, value) for what, value in malformed(SHOT.value(), SHOT_FITS) if what != "redacted=[]"
]


@pytest.mark.parametrize(("what", "value"), SHOT_CASES)
def test_a_malformed_picture_is_refused(what: str, value: dict[str, Any]) -> None:
    refused(with_shot(value))
    assert what


BAD_MASKS: list[Any] = [
    None,
    [],
    "allow",
    {},
    MASKS | {"blur": -1},
    MASKS | {"blur": 1001},
    MASKS | {"blur": True},
    MASKS | {"allow": 1},
    MASKS | {"deny": None},
    without(MASKS, "areas"),
]


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        SHOT.value() | {"bytes": 0},
        SHOT.value() | {"bytes": 2**30 + 1},
        SHOT.value() | {"w": 0},
        SHOT.value() | {"h": 100_001},
        SHOT.value() | {"mime": "x" * 65},
        SHOT.value() | {"screen": "x" * 65},
        SHOT.value() | {"thumb": without(SHOT.thumb.value(), "sha256")},
        redacted([1, 2, 3]),
        redacted([1, 2, 3, -1]),
        redacted([1, 2, 3, True]),
        redacted([1, 2, 3, 100_001]),
        redacted({"x": 1}),
        *(SHOT.value() | {"masks": masks} for masks in BAD_MASKS),
    ],
)
def test_a_picture_out_of_range_is_refused(value: Any) -> None:
    refused(with_shot(value))


@pytest.mark.parametrize(
    "times",
    [
        [],
        [5],
        [5, 6, 7],
        [6, 5],
        [5, -1],
        [5, True],
        [5, 5.0],
        [5, None],
        [5, "6"],
        [5, MAX_INT + 1],
        {"0": 5, "1": 6},
        None,
    ],
)
def test_the_capture_times_are_as_many_as_the_pictures_and_in_order(times: Any) -> None:
    full = parts(replace(BODY, pics=2))
    with pytest.raises(DiaryError) as error:
        parse(issued(payload(pics=2, shot_at=times), full))
    assert error.value.code is Code.E_FORMAT
    refused(issued(without(payload(pics=2), "shot_at"), full))


def test_the_capture_times_are_read_from_the_payload() -> None:
    full = parts(replace(BODY, pics=2))
    sealed = read(issued(payload(pics=2, shot_at=[5, MAX_INT]), full))
    assert [shot.at for shot in sealed.pictures.values()] == [5, MAX_INT]
    assert read(issued(payload(pics=2, shot_at=[5, 5]), full)).segment.shot_at == (5, 5)
    full["shot_1"] |= {"at": 7}
    assert read(issued(payload(pics=2, shot_at=[5, 6]), full)).pictures[1].at == 6


def test_a_masked_picture_is_read() -> None:
    assert read(with_shot(redacted([1, 2, 3, 4]))).pictures[0].redacted == ((1, 2, 3, 4),)
    assert read(with_shot(SHOT.value() | {"camera": "none"})).pictures[0] == SHOT


def test_the_masking_rules_are_read_and_written_again() -> None:
    value = SHOT.value() | {"masks": MASKS | {"applications": ["of a later version"]}}
    picture = read(with_shot(value)).pictures[0]
    assert picture.masks == Masks(allow=True, blur=8)
    assert picture.value() == SHOT.value() | {"masks": MASKS}
    assert "masks" not in SHOT.value(), "a picture without rules has no such member"


def rows(*changes: tuple[int, Any]) -> list[Any]:
    result = [list(row) for row in ROWS]
    for place, row in changes:
        result[place] = row
    return result


@pytest.mark.parametrize(
    "minutes",
    [
        None,
        {},
        ROWS[:9],
        [*ROWS, ROWS[0]],
        rows((0, None)),
        rows((3, [1, 1, 1, 1])),
        rows((3, [1, 1, 1, 1, 1, 1])),
        rows((3, {"keys": 1})),
        rows((3, [-1, 0, 0, 0, 0])),
        rows((3, [True, 0, 0, 0, 0])),
        rows((3, ["1", 0, 0, 0, 0])),
        rows((3, [1_000_001, 0, 0, 0, 0])),
        rows((3, [0, 0, 0, 61, 0])),
        rows((3, [0, 0, 0, 0, 0])),  # `active` is one higher
    ],
)
def test_other_rows_are_refused(minutes: Any) -> None:
    refused(issued(payload(), parts(minutes=minutes)))


COVER = st.integers(0, SLOT - 1).flatmap(
    lambda t0: st.tuples(st.just(t0), st.integers(t0 + 1, SLOT))
)
COUNT = st.none() | st.integers(0, 60)


@given(COVER, st.data(), st.sampled_from(["ok", "active-only", "unavailable", "denied"]))
def test_rows_round_trip_and_fit_the_seconds(
    times: tuple[int, int], draw: st.DataObject, quality: Any
) -> None:
    body = replace(BODY, t0=START + times[0], t1=START + times[1], input=quality)
    allowed = {"ok": range(5), "active-only": [3]}.get(quality, [])
    made: list[Any] = []
    for inside in coverage(body):
        row = [draw.draw(COUNT) if i in allowed else None for i in range(5)]
        made.append(row if inside else None)
    minutes = check_minutes(made, START, body.t0, body.t1, quality)
    active = rows_with_input(minutes)
    assert active == sum(row is not None and any(n for n in row[:4] if n) for row in made)
    sealed = read(issued(payload(body, active=active), parts(body, minutes=made)))
    assert sealed.minutes == minutes
    # One more or less active minute than the rows have is a false claim.
    refused(issued(payload(body, active=active + 1), parts(body, minutes=made)))


@pytest.mark.parametrize(
    ("quality", "row", "fits"),
    [
        ("ok", [1, 2, 3, 4, 5], True),
        ("ok", [None, None, None, None, None], True),
        ("active-only", [None, None, None, 60, None], True),
        ("active-only", [1, None, None, 60, None], False),
        ("active-only", [None, None, None, None, 0], False),
        ("unavailable", [None, None, None, None, None], True),
        ("unavailable", [0, None, None, None, None], False),
        ("denied", [None, None, None, 0, None], False),
    ],
)
def test_what_was_not_measured_is_not_shown(quality: Any, row: list[Any], fits: bool) -> None:
    def reading() -> Minutes:
        return check_minutes([row] + [None] * 9, START, START, START + 30, quality)

    if fits:
        assert reading()[0] == tuple(row)
    else:
        with pytest.raises(DiaryError):
            reading()


def test_injected_input_alone_makes_no_minute_active() -> None:
    minutes = check_minutes([[0, 0, 0, 0, 9]] + [None] * 9, START, START, START + 1, "ok")
    assert rows_with_input(minutes) == 0


def test_a_random_id_has_128_bits_and_the_form_of_one() -> None:
    made = random_id(Random("ids"))
    assert len(made) == 22
    assert read(issued(payload(ctr=made), parts())).segment.ctr == made


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_changes_the_name_or_is_seen(place: int, change: int) -> None:
    data = issued(payload(pics=1), parts(replace(BODY, pics=1)))
    changed = bytearray(data)
    changed[place % len(data)] ^= change
    try:
        sealed = parse(bytes(changed))
    except DiaryError:
        return
    assert sealed.hash != parse(data).hash or sealed.sdjwt.problems
