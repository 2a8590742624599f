"""Enrolments: the commitments of a device before any beacon of its weeks exists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.core.slots import WEEK, week_of
from diary.formats import jws
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode, digest
from diary.objects.enrolment import STORES, TYP, enrol, parse_enrolment
from diary.objects.picture_times import ANCHORS, anchors
from tests.diary.field_cases import malformed
from tests.diary.world import AUD, AUTH_JWK, START, World

WORLD = World()
PAYLOAD = jws.parse(WORLD.enrolment.data, TYP).payload
NONE = type(None)
FITS: dict[str, tuple[type, ...]] = {
    "v": (),
    "aud": (str,),
    "sub": (),
    "jwk": (),
    "auth_jwk": (),
    "week0": (),
    "anchors": (),
    "name": (str,),
    "store": (),
    "nonce": (str,),
    "replaces": (NONE,),
}


def signed(payload: dict[str, Any], key: SigningKey = WORLD.key) -> bytes:
    return jws.sign(payload, TYP, key)


def refused(data: bytes) -> Code:
    with pytest.raises(DiaryError) as error:
        parse_enrolment(data)
    return error.value.code


@given(
    st.text(max_size=100),
    st.sampled_from(STORES),
    st.text(max_size=100),
    st.none() | st.binary(min_size=32, max_size=32).map(b64url_encode),
    st.integers(0, 3000),
)
def test_an_enrolment_round_trips(
    name: str, store: str, nonce: str, replaces: str | None, week: int
) -> None:
    key, week0 = SigningKey.from_seed(b"d" * 32), week_of(START) + week * WEEK
    payload = PAYLOAD | {
        "jwk": jwk(key.public),
        "name": name,
        "store": store,
        "nonce": nonce,
        "replaces": replaces,
        "week0": week0,
    }
    read = parse_enrolment(signed(payload, key))
    assert (read.name, read.store, read.nonce, read.replaces) == (name, store, nonce, replaces)
    assert (read.kid, read.public, read.week0) == (key.kid, key.public, week0)


def test_what_a_device_makes_is_read() -> None:
    seed = b"m" * 32
    data = enrol(
        WORLD.key,
        WORLD.key.public,
        aud=AUD,
        sub=WORLD.sub,
        auth_jwk=AUTH_JWK,
        week0=week_of(START),
        seed=seed,
        name="desk",
        store="tpm",
        nonce="n",
        replaces=b64url_encode(bytes(32)),
    )
    read = parse_enrolment(data)
    assert read.anchors == anchors(seed, week_of(START))
    assert len(read.anchors) == ANCHORS
    assert (read.aud, read.sub, read.auth_jwk) == (AUD, WORLD.sub, AUTH_JWK)
    assert read.digest == digest(data)
    assert read.data == data
    # The seed itself never leaves the device.
    assert b64url_encode(seed).encode() not in data


@pytest.mark.parametrize(("what", "payload"), malformed(PAYLOAD, FITS))
def test_a_malformed_field_is_refused(what: str, payload: dict[str, Any]) -> None:
    assert refused(signed(payload)) is Code.E_FORMAT, what


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"aud": "Upper.example"},
        {"aud": ""},
        {"aud": "a" * 254},
        {"sub": "short"},
        {"sub": "*" * 22},
        {"week0": week_of(START) + 600},
        {"week0": -1},
        {"anchors": PAYLOAD["anchors"][:-1]},
        {"anchors": [*PAYLOAD["anchors"], PAYLOAD["anchors"][0]]},
        {"anchors": [*PAYLOAD["anchors"][:-1], 7]},
        {"anchors": [*PAYLOAD["anchors"][:-1], b64url_encode(bytes(31))]},
        {"name": "x" * 101},
        {"nonce": "x" * 101},
        {"store": "cloud"},
        {"replaces": b64url_encode(bytes(31))},
        {"auth_jwk": AUTH_JWK | {"crv": "P-384"}},
        {"auth_jwk": AUTH_JWK | {"kty": "OKP"}},
        {"auth_jwk": AUTH_JWK | {"d": b64url_encode(bytes(32))}},
        {"auth_jwk": AUTH_JWK | {"y": b64url_encode(bytes(31))}},
        {"auth_jwk": AUTH_JWK | {"x": 7}},
        {"jwk": {"crv": "P-256", "kty": "EC", "x": PAYLOAD["jwk"]["x"]}},
        {"exp": 1_800_000_000},
    ],
)
def test_a_value_out_of_its_rule_is_refused(change: dict[str, Any]) -> None:
    assert refused(signed(PAYLOAD | change)) is Code.E_FORMAT


def test_unknown_fields_are_kept_and_ignored() -> None:
    data = signed(PAYLOAD | {"colour": "green"})
    assert parse_enrolment(data).kid == WORLD.key.kid
    assert digest(data) == parse_enrolment(data).digest != WORLD.enrolment.digest


def test_only_the_key_that_is_introduced_may_sign() -> None:
    other = SigningKey.from_seed(b"o" * 32)
    assert refused(signed(PAYLOAD, other)) is Code.E_KID_UNKNOWN
    # A header that names the introduced key does not help another signer.
    head, body, _ = signed(PAYLOAD).split(b".")
    forged = b".".join([head, body, b64url_encode(other.sign(head + b"." + body)).encode()])
    assert refused(forged) is Code.E_SIG


def test_a_weak_key_is_refused() -> None:
    assert refused(signed(PAYLOAD | {"jwk": jwk(bytes(32))})) is Code.E_KEY_WEAK


def test_another_algorithm_or_type_is_refused() -> None:
    assert refused(jws.sign(PAYLOAD, "wd-segment+sd-jwt", WORLD.key)) is Code.E_TYP
    assert refused(b"") is Code.E_FORMAT


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    data = bytearray(WORLD.enrolment.data)
    data[place % len(data)] ^= change
    refused(bytes(data))
