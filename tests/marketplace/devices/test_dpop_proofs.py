"""The one form of DPoP proofs that the marketplace accepts, against malformed and forged ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from diary.formats.encoding import b64url_encode, digest
from marketplace.devices.dpop_proofs import DpopProofError, verify_proof

NOW, URL, TOKEN = 1_794_992_400, "https://market.example/v1/me", "a.token"
KEY = ec.generate_private_key(ec.SECP256R1())


def coordinates(key: ec.EllipticCurvePrivateKey = KEY) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    return {
        name: b64url_encode(value.to_bytes(32, "big"))
        for name, value in (("x", numbers.x), ("y", numbers.y))
    }


def header(**changes: Any) -> dict[str, Any]:
    jwk = {"kty": "EC", "crv": "P-256", **coordinates()}
    return {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk, **changes}


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "jti": "0123456789", "htm": "GET", "htu": URL, "iat": NOW, "ath": digest(TOKEN.encode()),
        **changes,
    }  # fmt: skip


def raw_signature(data: bytes, key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def made(head: object, body: object, sign: Callable[[bytes], bytes] = raw_signature) -> str:
    parts = [b64url_encode(json.dumps(part).encode()) for part in (head, body)]
    signed = ".".join(parts)
    return f"{signed}.{b64url_encode(sign(signed.encode()))}"


def check(proof: str) -> str:
    return verify_proof(proof, "GET", URL, NOW, TOKEN).jkt


def test_a_proof_names_its_key_by_the_thumbprint_of_another_library() -> None:
    key = jwcrypto_jwk.JWK.from_pyca(KEY.public_key())
    assert check(made(header(), claims())) == key.thumbprint()


def test_a_proof_of_another_library_is_accepted() -> None:
    key = jwcrypto_jwk.JWK.from_pyca(KEY)
    proof = jwcrypto_jws.JWS(json.dumps(claims()))
    proof.add_signature(key, None, json.dumps(header()))
    assert check(proof.serialize(compact=True)) == key.thumbprint()


def test_query_and_fragment_of_htu_do_not_count() -> None:
    assert check(made(header(), claims(htu=f"{URL}?a=1#b")))


@pytest.mark.parametrize(
    "head",
    [
        header(alg="none"),
        header(alg="HS256"),
        header(alg="ES384"),
        header(typ="jwt"),
        header(crit=["exp"]),
        header(crit=[]),
        header(jwk=None),
        header(jwk=[]),
        header(jwk="x"),
        header(jwk={}),
        header(jwk={"kty": "EC", "crv": "P-256", **coordinates(), "d": "AA"}),
        header(jwk={"kty": "EC", "crv": "P-384", **coordinates()}),
        header(jwk={"kty": "OKP", "crv": "P-256", **coordinates()}),
        header(jwk={"kty": "EC", "crv": "P-256", "x": coordinates()["x"]}),
        header(jwk={"kty": "EC", "crv": "P-256", **coordinates(), "x": 7}),
        header(jwk={"kty": "EC", "crv": "P-256", **coordinates(), "x": "A" * 43}),
        header(jwk={"kty": "EC", "crv": "P-256", **coordinates(), "x": "A" * 42}),
        header(jwk={"kty": "EC", "crv": "P-256", **coordinates(), "y": coordinates()["y"] + "="}),
        header(
            jwk={
                "kty": "EC",
                "crv": "P-256",
                **coordinates(ec.generate_private_key(ec.SECP256R1())),
            }
        ),
        [],
        "header",
        None,
        7,
    ],
)
def test_another_header_is_refused(head: object) -> None:
    with pytest.raises(DpopProofError, match="malformed or not signed"):
        check(made(head, claims()))


@pytest.mark.parametrize(
    "sign",
    [
        lambda data: KEY.sign(data, ec.ECDSA(SHA256())),  # DER
        lambda data: raw_signature(data)[:63],
        lambda data: raw_signature(data) + b"\0",
        lambda data: raw_signature(data + b" "),
        lambda data: raw_signature(data, ec.generate_private_key(ec.SECP256R1())),
        lambda data: bytes(32) + raw_signature(data)[32:],
        lambda _: bytes(64),
        lambda _: b"\xff" * 64,
        lambda _: b"",
    ],
)
def test_another_signature_is_refused(sign: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DpopProofError, match="malformed or not signed"):
        check(made(header(), claims(), sign))


@pytest.mark.parametrize("body", [[], "claims", None, 7, [claims()]])
def test_claims_that_are_no_object_are_refused(body: object) -> None:
    with pytest.raises(DpopProofError, match="malformed or not signed"):
        check(made(header(), body))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"jti": "short"}, "jti"),
        ({"jti": "x" * 257}, "jti"),
        ({"jti": 12345678}, "jti"),
        ({"jti": None}, "jti"),
        ({"iat": NOW + 301}, "time"),
        ({"iat": NOW - 301}, "time"),
        ({"iat": float(NOW)}, "time"),
        ({"iat": True}, "time"),
        ({"ath": None}, "another access token"),
        ({"ath": digest(b"other")}, "another access token"),
        ({"htm": "get"}, "another request"),
        ({"htu": URL + "/"}, "another request"),
        ({"htu": [URL]}, "another request"),
    ],
)
def test_claims_for_something_else_are_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(DpopProofError, match=reason):
        check(made(header(), claims(**changes)))


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof + ".e30",
        lambda proof: proof.rpartition(".")[0],
        lambda proof: proof + "=",
        lambda proof: " " + proof,
        lambda proof: proof.replace(".", "..", 1),
        lambda proof: "\u00e9" + proof[1:],
        lambda proof: proof + "A" * 8_192,
        lambda _: b64url_encode(b"[" * 5_000) + ".e30.e30",
        lambda _: "..",
        lambda _: ".",
        lambda _: "x",
    ],
)
def test_a_malformed_proof_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(DpopProofError, match="malformed or not signed"):
        check(change(made(header(), claims())))


@pytest.mark.parametrize("proof", [None, ""])
def test_a_missing_proof_is_refused(proof: str | None) -> None:
    with pytest.raises(DpopProofError, match="missing"):
        verify_proof(proof, "GET", URL, NOW, TOKEN)
