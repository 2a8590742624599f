"""Ed25519 keys: one acceptance rule, independent of lenient libraries."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.ed25519 import (
    SigningKey,
    check_public,
    is_canonical_point,
    jwk,
    parse_jwk,
    thumbprint,
    verify,
)
from diary.formats.encoding import b64url_encode

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SEEDS = st.binary(min_size=32, max_size=32)


def encode(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """The curve's addition, by its definition (RFC 8032 §5.1.4 in affine form)."""
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P
    return x, y


def point(y: int) -> tuple[int, int] | None:
    """A point with this y, if one exists."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    for root in (x, x * pow(2, (P - 1) // 4, P) % P):
        if root * root % P == square:
            return root, y
    return None


def small_order_ys() -> set[int]:
    """y of every point whose order divides 8, found by multiplying random points by L."""
    found: set[int] = set()
    y = 2
    while len(found) < 5:
        y += 1
        start = point(y)
        if start is None:
            continue
        total, base, scalar = (0, 1), start, L
        while scalar:
            if scalar & 1:
                total = add(total, base)
            base, scalar = add(base, base), scalar >> 1
        for _ in range(8):
            found.add(total[1])
            total = add(total, (total[0], total[1]))
    return found


def test_every_point_of_small_order_is_refused_with_either_sign() -> None:
    ys = small_order_ys()
    assert len(ys) == 5
    for y in ys:
        for sign in (0, 1):
            assert not is_canonical_point(encode(y, sign))
            with pytest.raises(DiaryError) as error:
                check_public(encode(y, sign))
            assert error.value.code is Code.E_KEY_WEAK
            assert not verify(encode(y, sign), bytes(64), b"")


@pytest.mark.parametrize("y", [P, P + 1, P + 3, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_a_y_that_is_not_reduced_is_refused(y: int, sign: int) -> None:
    assert not is_canonical_point(encode(y, sign))


def test_the_largest_reduced_y_that_is_not_of_small_order_is_good() -> None:
    assert is_canonical_point(encode(P - 2))
    assert is_canonical_point(encode(2))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_point_has_32_bytes(size: int) -> None:
    assert not is_canonical_point(b"\x02" * size)


def test_the_published_thumbprint() -> None:
    # RFC 8037 appendix A.3, the key of A.2.
    key = {"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert SigningKey.from_seed(seed).kid == thumbprint(key)


@given(SEEDS, st.binary(max_size=100), st.integers(0, 511))
def test_any_changed_bit_of_a_signature_is_refused(seed: bytes, message: bytes, bit: int) -> None:
    key = SigningKey.from_seed(seed)
    signature = bytearray(key.sign(message))
    assert verify(key.public, bytes(signature), message)
    assert not verify(key.public, bytes(signature), message + b"!")
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify(key.public, bytes(signature), message)


@given(SEEDS, st.binary(max_size=40))
def test_the_second_form_of_a_signature_is_refused(seed: bytes, message: bytes) -> None:
    key = SigningKey.from_seed(seed)
    signature = key.sign(message)
    s = int.from_bytes(signature[32:], "little")
    assert not verify(key.public, signature[:32] + (s + L).to_bytes(32, "little"), message)
    assert not verify(key.public, signature[:32] + L.to_bytes(32, "little"), message)


@given(SEEDS)
def test_a_signature_has_64_bytes(seed: bytes) -> None:
    key = SigningKey.from_seed(seed)
    signature = key.sign(b"x")
    for wrong in (b"", signature[:63], signature + b"\0"):
        assert not verify(key.public, wrong, b"x")


@given(SEEDS, SEEDS, st.binary(max_size=20))
def test_ordinary_keys_are_judged_as_the_library_judges(a: bytes, b: bytes, text: bytes) -> None:
    signer, other = SigningKey.from_seed(a), SigningKey.from_seed(b)
    signature = signer.sign(text)
    for key in (signer, other):
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
            library = True
        except InvalidSignature:
            library = False
        assert verify(key.public, signature, text) is library


@given(SEEDS, st.binary(min_size=64, max_size=64))
def test_no_key_makes_verify_raise(public: bytes, signature: bytes) -> None:
    # Most random encodings are no point of the curve and fit no signature.
    assert verify(public, signature, b"x") is False


@given(SEEDS)
def test_a_key_and_its_jwk_round_trip(seed: bytes) -> None:
    key = SigningKey.from_seed(seed)
    assert key.seed == seed
    assert parse_jwk(jwk(key.public)) == key.public
    assert b64url_encode(seed) not in repr(key)
    assert key.kid in repr(key)


def test_new_keys_differ() -> None:
    assert SigningKey.generate().kid != SigningKey.generate().kid


GOOD_JWK = jwk(SigningKey.from_seed(b"k" * 32).public)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, Code.E_FORMAT),
        ([], Code.E_FORMAT),
        ({"crv": "Ed25519", "kty": "OKP"}, Code.E_FORMAT),
        (GOOD_JWK | {"d": b64url_encode(bytes(32))}, Code.E_FORMAT),
        (GOOD_JWK | {"kty": "EC"}, Code.E_FORMAT),
        (GOOD_JWK | {"crv": "X25519"}, Code.E_FORMAT),
        (GOOD_JWK | {"x": 7}, Code.E_FORMAT),
        (GOOD_JWK | {"x": b64url_encode(bytes(31))}, Code.E_FORMAT),
        (GOOD_JWK | {"x": b64url_encode(bytes(32))}, Code.E_KEY_WEAK),
    ],
)
def test_other_keys_are_refused(value: object, code: Code) -> None:
    with pytest.raises(DiaryError) as error:
        parse_jwk(value)
    assert error.value.code is code
