"""Beacons and terms of the marketplace, field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64url_encode, canonical, digest, parse_canonical
from diary.objects.beacon import Beacon
from diary.objects.terms import Terms
from tests.diary.field_cases import malformed
from tests.diary.world import AUD, START

TERMS = Terms(
    aud=AUD,
    ctr=b64url_encode(b"c" * 16),
    sub=b64url_encode(b"s" * 16),
    client=b64url_encode(b"k" * 16),
    from_s=START,
)
TERMS_OBJECT = parse_canonical(TERMS.data())
BEACON_OBJECT = parse_canonical(Beacon(START, b"v" * 32).data())
NONE = type(None)

TERMS_FIT: dict[str, tuple[type, ...]] = {
    "v": (),
    "aud": (str,),
    "ctr": (),
    "sub": (),
    "client": (),
    "from": (int,),
    "state": (),
    "shots": (),
    "shot_tol_ms": (int,),
    "review_s": (int,),
    "idle_s": (),
    "kept": (bool,),
    "manual": (bool,),
    "limit_s": (int, NONE),
    "limit_rule": (),
    "edit_until_s": (int,),
    "retention_days": (int,),
    "rules": (str,),
}


@given(st.integers(0, 10**8), st.binary(min_size=32, max_size=32))
def test_a_beacon_round_trips(number: int, val: bytes) -> None:
    beacon = Beacon(number * 600, val)
    assert Beacon.parse(beacon.data()) == beacon


@given(
    st.builds(
        Terms,
        aud=st.just(AUD),
        ctr=st.just(TERMS.ctr),
        sub=st.just(TERMS.sub),
        client=st.just(TERMS.client),
        from_s=st.integers(0, 2**40),
        state=st.sampled_from(["active", "paused", "ended"]),
        shots=st.integers(0, 3),
        shot_tol_ms=st.integers(0, 300_000),
        review_s=st.integers(0, 600),
        idle_s=st.integers(60, 900),
        kept=st.booleans(),
        manual=st.booleans(),
        limit_s=st.none() | st.integers(0, 604_800),
        limit_rule=st.sampled_from(["stop", "unpaid"]),
        edit_until_s=st.integers(0, 604_800),
        retention_days=st.integers(1, 36_500),
        rules=st.text("0123456789.-abc", max_size=32),
    )
)
def test_terms_round_trip(terms: Terms) -> None:
    assert Terms.parse(terms.data()) == terms
    assert terms.digest == digest(terms.data())
    assert "rate" not in parse_canonical(terms.data())


@pytest.mark.parametrize(("what", "obj"), malformed(TERMS_OBJECT, TERMS_FIT))
def test_malformed_terms_are_refused(what: str, obj: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        Terms.parse(canonical(obj))
    assert error.value.code is Code.E_FORMAT, what


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"aud": "a b"},
        {"ctr": "x" * 21},
        {"sub": "x" * 23},
        {"from": -1},
        {"state": "over"},
        {"shots": 4},
        {"shots": -1},
        {"shot_tol_ms": 300_001},
        {"review_s": 601},
        {"idle_s": 59},
        {"idle_s": 901},
        {"limit_s": 604_801},
        {"limit_s": -1},
        {"limit_rule": "warn"},
        {"edit_until_s": 604_801},
        {"retention_days": 0},
        {"retention_days": 36_501},
        {"rules": "x" * 33},
    ],
)
def test_terms_out_of_range_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        Terms.parse(canonical(TERMS_OBJECT | change))
    assert error.value.code is Code.E_FORMAT


BEACON_CASES = malformed(BEACON_OBJECT, {"v": (), "slot": (), "val": ()})


@pytest.mark.parametrize(("what", "obj"), BEACON_CASES)
def test_a_malformed_beacon_is_refused(what: str, obj: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        Beacon.parse(canonical(obj))
    assert error.value.code is Code.E_FORMAT, what


@pytest.mark.parametrize(
    "change", [{"v": 2}, {"slot": START + 1}, {"slot": -600}, {"val": b64url_encode(b"v" * 31)}]
)
def test_a_beacon_out_of_range_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DiaryError) as error:
        Beacon.parse(canonical(BEACON_OBJECT | change))
    assert error.value.code is Code.E_FORMAT


def test_unknown_fields_are_kept_in_the_bytes_and_ignored() -> None:
    more = canonical(TERMS_OBJECT | {"note": "later"})
    assert Terms.parse(more) == TERMS
    assert digest(more) != TERMS.digest
    assert Beacon.parse(canonical(BEACON_OBJECT | {"next": 1})) == Beacon(START, b"v" * 32)


def test_changed_terms_have_another_name() -> None:
    assert replace(TERMS, shots=2).digest != TERMS.digest
