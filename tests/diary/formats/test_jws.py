"""The compact JWS, compared with an independent library."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as joserfc_jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey

from diary.core.findings import Code, DiaryError
from diary.formats import jws
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import MAX_INT, b64url_encode, canonical

TYP = "wd-test+jwt"
KEY = SigningKey.from_seed(b"s" * 32)
PAYLOADS = st.dictionaries(
    st.sampled_from(["a", "b", "v", "aud"]),
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | st.text("aé€😀"),
)


def okp(key: SigningKey) -> OKPKey:
    return OKPKey.import_key({**jwk(key.public), "d": b64url_encode(key.seed)})


def made(header: object, payload: object, key: SigningKey = KEY) -> bytes:
    """A signed compact JWS of any header and payload."""
    parts = [part if isinstance(part, bytes) else canonical(part) for part in (header, payload)]
    body = ".".join(b64url_encode(part) for part in parts).encode()
    return body + b"." + b64url_encode(key.sign(body)).encode()


def header(**changes: Any) -> dict[str, Any]:
    return {"alg": "Ed25519", "kid": KEY.kid, "typ": TYP, **changes}


@given(PAYLOADS)
def test_a_library_reads_what_we_sign(payload: dict[str, Any]) -> None:
    data = jws.sign(payload, TYP, KEY)
    read = joserfc_jws.deserialize_compact(data, okp(KEY), algorithms=["Ed25519"])
    assert read.headers() == header()
    assert read.payload == canonical(payload)


@given(PAYLOADS)
def test_we_read_what_a_library_signs(payload: dict[str, Any]) -> None:
    data = joserfc_jws.serialize_compact(
        header(), canonical(payload), okp(KEY), algorithms=["Ed25519"]
    ).encode()
    read = jws.parse(data, TYP)
    jws.verify_jws(read, KEY.public)
    assert (read.kid, read.typ, read.payload) == (KEY.kid, TYP, payload)
    # The signature is deterministic (RFC 8032), so the bytes are equal.
    assert data == jws.sign(payload, TYP, KEY)


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_refused_by_both(place: int, change: int) -> None:
    data = bytearray(jws.sign({"v": 1, "text": "x" * 20}, TYP, KEY))
    data[place % len(data)] ^= change
    with pytest.raises(DiaryError):
        jws.verify_jws(jws.parse(bytes(data), TYP), KEY.public)


def test_another_key_does_not_fit() -> None:
    other = SigningKey.from_seed(b"t" * 32)
    signed = jws.parse(jws.sign({}, TYP, KEY), TYP)
    with pytest.raises(DiaryError) as error:
        jws.verify_jws(signed, other.public)
    assert error.value.code is Code.E_SIG
    with pytest.raises(BadSignatureError):
        joserfc_jws.deserialize_compact(signed.data, okp(other), algorithms=["Ed25519"])
    with pytest.raises(DiaryError) as error:
        jws.verify_jws(signed, bytes(32))
    assert error.value.code is Code.E_KEY_WEAK


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.E_FORMAT),
        (b"a.b", Code.E_FORMAT),
        (made(header(), {}) + b".", Code.E_FORMAT),
        (made(header(), {}).replace(b".", b"\xff"), Code.E_FORMAT),
        (made(header(), {}) + b"=", Code.E_FORMAT),
        (made(header(), {})[:-2], Code.E_FORMAT),
        (made(header(crit=["b64"]), {}), Code.E_FORMAT),
        (made({"alg": "Ed25519", "typ": TYP}, {}), Code.E_FORMAT),
        (made([], {}), Code.E_FORMAT),
        (made(b'{"kid":1,"alg":1,"typ":1}', {}), Code.E_FORMAT),
        (made(header(kid="short"), {}), Code.E_FORMAT),
        (made(header(kid=7), {}), Code.E_FORMAT),
        (made(header(), []), Code.E_FORMAT),
        (made(header(), b'{"a": 1}'), Code.E_FORMAT),
        (made(header(), b'{"a":1,"a":1}'), Code.E_FORMAT),
        (made(header(alg="EdDSA"), {}), Code.E_ALG),
        (made(header(alg="none"), {}), Code.E_ALG),
        (made(header(alg=["Ed25519"]), {}), Code.E_ALG),
        (made(header(typ="wd-other+jwt"), {}), Code.E_TYP),
        (made(header(typ=None), {}), Code.E_TYP),
        (made(header(), {"text": "x" * 13_000}), Code.E_FORMAT),
    ],
)
def test_other_forms_are_refused_by_code(data: bytes, code: Code) -> None:
    with pytest.raises(DiaryError) as error:
        jws.parse(data, TYP)
    assert error.value.code is code


@pytest.mark.parametrize("claim", ["iss", "exp", "nbf", "jti", "htm", "htu"])
def test_a_signed_object_can_never_be_taken_for_a_token(claim: str) -> None:
    with pytest.raises(DiaryError) as error:
        jws.parse(made(header(), {claim: None}), TYP)
    assert error.value.code is Code.E_FORMAT


def test_nothing_too_long_is_signed() -> None:
    text = "x" * 11_000
    while len(jws.sign({"text": text + "x"}, TYP, KEY)) <= jws.MAX_JWS - 4:
        text += "x"
    assert jws.parse(jws.sign({"text": text}, TYP, KEY), TYP).payload == {"text": text}
    with pytest.raises(DiaryError) as error:
        jws.sign({"text": text + "x" * 8}, TYP, KEY)
    assert error.value.code is Code.E_FORMAT


def test_the_name_of_an_object_covers_its_signature() -> None:
    one, two = (made(header(), {}, SigningKey.from_seed(seed * 32)) for seed in (b"1", b"2"))
    assert jws.parse(one, TYP).digest != jws.parse(two, TYP).digest


@given(st.binary(max_size=120))
def test_random_bytes_raise_only_diary_errors(data: bytes) -> None:
    with pytest.raises(DiaryError):
        jws.parse(data, TYP)
