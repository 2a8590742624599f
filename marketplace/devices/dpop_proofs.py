"""DPoP proofs (RFC 9449), one in every request of a device.

Each proof is signed with ES256 (RFC 7518 section 3.4) by the key in its own header. The general
JOSE library takes most of a millisecond for that; this module accepts only the one form of proof,
and keeps the public keys of recent devices. Replay is checked by the caller.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from diary.core.findings import DiaryError
from diary.formats.ed25519 import thumbprint
from diary.formats.encoding import Json, b64url_decode, digest

#: Allowed clock difference of a client, in seconds either way (RFC 9449 section 11.1).
SKEW_S = 300
MAX_JWT = 8_192
_CACHED_KEYS = 4_096
_COORDINATE = 32
#: Exceptions of the parsers on hostile input; deep nesting raises RecursionError.
_UNREADABLE = (
    DiaryError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError, RecursionError,
)  # fmt: skip
_ES256 = ec.ECDSA(SHA256())


class DpopProofError(Exception):
    """The proof is refused; the text is for the client."""


@dataclass(frozen=True)
class Proof:
    """A verified proof: the thumbprint of its key (RFC 7638), its `jti`, its time (Unix s)."""

    jkt: str
    jti: str
    iat: int


@dataclass(frozen=True)
class _PublicKey:
    key: ec.EllipticCurvePublicKey
    jkt: str


def verify_proof(
    proof: str | None, method: str, url: str, now: int, token: str | None = None
) -> Proof:
    """Verify a proof for a request (RFC 9449 section 4.3) except for replay; `now` in Unix s.

    Raises DpopProofError.
    """
    if not proof:
        raise DpopProofError("The DPoP proof is missing.")
    try:
        claims, jkt = _open(proof)
    except _UNREADABLE as error:
        raise DpopProofError(
            "The DPoP proof is malformed or not signed by its own ES256 key."
        ) from error
    if claims.get("htm") != method or not _is_same_url(claims.get("htu"), url):
        raise DpopProofError("The DPoP proof is for another request.")
    iat = claims.get("iat")
    if not is_within(iat, now):
        raise DpopProofError(
            "The DPoP proof's time does not fit. Compare this computer's clock with the Date "
            "of this answer."
        )
    if token is not None and claims.get("ath") != digest(token.encode()):
        raise DpopProofError("The DPoP proof is for another access token.")
    jti = claims.get("jti")
    if not is_jti(jti):
        raise DpopProofError("A jti of 8 to 256 characters is missing.")
    return Proof(jkt, jti, iat)


def is_within(value: object, now: int, window: int = SKEW_S) -> TypeGuard[int]:
    """Whether a claim is a time (Unix s) at most `window` seconds from now."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value - now) <= window


def is_jti(value: object) -> TypeGuard[str]:
    """Whether a claim can be the identifier of a proof or an assertion."""
    return isinstance(value, str) and 8 <= len(value) <= 256


def _open(proof: str) -> tuple[Json, str]:
    """The claims and the thumbprint of the key of a signed proof; raises an exception otherwise."""
    if len(proof) > MAX_JWT:
        raise ValueError("too long")
    signed, _, signature = proof.rpartition(".")
    head, _, payload = signed.partition(".")
    header: Any = json.loads(b64url_decode(head))
    # An unknown critical parameter must be refused (RFC 7515 section 4.1.11); none is known.
    if header.get("typ") != "dpop+jwt" or header.get("alg") != "ES256" or "crit" in header:
        raise ValueError("of another kind")
    jwk = header["jwk"]
    # A proof with a private key is refused (RFC 9449 section 4.3).
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256") or "d" in jwk:
        raise ValueError("not a public P-256 key")
    public = _public_key(jwk["x"], jwk["y"])
    raw = b64url_decode(signature, 2 * _COORDINATE)
    r, s = (int.from_bytes(part, "big") for part in (raw[:_COORDINATE], raw[_COORDINATE:]))
    public.key.verify(encode_dss_signature(r, s), signed.encode("ascii"), _ES256)
    claims = json.loads(b64url_decode(payload))
    if not isinstance(claims, dict):
        raise TypeError("the claims are not an object")
    return claims, public.jkt


@lru_cache(_CACHED_KEYS)
def _public_key(x: str, y: str) -> _PublicKey:
    """The P-256 key with these coordinates (RFC 7518 section 6.2.1). Raises ValueError or
    DiaryError.
    """
    numbers = [int.from_bytes(b64url_decode(each, _COORDINATE), "big") for each in (x, y)]
    key = ec.EllipticCurvePublicNumbers(numbers[0], numbers[1], ec.SECP256R1()).public_key()
    return _PublicKey(key, thumbprint({"crv": "P-256", "kty": "EC", "x": x, "y": y}))


def _is_same_url(htu: object, url: str) -> bool:
    return isinstance(htu, str) and htu.partition("?")[0].partition("#")[0] == url
